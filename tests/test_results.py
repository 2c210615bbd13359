"""Hits and the numbers of citations."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.records import Sentence
from rag.results.hits import ON_SUBJECT, Hit
from rag.results.numbering import Numbering, cite
from tests.samples import CHINESE, ENGLISH, QUOTES, REPRINT, article, citation, hit


def span(text: str, part: str) -> Sentence:
    return Sentence(text.index(part), text.index(part) + len(part))


def strong(strength: float) -> Hit:
    return replace(hit(CHINESE, QUOTES[0]), strength=strength)


def test_score_is_the_strength_between_zero_and_one() -> None:
    scores = [strong(strength).score for strength in (-60.0, -1.0, ON_SUBJECT, 1.0, 60.0)]
    assert scores == sorted(scores)
    assert scores[2] == 0.5
    assert 0 <= scores[0] < scores[-1] <= 1
    assert strong(1.0).to_dict()["score"] == pytest.approx(0.7311)


def test_citation_has_the_exact_words_and_their_place() -> None:
    made = cite(hit(ENGLISH, QUOTES[1]), span(ENGLISH.text, QUOTES[1]))
    assert made.quote == QUOTES[1]
    assert ENGLISH.text[made.start : made.end] == made.quote


def test_only_reprints_with_the_words_are_named() -> None:
    other = article("A reprint without those words.", "d4")
    found = hit(CHINESE, QUOTES[0], duplicates=(REPRINT, other))
    assert cite(found, span(CHINESE.text, QUOTES[0])).also_in == (REPRINT,)


def test_numbers_follow_the_order_of_citing() -> None:
    numbering = Numbering()
    assert numbering.cite(hit(ENGLISH, QUOTES[1]), span(ENGLISH.text, QUOTES[1])) == 1
    assert numbering.cite(hit(CHINESE, QUOTES[0]), span(CHINESE.text, QUOTES[0])) == 2
    assert numbering.cite(hit(ENGLISH, QUOTES[1]), span(ENGLISH.text, QUOTES[1])) == 1
    assert [one.n for one in numbering.all()] == [1, 2]


def test_same_words_in_the_other_script_have_the_same_number() -> None:
    simplified = article("也想适度减轻对俄能源的依赖。", "s1", language="zh-Hans")
    numbering = Numbering()
    first = numbering.number(citation(1, CHINESE, QUOTES[0]))
    assert numbering.number(citation(7, simplified, "也想适度减轻对俄能源的依赖。")) == first
    assert [one.article for one in numbering.all()] == [CHINESE]
