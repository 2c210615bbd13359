"""Lines that were wrapped at a fixed width -> paragraphs again.

In: the `Line`s of a plain text. Out: the same, with the lines of one paragraph joined. A line break
is taken for a wrap where the next word would not have fitted into the width most of the text
keeps; verse, lists, tables, quoted mail and paragraphs of one line each do not look so.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from index.extract.bylines import read_data_line
from index.extract.lines import Line
from index.languages.text import HAN, SOFT_HYPHEN

COLUMNS = (30, 130)
"""Terminals, mail and PDF columns wrap within this range; a Han character takes two."""

LEAST_BREAKS = 3
"""Fewer forced breaks may well be chance."""

FORCED_SHARE = 0.5
"""Share of the breaks between neighbouring lines that must be forced: the rest end paragraphs."""

SURE_SHARE = 0.7
"""The same where each line is followed by an empty one."""

OPEN_SHARE = 0.6
"""Of the forced breaks this share must stand within a sentence: in verse and lists most stand at
the end of a clause."""

LONGER_SHARE = 0.05
"""Share of the lines that may be longer than the width: addresses, which cannot be broken."""

RAGGED_LINES = 4
RAGGED_FILL = 0.75
RAGGED_SHARE = 0.6
"""Some programs make all lines about equally long. Then this share of at least so many lines must
fill the width to this degree, and end within a sentence."""

SENTENCE_COLUMNS = 45
"""In a short text, a line this long without a full stop continues in the next line if that starts
in lower case."""

HEAD_LINES = 6
"""A byline or date within this many lines of the top is not joined to the text."""

_CLAUSE_END = re.compile(r"[,，、。！？!?.…;；:：][\"'”’」』)）】》〉\]]*$")
_NO_START = frozenset(",.!?;:)]}%”’」』）】》〉，。、！？；：…·")
_NO_END = frozenset("([{“‘「『（【《〈")
_QUOTED = re.compile(r"[>|]")
_HYPHENATED = re.compile(r"[^\W\d_]-$")
_CUT_NUMBER = re.compile(rf"[{HAN}][\d.,]{{1,12}}$")
"""A number does not end a line of Chinese: what it counts follows without a space."""
_LAST_WORD = re.compile(r"[^\W\d_]+$")
_FIRST_WORD = re.compile(r"[^\W\d_]+")


def unwrap(lines: Sequence[Line]) -> list[Line]:
    """Lines of one paragraph joined again, where the text was wrapped at a fixed width.

    A page counts as wrapped as a whole, or else a block of lines without an empty one between.
    """
    if len(lines) < 2:
        return list(lines)
    lines = _unquoted(lines)
    usual = sorted(line.gap for line in lines[1:])[(len(lines) - 1) // 10]
    hyphenated = any(_HYPHENATED.search(line.text[-4:]) for line in lines)
    words = frozenset(
        word for line in (lines if hyphenated else ()) for word in _FIRST_WORD.findall(line.text)
    )
    if usual:  # every line is followed by an empty one, as paragraphs are: only surely wrapped
        wrap = _wrap([replace(line, gap=max(0, line.gap - usual)) for line in lines], SURE_SHARE)
        return _join(lines, replace(wrap or _by_words(lines), gap=usual), words)
    wrap = _wrap(lines)
    if wrap is not None:
        return _join(lines, wrap, words)
    by_words = _by_words(lines)
    blocks: list[list[Line]] = []
    for line in lines:
        if line.gap or not blocks:
            blocks.append([])
        blocks[-1].append(line)
    return [line for block in blocks for line in _join(block, _wrap(block) or by_words, words)]


def _unquoted(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines without the marks of a mail that quotes all of them."""
    marks = [_QUOTE_MARK.match(line.text) for line in lines]
    above = next((n for n, mark in enumerate(marks) if mark is not None), len(lines))
    if above > QUOTED_BELOW or not all(marks[above:]):
        return lines
    found: list[Line] = []
    gap = 0
    for number, (line, mark) in enumerate(zip(lines, marks, strict=True)):
        text = line.text if mark is None else line.text[mark.end() :]
        gap += line.gap + (not text or number == above)
        if text:
            found.append(replace(line, text=text, gap=gap))
            gap = 0
    return found


QUOTED_BELOW = 4
"""A text was forwarded if all of its lines, but for at most this many above them, bear the mark
of a quotation."""

_QUOTE_MARK = re.compile(r">[> ]{0,20}")


@dataclass(frozen=True, slots=True)
class _Wrap:
    """How a text was wrapped."""

    column: float
    gap: int = 0
    """Empty lines between the lines of one paragraph."""
    fill: float = 0.0
    """The share of the width that a line must fill to continue in the next one; 0 where each line
    holds all the words that fit."""
    by_character: bool = False
    """Each line has the same number of characters, wide or not; words are cut."""
    sure: bool = True
    """False where only the words decide which lines belong together."""


def _by_words(lines: Sequence[Line]) -> _Wrap:
    """The longest line is as wide as this text's lines may be; only the words decide which lines
    belong together."""
    return _Wrap(max(_columns(line.text) for line in lines), sure=False)


def _wrap(lines: Sequence[Line], share: float = FORCED_SHARE) -> _Wrap | None:
    """How these lines were wrapped; None if they were not."""
    breaks = [(a, b) for a, b in pairwise(lines) if not b.gap and not _apart(a, b)]
    best: tuple[tuple[int, int], _Wrap] | None = None
    for by_character in (False, True) if _is_wide(breaks) else (False,):
        spans = [_span(a, b, by_character) for a, b in breaks]
        column = _full_column(spans, (2 if by_character else 1))
        longer = sum(_width(line, by_character) > column + 2 for line in lines)
        inside = [
            first
            for (first, _), (width, needed) in zip(breaks, spans, strict=True)
            if width <= column + 2 and needed > column
        ]
        evidence = len(inside), sum(_width(a, by_character) == column for a in inside)
        opened = sum(not _CLAUSE_END.search(line.text) for line in inside)
        if (
            longer <= max(1, LONGER_SHARE * len(lines))
            and len(inside) >= max(LEAST_BREAKS, share * len(breaks))
            and opened >= OPEN_SHARE * len(inside)
            and (best is None or evidence > best[0])
        ):
            best = evidence, _Wrap(column, by_character=by_character)
    if best is not None:
        return best[1]
    column = _ragged_column(lines)
    return _Wrap(column, fill=RAGGED_FILL) if column else None


def _full_column(spans: Sequence[tuple[int, int]], scale: int) -> int:
    """The width at which most of these line breaks are forced: the next word would not have
    fitted."""
    least, most = (columns // scale for columns in COLUMNS)
    change = [0] * (most + 2)
    for width, needed in spans:
        if width <= most:
            change[max(width, least)] += 1
            change[min(max(needed, least), most + 1)] -= 1
    forced = list(accumulate(change))[: most + 1]
    return max(range(least, most + 1), key=forced.__getitem__)


def _span(first: Line, second: Line, by_character: bool) -> tuple[int, int]:
    """The width of a line, and the one it would have with the first word of the next."""
    if not by_character:
        return _width(first, by_character), first.indent + _needed(first, second)
    closing = 0
    while second.text[closing + 1 : closing + 2] and second.text[closing + 1] in _NO_START:
        closing += 1
    width = _width(first, by_character)
    return width, width + 1 + closing


def _width(line: Line, by_character: bool) -> int:
    if by_character:
        return line.indent // 2 + len(line.text)  # of wide spaces, as Chinese paragraphs start with
    return line.indent + _columns(line.text)


def _is_wide(breaks: Sequence[tuple[Line, Line]]) -> bool:
    """Whether most lines end or go on without a space."""
    glued = sum(_is_glued(a.text[-1:]) or _is_glued(b.text[:1]) for a, b in breaks)
    return glued > len(breaks) / 2


def _ragged_column(lines: Sequence[Line]) -> int:
    """The width that lines nearly fill and mostly end at within a sentence; 0 if they do not."""
    if len(lines) < RAGGED_LINES:
        return 0
    widths = [_columns(line.text) for line in lines]
    column = sorted(widths)[int(0.9 * (len(widths) - 1))]
    if not COLUMNS[0] <= column <= COLUMNS[1] or max(widths) > 1.25 * column:
        return 0
    open_ended = sum(
        width >= RAGGED_FILL * column and not _CLAUSE_END.search(line.text)
        for width, line in zip(widths, lines, strict=True)
    )
    return column if open_ended >= RAGGED_SHARE * len(lines) else 0


def _needed(first: Line, second: Line) -> int:
    """The columns the first line would have with the first word of the second one.

    No line starts with closing marks or ends with opening ones, so these move with their word.
    """
    text = second.text
    end = 0
    while end < len(text) and text[end] in _NO_END:
        end += 1
    if _is_glued(text[end : end + 1]):
        end += 1
        while end < len(text) and text[end] in _NO_START:
            end += 1
    else:
        while end < len(text) and not text[end].isspace() and not _is_glued(text[end]):
            end += 1
    glued = _is_glued(first.text[-1:]) or _is_glued(text[:1])
    return _columns(first.text) + (0 if glued else 1) + _columns(text[:end])


def _apart(first: Line, second: Line) -> bool:
    """Whether the look of two lines says that they are no part of one paragraph."""
    if first.heading or second.heading or second.bullet or first.tabular or second.tabular:
        return True
    if _QUOTED.match(first.text) or _QUOTED.match(second.text):
        return True
    return second.indent > first.indent and not first.bullet


def _join(lines: Sequence[Line], wrap: _Wrap, words: frozenset[str]) -> list[Line]:
    joined: list[Line] = []
    parts = [lines[0].text]  # of the paragraph that is being joined
    first = lines[0]
    for number, (last, line) in enumerate(pairwise(lines)):
        apart = line.gap > wrap.gap or _apart(last, line)
        if apart or not (_hangs(first, last, line) or _continues(number, last, line, wrap)):
            joined.append(replace(first, text="".join(parts), end=last.end))
            parts, first = [line.text], line
            continue
        cut = wrap.by_character and _width(last, True) == wrap.column
        between, dropped = ("", 0) if cut else _between(last.text, line.text, words)
        parts[-1] = parts[-1][: len(parts[-1]) - dropped]
        parts.append(between + line.text)
    return [*joined, replace(first, text="".join(parts), end=lines[-1].end)]


def _continues(number: int, first: Line, second: Line, wrap: _Wrap) -> bool:
    if not wrap.sure:
        width = _columns(first.text)
        return (
            SENTENCE_COLUMNS <= width <= COLUMNS[1]
            and _needed(first, second) > wrap.column
            and not _CLAUSE_END.search(first.text)
            and _goes_on(second.text)
        )
    if wrap.fill:
        return _columns(first.text) >= wrap.fill * wrap.column
    if number < HEAD_LINES and _is_data(second, wrap):
        return False
    if second.text[:1].islower() and not _CLAUSE_END.search(first.text):
        return True  # a line that was left short where a word was taken out of it
    return _span(first, second, wrap.by_character)[1] > wrap.column


def _hangs(item: Line, last: Line, line: Line) -> bool:
    """Whether a line stands below the text of a list's item, and not below its mark."""
    if not item.bullet or line.indent <= item.indent:
        return False
    return _columns(last.text) >= SENTENCE_COLUMNS and not _CLAUSE_END.search(last.text)


def _goes_on(text: str) -> bool:
    """Whether a line starts as a sentence goes on: in lower case, or with a number."""
    start = text.lstrip("\"'“‘(")[:1]
    return start.islower() or start.isdigit()


def _is_data(line: Line, wrap: _Wrap) -> bool:
    """Whether a line at the top of a text is a byline or date under a headline that fills its
    own."""
    short = _width(line, wrap.by_character) < RAGGED_FILL * wrap.column
    return short and read_data_line(line.text) is not None


def _between(first: str, second: str, words: frozenset[str]) -> tuple[str, int]:
    """What stands between two pieces of one paragraph, and how many characters the first loses;
    wide characters are not set apart by spaces.

    A hyphen at the end of the first stays, unless the text has the word without it.
    """
    if first.endswith(SOFT_HYPHEN):
        return "", 1
    if _is_glued(first[-1:]) or _is_glued(second[:1]) or _CUT_NUMBER.search(first[-16:]):
        return "", 0
    if _HYPHENATED.search(first[-4:]) and second[0].islower():
        start, end = _LAST_WORD.search(first[-64:-1]), _FIRST_WORD.match(second[:64])
        whole = (start[0] if start else "") + (end[0] if end else "")
        return "", int(whole in words)
    return " ", 0


def _columns(text: str) -> int:
    if len(text) > 2 * COLUMNS[1]:
        return len(text)
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def _is_glued(character: str) -> bool:
    """Whether no space stands beside this character: wide, and no Korean."""
    return (
        bool(character)
        and unicodedata.east_asian_width(character) in "WF"
        and not "\uac00" <= character <= "\ud7af"
    )
