"""Dates that are told relative to the text's own date: 去年3月, "last month", 近日.

In: a folded text, its dates as they stand there, its own date. Out: the same with their years, and
those that only relative words tell, `resolved`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from index.languages.numerals import numeral_value
from index.languages.quantity import Day
from index.languages.text import fold

_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1} | {
    "今年": 0, "本年": 0, "明年": 1, "后年": 2
}  # fmt: skip

_YEAR_BEFORE = re.compile(rf"(?P<year>{'|'.join(_YEARS)})的?\s?$")

_YEAR_AFTER = re.compile(r"\s(?:of )?(?P<year>last year|this year|next year)\b")

_MONTH_BEFORE = re.compile(r"\b(?P<which>last|next)\s$")

_YEARS_AWAY = {**_YEARS, "last year": -1, "this year": 0, "next year": 1}

_TOGETHER = re.compile(r"\s?(?:[-–—~、]|和|及|与|或|至|到|and|or|to)\s?")
"""What stands between two months of one year: 去年3月和4月."""


def reference_day(told_on: str) -> date | None:
    """The day of an ISO 8601 date; None where it is none."""
    try:
        return date.fromisoformat(told_on[:10])
    except ValueError:
        return None


def year_beside(folded: str, day: Day) -> int | None:
    """How many years from the text's own a month is said to be: 去年3月 -1, "March next year" 1."""
    before = _YEAR_BEFORE.search(folded, max(0, day.start - 5), day.start)
    beside = before or _YEAR_AFTER.match(folded, day.end)
    return None if day.month is None or beside is None else _YEARS_AWAY[beside["year"]]


def completed_days(plain: Sequence[Day], folded: str, reference: date) -> list[Day]:
    """The dates with their years; of months told together, the year of one is that of all."""
    years = [_told_year(day, folded, reference) for day in plain]
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
        else _complete(day, reference, _MONTH_BEFORE.search(folded, 0, day.start))
        if year is None
        else replace(day, year=year, resolved=True)
        for day, year in zip(plain, years, strict=True)
    ]


def _told_year(day: Day, folded: str, reference: date) -> int | None:
    away = year_beside(folded, day) if day.year is None else None
    return day.year if away is None else reference.year + away


def _turns(folded: str, one: Day, other: Day) -> int | None:
    """How often the year turns between two months told together; None for other dates."""
    if one.month is None or other.month is None:
        return None
    together = one.start == other.start or _TOGETHER.fullmatch(folded[one.end : other.start])
    return int(other.month < one.month) if together else None


def _complete(day: Day, reference: date, said: re.Match[str] | None) -> Day:
    """The most recent such date, as news means it: 9月13日 in an article of 2022-09-17 is 2022;
    `said`: "last" or "next" before a month."""
    month = day.month
    year = reference.year
    if said and month is not None:
        year -= said["which"] == "last" and month >= reference.month
        year += said["which"] == "next" and month <= reference.month
    elif month is None:
        month = reference.month
        if day.day is not None and day.day > reference.day:
            year, month = (year, month - 1) if month > 1 else (year - 1, 12)
    elif (month, day.day or 1) > (reference.month + 1, reference.day):
        year -= 1
    return Day(year, month, day.day, day.start, day.end, resolved=True)


def _shifted(months: int) -> Callable[[date], tuple[int, int | None, int | None]]:
    def shift(reference: date) -> tuple[int, int | None, int | None]:
        index = reference.year * 12 + reference.month - 1 + months
        return index // 12, index % 12 + 1, None

    return shift


def _ago(days_: int) -> Callable[[date], tuple[int, int | None, int | None]]:
    def shift(reference: date) -> tuple[int, int | None, int | None]:
        when = reference - timedelta(days=days_)
        return when.year, when.month, when.day

    return shift


def _years(years: int) -> Callable[[date], tuple[int, int | None, int | None]]:
    return lambda reference: (reference.year + years, None, None)


_HAN_SMALL = "[一二三四五六七八九十]{1,3}"

_RELATIVE: tuple[
    tuple[re.Pattern[str], Callable[[date], tuple[int, int | None, int | None]]], ...
] = tuple(
    (re.compile(pattern), resolve)
    for pattern, resolve in (
        (r"大前年", _years(-3)),
        (r"(?<![之以从此目年月大])前年(?![均轻份代度])|\btwo years ago\b", _years(-2)),
        (r"(?<!过)去年|\blast year\b(?!s)|\ba year (?:ago|earlier)\b|в прошлом году", _years(-1)),
        (r"今年(?![轻龄])|本年度|\bthis year\b|в этом году", _years(0)),
        (r"明年(?![轻龄])|\bnext year\b", _years(1)),
        (r"上上个?月", _shifted(-2)),
        (r"(?<!以)上个?月|\blast month\b|\ba month ago\b", _shifted(-1)),
        (r"本月|这个月|\bthis month\b", _shifted(0)),
        (r"下个?月|\bnext month\b", _shifted(1)),
        (r"昨[天日晚]|\byesterday\b|\blast night\b|вчера", _ago(1)),
        (r"前天|\bthe day before yesterday\b", _ago(2)),
        (
            r"今[天日晚](?!俄罗斯|头条)|(?<!\busa )(?<!\brussia )\btoday\b|\btonight\b|сегодня",
            _ago(0),
        ),
        (r"明[天日]|\btomorrow\b", _ago(-1)),
        (
            r"近日|日前|最近|这几天|本周|\brecently\b|\bthis week\b|\brecent days\b|\bin recent days\b",
            _shifted(0),
        ),
        (r"上周|上星期|\blast week\b", lambda r: (*_ago(7)(r)[:2], None)),
    )
)

_DAY_OF_MONTH = re.compile(
    rf"(?<![上以])(?P<which>[上下本]|这)个?月的?(?P<day>\d{{1,2}}|{_HAN_SMALL})[日号](?![内间])"
)
"""上月15日"""


def _days_of_months(folded: str, reference: date) -> list[Day]:
    found = []
    for match in _DAY_OF_MONTH.finditer(folded):
        year, month, _ = _shifted({"上": -1, "下": 1}.get(match["which"], 0))(reference)
        number = int(numeral_value(match["day"]) or 0)
        if 1 <= number <= 31:
            found.append(Day(year, month, number, match.start(), match.end(), resolved=True))
    return found


def relative_days(text: str, reference: date) -> list[Day]:
    """Dates told relative to the text's own date."""
    folded = fold(text)
    found = _days_of_months(folded, reference)
    for pattern, resolve in _RELATIVE:
        for match in pattern.finditer(folded):
            if not any(match.start() < d.end and d.start < match.end() for d in found):
                found.append(Day(*resolve(reference), match.start(), match.end(), resolved=True))
    return found
