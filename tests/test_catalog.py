"""The library as a table: counts, pages, countries and categories, and what is corrected by hand."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from index.errors import InputError
from index.languages.categories import categories
from index.languages.countries import country, country_code, country_name
from index.library import Library
from index.records import Article
from index.store.filters import Filter
from tests.conftest import ARTICLES

FOREIGN = (
    replace(ARTICLES[0], metadata={"country": "Taiwan", "category": "Business"}),
    replace(ARTICLES[1], url="http://www.people.com.cn/1"),
    replace(ARTICLES[2], metadata={"country": "UK"}, tags=("business",)),
    replace(ARTICLES[3], url="https://tass.ru/1"),
)


@pytest.mark.parametrize(
    ("stated", "url", "code"),
    [
        ("Kazakhstan", "", "KZ"),
        ("哈薩克", "", "KZ"),
        ("哈萨克斯坦", "", "KZ"),
        ("Казахстан", "", "KZ"),
        ("kz", "https://bbc.co.uk/1", "KZ"),
        (None, "https://www.bbc.co.uk/1", "GB"),
        (None, "https://tengrinews.kz/1", "KZ"),
        (None, "https://kyrgyz.tv/1", ""),
        (None, "https://[broken", ""),
        (" World ", "", "World"),
        ("", "no url", ""),
    ],
)
def test_country_of_an_outlet(stated: str | None, url: str, code: str) -> None:
    assert country(stated, url) == code


def test_country_names_are_in_the_readers_language() -> None:
    assert country_name("KZ", "zh-Hant") == "哈薩克"
    assert country_name("KZ", "xx-unknown") == "Kazakhstan"
    assert country_code(country_name("KZ", "ru")) == "KZ"


def test_categories_are_what_data_name_and_the_tags() -> None:
    assert categories(("trade",), {"category": "Business", "section": ["trade", "Asia"]}) == [
        "Business",
        "trade",
        "Asia",
    ]


def test_counts_narrowed_by_a_filter(open_library: Callable[..., Library]) -> None:
    library = open_library()
    library.add_articles(FOREIGN)
    catalog = library.catalog
    assert catalog.counts("country") == {"CN": 1, "GB": 1, "RU": 1, "TW": 1}
    assert catalog.counts("outlet", Filter(countries=["Russia", "英国"])) == {
        "Reuters": 1,
        "ТАСС": 1,
    }
    assert catalog.counts("category", Filter(categories=["BUSINESS"])) == {
        "Business": 1,
        "business": 1,
        "kazakhstan": 1,
        "trade": 1,
    }
    assert catalog.counts("language", Filter(languages=["zh"])) == {"zh-Hans": 1, "zh-Hant": 1}
    assert catalog.counts("month")["2023-03"] == 2
    with pytest.raises(InputError, match="Cannot count by 'colour'"):
        catalog.counts("colour")


def test_a_filter_by_country_holds_for_passages(open_library: Callable[..., Library]) -> None:
    library = open_library()
    library.add_articles(FOREIGN)
    rows = library.select(Filter(countries=["KZ", "RU"]))
    assert rows is not None
    assert {p.article.outlet for p in library.passages(rows.tolist())} == {"ТАСС"}


def test_pages_of_the_table(open_library: Callable[..., Library]) -> None:
    library = open_library()
    library.add_articles(
        replace(ARTICLES[0], title=f"標題 {n:02d}", text=f"{ARTICLES[0].text}{n}") for n in range(7)
    )
    page = library.catalog.page(sort="title", descending=False, offset=2, limit=3)
    assert [row.title for row in page.rows] == ["標題 02", "標題 03", "標題 04"]
    assert page.total == 7
    assert page.rows[0].reprints == 6
    assert library.catalog.page(words="标题 05").rows[0].title == "標題 05"  # whatever the script
    library.add_articles([replace(ARTICLES[3], title="Казахстан")])
    assert library.catalog.page(words="казахстан").total == 1
    assert library.catalog.page(words="100%_").total == 0
    with pytest.raises(InputError, match="Cannot sort by"):
        library.catalog.page(sort="colour")


def test_corrections_hold_when_the_article_is_added_again(
    open_library: Callable[..., Library], tmp_path: Path
) -> None:
    file = tmp_path / "a.jsonl"
    line = {"text": ARTICLES[0].text, "title": "Wrong", "outlet": "Nobody", "published": "2020"}
    file.write_text(json.dumps(line))
    library = open_library()
    library.add(file)
    (article,) = library.articles()
    library.correct(article.id, title="Right", country="KZ", tags="a, b", published="2023-03-01")
    file.write_text(json.dumps(line | {"language": "zh-Hant"}))  # read again
    library.add(file)
    (again,) = library.articles()
    assert (again.id, again.title, again.tags) == (article.id, "Right", ("a", "b"))
    assert again.metadata["corrected"] == ["country", "published", "tags", "title"]
    library.remove(article.id)
    library.add(file)
    (back,) = library.articles()
    assert (back.title, back.published, back.outlet) == ("Right", "2023-03-01", "Nobody")
    (row,) = library.catalog.page().rows
    assert row.country == "KZ"
    assert row.corrected == frozenset(("country", "published", "tags", "title"))


def test_corrections_that_cannot_be_are_refused(library: Library) -> None:
    article = next(library.articles())
    with pytest.raises(InputError, match="Cannot correct 'text'"):
        library.correct(article.id, text="x")
    with pytest.raises(InputError, match="published is 'soon'"):
        library.correct(article.id, published="soon")
    with pytest.raises(InputError, match="There is no article nobody"):
        library.correct("nobody", title="x")
    assert isinstance(article, Article)
