"""How many passages of a language hold each term: BM25 for a server that does not count terms itself.

In: the terms of passages, as they are added. Out: sparse vectors {term id: weight} of passages and
of questions, whose inner product is the BM25 score (Robertson and Zaragoza, 2009, "The
Probabilistic Relevance Framework: BM25 and Beyond"). The counts are a small SQLite file, a cache
like the other indexes: it says up to which row of which build it has counted. A removed passage
stays in the counts until all passages are counted again.
"""

from __future__ import annotations

import math
import sqlite3
import zlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

from index.errors import LibraryError
from index.languages.terms import TERMS_VERSION

FILE_NAME = "counts.db"

K1 = 1.2
B = 0.75
"""The values of Tantivy, so that every index ranks alike."""

NO_TERM = 0
"""An id that no term has. A passage without terms gets it, because a sparse vector must not be empty."""

_TERM_IDS = 2**32 - 2

_SCHEMA = """
CREATE TABLE IF NOT EXISTS state (build TEXT NOT NULL, terms INTEGER NOT NULL, row INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS languages (
    language TEXT PRIMARY KEY, passages INTEGER NOT NULL, length INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS terms (
    language TEXT NOT NULL, term INTEGER NOT NULL, passages INTEGER NOT NULL,
    PRIMARY KEY (language, term)) WITHOUT ROWID;
"""

Words = tuple[str, list[str]]
"""The language of a passage, and its terms."""


class TermCounts:
    """The counts of one library, in a file of its folder."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / FILE_NAME

    def counted(self, build: str) -> int:
        """The row up to which passages of this build are counted; -1 where the file is of no use."""
        if not self.path.is_file():
            return -1
        try:
            with self._open("ro") as db:
                state = db.execute("SELECT row FROM state WHERE build = ? AND terms = ?",
                                   (build, TERMS_VERSION)).fetchone()  # fmt: skip
        except sqlite3.Error:  # a damaged file is treated as a missing one
            return -1
        return int(state[0]) if state else -1

    def passages(self) -> int:
        """How many passages are in the counts, those removed since included."""
        with self._reading() as db:
            (total,) = db.execute("SELECT coalesce(sum(passages), 0) FROM languages").fetchone()
            return int(total)

    def damage(self) -> str:
        """What is wrong with the file; "" where it is sound."""
        try:
            with self._reading() as db:
                (found,) = db.execute("PRAGMA quick_check(1)").fetchone()
        except LibraryError as error:
            return str(error)
        return "" if found == "ok" else f"The term counts in {self.path} are damaged: {found}."

    def clear(self) -> None:
        """Forgets all counts."""
        for path in (self.path, self.path.with_name(f"{FILE_NAME}-journal")):
            path.unlink(missing_ok=True)

    def begin(self, build: str) -> None:
        """Forgets all counts and begins those of a build."""
        self.clear()
        with self._writing() as db:
            db.executescript(_SCHEMA)
            db.execute("INSERT INTO state VALUES (?, ?, 0)", (build, TERMS_VERSION))

    def add(self, passages: Sequence[Words], row: int) -> None:
        """Adds passages to the counts, the last of them in row `row`. Raises OSError where the disk refuses."""
        terms = Counter((language, term_id(t)) for language, words in passages for t in set(words))
        lengths: Counter[str] = Counter()
        for language, words in passages:
            lengths[language] += len(words)
        languages = Counter(language for language, _ in passages)
        with self._writing() as db:
            db.executemany(
                "INSERT INTO terms VALUES (?, ?, ?) ON CONFLICT (language, term) "
                "DO UPDATE SET passages = passages + excluded.passages",
                ((*key, count) for key, count in sorted(terms.items())),
            )
            db.executemany(
                "INSERT INTO languages VALUES (?, ?, ?) ON CONFLICT (language) DO UPDATE SET "
                "passages = passages + excluded.passages, length = length + excluded.length",
                ((language, count, lengths[language]) for language, count in languages.items()),
            )
            db.execute("UPDATE state SET row = ?", (row,))

    def passage_vectors(self, passages: Sequence[Words]) -> list[dict[int, float]]:
        """The sparse vectors of passages; the mean length is that of all passages counted so far."""
        with self._reading() as db:
            known = db.execute("SELECT language, length, passages FROM languages")
            means = {language: length / count for language, length, count in known}
        return [_passage_vector(words, means[language]) for language, words in passages]

    def question_vector(self, weights: Mapping[str, float], language: str) -> dict[int, float]:
        """The sparse vector of a question: the weight of each term times its idf in the language.

        Terms that no passage holds are left out.
        """
        ids = {term_id(term): weight for term, weight in weights.items()}
        marks = ", ".join("?" * len(ids))
        with self._reading() as db:
            held = db.execute(
                f"SELECT term, passages FROM terms WHERE language = ? AND term IN ({marks})",  # noqa: S608
                (language, *ids),
            ).fetchall()
            total = db.execute("SELECT passages FROM languages WHERE language = ?", (language,))
            (count,) = total.fetchone() or (0,)
        return {
            term: ids[term] * math.log1p((count - passages + 0.5) / (passages + 0.5))
            for term, passages in held
        }

    @contextmanager
    def _open(self, mode: str) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(
            f"file:{quote(str(self.path.absolute()))}?mode={mode}", uri=True, timeout=30
        )
        try:
            with db:  # one transaction
                yield db
        finally:
            db.close()

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._open("ro") as db:
                yield db
        except sqlite3.Error as error:
            raise LibraryError(
                "counts_failed",
                "The term counts in {path} cannot be used: {error}. Mend them with: newscite "
                "verify --repair",
                path=self.path,
                error=error,
            ) from error

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            with self._open("rwc") as db:
                yield db
        except sqlite3.Error as error:
            raise OSError(f"could not write {self.path}: {error}") from error


def term_id(term: str) -> int:
    """The number of a term's dimension. Among two million terms, one in 2,000 shares its number."""
    return 1 + zlib.crc32(term.encode()) % _TERM_IDS


def _passage_vector(words: list[str], mean_length: float) -> dict[int, float]:
    if not words:
        return {NO_TERM: 1.0}
    norm = K1 * (1 - B + B * len(words) / mean_length)
    return {
        term_id(term): count * (K1 + 1) / (count + norm) for term, count in Counter(words).items()
    }
