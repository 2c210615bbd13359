"""What stands on every page of a document and is no part of its text: running heads, page numbers.

In: the lines of each page. Out: the pages without them, and the lines themselves, each once: a head
names the outlet and often the day.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from index.languages.text import fold
from index.read.paged.words import Line

EDGE_LINES = 3
"""This many lines at the top and bottom of a page can be running heads, feet or page numbers."""

SHARE = 0.5
"""A line that stands on this share of the pages, numbers aside, is a running head."""

SAME_PLACE = 0.02
"""It stands at the same height on every page, within this share of the page's height."""

HEADING = 1.2
"""A line this many times larger than the text is a headline."""

CHARS = 120
"""A running head is no longer than this."""

_ROMAN = r"(?=[clxvi])c{0,3}(?:xc|xl|l?x{0,3})(?:ix|iv|v?i{0,3})"
NUMBER = re.compile(rf"[\W_]*+\d[\W\d_]*+|[\W_]*+{_ROMAN}[\W_]*+", re.IGNORECASE)


def take_out(
    pages: Sequence[Sequence[Line]],
    heights: Sequence[float],
    size: float,
    page_number: re.Pattern[str],
) -> tuple[list[list[Line]], list[str]]:
    """The pages without running heads, feet and numbers; the heads and feet.

    `size` is that of the text: a headline that a running head repeats is none.
    """
    edges = [[x for x in _edges(page) if x.size < HEADING * size] for page in pages]
    least = max(2, SHARE * len([p for p in pages if p]))
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, edge in enumerate(edges):
        for line in edge:
            places[_key(line)].append((number, line.base))
    kept: list[list[Line]] = []
    heads: dict[str, str] = {}
    for page, edge, height in zip(pages, edges, heights, strict=True):
        out: set[int] = set()
        for line in edge:
            same = places[_key(line)]
            near = {n for n, y in same if abs(y - line.base) < SAME_PLACE * height}
            if len(near) >= least and _is_outermost(line, page, out):
                heads.setdefault(_key(line), line.text)
                out.add(id(line))
            elif _at_margin(line, page, height) and is_number(line.text, page_number):
                out.add(id(line))
        kept.append([x for x in page if id(x) not in out] if len(out) < len(page) else list(page))
    return kept, list(heads.values())


def is_number(text: str, page_number: re.Pattern[str]) -> bool:
    """Whether a line says nothing but which page it stands on."""
    folded = fold(text).strip()
    return NUMBER.fullmatch(folded) is not None or page_number.fullmatch(folded) is not None


def _edges(page: Sequence[Line]) -> list[Line]:
    ordered = sorted(page, key=lambda line: line.base)
    edge = ordered[:EDGE_LINES] + ordered[EDGE_LINES:][-EDGE_LINES:][::-1]  # outermost first
    return [line for line in edge if len(line.text) <= CHARS]


def _is_outermost(line: Line, page: Sequence[Line], out: set[int]) -> bool:
    """Whether only other running heads stand between a line and the edge of its page."""
    others = [o for o in page if id(o) not in out and abs(o.base - line.base) > line.size / 2]
    return all(o.base > line.base for o in others) or all(o.base < line.base for o in others)


def _at_margin(line: Line, page: Sequence[Line], height: float) -> bool:
    """Nothing stands between a line and the edge of its page, which is near."""
    others = [o for o in page if o is not line and abs(o.base - line.base) > line.size]
    above = all(o.base > line.base for o in others) and line.top < 0.12 * height
    return above or (all(o.base < line.base for o in others) and line.bottom > 0.88 * height)


def _key(line: Line) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", fold(line.text)))
