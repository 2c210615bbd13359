"""Stock LlamaIndex and txtai over the same pools; run by retrieval.py in an environment of its own.

In: on stdin, JSON {"model": folder, "pools": [{"paragraphs": [text], "questions": [text]}]}.
Out: on stdout, JSON {peer: [[[paragraph indices, best first] for each question] for each pool]}.
"""

from __future__ import annotations

import contextlib
import json
import sys
from collections.abc import Callable, Sequence
from typing import Any

TOP = 10

Search = Callable[[str], list[int]]


def llama_index(model: str, paragraphs: Sequence[str]) -> dict[str, Search]:
    """The default vector index, and its fusion with BM25 by reciprocal rank."""
    from llama_index.core import Document, Settings, VectorStoreIndex
    from llama_index.core.llms import MockLLM
    from llama_index.core.retrievers import QueryFusionRetriever
    from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.retrievers.bm25 import BM25Retriever

    Settings.llm = MockLLM()
    embedding = HuggingFaceEmbedding(
        model, query_instruction="query: ", text_instruction="passage: "
    )
    documents = [Document(text=text, metadata={}, id_=str(i)) for i, text in enumerate(paragraphs)]
    index = VectorStoreIndex.from_documents(documents, embed_model=embedding)
    dense = index.as_retriever(similarity_top_k=TOP)
    nodes = list(index.docstore.docs.values())
    fused = QueryFusionRetriever(
        [dense, BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=TOP)],
        similarity_top_k=TOP,
        num_queries=1,
        mode=FUSION_MODES.RECIPROCAL_RANK,
        use_async=False,
    )

    def searching(retriever: Any) -> Search:
        return lambda question: unique(
            int(hit.node.ref_doc_id) for hit in retriever.retrieve(question)
        )

    return {"LlamaIndex": searching(dense), "LlamaIndex hybrid": searching(fused)}


def txtai(model: str, paragraphs: Sequence[str]) -> dict[str, Search]:
    from txtai import Embeddings

    instructions = {"query": "query: ", "data": "passage: "}
    embeddings = Embeddings(path=model, hybrid=True, instructions=instructions)
    embeddings.index(list(paragraphs))
    return {"txtai hybrid": lambda q: [int(n) for n, _ in embeddings.search(q, TOP)]}


def unique(numbers: Any) -> list[int]:
    return list(dict.fromkeys(numbers))


def main() -> None:
    task = json.load(sys.stdin)
    results: dict[str, list[list[list[int]]]] = {}
    with contextlib.redirect_stdout(sys.stderr):
        for pool in task["pools"]:
            for system in (llama_index, txtai):
                for name, search in system(task["model"], pool["paragraphs"]).items():
                    answers = [search(question) for question in pool["questions"]]
                    results.setdefault(name, []).append(answers)
    json.dump(results, sys.stdout)


if __name__ == "__main__":
    main()
