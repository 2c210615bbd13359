"""When the things that a sentence reports happened.

In: a sentence, the day its article was published, the last year that was named before it. Out: an
`EventDate` for each date of something that happened, with the part of the sentence that it belongs
to. Relative dates (昨日, "on Tuesday", 上個月) are counted from the published day. Dates that only
compare ("than in 2019") and dates that recur every year are left out.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Literal, get_args

from index.languages.numbers import days, quantities
from index.languages.numerals import han_number
from index.languages.quantity import Day
from index.languages.relative_days import year_beside
from index.languages.text import fold

Precision = Literal["day", "month", "year"]
Basis = Literal["stated", "completed", "relative", "published"]
BASES: tuple[Basis, ...] = get_args(Basis)
"""From the most to the least certain."""

LATELY_DAYS = 14
"""How far back 近日 and "recently" reach: news says so of the last fortnight at most."""

SOON_DAYS = 7
"""How far ahead a day without its month can lie."""


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
class Dated:
    """A date in a sentence, with the part of the sentence that it belongs to."""

    when: EventDate
    start: int
    end: int
    """Where the words of the date begin and end in the sentence."""
    part_start: int
    part_end: int
    """Where the clauses that it dates begin and end: the whole sentence if it has one date."""


def day_of(published: str) -> date | None:
    """The day of an ISO 8601 date; None where it is unknown or only a month or year."""
    try:
        return date.fromisoformat(published[:10])
    except ValueError:
        return None


def event_dates(text: str, published: str = "", year: int | None = None) -> list[Dated]:
    """The dates of a sentence, in order.

    `published` is the day of its article, ISO 8601; `year` the last one named before the sentence,
    for 同年, and for dates without a year where the published day is unknown. Dates that neither
    can complete are left out.
    """
    told_on = day_of(published)
    folded = fold(text)
    found = list(_intervals(_found(text, folded, told_on, year), folded))
    if len(found) > 1:
        found = [when for when in found if not _compares(folded, when)] or found
        found = [when for when in found if not when.since] or found
    if not found:
        return []
    cuts = [0, *(_clause_start(folded, one, two) for one, two in _pairs(found)), len(text)]
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
            *(_clauses(text, start, end) if len(found) > 1 else (start, end)),
        )
        for w, (start, end) in zip(found, pairwise(cuts), strict=True)
        if start < end
    ]


def written_on(text: str, published: str) -> str:
    """The day that an article means by "today": the day that it names, else the published day.

    A reprint, or an article that was published late, may say "today (September 15)".
    """
    told_on = day_of(published)
    for match in _TODAY_IS.finditer(fold(text)):
        inside = days(text[match.start("date") : match.end("date")], published)
        if told_on is None or not inside or inside[0].day is None:
            continue
        day = inside[0]
        if day.year is not None and day.month is not None and day.day is not None:
            stated = _day(day.year, day.month, day.day)
            if stated is not None and 0 <= (told_on - stated).days <= LATELY_DAYS:
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


def published_date(published: str) -> EventDate | None:
    """The published day as the date of an event without one; None where it is unknown."""
    day = day_of(published)
    return None if day is None else EventDate(day, day, "day", "published")


# -- finding ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _When:
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


_SAME_YEAR = re.compile(r"(?:同年|当年|that year|the same year)\s*[,，]?\s*$")
_YEAR_ON = re.compile(r"(?:次年|翌年)的?\s?$")
_YEAR_ON_AFTER = re.compile(r"\s(?:of )?the following year\b")

_NO_DATE_BEFORE = re.compile(r"(?:[第近连前约满]|拘留|为期|长达|最近)$")
"""第6号台风, 近5日, 拘留10日."""

_EVERY = re.compile(
    r"(?:每年|每逢|历年|通常|一般|every|each|annual(?:ly)?(?: on)?|usually(?: in)?)\s*(?:的|在|于|on )?\s*$"
)
_SINCE_BEFORE = re.compile(r"(?:\bsince\b[^,;.]{0,48}|自从?[^,，;；。]{0,24})$")
_SINCE_AFTER = re.compile(r"[^,，;；。]{0,24}?(?:以来|至今)")
_FROM_THEN = re.compile(r"(?:初|底|末|中旬)?起(?![草诉因初])")
"""自6月13日起停止交易: that is what happened on the day."""

_COMPARES_BEFORE = re.compile(
    r"(?:较|比|相比|相较|高于|低于|由|从|\bthan(?: in)?|\bcompared (?:with|to)|\bfrom|\bversus|\bover)"
    r"[^,，;；。]{0,6}$"
)
_COMPARES_AFTER = re.compile(r"^\s?(?:年)?(?:的)?(?:同期|同月|相比)")
_SEPARATOR = re.compile(r"[,，;；](?!\d{3})|\s(?:and|but|while|then)\s")
_JOINED = re.compile(r"\s?(?:-|–|—|――|~|至|到|to|until|through)\s?")


def _found(text: str, folded: str, told_on: date | None, year: int | None) -> list[_When]:
    """Every date of the text that can be resolved; one reading for each place."""
    stated: list[_When] = []
    named = year
    inside: int | None = None
    recurring = 0
    for day in days(text):
        again = _EVERY.search(folded, max(0, day.start - 12), day.start) is not None
        if again or (recurring and _JOINED.fullmatch(folded[recurring : day.start])):
            recurring = day.end
            continue
        if day.month is None and day.year is None and _NO_DATE_BEFORE.search(folded, 0, day.start):
            continue
        basis: Basis = "stated" if day.year is not None else "completed"
        if day.year is None:
            same = _SAME_YEAR.search(folded, max(0, day.start - 16), day.start) is not None
            counted = _counted_year(folded, day, named, told_on)
            same, inside = same and counted is None, inside if counted is None else counted
            complete = _completed(day, named if same else inside, named, told_on, text)
            if complete is not None and told_on is not None and inside is None and not same:
                ahead = _AHEAD.search(folded, 0, day.start) is not None
                complete = _to_come(complete, told_on) if ahead else complete
        else:
            complete = day
        if complete is None or complete.year is None:
            continue
        named = inside = complete.year
        if (when := _when(complete, basis, folded)) is not None:
            stated.append(when)
    relative = [] if told_on is None else list(_relative(text, folded, told_on))
    # "today (September 15)": the stated date wins over the counted one
    apart = [one for one in relative if not any(_beside(folded, one, s) for s in stated)]
    return sorted([*stated, *apart], key=lambda when: when.start)


def _beside(folded: str, one: _When, other: _When) -> bool:
    """Whether two dates stand side by side: 去年3月, "June of last year"."""
    between = folded[min(one.end, other.end) : max(one.start, other.start)]
    return len(between) <= 2 or between == " of "


def _completed(
    day: Day, inside: int | None, named: int | None, told_on: date | None, text: str
) -> Day | None:
    """A date without a year with the sentence's own, else the latest before the published day."""
    if inside is None and told_on is not None:
        if day.month is None and day.day is not None:
            return _nearest(day, told_on)
        resolved = days(text, told_on.isoformat())
        place = (day.start, day.end, day.month)
        return next((d for d in resolved if (d.start, d.end, d.month) == place), None)
    year = inside if inside is not None else named
    if year is None or day.month is None:
        return None
    return Day(year, day.month, day.day, day.start, day.end, resolved=True)


def _nearest(day: Day, told_on: date) -> Day | None:
    """8日 in an article of the 7th is tomorrow; else the latest 8th."""
    near = [told_on + timedelta(n) for n in (*range(0, -62, -1), *range(1, SOON_DAYS + 1))]
    found = [one for one in near if one.day == day.day]
    if not found:
        return None
    ahead = [one for one in found if one > told_on]
    best = ahead[0] if ahead and (told_on - found[0]).days > LATELY_DAYS else found[0]
    return replace(day, year=best.year, month=best.month, resolved=True)


def _counted_year(folded: str, day: Day, named: int | None, told_on: date | None) -> int | None:
    """The year in front of a month, or behind an English one: 去年3月, "March last year".

    次年 is counted from the year named before it, the others from the published day.
    """
    away = year_beside(folded, day)
    if away is not None:
        return None if told_on is None else told_on.year + away
    following = _YEAR_ON.search(folded, max(0, day.start - 4), day.start) or _YEAR_ON_AFTER.match(
        folded, day.end
    )
    return named + 1 if following and day.month is not None and named is not None else None


def _to_come(day: Day, told_on: date) -> Day:
    """The next such month or day: "will vote in March" in September means next year."""
    if day.year is None or day.month is None:
        return day
    if (day.year, day.month, day.day or 31) >= (told_on.year, told_on.month, told_on.day):
        return day
    return replace(day, year=day.year + 1)


def _when(day: Day, basis: Basis, folded: str) -> _When | None:
    if day.year is None:
        return None
    since = not _FROM_THEN.match(folded, day.end) and bool(
        _SINCE_BEFORE.search(folded, max(0, day.start - 54), day.start)
        or _SINCE_AFTER.match(folded, day.end)
    )
    if day.month is not None and day.day is not None:
        exact = _day(day.year, day.month, day.day)
        if exact is None:
            return None
        return _When(exact, exact, "day", basis, day.start, day.end, since)
    start, end = day.start, day.end
    precision: Precision = "month"
    if day.month is not None:
        months = (day.month, day.month)
    else:
        precision, months = "year", (1, 12)
        if (part := _part_of_year(folded, day)) is not None:
            precision, (months, start, end) = "month", part
    first = date(day.year, months[0], 1)
    last = date(day.year, months[1], calendar.monthrange(day.year, months[1])[1])
    return _When(first, last, precision, basis, start, end, since)


_SEASONS = {"春": (3, 5), "夏": (6, 8), "秋": (9, 11), "spring": (3, 5), "summer": (6, 8)} | {
    "autumn": (9, 11), "fall": (9, 11)
}  # fmt: skip
_HALVES = {"上": (1, 6), "下": (7, 12), "first": (1, 6), "second": (7, 12)}
_QUARTERS = {
    name: (3 * n - 2, 3 * n)
    for n, names in enumerate(("一 1 first", "二 2 second", "三 3 third", "四 4 fourth"), 1)
    for name in names.split()
}
_PART_AFTER = re.compile(
    r"\s?的?(?:(?:前|头)(?P<first>\d{1,2}|[一二两三四五六七八九十]{1,2})个月|(?P<half>[上下])半年"
    r"|第?(?P<quarter>[一二三四1-4])季|(?P<season>[春夏秋])[天季])"
)
_PART_BEFORE = re.compile(
    r"\b(?:(?P<half>first|second) half|(?P<quarter>first|second|third|fourth) quarter"
    r"|(?P<season>spring|summer|autumn|fall))(?: of)?\s$"
)


def _part_of_year(folded: str, day: Day) -> tuple[tuple[int, int], int, int] | None:
    """Months of a half, a quarter, a season, 前5個月; and where its words start and end."""
    after = _PART_AFTER.match(folded, day.end)
    before = _PART_BEFORE.search(folded, max(0, day.start - 24), day.start)
    match = after or before
    if match is None:
        return None
    groups = match.groupdict()
    months = (
        _SEASONS.get(groups["season"] or "")
        or _HALVES.get(groups["half"] or "")
        or _QUARTERS.get(groups["quarter"] or "")
    )
    if first := groups.get("first"):
        count = int(first) if first.isdigit() else int(han_number(first) or 0)
        months = (1, count) if 1 <= count <= 12 else None
    if months is None:
        return None
    return months, min(day.start, match.start()), max(day.end, match.end())


_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        ("monday 一", "tuesday 二", "wednesday 三", "thursday 四", "friday 五", "saturday 六", "sunday 日 天")
    )
    for name in names.split()
}  # fmt: skip
_WEEKDAY = re.compile(
    r"\b(?:(?P<which>last|this|next|on|late on|early on|late|early)\s)?"
    r"(?P<english>monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b(?!['’]s|s\b)"
    r"|(?<![每隔])(?P<week>上个?|本|这个?|下个?)?(?<![每隔])(?:周|星期|礼拜)(?P<han>[一二三四五六日天])(?![月年个期种家次])"
)
_AGO = re.compile(r"\s?(?:ago\b|前(?![总任锋线景途])|以前|之前)")
_WEEK = re.compile(r"(?P<last>上个?(?:周|星期)|\blast week\b)|本周|这(?:个星期|周)|\bthis week\b")
_LATELY = re.compile(
    r"近日|(?<![\d今昨明一二三四五六七八九十])日前(?!往)|最近(?!的|\s?\d)|近期|这几天|不久前|\brecently\b|\b(?:in )?recent days\b|\bthe other day\b"
)
_TODAY_IS = re.compile(r"(?:\btoday|今[天日])\s?[(](?P<date>[^()]{3,20})[)]")
_NUMBERED = re.compile(r"(?P<which>[今昨前])\s?[(](?P<day>\d{1,2})[)]\s?[日天]")
_AHEAD = re.compile(
    r"(?:\b(?:will|shall|is to|are to|plans? to|expected to|scheduled|due)\b|将(?![军领士])|预计|预定|拟|计划|打算|企图)"
    r"[^.;；。]{0,60}$"
)
"""What stands before a date that is still to come."""
_AHEAD_BEHIND = re.compile(
    r"[^,，.;；。]{0,8}(?:将(?![军领士])|预计|预定|拟|计划)|\s(?:will|shall)\b"
)


def _relative(text: str, folded: str, told_on: date) -> Iterator[_When]:
    """Dates that are counted from the published day; of two readings of a place the more exact wins."""
    taken: list[tuple[int, int]] = []

    def free(start: int, end: int) -> bool:
        if any(start < b and a < end for a, b in taken):
            return False
        taken.append((start, end))
        return True

    for match in _NUMBERED.finditer(folded):  # 昨(12)日
        near = (told_on - timedelta(back) for back in range(LATELY_DAYS))
        day = next((one for one in near if one.day == int(match["day"])), None)
        if day is not None and free(*match.span()):
            yield _at(day, match.start(), match.end())
    for match in _WEEKDAY.finditer(folded):
        if free(*match.span()):
            ahead = _AHEAD.search(folded, 0, match.start()) is not None
            yield _at(_weekday(match, told_on, ahead), match.start(), match.end())
    for quantity in quantities(text):
        ago = _AGO.match(folded, quantity.end)
        if quantity.sure and ago and free(quantity.start, ago.end()):
            back = _ago(quantity.kind, quantity.value, told_on)
            if back is not None:
                yield _When(*back, "relative", quantity.start, ago.end())
    for match in _WEEK.finditer(folded):
        if free(*match.span()):
            monday = told_on - timedelta(told_on.weekday() + (7 if match["last"] else 0))
            last = monday + timedelta(6) if match["last"] else told_on
            yield _When(monday, last, "day", "relative", *match.span())
    for match in _LATELY.finditer(folded):
        if free(*match.span()):
            first = told_on - timedelta(LATELY_DAYS)
            yield _When(first, told_on, "day", "relative", *match.span())
    stated = {(found.start, found.end) for found in days(text)}
    for found in days(text, told_on.isoformat()):
        if (found.start, found.end) not in stated and found.year is not None:
            when = _when(found, "relative", folded)
            if when is not None and free(found.start, found.end):
                yield when


def _at(day: date, start: int, end: int) -> _When:
    return _When(day, day, "day", "relative", start, end)


def _weekday(match: re.Match[str], told_on: date, ahead: bool) -> date:
    """The nearest such day in the past (or ahead), unless the words name the week."""
    wanted = _WEEKDAYS[match["english"] or match["han"]]
    monday = told_on - timedelta(told_on.weekday())
    week = match["week"] or ""
    if week:
        shift = -7 if week[0] == "上" else 7 if week[0] == "下" else 0
        return monday + timedelta(wanted + shift)
    if ahead and match["which"] not in {"last", "next", "this"}:
        return told_on + timedelta((wanted - told_on.weekday()) % 7)
    if match["which"] == "next":
        return told_on + timedelta((wanted - told_on.weekday() - 1) % 7 + 1)
    if match["which"] == "this":
        return monday + timedelta(wanted)
    if match["which"] == "last":
        return told_on - timedelta((told_on.weekday() - wanted - 1) % 7 + 1)
    return told_on - timedelta((told_on.weekday() - wanted) % 7)


def _ago(kind: str, value: float, told_on: date) -> tuple[date, date, Precision] | None:
    """So many days (given in hours), months or years ago; None for other kinds."""
    if kind == "hour" and 24 <= value < 24 * 60 and value % 24 == 0:
        back = told_on - timedelta(value / 24)
        if value % 168:
            return back, back, "day"
        return (
            back - timedelta(3),
            back + timedelta(3),
            "day",
        )  # "two weeks ago" is not exact to the day
    if kind != "month" or not 1 <= value <= 12 * 200:
        return None
    if value % 12 == 0:
        year = told_on.year - int(value) // 12
        return date(year, 1, 1), date(year, 12, 31), "year"
    index = told_on.year * 12 + told_on.month - 1 - int(value)
    first = date(index // 12, index % 12 + 1, 1)
    return first, first.replace(day=calendar.monthrange(first.year, first.month)[1]), "month"


# -- what belongs to what ---------------------------------------------------------------------------


def _intervals(found: Sequence[_When], folded: str) -> Iterator[_When]:
    """2012—2014年 is one date, and so is "from May to July 2024"."""
    last: _When | None = None
    for when in found:
        joined = last is not None and (
            when.start < last.end or _JOINED.fullmatch(folded[last.end : when.start])
        )
        if last is not None and joined and last.first <= when.first:
            precision = last.precision if last.span >= when.span else when.precision
            last = _When(
                last.first, when.last, precision, last.basis, last.start, when.end, last.since
            )
            continue
        if last is not None:
            yield last
        last = when
    if last is not None:
        yield last


def _compares(folded: str, when: _When) -> bool:
    """Whether a date is only there to compare with."""
    return bool(
        _COMPARES_BEFORE.search(folded, max(0, when.start - 16), when.start)
        or _COMPARES_AFTER.match(folded[when.end : when.end + 6])
    )


def _pairs(found: Sequence[_When]) -> list[tuple[_When, _When]]:
    return list(pairwise(found))


_JOINING = re.compile(r"(?:[\s,，;；、]|\b(?:and|but|while|then)\b)+", re.IGNORECASE)
_JOINING_ON = re.compile(r"(?:[\s,，;；、]|\b(?:and|but|while|then)\b)+$", re.IGNORECASE)
_QUOTES = {"“": "”", "「": "」", "『": "』", '"': '"'}


def _clauses(text: str, start: int, end: int) -> tuple[int, int]:
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


def _clause_start(folded: str, one: _When, two: _When) -> int:
    """Where the clauses of the second of two dates begin. Chinese puts a date before what it dates: they
    begin after the last comma before the date. English puts it after: after the first comma."""
    ends = [match.end() for match in _SEPARATOR.finditer(folded, one.end, two.start)]
    if not ends:
        return two.start
    return ends[-1] if ord(folded[two.end - 1]) >= 0x2E80 else ends[0]
