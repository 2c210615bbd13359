"""The index on a Milvus server: one collection for a library, dense and sparse vectors in it.

In: what the store holds (`Changes`). Out: a `PassageIndex`. Each row of the collection is a
passage: its number, its language (the partition key), its vector, and its half of BM25 as a sparse
vector (index/search/term_counts.py): Milvus's own analyzers miss words of Chinese, and its own BM25 counts all
languages as one. Row 0 says which library, build and generation the collection reflects; where
it lags, it comes from the store again. Filters are expressions on row numbers, applied by Milvus.
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
"""Environment variable with the token, or "user:password"; secrets never stand in a file."""

CONNECT_SECONDS = 10.0
SEARCH_SECONDS = 30.0
WRITE_SECONDS = 600.0
"""How long a call may take, with pymilvus trying again all the while."""

CHANNEL = {"grpc.use_local_subchannel_pool": 1}
"""A new client tries the server at once; shared, it would wait as long as the one that failed."""

SETTLED_SECONDS = 10.0
"""So long after a change searches wait until the server has it all (Strong consistency, up to 0.2 s
a search). Later, Bounded consistency is as good: it lags by 5 s at most."""

MOST_HITS = 16_384
"""Milvus gives no more for one search."""

SENT_ROWS = 500
"""Rows sent at once: some 4 MB, where Milvus takes 64 MB at most."""

LISTED_ROWS = 20_000
"""Longest list of row numbers in a filter, about 150 kB of text. A filter that needs more becomes
several searches: an expression takes time to parse, and messages are limited."""

RANGES = 16
"""A filter of no more runs of rows than this is written as ranges."""

RECOUNT = 1.25
"""Terms are counted anew when so many times more passages are counted than there are."""

APPROXIMATE = {"index_type": "HNSW", "params": {"M": 30, "efConstruction": 200}}
CANDIDATES_PER_HIT = 4
LEAST_CANDIDATES = 200
"""HNSW with these found all of the 10 and 100 nearest among 15,000 neighbours of real vectors; with
as many candidates as hits, .99 of the 100. (By FAISS; larger collections need a look of their own.)
"""

FIELDS = {"row", "language", "state", "vector", "terms"}
STATE_ROW = 0
STATE_LANGUAGE = "-"
STATE_LENGTH = 65_535
LANGUAGE_LENGTH = 16


@dataclass(frozen=True)
class _State:
    """What a collection says of itself."""

    library: str
    build: str
    dimension: int = 0
    """0: there is no collection yet."""
    generation: int = 0
    row: int = 0
    text: int = 0
    """Checksum of the text of that row: a copy of the library may have gone another way."""
    terms: int = TERMS_VERSION
    approximate: bool = False
    languages: dict[str, int] = field(default_factory=dict)


class MilvusIndex:
    """A `PassageIndex` in a collection of a Milvus server. Any number may search it; the library's
    lock keeps it to one writer."""

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
        before, self._state = self._state, None  # broken off half way: asked anew next time
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
        """Takes the collection as it is, if it holds passages of this build: a reader cannot bring
        it up to date, and a writer will. Raises LibraryError where it holds others, or none."""
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
        """From `exact_below` passages on, vectors are searched approximately."""
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
        """What the collection said; LibraryError where it holds nothing to search."""
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
        """What the collection says of itself; None where there is none. LibraryError where it is
        not this library's: nothing of others is ever written to, or dropped."""
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
            return _State(self._library, build="")  # made, and the process killed
        if not ours or state is None or state.library != self._library:
            raise LibraryError(
                f"{self._name} belongs to something else. Give this library one of its own: set "
                "store.collection, or leave it empty."
            )
        return state

    def _usable(self, state: _State | None, changes: Changes) -> _State | None:
        """The state, if what the collection holds can be built on."""
        if state is None or (state.build, state.terms) != (changes.build, TERMS_VERSION):
            return None
        last = next(iter(changes.texts_since(state.row - 1)), None)
        changed = last is not None and last.row == state.row and _checksum(last) != state.text
        return None if changed or state.generation > changes.generation else state

    def _catch_up(self, changes: Changes, state: _State | None) -> _State:
        """Sends what came since, and takes out what was removed; the state it leaves."""
        build, generation = changes.build, changes.generation
        if state is None:
            with self._asking() as client:
                client.drop_collection(self.collection, timeout=WRITE_SECONDS)
            state = _State(self._library, build)
        begun = state
        if begun.dimension:  # rows of a writer that was killed before it said so
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
        """The client; whatever the server refuses is a LibraryError that says what to do."""
        try:
            import grpc
            import pymilvus
        except ImportError as error:
            raise ConfigError(
                f'store.vectors is "milvus", and its client is missing ({error}). '
                "Run: pip install 'newscite[milvus]'"
            ) from error
        # What it would log, with a traceback, is said by the error below.
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
        """With `sync`, returns when all that is there is indexed."""
        with self._asking() as client:
            wanted = client.prepare_index_params()
            wanted.add_index(name, index_name=name, metric_type="IP", **kind)
            client.create_index(self.collection, wanted, sync=sync, timeout=WRITE_SECONDS)

    def _write_state(self, state: _State) -> None:
        direction = np.eye(1, state.dimension, dtype=np.float32)[0]
        record = _record(STATE_ROW, STATE_LANGUAGE, direction, {NO_TERM: 1.0})
        self._send([record | {"state": json.dumps(asdict(state))}])

    def _send(self, records: list[dict[str, Any]]) -> None:
        """An upsert: pymilvus sends again what may have arrived, and it must not be there twice."""
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
        """Languages and vectors of those of the rows that the collection holds."""
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

    As ranges where the rows are few runs, as the rows not allowed within a range where those are
    fewer, else as the rows themselves; in several parts where that is still too long.
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
