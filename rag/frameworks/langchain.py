"""A library in LangChain: a retriever for its chains.

In: a library with a limit and filters. Out: documents with the passage's text, and in their metadata
the article, its source, and where in it the passage stands.
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field

from rag.frameworks.library import Searched, metadata
from rag.results.hits import Hit


class LibraryRetriever(BaseRetriever):
    """Finds the passages that answer a question best."""

    library: Any
    """A `Searched`."""
    limit: int | None = None
    filters: dict[str, Any] = Field(default_factory=dict)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        library: Searched = self.library
        return [_document(hit) for hit in library.search(query, self.limit, **self.filters)]


def _document(hit: Hit) -> Document:
    passage = hit.passage
    fields = metadata(hit.article, passage.language, passage.start, passage.end)
    return Document(
        id=passage.id, page_content=passage.text, metadata={**fields, "score": hit.score}
    )
