"""Whether day or month comes first in the dates of one column, feed or site.

In: dates as they are written there. Out: the order of those dates that allow only one reading:
23/04/2024 shows that 03/05/2024 beside it is the third of May.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.languages.dates.publication_dates import Order

_NUMERIC = re.compile(
    r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(?:(?:19|20)\d\d|\d\d)(?![\d/.-]\d|\d)"
)


def is_numeric(text: str) -> bool:
    """Whether a date is written in numbers, day or month first."""
    return _NUMERIC.search(text) is not None


def certain_order(texts: Iterable[str]) -> Order | None:
    """The order that most of the dates with one reading have; None where there are none."""
    votes = 0
    for text in texts:
        for match in _NUMERIC.finditer(text):
            first, second = int(match[1]), int(match[3])
            if max(first, second) > 31:
                continue
            votes += (second > 12 >= first) - (first > 12 >= second)
    if votes == 0:
        return None
    return "month-first" if votes > 0 else "day-first"
