"""When the things that a sentence reports happened.

In: a sentence, the day its article was published, the last year that was named before it. Out: an
`EventDate` for each date of something that happened, with the part of the sentence that it belongs
to. Relative dates (昨日, "on Tuesday", 上個月) are counted from the published day. Dates that only
compare ("than in 2019") and dates that recur every year are left out.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from index.languages.dates.relative_days import LATELY_DAYS, day_of, relative_spans, to_come_before
from index.languages.numbers.number_parts import Events
from index.languages.numbers.numerals import numeral_value
from index.languages.numbers.quantity import Day
from index.languages.numbers.stated import days, quantities
from index.languages.pack import either, packs
from index.languages.text import fold
from rag.analysis.dated_clauses import (
    JOINED,
    When,
    clause_start,
    clauses,
    compares,
    intervals,
)
from rag.analysis.dates import Basis, EventDate
from rag.analysis.missing_years import completed, counted_year, to_come


@dataclass(frozen=True, slots=True)
class Dated:
    """A date in a sentence, with the part of the sentence that it belongs to."""

    when: EventDate
    start: int
    end: int
    """Where the words of the date begin and end in the sentence."""
    part_start: int
    part_end: int
    """Where the clauses that it dates begin and end: the whole sentence if it has one date."""


def event_dates(text: str, published: str = "", year: int | None = None) -> list[Dated]:
    """The dates of a sentence, in order.

    `published` is the day of its article, ISO 8601; `year` the last one named before the sentence,
    for 同年, and for dates without a year where the published day is unknown. Dates that neither
    can complete are left out.
    """
    dated = day_of(published)
    folded = fold(text)
    found = list(intervals(_found(text, folded, dated, year), folded))
    if len(found) > 1:
        found = [when for when in found if not compares(folded, when)] or found
        found = [when for when in found if not when.since] or found
    if not found:
        return []
    cuts = [0, *(clause_start(folded, one, two) for one, two in pairwise(found)), len(text)]
    return [
        Dated(
            EventDate(
                w.first,
                w.last,
                w.precision,
                w.basis,
                text[w.start : w.end],
                w.since,
                bool(_AHEAD.search(folded, 0, w.start) or _AHEAD_BEHIND.match(folded, w.end)),
            ),
            w.start,
            w.end,
            *(clauses(text, start, end) if len(found) > 1 else (start, end)),
        )
        for w, (start, end) in zip(found, pairwise(cuts), strict=True)
        if start < end
    ]


def written_on(text: str, published: str) -> str:
    """The day that an article means by "today": the day that it names, else the published day.

    A reprint, or an article that was published late, may say "today (September 15)".
    """
    dated = day_of(published)
    for match in _TODAY_IS.finditer(fold(text)):
        inside = days(text[match.start("date") : match.end("date")], published)
        if dated is None or not inside or inside[0].day is None:
            continue
        day = inside[0]
        if day.year is not None and day.month is not None and day.day is not None:
            stated = _day(day.year, day.month, day.day)
            if stated is not None and 0 <= (dated - stated).days <= LATELY_DAYS:
                return stated.isoformat()
    return published


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:  # 31 April
        return None


def last_year(text: str) -> int | None:
    """The last year that a sentence names; sentences after it may refer to it."""
    years = [day.year for day in days(text) if day.year is not None]
    return years[-1] if years else None


# -- finding ---------------------------------------------------------------------------------------


_EVENTS = [pack.events for pack in packs()]
_SAME_YEAR = re.compile(either(events.same_year for events in _EVENTS))
_NO_DATE_BEFORE = re.compile(either(events.no_date_before for events in _EVENTS))
"""第6号台风, 近5日, 拘留10日."""

_EVERY = re.compile(either(events.every for events in _EVENTS))
_SINCE_BEFORE = re.compile(either(events.since_before for events in _EVENTS))
_SINCE_AFTER = re.compile(either(events.since_after for events in _EVENTS))
_FROM_THEN = re.compile(either(events.from_then for events in _EVENTS))
"""自6月13日起停止交易: that is what happened on the day."""

_TODAY_IS = re.compile(
    rf"(?:{either(events.today_is for events in _EVENTS)})\s?[(](?P<date>[^()]{{3,20}})[)]"
)
_AHEAD = re.compile(to_come_before())
_AHEAD_BEHIND = re.compile(either(pack.dates.ahead_behind for pack in packs()))
_PARTS = [
    (
        re.compile(events.parts_after) if events.parts_after else None,
        re.compile(events.parts_before) if events.parts_before else None,
        events,
    )
    for events in _EVENTS
]


def _found(text: str, folded: str, dated: date | None, year: int | None) -> list[When]:
    """Every date of the text that can be resolved; one reading for each place."""
    stated: list[When] = []
    named = year
    inside: int | None = None
    recurring = 0
    for day in days(text):
        again = _EVERY.search(folded, max(0, day.start - 12), day.start) is not None
        if again or (recurring and JOINED.fullmatch(folded[recurring : day.start])):
            recurring = day.end
            continue
        if day.month is None and day.year is None and _NO_DATE_BEFORE.search(folded, 0, day.start):
            continue
        basis: Basis = "stated" if day.year is not None else "completed"
        if day.year is None:
            same = _SAME_YEAR.search(folded, max(0, day.start - 16), day.start) is not None
            counted = counted_year(folded, day, named, dated)
            same, inside = same and counted is None, inside if counted is None else counted
            complete = completed(day, named if same else inside, named, dated, text)
            if complete is not None and dated is not None and inside is None and not same:
                ahead = _AHEAD.search(folded, 0, day.start) is not None
                complete = to_come(complete, dated) if ahead else complete
        else:
            complete = day
        if complete is None or complete.year is None:
            continue
        named = inside = complete.year
        if (when := _when(complete, basis, folded)) is not None:
            stated.append(when)
    relative = [] if dated is None else list(_relative(text, folded, dated))
    # "today (September 15)": the stated date wins over the counted one
    apart = [one for one in relative if not any(_beside(folded, one, s) for s in stated)]
    return sorted([*stated, *apart], key=lambda when: when.start)


def _beside(folded: str, one: When, other: When) -> bool:
    """Whether two dates stand side by side: 去年3月, "June of last year"."""
    between = folded[min(one.end, other.end) : max(one.start, other.start)]
    return len(between) <= 2 or between == " of "


def _when(day: Day, basis: Basis, folded: str) -> When | None:
    if day.year is None:
        return None
    since = _since(folded, day.start, day.end)
    if day.month is not None and day.day is not None:
        exact = _day(day.year, day.month, day.day)
        if exact is None:
            return None
        return When(exact, exact, "day", basis, day.start, day.end, since)
    if day.month is not None:
        when = _in_months(day.year, day.month, day.month, basis, day.start, day.end)
    elif (part := _part_of_year(folded, day)) is not None:
        (first, last), start, end = part
        when = _in_months(day.year, first, last, basis, start, end)
    else:
        when = replace(_in_months(day.year, 1, 12, basis, day.start, day.end), precision="year")
    return replace(when, since=since)


def _in_months(year: int, first: int, last: int, basis: Basis, start: int, end: int) -> When:
    end_day = calendar.monthrange(year, last)[1]
    return When(date(year, first, 1), date(year, last, end_day), "month", basis, start, end)


def _since(folded: str, start: int, end: int) -> bool:
    """Whether something began at a date and goes on."""
    return not _FROM_THEN.match(folded, end) and bool(
        _SINCE_BEFORE.search(folded, max(0, start - 54), start) or _SINCE_AFTER.match(folded, end)
    )


def _part_of_year(folded: str, day: Day) -> tuple[tuple[int, int], int, int] | None:
    """Months of a half, a quarter, a season, 前5個月; and where its words start and end."""
    for after, before, events in _PARTS:
        match = after.match(folded, day.end) if after else None
        if match is None and before is not None:
            match = before.search(folded, max(0, day.start - 24), day.start)
        months = None if match is None else _months(match, events)
        if match is not None and months is not None:
            return months, min(day.start, match.start()), max(day.end, match.end())
    return None


def _months(match: re.Match[str], events: Events) -> tuple[int, int] | None:
    """The first and last month that a part of a year has."""
    groups = {name: text for name, text in match.groupdict().items() if text}
    if quarter := events.quarters.get(groups.get("quarter", "")):
        return 3 * quarter - 2, 3 * quarter
    if first := groups.get("first"):
        count = int(numeral_value(first) or 0)
        return (1, count) if 1 <= count <= 12 else None
    return events.seasons.get(groups.get("season", "")) or events.halves.get(groups.get("half", ""))


def _relative(text: str, folded: str, dated: date) -> Iterator[When]:
    """Dates counted from the published day."""
    for span in relative_spans(text, quantities(text), dated):
        counted = When(span.first, span.last, span.precision, "relative", span.start, span.end)
        if span.precision == "year":
            part = _part_of_year(folded, Day(span.first.year, None, None, span.start, span.end))
            if part is not None:
                (first, last), start, end = part
                counted = _in_months(span.first.year, first, last, "relative", start, end)
        exact = counted.precision == "day"
        yield counted if exact else replace(counted, since=_since(folded, span.start, span.end))
