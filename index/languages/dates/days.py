"""The dates of a text, as exact as the text states them.

In: a text, folded too, and which of its characters are taken. Out: `Day`s. Those stated relative to
the text's own date are in relative_days.py.
"""

from __future__ import annotations

import re
from dataclasses import replace

from index.languages import late
from index.languages.numbers.number_parts import Dates
from index.languages.numbers.numerals import numeral_value
from index.languages.numbers.quantities import free, take, unit_after
from index.languages.numbers.quantity import Day
from index.languages.pack import either, month_numbers, packs

REPUBLIC_OF_CHINA = 1911
"""Year 1 of the Republic of China is 1912."""

FIRST_YEAR = 1500
"""A number before this year is a year only where a word says so."""

LAST_YEAR = 2100

_YEAR = r"(?:1[0-9]|20)\d\d"
_YEAR_WORD = either(pack.dates.year_word for pack in packs())
_TO = "|".join(["-", "–", "—", "~", *(p.dates.year_to for p in packs() if p.dates.year_to)])
_NO_YEAR_BEHIND = either(pack.dates.no_year_behind for pack in packs())

_ISO = late.pattern(
    rf"(?<!\d)(?P<y>{_YEAR})[-/.](?P<m>0?[1-9]|1[0-2])[-/.](?P<d>3[01]|[12]\d|0?[1-9])(?!\d)"
)
_SLASHES = late.pattern(
    r"(?<![\d/.-])(?P<m>0?[1-9]|1[0-2])/(?P<d>3[01]|[12]\d|0?[1-9])/(?P<yy>\d\d|(?:19|20)\d\d)(?!\d)"
)
_DOTS = late.pattern(
    rf"(?<![\d/.-])(?P<d>3[01]|[12]\d|0?[1-9])\.(?P<m>0[1-9]|1[0-2])\.(?P<y>{_YEAR})(?!\d)"
)
_BARE_YEAR = late.pattern(
    rf"(?<![\d.,$€£¥/-])(?P<y>(?:1[5-9]|20)\d\d)(?!\d|[.,]\d|%|{_NO_YEAR_BEHIND})"
)
_YEAR_RANGE = late.pattern(
    rf"(?<!\d)(?P<from>{_YEAR})\s?(?:{_YEAR_WORD})?\s?(?:{_TO})\s?(?P<to>{_YEAR}|\d\d)"
    rf"(?=\s?(?:{_YEAR_WORD})|\b)(?!\d)"
)
_NAMED_YEAR = late.pattern(rf"\s?(?:{_YEAR_WORD})")

_NO_DATES = Dates()


def _patterns() -> list[tuple[re.Pattern[str], Dates]]:
    """The fullest forms first, each with the language it is of."""
    found = [(_ISO, _NO_DATES), (_DOTS, _NO_DATES)]
    for pack in packs():
        found += [(late.pattern(pattern), pack.dates) for pattern in pack.dates.full]
    found.append((_SLASHES, _NO_DATES))
    for pack in packs():
        found += [(late.pattern(pattern), pack.dates) for pattern in pack.dates.lone]
    return [*found, (_BARE_YEAR, _NO_DATES)]


_DAY_PATTERNS = _patterns()
_MONTH_RANGES = [late.pattern(p.dates.month_range) for p in packs() if p.dates.month_range]


def _era_patterns(folded: str) -> list[tuple[re.Pattern[str], Dates]]:
    """Forms of dates that are dates only where the text names an era: 98年 with 民国."""
    eras = [pack.dates for pack in packs() if pack.dates.era and pack.dates.era in folded]
    forms = [(form, dates) for dates in eras for form in (*dates.full[1:2], *dates.era_years)]
    return [(late.pattern(form), dates) for form, dates in forms]


def find_days(text: str, folded: str, taken: list[bool]) -> list[Day]:
    """Ranges of years and of months first, then single dates, the fullest forms first."""
    found = list(_year_ranges(folded, taken))
    for pattern in _MONTH_RANGES:
        found += _months(pattern, folded, taken, found)
    for pattern, dates in [*_era_patterns(folded), *_DAY_PATTERNS]:
        for match in pattern.finditer(folded):
            if free(taken, match.start(), match.end()):
                day = _day(text, folded, match, dates)
                if day is not None and not (pattern is _BARE_YEAR and _counts(folded, match)):
                    take(taken, day.start, day.end)
                    found += _with_the_other(match, day)
    return found


def _year_ranges(folded: str, taken: list[bool]) -> list[Day]:
    found = []
    for match in _YEAR_RANGE.finditer(folded):
        low = int(match["from"])
        high = int(match["to"]) + (low // 100 * 100 if len(match["to"]) == 2 else 0)
        named = _NAMED_YEAR.match(folded, match.end())
        if low < high <= LAST_YEAR and (named or low >= FIRST_YEAR):
            end = named.end() if named else match.end()
            take(taken, match.start(), end)
            found += [Day(year, None, None, match.start(), end) for year in (low, high)]
    return found


def _months(
    pattern: re.Pattern[str], folded: str, taken: list[bool], found: list[Day]
) -> list[Day]:
    """Both ends of ranges of months; a year just before them is theirs."""
    months = []
    for match in pattern.finditer(folded):
        if free(taken, match.start(), match.end()):
            before = (day.year for day in reversed(found) if day.end == match.start())
            year = int(match["y"]) if match["y"] else next(before, None)
            take(taken, match.start(), match.end())
            months += [
                Day(year, int(match[end]), None, match.start(), match.end())
                for end in ("from", "to")
            ]
    return months


def _counts(folded: str, match: re.Match[str]) -> bool:
    """Whether what looks like a year counts something: 2000公里."""
    return bool(unit_after(folded, match.end())[0])


def _day(text: str, folded: str, match: re.Match[str], dates: Dates) -> Day | None:
    groups = match.groupdict()
    month = day = None
    if name := groups.get("m"):
        month = month_numbers().get(name) or int(numeral_value(name) or 0)
    if groups.get("d"):
        day = int(numeral_value(groups["d"]) or 0)
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    found = Day(_year(groups), month, day, match.start(), match.end())
    named = name is not None and name in dates.months
    return found if not named or _is_month(text, folded, match, dates, found) else None


def _with_the_other(match: re.Match[str], day: Day) -> list[Day]:
    """A day, and the other of a range or pair of days of its month."""
    other = match.groupdict().get("other")
    both = [day, replace(day, day=int(other))] if other else [day]
    return sorted(both, key=lambda each: each.day or 0)


def _year(groups: dict[str, str | None]) -> int | None:
    if year := groups.get("y"):
        return int(numeral_value(year) or 0) or None
    if year := groups.get("yy"):
        return int(year) + (2000 if len(year) == 2 else 0)
    if year := groups.get("roc"):
        return int(numeral_value(year) or 0) + REPUBLIC_OF_CHINA
    return None


def _is_month(text: str, folded: str, match: re.Match[str], dates: Dates, found: Day) -> bool:
    """Whether a month's name is one: "may" is not, nor is "May" alone without a word before it."""
    if dates.capital_months and not text[match.start("m")].isupper():
        return False
    alone = found.day is None and found.year is None
    doubtful = alone and match["m"] in dates.doubtful_months
    before = late.pattern(dates.before_month) if doubtful else None
    return before is None or bool(before.search(folded, max(0, match.start() - 12), match.start()))
