"""Chinese, in both scripts. Patterns read folded text, which is Simplified."""

from index.languages.pack import Pack
from index.languages.zh.asking import ASKING
from index.languages.zh.contrasts import CONTRASTS, NAMES
from index.languages.zh.dates import DATES, EVENTS, PUBLISHED
from index.languages.zh.forms import FORMS
from index.languages.zh.numbers import NUMBERS
from index.languages.zh.pages import PAGES

_REPLY = r"""
root ::= other+ (latin other+)* latin? | latin other+ (latin other+)* latin?
latin ::= [A-Z] [A-Za-z]* | [a-z] [a-z]?
other ::= [^A-Za-z\u0400-\u052F\u3040-\u30FF\uAC00-\uD7FF]
""".strip()
"""Words in Latin letters are names or short units: 卡林(Erlan Karin), CPC, 5 km."""

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
    called=frozenset(("chinese", "zho", "chi", "cmn")),
    locales=("zh_Hans", "zh_Hant", "zh_Hant_HK"),
    letters=r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff·・‧",
    month_first=lambda region: True,
    reply=_REPLY,
    spaced=False,
)
