"""Dates of what happened, and the sentences that give them: plain data.

A date says how exact it is and where it is from; event_dates.py finds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

from index.languages.dates.relative_days import day_of
from index.languages.numbers.number_parts import Precision
from index.records import Sentence

Basis = Literal["stated", "completed", "relative", "published"]
BASES: tuple[Basis, ...] = get_args(Basis)
"""From the most to the least certain."""


@dataclass(frozen=True, slots=True)
class EventDate:
    """When something happened, as exactly as the sentence says."""

    first: date
    last: date
    """The same as `first` for a day; otherwise the last day of the month, year or interval."""
    precision: Precision
    """The precision of `first` and `last`: "2012 to 2014" is an interval of years."""
    basis: Basis
    """Stated in full; completed with a year from elsewhere; counted from the published day; or the
    published day itself, where the sentence has no date."""
    said: str = ""
    """The words of the date."""
    since: bool = False
    """It began then and still goes on."""
    ahead: bool = False
    """Words beside the date say that it lies, or lay, ahead."""

    @property
    def iso(self) -> str:
        """ISO 8601: "2022-09-13", "2022-09", "2022", or an interval such as "2012/2014"."""
        width = {"day": 10, "month": 7, "year": 4}[self.precision]
        first, last = self.first.isoformat()[:width], self.last.isoformat()[:width]
        return first if first == last else f"{first}/{last}"

    @property
    def span(self) -> int:
        """How many days it may be."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class DatedPart:
    """A date, and where the part of the sentence that it belongs to starts and ends."""

    when: EventDate
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Reported:
    """A sentence of an article that reports something."""

    span: Sentence
    language: str
    dates: tuple[DatedPart, ...]
    """Empty where it reports something and gives no date."""


def published_date(published: str) -> EventDate | None:
    """The published day as the date of an event without one; None where it is unknown."""
    day = day_of(published)
    return None if day is None else EventDate(day, day, "day", "published")
