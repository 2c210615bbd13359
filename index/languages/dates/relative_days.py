"""Dates that are stated relative to the text's own date: 去年3月, "last month", 近日.

In: a folded text, its dates as they stand there, its own date. Out: the same dates with their
years; and dates in relative words, each as the days it may lie in.
"""

from __future__ import annotations

import calendar
import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from index.languages import late
from index.languages.numbers.number_parts import Precision, Relative, Weekday
from index.languages.numbers.numerals import numeral_value
from index.languages.numbers.quantity import Day, Quantity
from index.languages.pack import either, packs
from index.languages.text import fold

LATELY_DAYS = 14
"""昨(12)日 is at most this many days ago: news names the last few days in this way."""

FARTHEST_YEARS = 200
"""No event in the news is more years "ago"."""

_YEARS_AWAY = {word: away for p in packs() for word, away in p.dates.years_away.items()}
_YEAR_BEFORE = [late.pattern(p.dates.year_before) for p in packs() if p.dates.year_before]
_YEAR_AFTER = [late.pattern(p.dates.year_after) for p in packs() if p.dates.year_after]
_MONTH_BEFORE = [late.pattern(p.dates.month_before) for p in packs() if p.dates.month_before]
_MONTHS_AWAY = {word: away for p in packs() for word, away in p.dates.months_away.items()}
_TOGETHER = late.pattern(rf"\s?(?:[-–—~、]|{either(p.dates.together for p in packs())})\s?")
"""What stands between two months of one year: 去年3月和4月."""

_RELATIVE: list[tuple[re.Pattern[str], Relative]] = [
    (late.pattern(relative.pattern), relative)
    for pack in packs()
    for relative in pack.dates.relative
]
_MONTH_DAY = [
    (late.pattern(pack.dates.month_day), pack.dates.months_of_day)
    for pack in packs()
    if pack.dates.month_day
]
_WEEKDAYS = {name: number for p in packs() for name, number in p.dates.weekdays.items()}
_WEEKDAY: list[tuple[re.Pattern[str], Weekday]] = [
    (late.pattern(weekday.pattern), weekday) for pack in packs() for weekday in pack.dates.weekday
]
_NUMBERED = [late.pattern(p.dates.numbered) for p in packs() if p.dates.numbered]
_AGO = late.pattern(rf"\s?(?:{either(pack.dates.ago for pack in packs())})")


def to_come_before() -> str:
    """A pattern for what stands before a date that is still to come."""
    return rf"(?:{either(pack.dates.ahead for pack in packs())})[^.;；。]{{0,60}}$"


_AHEAD = late.pattern(to_come_before())


@dataclass(frozen=True, slots=True)
class Span:
    """The days that relative words mean, and where they stand."""

    first: date
    last: date
    precision: Precision
    start: int
    end: int

    def days(self) -> Iterator[Day]:
        """The same as dates: a day, a year, or each month that it touches."""
        if self.first == self.last:
            yield self._day(self.first.year, self.first.month, self.first.day)
        elif self.precision == "year":
            yield self._day(self.first.year)
        else:
            for index in range(_index(self.first), _index(self.last) + 1):
                yield self._day(index // 12, index % 12 + 1)

    def _day(self, year: int, month: int | None = None, day: int | None = None) -> Day:
        return Day(year, month, day, self.start, self.end, resolved=True)


def _index(day: date) -> int:
    return 12 * day.year + day.month - 1


def day_of(dated: str) -> date | None:
    """The day of an ISO 8601 date; None where it is unknown or only a month or year."""
    try:
        return date.fromisoformat(dated[:10])
    except ValueError:
        return None


# -- dates without their year ----------------------------------------------------------------------


def year_beside(folded: str, day: Day) -> int | None:
    """How many years from the text's own year a month is: 去年3月 -1, "March next year" 1."""
    if day.month is None:
        return None
    for pattern in _YEAR_BEFORE:
        if before := pattern.search(folded, max(0, day.start - 5), day.start):
            return _YEARS_AWAY[before["year"]]
    for pattern in _YEAR_AFTER:
        if after := pattern.match(folded, day.end):
            return _YEARS_AWAY[after["year"]]
    return None


def completed_days(plain: Sequence[Day], folded: str, reference: date) -> list[Day]:
    """The dates with their years. Months that are named together share the year of the one that
    has it."""
    years = [_stated_year(day, folded, reference) for day in plain]
    pairs = [(n, _turns(folded, *pair)) for n, pair in enumerate(itertools.pairwise(plain))]
    for n, turns in pairs:  # 去年3月和4月
        if turns is not None and years[n + 1] is None and (year := years[n]) is not None:
            years[n + 1] = year + turns
    for n, turns in reversed(pairs):  # "March and April last year"
        if turns is not None and years[n] is None and (year := years[n + 1]) is not None:
            years[n] = year - turns
    return [
        day
        if day.year is not None
        else _complete(day, reference, _said(folded, day))
        if year is None
        else replace(day, year=year, resolved=True)
        for day, year in zip(plain, years, strict=True)
    ]


def _stated_year(day: Day, folded: str, reference: date) -> int | None:
    away = year_beside(folded, day) if day.year is None else None
    return day.year if away is None else reference.year + away


def _turns(folded: str, one: Day, other: Day) -> int | None:
    """How many years the second of two months named together is after the first; None for other
    dates."""
    if one.month is None or other.month is None:
        return None
    together = one.start == other.start or _TOGETHER.fullmatch(folded[one.end : other.start])
    return int(other.month < one.month) if together else None


def _said(folded: str, day: Day) -> int:
    """-1 behind "last", 1 behind "next", else 0."""
    found = (pattern.search(folded, max(0, day.start - 16), day.start) for pattern in _MONTH_BEFORE)
    return next((_MONTHS_AWAY[match["which"]] for match in found if match), 0)


def _complete(day: Day, reference: date, said: int) -> Day:
    """The most recent such date, as news means it: 9月13日 in an article of 2022-09-17 is 2022."""
    month = day.month
    year = reference.year
    if said and month is not None:
        year -= said < 0 and month >= reference.month
        year += said > 0 and month <= reference.month
    elif month is None:
        month = reference.month
        if day.day is not None and day.day > reference.day:
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    elif (month, day.day or 1) > (reference.month + 1, reference.day):
        year -= 1
    return Day(year, month, day.day, day.start, day.end, resolved=True)


# -- dates in relative words ------------------------------------------------------------------


def relative_spans(
    text: str, quantities: Sequence[Quantity], reference: date, *, weekdays: bool = True
) -> list[Span]:
    """Dates stated relative to the text's own; of two readings of a place the more exact one."""
    folded = fold(text)
    found: list[Span] = []
    for span in _readings(folded, quantities, reference, weekdays):
        if not any(span.start < other.end and other.start < span.end for other in found):
            found.append(span)
    return found


def _readings(
    folded: str, quantities: Sequence[Quantity], reference: date, weekdays: bool
) -> Iterator[Span]:
    yield from _numbered(folded, reference)
    if weekdays:
        yield from _on_weekdays(folded, reference)
    yield from _days_of_months(folded, reference)
    yield from _so_long_ago(folded, quantities, reference)
    for pattern, relative in _RELATIVE:
        for match in pattern.finditer(folded):
            yield Span(*_resolved(relative, reference), *match.span())


def _numbered(folded: str, reference: date) -> Iterator[Span]:
    """昨(12)日"""
    for pattern in _NUMBERED:
        for match in pattern.finditer(folded):
            near = (reference - timedelta(back) for back in range(LATELY_DAYS))
            day = next((one for one in near if one.day == int(match["d"])), None)
            if day is not None:
                yield Span(day, day, "day", *match.span())


def _on_weekdays(folded: str, reference: date) -> Iterator[Span]:
    for pattern, weekday in _WEEKDAY:
        for match in pattern.finditer(folded):
            ahead = _AHEAD.search(folded, 0, match.start()) is not None
            which = weekday.which.get(match["which"] or "")
            day = _weekday(_WEEKDAYS[match["day"]], which, reference, ahead)
            yield Span(day, day, "day", *match.span())


def _weekday(wanted: int, which: str | int | None, reference: date, ahead: bool) -> date:
    """The nearest such day that is past, or to come; unless the words say which week."""
    if isinstance(which, int):
        return reference + timedelta(wanted - reference.weekday() + 7 * which)
    if which == "next":
        return reference + timedelta((wanted - reference.weekday() - 1) % 7 + 1)
    if which == "last":
        return reference - timedelta((reference.weekday() - wanted - 1) % 7 + 1)
    if ahead:
        return reference + timedelta((wanted - reference.weekday()) % 7)
    return reference - timedelta((reference.weekday() - wanted) % 7)


def _days_of_months(folded: str, reference: date) -> Iterator[Span]:
    """上月15日"""
    for pattern, months in _MONTH_DAY:
        for match in pattern.finditer(folded):
            first, last, _ = _month(reference, months[match["which"]])
            number = int(numeral_value(match["d"]) or 0)
            if 1 <= number <= last.day:
                day = first.replace(day=number)
                yield Span(day, day, "day", *match.span())


def _so_long_ago(folded: str, quantities: Sequence[Quantity], reference: date) -> Iterator[Span]:
    for quantity in quantities:
        ago = _AGO.match(folded, quantity.end)
        if quantity.sure and ago:
            back = _ago(quantity.kind, quantity.value, reference)
            if back is not None:
                yield Span(*back, quantity.start, ago.end())


def _ago(kind: str, value: float, reference: date) -> tuple[date, date, Precision] | None:
    """So many days (counted in hours), months or years before; None for anything else."""
    if kind == "hour" and 24 <= value < 24 * 60 and value % 24 == 0:
        back = reference - timedelta(value / 24)
        if value % 168:
            return back, back, "day"
        return back - timedelta(3), back + timedelta(3), "day"  # "two weeks ago": about then
    if kind != "month" or not 1 <= value <= 12 * FARTHEST_YEARS:
        return None
    return (
        _year(reference, -int(value) // 12) if value % 12 == 0 else _month(reference, -int(value))
    )


def _resolved(relative: Relative, reference: date) -> tuple[date, date, Precision]:
    """The first and last day of a date so far away from the reference."""
    if relative.unit == "year":
        return _year(reference, relative.away)
    if relative.unit == "month":
        return _month(reference, relative.away)
    if relative.unit == "lately":
        return reference - timedelta(relative.away), reference, "day"
    if relative.unit == "week":
        monday = reference - timedelta(reference.weekday() - 7 * relative.away)
        return monday, monday + timedelta(6) if relative.away else reference, "day"
    day = reference + timedelta(relative.away)
    return day, day, "day"


def _year(reference: date, away: int) -> tuple[date, date, Precision]:
    year = reference.year + away
    return date(year, 1, 1), date(year, 12, 31), "year"


@cache
def _month(reference: date, away: int) -> tuple[date, date, Precision]:
    index = _index(reference) + away
    first = date(index // 12, index % 12 + 1, 1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1]), "month"
