"""The blocks of a story -> its paragraphs, each in one piece.

A paragraph ends at a line that is not full, at a wider gap, and before an indented line, whichever
the page uses; across columns and pages it goes on until one of these says otherwise.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index.read.hyphens import rejoin
from index.read.paged.blocks import SAME_SIZE, Block, share_column
from index.read.paged.words import Line, is_wide

INDENT = 0.8
"""An indented line starts at least this many ems to the right of its column."""

MAX_INDENT = 5
WIDE_SLACK = 1.6
"""A line of Han characters that ends this many ems before its column does is not full. Less may be
left over, because a character can move to the next line to keep punctuation off its beginning."""

GAP = 1.35
"""The gap between paragraphs is at least this many times the usual distance of lines."""

SHORT_LINE = 0.25
"""A line that leaves this share of its column empty ends a paragraph, whatever it ends with."""

_END = re.compile(r"[。！？!?.…:：；;][\"'”’」』）)\]】》]*$")
_BULLET = re.compile(r"^(?:[•·‣▪◦●○■□◆▶►➤★※]|\(?\d{1,2}[.)、]\s)")


@dataclass(slots=True)
class Paragraph:
    """A paragraph or heading, and where each of its pages begins in it."""

    text: str
    pages: list[tuple[int, int]]
    """Offset and page, for each page it stands on."""
    heading: bool = False


@dataclass(frozen=True, slots=True)
class _Set:
    """A line as it is set: in which block, and how its column runs."""

    line: Line
    block: Block
    left: float
    right: float


def find_paragraphs(
    blocks: Sequence[Block], headings: Set[int], known: Set[str]
) -> list[Paragraph]:
    """Paragraphs in order; `headings` are the ids of blocks set as headings."""
    lines = list(_set_lines(blocks))
    leading = _leading(lines)
    indented = _uses_indents(lines)
    paragraphs: list[Paragraph] = []
    for i, here in enumerate(lines):
        heading = id(here.block) in headings
        last = lines[i - 1] if i else None
        joins = (
            last is not None
            and (id(last.block) in headings) == heading
            and (
                last.block is here.block if heading else not _starts(last, here, leading, indented)
            )
        )
        if joins:
            _extend(paragraphs[-1], here, known)
        else:
            paragraphs.append(Paragraph(here.line.text, [(0, here.block.page)], heading))
    return paragraphs


def _set_lines(blocks: Sequence[Block]) -> Iterator[_Set]:
    for block in blocks:
        column = [b for b in blocks if _in_column(b, block)]
        left, right = min(b.left for b in column), max(b.right for b in column)
        for line in block.lines:
            yield _Set(line, block, left, right)


def _in_column(other: Block, block: Block) -> bool:
    """Whether a block runs in the same column of the same page, and is set in the same size."""
    left, right = block.column
    return (
        other.page == block.page
        and left - 1 <= other.left
        and other.right <= right + 1
        and max(other.size, block.size) <= SAME_SIZE * min(other.size, block.size)
    )


def _leading(lines: Sequence[_Set]) -> float:
    """The usual distance of two lines, in ems."""
    steps = [
        (b.line.base - a.line.base) / b.line.size
        for a, b in pairwise(lines)
        if a.block is b.block and b.line.base > a.line.base
    ]
    return median(steps) if steps else 1.5


def _uses_indents(lines: Sequence[_Set]) -> bool:
    """Whether first lines are indented: some lines are, and most are not."""
    body = [x for x in lines if len(x.block.lines) > 1]
    indented = sum(_is_indented(x) for x in body)
    return 0 < indented < 0.5 * len(body)


def _is_indented(x: _Set) -> bool:
    return INDENT * x.line.size <= x.line.left - x.left <= MAX_INDENT * x.line.size


def _starts(last: _Set, here: _Set, leading: float, indented: bool) -> bool:
    """Whether a line starts a paragraph, after the line that is read before it."""
    one, two = last.line, here.line
    if max(one.size, two.size) > SAME_SIZE * min(one.size, two.size) or one.bold != two.bold:
        return True
    if _BULLET.match(two.text) or " | " in two.text or " | " in one.text:
        return True
    step = (two.base - one.base) / two.size
    below = last.block.page == here.block.page and share_column(last.block, here.block) and step > 0
    if below and step > GAP * leading:
        return True
    if indented and _is_indented(here):
        return True
    return not _is_full(last, here, indented)


def _is_full(last: _Set, here: _Set, indented: bool) -> bool:
    """Whether a line goes on until its column ends, as far as words allow."""
    line = last.line
    rest = last.right - line.right
    if is_wide(line.text[-1]) or is_wide(here.line.text[0]):
        fits = rest >= WIDE_SLACK * line.size
    else:
        word = len(here.line.text.split(" ", 1)[0]) / len(here.line.text)
        fits = rest > word * (here.line.right - here.line.left) + 0.6 * line.size
    goes_on = here.line.text[:1].islower() and not _END.search(line.text)
    if goes_on or not fits:
        return True
    short = rest > SHORT_LINE * (last.right - last.left)
    return not short if indented else not (short or _END.search(line.text))


def _extend(paragraph: Paragraph, here: _Set, known: Set[str]) -> None:
    text = join_lines(paragraph.text, here.line.text, known)
    if paragraph.pages[-1][1] != here.block.page:
        paragraph.pages.append((len(text) - len(here.line.text), here.block.page))
    paragraph.text = text


def join_lines(first: str, second: str, known: Set[str]) -> str:
    """Two lines of a paragraph; wide characters are not set apart by spaces."""
    joined = rejoin(first, second, known)
    if joined is not None:
        return joined
    if is_wide(first[-1:]) or is_wide(second[:1]):
        return first + second
    return f"{first} {second}"
