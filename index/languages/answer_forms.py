"""What form of answer a question asks for: a reason, a number, a date, the latest.

In: a question. Out: the forms it asks for, whether a few words can answer it, and whether a sentence
has the reason that it asks for.
"""

from __future__ import annotations

from functools import lru_cache

from index.languages import late
from index.languages.pack import either, packs
from index.languages.text import fold

_ASKING = [pack.asking for pack in packs()]
_ASKED = {
    form: late.pattern(either(asking.forms.get(form, "") for asking in _ASKING))
    for form in ("reason", "number", "several", "time", "place", "person", "latest")
}
_OPEN = late.pattern(either(asking.openly for asking in _ASKING))
_REASON = late.pattern(either(asking.gives_reason for asking in _ASKING))
_ANNOUNCED = late.pattern(either(asking.announces_reasons for asking in _ASKING))
_SOUGHT = frozenset(("reason", "number", "time", "place", "person"))
_CLOSED = frozenset(("number", "several", "time"))


@lru_cache(64)
def asked_forms(question: str) -> frozenset[str]:
    """Of "reason", "number", "several", "time", "place", "person" and "latest", those that a question asks for."""
    folded = fold(question)
    return frozenset(form for form, pattern in _ASKED.items() if pattern.search(folded))


def asks_alike(question: str, other: str) -> bool:
    """Whether a question does not ask for something else than another: for the time where that asks for the place."""
    here, there = asked_forms(question) & _SOUGHT, asked_forms(other) & _SOUGHT
    return not here or here <= there or not there - here


def asks_openly(question: str) -> bool:
    """Whether a question asks what somebody said or did, how or why: for more than a name, a number
    or a date."""
    asked = asked_forms(question)
    return not asked & _CLOSED and ("reason" in asked or _OPEN.search(fold(question)) is not None)


def gives_reason(question: str, sentence: str) -> bool:
    """Whether a reason is asked for and the sentence gives some reason."""
    return "reason" in asked_forms(question) and _REASON.search(fold(sentence)) is not None


def announces_reasons(question: str, sentence: str) -> bool:
    """Whether a reason is asked for and the sentence says that reasons follow."""
    return "reason" in asked_forms(question) and _ANNOUNCED.search(fold(sentence)) is not None
