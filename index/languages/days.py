"""The dates of a text, as far as they are told there.

In: a text, folded too, and which of its characters are taken. Out: `Day`s. Those told relative to
the text's own date are in relative_days.py.
"""

from __future__ import annotations

import re

from index.languages.numerals import SCALE, numeral_value
from index.languages.quantities import free, take, unit_after
from index.languages.quantity import Day
from index.languages.units import (
    MONTHS,
)

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))

_YEAR = r"(?:1[0-9]|20)\d\d"

_HAN_YEAR = "[一二][〇零一二三四五六七八九]{3}"

_HAN_SMALL = "[一二三四五六七八九十]{1,3}"

_DAY_PATTERNS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<!\d)(?P<y>{_YEAR})[-/.](?P<m>0?[1-9]|1[0-2])[-/.](?P<d>3[01]|[12]\d|0?[1-9])(?!\d)",
        rf"(?<!\d)(?P<y>{_YEAR}|{_HAN_YEAR})\s?年\s?(?P<m>\d{{1,2}}|{_HAN_SMALL})\s?月(?:\s?(?P<d>\d{{1,2}}|{_HAN_SMALL})\s?[日号]|份?)",
        r"民国\s?(?P<roc>\d{2,3})年(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?)?",
        rf"(?<!\d)(?P<y>{_YEAR}|{_HAN_YEAR})\s?年(?!代)",
        r"(?<![\d.])(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?[日号]",
        rf"(?P<m>{_HAN_SMALL})月(?P<d>{_HAN_SMALL})[日号]",
        r"(?<![\d.第个])(?P<m>1[0-2]|0?[1-9])\s?月(?!球)",
        r"(?<![\d一二三四五六七八九十个第几])(?P<m>十[一二]?|[二三四五六七八九]|一(?=月(?:份|初|底|中旬|上旬|下旬|末|间|,|，|的)))月",
        rf"\b(?P<m>{_MONTH})\b\.?\s(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\b(?:,?\s(?P<y>{_YEAR})\b)?",
        rf"(?<!\d)(?P<d>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?:\sof)?\s(?P<m>{_MONTH})\b\.?(?:,?\s(?P<y>{_YEAR})\b)?",
        rf"\b(?P<m>{_MONTH})\b\.?,?\s(?:of\s)?(?P<y>{_YEAR})\b",
        r"(?<![\d/.-])(?P<m>0?[1-9]|1[0-2])/(?P<d>3[01]|[12]\d|0?[1-9])/(?P<yy>\d\d|(?:19|20)\d\d)(?!\d)",
        rf"\b(?P<m>{_MONTH})\b",
        r"(?<![\d.,:月第])(?P<d>3[01]|[12]\d|0?[1-9])[日号](?![内间本元])",
        rf"(?<![\d.,$€£¥/-])(?P<y>(?:1[5-9]|20)\d\d)(?!\d|[.,]\d|[%/年]|\s?[余多百千万亿兆]|[-\s]?(?:{SCALE})\b|s\b)",
    )
)

_BARE_YEAR = len(_DAY_PATTERNS) - 1

_YEAR_RANGE = re.compile(
    rf"(?<!\d)(?P<from>{_YEAR})\s?年?\s?(?:-|–|—|~|至|到|to|and)\s?(?P<to>{_YEAR}|\d\d)(?=年|\b)(?!\d)"
)

_MONTH_RANGE = re.compile(
    r"(?<!\d)(?P<from>1[0-2]|[1-9])\s?(?:-|–|—|~|至|到|、)\s?(?P<to>1[0-2]|[1-9])\s?月(?!\s?\d)"
)

_MONTH_CONTEXT = re.compile(
    r"(?:\b(?:in|of|on|since|until|till|by|from|to|through|between|and|early|late|mid|last|this|next|"
    r"during|before|after|around|end|beginning)[\s-]|\d\s)$"
)

_AMBIGUOUS_MONTHS = frozenset({"may", "march", "mar", "jan", "sep", "dec"})


def find_days(text: str, folded: str, taken: list[bool]) -> list[Day]:
    """Ranges of years and of months first, then single dates, the fullest forms first."""
    found: list[Day] = []
    for match in _YEAR_RANGE.finditer(folded):
        low = int(match["from"])
        high = int(match["to"]) + (low // 100 * 100 if len(match["to"]) == 2 else 0)
        han = folded[match.end() : match.end() + 1] == "年"
        if low < high <= 2100 and (han or low >= 1500):
            end = match.end() + han
            take(taken, match.start(), end)
            found += [
                Day(low, None, None, match.start(), end),
                Day(high, None, None, match.start(), end),
            ]
    for match in _MONTH_RANGE.finditer(folded):
        if free(taken, match.start(), match.end()):
            year = next((d.year for d in reversed(found) if d.end == match.start()), None)
            prefix = re.search(
                rf"({_YEAR})年\s?$", folded[max(0, match.start() - 6) : match.start()]
            )
            start = match.start()
            if prefix:
                year, start = int(prefix[1]), match.start() - len(prefix[0])
            take(taken, start, match.end())
            found += [Day(year, int(match[g]), None, start, match.end()) for g in ("from", "to")]
    for index, pattern in enumerate(_DAY_PATTERNS):
        for match in pattern.finditer(folded):
            if not free(taken, match.start(), match.end()):
                continue
            day = _day(text, folded, match, index == _BARE_YEAR)
            if day is not None:
                take(taken, day.start, day.end)
                found.append(day)
    return found


def _day(text: str, folded: str, match: re.Match[str], bare_year: bool) -> Day | None:
    groups = match.groupdict()
    year = month = day = None
    if groups.get("y"):
        value = numeral_value(groups["y"])
        year = None if value is None else int(value)
    elif groups.get("yy"):
        year = int(groups["yy"]) + (2000 if len(groups["yy"]) == 2 else 0)
    elif groups.get("roc"):
        year = int(groups["roc"]) + 1911
    if name := groups.get("m"):
        month = MONTHS.get(name) or int(numeral_value(name) or 0)
    if groups.get("d"):
        day = int(numeral_value(groups["d"]) or 0)
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    if name in MONTHS and name.isascii():
        if not text[match.start("m")].isupper():
            return None
        lone = day is None and year is None
        context = _MONTH_CONTEXT.search(folded, max(0, match.start() - 12), match.start())
        if lone and name in _AMBIGUOUS_MONTHS and not context:
            return None
    if bare_year and unit_after(folded, match.end())[0]:
        return None
    return Day(year, month, day, match.start(), match.end())
