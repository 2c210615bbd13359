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
    called=frozenset(("english", "eng")),
    locales=("en",),
    letters=r"A-Za-z\u00c0-\u024f .'’-",
    stemmer="english",
    month_first=lambda region: region in ("", "us", "ph", "ca"),
    reply=(
        r"root ::= [^\u0400-\u052F\u1100-\u11FF\u2E80-\u9FFF\uA960-\uA97F\uAC00-\uD7FF"
        r"\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF]+"
    ),
)
