"""Chinese names in Pinyin: found in articles of the other script, and no other words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from index.config import Settings
from index.languages.pinyin import Spelling, in_characters, in_pinyin, surname
from index.languages.terms import terms
from index.languages.text import fold
from index.library import Library
from index.records import Article
from rag.retrieve.retriever import Retriever


def spells(spelling: Spelling, text: str, language: str) -> bool:
    found = bool(spelling.find(text, fold(text)))
    assert not found or spelling.terms & set(terms(text, language)), "it can be searched for"
    return found


@pytest.mark.parametrize(
    ("latin", "chinese"),
    [
        ("Xi Jinping", "習近平"),
        ("Xu Bo", "徐博"),
        ("Zou Songyang", "鄒松洋"),
        ("Songyang Zou", "鄒松洋"),
        ("Wang Yi", "王毅"),
        ("Lyu Wei", "呂偉"),
        ("Li Xi'an", "李希安"),
        ("Zeng Peiyan", "曾培炎"),
        ("Ouyang Xiu", "歐陽修"),
    ],
)
def test_name_meets_its_other_spelling(latin: str, chinese: str) -> None:
    assert any(
        spells(s, f"專家{chinese}認為", "zh-Hant") for s in in_pinyin(f"Did {latin} say so?")
    )
    found = in_characters(f"{chinese}為何這樣說?")
    assert any(spells(s, f"But {latin} said so.", "en") for s in found)


@pytest.mark.parametrize(
    "question", ["Why did Vladimir Putin visit North Korea?", "What did Taras Kuzio say?", "Who?"]
)
def test_other_names_are_not_pinyin(question: str) -> None:
    assert in_pinyin(question) == []


@pytest.mark.parametrize(
    ("latin", "chinese"),
    [("Zhuozhou", "涿州"), ("Shoupakou", "手帕口"), ("Xinhua", "新華"), ("Xi'an", "西安")],
)
def test_a_place_or_firm_meets_its_characters(latin: str, chinese: str) -> None:
    for question in (f"What happened in {latin} last week?", f"What is {latin}'s output?"):
        found = in_pinyin(question)
        assert any(spells(one, f"記者在{chinese}報道", "zh-Hant") for one in found)


def test_of_names_that_sound_alike_that_of_the_kind_of_place_is_taken(
    open_library: Callable[..., Library],
) -> None:
    library = open_library()
    library.add_articles(
        Article(text, language="zh-Hans", file=str(n))
        for n, text in enumerate(
            ("担保行为有效。", "担保行业增长。", "大熊猫在宝兴县首次被科学发现。")
        )
    )
    retriever = Retriever(library, Settings())
    county = retriever.search("Who first discovered the panda in Baoxing County?")
    assert [name.forms for name in county.spelled] == [("宝兴",)]


def test_a_persons_name_is_no_city(open_library: Callable[..., Library]) -> None:
    library = open_library()
    library.add_articles([Article("陈吉宁会见了嘉里控股董事长。", language="zh-Hans", file="1")])
    hits = Retriever(library, Settings()).search("Whom did Chen Jining meet?")
    assert [name.forms for name in hits.spelled] == [("陈吉宁",)]
    assert not any("济宁" in searched for searched in hits.searched)


@pytest.mark.parametrize(
    "question", ["Why is Hala Lake low?", "Women of the year?", "Is it the Game?", "Can we?"]
)
def test_english_words_are_no_pinyin(question: str) -> None:
    texts = ["拉克", "我們", "噶麼"]
    found = [one for one in in_pinyin(question) if one.text != "Hala"]
    assert not any(one.find(text, fold(text)) for one in found for text in texts)


@pytest.mark.parametrize("text", ["He can song so long.", "Zou was there, and Songyang too."])
def test_syllables_apart_are_no_name(text: str) -> None:
    assert not any(spells(s, text, "en") for s in in_characters("何燦松說鄒松洋在哪裡?"))


def test_a_surname_is_recognised_in_pinyin_only() -> None:
    assert surname("Xi Jinping") == "Xi"
    assert surname("Vladimir Putin") == surname("Xi") == ""


def chinese_and_english(open_library: Callable[..., Library]) -> Retriever:
    library = open_library()
    library.add_articles(
        Article(text, language=language, file=file, author=author)
        for file, language, text, author in (
            ("hant", "zh-Hant", "學者指出兩國合作受三個層次的因素影響。", "鄒松洋"),
            ("hans", "zh-Hans", "专家徐博认为高度重视合作是方向。", ""),
            ("en", "en", "The scholar Xu Bo says that cooperation has three levels.", ""),
            ("other", "zh-Hant", "其他學者並不同意這種看法,理由很多。", ""),
        )
    )
    return Retriever(library, Settings())


@pytest.mark.parametrize(
    ("question", "file", "name"),
    [
        ("What does Xu Bo think?", "hans", "Xu Bo"),
        ("What does Zou Songyang think?", "hant", "Zou Songyang"),
        ("徐博怎么看?", "en", "徐博"),
    ],
)
def test_name_is_found_in_the_other_script(
    open_library: Callable[..., Library], question: str, file: str, name: str
) -> None:
    hits = chinese_and_english(open_library).search(question)
    named = {hit.article.file: hit.reasons["names"] for hit in hits}
    assert name in named[file]
    assert name not in named["other"]


def test_words_that_look_like_names_are_not_reported(
    open_library: Callable[..., Library],
) -> None:
    hits = chinese_and_english(open_library).search("高度重視什麼方向?")
    assert hits.searched == ("高度重視什麼方向?",)


def test_a_question_of_nothing_but_names_is_looked_through_for_a_few() -> None:
    assert 0 < len(in_pinyin("What of " + ", ".join(["Shijiyi"] * 400) + "?")) < 100
