"""How probable an answer is: what the reader found, and what the LLM says of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from index.config import Settings
from index.languages.text import detect, primary
from index.library import Library
from rag.evidence.belief import belief, doubted
from rag.evidence.candidates import gather
from rag.evidence.reader import Reading, Text
from rag.results.odds import log_odds, probability
from rag.results.sources import Source
from rag.retrieve.retriever import Retriever


class ReadsChinese:
    """A reader that finds answers to Chinese questions alone."""

    def answers(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        found = 6.0 if detect(question).startswith("zh") else -6.0
        return [Reading((found,) * len(text.sentences)) for text in texts]


@pytest.fixture
def sources(library: Library) -> list[Source]:
    retriever = Retriever(library, Settings())
    return list(gather(retriever.search("哈薩克政府宣布了什麼?"), retriever.vectors, None))


def test_the_best_sentence_decides(sources: list[Source]) -> None:
    weak = [replace(source, relevance=-3.0) for source in sources]
    strong = [*weak[:-1], replace(weak[-1], relevance=6.0)]
    assert belief(strong, 0.5, is_read=True) > 0.5 > belief(weak, 0.5, is_read=True)
    assert belief(strong, 0.1, is_read=True) == belief(strong, 0.9, is_read=True)


def test_a_sentence_that_tells_of_others_is_believed_less(sources: list[Source]) -> None:
    def believed(named: float) -> float:
        told = [replace(one, signals=replace(one.signals, named=named)) for one in sources]
        return belief([replace(one, relevance=4.0) for one in told], 0.5, is_read=True)

    assert believed(3.0) == believed(-1.0) > believed(-4.0)


def test_where_nothing_reads_the_search_decides(sources: list[Source]) -> None:
    assert belief(sources, 0.1, is_read=False) == 0.1
    assert belief([], 0.9, is_read=True) == 0.9


def test_an_llm_that_doubts_its_answer_lowers_the_belief() -> None:
    assert doubted(0.6, 0.1) < 0.6 < doubted(0.6, 0.95)
    assert doubted(0.6, None) == 0.6


def test_certain_probabilities_have_finite_log_odds() -> None:
    assert log_odds(0.5) == 0
    assert log_odds(0.0) == pytest.approx(-log_odds(1.0))
    assert probability(log_odds(0.3)) == pytest.approx(0.3, abs=1e-3)
    assert probability(-1e6) == 0 and probability(1e6) == 1


def test_passages_are_read_with_the_question_as_their_language_puts_it(library: Library) -> None:
    retriever = Retriever(library, Settings())
    hits = retriever.search("What did the government announce?", translations=["政府宣布了什麼?"])
    found = gather(hits, retriever.vectors, ReadsChinese())
    answers = {primary(source.language): source.signals.answers for source in found}
    assert answers["zh"] > answers["en"] == -6.0
