"""Whether an excerpt is about the names and dates that a question asks for."""

from __future__ import annotations

import pytest

from index.languages.names import known_names
from index.records import Article
from rag.evidence.candidates import read
from rag.evidence.names_and_dates import Anchors, Pinned, held
from rag.evidence.opening import own_reader
from rag.evidence.reader import Text
from rag.results.hits import Hits
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


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Why did it close in September 2022?", "September 2022"),
        ("習近平在2022年9月承諾了什麼?", "2022年9月"),
        ("Что закрыл Казахстан в 2022 году?", "2022 году"),
        ("What did it close on September 14, 2022?", "September 14, 2022"),
        ("Why did it close in August 2021?", ""),
        ("Why did it close in October 2022?", ""),
        ("Why did it close?", ""),
        ("According to Reuters, why did it close in 2019?", "Reuters"),
        ("What does Ann Lee say?", "Ann Lee"),
    ],
)
def test_what_an_article_is_known_by_makes_words_of_a_question_true(
    question: str, words: str
) -> None:
    of = Article("It closed.", outlet="Reuters", author="Bo Li, Ann Lee", published="2022-09-20")
    assert held(question, of) == words


@pytest.mark.parametrize(
    ("question", "outlet"),
    [
        ("Why did Japan close it?", "AP"),
        ("Who closed it for the first time?", "Time"),
        ("How many passengers had Vietnam's railway?", "Vietnam"),
        ("越南鐵路載客多少人次?", "越南"),
    ],
)
def test_an_outlet_is_named_whole_or_not_at_all(question: str, outlet: str) -> None:
    assert held(question, Article("It closed.", outlet=outlet)) == ""


def test_names_of_outlets_are_known_in_either_script_and_in_haste() -> None:
    assert held("据风传媒报道,为何关闭?", Article("", outlet="風傳媒")) == "風傳媒"
    assert held("according to reuters, why did it close?", Article("", outlet="Reuters"))


def test_the_first_day_there_is_does_no_harm() -> None:
    assert held("Why in 2022?", Article("It closed.", published="0001-01-01")) == ""


def test_a_question_typed_in_haste_is_read_as_one_with_its_capital_and_mark() -> None:
    text = "The ministry wants to save money. So Kazakhstan closed its trade office in Moscow."
    texts = [Text(text, ((0, 34), (35, len(text))))]
    reader = own_reader()
    assert reader is not None
    (typed,) = reader.answers("why did Kazakhstan close its trade office", texts)
    (written,) = reader.answers("Why did Kazakhstan close its trade office?", texts)
    assert typed.sentences == written.sentences


def test_a_sentence_that_names_another_time_is_not_of_the_articles_own() -> None:
    text = "Kazakhstan had 19 million people in 2019. The ministry counts them each year."
    found = hit(article(text, "a1", title="A census", published="2022-09-20"), text)

    def log_odds(question: str) -> float:
        pinned = Pinned(question, [known_names()])
        return max(
            one.answers for one in read(Hits(question, (found,)), own_reader(), pinned).values()
        )

    asked = "How many people did Kazakhstan have in {}?"
    assert log_odds(asked.format(2019)) > 0 > log_odds(asked.format(2022))


def test_an_article_answers_for_the_month_it_was_published_in_and_no_other() -> None:
    """Its text says "this week": the reader alone takes that for another time."""
    text = (
        "Kazakhstan closed its trade office in Moscow this week to save money, the ministry said."
    )
    found = hit(article(text, "a1", title="An office closes", published="2022-09-20"), text)

    def log_odds(question: str) -> float:
        hits = Hits(question, (found,))
        read_ = read(hits, own_reader(), Pinned(question, [known_names()]))
        return max(one.answers for one in read_.values())

    asked = "Why did Kazakhstan close its trade office in {}?"
    assert log_odds(asked.format("September 2022")) > 0 > log_odds(asked.format("September 2019"))


@pytest.mark.parametrize(
    ("asked", "other"),
    [
        (
            "How strong was the largest earthquake in Neijiang on 18 August?",
            "How strong was the largest earthquake in Lanzhou on 18 August?",
        ),
        (
            "How many countries have formally applied to join BRICS?",
            "How many countries have formally applied to join ASEAN?",
        ),
    ],
)
def test_a_question_is_read_with_names_and_dates_as_the_passage_writes_them(
    asked: str, other: str
) -> None:
    """The reader alone does not know that 内江 is Neijiang, and 金砖国家 BRICS."""
    text = (
        "8月18日,四川省内江市两小时内连发多次地震,其中最大4.0级。约22个国家已正式申请加入金砖国家。"
    )
    found = hit(article(text, "a1", language="zh-Hans"), text)

    def log_odds(question: str) -> float:
        pinned = Pinned(question, [known_names()])
        return max(
            one.answers for one in read(Hits(question, (found,)), own_reader(), pinned).values()
        )

    assert log_odds(asked) > log_odds(other) + 2
