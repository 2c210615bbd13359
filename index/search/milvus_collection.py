"""A collection on a Milvus server, and what is asked of it: rows sent, deleted, counted, searched.

In: records and expressions. Out: what the server answers; where it fails, a LibraryError that says
what to do. Which rows should be there is known in index/search/milvus.py.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import ConfigError, LibraryError
from index.search.protocol import Found, best

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

MOST_HITS = 16_384
"""Milvus returns no more hits than this for one search."""

SENT_ROWS = 500
"""Rows in one message: some 4 MB; Milvus accepts 64 MB at most."""

LISTED_ROWS = 20_000
"""The longest list of row numbers in a filter, about 150 kB of text. A filter that needs more becomes
several searches, since a long expression is slow to parse and a message has a size limit."""

RANGES = 16
"""A filter whose rows form fewer runs than this is written as ranges."""

FIELDS = {"row", "language", "state", "vector", "terms"}
STATE_LENGTH = 65_535
LANGUAGE_LENGTH = 16


class Collection:
    """The rows of a library on a server: number, language, state, dense and sparse vector of each."""

    def __init__(self, uri: str, name: str, failed: Callable[[], None]) -> None:
        self.uri = uri
        self.name = name
        self._failed = failed
        """Called where the server fails: what was known of the collection may no longer hold."""
        self._client: Any = None

    def __str__(self) -> str:
        return f"The Milvus collection {self.name} at {self.uri}"

    def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def load(self) -> bool | None:
        """Makes the collection ready for searches. None where there is none; False, and nothing is
        done, where its columns are not ours."""
        with self._asking() as client:
            if not client.has_collection(self.name, timeout=SEARCH_SECONDS):
                return None
            about = client.describe_collection(self.name, timeout=SEARCH_SECONDS)
            if {column["name"] for column in about["fields"]} != FIELDS:
                return False
            client.load_collection(self.name, timeout=WRITE_SECONDS)
            return True

    def drop(self) -> None:
        with self._asking() as client:
            client.drop_collection(self.name, timeout=WRITE_SECONDS)

    def create(self, dimension: int) -> None:
        """An empty collection for vectors of so many numbers, with an exact search."""
        with self._asking() as client:
            import pymilvus

            kinds = pymilvus.DataType
            schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
            schema.add_field("row", kinds.INT64, is_primary=True)
            schema.add_field(
                "language", kinds.VARCHAR, max_length=LANGUAGE_LENGTH, is_partition_key=True
            )
            schema.add_field("state", kinds.VARCHAR, max_length=STATE_LENGTH)
            schema.add_field("vector", kinds.FLOAT_VECTOR, dim=dimension)
            schema.add_field("terms", kinds.SPARSE_FLOAT_VECTOR)
            client.create_collection(self.name, schema=schema, timeout=WRITE_SECONDS)
            self._make_index("vector", {"index_type": "FLAT"}, sync=False)
            self._make_index("terms", {"index_type": "SPARSE_INVERTED_INDEX"}, sync=False)
            client.load_collection(self.name, timeout=WRITE_SECONDS)

    def reindex(self, kind: Mapping[str, Any]) -> None:
        """Gives the dense vectors another kind of index."""
        with self._asking() as client:
            client.release_collection(self.name, timeout=WRITE_SECONDS)
            client.drop_index(self.name, "vector", timeout=WRITE_SECONDS)
            self._make_index("vector", kind, sync=True)
            client.load_collection(self.name, timeout=WRITE_SECONDS)

    def search(
        self,
        column: str,
        vector: Sequence[float] | Mapping[int, float],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None,
        *,
        candidates: int | None = None,
        settled: bool,
    ) -> Found:
        """The best rows of a language, of those allowed. Where the index is approximate, so many
        `candidates` are looked at; unless `settled`, the search waits for the latest changes."""
        params: dict[str, Any] = {"metric_type": "IP"}
        if candidates is not None:
            params["params"] = {"ef": min(candidates, 2 * MOST_HITS)}
        chosen = f'language == "{language}"'
        filters = [chosen]
        if allowed is not None:
            filters = [f"{chosen} and ({rows})" for rows in row_filters(allowed)]
        hits: list[Any] = []
        with self._asking() as client:
            for expression in filters:
                (found,) = client.search(
                    self.name,
                    data=[vector],
                    anns_field=column,
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

    def send(self, records: list[dict[str, Any]]) -> None:
        """Upserts, since pymilvus may send a row again that did arrive: it must not be there twice."""
        with self._asking() as client:
            client.upsert(self.name, records, timeout=WRITE_SECONDS)

    def delete(self, rows: Sequence[int]) -> None:
        for at in range(0, len(rows), LISTED_ROWS):
            self._delete(f"row in {list(rows[at : at + LISTED_ROWS])}")

    def delete_after(self, row: int) -> None:
        self._delete(f"row > {row}")

    def count(self, expression: str = "") -> int:
        """How many rows an expression fits; without one, all."""
        with self._asking() as client:
            (answer,) = client.query(
                self.name,
                filter=expression,
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=WRITE_SECONDS,
            )
            return int(answer["count(*)"])

    def held(
        self, rows: Sequence[int], columns: Sequence[str], timeout: float = WRITE_SECONDS
    ) -> list[dict[str, Any]]:
        """These columns of those of these rows that the collection holds."""
        with self._asking() as client:
            held: list[dict[str, Any]] = client.get(
                self.name,
                ids=list(rows),
                output_fields=list(columns),
                consistency_level="Strong",
                timeout=timeout,
            )
        return held

    @contextmanager
    def _asking(self) -> Iterator[Any]:
        """The client; a refusal by the server becomes a LibraryError that says what to do."""
        try:
            import grpc
            import pymilvus
        except ImportError as error:
            raise ConfigError(
                "milvus_client",
                'store.vectors is "milvus", and its client is missing ({error}). Run: pip '
                "install -e '.[milvus]' (in newscite's folder)",
                error=error,
            ) from error
        # pymilvus logs a traceback for what the error below says in a sentence.
        logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
        try:
            if self._client is None:
                token = os.environ.get(TOKEN_VARIABLE, "")
                self._client = pymilvus.MilvusClient(
                    self.uri, token=token, timeout=CONNECT_SECONDS, grpc_options=CHANNEL
                )
            yield self._client
        except (pymilvus.MilvusException, grpc.RpcError) as error:
            self._failed()
            self.close()
            reason = getattr(error, "message", "") or str(error)
            raise LibraryError(
                "milvus_failed",
                "Milvus at {uri} failed: {reason}. Nothing reported as added is lost. Start "
                "the server, or mend store.uri or {variable}, then do it again; or search "
                'without it: set store.vectors to "faiss".',
                uri=self.uri,
                reason=reason,
                variable=TOKEN_VARIABLE,
            ) from error

    def _make_index(self, name: str, kind: Mapping[str, Any], *, sync: bool) -> None:
        """With `sync`, waits until all rows are indexed."""
        with self._asking() as client:
            wanted = client.prepare_index_params()
            wanted.add_index(name, index_name=name, metric_type="IP", **kind)
            client.create_index(self.name, wanted, sync=sync, timeout=WRITE_SECONDS)

    def _delete(self, expression: str) -> None:
        with self._asking() as client:
            client.delete(self.name, filter=expression, timeout=WRITE_SECONDS)


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
