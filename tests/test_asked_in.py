"""The script of a question whose characters belong to both."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.config import Settings
from index.library import Library
from index.records import Article
from rag.question.asked_in import asked_in
from tests.toy import ToyEmbedder

HANT = "高雄港第七貨櫃中心擴建案周二通過環評，總經費為三百八十億元。"
HANS = "阿拉木图与霍尔果斯之间的货运铁路将于六月三日重新开通。"
BOTH = "中日何日建交?"


@pytest.fixture
def library(tmp_path: Path) -> Iterator[Library]:
    with Library.open(tmp_path, Settings(), ToyEmbedder()) as library:
        library.add_articles(
            [Article(HANT), Article(HANT + "二"), Article(HANS), Article("The line will reopen.")]
        )
        yield library


def test_most_of_the_library_decides(library: Library) -> None:
    assert asked_in(BOTH, library) == "zh-Hant"
    library.add_articles([Article(f"{HANS}{n}") for n in range(4)])
    assert asked_in(BOTH, library) == "zh-Hans"


@pytest.mark.parametrize(
    ("question", "language"),
    [("高雄港何時擴建?", "zh-Hant"), ("铁路何时开通?", "zh-Hans"), ("When will it reopen?", "en"), (BOTH, "zh-Hant"), ("中美元首何日在北京?", "zh-Hant")],
)  # fmt: skip
def test_a_question_whose_language_is_clear_is_believed(
    library: Library, question: str, language: str
) -> None:
    assert asked_in(question, library) == language


def test_the_conversation_comes_before_the_library(library: Library) -> None:
    assert asked_in(BOTH, library, [("铁路何时开通?", "六月三日。")]) == "zh-Hans"
    assert (
        asked_in(BOTH, library, [("中日?", "铁路将于六月开通。"), ("When?", "In June.")])
        == "zh-Hans"
    )
    assert asked_in(BOTH, library, [("铁路何时开通?", "x"), ("高雄港何時擴建?", "x")]) == "zh-Hant"


def test_without_chinese_articles_the_usual_script(tmp_path: Path) -> None:
    with Library.open(tmp_path, Settings(), ToyEmbedder()) as empty:
        assert asked_in(BOTH, empty) == "zh-Hans"
