"""A library's index, brought up to date with the store before each search.

In: the store, and the index that the settings name. Out: a `PassageIndex` that holds what the store holds.
A process that may write updates the shared files; one that may not, or finds no room, updates a copy of its
own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.config import StoreSettings
from index.errors import LibraryError
from index.search.files import LocalIndex
from index.search.milvus import MilvusIndex
from index.search.protocol import PassageIndex
from index.store.store import Store
from index.writer import Writer


def open_index(folder: Path, settings: StoreSettings, library_id: str) -> PassageIndex:
    """The index that the settings name."""
    if settings.vectors == "milvus":
        return MilvusIndex(folder, settings, library_id)
    return LocalIndex(folder, settings.exact_below)


class CurrentIndex:
    """An index that follows its store. Threads take turns.

    `writer` is None where the library is open for reading only. `rebuilt` is called where another
    process has rebuilt the library meanwhile; it raises LibraryError if this one cannot search it.
    """

    def __init__(
        self, index: PassageIndex, store: Store, writer: Writer | None, rebuilt: Callable[[], None]
    ) -> None:
        self._index = index
        self._store = store
        self._writer = writer
        self._rebuilt = rebuilt
        self._build = ""
        self._caught_up: tuple[str, int] | None = None
        """The state of the store that the index holds; None where that is to be asked of the index."""
        self._lock = threading.RLock()

    @contextmanager
    def searching(self) -> Iterator[PassageIndex]:
        """The index, up to date; no other thread uses it meanwhile."""
        with self._lock:
            self.catch_up()
            yield self._index

    def catch_up(self) -> None:
        """Updates the index if it is behind the store."""
        with self._lock:
            state = self._store.state
            if state == self._caught_up:
                return
            if not self._index.current(self._store):
                self._update()
            self._caught_up = state if self._index.current(self._store) else None

    def _update(self) -> None:
        if self._build != self._store.build:
            if self._build:
                self._rebuilt()
            self._build = self._store.build
        if self._writer is not None and not self._writer.busy:
            try:
                with self._writer.if_free() as free:  # else another process writes what it adds
                    self._index.refresh(self._store, write=free)
                    if free:
                        self._index.flush()
            except OSError:  # a full disk must not keep anyone from searching
                self._catch_up_privately()
        else:
            self._index.refresh(self._store, write=False)
            if self._writer is None and not self._index.current(self._store):
                self._catch_up_privately()

    def _catch_up_privately(self) -> None:
        try:
            self._index.refresh_privately(self._store)
        except OSError as error:
            raise LibraryError(
                "index_unmendable",
                "The index of the library at {folder} has to be mended, and there is nowhere "
                "to do it: {error}. Make room on the disk, or allow writing to the folder.",
                folder=self._store.path.parent,
                error=error,
            ) from error

    def refresh(self, *, flush: bool = False) -> None:
        """Updates the shared index; the caller holds the writer's lock."""
        with self._lock:
            self._caught_up = None
            self._index.refresh(self._store, write=True)
            if flush:
                self._index.flush()

    def remake(self) -> None:
        """Makes the shared index anew; the caller holds the writer's lock."""
        with self._lock:
            self._caught_up = None
            self._index.clear()
            self.refresh(flush=True)

    def close(self) -> None:
        self._index.close()
