"""Which excerpts an answer is written from, given what an LLM says of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from index.config import Settings
from index.embed.sentence_vectors import Vectors
from index.library import Library
from rag.evidence.candidates import candidates, gather, is_heading
from rag.evidence.judge import answerability, judge, picked
from rag.results.sources import Excerpt
from rag.retrieve.retriever import Retriever
from tests.toy import ToyEmbedder

TEXT = (
    "哈薩克關閉貿易代表處\n"
    "哈薩克宣布關閉駐俄羅斯的貿易代表處。消息來得突然。\n"
    "而哈薩克之所以這樣做,主要出於三個原因:\n"
    "首先,希望提高國家的自主權。\n"
    "其次,想減輕對俄羅斯能源的依賴。\n"
    "俄羅斯方面沒有回應這個決定。\n"
)
QUESTION = "為什麼哈薩克關閉駐俄羅斯的貿易代表處?"


class Oracle:
    """Says yes with a given probability to lines that hold given words."""

    def __init__(self, **says: float) -> None:
        self.says = says
        self.read: list[str] = []

    def yes_probability(self, messages: Any, yes: str, no: str) -> float:
        line = messages[-1].content.rpartition("Line: ")[2]
        self.read.append(line)
        return max((p for words, p in self.says.items() if words in line), default=0.02)


@pytest.fixture
def excerpts(
    open_library: Callable[..., Library], embedder: ToyEmbedder
) -> Callable[[int], list[Excerpt]]:
    from index.records import Article

    library = open_library()
    library.add_articles([Article(TEXT, title="關閉", language="zh-Hant", file="a.txt")])
    hits = Retriever(library, Settings()).search(QUESTION)
    sources = gather(hits, Vectors(embedder))
    return lambda limit: candidates(sources, limit)


def test_a_list_is_read_with_what_announces_it(excerpts: Callable[[int], list[Excerpt]]) -> None:
    found = [excerpt.text for excerpt in excerpts(10)]
    (reasons,) = (text for text in found if "三個原因" in text)
    assert "自主權" in reasons
    assert "能源" in reasons
    assert "沒有回應" not in reasons


def test_what_has_the_reason_is_picked_before_what_only_names_the_event(
    excerpts: Callable[[int], list[Excerpt]],
) -> None:
    llm: Any = Oracle(宣布關閉=0.84, 三個原因=0.58)
    chosen = picked(list(judge(QUESTION, "zh-Hant", excerpts(10), (), llm)))
    assert "三個原因" in chosen[0].text
    assert not any("宣布關閉" in excerpt.text for excerpt in chosen)


def test_what_has_the_form_but_no_answer_is_not_picked(
    excerpts: Callable[[int], list[Excerpt]],
) -> None:
    llm: Any = Oracle(宣布關閉=0.9, 三個原因=0.05)
    chosen = picked(list(judge(QUESTION, "zh-Hant", excerpts(10), (), llm)))
    assert "宣布關閉" in chosen[0].text


def test_a_headline_counts_less_than_a_sentence(excerpts: Callable[[int], list[Excerpt]]) -> None:
    sources = [source for excerpt in excerpts(10) for source in excerpt.sources]
    assert [s.text for s in sources if is_heading(s)] == ["哈薩克關閉貿易代表處"]
    llm: Any = Oracle(哈薩克關閉貿易代表處=0.8, 宣布關閉=0.75)
    chosen = picked(list(judge("誰關閉了貿易代表處?", "zh-Hant", excerpts(10), (), llm)))
    assert "宣布關閉" in chosen[0].text


def test_belief_follows_the_best_excerpt_and_the_search(
    excerpts: Callable[[int], list[Excerpt]],
) -> None:
    least = Settings().answer.abstain_below
    sure: Any = Oracle(宣布關閉=0.6)
    unsure: Any = Oracle(宣布關閉=0.08)
    read, in_vain = (
        list(judge(QUESTION, "zh-Hant", excerpts(10), (), llm)) for llm in (sure, unsure)
    )
    assert answerability(read, 0.4) > least > answerability(in_vain, 0.4)
    assert answerability(read, 0.7) > answerability(read, 0.4)
    assert answerability((), 0.7) > least > answerability((), 0.05)
    assert answerability((), 0) < 0.05


def test_the_question_comes_before_the_line_so_that_prompts_share_it(
    excerpts: Callable[[int], list[Excerpt]],
) -> None:
    from rag.llm.prompts import judge_messages

    prompts = [
        judge_messages(QUESTION, excerpt.hit.article.title, excerpt.text)[-1].content or ""
        for excerpt in excerpts(4)
    ]
    assert len({prompt.partition("Line: ")[0] for prompt in prompts}) == 1


def test_a_sentence_that_goes_on_from_a_near_one_is_read_before_others(
    open_library: Callable[..., Library], embedder: ToyEmbedder
) -> None:
    from index.records import Article

    meant = "我們將堅決支持其獨立與主權。"
    text = f"習近平在2022年9月承諾保護哈薩克。{meant}氣溫在9月上升。"
    library = open_library()
    library.add_articles([Article(text, title="", language="zh-Hant", file="a.txt")])
    hits = Retriever(library, Settings()).search("習近平在2022年9月對哈薩克作出了什麼承諾?")
    read = [excerpt.text for excerpt in candidates(gather(hits, Vectors(embedder)), 2)]
    assert meant in read


def test_reading_goes_on_until_something_has_the_form_asked_for(
    excerpts: Callable[[int], list[Excerpt]],
) -> None:
    found = [excerpt for excerpt in excerpts(10) if not is_heading(excerpt.sources[0])]
    (reasons,) = (excerpt for excerpt in found if "三個原因" in excerpt.text)
    happened = next(excerpt for excerpt in found if "消息來得突然" in excerpt.text)
    order = [happened] * 7 + [reasons]
    oracle: Any = Oracle(消息來得突然=0.9, 三個原因=0.7)
    read = list(judge(QUESTION, "zh-Hant", order, (), oracle))
    assert read[-1].excerpt is reasons


def test_what_is_told_twice_is_read_once(
    open_library: Callable[..., Library], embedder: ToyEmbedder
) -> None:
    from index.records import Article

    text = f"{TEXT}哈薩克剛剛宣布關閉駐俄羅斯的貿易代表處。\n"
    library = open_library()
    library.add_articles([Article(text, title="關閉", language="zh-Hant", file="a.txt")])
    hits = Retriever(library, Settings()).search(QUESTION)
    read = [excerpt.text for excerpt in candidates(gather(hits, Vectors(embedder)), 10)]
    assert sum("宣布關閉駐俄羅斯的貿易代表處" in line for line in read) == 1
