"""Hits as LlamaIndex takes them: nodes with ids, offsets and metadata, and a retriever of these."""

from __future__ import annotations

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from rag.results.hits import Hit
from rag.retrieve.retriever import Retriever


class NodeRetriever(BaseRetriever):
    """A `Retriever` as part of a LlamaIndex chain."""

    def __init__(self, retriever: Retriever) -> None:
        super().__init__()
        self._retriever = retriever

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [make_node(hit) for hit in self._retriever.search(query_bundle.query_str)]


def make_node(hit: Hit) -> NodeWithScore:
    """A hit as LlamaIndex takes it."""
    article = hit.article
    node = TextNode(
        id_=hit.passage.id,
        text=hit.passage.text,
        start_char_idx=hit.passage.start,
        end_char_idx=hit.passage.end,
        metadata={
            "article_id": article.id,
            "title": article.title,
            "outlet": article.outlet,
            "author": article.author,
            "published": article.published,
            "url": article.url,
            "file": article.file,
            "language": hit.passage.language,
        },
    )
    return NodeWithScore(node=node, score=hit.score)
