"""The stories of a newsletter that no element or mark of its own holds -> each of them.

In: the lines of a letter. Out: a `Piece` for each story: below a headline, where headlines of one
rank follow each other and no prose stands above the first; or between ruled lines, where each
part starts with a headline. None where the letter is one text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from index.extract.line_kinds import Kind, classify
from index.extract.lines import STATEMENT_END, Line, text_width
from index.extract.parting.pieces import Piece
from index.languages.text import fold

HEADLINE_WIDTH = 60
"""A wider line is no headline, in Han characters."""

SUBHEAD_WIDTH = 5
"""Narrower headings divide one text: "Why", "What next"."""

STORY_WIDTH = 12
"""A story may be one sentence."""

_RULE = re.compile(r"[-–—=_*~#·•+\s]{5,200}")
_ADDRESS = re.compile(r"\W{0,3}(?:https?://|www\.)\S+\W{0,3}")
_LEFT_OUT = (Kind.CHROME, Kind.ASIDE, Kind.END, Kind.OVER)


def between_rules(lines: Sequence[Line]) -> list[Piece]:
    """The stories between lines of dashes or the like."""
    return _stories(lines, lambda number: is_rule(lines[number]), keeps_mark=False)


def below_headings(lines: Sequence[Line], subject: str) -> list[Piece]:
    """The stories that each have a heading of their own.

    There are none where the headings only divide one text: where prose stands above the first heading,
    where the first heading repeats the subject, or where a heading is no longer than a word or two.
    """
    first = next((n for n, line in enumerate(lines) if line.heading), len(lines))
    opens = any(classify(line) is Kind.PROSE for line in lines[:first])
    narrow = any(line.heading and line.width < SUBHEAD_WIDTH for line in lines)
    if opens or narrow or first == len(lines) or fold(lines[first].text) == fold(subject):
        return []
    return _stories(lines, lambda number: lines[number].heading, keeps_mark=True)


def is_rule(line: Line) -> bool:
    """Whether a line only divides what stands above it from what follows."""
    return _RULE.fullmatch(line.text) is not None


def _stories(
    lines: Sequence[Line], starts: Callable[[int], bool], *, keeps_mark: bool
) -> list[Piece]:
    pieces = []
    for part in _parts(lines, starts, keeps_mark):
        piece = _piece(part)
        if piece is not None:
            pieces.append(piece)
        elif any(classify(line) is Kind.PROSE for line in part):
            return []  # a part without a headline: rules and headings divide one text
    return pieces if len(pieces) > 1 else []


def _parts(
    lines: Sequence[Line], starts: Callable[[int], bool], keeps_mark: bool
) -> Iterator[list[Line]]:
    part: list[Line] = []
    for number, line in enumerate(lines):
        if starts(number):
            yield part
            part = [line] if keeps_mark else []
        else:
            part.append(line)
    yield part


def _piece(part: Sequence[Line]) -> Piece | None:
    """The story of a part that starts with a headline; what is no text of it left out."""
    kept = [line for line in part if classify(line) not in _LEFT_OUT]
    addresses = [line for line in kept if _ADDRESS.fullmatch(line.text)]
    kept = [line for line in kept if line not in addresses]
    if len(kept) < 2 or classify(kept[0]) is Kind.PROSE or STATEMENT_END.search(kept[0].text):
        return None
    title, body = kept[0], kept[1:]
    prose = [line for line in body if classify(line) is Kind.PROSE]
    width = sum(line.width for line in prose)
    if text_width(title.text) > HEADLINE_WIDTH or width < STORY_WIDTH:
        return None
    found = Piece(
        body, title, start=title.start, end=body[-1].end, paragraphs=len(prose), width=width
    )
    found.url = addresses[-1].text.strip("<>() \t") if addresses else ""
    found.tight = True
    return found
