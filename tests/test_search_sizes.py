"""Searches of every kind of library by every kind of filter: something is found, or nothing, and
what a library below us raises is an error of ours."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import LibraryError
from index.languages.terms import terms
from index.search.files import LocalIndex
from index.search.protocol import TextRow, VectorRows
from index.search.tantivy import panics_told
from tests.toy import vector

WORDS = {"en": "railway office trade", "zh": "鐵路貿易代表處", "ru": "железная дорога торговля"}


class Rows:
    """What an index takes from a store, for rows whose languages are given."""

    build = "1"
    generation = 1

    def __init__(self, languages: list[str]) -> None:
        self.rows = list(enumerate(languages, 1))

    def texts_since(self, row: int) -> Iterator[TextRow]:
        for number, language in self.rows[row:]:
            yield TextRow(number, language, f"{WORDS[language]} {number}")

    def vectors_since(self, row: int) -> Iterator[VectorRows]:
        if self.rows[row:]:
            numbers, languages = zip(*self.rows[row:], strict=True)
            vectors = np.array([vector(WORDS[language]) for language in languages], np.float16)
            yield VectorRows(np.array(numbers, np.int64), list(languages), vectors)

    def removed_since(self, generation: int) -> Mapping[str, list[int]]:
        return {}


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    counts=st.tuples(*(st.sampled_from([0, 1, 2, 30, 300]) for _ in WORDS)),
    seed=st.integers(0, 5),
    share=st.sampled_from([0.0, 0.01, 0.06, 0.5, 0.97, 1.0]),
    limit=st.sampled_from([1, 2, 100, 10_000]),
)
def test_any_library_any_filter_any_size(
    tmp_path_factory: pytest.TempPathFactory,
    counts: tuple[int, ...], seed: int, share: float, limit: int,
) -> None:  # fmt: skip
    random = np.random.default_rng(seed)
    languages = [lang for lang, count in zip(WORDS, counts, strict=True) for _ in range(count)]
    random.shuffle(languages)
    rows = Rows(languages)
    index = LocalIndex(tmp_path_factory.mktemp("index"), exact_below=50_000)
    index.refresh(rows, write=True)
    numbers = np.arange(1, len(languages) + 1)
    allowed = numbers[random.random(len(numbers)) < share]
    for language, words in WORDS.items():
        of_it = {n for n in allowed.tolist() if languages[n - 1] == language}
        weights = dict.fromkeys(_terms(language), 1.0)
        wanted = min(limit, len(of_it))
        for found, _ in (
            index.search_terms(weights, language, limit, allowed),
            index.search_vectors(vector(words), language, limit, allowed),
        ):
            assert len(found) == wanted
            assert set(found.tolist()) <= of_it
    index.close()


def _terms(language: str) -> list[str]:
    return terms(WORDS[language], language)


class PanicException(BaseException):
    """As pyo3 makes it: none that `except Exception` catches."""


def test_a_panic_of_rust_becomes_an_error_of_ours() -> None:
    with pytest.raises(LibraryError, match="verify --repair"), panics_told():
        raise PanicException("Limit must be greater than 0")
    with pytest.raises(KeyboardInterrupt), panics_told():
        raise KeyboardInterrupt


def test_a_rare_language_beside_many_passages(tmp_path: Path) -> None:
    index = LocalIndex(tmp_path, exact_below=50_000)
    languages = ["en"] * 260 + ["ru"]
    index.refresh(Rows(languages), write=True)
    allowed = np.arange(1, 262)
    weights = dict.fromkeys(_terms("ru"), 1.0)
    rows, _ = index.search_terms(weights, "ru", 100, allowed)
    assert rows.tolist() == [261]
    index.close()
