"""Two configurations on the same questions: the difference, and how sure it is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.errors import InputError
from rag.evaluate.bootstrap import pair
from rag.evaluate.evaluation import Evaluation, Outcome, Question
from tests.samples import ANSWER


def evaluation(right: list[bool]) -> Evaluation:
    return Evaluation(
        tuple(
            Outcome(
                Question(str(n), "en", "Why?", True, (), ()),
                ANSWER,
                rank=1,
                right=good,
                cited=(True,),
                verbatim=True,
            )
            for n, good in enumerate(right)
        )
    )


def test_a_clear_difference_is_sure_and_none_is_not() -> None:
    worse, better = evaluation([False] * 30 + [True] * 10), evaluation([True] * 40)
    found = pair(worse, better).measures["answers right"]
    assert (found.one, found.other) == (0.25, 1.0)
    assert found.low is not None and found.high is not None
    assert 0.5 < found.low <= 0.75 <= found.high < 1.0
    assert found.sure
    assert not pair(better, better).measures["answers right"].sure


def test_questions_are_resampled_in_pairs() -> None:
    """Both are wrong on the same questions, so that no draw of questions tells them apart."""
    same = evaluation([True, False] * 10)
    found = pair(same, replace(same)).measures["answers right"]
    assert (found.low, found.high) == (0, 0)


def test_a_measure_without_values_has_no_interval() -> None:
    found = pair(evaluation([True]), evaluation([True])).measures["unanswerable refused"]
    assert (found.one, found.low) == (None, None)


def test_other_questions_are_refused() -> None:
    with pytest.raises(InputError, match="different questions"):
        pair(evaluation([True]), evaluation([True, False]))
