"""Denials and opposites: what turns a sentence round, and what only looks like it."""

from __future__ import annotations

import pytest

from rag.check.contraries import contraries
from rag.check.opposites import axes, denial_added, denial_turned, denies, may_deny, turned


@pytest.mark.parametrize(
    "text",
    [
        "Moscow will not close it.",
        "He can't come.",
        "Nobody came.",
        "俄方没有回应。",
        "俄方並未回應。",
    ],
)
def test_denials_are_seen(text: str) -> None:
    assert denies(text) and may_deny(text)


@pytest.mark.parametrize(
    "text",
    ["Moscow closed it.", "The note was notable.", "不仅如此,价格不断上涨。", "无人机坠毁。"],
)
def test_words_that_only_contain_a_denial_are_none(text: str) -> None:
    assert not denies(text)


def test_claim_that_denies_more_than_its_source() -> None:
    assert denial_added("Russia does not need workers.", "Russia needs workers.")
    assert not denial_added("Russia needs workers.", "Russia does not need workers.")
    assert not denial_added("Russia does not need workers.", "Russia hardly needs workers.")


def test_denial_that_moved_to_another_word() -> None:
    assert denial_turned("They did not sign the treaty.", "They signed the treaty.")
    assert not denial_turned("They signed the treaty.", "They signed the treaty.")


@pytest.mark.parametrize(
    ("claim", "source", "axis"),
    [
        ("Prices rose.", "Prices fell.", "amount"),
        ("价格上涨。", "價格下跌。", "amount"),
        ("He supports the law.", "He opposes the law.", "stance"),
        ("Prices rose.", "价格下跌。", "amount"),
        ("They live north of the river.", "They live south of the river.", "latitude"),
        ("The east coast was hit.", "The west coast was hit.", "longitude"),
        ("An anti-war march.", "A pro-war march.", "stance"),
        ("哈薩克是第1個宣佈獨立的。", "哈萨克斯坦最后一个宣布独立。", "rank"),
        ("Kazakhstan was the first to declare independence.", "哈薩克最後一個宣布獨立。", "rank"),
    ],
)
def test_opposite_sides(claim: str, source: str, axis: str) -> None:
    assert axis in turned(claim, source)
    assert turned(source, source) == ()


def test_words_that_only_contain_a_side_take_none() -> None:
    assert turned("It closed after 31 years.", "布林肯前腳剛走,關閉已經存續了31年。") == ()
    assert turned("It closed after the war.", "它在戰爭前關閉。") == ("time",)


def test_a_name_with_a_point_of_the_compass_takes_no_side() -> None:
    assert axes("North Korea, South Africa, Northern Ireland, Westminster, Easter") == {}


def test_text_that_names_both_sides_takes_none() -> None:
    assert axes("Prices rose, then fell.")["amount"] == 0
    assert axes("Prices rose.")["amount"] == 1
    assert turned("Prices rose.", "Prices rose, then fell.") == ()


def test_the_words_of_a_pair_are_signs_of_its_sides() -> None:
    assert axes("Prices rose.") == {"amount": 1}
    assert axes("最高法院") == {}  # 最高/最低 is a pair, but a court is no highest of anything
    assert "time" not in axes("до 40 процентов")  # "until", of a loose pair, is mostly another word


@pytest.mark.parametrize(
    ("text", "language", "contrary"),
    [
        ("Prices rose.", "en", "Prices fell."),
        ("價格上漲。", "zh-Hant", "價格下跌。"),
        ("Цены выросли после войны.", "ru", "Цены упали после войны."),
    ],
)
def test_a_contrary_has_one_word_turned_round(text: str, language: str, contrary: str) -> None:
    assert contrary in contraries(text, language, "")
