"""What a library holds, to be looked at and searched.

In: a folder with a store (SQLite), and the embedder whose vectors are in it. Out: articles, counts of
them, passages by vector or by term. It changes nothing in the store: index/library.py does.
"""

from __future__ import annotations

import stat
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from index.config import Settings
from index.current_index import CurrentIndex, open_index
from index.embed.protocol import Embedder
from index.errors import LibraryError
from index.report import Status
from index.search.protocol import Found
from index.store.catalog import Catalog
from index.store.filters import Filter, Selector
from index.store.rows import StoredArticle, StoredPassage
from index.store.store import Store
from index.writer import Writer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SearchableLibrary:
    """A library for reading only. Close it, or use it in a `with` statement."""

    def __init__(
        self, path: Path, settings: Settings, embedder: Embedder, store: Store, writable: bool
    ) -> None:
        self.path = path
        self.settings = settings
        self.embedder = embedder
        self.writable = writable
        self._store = store
        self._selector = Selector(store)
        self._lock = threading.RLock()
        self._writer = Writer(path)
        index = open_index(path, settings.store, store.id)
        self._index = CurrentIndex(
            index, store, self._writer if writable else None, self._check_embedder
        )

    def close(self) -> None:
        self._index.close()
        self._store.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def generation(self) -> int:
        """Rises with every change."""
        return self._store.generation

    def status(self) -> Status:
        """What the library holds, in figures."""
        store = self._store
        earliest, latest = store.first_and_last_day()
        return Status(
            path=str(self.path),
            articles=store.count("articles"),
            passages=store.count("passages"),
            languages=store.languages(),
            outlets=store.outlets(),
            sources=store.count("sources"),
            groups=store.count_groups(),
            earliest=earliest,
            latest=latest,
            added=store.meta("added"),
            bytes=sum(map(_size, self.path.rglob("*"))),
            embedder=store.meta("embedder", self.embedder.name),
            generation=store.generation,
        )

    def articles(self) -> Iterator[StoredArticle]:
        """All articles in the order they were added."""
        return self._store.articles()

    def article(self, article_id: str) -> StoredArticle | None:
        """The article with this id, if the library holds it."""
        return self._store.article(article_id)

    @cached_property
    def catalog(self) -> Catalog:
        """The articles as a table: counted, sorted, a page at a time."""
        return Catalog(self._store)

    def sources_of(self, article: StoredArticle) -> list[str]:
        """Paths and urls that an article was added from."""
        return self._store.keys_of(article.number)

    def article_rows(self, article: StoredArticle) -> list[int]:
        """Row numbers of an article's passages, in the order of its text."""
        return self._store.article_passages(article.number)

    def passages(self, rows: Sequence[int]) -> list[StoredPassage]:
        """Passages by row number, in the order given, without those that were removed meanwhile."""
        return self._store.passages(rows)

    def select(self, filter_: Filter) -> NDArray[np.int64] | None:
        """The row numbers that a filter allows, ascending; None where it allows all."""
        with self._lock:
            return self._selector.select(filter_)

    def languages(self) -> dict[str, int]:
        """Searchable passages by primary language."""
        with self._index.searching() as index:
            return index.languages()

    def scripts(self, language: str) -> dict[str, int]:
        """Articles of a language by its scripts: those in "zh-Hant", and in "zh-Hans"."""
        return self._store.scripts(language)

    def search_vectors(
        self,
        vector: NDArray[np.float32],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        """Row numbers and inner products of the passages nearest to `vector` [d], best first.

        `language` is a primary language ("zh" covers both scripts); `allowed` comes from `select`.
        """
        with self._index.searching() as index:
            return index.search_vectors(vector, language, limit, allowed)

    def search_terms(
        self,
        terms: Mapping[str, float],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        """Row numbers and BM25 scores of the passages that match weighted terms, best first."""
        with self._index.searching() as index:
            return index.search_terms(terms, language, limit, allowed)

    def _check_embedder(self) -> None:
        built_by = self._store.meta("fingerprint")
        if built_by and built_by != self.embedder.fingerprint:
            raise LibraryError(
                "other_embedder",
                "The library at {folder} was built by another embedder ({built}), not by "
                "{now}: their vectors don't compare. Set embedder.model back, or run: "
                "newscite rebuild",
                folder=self.path,
                built=self._store.meta("embedder"),
                now=self.embedder.name,
            )


def _size(path: Path) -> int:
    """Bytes of a file; 0 for a folder, and where a writer has removed it meanwhile."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0
