"""Lines of a page -> the articles among them.

In: the page's lines. Out: `Piece`s: which lines are an article's body, which line is its title, and
what the lines around say about it. Body text is found as runs of prose; what ends an article, and
which headline and date lines start one, follows from the kinds of the lines between.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.extract.bylines import DataLine, is_outlet, read_data_line
from index.extract.line_kinds import Kind, classify
from index.extract.lines import STATEMENT_END, Line
from index.languages.date_order import certain_order
from index.languages.pack import either, packs
from index.languages.publication_dates import Order
from index.languages.text import fold

HEAD_LINES = 14
"""An article's title and date are looked for in this many lines above its first prose."""

REACH = 300
"""At most this many lines are looked at above or below a line, so that the time grows only linearly
with the page."""

TITLE_WIDTH = (3.0, 70.0)
"""Narrowest and widest headline, in Han characters."""

MENU_RUN = 5
MENU_ITEM_WIDTH = 8
"""A run of this many short lines, whose mean width is at most this, is a menu and not a list."""

REPEATS = 3
"""A short line that occurs this often on a page belongs to the page and not to the article."""

RESUMED_WIDTH = {Kind.ASIDE: 60, Kind.END: 400}
RESUMED_SHARE = {Kind.ASIDE: 1, Kind.END: 3}
"""How an article resumes after a line that opens a list of other stories, or that mostly ends an
article. The prose behind it must have this width in all, and this many lines of prose for each
other line: teasers and imprints are shorter, and stand between short lines. A single paragraph
resumes it unless a short line follows, as behind a teaser. Set on 250 pages."""

SECOND_WIDTH = 100
SECOND_SHARE = 0.1
SECOND_PARAGRAPH = 40
"""A further article on a page has two paragraphs or more, this width in all, this share of the
longest article's width, and paragraphs of this mean width. Teasers and comments have less."""

OUTLET_WIDTH = 10
"""A line no wider than this may be an outlet's name because of its place alone."""

NOTICE_WIDTH = 80
NOTICE_GAP = 2
"""If a page starts with less prose than this, and so many lines of boilerplate and a headline
separate it from the next prose, it is a notice and not the beginning of the article."""

HEADED_BONUS = 3
"""An article with headline and date wins against three times as many words of comments."""

ENUMERATED = re.compile(
    rf"^(?:[（(]?\d{{1,2}}[）)、.．:：]|{either(pack.pages.enumerated for pack in packs())})"
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
    """Number and joint width of its lines of prose."""
    url: str = ""
    """Its own, where the page has several articles."""
    tight: bool = False
    """No boilerplate stands between its headline and its text."""

    @property
    def headed(self) -> bool:
        """Starts with a headline and a date or byline of its own."""
        return self.title is not None and bool(
            self.data.published or self.data.updated or self.data.author
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
        """Whether a headline with a full date stands here, and a name unless the last has ended."""
        dated = self.data.published or self.data.updated
        named = ended or self.data.author or self.data.outlet
        return self.title is not None and bool(dated and named)


def find_pieces(lines: Sequence[Line], single: bool = False, title: str = "") -> list[Piece]:
    """The articles of a page, in order; with `single`, all of its text is one article, whose headline
    `title` is, where that is known."""
    pieces = _Scan(lines, single, fold(title) if single else "").pieces()
    return pieces if single else _select(pieces)


class _Scan:
    """One pass over the lines of a page."""

    def __init__(self, lines: Sequence[Line], single: bool, title: str) -> None:
        self.lines = lines
        self.single = single
        self.title = title
        self.kinds = _kinds(lines)
        self.order: Order = certain_order(line.text for line in lines) or "month-first"
        self.data: dict[int, DataLine] = {}
        for index, line in enumerate(lines):
            data = read_data_line(line.text, self.order)
            if data is not None:
                self.data[index] = data
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


def _kinds(lines: Sequence[Line]) -> list[Kind]:
    kinds = [classify(line) for line in lines]
    if kinds[:1] == [Kind.ASIDE] and lines[0].width >= TITLE_WIDTH[0]:
        kinds[0] = Kind.SHORT  # a text that starts with "Watch: ..." is headed so
    if Kind.PROSE not in kinds:
        return kinds
    repeated = Counter(line.text for line in lines)
    for i, line in enumerate(lines):
        if kinds[i] is Kind.SHORT and repeated[line.text] >= REPEATS:
            kinds[i] = Kind.CHROME
    for run in _menus(lines, kinds):
        for i in run:
            kinds[i] = Kind.CHROME
    return kinds


def _menus(lines: Sequence[Line], kinds: Sequence[Kind]) -> Iterator[list[int]]:
    """Runs of short lines that are menus rather than lists of the text."""
    run: list[int] = []
    for i in range(len(lines) + 1):
        if i < len(lines) and not lines[i].heading:
            if kinds[i] is Kind.CHROME:
                continue
            is_item = lines[i].bullet or lines[i].width <= MENU_ITEM_WIDTH
            if kinds[i] is Kind.SHORT and is_item and read_data_line(lines[i].text) is None:
                run.append(i)
                continue
        width = sum(lines[j].width for j in run) / max(1, len(run))
        if run and not lines[run[-1]].bullet and lines[run[-1]].width > width:
            run.pop()  # the headline under a menu is none of its items
        if len(run) >= MENU_RUN and width <= MENU_ITEM_WIDTH:
            yield run
        run = []


def _select(pieces: list[Piece]) -> list[Piece]:
    """The pieces that are articles rather than comments, teasers or notices."""
    if not pieces:
        return []
    main = max(pieces, key=lambda p: p.width * (HEADED_BONUS if p.headed else 1))
    return [p for p in pieces if p is main or _is_second(p, main)]


def _is_second(piece: Piece, main: Piece) -> bool:
    return (
        piece.headed
        and piece.tight
        and bool(piece.data.author or piece.data.outlet)
        and (piece.data.published, piece.data.author) != (main.data.published, main.data.author)
        and piece.paragraphs >= 2
        and piece.paragraphs >= 0.6 * len(piece.body)
        and piece.width >= max(SECOND_WIDTH, SECOND_SHARE * main.width)
        and piece.width >= SECOND_PARAGRAPH * piece.paragraphs
    )
