"""A vertical line of Chinese in a picture -> the same characters side by side.

In: grey levels, and the box of the line. Out: the grey levels of a line that runs across. Marks
that stand in the upper right of a vertical cell are moved to its lower left, where they stand
across.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

DARK = 0.6
"""Ink is darker than this share of the paper."""

PITCHES = 0.78, 1.06
"""The distance of characters lies between these shares of the line's length divided by the number
of characters that were read from the line laid on its side; some are not read."""

SLACK = 0.25
"""A cell is longer or shorter than others by up to this share."""

STIFFNESS = 2.0
"""What a cell of another length costs, beside the ink that a cut goes through."""


@dataclass(frozen=True, slots=True)
class _Strip:
    grey: Any
    ink: Any
    profile: Any
    """Ink by row, as a share of the width."""


def upright(grey: Any, box: Box, characters: int) -> Any:
    """The line in a box with its characters beside one another; about how many it has is known."""
    strip = _strip(grey, box)
    return _across(strip, _pitch(strip.profile, len(strip.profile) / max(characters, 1)))


def _strip(grey: Any, box: Box) -> _Strip:
    left, top, right, bottom = (max(0, round(v)) for v in box)
    line = grey[top:bottom, left:right]
    ink = line < DARK * numpy.percentile(line, 95)
    filled = numpy.flatnonzero(ink.any(axis=1))
    if len(filled):
        line, ink = (a[filled[0] : filled[-1] + 1] for a in (line, ink))
    return _Strip(line, ink, ink.mean(axis=1))


def _pitch(profile: Any, about: float) -> int:
    """The distance of characters: that at which the ink of the line repeats itself best."""
    level = profile - profile.mean()
    low, high = max(2, round(PITCHES[0] * about)), round(PITCHES[1] * about)
    lags = [lag for lag in range(low, high + 1) if len(level) > 2 * lag]
    fit = {lag: float((level[lag:] * level[:-lag]).sum()) for lag in lags}
    return max(fit, key=lambda lag: fit[lag], default=max(2, round(about)))


def _cuts(profile: Any, pitch: int) -> list[int]:
    """Where to cut between characters: cells of one length, with as little ink at the cuts.

    The profile has half a cell of white before the line and a whole one after it.
    """
    length = len(profile)
    shortest, longest = int((1 - SLACK) * pitch), int((1 + SLACK) * pitch) + 1
    cost = numpy.full(length + 1, numpy.inf)
    last = numpy.zeros(length + 1, dtype=int)
    cost[: pitch // 2 + 1] = 0.0  # the first cell may begin above its ink
    for end in range(shortest, length + 1):
        starts = numpy.arange(max(0, end - longest), end - shortest + 1)
        total = cost[starts] + STIFFNESS * ((end - starts - pitch) / pitch) ** 2
        best = int(total.argmin())
        through = profile[end] if end < length else 0.0
        if total[best] + through < cost[end]:
            cost[end], last[end] = total[best] + through, starts[best]
    at = min(range(length - pitch, length + 1), key=lambda end: cost[end])
    cuts = [at]
    while last[at]:
        at = int(last[at])
        cuts.append(at)
    return sorted({0, *cuts})


def _across(strip: _Strip, pitch: int) -> Any:
    paper = int(numpy.percentile(strip.grey, 95))
    rows = (pitch // 2, pitch), (0, 0)
    grey = numpy.pad(strip.grey, rows, constant_values=paper)
    ink = numpy.pad(strip.ink, rows, constant_values=False)
    cuts = _cuts(numpy.pad(strip.profile, rows[0]), pitch)
    cells = [_cell(grey[a:b], ink[a:b], paper, pitch) for a, b in pairwise(cuts) if ink[a:b].any()]
    height = max(cell.shape[0] for cell in cells)
    gap = numpy.full((height, max(1, pitch // 12)), paper, dtype=strip.grey.dtype)
    parts = []
    for cell in cells:
        low = height - cell.shape[0]
        parts += [numpy.pad(cell, ((low // 2, low - low // 2), (0, 0)), constant_values=paper), gap]
    return numpy.hstack(parts)


def _cell(grey: Any, ink: Any, paper: int, pitch: int) -> Any:
    """A character without the white beside it; a mark in its upper right in the lower left."""
    ys, xs = numpy.nonzero(ink)
    if not len(ys):
        return numpy.full((pitch, pitch // 2), paper, dtype=grey.dtype)
    middle = (xs.min() + xs.max()) / 2
    small = max(ys.max() - ys.min(), xs.max() - xs.min()) < 0.45 * pitch
    if small and middle > 0.5 * grey.shape[1]:
        mark = grey[ys.min() : ys.max() + 1, xs.min() : xs.max() + 1]
        moved = numpy.full((pitch, pitch), paper, dtype=grey.dtype)
        y, x = pitch - mark.shape[0] - pitch // 8, pitch // 8
        moved[y : y + mark.shape[0], x : x + mark.shape[1]] = mark
        return moved
    left = max(0, round((grey.shape[1] - pitch) / 2))
    return grey[:, min(left, xs.min()) : max(grey.shape[1] - left, xs.max() + 1)]
