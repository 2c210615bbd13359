"""The index on a Milvus server: one collection for a library, dense and sparse vectors in it.

In: what the store holds (`Changes`). Out: a `PassageIndex`. Each row of the collection is a
passage: its number, its language (the partition key), its vector, and its half of BM25 as a sparse
vector (index/search/term_counts.py). Milvus could do BM25 itself, but its analyzers miss words of
Chinese, and it counts all languages as one. Row 0 says which library, build and generation the
collection reflects; where the collection lags behind, it is filled from the store again. What
is asked of the server is in index/search/milvus_collection.py.
"""

from __future__ import annotations

import json
import time
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.config import StoreSettings
from index.errors import LibraryError
from index.languages.terms import TERMS_VERSION, terms
from index.search.milvus_collection import SEARCH_SECONDS, SENT_ROWS, Collection
from index.search.protocol import NOTHING, Changes, Found
from index.search.term_counts import NO_TERM, TermCounts
from index.store.rows import TextRow, VectorRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

SETTLED_SECONDS = 10.0
"""For this long after a change, a search waits until the server has all of it (Strong consistency, up
to 0.2 s a search). Later Bounded consistency, which lags by 5 s at most, finds the same."""

RECOUNT = 1.25
"""Removed passages stay in the counts. When the counts hold this many times the passages of the
library, all terms are counted anew."""

APPROXIMATE = {"index_type": "HNSW", "params": {"M": 30, "efConstruction": 200}}
CANDIDATES_PER_HIT = 4
LEAST_CANDIDATES = 200
"""With these settings HNSW found all of the 10 and of the 100 nearest vectors among 15,000 real ones;
with as many candidates as hits it found .99 of the 100. (Measured with FAISS; larger collections
were not measured.)
"""

STATE_ROW = 0
STATE_LANGUAGE = "-"


@dataclass(frozen=True)
class _State:
    """What row 0 of a collection says about the collection."""

    library: str
    build: str
    dimension: int = 0
    """0: there is no collection yet."""
    generation: int = 0
    row: int = 0
    text: int = 0
    """Checksum of that row's text, which shows whether a copy of the library has since changed apart."""
    terms: int = TERMS_VERSION
    approximate: bool = False
    languages: dict[str, int] = field(default_factory=dict)


class MilvusIndex:
    """A `PassageIndex` in a collection of a Milvus server.

    Any number of processes may search it; the library's lock lets only one write.
    """

    def __init__(self, folder: Path, settings: StoreSettings, library_id: str) -> None:
        name = settings.collection or f"newscite_{library_id}"
        self._collection = Collection(settings.uri, name, self._forget)
        self._exact_below = settings.exact_below
        self._library = library_id
        self._counts = TermCounts(folder)
        self._state: _State | None = None
        self._changed = 0.0

    def current(self, changes: Changes) -> bool:
        return self._state is not None and _reflects(self._state, changes)

    def refresh(self, changes: Changes, *, write: bool) -> None:
        before, self._state = (
            self._state,
            None,
        )  # the state on the server is unknown now: ask for it next time
        state = self._usable(self._read_state(), changes)
        whole = state is not None and self._counts.counted(state.build) >= state.row
        if write and not (state is not None and whole and _reflects(state, changes)):
            state = self._catch_up(changes, state)
        elif state is None and not any(True for _ in changes.vectors_since(0)):
            state = _State(self._library, changes.build, generation=changes.generation)
        elif not whole:
            state = None
        if state != before:
            self._changed = time.monotonic()
        self._state = state

    def refresh_privately(self, changes: Changes) -> None:
        """Uses the collection as it is if it holds passages of this build. A reader cannot bring it
        up to date; the next writer will. Raises LibraryError where it holds others, or none."""
        self.refresh(changes, write=False)
        self.languages()

    def search_vectors(
        self,
        vector: NDArray[np.float32],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        return self._search("vector", vector.tolist(), language, limit, allowed)

    def search_terms(
        self,
        terms: Mapping[str, float],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        if language not in self.languages():
            return NOTHING
        question = self._counts.question_vector(terms, language)
        return self._search("terms", question, language, limit, allowed) if question else NOTHING

    def languages(self) -> dict[str, int]:
        return {language: count for language, count in self._found().languages.items() if count}

    def problems(self, changes: Changes) -> list[str]:
        """Every passage is fetched and compared: its language and its vector."""
        if problem := self._counts.damage():
            return [problem]
        found, state = 0, self._found()
        for chunk in changes.vectors_since(0) if state.dimension else ():
            held = self._held(chunk.rows.tolist())
            found += len(held)
            for row, language, vector in zip(
                chunk.rows.tolist(), chunk.languages, chunk.vectors, strict=True
            ):
                there = held.get(row)
                if there is None or there[0] != language or (there[1] != vector).any():
                    return [f"Passage {row} is not in {self._collection} as the library has it."]
        if state.dimension and found != self._collection.count(f"row > {STATE_ROW}"):
            return [f"{self._collection} holds passages that the library does not."]
        return []

    def clear(self) -> None:
        self._state = None
        if self._read_state() is not None:
            self._collection.drop()
        self._counts.clear()

    def flush(self) -> None:
        """Switches to an approximate search of vectors once there are `exact_below` passages."""
        state = self._found()
        if state.approximate or sum(state.languages.values()) <= self._exact_below:
            return
        self._collection.reindex(APPROXIMATE)
        self._state = replace(state, approximate=True)
        self._write_state(self._state)

    def close(self) -> None:
        self._collection.close()

    # -- searching ----------------------------------------------------------------------------

    def _forget(self) -> None:
        self._state = None

    def _found(self) -> _State:
        """The state read last; raises LibraryError where the collection holds nothing to search."""
        if self._state is None:
            raise LibraryError(
                "milvus_other",
                "{name} does not hold the library's passages. If the library is being "
                "rebuilt, wait until it is done; else fill it with: newscite verify --repair",
                name=self._collection,
            )
        return self._state

    def _search(
        self,
        column: str,
        vector: Sequence[float] | Mapping[int, float],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None,
    ) -> Found:
        state = self._found()
        if not state.languages.get(language) or limit < 1:
            return NOTHING
        candidates = None
        if column == "vector" and state.approximate:
            candidates = max(LEAST_CANDIDATES, CANDIDATES_PER_HIT * limit)
        settled = time.monotonic() - self._changed > SETTLED_SECONDS
        return self._collection.search(
            column, vector, language, limit, allowed, candidates=candidates, settled=settled
        )

    # -- catching up --------------------------------------------------------------------------

    def _read_state(self) -> _State | None:
        """The state in row 0; None where there is no collection. Raises LibraryError where the
        collection is not this library's, so that no other collection is written to or dropped."""
        ours = self._collection.load()
        if ours is None:
            return None
        held = self._collection.held([STATE_ROW], ["state"], SEARCH_SECONDS) if ours else []
        state = _State(**json.loads(held[0]["state"])) if held else None
        if ours and state is None and not self._collection.count():
            # a process was killed right after it made the collection
            return _State(self._library, build="")
        if not ours or state is None or state.library != self._library:
            raise LibraryError(
                "milvus_taken",
                "{name} belongs to something else. Give this library one of its own: set "
                "store.collection, or leave it empty.",
                name=self._collection,
            )
        return state

    def _usable(self, state: _State | None, changes: Changes) -> _State | None:
        """The state, or None where the collection has to be filled from the start."""
        if state is None or (state.build, state.terms) != (changes.build, TERMS_VERSION):
            return None
        last = next(iter(changes.texts_since(state.row - 1)), None)
        changed = last is not None and last.row == state.row and _checksum(last) != state.text
        return None if changed or state.generation > changes.generation else state

    def _catch_up(self, changes: Changes, state: _State | None) -> _State:
        """Sends new rows, deletes removed ones, and returns the state after that."""
        build, generation = changes.build, changes.generation
        if state is None:
            self._collection.drop()
            state = _State(self._library, build)
        begun = state
        if begun.dimension:  # rows of a writer that was killed before it wrote the state
            self._collection.delete_after(begun.row)
        counted = self._counts.counted(build)
        if counted < 0 or self._counts.passages() > RECOUNT * sum(begun.languages.values()):
            self._counts.begin(build)
            counted = 0
        texts = changes.texts_since(min(begun.row, counted))
        for chunk in changes.vectors_since(min(begun.row, counted)):
            state = self._add(chunk, list(islice(texts, len(chunk.rows))), counted, state)
        removed = changes.removed_since(begun.generation).values()
        gone = sorted(row for rows in removed for row in rows if row <= begun.row)
        self._collection.delete(gone)
        if not state.dimension:
            return replace(state, generation=generation)
        counts = {
            name: self._collection.count(f'language == "{name}"')
            for name in sorted(state.languages)
        }
        state = replace(state, generation=generation, languages=counts)
        self._write_state(state)
        return state

    def _add(
        self, chunk: VectorRows, texts: Sequence[TextRow], counted: int, state: _State
    ) -> _State:
        """Counts the terms of rows after `counted`, and sends those after the state's."""
        words = [
            (language, terms(text.text, text.language))
            for language, text in zip(chunk.languages, texts, strict=True)
        ]
        rows = chunk.rows.tolist()
        new = int(np.searchsorted(chunk.rows, counted, "right"))
        if words[new:]:
            self._counts.add(words[new:], rows[-1])
        if not state.dimension:
            state = replace(state, dimension=chunk.vectors.shape[1])
            self._collection.create(state.dimension)
            self._write_state(state)
        unsent = int(np.searchsorted(chunk.rows, state.row, "right"))
        if unsent == len(rows):
            return state
        for at in range(unsent, len(rows), SENT_ROWS):
            some = slice(at, at + SENT_ROWS)
            sparse = self._counts.passage_vectors(words[some])
            dense = chunk.vectors[some].astype(np.float32)
            records = zip(rows[some], chunk.languages[some], dense, sparse, strict=True)
            self._collection.send([_record(*record) for record in records])
        languages = dict.fromkeys(chunk.languages, 0) | state.languages
        state = replace(state, row=rows[-1], text=_checksum(texts[-1]), languages=languages)
        self._write_state(state)
        return state

    def _write_state(self, state: _State) -> None:
        direction = np.eye(1, state.dimension, dtype=np.float32)[0]
        record = _record(STATE_ROW, STATE_LANGUAGE, direction, {NO_TERM: 1.0})
        self._collection.send([record | {"state": json.dumps(asdict(state))}])

    def _held(self, rows: list[int]) -> dict[int, tuple[str, NDArray[np.float32]]]:
        """Language and vector of each of these rows that the collection holds."""
        held = self._collection.held(rows, ["row", "language", "vector"])
        return {one["row"]: (one["language"], np.array(one["vector"], np.float32)) for one in held}


def _reflects(state: _State, changes: Changes) -> bool:
    return (state.build, state.generation) == (changes.build, changes.generation)


def _checksum(text: TextRow) -> int:
    return zlib.crc32(text.text.encode("utf-8", "surrogatepass"))


def _record(
    row: int, language: str, vector: NDArray[np.float32], terms: dict[int, float]
) -> dict[str, Any]:
    return {"row": row, "language": language, "state": "", "vector": vector, "terms": terms}
