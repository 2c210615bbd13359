"""Files and urls that were added, and which articles each of them holds.

An article that no source holds any more is an orphan, and leaves the library.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from index.store.database import LISTED, Database, listed
from index.store.rows import StoredSource


class SourceTable(Database):
    """The sources of a library."""

    def source(self, key: str) -> StoredSource | None:
        row = self._one(
            "SELECT number, key, name, digest, reason FROM sources WHERE key = ?", (key,)
        )
        return StoredSource(*row) if row else None

    def sources(self) -> Iterator[StoredSource]:
        for row in self._pages("SELECT number, key, name, digest, reason FROM sources"):
            yield StoredSource(*row)

    def put_source(self, key: str, name: str, digest: str, reason: str, seen: str) -> int:
        """The number of the source, new or updated."""
        row = self._one(
            "INSERT INTO sources (key, name, digest, reason, seen) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET name = excluded.name, digest = excluded.digest, "
            "reason = excluded.reason, seen = excluded.seen "
            "RETURNING number",
            (key, name, digest, reason, seen),
        )
        assert row is not None  # noqa: S101  # RETURNING always gives the row
        return int(row[0])

    def link(self, source: int, article: int, round_: int) -> None:
        self._run(
            "INSERT OR REPLACE INTO source_articles VALUES (?, ?, ?)", (source, article, round_)
        )

    def unlink_old(self, source: int, round_: int) -> list[int]:
        """Drops the source's links to articles that it no longer holds; returns their numbers."""
        return self._unlink("source = ? AND round <> ?", (source, round_))

    def unlink_article(self, article: int) -> list[int]:
        """Drops an article's links, so that its sources are read again when they are added again."""
        self._run(
            "UPDATE sources SET digest = '' WHERE number IN "
            "(SELECT source FROM source_articles WHERE article = ?)",
            (article,),
        )
        self._unlink("article = ?", (article,))
        return [article]

    def remove_source(self, source: int) -> list[int]:
        """Drops a source; returns the numbers of the articles it held."""
        unlinked = self._unlink("source = ?", (source,))
        self._run("DELETE FROM sources WHERE number = ?", (source,))
        return unlinked

    def orphans(self, numbers: Iterable[int]) -> list[int]:
        """Those of these articles that no source holds."""
        rows = self._all(
            f"SELECT number FROM articles WHERE number IN {LISTED} AND NOT EXISTS "
            "(SELECT 1 FROM source_articles WHERE article = articles.number)",
            (listed(numbers),),
        )
        return [number for (number,) in rows]

    def is_linked(self, source: int, article: int) -> bool:
        return bool(
            self._one(
                "SELECT 1 FROM source_articles WHERE source = ? AND article = ?", (source, article)
            )
        )

    def held_by(self, source: int) -> int:
        """How many articles a source holds."""
        row = self._one("SELECT count(*) FROM source_articles WHERE source = ?", (source,))
        return int(row[0]) if row else 0

    def keys_of(self, article: int) -> list[str]:
        """Paths and urls that an article was added from."""
        rows = self._all(
            "SELECT s.key FROM source_articles l JOIN sources s ON s.number = l.source "
            "WHERE l.article = ? ORDER BY l.source",
            (article,),
        )
        return [key for (key,) in rows]

    def articles_of_file(self, file: str) -> list[int]:
        """Numbers of the articles shown under this file name."""
        return [n for (n,) in self._all("SELECT number FROM articles WHERE file = ?", (file,))]

    def find_sources(self, selector: str) -> list[StoredSource]:
        """Sources whose key or name is `selector`."""
        rows = self._all(
            "SELECT number, key, name, digest, reason FROM sources WHERE key = ? OR name = ?",
            (selector, selector),
        )
        return [StoredSource(*row) for row in rows]

    def _unlink(self, condition: str, values: Sequence[Any]) -> list[int]:
        unlinked = self._all(f"SELECT article FROM source_articles WHERE {condition}", values)
        self._run(f"DELETE FROM source_articles WHERE {condition}", values)
        return [number for (number,) in unlinked]
