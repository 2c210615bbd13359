"""A library in LlamaIndex: a retriever of passages, and a query engine that answers and cites.

In: a library with a limit and filters. Out: what LlamaIndex's own retrievers and query engines give:
nodes with scores and offsets into the article, and responses whose source nodes are the quotes. The
asynchronous calls work in a thread, so that an event loop goes on.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.answer.answer import Answer
from rag.frameworks.library import Searched, metadata
from rag.results.hits import Citation, Hit


class LibraryRetriever(BaseRetriever):
    """Finds the passages that answer a question best."""

    def __init__(self, library: Searched, limit: int | None, filters: Mapping[str, Any]) -> None:
        super().__init__()
        self._library = library
        self._limit = limit
        self._filters = dict(filters)

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._library.search(query_bundle.query_str, self._limit, **self._filters)
        return [_passage_node(hit) for hit in hits]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)


class LibraryQueryEngine(BaseQueryEngine):
    """Answers a question; the source nodes are the quotes, numbered as the answer's markers are."""

    def __init__(self, library: Searched, filters: Mapping[str, Any]) -> None:
        super().__init__(callback_manager=None)
        self._library = library
        self._filters = dict(filters)

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        answer = self._library.ask(query_bundle.query_str, **self._filters)
        scores = {hit.passage.id: hit.score for hit in answer.hits}
        nodes = [_quote_node(cited, scores.get(cited.passage_id)) for cited in answer.citations]
        return Response(answer.text, nodes, _beside(answer))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> dict[str, Any]:
        return {}


def _beside(answer: Answer) -> dict[str, Any]:
    """What a response has beside its text."""
    fields = answer.to_dict()
    return {name: fields[name] for name in ("abstained", "confidence", "language", "sentences")}


def _passage_node(hit: Hit) -> NodeWithScore:
    passage = hit.passage
    node = TextNode(
        id_=passage.id,
        text=passage.text,
        start_char_idx=passage.start,
        end_char_idx=passage.end,
        metadata=dict(metadata(hit.article, passage.language, passage.start, passage.end)),
    )
    return NodeWithScore(node=node, score=hit.score)


def _quote_node(cited: Citation, score: float | None) -> NodeWithScore:
    fields = metadata(cited.article, cited.article.language, cited.start, cited.end)
    node = TextNode(
        id_=f"{cited.passage_id}:{cited.start}-{cited.end}",
        text=cited.quote,
        start_char_idx=cited.start,
        end_char_idx=cited.end,
        metadata={**fields, "n": cited.n, "passage_id": cited.passage_id},
    )
    return NodeWithScore(node=node, score=score)
