"""The articles of a library: one row each, with the text in a table of its own.

Those that were read last are remembered until the library changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from index.records import Article
from index.store.database import LISTED, Database, listed
from index.store.rows import StoredArticle

CACHED_ARTICLES = 512

_ARTICLE_FIELDS = tuple(f.name for f in fields(Article) if f.name != "text")

_COLUMNS = ", ".join(f"a.{name}" for name in _ARTICLE_FIELDS)


class ArticleTable(Database):
    """The articles of a library."""

    def __init__(self, folder: Path, *, writable: bool) -> None:
        super().__init__(folder, writable=writable)
        self._articles: dict[int, StoredArticle] = {}
        """Articles by number, the last read of them remembered until the library changes."""
        self._cached_generation = -1

    def find_article(self, article_id: str) -> tuple[int, str] | None:
        """Number and language of an article, if it is in the library."""
        return self._one("SELECT number, language FROM articles WHERE id = ?", (article_id,))

    def article_ids(self, numbers: Iterable[int]) -> list[str]:
        rows = self._all(
            f"SELECT id FROM articles WHERE number IN {LISTED}",  # noqa: S608
            (listed(numbers),),
        )
        return [article_id for (article_id,) in rows]

    def groups_of(self, numbers: Iterable[int]) -> list[str]:
        """The groups of near duplicates that these articles belong to."""
        rows = self._all(
            f"SELECT DISTINCT story FROM articles WHERE number IN {LISTED}",  # noqa: S608
            (listed(numbers),),
        )
        return [group for (group,) in rows]

    def insert_article(self, article_id: str, article: Article, added: str) -> int:
        """Stores a new article, alone in its group; returns its number."""
        names = (*_ARTICLE_FIELDS, "id", "added", "story")
        row = self._one(
            f"INSERT INTO articles ({', '.join(names)}) "  # noqa: S608
            f"VALUES ({', '.join('?' * len(names))}) RETURNING number",
            (*_article_row(article), article_id, added, article_id),
        )
        assert row is not None  # noqa: S101  # RETURNING always gives the row
        self._run("INSERT INTO texts VALUES (?, ?)", (row[0], article.text))
        return int(row[0])

    def update_article(self, number: int, article: Article) -> bool:
        """Updates what is known about an article; True if anything changed."""
        row = _article_row(article)
        if row == self._one(f"SELECT {_COLUMNS} FROM articles a WHERE number = ?", (number,)):  # noqa: S608
            return False
        names = ", ".join(f"{name} = ?" for name in _ARTICLE_FIELDS)
        self._run(f"UPDATE articles SET {names} WHERE number = ?", (*row, number))  # noqa: S608
        return True

    def article(self, article_id: str) -> StoredArticle | None:
        row = self._one("SELECT number FROM articles WHERE id = ?", (article_id,))
        return self._articles_by_number(row).get(row[0]) if row else None

    def articles(self) -> Iterator[StoredArticle]:
        """All articles in the order they were added, a few at a time in memory."""
        last = 0
        while rows := self._all(
            f"SELECT {_COLUMNS}, a.id, a.added, a.story, a.number, t.text "  # noqa: S608
            "FROM articles a JOIN texts t ON t.article = a.number "
            "WHERE a.number > ? ORDER BY a.number LIMIT 100",
            (last,),
        ):
            yield from map(_stored_article, rows)
            last = rows[-1][-2]

    def article_text(self, number: int) -> str:
        row = self._one("SELECT text FROM texts WHERE article = ?", (number,))
        return str(row[0]) if row else ""

    def _articles_by_number(self, numbers: Iterable[int]) -> dict[int, StoredArticle]:
        """Those of these articles that the library holds, by number."""
        wanted = set(numbers)
        with self._lock:
            generation = self.generation
            if generation != self._cached_generation:
                self._articles.clear()
                self._cached_generation = generation
            found = {n: self._articles[n] for n in wanted & self._articles.keys()}
            if len(found) < len(wanted):
                rows = self._all(
                    f"SELECT {_COLUMNS}, a.id, a.added, a.story, a.number, t.text "  # noqa: S608
                    f"FROM articles a JOIN texts t ON t.article = a.number WHERE a.number IN {LISTED}",
                    (listed(wanted - found.keys()),),
                )
                read = {article.number: article for article in map(_stored_article, rows)}
                found |= read
                self._articles |= read
                for number in list(self._articles)[:-CACHED_ARTICLES]:
                    del self._articles[number]
        return found


def _article_row(article: Article) -> tuple[Any, ...]:
    values = {name: getattr(article, name) for name in _ARTICLE_FIELDS}
    values["tags"] = json.dumps(list(article.tags), ensure_ascii=False)
    values["metadata"] = json.dumps(dict(article.metadata), ensure_ascii=False, default=str)
    values["guessed"] = json.dumps(sorted(article.guessed))
    return tuple(values.values())


def _stored_article(row: Sequence[Any]) -> StoredArticle:
    values: dict[str, Any] = dict(zip(_ARTICLE_FIELDS, row, strict=False))
    article_id, added, story, number, text = row[len(_ARTICLE_FIELDS) :]
    tags, metadata, guessed = values["tags"], values["metadata"], values["guessed"]
    values["tags"] = () if tags == "[]" else tuple(json.loads(tags))
    values["metadata"] = {} if metadata == "{}" else json.loads(metadata)
    values["guessed"] = frozenset(() if guessed == "[]" else json.loads(guessed))
    return StoredArticle(
        text=text, id=article_id, added=added, group=story, number=number, **values
    )
