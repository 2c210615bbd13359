"""The index on a Milvus server: one collection for a library, dense and sparse vectors in it.

In: what the store holds (`Changes`). Out: a `PassageIndex`. Each row of the collection is a
passage: its number, its language (the partition key), its vector, and its half of BM25 as a sparse
vector (index/search/term_counts.py). Milvus could do BM25 itself, but its analyzers miss words of
Chinese, and it counts all languages as one. Row 0 says which library, build and generation the
collection reflects; where the collection lags behind, it is filled from the store again. Filters
are expressions on row numbers, which Milvus applies.
"""

from __future__ import annotations

import json
import logging
import os
import time
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.config import StoreSettings
from index.errors import ConfigError, LibraryError
from index.languages.terms import TERMS_VERSION, terms
from index.search.protocol import NOTHING, Changes, Found, best
from index.search.term_counts import NO_TERM, TermCounts
from index.store.rows import TextRow, VectorRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

TOKEN_VARIABLE = "NEWSCITE_MILVUS_TOKEN"  # noqa: S105  # the variable's name
"""Environment variable with the token, or "user:password"; no secret is kept in a file."""

CONNECT_SECONDS = 10.0
SEARCH_SECONDS = 30.0
WRITE_SECONDS = 600.0
"""How long a call may take, all retries of pymilvus included."""

CHANNEL = {"grpc.use_local_subchannel_pool": 1}
"""With a channel of its own a new client tries the server at once; a shared channel would make it wait
for as long as the client that failed."""

SETTLED_SECONDS = 10.0
"""For this long after a change, a search waits until the server has all of it (Strong consistency, up
to 0.2 s a search). Later Bounded consistency, which lags by 5 s at most, finds the same."""

MOST_HITS = 16_384
"""Milvus returns no more hits than this for one search."""

SENT_ROWS = 500
"""Rows in one message: some 4 MB; Milvus accepts 64 MB at most."""

LISTED_ROWS = 20_000
"""The longest list of row numbers in a filter, about 150 kB of text. A filter that needs more becomes
several searches, since a long expression is slow to parse and a message has a size limit."""

RANGES = 16
"""A filter whose rows form fewer runs than this is written as ranges."""

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

FIELDS = {"row", "language", "state", "vector", "terms"}
STATE_ROW = 0
STATE_LANGUAGE = "-"
STATE_LENGTH = 65_535
LANGUAGE_LENGTH = 16


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
        self.collection = settings.collection or f"newscite_{library_id}"
        self._uri = settings.uri
        self._exact_below = settings.exact_below
        self._library = library_id
        self._counts = TermCounts(folder)
        self._client: Any = None
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
                    return [f"Passage {row} is not in {self._name} as the library has it."]
        if state.dimension and found != self._count(f"row > {STATE_ROW}"):
            return [f"{self._name} holds passages that the library does not."]
        return []

    def clear(self) -> None:
        self._state = None
        if self._read_state() is not None:
            with self._asking() as client:
                client.drop_collection(self.collection, timeout=WRITE_SECONDS)
        self._counts.clear()

    def flush(self) -> None:
        """Switches to an approximate search of vectors once there are `exact_below` passages."""
        state = self._found()
        if state.approximate or sum(state.languages.values()) <= self._exact_below:
            return
        with self._asking() as client:
            client.release_collection(self.collection, timeout=WRITE_SECONDS)
            client.drop_index(self.collection, "vector", timeout=WRITE_SECONDS)
            self._make_index("vector", APPROXIMATE, sync=True)
            client.load_collection(self.collection, timeout=WRITE_SECONDS)
        self._state = replace(state, approximate=True)
        self._write_state(self._state)

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    # -- searching ----------------------------------------------------------------------------

    def _found(self) -> _State:
        """The state read last; raises LibraryError where the collection holds nothing to search."""
        if self._state is None:
            raise LibraryError(
                f"{self._name} does not hold the library's passages. If the library is being "
                "rebuilt, wait until it is done; else fill it with: newscite verify --repair"
            )
        return self._state

    def _search(
        self,
        name: str,
        vector: Sequence[float] | Mapping[int, float],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None,
    ) -> Found:
        state = self._found()
        if not state.languages.get(language) or limit < 1:
            return NOTHING
        settled = time.monotonic() - self._changed > SETTLED_SECONDS
        params: dict[str, Any] = {"metric_type": "IP"}
        if name == "vector" and state.approximate:
            candidates = max(LEAST_CANDIDATES, CANDIDATES_PER_HIT * limit)
            params["params"] = {"ef": min(candidates, 2 * MOST_HITS)}
        chosen = f'language == "{language}"'
        filters = [chosen]
        if allowed is not None:
            filters = [f"{chosen} and ({rows})" for rows in row_filters(allowed)]
        hits: list[Any] = []
        with self._asking() as client:
            for expression in filters:
                (found,) = client.search(
                    self.collection,
                    data=[vector],
                    anns_field=name,
                    filter=expression,
                    limit=min(limit, MOST_HITS),
                    search_params=params,
                    output_fields=["row"],
                    consistency_level="Bounded" if settled else "Strong",
                    timeout=SEARCH_SECONDS,
                )
                hits += found
        rows = np.array([hit["row"] for hit in hits], np.int64)
        return best(rows, np.array([hit["distance"] for hit in hits], np.float32), limit)

    # -- catching up --------------------------------------------------------------------------

    def _read_state(self) -> _State | None:
        """The state in row 0; None where there is no collection. Raises LibraryError where the
        collection is not this library's, so that no other collection is written to or dropped."""
        with self._asking() as client:
            if not client.has_collection(self.collection, timeout=SEARCH_SECONDS):
                return None
            about = client.describe_collection(self.collection, timeout=SEARCH_SECONDS)
            ours = {column["name"] for column in about["fields"]} == FIELDS
            if ours:
                client.load_collection(self.collection, timeout=WRITE_SECONDS)
                held = client.get(
                    self.collection,
                    ids=[STATE_ROW],
                    output_fields=["state"],
                    consistency_level="Strong",
                    timeout=SEARCH_SECONDS,
                )
                state = _State(**json.loads(held[0]["state"])) if held else None
        if ours and state is None and not self._count(""):
            return _State(
                self._library, build=""
            )  # a process was killed right after it made the collection
        if not ours or state is None or state.library != self._library:
            raise LibraryError(
                f"{self._name} belongs to something else. Give this library one of its own: set "
                "store.collection, or leave it empty."
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
            with self._asking() as client:
                client.drop_collection(self.collection, timeout=WRITE_SECONDS)
            state = _State(self._library, build)
        begun = state
        if begun.dimension:  # rows of a writer that was killed before it wrote the state
            self._delete(f"row > {begun.row}")
        counted = self._counts.counted(build)
        if counted < 0 or self._counts.passages() > RECOUNT * sum(begun.languages.values()):
            self._counts.begin(build)
            counted = 0
        texts = changes.texts_since(min(begun.row, counted))
        for chunk in changes.vectors_since(min(begun.row, counted)):
            state = self._add(chunk, list(islice(texts, len(chunk.rows))), counted, state)
        removed = changes.removed_since(begun.generation).values()
        gone = sorted(row for rows in removed for row in rows if row <= begun.row)
        for at in range(0, len(gone), LISTED_ROWS):
            self._delete(f"row in {gone[at : at + LISTED_ROWS]}")
        if not state.dimension:
            return replace(state, generation=generation)
        counts = {name: self._count(f'language == "{name}"') for name in sorted(state.languages)}
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
            self._create(state)
        unsent = int(np.searchsorted(chunk.rows, state.row, "right"))
        if unsent == len(rows):
            return state
        for at in range(unsent, len(rows), SENT_ROWS):
            some = slice(at, at + SENT_ROWS)
            sparse = self._counts.passage_vectors(words[some])
            dense = chunk.vectors[some].astype(np.float32)
            records = zip(rows[some], chunk.languages[some], dense, sparse, strict=True)
            self._send([_record(*record) for record in records])
        languages = dict.fromkeys(chunk.languages, 0) | state.languages
        state = replace(state, row=rows[-1], text=_checksum(texts[-1]), languages=languages)
        self._write_state(state)
        return state

    # -- the server ---------------------------------------------------------------------------

    @property
    def _name(self) -> str:
        return f"The Milvus collection {self.collection} at {self._uri}"

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        """The client; a refusal by the server becomes a LibraryError that says what to do."""
        try:
            import grpc
            import pymilvus
        except ImportError as error:
            raise ConfigError(
                f'store.vectors is "milvus", and its client is missing ({error}). '
                "Run: pip install -e '.[milvus]' (in newscite's folder)"
            ) from error
        # pymilvus logs a traceback for what the error below says in a sentence.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        try:
            if self._client is None:
                token = os.environ.get(TOKEN_VARIABLE, "")
                self._client = pymilvus.MilvusClient(
                    self._uri, token=token, timeout=CONNECT_SECONDS, grpc_options=CHANNEL
                )
            yield self._client
        except (pymilvus.MilvusException, grpc.RpcError) as error:
            self._state = None
            self.close()
            reason = getattr(error, "message", "") or str(error)
            raise LibraryError(
                f"Milvus at {self._uri} failed: {reason}. Nothing reported as added is lost. Start "
                f"the server, or mend store.uri or {TOKEN_VARIABLE}, then do it again; or search "
                'without it: set store.vectors to "faiss".'
            ) from error

    def _create(self, state: _State) -> None:
        with self._asking() as client:
            import pymilvus

            kinds = pymilvus.DataType
            schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("row", kinds.INT64, is_primary=True)
            schema.add_field(
                "language", kinds.VARCHAR, max_length=LANGUAGE_LENGTH, is_partition_key=True
            )
            schema.add_field("state", kinds.VARCHAR, max_length=STATE_LENGTH)
            schema.add_field("vector", kinds.FLOAT_VECTOR, dim=state.dimension)
            schema.add_field("terms", kinds.SPARSE_FLOAT_VECTOR)
            client.create_collection(self.collection, schema=schema, timeout=WRITE_SECONDS)
            self._make_index("vector", {"index_type": "FLAT"}, sync=False)
            self._make_index("terms", {"index_type": "SPARSE_INVERTED_INDEX"}, sync=False)
            client.load_collection(self.collection, timeout=WRITE_SECONDS)
        self._write_state(state)

    def _make_index(self, name: str, kind: Mapping[str, Any], *, sync: bool) -> None:
        """With `sync`, waits until all rows are indexed."""
        with self._asking() as client:
            wanted = client.prepare_index_params()
            wanted.add_index(name, index_name=name, metric_type="IP", **kind)
            client.create_index(self.collection, wanted, sync=sync, timeout=WRITE_SECONDS)

    def _write_state(self, state: _State) -> None:
        direction = np.eye(1, state.dimension, dtype=np.float32)[0]
        record = _record(STATE_ROW, STATE_LANGUAGE, direction, {NO_TERM: 1.0})
        self._send([record | {"state": json.dumps(asdict(state))}])

    def _send(self, records: list[dict[str, Any]]) -> None:
        """Upserts, since pymilvus may send a row again that did arrive: it must not be there twice."""
        with self._asking() as client:
            client.upsert(self.collection, records, timeout=WRITE_SECONDS)

    def _delete(self, expression: str) -> None:
        with self._asking() as client:
            client.delete(self.collection, filter=expression, timeout=WRITE_SECONDS)

    def _count(self, expression: str) -> int:
        with self._asking() as client:
            (answer,) = client.query(
                self.collection,
                filter=expression,
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=WRITE_SECONDS,
            )
            return int(answer["count(*)"])

    def _held(self, rows: list[int]) -> dict[int, tuple[str, NDArray[np.float32]]]:
        """Language and vector of each of these rows that the collection holds."""
        with self._asking() as client:
            held = client.get(
                self.collection,
                ids=rows,
                output_fields=["row", "language", "vector"],
                consistency_level="Strong",
                timeout=WRITE_SECONDS,
            )
        return {one["row"]: (one["language"], np.array(one["vector"], np.float32)) for one in held}


def row_filters(allowed: NDArray[np.int64]) -> list[str]:
    """Expressions that together allow exactly these rows (ascending), none of them too long.

    Rows that form a few runs are written as ranges. Otherwise the shorter of two lists is written:
    the rows, or the rows that are missing between the first and the last. A list that is still too
    long becomes several expressions.
    """
    if not len(allowed):
        return []
    breaks = np.flatnonzero(np.diff(allowed) > 1)
    if len(breaks) < RANGES:
        starts = allowed[np.append(0, breaks + 1)].tolist()
        ends = allowed[np.append(breaks, len(allowed) - 1)].tolist()
        runs = zip(starts, ends, strict=True)
        return [" or ".join(f"(row >= {start} and row <= {end})" for start, end in runs)]
    first, last = int(allowed[0]), int(allowed[-1])
    missing = last - first + 1 - len(allowed)
    if missing <= min(len(allowed), LISTED_ROWS):
        others = np.setdiff1d(np.arange(first, last), allowed, assume_unique=True)
        return [f"row >= {first} and row <= {last} and row not in {others.tolist()}"]
    if len(allowed) <= LISTED_ROWS:
        return [f"row in {allowed.tolist()}"]
    middle = len(allowed) // 2
    return [*row_filters(allowed[:middle]), *row_filters(allowed[middle:])]


def _reflects(state: _State, changes: Changes) -> bool:
    return (state.build, state.generation) == (changes.build, changes.generation)


def _checksum(text: TextRow) -> int:
    return zlib.crc32(text.text.encode("utf-8", "surrogatepass"))


def _record(
    row: int, language: str, vector: NDArray[np.float32], terms: dict[int, float]
) -> dict[str, Any]:
    return {"row": row, "language": language, "state": "", "vector": vector, "terms": terms}
