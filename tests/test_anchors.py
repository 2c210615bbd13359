"""Whether an excerpt is about the names and dates that a question asks for."""

from __future__ import annotations

import numpy as np
import pytest

from index.languages.names import known_names
from rag.evidence.judge import Judged, picked
from rag.evidence.names_and_dates import anchors
from rag.results.sources import Excerpt, Source
from tests.samples import article, hit


def excerpt(text: str, around: str = "", number: int = 1) -> Excerpt:
    whole = f"{text} {around}".strip()
    found = hit(article(whole, f"a{number}", title="", published="2024-03-01"), text)
    vector = np.ones(1, np.float32)
    return Excerpt(number, (Source(found, found.best_sentence, text, "en", vector, 1.0, 0.0),))


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
    assert anchors(question, excerpt(text, around), [known_names()]).unnamed == unnamed


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
    assert anchors(question, excerpt(text), [known_names()]).dated == dated


def test_a_reason_of_somebody_else_is_not_picked_for_having_one() -> None:
    question = "吉尔吉斯斯坦为什么说俄罗斯没有处理边境冲突?"
    said = excerpt("“Of course, they are distracted.”", "Kyrgyzstan's president on Russia.")
    reason = excerpt("因為哈薩克想提高國家的自主權,所以疏遠俄羅斯。", number=2)
    known = [known_names()]
    read = [
        Judged(said, 0.40, False, anchors(question, said, known)),
        Judged(reason, 0.38, True, anchors(question, reason, known)),
    ]
    assert picked(read)[0].sources == said.sources
