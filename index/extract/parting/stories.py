"""A page with several stories -> each of them: a page scrolled on into the next story, a newsletter,
the entries of a live report.

In: the tree of a page, without what is not seen. Out: a `Piece` for each story, with the headline,
date, byline and address that stand with it and no others; none where the page is one story.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from index.extract.bylines import DataLine, clean_names, read_data_line
from index.extract.line_kinds import Kind, classify
from index.extract.lines import Line, text_width
from index.extract.parting.pieces import Piece
from index.extract.web.html_lines import page_lines
from index.languages.dates.date_order import is_numeric
from index.languages.dates.publication_dates import Order, parse_date
from index.languages.pack import either, packs, texts
from index.languages.text import fold, squeeze

_HEADINGS = ("h1", "h2", "h3", "h4")
_STORY_TYPE = re.compile(r"schema\.org/\w{0,20}(?:Article|BlogPosting|Posting)$")
_STORY_CLASS = re.compile(
    r"(?:^|[\s_-])(?:post|entry|hentry|h-entry|story|article)(?:$|[\s_-])", re.IGNORECASE
)
_LIVE_CLASS = re.compile(
    r"live[-_ ]?(?:blog|update|report|feed|text|ticker|entry|post)|liveblog|live_blog",
    re.IGNORECASE,
)
_COMMENT = re.compile(r"comment|reply|replies|discuss|disqus|review|respond", re.IGNORECASE)
_AUTHOR_CLASS = re.compile(r"\b(?:author|byline|by-line|writer|reporter)\b", re.IGNORECASE)
_FURNITURE = frozenset({"nav", "footer", "aside", "menu"})
_BOILERPLATE = frozenset({Kind.CHROME, Kind.ASIDE, Kind.END, Kind.OVER})
_HOUR, _MINUTE = (
    "".join(getattr(pack.published, name) for pack in packs()) for name in ("hour", "minute")
)
CLOCK = (
    rf"(?:[01]?\d|2[0-3])\s?[:：.{_HOUR}]\s?[0-5]\d(?![\d:])\s?[{_MINUTE}]?(?:\s?[ap]\.?m\b\.?)?"
)
_CLOCK = re.compile(
    rf"(?<![\d:])([01]?\d|2[0-3])\s?[:：.{_HOUR}]\s?([0-5]\d)(?![\d:])(?:\s?([ap])\.?m\b)?",
    re.IGNORECASE,
)

STORY_WIDTH = 60
STORY_PARAGRAPHS = 2
"""A further story on a page has prose of this width in this many paragraphs, or twice the width in
one; teasers have less."""

LIKE_SHARE = 0.3
"""A story with a headline and a date or byline of its own may be shorter, if it has this share of the
longest one's width."""

LETTER_STORY_WIDTH = 12
"""A story in a newsletter may be one sentence."""

LIVE_ENTRIES = 3
LIVE_WIDTH = 8
"""A live report has at least this many entries, each with a time and with prose of this width."""

MAX_STORIES = 500


def find_stories(tree: Any, order: Order, titles: Sequence[str], newsletter: bool) -> list[Piece]:
    """The stories of a page, in order; none where it has only one.

    `titles` are the page's own; `newsletter`: the page is a letter, whose stories may be short.
    """
    live = _live_pieces(tree, order, titles)
    if live:
        return live
    found = _newsletter_elements(tree) if newsletter else _article_elements(tree)
    pieces = [piece for element in found if (piece := _story(element, order)) is not None]
    if newsletter:
        pieces = [p for p in pieces if p.width >= LETTER_STORY_WIDTH]
    else:
        largest = max((p.width for p in pieces), default=0.0)
        pieces = [p for p in pieces if _is_whole_story(p, largest)]
        if not any(p.headed for p in pieces[1:]):
            return []
    return pieces if len(pieces) > 1 else []


def _is_whole_story(piece: Piece, largest: float) -> bool:
    enough = piece.paragraphs >= STORY_PARAGRAPHS or piece.width >= 2 * STORY_WIDTH
    alike = piece.headed and piece.width >= max(LETTER_STORY_WIDTH, LIKE_SHARE * largest)
    return piece.title is not None and (alike or (piece.width >= STORY_WIDTH and enough))


def _attribute(element: Any, name: str) -> str:
    return str(element.get(name) or "")


def _is_within(element: Any, tags: frozenset[str]) -> bool:
    return any(above.tag in tags for above in element.iterancestors())


# -- stories of a page --------------------------------------------------------------------------


def _article_elements(tree: Any) -> list[Any]:
    """The elements that hold a story each; of nested ones the outer, unless it only holds others."""
    marked = [
        element
        for element in tree.iter("article", "div", "section")
        if element.tag == "article"
        or _STORY_TYPE.search(_attribute(element, "itemtype"))
        or _STORY_CLASS.search(_attribute(element, "class"))
    ][:MAX_STORIES]
    marked = [e for e in marked if not _is_within(e, _FURNITURE) and not _in_comments(e)]
    chosen: list[Any] = []
    inside: Counter[Any] = Counter(
        above for e in marked if _heading(e) is not None for above in e.iterancestors()
    )
    for element in marked:
        if inside[element] > 1 or any(above in chosen for above in element.iterancestors()):
            continue
        if _heading(element) is not None:
            chosen.append(element)
    return chosen


def _in_comments(element: Any) -> bool:
    return any(
        _COMMENT.search(f"{_attribute(e, 'class')} {_attribute(e, 'id')}")
        for e in (element, *element.iterancestors())
    )


def _heading(element: Any) -> Any:
    return next((h for h in element.iter(*_HEADINGS) if squeeze(h.text_content())), None)


def _newsletter_elements(tree: Any) -> list[Any]:
    """For each headline the largest element that holds no other headline; none where the headlines
    stand side by side within one text."""
    headings = [h for h in tree.iter(*_HEADINGS) if text_width(h.text_content()) > 1][:MAX_STORIES]
    held: Counter[Any] = Counter(above for h in headings for above in h.iterancestors())
    found = []
    for heading in headings:
        largest = heading
        for above in heading.iterancestors():
            if held[above] > 1:
                break
            largest = above
        if largest is not heading:
            found.append(largest)
    return found if len(found) > 1 else []


def _story(element: Any, order: Order) -> Piece | None:
    """The piece an element holds: its lines without headline, data lines and boilerplate."""
    heading = _heading(element)
    title = squeeze(heading.text_content()) if heading is not None else ""
    piece = Piece(tight=True, data=_stated(element, order))
    for line in page_lines(element):
        if title and line.text == title and piece.title is None:
            piece.title = line
        else:
            _take(piece, line, order)
    piece.url = _address(heading, element)
    return piece if piece.body else None


def _take(piece: Piece, line: Line, order: Order) -> None:
    """Adds a line to a piece's text, or what it says to its data."""
    data = read_data_line(line.text, order)
    if data is not None and text_width(line.text) <= STORY_WIDTH / 2:
        piece.data.merge(data)
        return
    kind = classify(line)
    if kind in _BOILERPLATE:
        return
    if kind is Kind.PROSE:
        piece.paragraphs += 1
        piece.width += line.width
    elif not piece.body and not line.heading:
        return  # labels above the text
    piece.body.append(line)


def _stated(element: Any, order: Order) -> DataLine:
    """What the markup within a story says: its time and its author."""
    data = DataLine()
    time = next(iter(element.iter("time")), None)
    if time is not None:
        stamp = _attribute(time, "datetime")
        stamp = stamp if parse_date(stamp) else str(time.text_content())
        data.published = parse_date(stamp, order)
        data.published_as = stamp if is_numeric(stamp) else ""
    for one in element.iter("span", "p", "div", "a", "address", "li"):
        marked = (
            f"{_attribute(one, 'class')} {_attribute(one, 'rel')} {_attribute(one, 'itemprop')}"
        )
        if _AUTHOR_CLASS.search(marked):
            text = squeeze(one.text_content())
            said = read_data_line(text)
            name = said.author if said is not None and said.author else clean_names(text)
            if 0 < text_width(name) <= STORY_WIDTH / 2:
                data.author = name
                break
    return data


def _address(heading: Any, element: Any) -> str:
    """Where the headline, or the permanent link, leads to."""
    links = [] if heading is None else [*heading.iter("a"), *heading.iterancestors("a")]
    links += [a for a in element.iter("a") if "bookmark" in _attribute(a, "rel")]
    hrefs = (_attribute(link, "href") for link in links)
    return next((h for h in hrefs if re.match(r"https?://", h)), "")


# -- live reports ------------------------------------------------------------------------------


@cache
def _live_words() -> re.Pattern[str]:
    return re.compile(either(table["live"] for table in texts("stories").values()))


def says_live(title: str) -> bool:
    """Whether a headline calls its page a live report."""
    return _live_words().search(fold(title)) is not None


def clock_time(text: str) -> int | None:
    """The minutes after midnight of a clock time in a text; None where there is none."""
    clock = _CLOCK.search(text)
    if clock is None:
        return None
    hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
    return 60 * hour + int(clock[2])


def _live_pieces(tree: Any, order: Order, titles: Sequence[str]) -> list[Piece]:
    """The entries of a live report, each with its time, below what stands above them."""
    if not (_says_live(tree) or any(map(says_live, titles))):
        return []
    entries = _entries(tree)
    pieces = []
    day = _day(tree, order)
    for element, stamp in entries:
        piece = _story(element, order) or Piece()
        if piece.width < LIVE_WIDTH:
            continue
        published = _moment(stamp, day)
        piece.data = replace(piece.data, published=published, guessed=set())
        shown = squeeze(stamp.text_content())
        if shown and not any(shown in line.text for line in piece.body[:1]):
            piece.body.insert(0, Line(shown, 0, 0))
        if piece.title is None and titles:
            piece.title = Line(titles[0], 0, 0)
        pieces.append(piece)
    if len(pieces) < LIVE_ENTRIES:
        return []
    return [*_above(tree, [element for element, _ in entries], order, titles), *pieces]


def _day(tree: Any, order: Order) -> str:
    """The day of a live report, by its markup or the date line above its entries."""
    stated = (parse_date(_attribute(time, "datetime")) for time in tree.iter("time"))
    said = (read_data_line(line.text, order) for line in page_lines(tree)[:DAY_LINES])
    shown = (data.published or data.updated for data in said if data is not None)
    return next((day for day in (*stated, *shown) if day), "")


DAY_LINES = 60
"""So many lines from the top may give the day of a live report."""


def _says_live(tree: Any) -> bool:
    if any("LiveBlogPosting" in (script.text or "")[:20_000] for script in tree.iter("script")):
        return True
    marks = (
        f"{_attribute(e, 'class')} {_attribute(e, 'id')} {_attribute(e, 'itemtype')}"
        for e in tree.iter("div", "section", "article", "ol", "ul", "main", "body", "li")
    )
    return any(_LIVE_CLASS.search(mark) for mark in marks)


def _entries(tree: Any) -> list[tuple[Any, Any]]:
    """For each time that stands beside others, the largest element that holds no other time."""
    stamps = [t for t in tree.iter("time", "span", "b", "strong") if _is_stamp(t)][
        : 4 * MAX_STORIES
    ]
    stamps = [
        t for t in stamps if not _in_comments(t) and not any(a in stamps for a in t.iterancestors())
    ]
    held: Counter[Any] = Counter(above for t in stamps for above in t.iterancestors())
    found: list[tuple[Any, Any]] = []
    for stamp in stamps:
        largest = stamp
        for above in stamp.iterancestors():
            if held[above] > 1:
                break
            largest = above
        if largest is not stamp and largest.getparent() is not None:
            found.append((largest, stamp))
    parents = Counter(element.getparent() for element, _ in found)
    if not parents:
        return []
    main = parents.most_common(1)[0][0]
    return [(element, stamp) for element, stamp in found if element.getparent() is main]


def _is_stamp(element: Any) -> bool:
    if element.tag == "time":
        return bool(_attribute(element, "datetime") or _CLOCK.search(element.text_content()))
    text = squeeze(element.text_content())
    return len(text) <= 16 and _CLOCK.match(text) is not None


def _moment(stamp: Any, day: str) -> str:
    """An entry's time: as the markup states it, or the clock it shows on the report's day."""
    stated = parse_date(_attribute(stamp, "datetime")) or parse_date(stamp.text_content())
    minutes = clock_time(stamp.text_content())
    if minutes is None or "T" in stated:
        return stated or day
    date = (stated or day)[:10]
    return f"{date}T{minutes // 60:02}:{minutes % 60:02}:00" if date else ""


def _above(
    tree: Any, entries: Sequence[Any], order: Order, titles: Sequence[str]
) -> Iterator[Piece]:
    """What a live report says outside its entries, if it is prose."""
    inside = {line.text for element in entries for line in page_lines(element)}
    piece = Piece(title=Line(titles[0], 0, 0) if titles else None)
    for line in page_lines(tree):
        if line.text not in inside and line.text not in titles and classify(line) is Kind.PROSE:
            _take(piece, line, order)
    if piece.width >= LETTER_STORY_WIDTH:
        yield piece
