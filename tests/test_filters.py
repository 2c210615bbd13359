"""Filters: dates, names, languages and scripts, files, tags, groups, and all of them together."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from index.errors import InputError
from index.library import Library
from index.store.filters import Filter
from tests.conftest import ARTICLES
from tests.toy import vector


def files(library: Library, **given: object) -> str:
    """First letters of the files that a filter lets through."""
    allowed = library.select(Filter(**given))  # type: ignore[arg-type]
    rows = range(1, 100) if allowed is None else allowed.tolist()
    return "".join(passage.article.file[0] for passage in library.passages(rows))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({}, "abcd"),
        ({"published_after": "2023"}, "ac"),
        ({"published_after": "2023-03-02"}, "c"),
        ({"published_before": "2022"}, "b"),
        ({"published_before": "2022-09"}, "b"),
        ({"published_before": "2022-09-19"}, ""),
        ({"published_before": "2022-09-20"}, "b"),
        ({"as_of": "2023-03-01"}, "ab"),
        ({"published_after": "2022-09-20", "published_before": "2023-03-01"}, "ab"),
        ({"published_after": "2023-03-02", "as_of": "2023-03-01"}, ""),
        ({"added_after": "2000"}, "abcd"),
        ({"added_before": "2000-01-01T10:00:00+02:00"}, ""),
        ({"outlets": ["reuters"]}, "c"),
        ({"outlets": "人民網"}, "b"),
        ({"outlets": ["Reuters", "中央社"]}, "ac"),
        ({"outlets": ["Reut"]}, ""),
        ({"languages": ["zh"]}, "ab"),
        ({"languages": ["zh-Hans", "ru"]}, "bd"),
        ({"scripts": ["Hant"]}, "a"),
        ({"scripts": ["Latn", "Cyrl"]}, "cd"),
        ({"authors": ["JANE ROE"]}, "c"),
        ({"files": ["a.txt", "d.txt"]}, "ad"),
        ({"files": "python"}, "abcd"),
        ({"tags": ["railway", "trade"]}, "ab"),
        ({"groups": [ARTICLES[1].id]}, "b"),
        ({"languages": "zh", "published_after": "2023", "tags": "trade"}, "a"),
        ({"languages": "en", "tags": "trade"}, ""),
    ],
)
def test_filter(library: Library, given: dict[str, object], expected: str) -> None:
    assert files(library, **given) == expected


@pytest.mark.parametrize(
    "given",
    [
        {"published_after": "yesterday"},
        {"as_of": "2023-13"},
        {"published_before": "2023-02-30"},
        {"added_after": "20:00"},
        {"scripts": ["Traditional"]},
    ],
)
def test_what_cannot_be_right_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(InputError, match=rf"{next(iter(given))}|Unknown script"):
        Filter(**given)  # type: ignore[arg-type]


def test_nothing_given_is_no_filter() -> None:
    assert Filter().empty
    assert Filter(outlets=[], published_after="").empty
    assert not Filter(outlets="x").empty


def test_filters_follow_changes(library: Library) -> None:
    before = files(library, outlets="Reuters")
    library.add_articles([replace(ARTICLES[2], text="Another story from Moscow.", file="e.txt")])
    assert (before, files(library, outlets="Reuters")) == ("c", "ce")
    library.remove(ARTICLES[2].id)
    assert files(library, outlets="Reuters") == "e"
    library.rebuild()
    assert files(library, outlets="Reuters") == "e"


def test_filters_follow_another_process(
    library: Library, open_library: Callable[..., Library]
) -> None:
    other = open_library()
    assert files(other, tags="trade") == "a"
    library.add_articles([replace(ARTICLES[2], title="Again", tags=("trade",), file="e.txt")])
    assert files(other, tags="trade") == "ae"


def test_search_ranks_the_allowed_as_if_there_were_no_others(library: Library) -> None:
    library.add_articles(
        replace(
            ARTICLES[2], text=f"{ARTICLES[2].text} Part {n}.", file=f"{n}.txt", outlet=str(n % 2)
        )
        for n in range(60)
    )
    allowed = library.select(Filter(outlets="1"))
    rows, _ = library.search_vectors(vector(ARTICLES[2].text), "en", 20, allowed)
    assert len(rows) == 20
    assert {passage.article.outlet for passage in library.passages(rows)} == {"1"}
    rows, _ = library.search_terms({"kazakhstan": 1.0}, "en", 20, allowed)
    assert len(rows) == 20
    assert {passage.article.outlet for passage in library.passages(rows)} == {"1"}
