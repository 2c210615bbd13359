"""How probable it is that hits answer, and what moves it."""

from __future__ import annotations

from rag.retrieve.confidence import confidence
from tests.test_merging import candidate


def of(dense: float, *keys: float) -> float:
    ranked = [candidate(row, key) for row, key in enumerate(keys)]
    for one in ranked:
        one.dense = dense
    return confidence(ranked)


def test_without_hits_nothing_answers() -> None:
    assert confidence([]) == 0.0


def test_nearness_and_a_clear_lead_raise_it() -> None:
    assert 0 < of(3.0, 4.0, 3.9) < of(6.0, 4.0, 3.9) < 1
    assert of(5.0, 6.0, 5.9, 5.8) < of(5.0, 6.0, 4.0, 3.0)


def test_a_single_hit_has_no_lead() -> None:
    assert of(5.0, 9.0) == of(5.0, 4.0) < of(5.0, 9.0, 4.0)


def test_hits_far_behind_do_not_count() -> None:
    five = (6.0, 5.0, 5.0, 5.0, 5.0)
    assert of(5.0, *five, -9.0) == of(5.0, *five)
