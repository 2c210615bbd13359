"""Lines of a page -> the articles among them.

In: the page's lines. Out: `Piece`s: which lines are an article's body, which line is its title, and
what the lines around say about it. Body text is found as runs of prose; what ends an article, and
which headline and date lines start one, is told by the kinds of the lines between.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from index.boilerplate import Kind, classify
from index.bylines import DataLine, read_data_line
from index.dates import Order, date_order
from index.language import fold
from index.lines import STATEMENT_END, Line

HEAD_LINES = 14
"""How many lines above its first prose an article's title and date are looked for."""

TITLE_WIDTH = (3.0, 70.0)
"""Narrowest and widest headline, in Han characters."""

MENU_RUN = 5
MENU_ITEM_WIDTH = 8
"""This many short lines in a row, of on average at most this width, are a menu, not a list."""

REPEATS = 3
"""A short line that stands this often on a page is part of its furniture."""

STRONG_WIDTH = 40
"""After a list of other stories only prose of this width resumes the article."""

SECOND_ARTICLE = (100.0, 0.1)
"""A further article on a page has two paragraphs with this width in all, and this share of the
longest one's; teasers of other stories have not."""

OUTLET_WIDTH = 10
"""The widest line that is taken for an outlet's name by its place alone."""

HEADED_BONUS = 3
"""An article with headline and date wins against three times as many words of comments."""

ENUMERATED = re.compile(
    r"^(?:[（(]?[一二三四五六七八九十]{1,3}[）)、.．:：]|[（(]?\d{1,2}[）)、.．:：]|第[一二三四五六七八九十]{1,3}[章节節部]|[IVX]{1,4}\.\s)"
)


@dataclass(slots=True)
class Piece:
    """One article among the lines of a page."""

    body: list[Line] = field(default_factory=list)
    title: Line | None = None
    data: DataLine = field(default_factory=DataLine)
    start: int = 0
    end: int = 0
    """Its span in the page, from title or date line to the last line of the body."""
    paragraphs: int = 0
    width: float = 0.0

    @property
    def headed(self) -> bool:
        """Starts with a headline and a date or byline of its own."""
        return self.title is not None and bool(
            self.data.published or self.data.updated or self.data.author
        )


@dataclass(slots=True)
class _Head:
    first: int
    title: int | None
    data: DataLine
    body: list[int]
    """Lines between the headline and the first prose that belong to the text."""


def find_pieces(lines: Sequence[Line], single: bool = False) -> list[Piece]:
    """The articles of a page, in order; with `single`, all of its text is one article."""
    scan = _Scan(lines)
    pieces = scan.pieces(single)
    return pieces if single else _select(pieces)


class _Scan:
    """One pass over the lines of a page."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.kinds = _kinds(lines)
        self.order: Order = date_order("\n".join(line.text for line in lines))
        self.data: dict[int, DataLine] = {}
        for index, line in enumerate(lines):
            data = read_data_line(line.text, self.order)
            if data is not None:
                self.data[index] = data
        self.tidy = Kind.CHROME not in self.kinds and Kind.ASIDE not in self.kinds

    def pieces(self, single: bool) -> list[Piece]:
        done: list[Piece] = []
        piece: Piece | None = None
        ended = aside = False
        last = -1  # the last line of the piece's prose
        for index, kind in enumerate(self.kinds):
            if kind is Kind.END:
                ended = piece is not None
            elif kind is Kind.ASIDE:
                aside = True
            if kind is not Kind.PROSE or index in self.data:
                continue
            head = self._head(index, last)
            new = head.title is not None and bool(head.data.published or head.data.updated)
            if piece is None or (not single and ((new and self._starts(head, ended)) or ended)):
                if piece is not None:
                    self._close(piece, last, ended or aside)
                    done.append(piece)
                piece = Piece(
                    title=None if head.title is None else self.lines[head.title],
                    data=head.data,
                    start=self.lines[head.first].start,
                )
                self._append(piece, [*head.body, index])
            elif aside and self.lines[index].width < STRONG_WIDTH and not single:
                continue
            else:
                between = range(last + 1, index)
                self._append(piece, [*self._kept(piece, between, aside), index])
            ended = aside = False
            last = index
        if piece is None:
            return [self._without_prose(single)] if single or self.tidy else []
        self._close(piece, last, ended or aside)
        return [*done, piece]

    def _head(self, index: int, last: int) -> _Head:
        """Headline and data lines above the prose line `index`, below the line `last`."""
        above = [
            i
            for i in range(last + 1, index)
            if self.kinds[i] is Kind.SHORT or (i in self.data and self.kinds[i] is not Kind.CHROME)
        ][-HEAD_LINES:]
        data_lines = [i for i in above if i in self.data]
        candidates = [i for i in above if i not in self.data and self._could_be_title(i)]
        title = self._choose_title(candidates, data_lines)
        data = DataLine()
        for i in data_lines:
            if title is None or i >= title - 3:
                data.merge(self.data[i])
        start = max(
            [i for i in data_lines if title is None or i > title] + [-1 if title is None else title]
        )
        below = [i for i in above if i > start]
        named = None
        if title is not None and not data.outlet:
            named = self._outlet_line([i for i in above if title - 2 <= i < index and i != title])
            if named is not None:
                data.outlet = self.lines[named].text
                data.guessed.add("outlet")
        body = [i for i in below if i != named and self._opens_text(i)]
        first = min([i for i in (title, *data_lines) if i is not None] + [index])
        return _Head(first, title, data, body)

    def _choose_title(self, candidates: list[int], data_lines: list[int]) -> int | None:
        marked = [i for i in candidates if self.lines[i].heading]
        if marked:
            return marked[-1]
        above = [i for i in candidates if data_lines and i < data_lines[0]][-3:]
        pool = above or candidates[-4:]
        if not pool:
            return None
        widest = max(self.lines[i].width for i in pool)
        return next(i for i in reversed(pool) if self.lines[i].width >= 0.6 * widest)

    def _could_be_title(self, index: int) -> bool:
        line = self.lines[index]
        return (
            TITLE_WIDTH[0] <= line.width <= TITLE_WIDTH[1]
            and not line.bullet
            and not line.text.endswith((":", "：", "。", ";", "；"))
        )

    def _opens_text(self, index: int) -> bool:
        line = self.lines[index]
        return (
            self.tidy
            or line.heading
            or ENUMERATED.match(line.text) is not None
            or (STATEMENT_END.search(line.text) is not None and line.width >= TITLE_WIDTH[0])
        )

    def _outlet_line(self, near: list[int]) -> int | None:
        """A short line beside headline and date that says nothing else names the outlet."""
        for i in near:
            line = self.lines[i]
            if i in self.data or line.width > OUTLET_WIDTH or line.bullet:
                continue
            if len(line.text.split()) <= 5 and not STATEMENT_END.search(line.text):
                return i
        return None

    def _starts(self, head: _Head, ended: bool) -> bool:
        return ended or bool(head.data.author or head.data.outlet)

    def _kept(self, piece: Piece, between: range, aside: bool) -> list[int]:
        """Lines between two paragraphs that belong to the text: headings, captions, list items."""
        kept = []
        for i in between:
            if i in self.data:
                piece.data.merge(self.data[i])
            elif self.kinds[i] is Kind.SHORT and not aside and not self._repeats_title(piece, i):
                kept.append(i)
            elif self.kinds[i] is Kind.ASIDE:
                aside = True
        if aside and kept and self.lines[between[-1]].heading and between[-1] not in kept:
            kept.append(between[-1])
        return kept

    def _repeats_title(self, piece: Piece, index: int) -> bool:
        return piece.title is not None and fold(piece.title.text) == fold(self.lines[index].text)

    def _append(self, piece: Piece, indexes: list[int]) -> None:
        piece.body += [self.lines[i] for i in indexes]
        prose = [i for i in indexes if self.kinds[i] is Kind.PROSE]
        piece.paragraphs += len(prose)
        piece.width += sum(self.lines[i].width for i in prose)
        piece.end = max(piece.end, self.lines[max(indexes)].end)

    def _close(self, piece: Piece, last: int, cut: bool) -> None:
        """Take in what follows the last paragraph: closing lines, data lines."""
        for i in range(last + 1, min(last + HEAD_LINES, len(self.lines))):
            line = self.lines[i]
            if self.kinds[i] is Kind.PROSE:
                return
            if i in self.data and not cut:
                piece.data.merge(self.data[i])
            elif self.kinds[i] is Kind.SHORT and not cut and (self.tidy or _SAID.search(line.text)):
                self._append(piece, [i])
            elif self.kinds[i] is Kind.END:
                original = _ORIGINAL.match(line.text)
                if original is None:
                    cut = True
                elif not piece.data.outlet:
                    piece.data.outlet = original[1].strip(" .")
                    piece.data.guessed.add("outlet")

    def _without_prose(self, single: bool) -> Piece:
        """Short lines only: all of a record, and of a page all that is not boilerplate."""
        piece = Piece()
        kept = [i for i, kind in enumerate(self.kinds) if single or kind is Kind.SHORT]
        for i in kept:
            if i in self.data and len(kept) > 1:
                piece.data.merge(self.data[i])
            else:
                piece.body.append(self.lines[i])
        if piece.body:
            piece.start, piece.end = piece.body[0].start, piece.body[-1].end
        return piece


_SAID = re.compile(r"[。！？!?.…][\"'”’」』)）]*$")
_ORIGINAL = re.compile(
    r"(?:read|view|see)\s+(?:the\s+)?(?:full|original|entire|whole|complete)\s+(?:story|article|report|version)\s+(?:on|at|in|from)\s+(.{2,40})$",
    re.IGNORECASE,
)


def _kinds(lines: Sequence[Line]) -> list[Kind]:
    kinds = [classify(line) for line in lines]
    if Kind.PROSE not in kinds:
        return kinds
    repeated = Counter(line.text for line in lines)
    for i, line in enumerate(lines):
        if kinds[i] is Kind.SHORT and repeated[line.text] >= REPEATS:
            kinds[i] = Kind.CHROME
    start = 0
    for i in range(len(lines) + 1):
        if i < len(lines) and kinds[i] in (Kind.SHORT, Kind.CHROME) and not lines[i].heading:
            continue
        short = [j for j in range(start, i) if kinds[j] is Kind.SHORT]
        start = i + 1
        while (
            short and not lines[short[-1]].bullet and lines[short[-1]].width > MENU_ITEM_WIDTH / 2
        ):
            short.pop()  # the headline under a menu is none of its items
        if len(short) >= MENU_RUN:
            width = sum(lines[j].width for j in short) / len(short)
            if width <= MENU_ITEM_WIDTH:
                for j in short:
                    kinds[j] = Kind.CHROME
    return kinds


def _select(pieces: list[Piece]) -> list[Piece]:
    """The pieces that are articles rather than comments, teasers or notices."""
    if not pieces:
        return []
    main = max(pieces, key=lambda p: p.width * (HEADED_BONUS if p.headed else 1))
    least, share = SECOND_ARTICLE
    return [
        p
        for p in pieces
        if p is main
        or (p.headed and p.paragraphs >= 2 and p.width >= max(least, share * main.width))
    ]
