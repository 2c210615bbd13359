"""The words of a page -> its lines, each within its column.

A column's edge is a strip of white that runs down past at least some lines; it is found by
following the gaps of each row of words down the page. So the order in which a file draws its words
does not matter. Strips within a table are no edges: its rows are read across.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from index.read.paged.words import CELL_GAP, Line, Word

SAME_LINE = 0.35
GUTTER = 0.6
"""The narrowest strip between columns, in ems; spaces of justified lines rarely line up in it."""

GUTTER_ROWS = 3
"""A strip has at least this many lines on either side."""

PROSE_EMS = 7
"""Lines of a column are mostly as long as this; cells of a table are shorter."""

WIDE_GUTTER = 1.2
LONG_EMS = 10
"""Where the strip is this wide and the lines are this long, fewer lines are enough."""

NEAR = 3
"""Only lines that end within this many ems of the strip count; the last line of a paragraph may end
before."""

OVERFULL_ROWS = 2

MAX_STRIPS = 200
"""At most this many strips are followed at once: a page has a few, and a page made to cost time has
many."""


@dataclass(frozen=True, slots=True)
class _Strip:
    left: float
    right: float
    first: int
    last: int


Row = list[Word]


def find_lines(words: Sequence[Word]) -> list[Line]:
    """The lines of a page from top to bottom, cut at the edges of columns."""
    rows = _rows(words)
    gutters = _gutters(rows)
    page = min((w.left for w in words), default=0.0), max((w.right for w in words), default=0.0)
    lines: list[Line] = []
    for number, row in enumerate(rows):
        passing = [s for s in gutters if s.first <= number <= s.last]
        parts = _cut(row, sorted(s.right for s in passing))
        lines += [Line(part, _column(part, passing, page)) for part in parts]
    return lines


def _column(
    part: Sequence[Word], gutters: Sequence[_Strip], page: tuple[float, float]
) -> tuple[float, float]:
    left, right = part[0].left, max(w.right for w in part)
    return (
        max((s.right for s in gutters if s.right <= left + 1), default=page[0]),
        min((s.left for s in gutters if s.left >= right - 1), default=page[1]),
    )


def _rows(words: Sequence[Word]) -> list[Row]:
    rows: list[Row] = []
    for word in sorted(words, key=lambda w: w.base):
        if rows:
            last = rows[-1][-1]
            if word.base - last.base < SAME_LINE * min(word.size, last.size):
                rows[-1].append(word)
                continue
        rows.append([word])
    return [sorted(row, key=lambda w: (round(w.left), -w.top)) for row in rows]


def _gaps(row: Row) -> Iterator[tuple[float, float]]:
    """The white of a row, from the left of the page to its right."""
    end, size = -math.inf, 0.0
    for word in row:
        if word.left - end >= GUTTER * min(word.size, size or word.size):
            yield end, word.left
        end, size = max(end, word.right), word.size
    yield end, math.inf


def _strips(rows: Sequence[Row]) -> list[_Strip]:
    """Strips of white that run down past rows, as long as they are wide enough."""
    done: list[_Strip] = []
    active: list[_Strip] = []
    for number, row in enumerate(rows):
        least = GUTTER * median(w.size for w in row)
        gaps = list(_gaps(row))
        going: dict[tuple[float, float], _Strip] = {}
        for strip in active:
            goes_on = False
            for left, right in gaps:
                inner = max(left, strip.left), min(right, strip.right)
                if inner[1] - inner[0] >= least:
                    goes_on = True
                    known = going.get(inner)
                    first = min(strip.first, known.first if known else number)
                    going[inner] = _Strip(*inner, first, number)
            if not goes_on:
                done.append(strip)
        for gap in gaps:
            if gap not in going:
                going[gap] = _Strip(*gap, number, number)
        active = sorted(going.values(), key=lambda s: s.first)[:MAX_STRIPS]
    return [s for s in (*done, *active) if math.isfinite(s.left) and math.isfinite(s.right)]


def _gutters(rows: Sequence[Row]) -> list[_Strip]:
    """The strips between columns; one that a single overfull line interrupts is one strip."""
    found = sorted((s for s in _strips(rows) if _is_gutter(s, rows)), key=lambda s: s.first)
    joined: list[_Strip] = []
    for strip in found:
        for i, above in enumerate(joined):
            left, right = max(above.left, strip.left), min(above.right, strip.right)
            between = rows[above.last + 1 : strip.first]
            size = rows[above.last][0].size
            if left < right and len(between) <= OVERFULL_ROWS and _begin_at(between, right, size):
                joined[i] = _Strip(left, right, above.first, max(above.last, strip.last))
                break
        else:
            joined.append(strip)
    return joined


def _begin_at(rows: Sequence[Row], x: float, size: float) -> bool:
    """Whether a word of each row begins where the column does, and none is a headline."""
    return all(
        any(abs(w.left - x) <= 1.5 for w in row) and max(w.size for w in row) < 1.2 * size
        for row in rows
    )


def _is_gutter(strip: _Strip, rows: Sequence[Row]) -> bool:
    """Whether both sides of a strip are prose: long lines that reach it, and enough of them."""
    sides: tuple[list[float], list[float]] = ([], [])
    size = rows[strip.first][0].size
    for row in rows[strip.first : strip.last + 1]:
        before = [w for w in row if w.right <= strip.left + 1]
        after = [w for w in row if w.left >= strip.right - 1]
        if before and strip.left - before[-1].right <= NEAR * before[-1].size:
            sides[0].append(_run_ems(before[::-1]))
        if after and after[0].left - strip.right <= NEAR * after[0].size:
            sides[1].append(_run_ems(after))
    wide = strip.right - strip.left >= WIDE_GUTTER * size
    few = all(0 < len(side) <= GUTTER_ROWS and max(side) >= LONG_EMS for side in sides)
    return (wide and few) or all(
        len(side) >= GUTTER_ROWS and median(side) >= PROSE_EMS for side in sides
    )


def _run_ems(run: Sequence[Word]) -> float:
    """How far words reach from the strip without a gap, in ems."""
    low, high = run[0].left, run[0].right
    for word in run[1:]:
        if max(word.left - high, low - word.right) > CELL_GAP * word.size:
            break
        low, high = min(low, word.left), max(high, word.right)
    return (high - low) / max(run[0].size, 1)


def _cut(row: Row, cuts: Sequence[float]) -> Iterator[list[Word]]:
    part: list[Word] = []
    for word in row:
        if part and any(part[-1].right <= cut <= word.left + 1 for cut in cuts):
            yield part
            part = []
        part.append(word)
    yield part
