"""A word divided at a line's end -> the word, with its hyphen where that belongs to it.

In: the end of one line and the beginning of the next. Out: the two joined. What decides: the same
word elsewhere in the text, a capital or a digit after the hyphen, and the words of each language
pack that keep theirs ("long-term", "state-owned", "пресс-служба").
"""

from __future__ import annotations

import re
from collections.abc import Set
from functools import cache

from index.read.paged.phrases import phrases

_DIVIDED = re.compile(r"([^\W_]+(?:-[^\W_]+)*)[-\u2010]$")
_GOES_ON = re.compile(r"[^\W_]+")
_WORD = re.compile(r"[^\W_]+(?:[-\u2010][^\W_]+)*")
_AT_BREAK = re.compile(r"[^\s]+[-\u2010\u00ad][ \t]*\n\s*\S+")
SOFT = "\u00ad"
"""Set by typesetters where they divide a word: it never belongs to it."""


def known_words(text: str) -> frozenset[str]:
    """The words of a text in lower case, with hyphens inside, but for those that lines divide."""
    return frozenset(m.group().lower() for m in _WORD.finditer(_AT_BREAK.sub(" ", text)))


def rejoin(first: str, second: str, known: Set[str] = frozenset()) -> str | None:
    """Two lines with the word that is divided between them in one piece; None if none is.

    `known` is what `known_words` finds in the text they stand in.
    """
    if first.endswith(SOFT):
        return first[:-1] + second
    head, tail = _DIVIDED.search(first), _GOES_ON.match(second)
    if head is None or tail is None:
        return None
    before, after = head.group(1).lower(), tail.group().lower()
    if _keeps_hyphen(before, after, second[:1], known):
        return first + second
    return first[:-1] + second


def _keeps_hyphen(before: str, after: str, letter: str, known: Set[str]) -> bool:
    if not letter.islower() or before[-1].isdigit():
        return True  # COVID-19, Xi-Putin, 20-year
    if f"{before}-{after}" in known:
        return True
    last = before.rpartition("-")[2]
    if last + after in known or before + after in known:
        return False
    if len(last) == 1:
        return True  # e-commerce, X-ray
    after_first, before_second = _words()
    if last in after_first and (len(after) > 4 or after in known or after in before_second):
        return True
    return after in before_second and (last in known or len(last) > 3)


@cache
def _words() -> tuple[frozenset[str], frozenset[str]]:
    found = phrases()
    return found.kept_before, found.kept_after
