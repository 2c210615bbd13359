"""Numbers and dates of a text, made comparable across Chinese, English and Russian.

In: a text. Out: its `Quantity`s and `Day`s with their places in the text (relative ones such as 去年
or "last month" where the text's own date is known); which of them its sources do not say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from index.languages.dates.days import find_days
from index.languages.dates.relative_days import completed_days, day_of, relative_spans
from index.languages.numbers.quantities import plain_quantities, special_quantities
from index.languages.numbers.quantity import Day, Quantity
from index.languages.pack import packs
from index.languages.text import fold


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text in order, dates left out."""
    return list(_read(text)[0])


def days(text: str, dated: str = "") -> list[Day]:
    """The dates of a text, in order.

    `dated` is the text's own date (ISO 8601): with it, dates without a year get one, and
    relative ones (去年, "last month", 近日) are found too, `resolved`.
    """
    plain = _read(text)[1]
    reference = day_of(dated)
    if reference is None:
        return list(plain)
    folded = fold(text)
    resolved = completed_days(plain, folded, reference)
    relative = (
        day for span in relative_spans(text, _read(text)[0], reference) for day in span.days()
    )
    return sorted([*resolved, *relative], key=lambda d: d.start)


@lru_cache(4096)
def _read(text: str) -> tuple[tuple[Quantity, ...], tuple[Day, ...]]:
    punctuated = text
    for pack in packs():
        punctuated = pack.numbers.punctuated(punctuated)
    folded = fold(punctuated)
    taken = [False] * len(folded)
    days = find_days(text, folded, taken)
    found = [*special_quantities(folded, taken), *plain_quantities(text, folded, taken)]
    return tuple(sorted(found, key=lambda q: q.start)), tuple(sorted(days, key=lambda d: d.start))


@dataclass(frozen=True, slots=True)
class Missing:
    """A number or date of a claim that its source does not say."""

    text: str
    start: int
    end: int
    date: bool


def missing(claim: str, sources: Iterable[tuple[str, str]]) -> list[Missing]:
    """The numbers and dates of `claim` that none of the sources, (text, its date), says."""
    claimed, claimed_days = _read(claim)
    known: list[Quantity] = []
    known_days: list[Day] = []
    for text, dated in sources:
        found, found_days = _read(text)
        known += found
        known_days += found_days
        if dated:
            known_days += [d for d in days(text, dated) if d.resolved]
            known_days += _own_date(dated)
    gone = [
        Missing(claim[q.start : q.end], q.start, q.end, False)
        for q in claimed
        if q.sure
        and not any(q.equals(other) for other in known)
        and not _is_year_among(q, known_days)
    ]
    gone += [
        Missing(claim[d.start : d.end], d.start, d.end, True)
        for d in claimed_days
        if not any(d.within(other) for other in known_days) and not _is_count_among(d, known)
    ]
    return sorted(gone, key=lambda m: m.start)


def _own_date(dated: str) -> list[Day]:
    """The month an article appeared in: it may be said of what the article reports."""
    reference = day_of(dated)
    return [] if reference is None else [Day(reference.year, reference.month, None, 0, 0, True)]


def _is_year_among(quantity: Quantity, known: Iterable[Day]) -> bool:
    return quantity.kind in {"", "month"} and any(
        day.year is not None and quantity.value in (day.year, 12 * day.year) for day in known
    )


def _is_count_among(day: Day, known: Iterable[Quantity]) -> bool:
    """A bare number that looked like a year, or a day that was meant as a span (10日内)."""
    if day.month is None and day.day is None:
        return any(q.value == day.year and q.kind == "" for q in known)
    return (
        day.year is None
        and day.month is None
        and any(q.kind == "hour" and q.value == 24 * (day.day or 0) for q in known)
    )
