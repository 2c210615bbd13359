"""What a question asks for by its form, and which sentences have it."""

from __future__ import annotations

import pytest

from index.languages.answer_forms import announces_reasons, asked_forms, asks_alike, gives_reason


@pytest.mark.parametrize(
    ("question", "forms"),
    [
        ("為什麼哈薩克關閉駐俄貿易代表處?", {"reason"}),
        ("哈萨克斯坦关闭贸易代表处的原因是什么?", {"reason"}),
        ("Why did Kazakhstan close its trade office?", {"reason"}),
        ("How many goats were shipped, and when?", {"number", "time"}),
        ("俄羅斯目前的勞動力缺口有多大?", {"number", "latest"}),
        ("美国哪一天扩大了制裁?", {"time"}),
        ("Почему Казахстан закрыл представительство?", {"reason"}),
        ("What is the latest death toll?", {"latest"}),
        ("北部洪水最新死亡人數是多少?", {"latest", "number"}),
        ("Who is Erlan Karin?", {"person"}),
        ("台风28日在哪里登陆?", {"place"}),
        ("В какой стране упал самолёт?", {"place"}),
        ("这篇论文在哪一年发表?", {"time"}),
        ("吐魯番後來改名為什麼?", set()),  # what, not why
        ("这一行业在韩国被称为什么?", set()),
        ("這家公司改組後為什麼虧損?", {"reason"}),
    ],
)
def test_forms_are_recognised_in_every_language(question: str, forms: set[str]) -> None:
    assert asked_forms(question) == forms


@pytest.mark.parametrize(
    ("question", "other", "alike"),
    [
        ("Where did the typhoon make landfall?", "台风在哪里登陆?", True),
        ("Where did the typhoon make landfall?", "台风什么时候登陆?", False),
        ("How many days later did it begin?", "为什么它开始得晚?", False),
        ("What was the name of the player who scored?", "得分的球员是谁?", True),
        ("Who won?", "获胜的球队叫什么名字?", True),
        ("When did it open, and where?", "它何时开放?", True),
    ],
)
def test_a_translation_asks_for_what_the_question_asks_for(
    question: str, other: str, alike: bool
) -> None:
    assert asks_alike(question, other) is alike


def test_what_gives_a_reason_and_what_only_says_that_it_happened() -> None:
    question = "Why did Kazakhstan close its trade office in Russia?"
    assert announces_reasons(question, "而哈國之所以這樣做,主要還是出于這三個原因:")
    assert gives_reason(question, "因為成本。")
    assert not announces_reasons(question, "因為成本。")
    assert not gives_reason(question, "哈薩克宣布關閉駐俄貿易代表處。")


def test_where_no_reason_is_asked_for_none_counts() -> None:
    assert not gives_reason("Who is Erlan Karin?", "Because of 12 reasons in 2022.")
    assert not announces_reasons("Who is Erlan Karin?", "For these three reasons:")
