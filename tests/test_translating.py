"""A question in other languages: what counts as its translation."""

from __future__ import annotations

import pytest

from index.languages.names import known_names
from rag.llm.translating import LONGEST, translations
from tests.test_answer import Parrot

QUESTION = "Why did Kazakhstan close its trade office?"
CHINESE = "哈萨克斯坦为什么关闭其贸易代表处?"
TABLES = (known_names(frozenset(("en", "zh"))),)


def test_its_own_language_is_not_asked_for() -> None:
    parrot = Parrot(replies=[CHINESE])
    assert translations(QUESTION, ["en", "zh-Hant", "zh-Hans"], TABLES, parrot) == [CHINESE]
    assert len(parrot.prompts) == 1


def test_names_are_translated_before_the_llm_reads() -> None:
    parrot = Parrot(replies=[CHINESE])
    translations(QUESTION, ["zh"], TABLES, parrot)
    assert "Why did 哈萨克斯坦 close its trade office?" in parrot.prompts[0]
    assert QUESTION not in parrot.prompts[0]


@pytest.mark.parametrize(
    "reply",
    [
        " ",
        "Because of the war.",  # an answer, and not in Chinese
        f"{CHINESE}\n因为它想独立。",  # more than the question
        CHINESE * (LONGEST + 2) * 3,
    ],
)
def test_what_is_no_translation_is_left_out(reply: str) -> None:
    assert translations(QUESTION, ["zh"], TABLES, Parrot(replies=[reply])) == []
