"""What readers set right by hand, and whether a store is sound."""

from __future__ import annotations

import pytest

from index.errors import InputError
from index.library import Library
from index.store import corrections
from index.store.schema import SCHEMA_VERSION
from index.store.verify import check_store


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({}, "Nothing to correct"),
        ({"text": "other words"}, "Cannot correct 'text'"),
        ({"published": "soon"}, "published"),
        ({"title": ["two", "titles"]}, "give one text"),
    ],
)
def test_what_cannot_be_corrected_is_refused(fields: dict[str, str], problem: str) -> None:
    with pytest.raises(InputError, match=problem):
        corrections.checked(fields)


def test_corrections_are_kept_as_they_are_meant() -> None:
    checked = corrections.checked({"title": " A \n title ", "tags": "trade,  , oil gas"})
    assert checked == {"title": "A title", "tags": ["trade", "oil gas"]}


@pytest.mark.files
def test_a_corrected_field_is_named_and_no_guess_any_more(library: Library) -> None:
    article = next(article for article in library.articles() if article.outlet == "Reuters")
    library.correct(article.id, outlet="AP")
    right = library.correct(article.id, country="KZ")
    assert right.outlet == "AP" and right.text == article.text
    assert right.metadata["country"] == "KZ"
    assert right.metadata["corrected"] == ["country", "outlet"]


@pytest.mark.files
def test_damaged_vectors_are_found_and_the_cure_named(library: Library) -> None:
    store = library._store
    assert check_store(store) == []
    with store.transaction():
        store.execute("UPDATE embeddings SET vector = zeroblob(length(vector))")
    assert check_store(store) == ["Some vectors are damaged. Run: newscite rebuild"]


@pytest.mark.files
def test_an_article_without_passages_is_found(library: Library) -> None:
    store = library._store
    with store.transaction():
        store.execute("DELETE FROM passages WHERE article = 1")
    (problem,) = check_store(store)
    assert "no usable passages" in problem and "add it again" in problem


@pytest.mark.files
def test_a_new_library_has_the_tables_of_this_version(library: Library) -> None:
    assert library._store.meta("schema") == str(SCHEMA_VERSION)
    assert library._store.count("corrections") == 0
