"""The pieces of text on a page -> those that are articles.

In: `Piece`s, each a run of prose with the headline, date and byline that stand with it. Out: the ones that
are articles rather than comments, teasers or notices.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from index.extract.bylines import DataLine
from index.extract.lines import Line

SECOND_WIDTH = 100
SECOND_SHARE = 0.1
SECOND_PARAGRAPH = 40
"""A further article on a page has two paragraphs or more, this width in all, this share of the
longest article's width, and paragraphs of this mean width. Teasers and comments have less."""

HEADED_BONUS = 3
"""An article with headline and date wins against three times as many words of comments."""


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


def select_articles(pieces: list[Piece], tidy: bool) -> list[Piece]:
    """The pieces that are articles rather than comments, teasers or notices."""
    if not pieces:
        return []
    main = max(pieces, key=lambda p: p.width * (HEADED_BONUS if p.headed else 1))
    if tidy and main.headed and all(map(_is_dated, pieces)):
        return pieces
    return [p for p in pieces if p is main or _is_second(p, main)]


def _is_dated(piece: Piece) -> bool:
    """Whether a piece is an article with headline, date and outlet or author: a clipping, however
    short, where nothing on the page is boilerplate."""
    named = piece.data.author or piece.data.outlet
    return bool(piece.headed and piece.tight and piece.data.published and named)


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
