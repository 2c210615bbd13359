"""Splitting: nothing lost, offsets exact, passages full, breaks where a reader would break."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.config import SplitSettings
from index.embed.passages import passage_language, printed_width, split_article
from index.languages.text import seen, sentences
from index.records import Article, Passage

LANGUAGES = ("zh-Hant", "zh-Hans", "en", "ru", "und", "ja")
NEWSLIKE = st.text(
    st.one_of(
        st.sampled_from("哈薩克關閉駐俄貿易代表處。,!?「」『』；：、…—\n\n  .\"'()"),
        st.sampled_from("Kazakhstan closes 2,500.00 offices. Mr. A\t\r\u3000"),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=600,
)


def split(text: str, language: str = "zh-Hant", width: int = 60, overlap: int = 0) -> list[Passage]:
    settings = SplitSettings(passage_width=width, overlap_sentences=overlap)
    return split_article(Article(text, language=language), "a1", settings)


@given(NEWSLIKE, st.sampled_from(LANGUAGES), st.integers(40, 120), st.integers(0, 2))
def test_every_visible_character_is_in_a_passage_with_exact_offsets(
    text: str, language: str, width: int, overlap: int
) -> None:
    covered = [False] * len(text)
    for passage in split(text, language, width, overlap):
        assert text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip()
        assert passage.sentences[0].start == passage.start
        assert passage.sentences[-1].end == passage.end
        for sentence in passage.sentences:
            assert passage.start <= sentence.start < sentence.end <= passage.end
            covered[sentence.start : sentence.end] = [True] * (sentence.end - sentence.start)
    missed = [c for c, inside in zip(text, covered, strict=True) if not inside and seen(c).strip()]
    assert not missed


@given(NEWSLIKE, st.sampled_from(LANGUAGES), st.integers(40, 120))
def test_passages_are_no_wider_than_asked_and_in_order(
    text: str, language: str, width: int
) -> None:
    passages = split(text, language, width)
    for passage in passages:
        assert sum(printed_width(text[s.start : s.end]) for s in passage.sentences) <= width
    for before, after in pairwise(passages):
        assert before.end <= after.start


def test_white_space_gives_nothing() -> None:
    assert split(" \n\u3000\n") == []


def test_sentences_stay_whole() -> None:
    text = "".join(f"這是第{n}個句子,說的是同一件事情。" for n in "一二三四五六七八九十")
    passages = split(text)
    assert len(passages) > 2
    assert all(passage.text.endswith("。") for passage in passages)


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("即將供應蘋果和人蔘。2024年8月初,俄方運送了山羊。", 2),
        ("他說「不會!」3人離開。COP29在巴庫舉行。", 2),
        ("油價是3.5美元,比例為20.5%。", 1),
        ("It rose 3.5% in 2022. 5 people left.", 2),
    ],
)
def test_a_sentence_ends_at_its_full_stop_whatever_follows(text: str, count: int) -> None:
    assert len(sentences(text, "zh-Hant" if "。" in text else "en")) == count


def test_breaks_prefer_paragraph_ends() -> None:
    one, two = "第一段的句子寫在這裡。" * 4, "第二段的句子寫在這裡。" * 4
    assert [p.text for p in split(f"{one}\n{two}")] == [one, two]


def test_a_heading_goes_with_the_text_that_follows() -> None:
    before, after = "前一段的句子寫在這裡。" * 4, "後一段的句子寫在這裡。" * 4
    passages = split(f"{before}\n為何關閉代表處\n{after}")
    assert [p.text for p in passages] == [before, f"為何關閉代表處\n{after}"]


def test_a_long_sentence_is_cut_at_clauses() -> None:
    text = "哈薩克政府宣布關閉駐俄羅斯貿易代表處," * 8
    passages = split(text)
    assert len(passages) > 1
    assert all(passage.text.endswith(",") for passage in passages)


def test_a_sentence_without_any_break_is_cut_hard() -> None:
    passages = split("哈" * 500)
    assert "".join(passage.text for passage in passages) == "哈" * 500
    assert max(len(passage.text) for passage in passages) == 60


def test_the_last_passage_is_not_a_stub() -> None:
    text = "這個句子剛好有十二個字喔。" * 5  # 65 wide: 4 + 1 sentences if filled greedily
    assert sorted(len(p.sentences) for p in split(text)) == [2, 3]


def test_overlap_repeats_the_sentence_before() -> None:
    text = "".join(f"這是第{n}個句子,說的是同一件事情。" for n in "一二三四五六七八九十")
    passages = split(text, overlap=1)
    for before, after in pairwise(passages):
        assert after.sentences[0] == before.sentences[-1]


def test_languages_are_not_mixed_in_a_passage() -> None:
    chinese, english = "官方表示此舉是為了節省開支。", "Officials say that it saves money."
    passages = split(f"{chinese}\n{english}\n{chinese}")
    assert [p.text for p in passages] == [chinese, english, chinese]
    assert [p.language for p in passages] == ["zh-Hant", "en", "zh-Hant"]


@pytest.mark.parametrize(
    ("text", "article", "language"),
    [
        ("Temur Umarov", "zh-Hant", "en"),
        ("250", "zh-Hant", "zh-Hant"),
        (
            "中国与乌兹别克斯坦签署铁路协议,项目将于明年开工,双方没有公布造价。",
            "zh-Hant",
            "zh-Hans",
        ),
        ("官方說", "zh-Hans", "zh-Hans"),
        ("Он сказал, что решение принято.", "en", "ru"),
    ],
)
def test_passage_language(text: str, article: str, language: str) -> None:
    assert passage_language(text, article) == language
