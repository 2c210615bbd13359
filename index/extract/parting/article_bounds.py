"""Lines of a page -> the articles among them.

In: the page's lines. Out: `Piece`s: which lines are an article's body, which line is its title, and
what the lines around say about it. Body text is found as runs of prose; what ends an article, and
which headline and date lines start one, follows from the kinds of the lines between.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.extract.bylines import DataLine, is_outlet, is_person, read_data_line
from index.extract.line_kinds import Kind
from index.extract.lines import STATEMENT_END, Line
from index.extract.parting.pieces import Piece, select_articles
from index.extract.web.kinds_on_page import TITLE_WIDTH, kinds_of
from index.languages.dates.date_order import certain_order
from index.languages.dates.publication_dates import Order
from index.languages.pack import either, packs
from index.languages.text import fold

HEAD_LINES = 14
"""An article's title and date are looked for in this many lines above its first prose."""

REACH = 300
"""At most this many lines are looked at above or below a line, so that the time grows only linearly
with the page."""

RESUMED_WIDTH = {Kind.ASIDE: 60, Kind.END: 400}
RESUMED_SHARE = {Kind.ASIDE: 1, Kind.END: 3}
"""How an article resumes after a line that opens a list of other stories, or that mostly ends an
article. The prose behind it must have this width in all, and this many lines of prose for each
other line: teasers and imprints are shorter, and stand between short lines. A single paragraph
resumes it unless a short line follows, as behind a teaser. Set on 250 pages."""

OUTLET_WIDTH = 10
"""A line no wider than this may be an outlet's name by its place alone."""

NOTICE_WIDTH = 80
NOTICE_GAP = 2
"""If a page starts with less prose than this, and so many lines of boilerplate and a headline
separate it from the next prose, it is a notice and not the beginning of the article."""

ENUMERATED = re.compile(
    rf"^(?:[（(]?\d{{1,2}}[）)、.．:：]|{either(pack.pages.enumerated for pack in packs())})"
)


@dataclass(slots=True)
class _Head:
    first: int
    tight: bool
    title: int | None
    data: DataLine
    body: list[int]
    """Lines between the headline and the first prose that belong to the text."""

    def starts_article(self, ended: bool) -> bool:
        """Whether an article starts here: with a headline and a full date, and with a name too
        unless the last article has ended."""
        dated = self.data.published or self.data.updated
        named = ended or self.data.author or self.data.outlet
        return self.title is not None and bool(dated and named)


def find_pieces(lines: Sequence[Line], single: bool = False, title: str = "") -> list[Piece]:
    """The articles of a page, in order; with `single`, all text is one article, and `title` is
    its headline where that is known."""
    scan = _Scan(lines, single, fold(title) if single else "")
    pieces = scan.pieces()
    return pieces if single else select_articles(pieces, scan.tidy)


class _Scan:
    """One pass over the lines of a page."""

    def __init__(self, lines: Sequence[Line], single: bool, title: str) -> None:
        self.lines = lines
        self.single = single
        self.title = title
        self.kinds = kinds_of(lines)
        self.order: Order = certain_order(line.text for line in lines) or "month-first"
        self.data: dict[int, DataLine] = {}
        for index, line in enumerate(lines):
            data = read_data_line(line.text, self.order)
            if data is not None:
                self.data[index] = data
                if self.kinds[index] is Kind.CHROME and is_person(data.author):
                    self.kinds[index] = Kind.SHORT  # names side by side
        self.tidy = not any(
            kind in (Kind.CHROME, Kind.ASIDE, Kind.OVER) and line.width > 0
            for kind, line in zip(self.kinds, lines, strict=True)
        )
        if self.tidy:  # numbers and rules are part of a text that has no boilerplate in it
            self.kinds = [Kind.SHORT if k is Kind.CHROME else k for k in self.kinds]

    def pieces(self) -> list[Piece]:
        """Goes down the page from one line of prose to the next; what lies between decides."""
        done: list[Piece] = []
        piece: Piece | None = None
        between: set[Kind] = set()
        last = -1  # the piece's last line of prose
        for index, kind in enumerate(self.kinds):
            if kind is not Kind.PROSE or index in self.data:
                between.add(kind)
                continue
            reach = max(last + 1, index - REACH)
            head = self._head(index, reach)
            if piece is not None and not self.single:
                if self._was_notice(piece, head, reach, index):
                    piece = None
                elif Kind.OVER in between or head.starts_article(Kind.END in between):
                    self._close(piece, last)
                    done.append(piece)
                    piece = None
                elif not self._resumes(index, between):
                    continue
            if piece is None:
                piece = self._open(head)
                self._append(piece, [*head.body, index])
            else:
                self._append(piece, [*self._kept(piece, range(last + 1, index)), index])
            between.clear()
            last = index
        if piece is None:
            return [self._without_prose()] if self.single or self.tidy else []
        self._close(piece, last)
        return [*done, piece]

    def _open(self, head: _Head) -> Piece:
        title = None if head.title is None else self.lines[head.title]
        start = self.lines[head.first].start
        return Piece(title=title, data=head.data, start=start, tight=head.tight)

    def _head(self, index: int, reach: int) -> _Head:
        """Headline and data lines above the prose line `index`, up to the line `reach`."""
        above = [
            i
            for i in range(reach, index)
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
        named = None if data.outlet or title is None else self._outlet_line(above, title)
        if named is not None:
            data.outlet = self.lines[named].text
            data.guessed.add("outlet")
        body = [i for i in below if i != named and self._opens_text(i)]
        first = min([i for i in (title, *data_lines) if i is not None] + [index])
        tight = all(self.kinds[i] is Kind.SHORT or i in self.data for i in range(first, index))
        return _Head(first, tight, title, data, body)

    def _choose_title(self, candidates: list[int], data_lines: list[int]) -> int | None:
        marked = [i for i in candidates if self.lines[i].heading]
        if marked:
            return marked[-1]
        above = [i for i in candidates if data_lines and i < data_lines[0]][-3:]
        pool = above or candidates[-4:]
        pool = [i for i in pool if not is_outlet(self.lines[i].text)] or pool
        if not pool:
            return None
        widest = max(self.lines[i].width for i in pool)
        return next(i for i in reversed(pool) if self.lines[i].width >= 0.6 * widest)

    def _could_be_title(self, index: int) -> bool:
        line = self.lines[index]
        if self.title:
            return fold(line.text) == self.title
        return (
            TITLE_WIDTH[0] <= line.width <= TITLE_WIDTH[1]
            and not line.bullet
            and not line.text.endswith((":", "：", "。", ";", "；"))
        )

    def _opens_text(self, index: int) -> bool:
        line = self.lines[index]
        return (
            self.tidy
            or bool(self.title)
            or line.heading
            or ENUMERATED.match(line.text) is not None
            or (STATEMENT_END.search(line.text) is not None and line.width >= TITLE_WIDTH[0])
        )

    def _outlet_line(self, above: list[int], title: int) -> int | None:
        """A short line below the headline that says nothing else names the outlet."""
        below = next((i for i in above if i > title), None)
        before = next((i for i in reversed(above) if i < title), None)
        if below is not None and self._could_be_outlet(below):
            return below
        if (
            before is not None
            and self._could_be_outlet(before)
            and is_outlet(self.lines[before].text)
        ):
            return before
        return None

    def _could_be_outlet(self, index: int) -> bool:
        line = self.lines[index]
        return (
            index not in self.data
            and line.width <= OUTLET_WIDTH
            and len(line.text.split()) <= 5
            and not line.bullet
            and not line.heading
            and not (line.text.isupper() and " " in line.text)
            and not STATEMENT_END.search(line.text)
        )

    def _was_notice(self, piece: Piece, head: _Head, reach: int, index: int) -> bool:
        """Whether what was taken for the article is only a short notice, far above it."""
        if head.title is None or piece.width >= NOTICE_WIDTH:
            return False
        boilerplate = sum(kind is not Kind.SHORT for kind in self.kinds[reach:index])
        marked = head.data.published or head.data.author or self.lines[head.title].heading
        return boilerplate >= NOTICE_GAP and bool(marked)

    def _kept(self, piece: Piece, between: range) -> list[int]:
        """Lines between two paragraphs that belong to the text: headings, captions, list items."""
        kept = []
        for i in between:
            if i in self.data:
                piece.data.merge(self.data[i])
            elif self.kinds[i] in (Kind.ASIDE, Kind.END, Kind.OVER):
                break
            elif self.kinds[i] is Kind.SHORT and not self._repeats_title(piece, i):
                kept.append(i)
        return kept

    def _resumes(self, index: int, between: set[Kind]) -> bool:
        """Whether the article goes on at this line of prose, for all that stands before it."""
        barrier = Kind.END if Kind.END in between else Kind.ASIDE
        if barrier not in between:
            return True
        width, prose, others = 0.0, 0, 0
        for i in range(index, min(index + REACH, len(self.lines))):
            if self.kinds[i] in (Kind.ASIDE, Kind.END, Kind.OVER):
                break
            is_prose = self.kinds[i] is Kind.PROSE
            prose += is_prose
            others += not is_prose
            width += self.lines[i].width if is_prose else 0
            enough = width >= RESUMED_WIDTH[barrier] and prose >= RESUMED_SHARE[barrier] * others
            if enough and (prose > 1 or not (others or self._is_short(i + 1))):
                return True
        return False

    def _is_short(self, index: int) -> bool:
        return index < len(self.lines) and self.kinds[index] is Kind.SHORT

    def _repeats_title(self, piece: Piece, index: int) -> bool:
        return piece.title is not None and fold(piece.title.text) == fold(self.lines[index].text)

    def _append(self, piece: Piece, indexes: list[int]) -> None:
        piece.body += [self.lines[i] for i in indexes]
        prose = [i for i in indexes if self.kinds[i] is Kind.PROSE]
        piece.paragraphs += len(prose)
        piece.width += sum(self.lines[i].width for i in prose)
        piece.end = max(piece.end, self.lines[max(indexes)].end)

    def _close(self, piece: Piece, last: int) -> None:
        """Adds what follows the last paragraph: closing lines and data lines."""
        text_over = data_over = False
        for i in range(last + 1, min(last + HEAD_LINES, len(self.lines))):
            line, kind = self.lines[i], self.kinds[i]
            if kind is Kind.PROSE:
                return
            if i in self.data and not data_over:
                piece.data.merge(self.data[i])
            elif kind is Kind.SHORT and not text_over and (self.tidy or _SAID.search(line.text)):
                self._append(piece, [i])
            elif kind is Kind.END and (original := _ORIGINAL.match(line.text)) is not None:
                if not piece.data.outlet:
                    piece.data.outlet = original[1].strip(" .")
                    piece.data.guessed.add("outlet")
            else:
                data_over = data_over or kind in (Kind.END, Kind.ASIDE, Kind.OVER)
            text_over = text_over or kind is not Kind.SHORT

    def _without_prose(self) -> Piece:
        """Where there are only short lines: all of them in a record, and in a page all that are no
        boilerplate."""
        piece = Piece()
        kept = [i for i, kind in enumerate(self.kinds) if self.single or kind is Kind.SHORT]
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
    r"(?:read|view|see)\s+(?:the\s+)?(?:full|original|entire|whole|complete)\s+"
    r"(?:story|article|report|version)\s+(?:on|at|in|from)\s+(.{2,40})$",
    re.IGNORECASE,
)
