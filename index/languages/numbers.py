"""Numbers and dates of a text, made comparable across Chinese, English and Russian.

In: a text. Out: `Quantity`s (a value in a base unit: 250萬人 and "2.5 million" are equal, 7644公里 and
"7,644 km" too) and `Day`s (a year, a month, a day, as far as they are told; relative ones such as
去年 or "last month" where the text's own date is known), with their places in the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache

from index.languages.text import fold
from index.languages.units import (
    COUNT_WORDS,
    CURRENCIES,
    FRACTION_WORDS,
    HAN_DIGITS,
    HAN_SCALES,
    MONTHS,
    ORDINAL_WORDS,
    SIGNS,
    SMALL_WORDS,
    TENS_WORDS,
    WORD_SCALES,
    unit_names,
)

ROUNDING = 0.005
"""A number written with three or more digits may round its source by this share: 7,640 for 7,644."""

UNIT_ROUNDING = 1e-6
"""What conversion between units may lose."""

ROUGH_ROUNDING = 0.06
"""The same behind a word such as "about" or 約: "about 600,000" for 567,000 is still right."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with what it counts."""

    value: float
    """In the base unit of its kind: metres, hours, units of the currency, percent."""
    kind: str
    """"%", "times", "ordinal", "decade", a currency code ("currency" where the text leaves it open),
    a dimension ("length", "mass", "month", "hour", ...); "" for a plain count."""
    number: float
    """As the text counts: 12 in "12 years", 2,500,000 in 250萬人."""
    start: int
    end: int
    rough: bool = False
    """Said to be approximate."""
    sure: bool = True
    """False where the words may mean no number at all (一 in 一些, "one" as a pronoun)."""

    def equals(self, other: Quantity) -> bool:
        """Whether both can be the same number of the same thing."""
        return _same_value(self, other)


@dataclass(frozen=True, slots=True)
class Day:
    """A date, as far as it is told."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int
    resolved: bool = False
    """Told relative to the text's own date, or completed from it."""

    def within(self, other: Day) -> bool:
        """Whether `other` says, or at least does not contradict, all that this date says."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        if any(a is not None and b is not None and a != b for a, b in pairs):
            return False
        told = [b is not None for a, b in pairs if a is not None]
        return bool(told) and told[-1]

    def iso(self) -> str:
        """ "2022-09-20", "2022-09" or "2022"; "" without a year."""
        if self.year is None:
            return ""
        parts = [f"{self.year:04}"]
        if self.month is not None:
            parts.append(f"{self.month:02}")
            if self.day is not None:
                parts.append(f"{self.day:02}")
        return "-".join(parts)


_UNITS = unit_names()
_HAN_UNITS = sorted((n for n in _UNITS if ord(n[0]) > 0x2E80), key=len, reverse=True)
_WORD_UNITS = sorted((n for n in _UNITS if ord(n[0]) <= 0x2E80), key=len, reverse=True)

# -- numerals ------------------------------------------------------------------------------------

_DIGITS = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_HAN_NUMERAL = "[零〇一二两三四五六七八九十百千万亿]"
_WORD = "|".join([*SMALL_WORDS, *TENS_WORDS])
_SCALE = "|".join(sorted(WORD_SCALES, key=len, reverse=True))
_NUMBER_WORDS = rf"(?:{_WORD})(?:[- ](?:{_WORD}))*(?:[- ](?:and )?(?:hundred|thousand|million|billion|trillion|{_WORD}))*"
_NUMBER = re.compile(
    rf"(?P<digits>{_DIGITS})"
    rf"|(?P<words>\b{_NUMBER_WORDS}\b|\b(?:a|half a) (?:hundred|thousand|million|billion|trillion|dozen)\b)"
    rf"|(?P<han>{_HAN_NUMERAL}+(?:点[零〇一二三四五六七八九]+)?)"
)
_AFTER_DIGITS = re.compile(
    rf"(?P<han>\s?(?:十|百|千)?(?:万亿|万|亿|兆)|\s?[百千](?!克|瓦|米|分))"
    rf"|(?P<word>[\s-]?(?:{_SCALE})\b\.?)(?P<more>[\s-](?:{_SCALE})\b)?"
)
_MORE = re.compile(r"[\s]?(?:余|多|来|几|plus\b|\+)")
_BETWEEN = re.compile(r"\s?(?:-|–|—|――|~|～|至|到|to|and|or|或)\s?$")
_ROUGH_BEFORE = re.compile(
    r"(?:约|大约|近|将近|接近|超过|超|逾|达到|至少|不到|几乎|左右|more than|over|about|around|nearly|"
    r"almost|some|roughly|approximately|at least|up to|under|less than|fewer than|close to|"
    r"estimated|около|более|почти)\s*(?:a |an |the )?(?:us)?[$€£¥]?\s*$"
)
_VAGUE_BEFORE = re.compile(r"[几数上好成]$")
_SIGN_BEFORE = re.compile(r"(?:us\$|hk\$|nt\$|\$|€|£|₽|₸|¥|₩|₹|\brmb|\busd|\beur)\s?$")
_ENGLISH_ORDINAL = re.compile(
    rf"\b(?P<n>\d+)(?:st|nd|rd|th)\b|\b(?P<word>{'|'.join(sorted(ORDINAL_WORDS, key=len, reverse=True))})\b"
)
_HAN_ORDINAL = re.compile(rf"第\s?(?:(?P<n>\d+)|(?P<han>{_HAN_NUMERAL}+))|(?P<number>\d+)\s?号")
_HAN_PERCENT = re.compile(
    rf"百分之\s?(?:(?P<n>{_DIGITS})|(?P<han>{_HAN_NUMERAL}+(?:点{_HAN_NUMERAL}+)?))"
)
_HAN_FRACTION = re.compile(
    rf"(?P<under>\d+|{_HAN_NUMERAL}+)\s?分之\s?(?P<over>\d+|{_HAN_NUMERAL}+)"
)
_ONE_IN = re.compile(
    rf"\b(?P<over>one|two|three|\d+)[ -](?:in|out of)[ -](?P<under>{'|'.join(SMALL_WORDS)}|\d+)\b"
)
_WORD_FRACTION = re.compile(
    rf"\b(?P<over>{'|'.join(SMALL_WORDS)}|a|\d+)[- ](?P<under>{'|'.join(k for k in FRACTION_WORDS if k != 'half')})\b"
    r"(?! (?:place|time|year|day|round|person|man|woman|party|country|world|term))"
)
_FOLD = re.compile(rf"\b(?P<n>{'|'.join(SMALL_WORDS)}|\d+)-?fold\b")
_HALF = re.compile(
    r"\bhalf\b(?! a (?:hundred|thousand|million|billion|trillion|dozen))|半数|一半|过半|半"
)
_SPAN_WORD = re.compile(
    r"(?<!\d\s)(?<!\d-)\b(?P<unit>decade|century|year|month|week|day|hour|minute|mile|quarter)\b"
)
_CLOCK = re.compile(
    r"(?<![\d:])(?P<h>[01]?\d|2[0-4])[:.](?P<min>[0-5]\d)(?:\s?[ap]\.?m\b|(?<=:\d\d)(?!\d))"
    r"|(?<![\d:.])(?P<h2>[01]?\d)\s?[ap]\.?m\b"
    rf"|(?P<h3>\d{{1,2}}|{_HAN_NUMERAL}{{1,2}})\s?[点时](?!间|候|代|钟头)(?:\s?(?P<min2>\d{{1,2}}|{_HAN_NUMERAL}{{1,3}})\s?分)?"
)
_IDIOMS = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六](?![个天])|四[处周季方面]|十分(?!之|钟)|百分(?!之)|百[货姓般]|万[岁圣一分般]|千万(?=[不别])|一一|三[军角思]|五[角官]|"
    r"[百千]方百计"
)
_CENTURY = re.compile(
    rf"(?P<n>\d{{1,2}})(?:\s?世纪|(?:st|nd|rd|th)[- ]century)|(?P<han>{_HAN_NUMERAL}{{1,3}})世纪"
    rf"|\b(?P<word>{'|'.join(ORDINAL_WORDS)})[- ]century"
)
_DECADE = re.compile(
    r"\b(?P<long>(?:1[5-9]|20)\d0)s\b|(?P<short>[1-9]0)\s?年代|(?P<han>[一二三四五六七八九]十)年代"
)
_COUNT_WORD = re.compile(
    "|".join(
        rf"\b{word}\b" if word.isascii() else word
        for word in sorted(COUNT_WORDS, key=len, reverse=True)
    )
)


def han_number(text: str) -> float | None:
    """二百五十 -> 250, 三点五 -> 3.5, 二〇二二 -> 2022 (folded text); None for what is no numeral."""
    whole, _, fraction = text.partition("点")
    if not whole:
        return None
    if all(c in HAN_DIGITS for c in whole):
        value = 0.0
        for c in whole:
            value = 10 * value + HAN_DIGITS[c]
    else:
        total = section = 0.0
        digit: float | None = None
        for c in whole:
            if c in HAN_DIGITS:
                digit = float(HAN_DIGITS[c])
                continue
            scale = HAN_SCALES.get(c)
            if scale is None:
                return None
            if scale >= 10**4:
                total = (
                    (total + section + (digit or 0)) * scale
                    if total + section + (digit or 0)
                    else scale
                )
                section, digit = 0.0, None
            else:
                section += (1 if digit is None else digit) * scale
                digit = None
        value = total + section + (digit or 0)
    if fraction:
        value += sum(
            HAN_DIGITS[c] / 10 ** (i + 1) for i, c in enumerate(fraction) if c in HAN_DIGITS
        )
    return value


def word_number(text: str) -> float | None:
    """ "two hundred and fifty" -> 250 (lower case); None for what is no number."""
    if text.startswith("half a "):
        unit = word_number("a " + text.removeprefix("half a "))
        return None if unit is None else unit / 2
    total = current = 0.0
    for word in re.split(r"[-\s]+", text):
        if word in SMALL_WORDS:
            current += SMALL_WORDS[word]
        elif word in TENS_WORDS:
            current += TENS_WORDS[word]
        elif word == "dozen":
            current = (current or 1) * 12
        elif word == "hundred":
            current = (current or 1) * 100
        elif word in WORD_SCALES:
            total += (current or 1) * WORD_SCALES[word]
            current = 0.0
        elif word not in {"and", "a"}:
            return None
    return total + current


# -- quantities ----------------------------------------------------------------------------------


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text in order, dates left out."""
    return list(_read(text)[0])


@lru_cache(4096)
def _read(text: str) -> tuple[tuple[Quantity, ...], tuple[Day, ...]]:
    folded = fold(text.replace("，", "；"))
    taken = [False] * len(folded)
    days = _find_days(text, folded, taken)
    found = [*_special(folded, taken), *_plain(text, folded, taken)]
    return tuple(sorted(found, key=lambda q: q.start)), tuple(sorted(days, key=lambda d: d.start))


def _free(taken: Sequence[bool], start: int, end: int) -> bool:
    return not any(taken[start:end])


def _take(taken: list[bool], start: int, end: int) -> None:
    taken[start:end] = [True] * (end - start)


def _special(folded: str, taken: list[bool]) -> list[Quantity]:
    """Centuries, decades, percents, fractions, ordinals: what is not a number and its unit."""
    found: list[Quantity] = []
    for match in _IDIOMS.finditer(folded):
        _take(taken, match.start(), match.end())

    def add(match: re.Match[str], value: float | None, kind: str, sure: bool = True) -> None:
        if value is not None and _free(taken, match.start(), match.end()):
            _take(taken, match.start(), match.end())
            found.append(Quantity(value, kind, value, match.start(), match.end(), sure=sure))

    for match in _CENTURY.finditer(folded):
        add(match, _either(match), "century")
    for match in _DECADE.finditer(folded):
        value = (
            int(match["long"]) % 100 if match["long"] else _value(match["short"] or match["han"])
        )
        if match["long"] and _free(taken, *match.span()):
            century = float(match["long"][:2]) + 1
            found.append(Quantity(century, "century", century, *match.span(), sure=False))
        add(match, value, "decade")
    for match in _HAN_PERCENT.finditer(folded):
        add(match, _either(match), "%")
    for pattern in (_HAN_FRACTION, _ONE_IN):
        for match in pattern.finditer(folded):
            under, over = _value(match["under"]), _value(match["over"])
            if under and over is not None and over < under:
                add(match, 100 * over / under, "%")
    for match in _WORD_FRACTION.finditer(folded):
        over = 1.0 if match["over"] == "a" else _value(match["over"])
        sure = match["under"] not in {"second", "fourth"}
        add(match, None if over is None else 100 * over / FRACTION_WORDS[match["under"]], "%", sure)
    for match in _FOLD.finditer(folded):
        add(match, _value(match["n"]), "times")
    for match in _HALF.finditer(folded):
        add(match, 50.0, "%", sure=False)
    for match in _HAN_ORDINAL.finditer(folded):
        value = _either(match)
        add(match, value, "ordinal", sure=value is not None and value > 2)
    for match in _ENGLISH_ORDINAL.finditer(folded):
        add(match, _either(match), "ordinal", sure=match["n"] is not None)
    for match in _COUNT_WORD.finditer(folded):
        add(match, float(COUNT_WORDS[match.group()]), "time", sure=False)
    for match in _SPAN_WORD.finditer(folded):
        kind, factor = _UNITS[match["unit"]]
        if _free(taken, match.start(), match.end()):
            found.append(Quantity(factor, kind, 1.0, match.start(), match.end(), sure=False))
    for match in _CLOCK.finditer(folded):
        hour = _value(match["h"] or match["h2"] or match["h3"]) or 0
        minute = _value(match["min"] or match["min2"] or "0") or 0
        if hour <= 24 and minute < 60:
            add(match, (60 * hour + minute) % 720, "clock", sure=bool(match["min"]))
    return found


def _either(match: re.Match[str]) -> float | None:
    groups = match.groupdict()
    text = next((groups[n] for n in ("n", "han", "word", "number") if groups.get(n)), None)
    return None if text is None else _value(text)


def _value(text: str) -> float | None:
    if text[0].isdigit():
        return float(text.replace(",", ""))
    if text in ORDINAL_WORDS:
        return float(ORDINAL_WORDS[text])
    return word_number(text) if text.isascii() else han_number(text)


@dataclass(slots=True)
class _Number:
    value: float
    scale: float
    factor: float
    kind: str
    start: int
    end: int
    core_start: int
    rough: bool
    sure: bool
    bare: bool
    """Neither a scale nor a unit of its own: takes those of the number it makes a range with."""


def _plain(text: str, folded: str, taken: list[bool]) -> list[Quantity]:
    numbers: list[_Number] = []
    at = 0
    while match := _NUMBER.search(folded, at):
        at = match.end()
        if not _free(taken, match.start(), match.end()) or _glued(folded, match):
            continue
        number = _number(text, folded, match)
        if number is None:
            continue
        at = max(at, number.end)
        if numbers and _extends(folded, numbers[-1], number):
            continue
        numbers.append(number)
    for low, high in itertools.pairwise(numbers):
        gap = folded[low.end : high.core_start]
        if (
            low.bare
            and not high.bare
            and _BETWEEN.fullmatch(gap)
            and low.value < high.value / high.scale
        ):
            low.value *= high.scale
            low.factor, low.kind = high.factor, high.kind
            low.sure = high.sure
    return [
        Quantity(n.value * n.factor, n.kind, n.value, n.start, n.end, n.rough, n.sure)
        for n in numbers
    ]


def _glued(folded: str, match: re.Match[str]) -> bool:
    """Part of a name (G20, B-1B, Su-25, COVID-19), not a number."""
    before = folded[max(0, match.start() - 2) : match.start()]
    if match["digits"] is None:
        return False
    if before[-1:].isalpha() and before[-1:].isascii():
        return True
    return len(before) == 2 and before[1] in "-–" and before[0].isascii() and before[0].isalpha()


def _number(text: str, folded: str, match: re.Match[str]) -> _Number | None:
    start, end = match.span()
    scale = 1.0
    rough = bool(_ROUGH_BEFORE.search(folded, max(0, start - 24), start))
    sure = not _VAGUE_BEFORE.search(folded, max(0, start - 1), start)
    if match["digits"]:
        value: float | None = float(match["digits"].replace(",", ""))
        end, scale, more = _scale(folded, end)
        rough = rough or more
    elif match["words"]:
        value = word_number(match["words"])
    else:
        value = han_number(match["han"])
        if (more_match := _MORE.match(folded, end)) is not None:
            end, rough = more_match.end(), True
    if value is None:
        return None
    sign = _SIGN_BEFORE.search(folded, max(0, start - 4), start)
    if match["digits"] and sign and scale == 1 and re.match(r"\s?m\b", folded[end : end + 3]):
        scale, end = 1e6, end + folded[end : end + 3].index("m") + 1
    kind, factor, unit_end = _unit(folded, end)
    if sign:
        kind, factor, start = SIGNS[sign.group().strip()], 1.0, sign.start()
    has_unit = unit_end > end
    if match["han"]:
        spelled = any(c in HAN_DIGITS for c in match["han"]) or match["han"][0] == "十"
        counted = has_unit and (kind != "" or value > 2)
        sure = sure and spelled and (counted or value >= 20) and value > 1
    elif match["words"]:
        name = text[start].isupper() and text[end + 1 : end + 2].isupper()
        sure = sure and value != 1 and not name
    elif value * scale == 1:
        sure = sure and (kind in CURRENCIES or kind == "%")
    return _Number(
        value * scale,
        scale,
        factor,
        kind,
        start,
        unit_end,
        match.start(),
        rough,
        sure,
        bare=not has_unit and scale == 1 and not sign,
    )


def _scale(folded: str, end: int) -> tuple[int, float, bool]:
    """Where the number ends with its scale (萬, million), the scale, and whether 餘 or 多 follows."""
    scale, rough = 1.0, False
    if (more := _MORE.match(folded, end)) is not None:
        end, rough = more.end(), True
    match = _AFTER_DIGITS.match(folded, end)
    if match is None:
        return end, scale, rough
    if match["han"]:
        for c in match["han"].strip():
            scale *= HAN_SCALES[c]
    else:
        for word in (match["word"], match["more"]):
            if word:
                scale *= WORD_SCALES[word.strip(" -.")]
    end = match.end()
    if (more := _MORE.match(folded, end)) is not None:
        end, rough = more.end(), True
    return end, scale, rough


def _unit(folded: str, end: int) -> tuple[str, float, int]:
    """The unit that follows: its kind, how many base units it has, where it ends."""
    at = end + (folded[end : end + 1] in (" ", "-") and end < len(folded))
    for name in _HAN_UNITS:
        if folded.startswith(name, at):
            kind, factor = _UNITS[name]
            if name in {"日", "号"} and folded[at + 1 : at + 2] not in ("内", "间"):
                continue
            return kind, factor, at + len(name)
    for name in _WORD_UNITS:
        if folded.startswith(name, at) and not (
            name[-1].isalpha() and folded[at + len(name) : at + len(name) + 1].isalpha()
        ):
            kind, factor = _UNITS[name]
            return kind, factor, at + len(name)
    return "", 1.0, end


def _extends(folded: str, last: _Number, number: _Number) -> bool:
    """3亿5000万, "5 feet 3": the second continues the first, which then holds both."""
    if last.end == number.core_start and last.scale > number.scale >= 1 and not last.kind:
        last.value += number.value
        last.factor, last.kind, last.end = number.factor, number.kind, number.end
        return True
    return False


# -- days ----------------------------------------------------------------------------------------

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
        rf"(?<![\d.,$€£¥/-])(?P<y>(?:1[5-9]|20)\d\d)(?!\d|[.,]\d|[%/年]|\s?[余多百千万亿兆]|[-\s]?(?:{_SCALE})\b|s\b)",
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


def _find_days(text: str, folded: str, taken: list[bool]) -> list[Day]:
    found: list[Day] = []
    for match in _YEAR_RANGE.finditer(folded):
        low = int(match["from"])
        high = int(match["to"]) + (low // 100 * 100 if len(match["to"]) == 2 else 0)
        han = folded[match.end() : match.end() + 1] == "年"
        if low < high <= 2100 and (han or low >= 1500):
            end = match.end() + han
            _take(taken, match.start(), end)
            found += [
                Day(low, None, None, match.start(), end),
                Day(high, None, None, match.start(), end),
            ]
    for match in _MONTH_RANGE.finditer(folded):
        if _free(taken, match.start(), match.end()):
            year = next((d.year for d in reversed(found) if d.end == match.start()), None)
            prefix = re.search(
                rf"({_YEAR})年\s?$", folded[max(0, match.start() - 6) : match.start()]
            )
            start = match.start()
            if prefix:
                year, start = int(prefix[1]), match.start() - len(prefix[0])
            _take(taken, start, match.end())
            found += [Day(year, int(match[g]), None, start, match.end()) for g in ("from", "to")]
    for index, pattern in enumerate(_DAY_PATTERNS):
        for match in pattern.finditer(folded):
            if not _free(taken, match.start(), match.end()):
                continue
            day = _day(text, folded, match, index == _BARE_YEAR)
            if day is not None:
                _take(taken, day.start, day.end)
                found.append(day)
    return found


def _day(text: str, folded: str, match: re.Match[str], bare_year: bool) -> Day | None:
    groups = match.groupdict()
    year = month = day = None
    if groups.get("y"):
        value = _value(groups["y"])
        year = None if value is None else int(value)
    elif groups.get("yy"):
        year = int(groups["yy"]) + (2000 if len(groups["yy"]) == 2 else 0)
    elif groups.get("roc"):
        year = int(groups["roc"]) + 1911
    if name := groups.get("m"):
        month = MONTHS.get(name) or int(_value(name) or 0)
    if groups.get("d"):
        day = int(_value(groups["d"]) or 0)
    if (month is not None and not 1 <= month <= 12) or (day is not None and not 1 <= day <= 31):
        return None
    if name in MONTHS and name.isascii():
        if not text[match.start("m")].isupper():
            return None
        lone = day is None and year is None
        context = _MONTH_CONTEXT.search(folded, max(0, match.start() - 12), match.start())
        if lone and name in _AMBIGUOUS_MONTHS and not context:
            return None
    if bare_year and _unit(folded, match.end())[0]:
        return None
    return Day(year, month, day, match.start(), match.end())


def days(text: str, told_on: str = "") -> list[Day]:
    """The dates of a text, in order.

    `told_on` is the text's own date (ISO 8601): with it, dates without a year get one, and
    relative ones (去年, "last month", 近日) are found too, `resolved`.
    """
    plain = _read(text)[1]
    reference = _reference(told_on)
    if reference is None:
        return list(plain)
    folded = fold(text)
    resolved = _completed(plain, folded, reference)
    return sorted([*resolved, *relative_days(text, reference)], key=lambda d: d.start)


def _reference(told_on: str) -> date | None:
    try:
        return date.fromisoformat(told_on[:10])
    except ValueError:
        return None


_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1} | {
    "今年": 0, "本年": 0, "明年": 1, "后年": 2
}  # fmt: skip
_YEAR_BEFORE = re.compile(rf"(?P<year>{'|'.join(_YEARS)})的?\s?$")
_YEAR_AFTER = re.compile(r"\s(?:of )?(?P<year>last year|this year|next year)\b")
_MONTH_BEFORE = re.compile(r"\b(?P<which>last|next)\s$")
_YEARS_AWAY = {**_YEARS, "last year": -1, "this year": 0, "next year": 1}
_TOGETHER = re.compile(r"\s?(?:[-–—~、]|和|及|与|或|至|到|and|or|to)\s?")
"""What stands between two months of one year: 去年3月和4月."""


def year_beside(folded: str, day: Day) -> int | None:
    """How many years from the text's own a month is said to be: 去年3月 -1, "March next year" 1."""
    before = _YEAR_BEFORE.search(folded, max(0, day.start - 5), day.start)
    beside = before or _YEAR_AFTER.match(folded, day.end)
    return None if day.month is None or beside is None else _YEARS_AWAY[beside["year"]]


def _completed(plain: Sequence[Day], folded: str, reference: date) -> list[Day]:
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
        number = int(_value(match["day"]) or 0)
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


# -- comparing -----------------------------------------------------------------------------------


_HARD_KINDS = CURRENCIES.keys() | {"%", "times", "decade", "century", "clock"}
"""Kinds that a plain count cannot stand for."""


def _comparable(a: Quantity, b: Quantity) -> tuple[float, float] | None:
    """The two values to compare, where the quantities can be of the same kind; else None."""
    if a.kind == b.kind:
        return a.value, b.value
    kinds = {a.kind, b.kind}
    if "pound" in kinds:  # of money or of weight
        return (a.number, b.number) if kinds & {"GBP", "currency", "mass", ""} else None
    if kinds <= CURRENCIES.keys():
        return (a.value, b.value) if "currency" in kinds else None
    if kinds in ({"time", "times"}, {"point", "%"}):
        return a.value, b.value
    if kinds & {"", "ordinal", "time"} and not kinds & _HARD_KINDS:
        return a.number, b.number
    return None


def _same_value(claim: Quantity, source: Quantity) -> bool:
    pair = _comparable(claim, source)
    if pair is None:
        return False
    said, told = pair
    if said == told:
        return True
    if claim.kind == "decade":
        return said % 100 == told % 100
    if claim.kind in {"ordinal", "century", "clock"} or not told:
        return False
    share = abs(said - told) / abs(told)
    if share < UNIT_ROUNDING:
        return True
    if claim.rough or source.rough:
        return share <= ROUGH_ROUNDING and _digits(said) < _digits(told)
    return share <= ROUNDING and 3 <= _digits(said) < _digits(told)


def _digits(value: float) -> int:
    """Significant digits of a number as it is written: 4,500,000 has two."""
    return len(f"{value:.6g}".replace(".", "").replace("-", "").split("e")[0].strip("0"))


@dataclass(frozen=True, slots=True)
class Missing:
    """A number or date of a claim that its source does not say."""

    text: str
    start: int
    end: int
    date: bool


def missing(claim: str, sources: Iterable[tuple[str, str]]) -> list[Missing]:
    """The numbers and dates of `claim` that none of the sources, (text, its date), says."""
    claimed, claimed_days = _read(claim)
    told: list[Quantity] = []
    told_days: list[Day] = []
    for text, told_on in sources:
        found, found_days = _read(text)
        told += found
        told_days += found_days
        if told_on:
            told_days += [d for d in days(text, told_on) if d.resolved]
            told_days += _own_date(told_on)
    gone = [
        Missing(claim[q.start : q.end], q.start, q.end, False)
        for q in claimed
        if q.sure
        and not any(q.equals(other) for other in told)
        and not _is_year_among(q, told_days)
    ]
    gone += [
        Missing(claim[d.start : d.end], d.start, d.end, True)
        for d in claimed_days
        if not any(d.within(other) for other in told_days) and not _is_count_among(d, told)
    ]
    return sorted(gone, key=lambda m: m.start)


def _own_date(told_on: str) -> list[Day]:
    """The month an article appeared in: it may be said of what the article reports."""
    reference = _reference(told_on)
    return [] if reference is None else [Day(reference.year, reference.month, None, 0, 0, True)]


def _is_year_among(quantity: Quantity, told: Iterable[Day]) -> bool:
    return quantity.kind in {"", "month"} and any(
        day.year is not None and quantity.value in (day.year, 12 * day.year) for day in told
    )


def _is_count_among(day: Day, told: Iterable[Quantity]) -> bool:
    """A bare number that looked like a year, or a day that was meant as a span (10日内)."""
    if day.month is None and day.day is None:
        return any(q.value == day.year and q.kind == "" for q in told)
    return (
        day.year is None
        and day.month is None
        and any(q.kind == "hour" and q.value == 24 * (day.day or 0) for q in told)
    )
