"""How probable it is that hits answer, and what moves it."""

from __future__ import annotations

import numpy as np

from index.languages.text import detect
from rag.question.query import Probe
from rag.retrieve.confidence import confidence
from tests.test_merging import candidate


def asked(text: str) -> Probe:
    return Probe(text, detect(text), np.zeros(2, np.float32), [], {})


def of(text: str, dense: float, *keys: float) -> float:
    ranked = [candidate(row, key) for row, key in enumerate(keys)]
    for one in ranked:
        one.dense = dense
    return confidence(asked(text), ranked)


PLAIN = "Did the office close?"


def test_without_hits_nothing_answers() -> None:
    assert confidence(asked(PLAIN), []) == 0.0


def test_nearness_and_a_clear_lead_raise_it() -> None:
    assert 0 < of(PLAIN, 3.0, 4.0, 3.9) < of(PLAIN, 6.0, 4.0, 3.9) < 1
    assert of(PLAIN, 5.0, 6.0, 5.9, 5.8) < of(PLAIN, 5.0, 6.0, 4.0, 3.0)


def test_a_number_is_harder_to_find_than_its_subject() -> None:
    for question in ("How many people work in the office?", "多少人在代表處工作?"):
        assert of(question, 5.0, 6.0, 5.0) < of(PLAIN, 5.0, 6.0, 5.0)
