"""Russian."""

from index.languages.pack import Pack
from index.languages.ru.asking import ASKING
from index.languages.ru.contrasts import CONTRASTS, NAMES
from index.languages.ru.dates import DATES, EVENTS, PUBLISHED
from index.languages.ru.numbers import NUMBERS

PACK = Pack(
    "ru",
    numbers=NUMBERS,
    dates=DATES,
    events=EVENTS,
    published=PUBLISHED,
    contrasts=CONTRASTS,
    names=NAMES,
    asking=ASKING,
    folds={"ё": "е"},
)
