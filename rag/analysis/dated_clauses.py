"""The dates of a sentence, and the clauses that each of them dates.

In: the dates found in a sentence, in order. Out: an interval as one date; where the clauses of
the second of two dates begin; clauses without the words that join them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from index.languages.numbers.number_parts import Precision
from index.languages.pack import either, packs
from index.languages.text import is_spaced
from rag.analysis.dates import Basis


@dataclass(frozen=True, slots=True)
class When:
    """A date in a sentence, and where its words stand."""

    first: date
    last: date
    precision: Precision
    basis: Basis
    start: int
    end: int
    since: bool = False

    @property
    def span(self) -> int:
        return (self.last - self.first).days


_EVENTS = [pack.events for pack in packs()]
_COMPARES_BEFORE = re.compile(
    rf"(?:{either(events.compares_before for events in _EVENTS)})[^,，;；。]{{0,6}}$"
)
_COMPARES_AFTER = re.compile(f"^(?:{either(events.compares_after for events in _EVENTS)})")
_SEPARATOR = re.compile(rf"[,，;；](?!\d{{3}})|{either(events.separator for events in _EVENTS)}")
JOINED = re.compile(rf"\s?(?:-|–|—|――|~|{either(events.joined for events in _EVENTS)})\s?")


def intervals(found: Sequence[When], folded: str) -> Iterator[When]:
    """2012—2014年 is one date, and so is "from May to July 2024"."""
    last: When | None = None
    for when in found:
        joined = last is not None and (
            when.start < last.end or JOINED.fullmatch(folded[last.end : when.start])
        )
        if last is not None and joined and last.first <= when.first:
            precision = last.precision if last.span >= when.span else when.precision
            last = When(
                last.first, when.last, precision, last.basis, last.start, when.end, last.since
            )
            continue
        if last is not None:
            yield last
        last = when
    if last is not None:
        yield last


def compares(folded: str, when: When) -> bool:
    """Whether the sentence names a date only to compare with it ("than in 2019")."""
    return bool(
        _COMPARES_BEFORE.search(folded, max(0, when.start - 16), when.start)
        or _COMPARES_AFTER.match(folded[when.end : when.end + 6])
    )


_JOINING_WORDS = either(events.joining for events in _EVENTS)
_JOINING = re.compile(rf"(?:[\s,，;；、]|{_JOINING_WORDS})+", re.IGNORECASE)
_JOINING_ON = re.compile(rf"(?:[\s,，;；、]|{_JOINING_WORDS}){{1,12}}$", re.IGNORECASE)
_QUOTES = {"“": "”", "「": "」", "『": "』", '"': '"'}


def clauses(text: str, start: int, end: int) -> tuple[int, int]:
    """The clauses of one date, without conjunctions at their ends and without half a pair of quotes."""
    if start and (joining := _JOINING.match(text, start, end)):
        start = joining.end()
    if end < len(text) and (joining := _JOINING_ON.search(text, start, end)):
        end = joining.start()
    for opening, closing in _QUOTES.items():
        part = text[start:end]
        odd = part.count(opening) % 2 if opening == closing else 0
        if part.startswith(opening) and (odd or part.count(opening) > part.count(closing)):
            start += 1
        elif part.endswith(closing) and (odd or part.count(closing) > part.count(opening)):
            end -= 1
    return start, end


def clause_start(folded: str, one: When, two: When) -> int:
    """Where the clauses of the second of two dates begin. Chinese puts a date before what it dates: they
    begin after the last comma before the date. English puts it after: after the first comma."""
    ends = [match.end() for match in _SEPARATOR.finditer(folded, one.end, two.start)]
    if not ends:
        return two.start
    return ends[0] if is_spaced(folded[two.end - 1]) else ends[-1]
