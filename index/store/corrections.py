"""What a reader knows better than the page: title, outlet, author, date, country, tags, by hand.

In: an article's id and the right values. Out: the article with them, now and whenever it is added
again: corrections are kept by the article's id, which its own content makes. A corrected field is
named in `metadata["corrected"]`, so that nobody takes it for what the page says.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from index.errors import InputError
from index.records import Article
from index.store.filters import checked_date

if TYPE_CHECKING:
    from index.store.store import Store

FIELDS = ("title", "outlet", "author", "published", "country", "tags")


def checked(fields: Mapping[str, str | Sequence[str]]) -> dict[str, Any]:
    """The fields as they are kept. Raises InputError on an unknown field or a bad date."""
    if not fields:
        raise InputError(f"Nothing to correct: give one of {', '.join(FIELDS)}.")
    for name in fields:
        if name not in FIELDS:
            raise InputError(f"Cannot correct {name!r}: use one of {', '.join(FIELDS)}.")
    good: dict[str, Any] = {}
    for name, value in fields.items():
        if name == "tags":
            listed = value.split(",") if isinstance(value, str) else value
            good[name] = [tag for item in listed if (tag := " ".join(item.split()))]
        elif not isinstance(value, str):
            raise InputError(
                "one_text", "{name} is {value}: give one text.", name=name, value=repr(value)
            )
        else:
            good[name] = (
                checked_date(name, value) if name == "published" else " ".join(value.split())
            )
    return good


def keep(store: Store, article_id: str, fields: Mapping[str, Any], now: str) -> None:
    """Remembers corrections, beside those made before, inside the caller's transaction."""
    store.execute(
        "INSERT OR REPLACE INTO corrections VALUES (?, ?, ?)",
        (article_id, json.dumps({**_kept(store, article_id), **fields}, ensure_ascii=False), now),
    )


def corrected(store: Store, article_id: str, article: Article) -> Article:
    """The article with what was corrected by hand; itself where nothing was."""
    fields = _kept(store, article_id)
    if not fields:
        return article
    metadata = {**article.metadata, "corrected": sorted(fields)}
    values = dict(fields)
    if "country" in values:
        metadata["country"] = values.pop("country")
    if "tags" in values:
        values["tags"] = tuple(values["tags"])
    guessed = article.guessed - fields.keys()
    return replace(article, metadata=metadata, guessed=guessed, **values)


def _kept(store: Store, article_id: str) -> dict[str, Any]:
    rows = store.query("SELECT fields FROM corrections WHERE article = ?", (article_id,))
    return dict(json.loads(rows[0][0])) if rows else {}
