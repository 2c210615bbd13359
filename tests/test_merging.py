"""One ranking from several: of a question's parts, of its translation, of mixed outlets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.records import Passage, Sentence
from index.store.rows import StoredArticle, StoredPassage
from rag.retrieve.merging import both, collapse, diverse, take_turns
from rag.retrieve.score import Candidate


def candidate(row: int, key: float = 0.0, text: str = "", **fields: str) -> Candidate:
    """A passage that is the whole of its article."""
    text = text or f"Sentence {row}."
    given = {"id": f"a{row}", "group": f"a{row}", "outlet": "Reuters"} | fields
    article = StoredArticle(text=text, **given)  # type: ignore[arg-type]
    passage = Passage(article.id, 0, len(text), text, (Sentence(0, len(text)),), "en")
    none = np.zeros((1, 2), np.float32)
    return Candidate(StoredPassage(row, passage, article, none[0], none), 0, 0, 0, 0, 0, [], key)


def rows(candidates: Sequence[Candidate]) -> list[int]:
    return [one.stored.row for one in candidates]


def test_parts_of_a_question_take_turns() -> None:
    first = [candidate(row) for row in (1, 2, 3)]
    second = [candidate(row) for row in (4, 2, 5)]
    assert rows(take_turns([first, second])) == [1, 4, 2, 3, 5]
    assert take_turns([first]) == first


def test_translation_and_question_rank_by_their_mean() -> None:
    asked = [candidate(1, 4.0), candidate(2, 3.9), candidate(3, 1.0)]
    translated = [candidate(2, 4.0), candidate(3, 3.0)]
    assert rows(both(asked, translated)) == [2, 1, 3]


def test_what_only_one_of_them_finds_gets_the_least_key_of_the_other() -> None:
    alone = both([candidate(1, 4.0), candidate(2, 2.0)], [candidate(3, 4.0), candidate(2, 2.0)])
    assert {one.stored.row: one.key for one in alone}[2] == 2.0
    assert {round(one.key, 6) for one in alone if one.stored.row != 2} == {3.0}


def test_reprint_stands_behind_the_article_that_it_repeats() -> None:
    story = "The office closed on Monday."
    first = candidate(1, text=story, group="g")
    reprint = candidate(2, text=story, group="g")
    longer = candidate(3, text=f"{story} Staff were moved.", group="g")
    ((kept, twins), (other, none)) = collapse([first, reprint, longer])
    assert (kept, other) == (first, longer)
    assert [twin.id for twin in twins] == ["a2"]
    assert none == ()


def test_one_outlet_does_not_fill_the_first_places() -> None:
    ranked = [(candidate(row, outlet=name), ()) for row, name in enumerate("AAABC")]
    assert rows([one for one, _ in diverse(ranked)]) == [0, 3, 1, 4, 2]


def test_articles_without_an_outlet_are_not_one_outlet() -> None:
    ranked = [(candidate(row, outlet=name), ()) for row, name in enumerate(("", "", "AP"))]
    assert rows([one for one, _ in diverse(ranked)]) == [0, 1, 2]
