"""What form of answer a question asks for: a reason, a number, a date.

In: a question. Out: the forms it asks for, and whether a few words can answer it.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.languages.text import fold

_ASKED = {
    "reason": (
        r"\bwhy\b|\bwh(?:at|ich)\b.{0,20}\breasons?\b|为什么|为何|为啥|因何|почему|зачем"
        r"|(?:什么|何|哪些|哪几个)(?:主要)?(?:原因|理由)|(?:原因|理由).{0,3}(?:什么|为?何|哪些|啥)"
    ),
    "number": (
        r"\bhow (?:many|much|long|large|big|old|far|high|often)\b"
        r"|\bwhat (?:share|percentage?|proportion|number|amount)\b"
        r"|多少|几(?!乎)|多大|多长|多高|比例|сколько"
    ),
    "several": r"\bwh(?:ich|at) (?:two|three|four|five)\b|哪[两三四五几](?![天年月日])",
    "time": (
        r"\bwhen (?:did|do|does|was|were|is|are|will|would|has|have|had|can|could|should|might)\b|\bwhen\W*$"
        r"|\b(?:what|which) (?:date|day|year|month)\b"
        r"|何时|什么时[候间]|哪一?[天年月日]|几[月年日]|когда"
    ),
}
_CLOSED = frozenset(("number", "several", "time"))
_OPEN = re.compile(
    r"^\W*(?:\S+ ){0,6}?how\b|\bwhat (?:happened|caused|(?:did|does|do|has|have|had|will|would|is|are|was|were)\b)"
    r"|\bwhat\b.{0,40}\b(?:promise|position|result|view|plan|response|condition|relation)"
    r"|如何|怎么|怎样|什么(?!时|地|日|[年月日]|国|人|城|公司|机构|职|名|产)|何(?!时|地|日|[年月日]|国|人|处|种)"
    r"|как\b|что\b"
)
"""What is not asked for by who, where, when, which or how many."""


@lru_cache(64)
def asked_forms(question: str) -> frozenset[str]:
    """Of "reason", "number", "several" and "time", those that a question asks for."""
    folded = fold(question)
    return frozenset(form for form, pattern in _ASKED.items() if re.search(pattern, folded))


def asks_openly(question: str) -> bool:
    """Whether a question asks what somebody said or did, how or why: for more than a name, a number
    or a date."""
    asked = asked_forms(question)
    return not asked & _CLOSED and ("reason" in asked or _OPEN.search(fold(question)) is not None)


GIVES_REASON, ANNOUNCES = 3.0, 6.0
"""What a sentence gains, in log-odds, for giving some reason where one is asked for, and for saying that
reasons follow: it names its subject by a pronoun at most, so no reading of it alone tells that it answers."""

_REASON = re.compile(
    r"\bbecause\b|\bsince\b|\bdue to\b|\bin order to\b|\breasons?\b|\bso that\b|\bas a result\b"
    r"|\bto (?:make up|avoid|prevent)\b"
    r"|因为|由于|原因|出于|为了|以便|理由|因此|所以|缘故|为避免|导致|потому что|поскольку|из-за|чтобы"
)
_ANNOUNCED = re.compile(
    r"之所以|[两二三四五几]个?(?:主要)?原因|以下原因|reasons? (?:is|are|for|why)\b"
)


def reason_bonus(question: str, sentence: str) -> float:
    """What a sentence gains where the question asks for a reason."""
    if "reason" not in asked_forms(question):
        return 0.0
    folded = fold(sentence)
    announced = ANNOUNCES if _ANNOUNCED.search(folded) else 0.0
    return announced + (GIVES_REASON if _REASON.search(folded) else 0.0)
