"""What a search index is to a library, whichever engine it runs on.

An index catches up with `Changes` (the store) and finds rows by vector and by term. A further engine
is a `PassageIndex` of its own beside files.py and milvus.py, and a name in index/current_index.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.store.rows import TextRow, VectorRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

Found = tuple["NDArray[np.int64]", "NDArray[np.float32]"]
"""Row numbers and scores, best first."""

NOTHING: Found = (np.empty(0, np.int64), np.empty(0, np.float32))


class Changes(Protocol):
    """What an index asks of the store to catch up with it."""

    @property
    def build(self) -> str: ...
    @property
    def generation(self) -> int: ...
    def vectors_since(self, row: int) -> Iterator[VectorRows]: ...
    def texts_since(self, row: int) -> Iterator[TextRow]: ...
    def removed_since(self, generation: int) -> Mapping[str, list[int]]: ...


class PassageIndex(Protocol):
    """Where a library searches its vectors and terms: files beside it, or a server.

    Scores only compare within one call. `language` is a primary language ("zh" for both
    scripts); `allowed` are the row numbers to search among, ascending; None is all.
    """

    def current(self, changes: Changes) -> bool:
        """True if everything the store holds can be found."""
        ...

    def refresh(self, changes: Changes, *, write: bool) -> None:
        """Catches up with the store; only with `write` does it touch files or servers."""
        ...

    def refresh_privately(self, changes: Changes) -> None:
        """Catches up where no shared file may be written, if need be with a private copy."""
        ...

    def search_vectors(
        self,
        vector: NDArray[np.float32],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        """The rows nearest to `vector` [d] by inner product."""
        ...

    def search_terms(
        self,
        terms: Mapping[str, float],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        """The rows that hold the most telling of the weighted terms, by BM25."""
        ...

    def languages(self) -> dict[str, int]:
        """Searchable rows by primary language."""
        ...

    def problems(self, changes: Changes) -> list[str]:
        """What is wrong with the index, checked thoroughly; empty if nothing is."""
        ...

    def clear(self) -> None:
        """Forgets everything, on disk too; `refresh` builds it anew."""
        ...

    def flush(self) -> None:
        """Called at the end of a change; writes to disk what is worth writing."""
        ...

    def close(self) -> None: ...


def best(rows: NDArray[np.int64], scores: NDArray[np.float32], limit: int) -> Found:
    """The highest scores and their rows, best first; the earlier row where scores are equal."""
    order = np.lexsort((rows, -scores))[:limit]
    return rows[order], scores[order]
