"""Whether an excerpt is about the names and dates that a question asks for."""

from __future__ import annotations

import pytest

from index.languages.names import known_names
from rag.evidence.names_and_dates import Anchors, Pinned
from tests.samples import article, hit


def anchors(question: str, text: str, around: str = "") -> Anchors:
    whole = f"{text} {around}".strip()
    found = hit(article(whole, "a1", title="", published="2024-03-01"), whole)
    return Pinned(question, [known_names()]).anchors(found, text)


@pytest.mark.parametrize(
    ("question", "text", "around", "unnamed"),
    [
        ("吉尔吉斯斯坦为什么撤军?", "They are distracted by Ukraine.", "Kyrgyzstan said so.", 0),
        ("吉尔吉斯斯坦为什么撤军?", "哈薩克想提高國家的自主權。", "", 1),
        ("Why did Kazakhstan and Turkey agree?", "哈薩克與土耳其同意合作。", "", 0),
        ("Why did it close?", "哈薩克想提高國家的自主權。", "", 0),
    ],
)
def test_names_are_looked_for_in_every_language(
    question: str, text: str, around: str, unnamed: int
) -> None:
    assert anchors(question, text, around).unnamed == unnamed


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("On February 4, 2022, the two signed an agreement.", 1),
        ("2022年2月,雙方簽署協議。", 1),
        ("2024年6月19日,雙方簽署條約。", -1),
        ("The two signed an agreement.", 0),
    ],
)
def test_dates_are_held_against_those_asked_for(text: str, dated: int) -> None:
    question = "中俄在2022年2月4日签署的合作协议有多少字?"
    assert anchors(question, text).dated == dated
