"""Claims that the sources say sooner the other way round, as the real LLM reads them; and what it is asked."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from llama_index.core.llms import MockLLM
from pydantic import PrivateAttr

from index.languages.names import known_names
from index.languages.text import detect
from rag.check.likelier import Contrasting, Likelier
from rag.check.statements import Statement
from rag.llm.llama_cpp import LlamaCpp

IMPORTS = "中国第二季度从俄罗斯进口的煤炭增加了百分之十。"
VISIT = "俄罗斯总统普京周二访问了朝鲜,受到金正恩的欢迎。"
TALKS = "Армения не будет участвовать в учениях ОДКБ в Казахстане."


def said(text: str) -> Statement:
    return Statement(text, detect(text), np.zeros(1, np.float32))


@pytest.mark.llm
@pytest.mark.slow
@pytest.mark.parametrize(
    ("source", "claim", "reason"),
    [
        (IMPORTS, "China's coal imports from Russia increased by ten percent.", ""),
        (IMPORTS, "China's coal imports from Russia decreased by ten percent.", "opposites"),
        (IMPORTS, "Russia's coal imports from China increased by ten percent.", "swapped"),
        (VISIT, "Russia's president visited North Korea on Tuesday.", ""),
        (VISIT, "North Korea's president visited Russia on Tuesday.", "swapped"),
        (VISIT, "Президент России посетил Северную Корею во вторник.", ""),
        (VISIT, "Президент Северной Кореи посетил Россию во вторник.", "swapped"),
        (TALKS, "Armenia will not take part in the exercises in Kazakhstan.", ""),
        ("Armenia will take part in the exercises.", "亞美尼亞將不會參加演習。", "denial"),
        ("Armenia will take part in the exercises.", "亞美尼亞將參加演習。", ""),
    ],
)
def test_what_is_turned_round_is_less_likely_than_its_contrary(
    offline_llm: LlamaCpp, source: str, claim: str, reason: str
) -> None:
    found = Contrasting(lambda: offline_llm, [known_names()]).likelier(said(claim), [said(source)])
    assert (found.reason if found and found.odds < 0 else "") == reason


class Written(MockLLM):
    """An LLM that would go on in a given way, and keeps what it was asked."""

    _likely: dict[str, Mapping[str, float]] = PrivateAttr()
    _asked: list[str] = PrivateAttr(default_factory=list)

    def __init__(self, likely: dict[str, Mapping[str, float]]) -> None:
        super().__init__()
        self._likely = likely

    def next_tokens(self, messages: Sequence[Any]) -> Mapping[str, float]:
        begun = messages[-1].content if messages[-1].role.value == "assistant" else ""
        self._asked.append(begun)
        return self._likely.get(begun, {})


def likelier(llm: Written, claim: str, source: str) -> Likelier | None:
    return Contrasting(lambda: llm, [known_names()]).likelier(said(claim), [said(source)])


def test_the_odds_are_those_of_the_words_in_which_claim_and_contrary_part() -> None:
    llm = Written({"The price": {" fell": 0.6, " f": 0.1, " rose": 0.1, " was": 0.2}})
    found = likelier(llm, "The price rose.", "价格下跌了。")
    assert found is not None and found.reason == "opposites"
    assert found.odds == pytest.approx(math.log(0.1 / 0.7)) and found.word == "rose"
    found = likelier(llm, "The price fell.", "价格下跌了。")
    assert found is None  # the source takes its side


def test_a_claim_is_upheld_only_where_what_seems_turned_round_was_asked_about() -> None:
    llm = Written({"The price": {" fell": 0.1, " rose": 0.6}})
    found = likelier(llm, "The price rose.", "价格下跌了。")
    assert found is not None and found.odds > 0
    assert found.upholds(frozenset(("opposites",)))
    assert not found.upholds(frozenset(("opposites", "swapped")))


def test_words_that_begin_alike_are_told_apart_where_they_part() -> None:
    llm = Written({"最": {"低": 0.8, "高": 0.1}})
    found = likelier(llm, "最高的是它。", "It is the lowest.")
    assert found is not None and found.odds == pytest.approx(math.log(0.1 / 0.8))


def test_names_that_change_places_are_asked_about_in_both_places() -> None:
    llm = Written(
        {
            "": {"Japan": 0.1, "Russia": 0.4},
            "Japan attacked": {" Russia": 0.2},
            "Russia attacked": {" Japan": 0.8},
        }
    )
    found = likelier(llm, "Japan attacked Russia.", "俄罗斯袭击了日本。")
    assert found is not None and found.reason == "swapped"
    assert found.odds == pytest.approx(math.log(0.1 / 0.4) + math.log(0.2 / 0.8))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The price rose.", "On Friday the price rose."),
        ("Japan and Russia signed a treaty.", "俄罗斯和日本签署了条约。"),
        ("The weather was fine.", "天气晴朗。"),
        ("The price rose. " * 70, "价格下跌了。"),
    ],
    ids=["verbatim", "a list", "nothing to turn round", "too long"],
)
def test_an_llm_is_not_asked_where_there_is_nothing_to_ask(claim: str, source: str) -> None:
    llm = Written({})
    assert likelier(llm, claim, source) is None
    assert llm._asked == []
