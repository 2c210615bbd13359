"""A library in small chains of LlamaIndex, LangChain and Haystack, each the real one."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import newscite
from index.errors import InputError
from tests.test_mcp import QUESTION, SETTINGS
from tests.toy import ToyEmbedder


@pytest.fixture
def library(built: Path, tmp_path: Path) -> Iterator[newscite.Library]:
    folder = shutil.copytree(built, tmp_path / "library")
    settings = newscite.Settings(**SETTINGS)
    with newscite.Library.open(folder, settings, ToyEmbedder()) as library:
        yield library


def test_llama_index_retrieves_in_a_query_engine_of_its_own(library: newscite.Library) -> None:
    from llama_index.core import get_response_synthesizer
    from llama_index.core.llms import MockLLM
    from llama_index.core.query_engine import RetrieverQueryEngine

    retriever = library.as_retriever(limit=2, languages=["zh"])
    synthesizer = get_response_synthesizer(llm=MockLLM())
    engine = RetrieverQueryEngine(retriever, response_synthesizer=synthesizer)
    response = engine.query(QUESTION)
    found = library.search(QUESTION, 2, languages=["zh"])
    assert [node.node_id for node in response.source_nodes] == [hit.passage.id for hit in found]
    assert found[0].passage.text in str(response)
    for node, hit in zip(response.source_nodes, found, strict=True):
        start, end = node.metadata["start"], node.metadata["end"]
        assert hit.article.text[start:end] == node.text and node.score == hit.score


def test_llama_index_gets_answers_with_quotes_as_sources(library: newscite.Library) -> None:
    engine = library.as_query_engine()
    for response in (engine.query(QUESTION), asyncio.run(engine.aquery(QUESTION))):
        assert "[1]" in str(response) and not response.metadata["abstained"]
        for node in response.source_nodes:
            article = library.article(node.metadata["article_id"])
            assert article is not None and node.score is not None
            assert article.text[node.metadata["start"] : node.metadata["end"]] == node.text


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_langchain_retrieves_in_a_chain(library: newscite.Library) -> None:
    from langchain_core.language_models import FakeListChatModel
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate
    from langchain_core.runnables import RunnablePassthrough

    retriever = library.as_langchain_retriever(limit=1, outlets=["中央社"])
    (found,) = retriever.invoke(QUESTION)
    assert found.metadata["outlet"] == "中央社" and found.metadata["score"]
    prompt = ChatPromptTemplate.from_template("{context}\n\n{question}")
    model = FakeListChatModel(responses=["為了節省開支。"])
    context = retriever | (lambda documents: documents[0].page_content)
    chain = {"context": context, "question": RunnablePassthrough()} | prompt | model
    assert (chain | StrOutputParser()).invoke(QUESTION) == "為了節省開支。"
    (again,) = asyncio.run(retriever.ainvoke(QUESTION))
    assert again.id == found.id


def test_haystack_retrieves_in_a_pipeline(library: newscite.Library) -> None:
    from haystack import Pipeline
    from haystack.components.builders import PromptBuilder

    pipeline = Pipeline()
    pipeline.add_component("retriever", library.as_haystack_retriever(limit=3, languages=["en"]))
    template = "{% for d in documents %}{{ d.content }} ({{ d.meta.outlet }}){% endfor %}"
    pipeline.add_component("prompt", PromptBuilder(template=template))
    pipeline.connect("retriever.documents", "prompt.documents")
    result = pipeline.run({"retriever": {"query": "trade office", "top_k": 1}})
    assert result["prompt"]["prompt"].endswith("saves money. (Reuters)")


def test_a_wrong_filter_is_refused_when_the_part_is_made(library: newscite.Library) -> None:
    for make in (library.as_retriever, library.as_query_engine, library.as_langchain_retriever):
        with pytest.raises(InputError, match="There is no filter 'outlet'"):
            make(outlet=["typo"])
