"""A library in Haystack: a component for its pipelines.

In: a library with a limit and filters. Out: documents with the passage's text and score, and in their
meta the article, its source, and where in it the passage stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from haystack import Document, component

from rag.frameworks.library import Searched, metadata
from rag.results.hits import Hit


@component
class LibraryRetriever:
    """Finds the passages that answer a query best."""

    def __init__(
        self, library: Searched, limit: int | None = None, filters: Mapping[str, Any] | None = None
    ) -> None:
        self._library = library
        self._limit = limit
        self._filters = dict(filters or {})

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, top_k: int | None = None, filters: dict[str, Any] | None = None
    ) -> dict[str, list[Document]]:
        """The documents; `top_k` and `filters`, by newscite's names, win over those it was made with."""
        chosen = {**self._filters, **(filters or {})}
        hits = self._library.search(query, top_k or self._limit, **chosen)
        return {"documents": [_document(hit) for hit in hits]}


def _document(hit: Hit) -> Document:
    passage = hit.passage
    fields = metadata(hit.article, passage.language, passage.start, passage.end)
    return Document(id=passage.id, content=passage.text, score=hit.score, meta=dict(fields))
