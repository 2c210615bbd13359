"""Day or month first: decided by the dates of one site, feed or column that allow one reading."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.library import Library

BODY = (
    "The freight line will reopen after repairs costing 48 million dollars, officials said on Tuesday. "
    "Two bridges had been washed away by a flood, and trade fell by a tenth in the months after it. "
)
SITES = ["https://www.steppe.example", "https://news.steppe.example", "https://oasis.example"]


def page(folder: Path, name: str, said: str, site: str = SITES[0], language: str = "en") -> Path:
    file = folder / f"{name}.html"
    file.write_text(
        f'<html lang="{language}"><head><title>Line {name}</title><meta property="og:type" content="article">'
        f'<link rel="canonical" href="{site}/{name}"></head><body><article><h1>Line {name}</h1>'
        f"<p>{said}</p><p>{name}: {BODY}</p><p>{BODY.replace('freight', name)}</p></article></body></html>",
        encoding="utf-8",
    )
    return file


def dates(library: Library) -> dict[str, str]:
    return {
        article.title.removeprefix("Line "): article.published for article in library.articles()
    }


@pytest.mark.parametrize("names", [("a", "b", "c"), ("c", "b", "a"), ("b", "a", "c")], ids="".join)
def test_pages_of_one_site_have_one_order(
    open_library: Callable[..., Library], tmp_path: Path, names: tuple[str, ...]
) -> None:
    said = {
        "a": "Published: 03/05/2024",
        "b": "Published: 23/04/2024",
        "c": "Published: 11/06/2024 18:30",
    }
    library = open_library()
    library.add([page(tmp_path, name, said[name]) for name in names])
    assert dates(library) == {"a": "2024-05-03", "b": "2024-04-23", "c": "2024-06-11T18:30:00"}


def test_what_was_added_before_is_read_anew(
    open_library: Callable[..., Library], tmp_path: Path
) -> None:
    library = open_library()
    library.add(page(tmp_path, "a", "Published: 03/05/2024"))
    assert dates(library) == {"a": "2024-03-05"}
    report = library.add(page(tmp_path, "b", "Published: 23/04/2024"))
    assert (report.articles, len(report.updated)) == (1, 0)
    assert dates(library) == {"a": "2024-05-03", "b": "2024-04-23"}
    library.add(page(tmp_path, "c", "Published: 04/05/2024"))
    assert dates(library)["c"] == "2024-05-04"
    assert library.verify().sound


def test_each_site_has_its_own(open_library: Callable[..., Library], tmp_path: Path) -> None:
    library = open_library()
    library.add(
        [page(tmp_path, "a", "03/05/2024", SITES[0]), page(tmp_path, "b", "23/04/2024", SITES[0])]
    )
    library.add(
        [page(tmp_path, "c", "03/05/2024", SITES[2]), page(tmp_path, "d", "04/23/2024", SITES[2])]
    )
    library.add(page(tmp_path, "e", "03/05/2024", SITES[1]))
    found = dates(library)
    assert (found["a"], found["c"], found["e"]) == ("2024-05-03", "2024-03-05", "2024-03-05")


def test_another_date_on_a_page_tells(open_library: Callable[..., Library], tmp_path: Path) -> None:
    library = open_library()
    library.add(
        [
            page(tmp_path, "a", "03/05/2024"),
            page(tmp_path, "b", "03/05/2024</p><p>Updated: 28/05/2024"),
        ]
    )
    assert dates(library) == {"a": "2024-05-03", "b": "2024-05-03"}


def test_a_correction_by_hand_stays(open_library: Callable[..., Library], tmp_path: Path) -> None:
    library = open_library()
    library.add(page(tmp_path, "a", "03/05/2024"))
    (article,) = library.articles()
    library.correct(article.id, published="2024-03-06")
    library.add(page(tmp_path, "b", "23/04/2024"))
    assert dates(library)["a"] == "2024-03-06"


def test_records_in_files_of_their_own(
    open_library: Callable[..., Library], tmp_path: Path
) -> None:
    for name, said in (("a", "03/05/2024"), ("b", "23/04/2024")):
        record = {
            "title": f"Line {name}",
            "content": name + BODY,
            "publishedTime": said,
            "siteName": "Steppe Daily",
        }
        (tmp_path / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
    library = open_library()
    library.add([tmp_path / "a.json", tmp_path / "b.json"])
    assert dates(library) == {"a": "2024-05-03", "b": "2024-04-23"}


@pytest.mark.parametrize(
    ("line", "published"),
    [
        ("As of 24 May 2024. Published 3 May 2024", "2024-05-03"),
        ("Published 3 May 2024 | Updated 24 May 2024", "2024-05-03"),
        ("Updated: 24 May 2024, published: 3 May 2024", "2024-05-03"),
        ("3 May 2024 23:30 GMT+8", "2024-05-03T23:30:00+08:00"),
        ("May 3, 2024 at 11:30 p.m. EDT", "2024-05-03T23:30:00-04:00"),
        ("截至2024年5月1日 發布時間:2024年5月3日 08:15", "2024-05-03T08:15:00"),
        ("更新時間:2024-05-24 發布時間:2024-05-03 台北時間 18:30", "2024-05-03"),
        ("По состоянию на 1 мая 2024. Опубликовано: 3 мая 2024, 18:30 (МСК)", "2024-05-03T18:30:00+03:00"),
        ("民國113年5月3日", "2024-05-03"),
        ("中華民國一百一十三年五月三日", "2024-05-03"),
    ],
)  # fmt: skip
def test_the_date_of_publication_among_others(
    open_library: Callable[..., Library], tmp_path: Path, line: str, published: str
) -> None:
    library = open_library()
    library.add(page(tmp_path, "a", line, language="zh-Hant" if line[0] > "я" else "en"))
    (found,) = dates(library).values()
    assert found.startswith(published)
