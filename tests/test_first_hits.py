"""The first hits of a search: those about as strong as the first are read, and come as they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

import newscite
from index.config import Settings
from index.embed.models import bundled
from rag.evidence.first_hits import MOST_READ, NEARLY, in_order, search
from rag.evidence.reader import Reading, Text
from rag.results.hits import Hits
from tests.samples import article, hit


class Knowing:
    """A reader that finds texts with "yes" to answer; it notes what it reads."""

    def __init__(self) -> None:
        self.read: list[str] = []

    def answers(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        self.read += [text.body for text in texts]
        return [Reading((5.0 if "yes" in text.body else -5.0,)) for text in texts]


def hits(*found: tuple[str, float]) -> Hits:
    """Hits of these texts and strengths."""
    return Hits(
        "Did they agree?",
        tuple(
            replace(hit(article(text, f"a{n}", language="en"), text, n), strength=strength)
            for n, (text, strength) in enumerate(found, 1)
        ),
    )


def texts(found: Hits) -> list[str]:
    return [one.article.text for one in found]


def test_of_equally_strong_hits_the_one_that_answers_is_first() -> None:
    found = in_order(
        hits(("They met.", 3.0), ("They said yes.", 2.8), ("It rained.", 0.0)), Knowing()
    )
    assert texts(found) == ["They said yes.", "They met.", "It rained."]
    assert [one.rank for one in found] == [1, 2, 3]
    assert [one.answers for one in found] == [5.0, -5.0, None]


def test_a_hit_that_is_clearly_the_strongest_stays_first_unread() -> None:
    reader = Knowing()
    given = hits(("They met.", 3.0), ("They said yes.", 3.0 - NEARLY))
    assert in_order(given, reader) == given
    assert in_order(hits(), reader) == hits()
    assert not reader.read


def test_only_the_first_few_are_read() -> None:
    reader = Knowing()
    found = in_order(hits(*((f"Text {n}.", 1.0) for n in range(MOST_READ)), ("yes.", 1.0)), reader)
    assert len(reader.read) == MOST_READ and texts(found)[-1] == "yes."


def test_strength_counts_beside_what_the_reader_says() -> None:
    found = in_order(hits(("They said yes.", 3.0), ("Others said yes.", 2.9)), Knowing())
    assert texts(found) == ["They said yes.", "Others said yes."]


@pytest.mark.parametrize(
    ("question", "diverse", "calibrated", "reordered"),
    [
        ("Did they agree?", False, True, True),
        ("Did they agree?", True, True, False),  # outlets take turns, as the settings want
        ("Why did they agree? Who leads the mine now?", False, True, False),  # so do two questions
        ("Did they agree?", False, False, False),  # what "nearly as strong" is, is not known
    ],
)
def test_an_order_that_has_another_reason_stays(
    question: str, diverse: bool, calibrated: bool, reordered: bool
) -> None:
    found = replace(hits(("They met.", 3.0), ("They said yes.", 2.8)), question=question)
    retriever = SimpleNamespace(
        search=lambda *_: found,
        calibrated=calibrated,
        library=SimpleNamespace(languages=lambda: ["en"]),
    )
    settings = Settings.model_validate(
        {"reader": {"model": f"{__name__}.Knowing"}, "retrieve": {"diversify_outlets": diverse}}
    )
    first = search(question, retriever, settings)[0]  # type: ignore[arg-type]
    assert (first.article.text == "They said yes.") is reordered


@pytest.mark.skipif(not bundled.has_embedder(), reason="needs the bundled embedder")
def test_a_search_finds_the_passage_that_answers_however_few_are_wanted(tmp_path: Path) -> None:
    """Both articles say that the mine was closed; one says why."""
    why = "The Akbakai gold mine was shut because water had broken into its shafts."
    when = "The Akbakai gold mine was closed on Monday, as the mayor had said it would be."
    with newscite.open(tmp_path, llm={"model": "none"}) as library:
        library.add_articles(
            newscite.Article(text, file=f"{n}") for n, text in enumerate((when, why))
        )
        question = "Why was the Akbakai gold mine closed?"
        assert texts(library.retriever.search(question)) == [when, why]
        assert texts(library.search(question)) == [why, when]
        assert texts(library.search(question, 1)) == [why]
    with newscite.open(tmp_path, llm={"model": "none"}, reader={"search": False}) as library:
        assert texts(library.search(question)) == [when, why]
