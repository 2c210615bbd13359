"""Which of some terms stand in each part of some texts.

In: texts with spans in them, the terms that are looked for. Out: an array with a row for each span and a
column for each term. The terms are those of index/languages/terms.py, found much faster, because all texts
are looked at together and only for what is wanted.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.languages.terms import begins_with_character, term_of_word, words_of
from index.languages.text import fold, has_invisible, visible

if TYPE_CHECKING:
    from numpy.typing import NDArray

Spans = Sequence[tuple[int, int]]

CODES = 0x10000
"""Characters of which terms consist have lower code points: those of the Basic Multilingual Plane."""


def present_terms(
    texts: Sequence[str], spans: Sequence[Spans], languages: Sequence[str], wanted: Sequence[str]
) -> NDArray[np.bool_]:
    """[spans of all texts, terms]: True where a term stands in a span; the spans of a text are in order
    and do not overlap."""
    joined, starts, ends = _joined(texts, spans)
    present = np.zeros((len(starts), len(wanted)), np.bool_)
    if not len(wanted) or not len(starts):
        return present
    characters = {term: n for n, term in enumerate(wanted) if begins_with_character(term)}
    words = {term: n for n, term in enumerate(wanted) if term not in characters}
    if characters:
        _mark_characters(present, joined, starts, ends, characters)
    if words:
        counts = [len(of_text) for of_text in spans]
        tags = [tag for tag, count in zip(languages, counts, strict=True) for _ in range(count)]
        asked = frozenset(words)
        for row, (start, end) in enumerate(zip(starts.tolist(), ends.tolist(), strict=True)):
            found = map(term_of_word(tags[row]), words_of(joined[start:end]))
            for term in asked.intersection(found):
                present[row, words[term]] = True
    return present


def _joined(
    texts: Sequence[str], spans: Sequence[Spans]
) -> tuple[str, NDArray[np.int64], NDArray[np.int64]]:
    """The texts as one, folded and as a reader sees it, and where each span starts and ends in it."""
    shifts = np.cumsum([0, *(len(text) + 1 for text in texts)])
    counts = [len(of_text) for of_text in spans]
    places = np.array([span for of_text in spans for span in of_text], np.int64).reshape(-1, 2)
    places += np.repeat(shifts[:-1], counts)[:, None]
    joined = fold("\0".join(texts))
    if has_invisible(joined):
        joined, kept = visible(joined)
        places = np.searchsorted(kept, places)
    return joined, places[:, 0], places[:, 1]


def _mark_characters(
    present: NDArray[np.bool_],
    text: str,
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    terms: dict[str, int],
) -> None:
    """Marks the terms that are a character or a pair of them."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    alphabet = sorted({character for term in terms for character in term})
    number = {character: n for n, character in enumerate(alphabet, 1)}  # 0: any other
    numbers = np.zeros(CODES + 1, np.uint8 if len(alphabet) < 256 else np.uint16)
    numbers[[ord(character) for character in alphabet]] = range(1, len(alphabet) + 1)
    read = np.append(numbers.take(codes, mode="clip"), 0)
    for length in (1, 2):
        columns = np.full((len(alphabet) + 1,) * length, -1)
        for term, column in terms.items():
            if len(term) == length:
                columns[tuple(number[character] for character in term)] = column
        at = np.flatnonzero(read[:-1])
        found = columns[read[at]] if length == 1 else columns[read[at], read[at + 1]]
        at, found = at[found >= 0], found[found >= 0]
        rows = np.searchsorted(starts, at, side="right") - 1
        inside = (rows >= 0) & (at + length <= ends[rows])
        present[rows[inside], found[inside]] = True
