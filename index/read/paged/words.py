"""The words and lines of a page, with their places: what PDF text and OCR have in common.

Coordinates are points from the page's upper left corner. A page set in vertical columns is turned
first, so that its columns run from left to right as lines do and follow each other downwards;
everything after that need not know.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that stand side by side without white space."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float
    """The line it stands on."""
    size: float
    """Of its font: the height of a Han character."""
    bold: bool = False
    spaced: bool = True
    """White space stands before it, if it is not the first of its line."""


@dataclass(slots=True)
class Line:
    """Words on one base line of one column."""

    words: list[Word]
    column: tuple[float, float] = (0.0, 0.0)
    """From where to where its column runs; a line that spans columns has the page's width."""
    left: float = field(init=False)
    top: float = field(init=False)
    right: float = field(init=False)
    bottom: float = field(init=False)
    base: float = field(init=False)
    size: float = field(init=False)
    bold: bool = field(init=False)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        self.left = min(w.left for w in self.words)
        self.top = min(w.top for w in self.words)
        self.right = max(w.right for w in self.words)
        self.bottom = max(w.bottom for w in self.words)
        self.size = weighted_median((w.size, len(w.text)) for w in self.words)
        self.base = weighted_median((w.base, len(w.text)) for w in self.words)
        self.bold = 2 * sum(len(w.text) for w in self.words if w.bold) > sum(
            len(w.text) for w in self.words
        )
        self.text = line_text(self.words)


SPACE = 0.2
"""A gap of this share of an em sets two words apart; wide characters need a space between them."""

CELL_GAP = 1.5
"""Two words this many ems apart are two cells of a table, or two parts of a heading."""


def line_text(words: Sequence[Word]) -> str:
    """The words of a line as text; cells of a table are set apart by |."""
    text = words[0].text
    letters = len(words) > 2 and all(len(w.text) == 1 for w in words)
    for before, word in pairwise(words):
        gap = word.left - before.right
        if letters:  # a title with its characters set apart
            text += word.text
        elif gap > CELL_GAP * max(before.size, word.size):
            text += f" | {word.text}"
        elif word.spaced or (gap > SPACE * word.size and not _touches_wide(text, word.text)):
            text += f" {word.text}"
        else:
            text += word.text
    return text


def _touches_wide(before: str, after: str) -> bool:
    return is_wide(before[-1:]) or is_wide(after[:1])


@dataclass(slots=True)
class Sheet:
    """One page."""

    number: int
    """From 1."""
    width: float
    height: float
    words: list[Word]
    vertical: bool = False
    """Its words have been turned: see `turned`."""


def turned(word: Word, width: float) -> Word:
    """A word of a vertical column as one of a line: down becomes right, left becomes down.

    `width` is the page's. What is set sideways in the column stays with its neighbours.
    """
    top, bottom = width - word.right, width - word.left
    base = (top + bottom + word.size) / 2
    return Word(
        word.text, word.top, top, word.bottom, bottom, base, word.size, word.bold, word.spaced
    )


def weighted_median(pairs: Iterable[tuple[float, int]]) -> float:
    """The median of values that count as often as stated; 0 for none."""
    ordered = sorted(pairs)
    half = sum(n for _, n in ordered) / 2
    for value, n in ordered:
        half -= n
        if half <= 0:
            return value
    return 0.0


def body_size(lines: Iterable[Line]) -> float:
    """The size most characters have, to half a point."""
    counts: Counter[float] = Counter()
    for line in lines:
        counts[round(2 * line.size) / 2] += len(line.text)
    return max(counts, key=lambda size: counts[size]) if counts else 0.0


def is_wide(character: str) -> bool:
    """Whether a character fills a Han character's square: no white space is due beside it."""
    return bool(character) and unicodedata.east_asian_width(character) in "WF"
