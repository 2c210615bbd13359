"""The index beside the library: FAISS for vectors, Tantivy for terms, both as files.

In: what the store holds (`Changes`). Out: a `PassageIndex`.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from index.search.durable_files import STATE_FILE
from index.search.faiss import TAIL_ROWS, VectorIndex
from index.search.protocol import Changes, Found
from index.search.tantivy import TermIndex

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

VECTORS_FOLDER = "vectors"
TERMS_FOLDER = "terms"


class LocalIndex:
    """A `PassageIndex` in two folders. Not safe to search while it refreshes."""

    def __init__(self, folder: Path, exact_below: int, *, tail_rows: int = TAIL_ROWS) -> None:
        self._folder = folder
        self._vectors = VectorIndex(folder / VECTORS_FOLDER, exact_below, tail_rows=tail_rows)
        self._terms = TermIndex(folder / TERMS_FOLDER)
        self._private: tempfile.TemporaryDirectory[str] | None = None

    def current(self, changes: Changes) -> bool:
        return self._vectors.current(changes) and self._terms.current(changes)

    def refresh(self, changes: Changes, *, write: bool) -> None:
        if write and self._private is not None:
            self.close()
            self._terms = TermIndex(self._folder / TERMS_FOLDER)
        build = changes.build
        try:
            self._vectors.refresh(changes, write=write)
            self._terms.refresh(changes, write=write or self._private is not None)
        except (
            BaseException
        ):  # the state in memory is incomplete now: read the files again next time
            self._forget()
            raise
        if build != changes.build:  # rebuilt by another process while we were reading
            self._forget()

    def _forget(self) -> None:
        self._vectors.forget()
        self._terms.forget()

    def refresh_privately(self, changes: Changes) -> None:
        if self._private is None:
            self._private = tempfile.TemporaryDirectory(prefix="newscite-")
            copy = Path(self._private.name)
            for path in (self._folder / TERMS_FOLDER).glob("*/*"):
                (copy / path.parent.name).mkdir(exist_ok=True)
                with suppress(OSError):  # what cannot be copied is built again
                    shutil.copyfile(path, copy / path.parent.name / path.name)
            with suppress(OSError):
                shutil.copyfile(self._folder / TERMS_FOLDER / STATE_FILE, copy / STATE_FILE)
            self._terms = TermIndex(copy)
        self.refresh(changes, write=False)

    def search_vectors(
        self,
        vector: NDArray[np.float32],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        return self._vectors.search(vector, language, limit, allowed)

    def search_terms(
        self,
        terms: Mapping[str, float],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        return self._terms.search(terms, language, limit, allowed)

    def languages(self) -> dict[str, int]:
        return self._vectors.languages()

    def flush(self) -> None:
        self._vectors.flush()

    def problems(self, changes: Changes) -> list[str]:
        return [*self._vectors.problems(changes), *self._terms.problems(changes)]

    def clear(self) -> None:
        self._vectors.clear()
        self._terms.clear()

    def close(self) -> None:
        if self._private is not None:
            self._private.cleanup()
            self._private = None
