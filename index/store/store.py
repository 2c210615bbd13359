"""SQLite: sources, articles, passages and their vectors. The one source of truth of a library.

In: articles with their passages and vectors, in transactions that raise the library's generation.
Out: the same again, by id, by row, or "what came since row r and generation g", which is what the
vector and term indexes derived from it ask for. Nothing here knows of those indexes.
"""

from __future__ import annotations

from typing import Any

from index.store.passages import PassageTable
from index.store.sources import SourceTable


class Store(SourceTable, PassageTable):
    """One library's database."""

    def languages(self) -> dict[str, int]:
        """How many articles there are in each language, most first."""
        return self._counted("language")

    def scripts(self, language: str) -> dict[str, int]:
        """How many articles of a language there are in each of its scripts, by tag."""
        query = "SELECT language, count(*) FROM articles WHERE language LIKE ? GROUP BY 1"
        return dict(self._all(query, (f"{language}-%",)))

    def outlets(self) -> dict[str, int]:
        """How many articles there are of each outlet, most first."""
        return self._counted("outlet")

    def first_and_last_day(self) -> tuple[str, str]:
        """When the earliest and the latest article were published; "" where none says."""
        rows = self._all("SELECT min(nullif(published, '')), max(published) FROM articles")
        return rows[0][0] or "", rows[0][1] or ""

    def count_groups(self) -> int:
        """How many articles there are where near duplicates count as one."""
        return int(self._all("SELECT count(DISTINCT story) FROM articles")[0][0])

    def _counted(self, column: str) -> dict[str, int]:
        rows: list[tuple[Any, ...]] = self._all(
            f"SELECT {column}, count(*) FROM articles GROUP BY 1 ORDER BY 2 DESC"
        )
        return dict(rows)
