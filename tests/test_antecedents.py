"""Excerpts that refer back are shown with what they refer to."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import pytest

from index.config import Settings
from index.embed.sentence_vectors import Vectors
from index.library import Library
from index.records import Article
from rag.evidence.candidates import gather
from rag.evidence.context import with_antecedents
from rag.results.sources import Excerpt, Source
from rag.retrieve.retriever import Retriever
from tests.toy import ToyEmbedder

TEXTS = {
    "zh-Hant": "哈薩克的石油經俄羅斯管線輸出。為避免管線遭關閉,哈薩克改由亞塞拜然輸出石油。"
    "對此,俄羅斯沒有回應石油的事。此外,哈薩克的石油產量上升。",
    "en": "Japarov leads Kyrgyzstan and buys oil. He said Russia was distracted by oil prices. "
    "To counter that, oil is bought elsewhere. Oil exports rose in March.",
}


@pytest.fixture(params=sorted(TEXTS))
def sources(
    request: pytest.FixtureRequest, open_library: Callable[..., Library], embedder: ToyEmbedder
) -> list[Source]:
    """The sentences of one passage, in their order."""
    language = request.param
    library = open_library()
    library.add_articles([Article(TEXTS[language], "", language=language, file="a.txt")])
    question = {"zh-Hant": "石油", "en": "oil"}[language]
    hits = Retriever(library, Settings()).search(question)
    found = gather(hits, Vectors(embedder), None)
    assert len(found) == 4
    return found


def picked(sources: list[Source], *places: int) -> list[list[int]]:
    """What becomes of single sentences, as places in the passage."""
    excerpts = [Excerpt(n, (sources[at],)) for n, at in enumerate(places, 1)]
    led = with_antecedents(excerpts, sources)
    assert [excerpt.number for excerpt in led] == list(range(1, len(led) + 1))
    return [[sources.index(source) for source in excerpt.sources] for excerpt in led]


def test_what_refers_back_is_led_by_the_sentence_before(sources: list[Source]) -> None:
    assert picked(sources, 2) == [[1, 2]]


def test_what_stands_by_itself_stays_so(sources: list[Source]) -> None:
    assert picked(sources, 0) == [[0]]
    assert picked(sources, 3) == [[3]]


def test_no_sentence_is_shown_twice(sources: list[Source]) -> None:
    assert picked(sources, 3, 2) == [[3], [1, 2]]
    assert sorted(chain.from_iterable(picked(sources, 0, 2, 1))) == [0, 1, 2]
    shown = picked(sources, 2, 3, 1)
    assert shown[0][-2:] == [1, 2] and shown[1:] == [[3]]
