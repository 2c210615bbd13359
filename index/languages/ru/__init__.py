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
    called=frozenset(("russian", "rus")),
    locales=("ru",),
    letters=r"\u0400-\u04ff .-",
    stemmer="russian",
    reply=(
        r"root ::= [^\u1100-\u11FF\u2E80-\u9FFF\uA960-\uA97F\uAC00-\uD7FF"
        r"\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF]+"
    ),
    others_letters="іїєґўјљњћђџѓќѕ",
    folds={"ё": "е"},
)
