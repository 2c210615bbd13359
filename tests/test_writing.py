"""What a small LLM is asked to write, and the language it is held to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from llama_index.core.base.llms.types import ChatMessage, ChatResponse
from pydantic import PrivateAttr

from index.languages.answer_forms import asks_openly
from index.languages.names import known_names
from rag.draft.sentences import is_mixed
from rag.draft.writing import open_writing
from rag.evidence.found import Found
from rag.llm.grammar import reply_grammar
from rag.llm.llama_cpp import LlamaCpp
from rag.llm.streaming import stream
from rag.results.hits import Hits
from rag.results.sources import Excerpt, Signals, Source
from tests.samples import article, hit

AGREED = "雙方同意將兩國關係提升至戰略夥伴關係,並允許在哈薩克生產土耳其的無人機。"


class Recorder(LlamaCpp):
    """Notes what it is asked, and replies with one text."""

    _asked: list[dict[str, Any]] = PrivateAttr(default_factory=list)

    def _stream(self, request: dict[str, Any]) -> Iterator[ChatResponse]:
        self._asked.append(request)
        yield ChatResponse(message=ChatMessage(content="The two agreed."), delta="The two agreed.")


def excerpt(text: str, language: str) -> Excerpt:
    found = hit(article(text, "a", language=language), text)
    vector = np.ones(1, np.float32)
    return Excerpt(1, (Source(found, found.best_sentence, text, language, vector, Signals(), 0.0),))


def asked(question: str, language: str, told: Excerpt) -> Mapping[str, Any]:
    """What the LLM is asked for its first draft."""
    llm = Recorder(path=Path("model.gguf"))
    found = Found(Hits(question, ()), told.sources, [told], 0.9)
    writing = open_writing(llm, question, language, found, [known_names()], 0)
    assert "".join(writing.pieces()) == writing.draft
    (request,) = llm._asked
    return request


def test_what_was_agreed_is_translated_whole() -> None:
    told = excerpt(AGREED, "zh-Hant")
    request = asked("What did Kazakhstan and Turkey agree?", "en", told)
    prompt = request["messages"][-1]["content"]
    assert prompt.startswith("Translate into English")
    assert "Kazakhstan" in prompt  # its name already carried over
    assert request["grammar"] == reply_grammar("en")


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("How many drones will be made in Kazakhstan?", "en"),  # takes a word of the sentence
        ("雙方同意了什麼?", "zh-Hant"),  # in its own language
    ],
)
def test_other_questions_are_answered_from_the_excerpts(question: str, language: str) -> None:
    prompt = asked(question, language, excerpt(AGREED, "zh-Hant"))["messages"][-1]["content"]
    assert question in prompt
    assert "<excerpts>" in prompt


@pytest.mark.parametrize(
    ("question", "openly"),
    [
        ("What did Peskov say about North Korea?", True),
        ("What happened to sugar prices when Russia suspended its exports?", True),
        ("習近平在2022年9月對哈薩克作出了什麼承諾?", True),
        ("北京如何在與中亞的貿易上勝過莫斯科?", True),
        ("When did the exchange stop trading in dollars?", False),
        ("How long is the border?", False),
        ("Who is Erlan Karin?", False),
        ("Why did Kazakhstan close its trade office?", True),
        ("中俄签署的协议有多少字?", False),
        ("欧盟什么时候批准了制裁?", False),
        ("馬鐵木是什麼機構的研究員?", False),
    ],
)
def test_open_questions_ask_for_more_than_a_name_or_a_number(question: str, openly: bool) -> None:
    assert asks_openly(question) is openly


@pytest.mark.slow
@pytest.mark.parametrize(
    ("language", "request_"),
    [
        ("en", "把這句話照抄一遍,不要翻譯:侍建宇認為外部勢力介入。"),
        ("zh-Hant", "Copy this sentence, do not translate it: The foreign minister said no."),
    ],
)
def test_the_offline_llm_keeps_to_the_language(
    offline_llm: LlamaCpp, language: str, request_: str
) -> None:
    messages = [ChatMessage(content=request_)]
    grammar = reply_grammar(language)
    free = "".join(stream(offline_llm, messages, max_tokens=24))
    held = "".join(stream(offline_llm, messages, max_tokens=24, grammar=grammar))
    assert is_mixed(free, language, "")  # else this test tests nothing
    assert held.strip()
    assert not is_mixed(held, language, "")
