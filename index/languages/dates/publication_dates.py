"""Dates as news pages write them -> ISO 8601.

In: a line of text, or a date field of a feed, mail or table. Out: the dates found, in order, each
with its place in the text and whether day and month could have been swapped. The forms of the
packs (Chinese with Republic of China years and numerals), ISO 8601 and RFC 822 are read; dates
without a year and relative ones ("3 hours ago") are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

from index.languages import late
from index.languages.pack import either, month_numbers, packs, words_pattern
from index.languages.text import SMALL

Order = Literal["month-first", "day-first"]

FIRST_YEAR = 1900
REPUBLIC_OF_CHINA = 1911
"""Year 1 of the Republic of China is 1912."""

CENTURY_PIVOT = 70
"""Two-digit years: 69 is 2069 (and refused as being in the future), 70 is 1970, as in POSIX."""

_MONTHS = month_numbers()
_MONTH = words_pattern(_MONTHS)
_PUBLISHED = [pack.published for pack in packs()]
_ZONE_HOURS = {name: hours for one in _PUBLISHED for name, hours in one.zones.items()}
_SUMMER_ZONES = {name: hours for one in _PUBLISHED for name, hours in one.summer_zones.items()}
_ZONES = {name.replace(" ", ""): hours for name, hours in _ZONE_HOURS.items()}
_HALVES = {word: half for one in _PUBLISHED for word, half in one.half.items()}

_ZONE = rf"(?:\s*+\(?(?P<zone>[+-]\d\d:?\d\d|(?:utc|gmt)\s?[+-]\d{{1,2}}(?::?\d\d)?|(?:{words_pattern([*_ZONE_HOURS, *_SUMMER_ZONES])})(?![{SMALL}])))?"
_HOUR, _MINUTE, _SECOND = (
    "".join(getattr(one, name) for one in _PUBLISHED) for name in ("hour", "minute", "second")
)
_CLOCK = (
    rf"(?P<half>{words_pattern(_HALVES)})?\s*+"
    rf"(?P<hour>[01]?\d|2[0-3])\s?[:：{_HOUR}]\s?(?P<minute>[0-5]\d)?"
    rf"(?:[:：{_MINUTE}]\s?(?P<second>[0-5]\d)(?:[.,]\d{{1,9}})?[{_SECOND}]?)?[{_MINUTE}]?"
    r"(?:\s?(?P<meridiem>[ap])\.?m\b\.?)?"
)
_TIME = (
    rf"(?:\s*+[T,，|/·•–-]?\s*+(?:{either(one.before_time for one in _PUBLISHED)})?\s*+"
    rf"(?:(?P<before>{either(one.zone_before for one in _PUBLISHED)})\s*+)?{_CLOCK}{_ZONE})?"
)
_WEEKDAY = f"(?:{either(one.weekday for one in _PUBLISHED)})?"
_YEAR_BEHIND = f"(?:{either(one.year_behind for one in _PUBLISHED)})?"
_DAY = r"3[01]|[12]\d|0?[1-9]"

_OWN = {name: one for one in _PUBLISHED for name in one.dates}
"""The forms that only one language has."""

_PATTERNS = {
    name: late.pattern(pattern, re.IGNORECASE)
    for name, pattern in {
        "year": (
            rf"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=sep)"
            rf"(?P<d>{_DAY})(?!\d){_WEEKDAY}{_TIME}"
        ),
        **{
            name: pattern.replace("@weekday@", _WEEKDAY).replace("@time@", _TIME)
            for one in _PUBLISHED
            for name, pattern in one.dates.items()
        },
        "month": (
            rf"\b(?P<m>{_MONTH})\b\.?\s*+(?P<d>{_DAY})(?:st|nd|rd|th)?(?:\s*+,\s++|\s++)"
            rf"(?P<y>(?:19|20)\d\d)\b{_WEEKDAY}{_TIME}"
        ),
        "day": (
            rf"(?<!\d)(?P<d>{_DAY})(?:st|nd|rd|th)?(?:\s+|-)(?:of\s+)?(?P<m>{_MONTH})\b"
            rf"\.?,?(?:\s+|-)(?P<y>(?:19|20)\d\d)\b{_YEAR_BEHIND}{_WEEKDAY}{_TIME}"
        ),
        "ctime": (rf"\b(?P<m>{_MONTH})\s+(?P<d>{_DAY})\s+{_CLOCK}{_ZONE}\s+(?P<y>(?:19|20)\d\d)\b"),
        "numeric": (
            rf"(?<![\d/.-])(?P<a>{_DAY})(?P<sep>[/.-])(?P<b>{_DAY})(?P=sep)"
            rf"(?P<y>(?:19|20)\d\d|\d\d)(?![\d/.-]\d|\d){_TIME}"
        ),
        "compact": (
            r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>3[01]|[12]\d|0[1-9])"
            r"(?:T(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)"
            r"(?P<zone>Z|[+-]\d{4})?)?(?!\d)"
        ),
    }.items()
}

_CLOCK_BEFORE = re.compile(
    rf"(?<!\d){_CLOCK}{_ZONE}\s*+[,|·•]?\s*+(?:on\s++)?(?:[{SMALL}]{{3,11}}\.?,?\s++)?$",
    re.IGNORECASE,
)
"""A time before its date: "10:04 AM EDT, Tue August 29, 2023", the day of the week in any language with blanks."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text."""

    start: int
    end: int
    iso: str
    """A date, or a date and time, with its offset from UTC where one was given."""
    ambiguous: bool = False
    """Day and month are both 12 or less, and only a convention decided which is which."""


_AS_OF = re.compile(rf"(?:{either(one.as_of for one in _PUBLISHED)})\s*+(?::\s*+)?$")


def not_published(folded: str) -> re.Match[str] | None:
    """The words at the end of these that make the date behind them not the one of publication."""
    return _AS_OF.search(folded)


def find_dates(text: str, order: Order = "month-first") -> list[FoundDate]:
    """The dates in `text`, from left to right; `order` is for the ones such as 10/09/22."""
    found: list[FoundDate] = []
    for name, pattern in _PATTERNS.items():
        for match in pattern.finditer(text):
            if any(match.start() < f.end and f.start < match.end() for f in found):
                continue
            resolved = _resolve(name, match, order)
            if resolved is None:
                continue
            when, ambiguous = resolved
            start, clock = match.start(), match
            if not match.groupdict().get("hour"):
                before = _CLOCK_BEFORE.search(text, max(0, start - 40), start)
                start, clock = (before.start(), before) if before is not None else (start, match)
            found.append(FoundDate(start, match.end(), _with_time(when, clock), ambiguous))
    return sorted(found, key=lambda f: f.start)


def parse_date(text: str, order: Order = "month-first") -> str:
    """The first date in a field that holds one, in ISO 8601; "" if it holds none."""
    found = find_dates(text, order)
    return found[0].iso if found else ""


def _resolve(name: str, match: re.Match[str], order: Order) -> tuple[datetime, bool] | None:
    """The day a match stands for, and whether day and month could be swapped."""
    ambiguous = False
    if name == "numeric":
        first, second = int(match["a"]), int(match["b"])
        if match["sep"] == ".":
            order = "day-first"  # 17.09.2022 is written so nowhere else than day first
        ambiguous = first <= 12 and second <= 12 and first != second and match["sep"] != "."
        month_first = second > 12 or (order == "month-first" and first <= 12)
        month, day = (first, second) if month_first else (second, first)
    else:
        month, day = _number(name, match["m"]), _number(name, match["d"])
    year = _year(name, match)
    try:
        when = datetime(year, month, day)
    except ValueError:
        return None
    if year < FIRST_YEAR or when.date() > date.today() + timedelta(days=366):
        return None
    return when, ambiguous


def _number(name: str, text: str) -> int:
    """A year, month or day in digits, by its name, or in its language's own numerals."""
    if text.isascii() and text.isdigit():
        return int(text)
    if text.lower() in _MONTHS:
        return _MONTHS[text.lower()]
    read = _OWN[name].digits
    return read(text) if read else 0


def _year(name: str, match: re.Match[str]) -> int:
    year = _number(name, match["y"])
    if match.groupdict().get("roc"):
        return year + REPUBLIC_OF_CHINA
    if name in _OWN and 100 <= year < 200:
        return year + REPUBLIC_OF_CHINA  # 112年3月1日: no other calendar has such years
    if year < 100:
        return year + (1900 if year >= CENTURY_PIVOT else 2000)
    return year


def _with_time(when: datetime, match: re.Match[str]) -> str:
    parts = match.groupdict()
    if not parts.get("hour"):
        return when.date().isoformat()
    hour = int(parts["hour"])
    half = _HALVES.get(parts.get("half") or "", "am")
    meridiem = (parts.get("meridiem") or "").lower()
    if (half == "pm" or meridiem == "p") and hour < 12:
        hour += 12
    elif hour == 12 and (half == "night" or meridiem == "a"):
        hour = 0
    when = when.replace(
        hour=hour, minute=int(parts.get("minute") or 0), second=int(parts.get("second") or 0)
    )
    zone = _zone(parts.get("zone") or parts.get("before") or "", when)
    if zone is not None:
        return when.replace(tzinfo=zone).isoformat()
    if (when.hour, when.minute, when.second) == (0, 0, 0):
        return when.date().isoformat()  # midnight without a zone stands for "no time given"
    return when.isoformat()


def _is_summer(day: date) -> bool:
    """Whether clocks in North America are an hour ahead: from the second Sunday in March to the
    first in November."""
    first, last = (date(day.year, month, 7) for month in (3, 11))
    begins = first + timedelta(7 - (first.weekday() + 1) % 7)
    return begins <= day < last - timedelta((last.weekday() + 1) % 7)


def _zone(text: str, when: datetime) -> timezone | None:
    text = text.lower().replace(" ", "")
    if not text:
        return None
    if text in _SUMMER_ZONES:
        return timezone(timedelta(hours=_SUMMER_ZONES[text] + _is_summer(when.date())))
    if text in _ZONES:
        hours = _ZONES[text]
        return UTC if hours == 0 else timezone(timedelta(hours=hours))
    match = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", text)
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset >= timedelta(hours=24):
        return None
    return timezone(-offset if match[1] == "-" else offset)
