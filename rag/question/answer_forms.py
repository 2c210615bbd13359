"""What form of answer a question asks for: a reason, a number, a date, the latest.

In: a question. Out: the forms it asks for, whether a few words can answer it, and what a sentence gains
where it asks for a reason.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.languages.pack import either, packs
from index.languages.text import fold

_ASKING = [pack.asking for pack in packs()]
_ASKED = {
    form: re.compile(either(asking.forms.get(form, "") for asking in _ASKING))
    for form in ("reason", "number", "several", "time", "latest")
}
_OPEN = re.compile(either(asking.openly for asking in _ASKING))
_REASON = re.compile(either(asking.gives_reason for asking in _ASKING))
_ANNOUNCED = re.compile(either(asking.announces_reasons for asking in _ASKING))
_CLOSED = frozenset(("number", "several", "time"))

GIVES_REASON, ANNOUNCES = 3.0, 6.0
"""What a sentence gains, in log-odds, for giving some reason where one is asked for, and for saying that
reasons follow: it names its subject by a pronoun at most, so no reading of it alone tells that it
answers. On 53 questions about news one of the quotes answers for .93 with these, .89 without."""


@lru_cache(64)
def asked_forms(question: str) -> frozenset[str]:
    """Of "reason", "number", "several", "time" and "latest", those that a question asks for."""
    folded = fold(question)
    return frozenset(form for form, pattern in _ASKED.items() if pattern.search(folded))


def asks_openly(question: str) -> bool:
    """Whether a question asks what somebody said or did, how or why: for more than a name, a number
    or a date."""
    asked = asked_forms(question)
    return not asked & _CLOSED and ("reason" in asked or _OPEN.search(fold(question)) is not None)


def reason_bonus(question: str, sentence: str) -> float:
    """What a sentence gains where the question asks for a reason."""
    if "reason" not in asked_forms(question):
        return 0.0
    folded = fold(sentence)
    announced = ANNOUNCES if _ANNOUNCED.search(folded) else 0.0
    return announced + (GIVES_REASON if _REASON.search(folded) else 0.0)
