"""Which key or column of a record holds which field of an article.

In: the keys of a record, in whatever language, and those that the settings map. Out: for each of our
fields the key that holds it. The names other tools use are in the tables `columns.toml` of the
languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from index.languages.pack import texts
from index.languages.text import fold

FIELDS = (
    "text", "html", "title", "author", "outlet", "published", "url", "canonical_url", "language", "tags",
)  # fmt: skip


@cache
def names() -> dict[str, tuple[str, ...]]:
    """For each field what it is called elsewhere, the surest first."""
    found: dict[str, list[str]] = {field: [] for field in FIELDS}
    for table in texts("columns").values():
        for field, aliases in table.items():
            found[field] += aliases
    return {field: tuple(aliases) for field, aliases in found.items()}


@cache
def _all_names() -> frozenset[str]:
    return frozenset(name for aliases in names().values() for name in aliases)


def key_of(name: str) -> str:
    """A key as the tables have it: folded, "Site-Name" as "site_name"."""
    return re.sub(r"[\s.:-]+", "_", fold(name).strip(" \ufeff\"'*#")).strip("_")


def known_columns(row: Iterable[str], mapped: Mapping[str, str]) -> int:
    """How many cells of a row are names of fields; 0 where none of them holds text."""
    keys = [mapped.get(cell.strip(), key_of(cell)) for cell in row]
    holds_text = any(key in names()["text"] or key in names()["html"] for key in keys)
    return sum(key in _all_names() for key in keys) if holds_text else 0


def fields_of(record: Mapping[str, Any]) -> dict[str, str]:
    """For each field the key of the record that holds it, where one does."""
    keys = {key_of(str(key)): key for key in record if not is_empty(record[key])}
    found = {}
    for field, aliases in names().items():
        key = next((name for name in (field, *aliases) if name in keys), None)
        if key is not None:
            found[field] = keys[key]
    return found


def is_empty(value: Any) -> bool:
    """Whether a value says nothing; NaN is how data frames say so."""
    return value is None or value in ("", [], {}) or value != value
