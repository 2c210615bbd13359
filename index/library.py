"""`Library`: a folder of articles that can be searched.

In: files, folders, urls or `Article`s to add; what to remove. Out: reports of what was kept,
skipped and rejected, and why; passages and vectors for retrieval. Each batch is one transaction in
the store (SQLite). The vector and term indexes follow the store and can always be made again from
it, so that a crash at any moment loses nothing that was reported as added.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.config import Settings
from index.embed.kept import Kept
from index.embed.protocol import Embedder
from index.errors import InputError, LibraryError
from index.records import Article, Rejection
from index.report import (
    AddReport,
    Entry,
    ProgressCallback,
    RemoveReport,
    VerifyReport,
)
from index.searchable import SearchableLibrary
from index.store import corrections
from index.store.database import FILE_NAME
from index.store.rows import StoredArticle
from index.store.store import Store
from index.store.verify import check_store
from index.writer import can_write, utc_now

if TYPE_CHECKING:
    from index.adding import Adder
    from index.extract.isolated import Readers
    from index.read.sources import Source

REFRESH_SECONDS = 10.0
"""Seconds between two updates of the indexes while articles are added: an update takes 0.1 s."""

IN_MEMORY = "python"
"""Key of the source that articles added from Python belong to."""


class Library(SearchableLibrary):
    """Articles on disk, and the indexes to search them. Open with `Library.open`.

    Any number of processes and threads may read while one writes; a second writer gets a
    LibraryError that names the first. Searches see what another process adds while it adds, with
    a delay of some seconds. Close it, or use it in a `with` statement.
    """

    @classmethod
    def open(
        cls,
        path: str | Path,
        settings: Settings,
        embedder: Embedder,
        *,
        read_only: bool = False,
        check_embedder: bool = True,
    ) -> Self:
        """Opens a library; makes a new one where there is none, unless `read_only`.

        A folder that cannot be written to is opened for reading. Raises LibraryError where the
        folder holds no usable library, or one that another embedder built. Without
        `check_embedder` a library of another embedder is opened too, to be rebuilt or read, but
        not searched.
        """
        folder = Path(path).expanduser()
        writable = not read_only and can_write(folder)
        library = cls(folder, settings, embedder, Store(folder, writable=writable), writable)
        try:
            if check_embedder:
                library._check_embedder()
            library._index.catch_up()
        except BaseException:
            library.close()
            raise
        return library

    @staticmethod
    def exists(path: str | Path) -> bool:
        """True if the folder holds a library."""
        try:
            return (Path(path).expanduser() / FILE_NAME).is_file()
        except (OSError, ValueError, RuntimeError):  # no name a file can have
            return False

    # -- changing it --------------------------------------------------------------------------

    def add(
        self,
        targets: str | Path | Iterable[str | Path],
        *,
        sync: bool = False,
        progress: ProgressCallback | None = None,
    ) -> AddReport:
        """Adds files, folders, globs or urls; unchanged ones are skipped without being read.

        With `sync`, sources under the given folders that are no longer there are removed. A source
        that fails is rejected with the reason, and tried again next time; it never stops the
        others. What was reported to `progress`, or in the report, is stored for good.
        """
        # What reads files takes longest to import, and only adding needs it.
        from index import removing
        from index.extract.isolated import Readers
        from index.read.sources import find_sources

        began = time.perf_counter()
        listed = [targets] if isinstance(targets, str | Path) else list(targets)
        with self._writing(), Readers(self.settings.load) as readers:
            adder = self._adder(progress)
            found: set[str] = set()
            waiting: list[Source] = []
            for source in find_sources(listed, self.settings.load):
                if isinstance(source, Rejection):
                    adder.refuse(source)
                    continue
                found.add(source.key)
                if self._is_held(source, adder):
                    continue
                if source.path is None and len(listed) > 1:
                    # Its content is in memory: read no other source before it is stored.
                    self._add_source(adder, readers, source)
                else:
                    waiting.append(source)
            readers.expect(waiting)
            adder.expect(len(waiting), sum(source.size for source in waiting))
            for source in waiting:
                self._add_source(adder, readers, source)
            adder.flush()
            removed = removing.remove_gone(self._store, listed, found) if sync else ()
            self._index.refresh(flush=True)
            return adder.report(time.perf_counter() - began, removed)

    def add_articles(
        self, articles: Iterable[Article], *, progress: ProgressCallback | None = None
    ) -> AddReport:
        """Adds articles made in Python."""
        began = time.perf_counter()
        with self._writing():
            adder = self._adder(progress)
            work = adder.begin(IN_MEMORY, IN_MEMORY, "", keep=True)
            for article in articles:
                adder.put(work, article)
            adder.finish(work)
            adder.flush()
            self._index.refresh(flush=True)
            return adder.report(time.perf_counter() - began)

    def remove(self, selectors: str | Iterable[str]) -> RemoveReport:
        """Removes articles by id, or sources by file name, full path or url.

        An article that two sources hold stays when only one of the sources is removed.
        """
        from index import removing

        began = time.perf_counter()
        chosen = [selectors] if isinstance(selectors, str) else list(selectors)
        with self._writing():
            ids, passages, missing = removing.remove(self._store, chosen)
            self._index.refresh(flush=True)
            Kept(self.path).clear()  # of what is removed nothing stays
        return RemoveReport(ids, passages, missing, time.perf_counter() - began)

    def correct(self, article_id: str, **fields: str | Sequence[str]) -> StoredArticle:
        """Sets right what is known of an article: title, outlet, author, published, country, tags.

        Kept when the article is added again, and named in its `metadata["corrected"]`. Raises
        InputError on an unknown field, a bad date, or an id the library does not hold.
        """
        good = corrections.checked(fields)
        with self._writing():
            with self._store.transaction():
                known = self._store.article(article_id)
                if known is None:
                    raise InputError(
                        "no_such_article",
                        "There is no article {article} in the library.",
                        article=article_id,
                    )
                corrections.keep(self._store, article_id, good, utc_now())
                right = corrections.corrected(self._store, article_id, known)
                self._store.update_article(known.number, right)
            self._index.refresh(flush=True)
        stored = self._store.article(article_id)
        assert stored is not None  # noqa: S101  # it was there when it was corrected
        return stored

    def rebuild(
        self, embedder: Embedder | None = None, *, progress: ProgressCallback | None = None
    ) -> None:
        """Splits and embeds every article anew, with another embedder if one is given.

        Until all is done, searches use the library as it was. If the rebuild is interrupted, the
        library stays as it was, and the next rebuild goes on where this one stopped.
        """
        from index import rebuilding

        embedder = embedder or self.embedder
        with self._writing(check_embedder=False):
            rebuilding.rebuild(self._store, embedder, self.settings.split, progress)
            self.embedder = embedder
            self._index.refresh(flush=True)

    def verify(self, *, repair: bool = False) -> VerifyReport:
        """Checks everything that can be checked; with `repair`, repairs what can be repaired."""
        with self._index.searching() as index:
            damaged = check_store(self._store)
            derived = index.problems(self._store)
        if not repair or not (damaged or derived):
            return VerifyReport((*damaged, *derived))
        with self._writing(check_embedder=True):
            if derived:
                self._index.remake()
        return VerifyReport((*damaged, *derived), tuple(derived))

    # -- inside -------------------------------------------------------------------------------

    def _adder(self, progress: ProgressCallback | None) -> Adder:
        from index.adding import Adder

        refreshed = time.monotonic()

        def stored() -> None:
            nonlocal refreshed
            if time.monotonic() - refreshed > REFRESH_SECONDS:
                self._index.refresh()
                refreshed = time.monotonic()

        return Adder(self._store, self.embedder, self.settings.split, stored, progress)

    def _is_held(self, source: Source, adder: Adder) -> bool:
        """Whether a source is in the library, unchanged; the adder is told then."""
        from index.adding import UNCHANGED

        known = self._store.source(source.key)
        if known is None or known.digest != source.digest:
            return False
        adder.skip(Entry(source.name, self._store.held_by(known.number), UNCHANGED))
        return True

    def _add_source(self, adder: Adder, readers: Readers, source: Source) -> None:
        from index.extract.worker import Unread

        work = adder.begin(source.key, source.name, source.digest, source.size)
        for item in readers.read(source, work.meter):
            if isinstance(item, Rejection):
                work.rejections.append(item)
                work.keep = work.keep or isinstance(item, Unread)
            else:
                adder.put(work, item)
        adder.finish(work)

    @contextmanager
    def _writing(self, *, check_embedder: bool = True) -> Iterator[None]:
        """Holds the writer's lock; whatever the disk refuses becomes a LibraryError."""
        if not self.writable:
            raise LibraryError(
                "read_only",
                "The library at {folder} is open for reading only, or its folder cannot be "
                "written to. Check the folder's permissions and the room on its disk, or "
                "copy the library elsewhere.",
                folder=self.path,
            )
        try:
            with self._writer.held():
                if check_embedder:
                    self._check_embedder()
                    if not self._store.meta("fingerprint"):
                        with self._store.transaction():
                            self._store.set_meta(
                                fingerprint=self.embedder.fingerprint, embedder=self.embedder.name
                            )
                self._index.refresh()
                yield
        except OSError as error:
            raise LibraryError(
                "not_written",
                "Could not write to the library at {folder}: {error}. Everything reported as "
                "added is safe. Make room or mend the disk, then do it again.",
                folder=self.path,
                error=error,
            ) from error
