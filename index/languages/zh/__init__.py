"""Chinese, in both scripts. Patterns read folded text, which is Simplified."""

from index.languages.pack import Pack
from index.languages.zh.asking import ASKING
from index.languages.zh.contrasts import CONTRASTS, NAMES
from index.languages.zh.dates import DATES, EVENTS, PUBLISHED
from index.languages.zh.forms import FORMS
from index.languages.zh.numbers import NUMBERS
from index.languages.zh.pages import PAGES

PACK = Pack(
    "zh",
    numbers=NUMBERS,
    dates=DATES,
    events=EVENTS,
    published=PUBLISHED,
    contrasts=CONTRASTS,
    names=NAMES,
    forms=FORMS,
    asking=ASKING,
    pages=PAGES,
    spaced=False,
)
