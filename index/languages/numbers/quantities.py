"""The numbers of a text with what they count.

In: folded text, and which of its characters are taken by something else. Out: `Quantity`s: numbers
with a unit; and centuries, percents, fractions, ordinals, clock times, which are no number with a
unit. What is read is taken.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.languages import late
from index.languages.numbers.numerals import DIGITS
from index.languages.numbers.quantity import Quantity, currencies
from index.languages.pack import Pack, either, packs, words_pattern
from index.languages.text import is_spaced

GENERAL_SIGNS = {
    "$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB", "₸": "KZT", "¥": "currency", "₩": "KRW", "₹": "INR",
}  # fmt: skip
GENERAL_UNITS = {
    "%": ("%", 1.0), "°c": ("degree", 1.0), "°f": ("degree", 1.0), "°": ("degree", 1.0),
}  # fmt: skip
_SIGNS = GENERAL_SIGNS | {s: code for pack in packs() for s, code in pack.numbers.signs.items()}


def _unit_names(pack: Pack) -> dict[str, tuple[str, float]]:
    """Every name of a unit -> its kind and how many base units it has; counters have kind ""."""
    numbers = pack.numbers
    names = dict.fromkeys(filter(None, numbers.counters.split("|")), ("", 1.0))
    for kind, spelled in numbers.currencies.items():
        names.update(dict.fromkeys(spelled.split("|"), (kind, 1.0)))
    for (kind, factor), spelled in numbers.measures.items():
        names.update(dict.fromkeys(spelled.split("|"), (kind, float(factor))))
    return names


_UNITS = GENERAL_UNITS | {
    name: unit for pack in packs() for name, unit in _unit_names(pack).items()
}
_NEEDS = {name: behind for pack in packs() for name, behind in pack.numbers.needs_behind.items()}
_SPACED_UNITS = sorted((n for n in _UNITS if is_spaced(n)), key=len, reverse=True)
_OTHER_UNITS = sorted((n for n in _UNITS if not is_spaced(n)), key=len, reverse=True)
_SCALES = {word: factor for pack in packs() for word, factor in pack.numbers.scales.items()}
_SCALE_WORD = late.pattern(words_pattern(_SCALES))

_NUMBER = late.pattern(
    rf"(?P<digits>{DIGITS})"
    + "".join(
        rf"|(?P<{pack.code}>{pack.numbers.numeral})" for pack in packs() if pack.numbers.numeral
    )
)
_PACKS = {pack.code: pack.numbers for pack in packs()}
_AFTER_DIGITS = late.pattern(either(pack.numbers.scale for pack in packs()))
_MORE = late.pattern(rf"\s?(?:\+|{either(pack.numbers.more for pack in packs())})")
_BETWEEN = late.pattern(rf"\s?(?:-|–|—|――|~|～|{either(p.numbers.ranges for p in packs())})\s?$")
_ROUGH_BEFORE = late.pattern(
    rf"(?:{either(pack.numbers.rough for pack in packs())})\s*(?:[a-z]{{0,2}}[$€£¥])?\s*$"
)
_VAGUE_BEFORE = late.pattern(either(pack.numbers.vague for pack in packs()))
_SIGN_BEFORE = late.pattern(rf"(?:(?<![a-z])(?=[a-z])|(?![a-z]))(?:{words_pattern(_SIGNS)})\s?$")
_SPAN_WORD = late.pattern(
    rf"(?<!\d\s)(?<!\d-)\b(?P<unit>{either(pack.numbers.spans for pack in packs())})\b"
)
_CLOCK = late.pattern(
    r"(?<![\d:])(?P<h>[01]?\d|2[0-4])[:.](?P<min>[0-5]\d)(?:\s?[ap]\.?m\b|(?<=:\d\d)(?!\d))"
    r"|(?<![\d:.])(?P<h2>[01]?\d)\s?[ap]\.?m\b"
)
_HOUR_BEFORE = late.pattern(
    rf"(?<![\d:.,])(?P<h>[01]?\d|2[0-4])\s?(?:-|–|—|{either(p.dates.together for p in packs())})\s?$"
)
_IDIOMS = late.pattern(either(pack.numbers.idioms for pack in packs()))


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

    def add(match: re.Match[str], read: tuple[float, str, bool] | None, takes: bool) -> None:
        if read is not None and free(taken, match.start(), match.end()):
            value, kind, sure = read
            found.append(Quantity(value, kind, value, match.start(), match.end(), sure=sure))
            if takes:
                take(taken, match.start(), match.end())

    for match in _CLOCK.finditer(folded):
        hour, minute = int(match["h"] or match["h2"]), int(match["min"] or "0")
        time = (60 * hour + minute) % 720, "clock", bool(match["min"])
        add(match, time if hour <= 24 and minute < 60 else None, True)
    for pack in packs():
        for special in pack.numbers.specials:
            for match in special.pattern.finditer(folded):
                add(match, special.read(match), special.takes)
    found += _other_hours(folded, taken, found)
    for match in _SPAN_WORD.finditer(folded):
        kind, factor = _UNITS[match["unit"]]
        if free(taken, match.start(), match.end()):
            found.append(Quantity(factor, kind, 1.0, match.start(), match.end(), sure=False))
    return found


def _other_hours(folded: str, taken: list[bool], found: Sequence[Quantity]) -> Iterator[Quantity]:
    """The first hours of ranges of which only the last says that it is one: 9 to 10 a.m."""
    for clock in [quantity for quantity in found if quantity.kind == "clock"]:
        match = _HOUR_BEFORE.search(folded, max(0, clock.start - 12), clock.start)
        if match and free(taken, match.start(), match.end()):
            hour = 60.0 * int(match["h"]) % 720
            take(taken, match.start(), match.end("h"))
            yield Quantity(hour, "clock", hour, match.start(), match.end("h"), sure=False)


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
    """A number without scale or unit: in a range it takes those of the other number."""


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
    if before[-1:].isalpha() and is_spaced(before[-1:]):
        return True
    return len(before) == 2 and before[1] in "-–" and before[0].isalpha() and is_spaced(before)


def _number(text: str, folded: str, match: re.Match[str]) -> _Number | None:
    start, end = match.span()
    scale = 1.0
    rough = bool(_ROUGH_BEFORE.search(folded, max(0, start - 24), start))
    sure = not (start and _VAGUE_BEFORE.match(folded, start - 1))
    if match["digits"]:
        value: float | None = float(match["digits"].replace(",", ""))
        end, scale, more = _scale(folded, end)
        rough = rough or more
    else:
        value = _PACKS[str(match.lastgroup)].value(match.group())
        if (more_match := _MORE.match(folded, end)) is not None:
            end, rough = more_match.end(), True
    if value is None:
        return None
    sign = _SIGN_BEFORE.search(folded, max(0, start - 4), start)
    if match["digits"] and sign and scale == 1 and re.match(r"\s?m\b", folded[end : end + 3]):
        scale, end = 1e6, end + folded[end : end + 3].index("m") + 1
    kind, factor, unit_end = unit_after(folded, end)
    if sign:
        kind, factor, start = _SIGNS[sign.group().strip()], 1.0, sign.start()
    has_unit = unit_end > end
    if match["digits"] is None:
        titled = text[match.start()].isupper() and text[end + 1 : end + 2].isupper()
        trusted = _PACKS[str(match.lastgroup)].trusted
        sure = sure and trusted(match.group(), value, kind if has_unit else None, titled)
    elif value * scale == 1:
        sure = sure and (kind in currencies() or kind == "%")
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
    for word in _SCALE_WORD.findall(match.group()):
        scale *= _SCALES[word]
    end = match.end()
    if (more := _MORE.match(folded, end)) is not None:
        end, rough = more.end(), True
    return end, scale, rough


def unit_after(folded: str, end: int) -> tuple[str, float, int]:
    """The unit that follows: its kind, how many base units it has, where it ends."""
    at = end + (folded[end : end + 1] in (" ", "-") and end < len(folded))
    for name in _OTHER_UNITS:
        if folded.startswith(name, at):
            behind = folded[at + len(name) : at + len(name) + 1]
            if name not in _NEEDS or (behind and behind in _NEEDS[name]):
                return *_UNITS[name], at + len(name)
    for name in _SPACED_UNITS:
        if folded.startswith(name, at) and not (
            name[-1].isalpha() and folded[at + len(name) : at + len(name) + 1].isalpha()
        ):
            return *_UNITS[name], at + len(name)
    return "", 1.0, end


def _extends(folded: str, last: _Number, number: _Number) -> bool:
    """3亿5000万, 五亿3000万: the second continues the first, which then holds both."""
    scale = max(last.scale, _SCALES.get(folded[last.end - 1], 1.0))
    if last.end == number.core_start and scale > number.value and not last.kind:
        last.value += number.value
        last.factor, last.kind, last.end = number.factor, number.kind, number.end
        return True
    return False
