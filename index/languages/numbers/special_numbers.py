"""Numbers that are more than a numeral and its unit, where languages read them alike.

In: a match of a pack's `Special`, and how the pack reads a numeral in words. Out: what `Special.read`
gives: value, kind, and whether it surely means a number.
"""

from __future__ import annotations

import re
from collections.abc import Callable

Value = Callable[[str], float | None]


def read_number(value: Value, text: str) -> float | None:
    """What digits or a numeral in words say."""
    return float(text.replace(",", "")) if text[0].isdigit() else value(text)


def of_kind(
    value: Value, match: re.Match[str], kind: str, sure: bool = True
) -> tuple[float, str, bool] | None:
    """The number in the one group that matched."""
    found = read_number(value, match[match.lastgroup or "n"])
    return None if found is None else (found, kind, sure)


def share(value: Value, match: re.Match[str]) -> tuple[float, str, bool] | None:
    """So many of so many, in percent; groups `over` and `under`."""
    under, over = read_number(value, match["under"]), read_number(value, match["over"])
    if not under or over is None or over >= under:
        return None
    return 100 * over / under, "%", True
