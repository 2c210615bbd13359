"""The year of a date that a sentence gives without one: "on 3 March", 8日, 去年3月.

In: a date without its year, the years named around it, the published day of its article. Out: the
same date with its year, or None where nothing says which.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from index.languages.dates.relative_days import LATELY_DAYS, year_beside
from index.languages.numbers.quantity import Day
from index.languages.numbers.stated import days
from index.languages.pack import either, packs

SOON_DAYS = 7
"""A day without its month lies at most this many days ahead."""

_EVENTS = [pack.events for pack in packs()]
_YEAR_ON = re.compile(either(events.year_on for events in _EVENTS))
_YEAR_ON_AFTER = re.compile(either(events.year_on_after for events in _EVENTS))


def completed(
    day: Day, inside: int | None, named: int | None, dated: date | None, text: str
) -> Day | None:
    """The date with the year that its sentence names; without one, the latest such date before the
    published day."""
    if inside is None and dated is not None:
        if day.month is None and day.day is not None:
            return _nearest(day, dated)
        resolved = days(text, dated.isoformat())
        place = (day.start, day.end, day.month)
        return next((d for d in resolved if (d.start, d.end, d.month) == place), None)
    year = inside if inside is not None else named
    if year is None or day.month is None:
        return None
    return Day(year, day.month, day.day, day.start, day.end, resolved=True)


def _nearest(day: Day, dated: date) -> Day | None:
    """8日 in an article of the 7th is tomorrow; else the latest 8th."""
    near = [dated + timedelta(n) for n in (*range(0, -62, -1), *range(1, SOON_DAYS + 1))]
    found = [one for one in near if one.day == day.day]
    if not found:
        return None
    ahead = [one for one in found if one > dated]
    best = ahead[0] if ahead and (dated - found[0]).days > LATELY_DAYS else found[0]
    return replace(day, year=best.year, month=best.month, resolved=True)


def counted_year(folded: str, day: Day, named: int | None, dated: date | None) -> int | None:
    """The year in front of a month, or behind an English one: 去年3月, "March last year".

    次年 is counted from the year named before it, the others from the published day.
    """
    away = year_beside(folded, day)
    if away is not None:
        return None if dated is None else dated.year + away
    following = _YEAR_ON.search(folded, max(0, day.start - 4), day.start) or _YEAR_ON_AFTER.match(
        folded, day.end
    )
    return named + 1 if following and day.month is not None and named is not None else None


def to_come(day: Day, dated: date) -> Day:
    """The next such month or day: "will vote in March" in September means next year."""
    if day.year is None or day.month is None:
        return day
    if (day.year, day.month, day.day or 31) >= (dated.year, dated.month, dated.day):
        return day
    return replace(day, year=day.year + 1)
