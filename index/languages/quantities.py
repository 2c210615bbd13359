"""The numbers of a text with what they count.

In: folded text, and which of its characters are taken by something else. Out: `Quantity`s: numbers
with a unit; and centuries, percents, fractions, ordinals, clock times, which are no number with a
unit. What is read is taken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.languages.numerals import (
    DIGITS,
    HAN_NUMERAL,
    SCALE,
    han_number,
    numeral_value,
    word_number,
)
from index.languages.quantity import Quantity
from index.languages.units import (
    COUNT_WORDS,
    CURRENCIES,
    FRACTION_WORDS,
    HAN_DIGITS,
    HAN_SCALES,
    ORDINAL_WORDS,
    SIGNS,
    SMALL_WORDS,
    TENS_WORDS,
    WORD_SCALES,
    unit_names,
)

_UNITS = unit_names()

_HAN_UNITS = sorted((n for n in _UNITS if ord(n[0]) > 0x2E80), key=len, reverse=True)

_WORD_UNITS = sorted((n for n in _UNITS if ord(n[0]) <= 0x2E80), key=len, reverse=True)

_WORD = "|".join([*SMALL_WORDS, *TENS_WORDS])

_NUMBER_WORDS = rf"(?:{_WORD})(?:[- ](?:{_WORD}))*(?:[- ](?:and )?(?:hundred|thousand|million|billion|trillion|{_WORD}))*"

_NUMBER = re.compile(
    rf"(?P<digits>{DIGITS})"
    rf"|(?P<words>\b{_NUMBER_WORDS}\b|\b(?:a|half a) (?:hundred|thousand|million|billion|trillion|dozen)\b)"
    rf"|(?P<han>{HAN_NUMERAL}+(?:点[零〇一二三四五六七八九]+)?)"
)

_AFTER_DIGITS = re.compile(
    rf"(?P<han>\s?(?:十|百|千)?(?:万亿|万|亿|兆)|\s?[百千](?!克|瓦|米|分))"
    rf"|(?P<word>[\s-]?(?:{SCALE})\b\.?)(?P<more>[\s-](?:{SCALE})\b)?"
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

_HAN_ORDINAL = re.compile(rf"第\s?(?:(?P<n>\d+)|(?P<han>{HAN_NUMERAL}+))|(?P<number>\d+)\s?号")

_HAN_PERCENT = re.compile(
    rf"百分之\s?(?:(?P<n>{DIGITS})|(?P<han>{HAN_NUMERAL}+(?:点{HAN_NUMERAL}+)?))"
)

_HAN_FRACTION = re.compile(rf"(?P<under>\d+|{HAN_NUMERAL}+)\s?分之\s?(?P<over>\d+|{HAN_NUMERAL}+)")

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
    rf"|(?P<h3>\d{{1,2}}|{HAN_NUMERAL}{{1,2}})\s?[点时](?!间|候|代|钟头)(?:\s?(?P<min2>\d{{1,2}}|{HAN_NUMERAL}{{1,3}})\s?分)?"
)

_IDIOMS = re.compile(
    r"(?:周|星期|礼拜)[一二三四五六](?![个天])|四[处周季方面]|十分(?!之|钟)|百分(?!之)|百[货姓般]|万[岁圣一分般]|千万(?=[不别])|一一|三[军角思]|五[角官]|"
    r"[百千]方百计"
)

_CENTURY = re.compile(
    rf"(?P<n>\d{{1,2}})(?:\s?世纪|(?:st|nd|rd|th)[- ]century)|(?P<han>{HAN_NUMERAL}{{1,3}})世纪"
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


def free(taken: Sequence[bool], start: int, end: int) -> bool:
    """Whether nothing has read these characters yet."""
    return not any(taken[start:end])


def take(taken: list[bool], start: int, end: int) -> None:
    """Marks these characters as read."""
    taken[start:end] = [True] * (end - start)


def special_quantities(folded: str, taken: list[bool]) -> list[Quantity]:
    """Centuries, decades, percents, fractions, ordinals: what is not a number and its unit."""
    found: list[Quantity] = []
    for match in _IDIOMS.finditer(folded):
        take(taken, match.start(), match.end())

    def add(match: re.Match[str], value: float | None, kind: str, sure: bool = True) -> None:
        if value is not None and free(taken, match.start(), match.end()):
            take(taken, match.start(), match.end())
            found.append(Quantity(value, kind, value, match.start(), match.end(), sure=sure))

    for match in _CENTURY.finditer(folded):
        add(match, _either(match), "century")
    for match in _DECADE.finditer(folded):
        value = (
            int(match["long"]) % 100
            if match["long"]
            else numeral_value(match["short"] or match["han"])
        )
        if match["long"] and free(taken, *match.span()):
            century = float(match["long"][:2]) + 1
            found.append(Quantity(century, "century", century, *match.span(), sure=False))
        add(match, value, "decade")
    for match in _HAN_PERCENT.finditer(folded):
        add(match, _either(match), "%")
    for pattern in (_HAN_FRACTION, _ONE_IN):
        for match in pattern.finditer(folded):
            under, over = numeral_value(match["under"]), numeral_value(match["over"])
            if under and over is not None and over < under:
                add(match, 100 * over / under, "%")
    for match in _WORD_FRACTION.finditer(folded):
        over = 1.0 if match["over"] == "a" else numeral_value(match["over"])
        sure = match["under"] not in {"second", "fourth"}
        add(match, None if over is None else 100 * over / FRACTION_WORDS[match["under"]], "%", sure)
    for match in _FOLD.finditer(folded):
        add(match, numeral_value(match["n"]), "times")
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
        if free(taken, match.start(), match.end()):
            found.append(Quantity(factor, kind, 1.0, match.start(), match.end(), sure=False))
    for match in _CLOCK.finditer(folded):
        hour = numeral_value(match["h"] or match["h2"] or match["h3"]) or 0
        minute = numeral_value(match["min"] or match["min2"] or "0") or 0
        if hour <= 24 and minute < 60:
            add(match, (60 * hour + minute) % 720, "clock", sure=bool(match["min"]))
    return found


def _either(match: re.Match[str]) -> float | None:
    groups = match.groupdict()
    text = next((groups[n] for n in ("n", "han", "word", "number") if groups.get(n)), None)
    return None if text is None else numeral_value(text)


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


def plain_quantities(text: str, folded: str, taken: list[bool]) -> list[Quantity]:
    """Numbers with their units; the parts of a range share what only one of them names."""
    numbers: list[_Number] = []
    at = 0
    while match := _NUMBER.search(folded, at):
        at = match.end()
        if not free(taken, match.start(), match.end()) or _glued(folded, match):
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
    kind, factor, unit_end = unit_after(folded, end)
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


def unit_after(folded: str, end: int) -> tuple[str, float, int]:
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
