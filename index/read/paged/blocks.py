"""The lines of a page -> blocks of lines that belong together, in the order in which they are read.

The order is Breuel's (Two Geometric Algorithms for Layout Analysis, 2002): what stands above comes
first where both share a column; a column comes before the one to its right unless something that
spans both stands between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from index.read.paged.words import Line, weighted_median

SAME_ROW = 0.35
LEADING = 1.3
"""The lines of a block are at most this many ems apart, from the foot of one to the head of the
next."""

SAME_SIZE = 1.15
"""Sizes within this factor are one size: OCR measures sizes by the height of its boxes."""

OVERLAP = 0.1
"""Two blocks share a column if they share this much of the narrower one's width."""

MAX_BLOCKS = 400
"""With more blocks on a page, they are ordered by their places alone."""


@dataclass(slots=True)
class Block:
    """Lines of one column below one another, of one size."""

    lines: list[Line]
    page: int
    left: float = field(init=False)
    top: float = field(init=False)
    right: float = field(init=False)
    bottom: float = field(init=False)
    size: float = field(init=False)
    column: tuple[float, float] = field(init=False)

    def __post_init__(self) -> None:
        self.left = min(line.left for line in self.lines)
        self.top = min(line.top for line in self.lines)
        self.right = max(line.right for line in self.lines)
        self.bottom = max(line.bottom for line in self.lines)
        self.size = weighted_median((line.size, len(line.text)) for line in self.lines)
        self.column = (
            min(line.column[0] for line in self.lines),
            max(line.column[1] for line in self.lines),
        )

    @property
    def text(self) -> str:
        return " ".join(line.text for line in self.lines)

    @property
    def bold(self) -> bool:
        return all(line.bold for line in self.lines)


def find_blocks(lines: Sequence[Line], page: int) -> list[Block]:
    """The blocks of a page in reading order."""
    ordered = sorted(lines, key=lambda line: line.base)
    below: dict[int, list[int]] = {}
    above: dict[int, list[int]] = {}
    for i in range(len(ordered)):
        above[i] = _nearest_above(ordered, i)
        for j in above[i]:
            below.setdefault(j, []).append(i)
    group: dict[int, list[Line]] = {}
    groups: list[list[Line]] = []
    for i, line in enumerate(ordered):
        over = above[i]
        one = len(over) == 1 and len(below[over[0]]) == 1
        if one and _continues(ordered[over[0]], line):
            group[i] = group[over[0]]
            group[i].append(line)
        else:
            group[i] = [line]
            groups.append(group[i])
    return in_reading_order([Block(g, page) for g in groups])


def _nearest_above(ordered: Sequence[Line], index: int) -> list[int]:
    """The lines of the nearest row above that share a part of this line's width."""
    line = ordered[index]
    found: list[int] = []
    for j in range(index - 1, -1, -1):
        other = ordered[j]
        row = SAME_ROW * min(other.size, line.size)
        if found and ordered[found[0]].base - other.base > row:
            break
        if line.base - other.base > row and _share(line, other) > 0:
            found.append(j)
        elif line.base - other.base > 8 * max(line.size, other.size):
            break
    return found


def _continues(above: Line, line: Line) -> bool:
    ratio = max(above.size, line.size) / max(min(above.size, line.size), 0.1)
    near = line.top - above.bottom <= LEADING * min(above.size, line.size)
    return near and ratio <= SAME_SIZE and above.bold == line.bold


def _share(one: Line | Block, other: Line | Block) -> float:
    return min(one.column[1], other.column[1]) - max(one.column[0], other.column[0])


def share_column(one: Block, other: Block) -> bool:
    """Whether one stands above or below the other."""
    narrower = min(b.column[1] - b.column[0] for b in (one, other))
    return _share(one, other) > OVERLAP * narrower


def in_reading_order(blocks: Sequence[Block]) -> list[Block]:
    """Blocks of a page as they are read."""
    left = sorted(blocks, key=lambda b: (b.top, b.left))
    if len(left) > MAX_BLOCKS:
        return left
    count = len(left)
    earlier: list[set[int]] = [
        {j for j in range(count) if j != i and _comes_before(left[j], left[i], left)}
        for i in range(count)
    ]
    order: list[int] = []
    waiting = set(range(count))
    while waiting:
        free = [i for i in waiting if not (earlier[i] & waiting)]
        pick = min(free or waiting)
        if free and order:  # stay in the column that is being read
            column = [i for i in free if share_column(left[order[-1]], left[i])]
            pick = min(column or free, key=lambda i: (left[i].top, left[i].left))
        order.append(pick)
        waiting.discard(pick)
    return [left[i] for i in order]


def _comes_before(one: Block, other: Block, blocks: Sequence[Block]) -> bool:
    if share_column(one, other):
        return (one.top, one.left) < (other.top, other.left)
    if one.right > other.left + OVERLAP * (other.right - other.left):
        return False
    high, low = (one, other) if one.bottom <= other.top else (other, one)
    return not any(
        high.bottom <= b.top + 1 and b.bottom <= low.top + 1
        for b in blocks
        if b is not one and b is not other and share_column(b, one) and share_column(b, other)
    )
