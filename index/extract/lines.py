"""Text -> lines that carry their place, and what their look says about them.

In: decoded text. Out: `Line`s without outer white space, one for each line that holds anything;
paragraphs that were wrapped at a fixed width are one line again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.languages.text import HAN, SOFT_HYPHEN, squeeze

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")
_HAN = re.compile(f"[{HAN}\u3040-\u30ff\uac00-\ud7af]")
_BULLET = re.compile(r"^(?:[•·‣▪◦●○■□◆▶►➤☆★※*+–—-]|\d{1,3}[.)、])\s*")

LATIN_WIDTH = 0.4
"""Letters other than Han count 0.4: 2.5 of them say as much as one Han character."""

WIDTH_SAMPLE = 4000
"""The width of a longer text is that of its beginning, extrapolated."""

SENTENCE_END = re.compile(r"[。！？!?.…;；:：][\"'”’」』)）】》〉\]]*$")
STATEMENT_END = re.compile(r"[。.;；:：…][\"'”’」』)）】》〉\]]*$")
SENTENCE_MARK = re.compile(
    r"[。！？…；]|[.!?;](?=[\s\"'”’)\]]|$)|(?<=[\u3400-\u9fff」』”）)])[!?;]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; after unwrapping, one paragraph."""

    text: str
    """White space at the ends removed, runs of it inside squeezed to one space."""
    start: int
    end: int
    gap: int = 0
    """Empty lines before it."""
    links: float = 0.0
    """Share of its characters that stand in links; 0 where the page has no markup."""
    heading: bool = False
    """The markup says that it is a heading."""

    @property
    def width(self) -> float:
        """How much it says, in Han characters."""
        return text_width(self.text)

    @property
    def bullet(self) -> bool:
        return _BULLET.match(self.text) is not None


def text_width(text: str) -> float:
    """How much a text says, in Han characters; digits and punctuation count nothing."""
    if len(text) > WIDTH_SAMPLE:
        return text_width(text[:WIDTH_SAMPLE]) * len(text) / WIDTH_SAMPLE
    han = len(_HAN.findall(text))
    return han + LATIN_WIDTH * (sum(map(str.isalpha, text)) - han)


def clean(text: str) -> str:
    """A line for display: the same characters without control codes, white space squeezed."""
    return squeeze(_CONTROL.sub("", text))


def split_lines(text: str) -> list[Line]:
    """The lines of a text that are not empty, with their offsets."""
    lines = []
    gap = 0
    for start, end in _line_spans(text):
        content = clean(text[start:end])
        if content:
            lines.append(Line(content, start, end, gap))
            gap = 0
        else:
            gap += 1
    return lines


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)


WRAP_COLUMNS = (30, 130)
"""Terminals, mail and PDF columns wrap within this range of columns."""

WRAP_LINES = 4
"""Fewer lines of equal width may well be chance."""

WRAP_FILL = 0.75
"""A wrapped line fills this share of the column unless it ends its paragraph."""

WRAP_SHARE = 0.6
"""Share of a text's lines that must be full and end within a sentence."""


def unwrap(lines: Sequence[Line]) -> list[Line]:
    """Lines of one paragraph joined again, where the text was wrapped at a fixed width.

    A page, or a block of lines without an empty one between, counts as wrapped when most of its
    lines end within a sentence near one common width.
    """
    column = _wrap_column(lines)
    if column:
        return _join(lines, column)
    blocks: list[list[Line]] = []
    for line in lines:
        if line.gap or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    return [line for block in blocks for line in _join(block, _wrap_column(block))]


def _wrap_column(lines: Sequence[Line]) -> float:
    """The width at which lines were wrapped; 0 if they were not."""
    if len(lines) < WRAP_LINES:
        return 0
    widths = [_columns(line.text) for line in lines]
    column = sorted(widths)[int(0.9 * (len(widths) - 1))]
    if not WRAP_COLUMNS[0] <= column <= WRAP_COLUMNS[1] or max(widths) > 1.25 * column:
        return 0
    open_ended = sum(
        width >= WRAP_FILL * column and not SENTENCE_END.search(line.text)
        for width, line in zip(widths, lines, strict=True)
    )
    return column if open_ended >= WRAP_SHARE * len(lines) else 0


def _join(lines: Sequence[Line], column: float) -> list[Line]:
    if not column:
        return list(lines)
    gaps = sorted(line.gap for line in lines[1:])
    usual_gap = gaps[len(gaps) // 2]  # 1 where every wrapped line is followed by an empty one
    joined = [lines[0]]
    for last, line in pairwise(lines):
        continues = _columns(last.text) >= WRAP_FILL * column and line.gap <= usual_gap
        if continues and not (line.bullet or last.heading or line.heading):
            text = join_wrapped(joined[-1].text, line.text)
            joined[-1] = replace(joined[-1], text=text, end=line.end)
        else:
            joined.append(line)
    return joined


def join_wrapped(first: str, second: str) -> str:
    """Two pieces of one paragraph; wide characters are not set apart by spaces."""
    if first.endswith(SOFT_HYPHEN):
        return first[:-1] + second
    if _is_wide(first[-1:]) or _is_wide(second[:1]):
        return first + second
    return f"{first} {second}"


def _columns(text: str) -> int:
    if len(text) > 2 * WRAP_COLUMNS[1]:
        return len(text)
    return sum(2 if _is_wide(c) else 1 for c in text)


def _is_wide(character: str) -> bool:
    return bool(character) and unicodedata.east_asian_width(character) in "WF"
