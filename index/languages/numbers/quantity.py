"""A number and a date of a text, and when two of them say the same.

A `Quantity` is a value in a base unit, so that 250萬人 and "2.5 million" are equal, and 7644公里 and
"7,644 km" too; a `Day` is a year, a month and a day, of which some may be unknown.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

from index.languages.pack import packs

LEAST_ROUNDED = 3
"""A number may be that of its source rounded, or cut off, to so many digits: 7,640 for 7,644
(tuning/roundings.py)."""

UNIT_ROUNDING = 1e-6
"""What conversion between units may lose."""

ROUGH_ROUNDING = 0.06
"""Behind a word such as "about" or 約 a shorter number may differ by this share: "about 600,000" for
567,000 is still right (tuning/roundings.py)."""


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
        return same_value(self, other)


@dataclass(frozen=True, slots=True)
class Day:
    """A date; what the text leaves open is None."""

    year: int | None
    month: int | None
    day: int | None
    start: int
    end: int
    resolved: bool = False
    """Stated relative to the text's own date, or completed from it."""

    def within(self, other: Day) -> bool:
        """Whether `other` says, or at least does not contradict, all that this date says."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        if any(a is not None and b is not None and a != b for a, b in pairs):
            return False
        stated = [b is not None for a, b in pairs if a is not None]
        return bool(stated) and stated[-1]

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


_HARD_KINDS = frozenset(("%", "times", "decade", "century", "clock"))
"""Kinds that a plain count cannot stand for, as it cannot for money."""


@cache
def currencies() -> frozenset[str]:
    """The kinds that are money."""
    return frozenset(kind for pack in packs() for kind in pack.numbers.currencies)


def _comparable(a: Quantity, b: Quantity) -> tuple[float, float] | None:
    """The two values to compare, where the quantities can be of the same kind; else None."""
    if a.kind == b.kind:
        return a.value, b.value
    kinds = {a.kind, b.kind}
    if "pound" in kinds:  # of money or of weight
        return (a.number, b.number) if kinds & {"GBP", "currency", "mass", ""} else None
    if kinds <= currencies():
        return (a.value, b.value) if "currency" in kinds else None
    if kinds in ({"time", "times"}, {"point", "%"}):
        return a.value, b.value
    if kinds & {"", "ordinal", "time"} and not kinds & (_HARD_KINDS | currencies()):
        return a.number, b.number
    return None


def same_value(claim: Quantity, source: Quantity) -> bool:
    pair = _comparable(claim, source)
    if pair is None:
        return False
    said, stated = pair
    if said == stated:
        return True
    if claim.kind == "decade":
        return said % 100 == stated % 100
    if claim.kind in {"ordinal", "century", "clock"} or not stated:
        return False
    share = abs(said - stated) / abs(stated)
    if share < UNIT_ROUNDING:
        return True
    if claim.rough or source.rough:
        return share <= ROUGH_ROUNDING and _digits(said) < _digits(stated)
    return _rounds(said, stated)


def _rounds(said: float, stated: float) -> bool:
    """Whether one number is the other rounded, or cut off, to LEAST_ROUNDED digits or more."""
    size, digits = abs(stated), _digits(stated)
    if not size or said * stated < 0:
        return False
    for kept in range(LEAST_ROUNDED, digits):
        step = 10.0 ** (math.floor(math.log10(size)) - kept + 1)
        for whole in (math.floor(size / step), math.floor(size / step + 0.5)):
            if abs(whole * step - abs(said)) <= UNIT_ROUNDING * size:
                return True
    return False


def _digits(value: float) -> int:
    """Significant digits of a number as it is written: 4,500,000 has two."""
    return len(f"{value:.6g}".replace(".", "").replace("-", "").split("e")[0].strip("0"))
