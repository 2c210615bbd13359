"""A saved web page -> the pieces of text that are its articles, and what its markup states.

In: markup. Out: `Piece`s as extract/article_bounds.py finds them in plain text, and `WebData`. The main text
is trafilatura's, less the lines that are certainly not of the article; where trafilatura finds
nothing, fails, or takes a page laid out in tables for a table, our own lines of the page are read
instead.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from index.extract.bylines import DataLine, read_data_line
from index.extract.left_out import HIDDEN, left_out_of
from index.extract.line_kinds import Kind, classify
from index.extract.lines import STATEMENT_END, Line, clean, split_lines, text_width
from index.extract.parting.article_bounds import HEAD_LINES, find_pieces
from index.extract.parting.pieces import Piece
from index.extract.parting.stories import find_stories
from index.extract.web.html_lines import drop_unseen, page_lines, parse, split_preformatted
from index.extract.web.metadata import WebData, day_month_order, read_markup, title_key
from index.languages.dates.date_order import certain_order, is_numeric
from index.languages.dates.publication_dates import Order, parse_date
from index.read.formats import PARSER_FAILURES
from index.read.streams import hush

_BOILERPLATE = frozenset({Kind.CHROME, Kind.ASIDE, Kind.END, Kind.OVER})

LAYOUT_CELL_WIDTH = 40
"""A table cell wider than this holds paragraphs: the table lays out the page."""

LAYOUT_SHARE = 0.1
"""Share of trafilatura's text in such tables above which our own reading is better; measured on
69 saved Chinese pages, 2004 to 2022: token F1 .875 instead of .860."""

LINK_SHARE = 0.9
"""A line of which this share is a link, and which is no sentence, leads to another story."""

TITLE_LINES = 12
"""A repeated title is looked for in so many lines from the top."""


_WHOLE = re.compile(r"<(?:!doctype|html|head|body)\b", re.IGNORECASE)


def is_whole_page(markup: str) -> bool:
    """Whether markup is a page rather than the body of an article out of a feed or a table."""
    return _WHOLE.search(markup[:2000]) is not None


def fragment_lines(markup: str, left_out: Counter[str] | None = None) -> list[Line]:
    """The lines of markup that is known to be one article's text."""
    tree = parse(markup)
    if tree is None:
        return []
    _drop_unseen(tree, left_out)
    split_preformatted(tree)
    return page_lines(tree)


def _drop_unseen(tree: Any, left_out: Counter[str] | None) -> None:
    hidden = drop_unseen(tree)
    if hidden and left_out is not None:
        left_out[HIDDEN] += hidden


def read_page(
    markup: str, newsletter: bool = False, left_out: Counter[str] | None = None
) -> tuple[list[Piece], WebData]:
    """The articles of a page and what its markup states about it; `newsletter`: it is a letter."""
    tree = parse(markup)
    if tree is None:
        return [], WebData()
    data = read_markup(tree, markup)
    _drop_unseen(tree, left_out)
    split_preformatted(tree)
    lines = page_lines(tree)
    pieces, data = _read(tree, lines, data, len(markup), newsletter)
    if left_out is not None:
        left_out.update(left_out_of(lines, pieces))
    return pieces, data


def _read(
    tree: Any, lines: list[Line], data: WebData, size: int, newsletter: bool
) -> tuple[list[Piece], WebData]:
    data.date_order = certain_order(line.text for line in lines)
    order = data.date_order or day_month_order(tree)
    if is_numeric(data.stated_date):
        data.published = parse_date(data.stated_date, order)
    own = find_stories(tree, order, [data.title] if data.title else [], newsletter)
    if own:
        return [_with_page_data(piece, data) for piece in own], data.of_the_page()
    own = find_pieces(lines)
    if len(own) > 1 and not data.is_article:
        return own, data.of_the_page()
    text = _main_text(tree)
    body = [] if _is_layout(text) else _body(text, lines, data.titles, order)
    if body:
        piece = Piece(body, paragraphs=len(body), width=sum(line.width for line in body))
    elif own:
        piece = max(own, key=lambda p: p.width)
        piece.body = [line for line in piece.body if title_key(line.text) not in data.titles]
    else:
        return [], data
    piece.data = _visible_data(lines, piece.body, data.titles, order)
    if not (data.published or piece.data.published):
        _guess_date(tree, piece.data)
    piece.start, piece.end = 0, size
    return [piece], data


def _with_page_data(piece: Piece, data: WebData) -> Piece:
    """A story that the page as a whole is about has its date and author too."""
    if piece.title is not None and title_key(piece.title.text) in data.titles:
        piece.data.published = piece.data.published or data.published
        piece.data.author = piece.data.author or data.author
    return piece


MAX_ELEMENTS = 60_000
"""Trafilatura takes seconds for more elements than this, and half a gigabyte."""


def _main_text(tree: Any) -> str:
    from trafilatura import extract

    hush("trafilatura")
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        return ""
    try:
        return extract(tree, include_comments=False, include_tables=True) or ""
    except PARSER_FAILURES:
        return ""


def _is_layout(text: str) -> bool:
    lines = [line for line in text.split("\n") if line.strip()]
    laid_out = sum(
        len(line)
        for line in lines
        if line.startswith("|") and any(text_width(c) > LAYOUT_CELL_WIDTH for c in line.split("|"))
    )
    return not lines or laid_out > LAYOUT_SHARE * sum(map(len, lines))


def _body(text: str, page: list[Line], titles: set[str], order: Order) -> list[Line]:
    """Trafilatura's lines without boilerplate, repeated titles, data lines and links."""
    on_page = {title_key(line.text): line for line in page}
    lines = split_lines(text)
    body = []
    for number, line in enumerate(lines):
        content = _cells(line.text) if line.text.startswith("|") else re.sub(r"^- ", "", line.text)
        key = title_key(content)
        shown = on_page.get(key)
        if not content or (number < TITLE_LINES and key in titles):
            continue
        if line.text.startswith("|"):
            body.append(Line(content, 0, 0))
            continue
        if classify(Line(content, 0, 0)) in _BOILERPLATE:
            continue
        if shown is not None and not shown.heading and _leads_elsewhere(shown):
            continue
        if (number < 6 or number >= len(lines) - 3) and read_data_line(content, order) is not None:
            continue
        written = (
            content if shown is None else shown.text
        )  # with what trafilatura drops: soft hyphens
        body.append(Line(written, 0, 0, heading=shown is not None and shown.heading))
    return body


def _leads_elsewhere(line: Line) -> bool:
    is_address = re.search(r"https?://|www\.", line.text) is not None
    return line.links >= LINK_SHARE and not STATEMENT_END.search(line.text) and not is_address


def _cells(row: str) -> str:
    cells = [clean(cell) for cell in row.replace("\\|", "/").split("|")]
    return " | ".join(cell for cell in cells if cell.strip("-: "))


def _visible_data(lines: list[Line], body: list[Line], titles: set[str], order: Order) -> DataLine:
    """Date, byline and outlet in the lines beside title and body, as a reader sees them."""
    keys = [title_key(line.text) for line in lines]
    first, last = ({title_key(line.text) for line in part} for part in (body[:2], body[-2:]))
    start = next((i for i, key in enumerate(keys) if key in first), None)
    end = next((i for i in reversed(range(len(keys))) if keys[i] in last), None)
    near: list[Line] = []
    for i, key in enumerate(keys):
        if lines[i].heading and (key in titles or (len(key) > 5 and any(key in t for t in titles))):
            near += [*lines[i + 1 : i + HEAD_LINES], *lines[max(0, i - 3) : i]]
    if start is not None:
        near += reversed(lines[max(0, start - HEAD_LINES) : start])
        near += lines[start : start + 2]
    if end is not None:
        near += lines[end + 1 : end + 4]
    data = DataLine()
    for line in near:
        found = read_data_line(line.text, order)
        if found is not None:
            data.merge(found)
    return data


def _guess_date(tree: Any, data: DataLine) -> None:
    from htmldate import find_date

    hush("htmldate")
    try:
        found = find_date(tree, original_date=True, extensive_search=False)
    except PARSER_FAILURES:
        return
    if found:
        data.published = found
        data.guessed.add("published")
