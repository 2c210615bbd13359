"""The parts of a page that belong to no article, by kind, so that nothing is left out in silence.

In: a page's lines, and those of its articles. Out: how often each kind was left out, by the words in
which the report of adding says it. Menus, adverts and share bars are not counted: every page has them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from index.extract.line_kinds import Kind, classify, is_offer
from index.extract.lines import Line
from index.extract.parting.pieces import Piece
from index.extract.web.metadata import title_key
from index.wording import Wording

OFFER = Wording("left_offer", "A paywall notice or an offer to subscribe")
OUTSIDE = Wording("left_outside", "A paragraph outside the article: a teaser, a comment, a notice")
HIDDEN = Wording("left_hidden", "Text that no reader of the page sees")
WITHOUT_TEXT = Wording("left_empty", "An article of an export that has no text")
SPELT = Wording("left_spelt", "Text spelt in invisible characters")

LEAST_KEY = 12
"""Shorter paragraphs may well stand in an article by chance."""


def left_out_of(lines: Iterable[Line], pieces: Sequence[Piece]) -> Counter[str]:
    """The lines of a page that are in none of its articles, counted by kind."""
    found: Counter[str] = Counter()
    taken = title_key("".join(_text(piece) for piece in pieces))
    for line in lines:
        if is_offer(line.text):
            found[OFFER] += 1
        elif classify(line) is Kind.PROSE:
            key = title_key(line.text)
            found[OUTSIDE] += len(key) >= LEAST_KEY and key not in taken
    return +found


def _text(piece: Piece) -> str:
    title = "" if piece.title is None else piece.title.text
    return title + "".join(line.text for line in piece.body)
