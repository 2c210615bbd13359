"""What the frameworks need of a library, and what they get with a passage or a quote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from index.store.rows import StoredArticle
from rag.answer.answer import Answer
from rag.results.hits import Hits


class Searched(Protocol):
    """A library that can be searched and asked; `newscite.Library` is one."""

    def search(self, question: str, limit: int | None = None, **filters: Any) -> Hits: ...
    def ask(self, question: str, **filters: Any) -> Answer: ...


def metadata(article: StoredArticle, language: str, start: int, end: int) -> Mapping[str, Any]:
    """Where words of an article come from: `article.text[start:end]` are the words."""
    return {
        "article_id": article.id,
        "title": article.title,
        "outlet": article.outlet,
        "author": article.author,
        "published": article.published,
        "url": article.url,
        "file": article.file,
        "language": language,
        "start": start,
        "end": end,
    }
