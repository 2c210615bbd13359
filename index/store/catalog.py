"""What the library holds, as a table: counts by country, language, outlet ..., and pages of rows.

In: a filter, words to look for, an order. Out: counts of articles, and `Row`s a page at a time. All
of it is asked of SQLite, so that a table over a hundred thousand articles shows as fast as one over
ten; no text of an article is read for it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

from index.errors import InputError
from index.languages.text import to_script
from index.store.database import LISTED, listed
from index.store.filters import Filter, article_condition, at_least_one

if TYPE_CHECKING:
    from index.store.store import Store

Field = Literal["country", "language", "outlet", "category", "author", "month"]
Sort = Literal["published", "added", "title", "outlet", "country", "language", "reprints"]

_COUNTED: Mapping[str, str] = {
    "country": "country_of(metadata, url)",
    "language": "language",
    "outlet": "outlet",
    "author": "author",
    "month": "substr(published, 1, 7)",
}
_SORTED: Mapping[str, str] = {
    "published": "published",
    "added": "number",
    "title": "title COLLATE NOCASE",
    "outlet": "outlet COLLATE NOCASE",
    "country": "country_of(metadata, url)",
    "language": "language",
    "reprints": "reprints",
}
_REPRINTS = "(SELECT count(*) - 1 FROM articles o WHERE o.story = articles.story)"
_SOURCE = (
    "(SELECT s.name FROM source_articles l JOIN sources s ON s.number = l.source "
    "WHERE l.article = articles.number ORDER BY l.source LIMIT 1)"
)
_COLUMNS: Mapping[str, str] = {
    **{name: name for name in ("id", "title", "outlet", "published", "language", "author")},
    **{name: name for name in ("tags", "url", "file", "added", "guessed", "metadata")},
    "country": "country_of(metadata, url)",
    "source": _SOURCE,
    "reprints": _REPRINTS,
}
"""The columns of a row, as SQL."""

REMEMBERED = 64
"""Counts that are remembered until the library changes."""


@dataclass(frozen=True, slots=True)
class Row:
    """An article as a table shows it."""

    id: str
    title: str
    outlet: str
    country: str
    published: str
    language: str
    author: str
    tags: tuple[str, ...]
    url: str
    file: str
    source: str
    """The file or url it was added from."""
    reprints: int
    added: str
    guessed: frozenset[str]
    corrected: frozenset[str]
    """Fields that were set right by hand."""


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a table."""

    rows: tuple[Row, ...]
    total: int
    """Rows on all pages."""


class Catalog:
    """Counts and pages of one store's articles."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._counts: dict[tuple[object, ...], dict[str, int]] = {}

    def counts(self, field: str, filter_: Filter | None = None) -> dict[str, int]:
        """Articles that a filter lets through by what they have in a field, most first.

        "" stands for those where it is not known. Raises InputError on an unknown field.
        """
        if field not in get_args(Field):
            raise InputError(f"Cannot count by {field!r}: use one of {', '.join(get_args(Field))}.")
        key = (self._store.generation, field, filter_)
        if key not in self._counts:
            if len(self._counts) >= REMEMBERED:
                self._counts.clear()
            self._counts[key] = self._counted(field, filter_)
        return self._counts[key]

    def _counted(self, field: str, filter_: Filter | None) -> dict[str, int]:
        condition, values = self._condition(filter_, "")
        if field == "category":
            chosen = "FROM articles, json_each(categories_of(tags, metadata)) c"
            said = "c.value"
        else:
            chosen, said = "FROM articles", _COUNTED[field]
        rows = self._store.query(
            f"SELECT {said}, count(*) {chosen} WHERE {condition} GROUP BY 1 ORDER BY 2 DESC, 1",
            values,
        )
        return {str(name): int(count) for name, count in rows}

    def page(
        self,
        filter_: Filter | None = None,
        words: str = "",
        *,
        sort: str = "added",
        descending: bool = True,
        offset: int = 0,
        limit: int = 50,
    ) -> Listing:
        """A page of the articles that a filter lets through and that have the words in their
        title, outlet, author, file or url. Raises InputError on an unknown order."""
        if sort not in _SORTED:
            raise InputError(f"Cannot sort by {sort!r}: use one of {', '.join(_SORTED)}.")
        condition, values = self._condition(filter_, words)
        order = f"{_SORTED[sort]} {'DESC' if descending else 'ASC'}, number DESC"
        reprints = f", {_REPRINTS} AS reprints" if sort == "reprints" else ""
        rows = self._store.query(
            f"WITH page AS (SELECT number AS n{reprints} FROM articles WHERE {condition} "
            f"ORDER BY {order} LIMIT ? OFFSET ?) "
            f"SELECT {', '.join(_COLUMNS.values())} FROM page JOIN articles ON number = n",
            [*values, at_least_one(limit, limit), max(0, offset)],
        )
        total = self._store.query(f"SELECT count(*) FROM articles WHERE {condition}", values)
        return Listing(tuple(map(_row, rows)), int(total[0][0]))

    def _condition(self, filter_: Filter | None, words: str) -> tuple[str, list[Any]]:
        condition, values = article_condition(filter_ or Filter(), self._store)
        conditions = [condition] if condition else []
        if filter_ and filter_.languages:
            conditions.append(
                f"(language IN {LISTED} OR "
                f"substr(language, 1, instr(language || '-', '-') - 1) IN {LISTED})"
            )
            values += [listed(filter_.languages)] * 2
        for word in words.split():
            spelled = _spellings(word)
            conditions.append("(" + " OR ".join([_HAS] * len(spelled)) + ")")
            values += [like(one) for one in spelled]
        return " AND ".join(conditions) or "1", values


_HAS = "title || ' ' || outlet || ' ' || author || ' ' || file || ' ' || url LIKE ? ESCAPE '\\'"


def _spellings(word: str) -> list[str]:
    """A word in either Chinese script, and with small or capital letters: SQLite itself only knows
    that Latin letters come in two sizes, and to fold each row in Python takes seconds."""
    scripts = (word, to_script(word, "zh-Hant"), to_script(word, "zh-Hans"))
    cases = (form for one in scripts for form in (one, one.lower(), one.capitalize(), one.upper()))
    return list(dict.fromkeys(form if not form.isascii() else form.lower() for form in cases))


def like(word: str) -> str:
    """A pattern for LIKE ... ESCAPE '\\' that finds the word anywhere."""
    escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def _row(values: Sequence[Any]) -> Row:
    row: dict[str, Any] = dict(zip(_COLUMNS, values, strict=True))
    metadata = row.pop("metadata")
    corrected = json.loads(metadata).get("corrected", []) if '"corrected"' in metadata else []
    row["tags"] = tuple(json.loads(row["tags"]))
    row["source"] = row["source"] or ""
    row["guessed"] = frozenset(json.loads(row["guessed"]))
    return Row(**row, corrected=frozenset(map(str, corrected)))
