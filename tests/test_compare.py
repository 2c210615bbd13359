"""Who says what: groups, reprints, and sentences that agree, differ and contradict each other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import newscite
from index.config import load_settings
from index.languages.names import known_names
from index.languages.text import detect
from index.records import Article
from rag.analysis.comparison import Comparison
from rag.analysis.findings import are_turned, relation
from rag.check.checker import Checker
from rag.check.disagreement import differing
from rag.check.likelier import Contrasting
from rag.check.statements import Statement
from rag.llm.llama_cpp import LlamaCpp
from tests.test_answer import Broken, Parrot
from tests.toy import ToyEmbedder

QUESTION = "How many workers does Russia need?"


def report(outlet: str, text: str, **fields: str) -> Article:
    given = {
        "title": f"Workers, says {outlet}",
        "published": "2024-06-10",
        "language": "en",
        "file": f"{outlet}.txt",
    }
    return Article(text, outlet=outlet, **(given | fields))  # type: ignore[arg-type]


REUTERS = report("Reuters", "Russia needs 2.5 million workers. The ministry said so on Monday.")
TASS = report("TASS", "Russia needs 3.1 million workers. A minister told reporters on Tuesday.")
AP = report("AP", "Russia needs 2.5 million workers. Its factories look for them abroad.")
DENIAL = report("RT", "Russia does not need 2.5 million workers. It has enough of them.")

Compare = Callable[..., Comparison]


@pytest.fixture
def compare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Compare]:
    """Compares what a new library of some articles says."""
    for module in ("compare", "findings"):  # a toy has no background to be near
        monkeypatch.setattr(f"rag.analysis.{module}.ON_SUBJECT", -10.0)
    opened: list[newscite.Library] = []

    def run(
        *articles: Article,
        question: str = QUESTION,
        llm: Parrot | None = None,
        translate: bool = False,
        **options: object,
    ) -> Comparison:
        folder = tmp_path / str(len(opened))
        settings = load_settings(
            None, answer={"abstain_below": 0}, retrieve={"translate": translate}
        )
        library = newscite.Library.open(folder, settings, ToyEmbedder())
        library.__dict__["llm"] = llm
        opened.append(library)
        library.add_articles(articles)
        return library.compare(question, **options)  # type: ignore[arg-type]

    yield run
    for library in opened:
        library.close()


def outlets(result: Comparison) -> dict[str, set[str]]:
    """The outlets that each group's answer cites."""
    return {
        group.name: {citation.article.outlet for citation in group.answer.citations}
        for group in result.groups
    }


def test_each_outlet_answers_from_its_own_articles(compare: Compare) -> None:
    result = compare(REUTERS, TASS)
    assert outlets(result) == {"Reuters": {"Reuters"}, "TASS": {"TASS"}}
    numbers = {citation.n: citation for citation in result.citations}
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    for group in result.groups:
        for citation in group.answer.citations:
            assert numbers[citation.n].quote == citation.quote
            assert citation.article.text[citation.start : citation.end] == citation.quote


def test_numbers_that_differ_are_named_and_cited_to_both(compare: Compare) -> None:
    result = compare(REUTERS, TASS)
    (finding,) = [finding for finding in result.findings if finding.kind == "differ"]
    assert {side.group for side in finding.sides} == {"Reuters", "TASS"}
    assert sorted(finding.details[0]) == ["2.5 million", "3.1 million"]
    quotes = {citation.n: citation.quote for citation in result.citations}
    assert all(quotes[side.citation] == side.quote for side in finding.sides)


def test_a_denial_contradicts(compare: Compare) -> None:
    kinds = {finding.kind for finding in compare(REUTERS, DENIAL).findings}
    assert "contradict" in kinds
    assert "differ" not in kinds


def test_two_outlets_that_say_the_same_agree(compare: Compare) -> None:
    result = compare(REUTERS, AP)
    assert [finding.kind for finding in result.findings] == ["agree"]


def test_who_only_asks_neither_agrees_nor_differs(compare: Compare) -> None:
    result = compare(REUTERS, report("AP", "Does Russia need 2.5 million workers?"))
    assert not result.findings


def test_a_reprint_counts_once_and_agrees_with_nobody(compare: Compare) -> None:
    long = REUTERS.text + " ".join(f" Sentence {n} on workers and factories." for n in range(12))
    original = replace(REUTERS, text=long)
    reprint = replace(original, outlet="Daily Post", file="reprint.txt", published="2024-06-12")
    result = compare(original, reprint)
    assert len(result.groups) == 1
    assert result.findings == ()
    (citation, *_) = result.citations
    assert {citation.article.outlet, *(twin.outlet for twin in citation.also_in)} == {
        "Reuters",
        "Daily Post",
    }


def test_no_more_groups_are_asked_than_wanted_and_the_rest_is_named(compare: Compare) -> None:
    result = compare(REUTERS, TASS, AP, most=2)
    assert len(result.groups) == 2
    assert {group.name for group in result.groups} | set(result.left_out) == {
        "Reuters",
        "TASS",
        "AP",
    }


def test_by_language_period_author_and_country(compare: Compare) -> None:
    chinese = report("中央社", "俄羅斯缺少250萬名工人。", language="zh-Hant")
    late = replace(TASS, published="2025-02-01", author="Ivanova", url="https://tass.ru/1")
    early = replace(REUTERS, author="Roe", url="https://news.example.uk/1")

    def names(by: str, *articles: Article) -> set[str]:
        return {group.name for group in compare(*articles, by=by).groups}

    assert names("language", REUTERS, chinese) == {"en", "zh-Hant"}
    assert names("period", early, late) == {"2024-06", "2025-02"}
    assert names("author", early, late) == {"Roe", "Ivanova"}
    assert names("country", early, late) == {"United Kingdom", "Russia"}


def test_a_filter_holds_within_every_group(compare: Compare) -> None:
    old = replace(TASS, published="2020-01-01")
    result = compare(REUTERS, old, published_after="2024")
    assert [group.name for group in result.groups] == ["Reuters"]


CHINESE = report("中央社", "俄羅斯需要多少工人?官員說需要250萬名工人。", language="zh-Hant")
TRANSLATED = "俄羅斯需要多少工人?"


def translating() -> Parrot:
    return Parrot(replies=[TRANSLATED, "Russia needs 2.5 million workers."])


def test_the_question_is_translated_once_for_all_groups(compare: Compare) -> None:
    llm = translating()
    compare(REUTERS, CHINESE, translate=True, llm=llm)
    assert len([prompt for prompt in llm.prompts if "You translate questions" in prompt]) == 1
    result = compare(REUTERS, CHINESE, by="language", translate=True, llm=translating())
    hits = {group.name: group.answer.hits for group in result.groups}
    assert TRANSLATED in hits["zh-Hant"].searched
    assert TRANSLATED not in hits["en"].searched


def test_a_group_that_the_translation_finds_is_asked(
    compare: Compare, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = compare(REUTERS, CHINESE, llm=translating())
    (strength,) = [
        group.answer.hits[0].strength for group in plain.groups if group.name == "中央社"
    ]
    for module in ("compare", "findings"):
        monkeypatch.setattr(f"rag.analysis.{module}.ON_SUBJECT", strength + 0.01)
    for translate in (False, True):
        result = compare(REUTERS, CHINESE, translate=translate, llm=translating())
        assert ("中央社" in {group.name for group in result.groups}) is translate


def test_an_llm_that_is_gone_costs_no_group(compare: Compare) -> None:
    result = compare(REUTERS, TASS, translate=True, llm=Broken(replies=[""]))
    assert outlets(result) == {"Reuters": {"Reuters"}, "TASS": {"TASS"}}
    assert all("The server is gone" in group.answer.notes[0] for group in result.groups)


def test_unknown_by_is_refused(compare: Compare) -> None:
    with pytest.raises(newscite.InputError, match="outlet, country, language, period, author"):
        compare(REUTERS, by="colour")


def test_nothing_found_is_no_group(compare: Compare) -> None:
    result = compare()
    assert (result.groups, result.abstained) == ((), True)


def test_to_dict_is_json_and_markdown_shows_all(compare: Compare) -> None:
    result = compare(REUTERS, TASS)
    data = json.loads(json.dumps(result.to_dict()))
    assert [group["name"] for group in data["groups"]] == [g.name for g in result.groups]
    text = result.to_markdown()
    assert "## Reuters (1 article)" in text
    assert "They give different numbers" in text


# -- relations --------------------------------------------------------------------------------------


def statement(text: str, language: str = "en") -> Statement:
    vector = np.zeros(2, np.float32)
    vector[0] = 1
    return Statement(text, language, vector)


@pytest.mark.parametrize(
    ("one", "other", "kind"),
    [
        ("Exports rose by 4 % in May.", "Exports rose by 7 % in May.", "differ"),
        ("Exports rose by 4 %.", "Exports fell by 4 %.", "contradict"),
        ("Moscow supports the plan.", "Moscow opposes the plan.", "contradict"),
        ("The minister denied it.", "The minister confirmed it.", "contradict"),
        ("He left before the talks.", "He came after the talks.", "agree"),
    ],
)
def test_relation(one: str, other: str, kind: str) -> None:
    checker = Checker(known_names(frozenset(("en",))))
    found, _ = relation(statement(one), statement(other), checker, least=0.0)
    assert found == kind


@pytest.mark.llm
@pytest.mark.slow
@pytest.mark.parametrize(
    ("other", "turned"),
    [
        ("China's coal imports from Russia increased by ten percent.", False),
        ("Russia's coal imports from China increased by ten percent.", True),
    ],
)
def test_an_llm_in_this_process_tells_who_did_it_to_whom(
    offline_llm: LlamaCpp, other: str, turned: bool
) -> None:
    texts = "中国从俄罗斯进口的煤炭增加了百分之十。", other
    one, two = (replace(statement(text), language=detect(text)) for text in texts)
    two.vector[:] = 0.75, 0.66  # as near as such sentences are
    contrasting = Contrasting(lambda: offline_llm, [known_names()])
    checker = Checker(known_names())
    assert relation(one, two, checker, least=0.5) == ("agree", ())
    assert are_turned(one, two, checker, contrasting, least=0.5) is turned


def test_numbers_differ_only_if_they_count_the_same(compare: Compare) -> None:
    assert differing("減少50萬人", "about 600,000 people") == (("50萬人", "600,000"),)
    assert differing("缺口250萬人", "a gap of 2.5 million people") == ()
    assert differing("增長了4.1%", "4,560億美元") == ()
