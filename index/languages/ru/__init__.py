"""Russian."""

from index.languages.pack import Pack
from index.languages.ru.asking import ASKING
from index.languages.ru.contrasts import CONTRASTS, NAMES
from index.languages.ru.dates import DATES, EVENTS, PUBLISHED
from index.languages.ru.forms import FORMS
from index.languages.ru.numbers import NUMBERS
from index.languages.ru.pages import PAGES

PACK = Pack(
    "ru",
    numbers=NUMBERS,
    dates=DATES,
    events=EVENTS,
    published=PUBLISHED,
    contrasts=CONTRASTS,
    names=NAMES,
    forms=FORMS,
    asking=ASKING,
    pages=PAGES,
    others_letters="іїєґўјљњћђџѓќѕ",
    folds={"ё": "е"},
)
