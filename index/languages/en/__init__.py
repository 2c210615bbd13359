"""English."""

from index.languages.en.asking import ASKING
from index.languages.en.contrasts import CONTRASTS, NAMES
from index.languages.en.dates import DATES, EVENTS, PUBLISHED
from index.languages.en.forms import FORMS
from index.languages.en.numbers import NUMBERS
from index.languages.en.pages import PAGES
from index.languages.pack import Pack

PACK = Pack(
    "en",
    numbers=NUMBERS,
    dates=DATES,
    events=EVENTS,
    published=PUBLISHED,
    contrasts=CONTRASTS,
    names=NAMES,
    forms=FORMS,
    asking=ASKING,
    pages=PAGES,
)
