"""The articles of a library: one row each, with the text in a table of its own.

Those that were read last are remembered until the library changes.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from index.errors import LibraryError
from index.records import Article, content_id
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
            f"SELECT id FROM articles WHERE number IN {LISTED}",
            (listed(numbers),),
        )
        return [article_id for (article_id,) in rows]

    def groups_of(self, numbers: Iterable[int]) -> list[str]:
        """The groups of near duplicates that these articles belong to."""
        rows = self._all(
            f"SELECT DISTINCT story FROM articles WHERE number IN {LISTED}",
            (listed(numbers),),
        )
        return [group for (group,) in rows]

    def insert_article(self, article_id: str, article: Article, added: str) -> int:
        """Stores a new article, alone in its group; returns its number."""
        names = (*_ARTICLE_FIELDS, "id", "added", "story")
        row = self._one(
            f"INSERT INTO articles ({', '.join(names)}) "
            f"VALUES ({', '.join('?' * len(names))}) RETURNING number",
            (*_article_row(article), article_id, added, article_id),
        )
        assert row is not None  # noqa: S101  # RETURNING always gives the row
        self._run("INSERT INTO texts VALUES (?, ?)", (row[0], article.text))
        self._check(int(row[0]), article)
        return int(row[0])

    def update_article(self, number: int, article: Article) -> bool:
        """Updates what is known about an article; True if anything changed."""
        row = _article_row(article)
        if row == self._one(f"SELECT {_COLUMNS} FROM articles a WHERE number = ?", (number,)):
            return False
        names = ", ".join(f"{name} = ?" for name in _ARTICLE_FIELDS)
        self._run(f"UPDATE articles SET {names} WHERE number = ?", (*row, number))
        self._check(number, article)
        self._articles.pop(number, None)
        return True

    def _check(self, number: int, article: Article) -> None:
        digest = _digest(article.text, _article_row(article))
        self._run("INSERT OR REPLACE INTO checks VALUES (?, ?)", (number, digest))

    def article(self, article_id: str) -> StoredArticle | None:
        row = self._one("SELECT number FROM articles WHERE id = ?", (article_id,))
        found = self._articles_by_number(row).get(row[0]) if row else None
        return found and as_stored(found)

    def articles(self) -> Iterator[StoredArticle]:
        """All articles in the order they were added, a few at a time in memory."""
        for row in self._article_rows():
            with self._whole():
                article = _stored_article(row)
            yield article

    def changed_articles(self) -> Iterator[tuple[str, str]]:
        """Id and file of those articles that are not what was stored."""
        for row in self._article_rows():
            if not _is_whole(row):
                yield row[len(_ARTICLE_FIELDS)], row[_ARTICLE_FIELDS.index("file")]

    def _article_rows(self) -> Iterator[tuple[Any, ...]]:
        last = 0
        while rows := self._all(
            f"{self._select} WHERE a.number > ? ORDER BY a.number LIMIT 100", (last,)
        ):
            yield from rows
            last = rows[-1][-3]

    @property
    def _select(self) -> str:
        """The start of a query for articles; a library of an early version has no checks."""
        has = self._one("SELECT 1 FROM sqlite_master WHERE name = 'checks'")
        digest, joined = (
            ("c.digest", "LEFT JOIN checks c ON c.article = a.number") if has else ("''", "")
        )
        return (
            f"SELECT {_COLUMNS}, a.id, a.added, a.story, a.number, t.text, {digest} "
            f"FROM articles a JOIN texts t ON t.article = a.number {joined}"
        )

    def article_text(self, number: int) -> str:
        row = self._one("SELECT text FROM texts WHERE article = ?", (number,))
        return str(row[0]) if row else ""

    def _articles_by_number(self, numbers: Iterable[int]) -> dict[int, StoredArticle]:
        """Those of these articles that the library holds, by number. Whether they are `as_stored` is not looked at yet."""
        wanted = set(numbers)
        with self._lock:
            generation = self.generation
            if generation != self._cached_generation:
                self._articles.clear()
                self._cached_generation = generation
            found = {n: self._articles[n] for n in wanted & self._articles.keys()}
            if len(found) < len(wanted):
                rows = self._all(
                    f"{self._select} WHERE a.number IN {LISTED}",
                    (listed(wanted - found.keys()),),
                )
                with self._whole():
                    read = {row[-3]: _stored_article(row) for row in rows}
                found |= read
                self._articles |= read
                for number in list(self._articles)[:-CACHED_ARTICLES]:
                    del self._articles[number]
        return found


def _digest(text: str, row: Sequence[Any]) -> str:
    return content_id("stored", text, *map(str, row))


def _is_whole(row: Sequence[Any]) -> bool:
    """Whether an article is what was stored: by its digest, or by its id where it has none yet."""
    text, digest = row[-2:]
    if digest:
        return bool(digest == _digest(text, row[: len(_ARTICLE_FIELDS)]))
    article = _stored_article(row)
    named = article.title, article.author, article.outlet, article.published, article.url
    return content_id("article", text, *named) == article.id or "corrected" in article.metadata


def as_stored(article: StoredArticle) -> StoredArticle:
    """The article, if it is what was stored: nothing else may be quoted. Raises LibraryError if it is not."""
    row = (*_article_row(article), article.id, article.added, article.group, article.number)
    if not _is_whole((*row, article.text, article.digest)):
        raise LibraryError(
            "article_changed",
            "Article {article} ({file}) is not what was added: its bytes in the library "
            "have changed. Remove it and add it again: newscite remove {article}",
            article=article.id,
            file=article.file,
        )
    return article


def _article_row(article: Article) -> tuple[Any, ...]:
    values = {name: getattr(article, name) for name in _ARTICLE_FIELDS}
    values["tags"] = json.dumps(list(article.tags), ensure_ascii=False)
    values["metadata"] = json.dumps(dict(article.metadata), ensure_ascii=False, default=str)
    values["guessed"] = json.dumps(sorted(article.guessed))
    return tuple(values.values())


def _stored_article(row: Sequence[Any]) -> StoredArticle:
    values: dict[str, Any] = dict(zip(_ARTICLE_FIELDS, row, strict=False))
    article_id, added, story, number, text, digest = row[len(_ARTICLE_FIELDS) :]
    tags, metadata, guessed = values["tags"], values["metadata"], values["guessed"]
    values["tags"] = () if tags == "[]" else tuple(json.loads(tags))
    values["metadata"] = {} if metadata == "{}" else json.loads(metadata)
    values["guessed"] = frozenset(() if guessed == "[]" else json.loads(guessed))
    return StoredArticle(
        text=text,
        id=article_id,
        added=added,
        group=story,
        number=number,
        digest=digest or "",
        **values,
    )
