"""Dates as news pages write them -> ISO 8601.

In: a line of text, or a date field of a feed, mail or table. Out: the dates found, in order, each
with its place in the text and whether day and month could have been swapped. Chinese (with
Republic of China years and Chinese numerals), English and Russian forms, ISO 8601 and RFC 822 are
read; dates without a year and relative ones ("3 hours ago") are not.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

Order = Literal["month-first", "day-first"]

FIRST_YEAR = 1900
REPUBLIC_OF_CHINA = 1911
"""Year 1 of the Republic of China is 1912."""

CENTURY_PIVOT = 70
"""Two-digit years: 69 is 2069 (and refused as being in the future), 70 is 1970, as in POSIX."""

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan января",
            "february feb февраля",
            "march mar марта",
            "april apr апреля",
            "may мая",
            "june jun июня",
            "july jul июля",
            "august aug августа",
            "september sept sep сентября",
            "october oct октября",
            "november nov ноября",
            "december dec декабря",
        ),
        1,
    )
    for name in names.split()
}
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))

_ZONE_HOURS = {
    "z": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cdt": -5, "mst": -7, "mdt": -6, "pst": -8,
    "pdt": -7, "bst": 1, "cet": 1, "cest": 2, "eet": 2, "eest": 3, "msk": 3, "hkt": 8, "sgt": 8,
    "jst": 9, "kst": 9, "aest": 10, "aedt": 11, "北京时间": 8, "北京時間": 8,
}  # fmt: skip
"""Abbreviations with one meaning in news; CST (China or Chicago) and IST are left out."""

_CHINESE_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "Ｏ": 0}

_ZONE = rf"(?:\s*\(?(?P<zone>[+-]\d\d:?\d\d|(?:utc|gmt)\s?[+-]\d{{1,2}}(?::?\d\d)?|(?:{'|'.join(_ZONE_HOURS)})(?![a-z])))?"
_CLOCK = (
    r"(?P<half>上午|下午|晚上|中午|凌晨|早上)?\s*"
    r"(?P<hour>[01]?\d|2[0-3])\s?[:：时時點点]\s?(?P<minute>[0-5]\d)?"
    r"(?:[:：分]\s?(?P<second>[0-5]\d)(?:[.,]\d{1,9})?秒?)?分?"
    r"(?:\s?(?P<meridiem>[ap])\.?m\b\.?)?"
)
_TIME = (
    rf"(?:\s*[T,，|/·•–-]?\s*(?:at\s|в\s)?\s*(?:(?P<before>北京[时時][间間])\s*)?{_CLOCK}{_ZONE})?"
)
_WEEKDAY = r"(?:\s*[(（]?(?:周|週|星期|礼拜|禮拜)[一二三四五六日天][)）]?)?"

_PATTERNS = {
    "year": re.compile(
        rf"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=sep)"
        rf"(?P<d>3[01]|[12]\d|0?[1-9])(?!\d){_WEEKDAY}{_TIME}",
        re.IGNORECASE,
    ),
    "chinese": re.compile(
        rf"(?:(?P<roc>民[国國])\s*)?(?<!\d)(?P<y>\d{{2,4}})\s?年\s?(?P<m>0?[1-9]|1[0-2])\s?月\s?"
        rf"(?P<d>3[01]|[12]\d|0?[1-9])\s?[日号號]{_WEEKDAY}{_TIME}",
        re.IGNORECASE,
    ),
    "numerals": re.compile(
        r"(?P<y>[一二][〇○零一二三四五六七八九]{3})年(?P<m>十[一二]?|[一二三四五六七八九])月"
        r"(?P<d>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号號]"
    ),
    "month": re.compile(
        rf"\b(?P<m>{_MONTH})\b\.?\s*(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\s*,?\s+"
        rf"(?P<y>(?:19|20)\d\d)\b{_TIME}",
        re.IGNORECASE,
    ),
    "day": re.compile(
        rf"(?<!\d)(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?:\s+|-)(?:of\s+)?(?P<m>{_MONTH})\b"
        rf"\.?,?(?:\s+|-)(?P<y>(?:19|20)\d\d)\b(?:\s*г\.?)?{_TIME}",
        re.IGNORECASE,
    ),
    "ctime": re.compile(
        rf"\b(?P<m>{_MONTH})\s+(?P<d>3[01]|[12]\d|0?[1-9])\s+{_CLOCK}{_ZONE}\s+(?P<y>(?:19|20)\d\d)\b",
        re.IGNORECASE,
    ),
    "numeric": re.compile(
        rf"(?<![\d/.-])(?P<a>3[01]|[12]\d|0?[1-9])(?P<sep>[/.-])(?P<b>3[01]|[12]\d|0?[1-9])(?P=sep)"
        rf"(?P<y>(?:19|20)\d\d|\d\d)(?![\d/.-]\d|\d){_TIME}",
        re.IGNORECASE,
    ),
    "compact": re.compile(
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>3[01]|[12]\d|0[1-9])"
        r"(?:T(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)(?P<second>[0-5]\d)(?P<zone>Z|[+-]\d{4})?)?(?!\d)"
    ),
}  # fmt: skip

_CLOCK_BEFORE = re.compile(
    rf"(?<!\d){_CLOCK}{_ZONE}\s*[,|·•]?\s*(?:on\s+)?(?:[a-z]{{3,9}}\.?,?\s+)?$", re.IGNORECASE
)
"""A time before its date: "10:04 AM EDT, Tue August 29, 2023"."""


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text."""

    start: int
    end: int
    iso: str
    """A date, or a date and time, with its offset from UTC where one was given."""
    ambiguous: bool = False
    """Day and month are both 12 or less, and only convention told which is which."""


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


def date_order(text: str, default: Order = "month-first") -> Order:
    """How a page orders day and month, told by those of its dates that allow one reading."""
    votes = 0
    for match in _PATTERNS["numeric"].finditer(text):
        first, second = int(match["a"]), int(match["b"])
        votes += (second > 12 >= first) - (first > 12 >= second)
    if votes == 0:
        return default
    return "month-first" if votes > 0 else "day-first"


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
    elif name == "numerals":
        month, day = _numeral(match["m"]), _numeral(match["d"])
    elif name in ("month", "day", "ctime"):
        month, day = _MONTHS[match["m"].lower()], int(match["d"])
    else:
        month, day = int(match["m"]), int(match["d"])
    year = _year(name, match)
    try:
        when = datetime(year, month, day)
    except ValueError:
        return None
    if year < FIRST_YEAR or when.date() > date.today() + timedelta(days=366):
        return None
    return when, ambiguous


def _year(name: str, match: re.Match[str]) -> int:
    if name == "numerals":
        return int("".join(str(_CHINESE_DIGITS[c]) for c in match["y"]))
    year = int(match["y"])
    if name == "chinese" and match["roc"]:
        return year + REPUBLIC_OF_CHINA
    if name == "chinese" and year >= 100 and year < 200:
        return year + REPUBLIC_OF_CHINA  # 112年3月1日: no other calendar has such years
    if year < 100:
        return year + (1900 if year >= CENTURY_PIVOT else 2000)
    return year


def _numeral(text: str) -> int:
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _CHINESE_DIGITS[text]
    return 10 * _CHINESE_DIGITS.get(tens, 1) + _CHINESE_DIGITS.get(ones, 0)


def _with_time(when: datetime, match: re.Match[str]) -> str:
    parts = match.groupdict()
    if not parts.get("hour"):
        return when.date().isoformat()
    hour = int(parts["hour"])
    afternoon = (
        parts.get("half") in {"下午", "晚上"} or (parts.get("meridiem") or "").lower() == "p"
    )
    if afternoon and hour < 12:
        hour += 12
    elif hour == 12 and (
        (parts.get("meridiem") or "").lower() == "a" or parts.get("half") == "凌晨"
    ):
        hour = 0
    when = when.replace(
        hour=hour, minute=int(parts.get("minute") or 0), second=int(parts.get("second") or 0)
    )
    zone = _zone(parts.get("zone") or ("北京时间" if parts.get("before") else ""))
    if zone is not None:
        return when.replace(tzinfo=zone).isoformat()
    if (when.hour, when.minute, when.second) == (0, 0, 0):
        return when.date().isoformat()  # midnight without a zone stands for "no time given"
    return when.isoformat()


def _zone(text: str) -> timezone | None:
    text = text.lower().replace(" ", "")
    if not text:
        return None
    if text in _ZONE_HOURS:
        hours = _ZONE_HOURS[text]
        return UTC if hours == 0 else timezone(timedelta(hours=hours))
    match = re.search(r"([+-])(\d{1,2}):?(\d\d)?$", text)
    if match is None:
        return None
    offset = timedelta(hours=int(match[2]), minutes=int(match[3] or 0))
    if offset >= timedelta(hours=24):
        return None
    return timezone(-offset if match[1] == "-" else offset)
