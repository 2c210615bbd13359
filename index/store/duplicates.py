"""Near duplicates: reprints, conversions to the other Chinese script, light edits.

In: the texts of articles as they come in. Out: which earlier article each one repeats, so that a
story printed by five outlets counts as one source. Candidates come from MinHash signatures in
bands (Broder, 1997, "On the resemblance and containment of documents"; Leskovec, Rajaraman and
Ullman, "Mining of Massive Datasets", 3.4) kept in the store; each is then verified on all shingles.

The hashes are a few lines of numpy rather than a package, because they are stored: a signature made
last year must match one made today, whatever the package's newest version does.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from index.languages.text import HAN, fold, seen
from index.store.database import LISTED, listed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.store.store import Store

SHINGLE = 4
"""Consecutive Han characters, or words, that make a shingle."""

BANDS, ROWS = 32, 4
"""At Jaccard similarity j, a pair becomes a candidate with probability 1 - (1 - j ** ROWS) ** BANDS:
.9998 at j = .7 (a fifth of the sentences dropped), .87 at .5, .05 at .2."""

CONTAINED = 0.7
"""Share of the shorter text's shingles that the longer text must have (tuning/duplicates.py)."""

NUMBERS_LOST = 0.25
"""Share of the shorter text's numbers that the longer text may lack: reports written by template (share
prices, weather) agree in their words, but not in their numbers (tuning/duplicates.py)."""

FEW_NUMBERS = 2
"""This many numbers may always be missing: headlines and editors' notes add some."""

SHORTEST = 20
"""Texts with fewer shingles are duplicates only when they are equal."""

_TOKEN = re.compile(rf"[{HAN}]|\d[\d.,]*|[^\W\d_{HAN}]+")
_MIX = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Shingled:
    """A text as sorted unique hashes, folded so that script and case don't count."""

    shingles: NDArray[np.uint64]
    numbers: NDArray[np.uint64]


def shingle(text: str) -> Shingled:
    """The shingles and numbers of a text."""
    found = _TOKEN.findall(fold(seen(text)))
    tokens = np.array([zlib.crc32(token.encode()) for token in found], np.uint64)
    numeric = np.array([token[0].isdigit() for token in found], np.bool_)
    size = min(SHINGLE, len(tokens))
    hashes = np.zeros(len(tokens) - size + 1 if size else 0, np.uint64)
    for offset in range(size):
        hashes = _mixed(hashes * _MIX + tokens[offset : offset + len(hashes)])
    return Shingled(np.unique(hashes), np.unique(tokens[numeric]))


def bands(text: Shingled) -> list[int]:
    """One number for each band of the MinHash signature, and one for all shingles together. Near
    duplicates share some of the numbers, equal texts share all."""
    if not len(text.shingles):
        return []
    multipliers, offsets = _permutations()
    lowest = np.full(BANDS * ROWS, np.iinfo(np.uint64).max, np.uint64)
    for at in range(0, len(text.shingles), 1024):
        hashes = text.shingles[at : at + 1024, None] * multipliers + offsets
        lowest = np.minimum(lowest, hashes.min(axis=0))
    signature = lowest.reshape(BANDS, ROWS)
    band = np.arange(BANDS, dtype=np.uint64)
    for row in range(ROWS):
        band = _mixed(band * _MIX + signature[:, row])
    whole = np.array([zlib.crc32(text.shingles.tobytes()), len(text.shingles)], np.uint64)
    band = np.append(band, _mixed(whole[:1] * _MIX + whole[1:]))
    return [int(value) for value in band.view(np.int64)]


def similar(one: Shingled, other: Shingled) -> bool:
    """True if the shorter text is for the most part in the longer, numbers and all."""
    smaller = min(len(one.shingles), len(other.shingles))
    if smaller < SHORTEST:
        return np.array_equal(one.shingles, other.shingles)
    if _common(one.shingles, other.shingles) < CONTAINED * smaller:
        return False
    fewer = min(len(one.numbers), len(other.numbers))
    lost = fewer - _common(one.numbers, other.numbers)
    return lost <= max(FEW_NUMBERS, NUMBERS_LOST * fewer)


class Grouper:
    """Groups of near duplicates, kept in the store. The caller opens the transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._shingled = lru_cache(256)(self._stored)

    def place(self, number: int, article_id: str, text: str) -> str:
        """Puts an article into the group of those it repeats, and joins their groups; the group's id."""
        shingled = shingle(text)
        marks = bands(shingled)
        held = {mark: self._holders(mark, number) for mark in marks}
        shared = Counter(holder for holders in held.values() for holder in holders)
        likeliest = sorted(shared, key=lambda holder: (-shared[holder], holder))[:MAX_CANDIDATES]
        found: dict[str, None] = {}
        for other, group in likeliest:
            if group not in found and similar(shingled, self._shingled(other)):
                found[group] = None
        self._store.execute_many(
            "INSERT OR IGNORE INTO signatures VALUES (?, ?)",
            ((mark, number) for mark in marks if _has_room(held[mark], found)),
        )
        self._store.execute("UPDATE articles SET story = ? WHERE number = ?", (article_id, number))
        return self._join([article_id, *found]) if found else article_id

    def _holders(self, mark: int, number: int) -> list[tuple[int, str]]:
        """Other articles with this mark, and their groups: the earliest."""
        return self._store.query(
            "SELECT a.number, a.story FROM signatures s JOIN articles a ON a.number = s.article "
            "WHERE s.band = ? AND s.article <> ? ORDER BY s.article LIMIT ?",
            (mark, number, MAX_HOLDERS),
        )

    def regroup(self, groups: Iterable[str]) -> None:
        """Forms these groups anew after some of their articles were removed."""
        for group in groups:
            members = self._store.query(
                "SELECT number, id FROM articles WHERE story = ? ORDER BY number", (group,)
            )
            self._store.execute("UPDATE articles SET story = id WHERE story = ?", (group,))
            for number, article_id in members:
                self.place(number, article_id, self._store.article_text(number))

    def _join(self, groups: list[str]) -> str:
        """Makes one group of several, named after its earliest member; its id."""
        ((first,),) = self._store.query(  # a group has the name of its earliest member
            f"SELECT id FROM articles WHERE id IN {LISTED} ORDER BY number LIMIT 1",
            (listed(groups),),
        )
        others = listed(group for group in groups if group != first)
        self._store.execute(
            f"UPDATE articles SET story = ? WHERE story IN {LISTED}", (first, others)
        )
        return str(first)

    def _stored(self, number: int) -> Shingled:
        return shingle(self._store.article_text(number))


MAX_CANDIDATES = 50
"""How many of the likeliest candidates are verified, so that boilerplate shared by thousands of articles
does not slow down adding."""

MAX_HOLDERS = 50
"""Articles kept under one mark, of one group only the first: so adding the hundred-thousandth near
duplicate takes as long as adding the second. Equal texts meet under a mark of their own."""


def _has_room(holders: list[tuple[int, str]], found: Collection[str]) -> bool:
    """Whether an article is to be kept under a mark: no article of its group is yet."""
    return len(holders) < MAX_HOLDERS and not any(group in found for _, group in holders)


@lru_cache(1)
def _permutations() -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Odd multipliers and offsets of the BANDS * ROWS hash functions."""
    seeds = _mixed(np.arange(1, 2 * BANDS * ROWS + 1, dtype=np.uint64) * _MIX)
    return seeds[: BANDS * ROWS] | np.uint64(1), seeds[BANDS * ROWS :]


def _mixed(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The finaliser of splitmix64: every bit of the input moves every bit of the output."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    mixed: NDArray[np.uint64] = values ^ (values >> np.uint64(31))
    return mixed


def _common(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> int:
    return len(np.intersect1d(one, other, assume_unique=True))
