"""Tables as spreadsheets and other programs write them, and markup in their cells."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from index.records import Article, Rejection
from tests.test_load_formats import articles, read

RAIL = "The freight line will reopen on June 3 after repairs costing $48 million, officials said."
WHEAT = "Wheat exports rose 19 percent in March from a year earlier, the ministry said."
ROWS = (
    ("Rail line to reopen", "2024-05-14", "Steppe Daily", RAIL),
    ("Wheat exports rise", "2024-04-02", "Harbour Times", WHEAT),
)
HEADER = ("Title", "Date", "Source", "Text")


def table(
    delimiter: str, header: tuple[str, ...] = HEADER, quoting: Any = csv.QUOTE_MINIMAL
) -> str:
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting)
    writer.writerows([header, *ROWS])
    return out.getvalue()


ABOVE = "Export of the press archive\r\nMay 15, 2024\r\n"
SHAPES = {
    "excel-unicode.txt": table("\t").encode("utf-16"),
    "excel-sep.csv": b"sep=;\r\n" + table(";").encode("cp1252"),
    "excel-sep-16.csv": ("sep=\t\r\n" + table("\t")).encode("utf-16"),
    "quoted-sep.csv": b'"sep=|"\r\n' + table("|").encode(),
    "semicolons.csv": table(";").encode("utf-8-sig"),
    "quoted.csv": table(",", quoting=csv.QUOTE_ALL).encode("utf-8-sig"),
    "third-row.csv": (ABOVE + table(",")).encode(),
    "third-row-blank.csv": ("Export;;;\r\n;;;\r\n" + table(";")).encode(),
    "tabs-in-txt.txt": table("\t").encode(),
    "chinese-header.txt": table("\t", ("標題", "日期", "來源", "正文")).encode("utf-16"),
    "gbk.csv": table(",", ("标题", "日期", "来源", "内容")).encode("gbk"),
    "no-ending": table("\t").encode("utf-16-le"),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_table_in_any_shape(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(SHAPES[name])
    found = articles(tmp_path / name)
    assert [(a.title, a.published, a.outlet, a.text) for a in found] == list(ROWS)


def test_a_text_with_commas_is_no_table(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"Wheat, rail, and title fights\n\n{RAIL}\n\n{WHEAT}\n")
    (article,) = articles(tmp_path / "a.txt")
    assert RAIL in article.text


@pytest.mark.parametrize(
    "broken",
    [
        'Third,2024-01-01,X,"The text has no end',
        '"Third,2024-01-01,X,A text',
        'Third,"2024-01-01,X",Y"',
        'Third,2024-01-01,"X',
    ],
)
def test_an_unclosed_quote_costs_one_row(tmp_path: Path, broken: str) -> None:
    lines = [table(",").splitlines()[0], broken, *table(",").splitlines()[1:]]
    (tmp_path / "a.csv").write_text("\n".join(lines) + "\n")
    found = list(read(tmp_path / "a.csv"))
    assert [a.text for a in found if isinstance(a, Article)] == [RAIL, WHEAT]
    (rejection,) = (r for r in found if isinstance(r, Rejection))
    assert rejection.source == "a.csv:2"


def test_a_table_of_unclosed_quotes_ends(tmp_path: Path) -> None:
    rows = "".join(f'{n},"{RAIL}\n' for n in range(30_001))
    (tmp_path / "a.csv").write_text("id,text\n" + rows)
    assert len(list(read(tmp_path / "a.csv"))) <= 30_001  # by squares it would take an hour


def test_a_cell_with_line_breaks_stays_whole(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows([("title", "text"), ("A", f"{RAIL}\n\n{WHEAT}"), ("B", WHEAT)])
    assert [a.text for a in articles(tmp_path / "a.csv")] == [f"{RAIL}\n{WHEAT}", WHEAT]


def test_cells_without_a_column_are_said(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f'title,text\nA,One half, the other half\nB,"{WHEAT}"\n')
    first, second = read(tmp_path / "a.csv")
    assert isinstance(first, Rejection)
    assert "More cells" in first.reason
    assert isinstance(second, Article)


DATES = ("03/05/2024", "23/04/2024", "11/06/2024")
DAY_FIRST = ["2024-05-03", "2024-04-23", "2024-06-11"]
MONTH_FIRST = ["2024-03-05", "2024-04-23", "2024-11-06"]


def dated(dates: tuple[str, ...]) -> list[dict[str, str]]:
    return [{"title": f"A{n}", "date": d, "text": f"{RAIL} {n}"} for n, d in enumerate(dates)]


@pytest.mark.parametrize("kind", ["csv", "json", "jsonl", "txt", "parquet"])
@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        (DATES, DAY_FIRST),
        (("03/05/2024", "04/23/2024", "11/06/2024"), MONTH_FIRST),
        (("3/5/24 09:30", "23/4/24 10:00", "11/6/24 11:00"), DAY_FIRST),
        (("3-5-2024", "23-4-2024", "11-6-2024"), DAY_FIRST),
        (("03/05/2024", "2024-04-23", "11/06/2024"), MONTH_FIRST),
    ],
)
def test_one_column_has_one_order(
    tmp_path: Path, kind: str, dates: tuple[str, ...], wanted: list[str]
) -> None:
    file = tmp_path / f"a.{kind}"
    records = dated(dates)
    if kind == "parquet":
        pandas = pytest.importorskip("pandas")
        pandas.DataFrame(records).to_parquet(file)
    elif kind in ("csv", "txt"):
        with file.open("w", newline="") as stream:
            writer = csv.DictWriter(
                stream, list(records[0]), delimiter="\t" if kind == "txt" else ","
            )
            writer.writeheader()
            writer.writerows(records)
    else:
        lines = "\n".join(map(json.dumps, records))
        file.write_text(lines if kind == "jsonl" else json.dumps(records))
    assert [a.published[:10] for a in articles(file)] == wanted


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("45426", "2024-05-14"),
        (45426, "2024-05-14"),
        ("1715679000", "2024-05-14T09:30:00+00:00"),
        (1715679000000, "2024-05-14T09:30:00+00:00"),
        ("民國113年5月14日", "2024-05-14"),
        ("20240514", "2024-05-14"),
    ],
)
def test_dates_as_programs_count_them(tmp_path: Path, value: Any, iso: str) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": RAIL, "date": value}))
    assert articles(tmp_path / "a.jsonl")[0].published == iso


MARKUP = "<p>高雄港第七貨櫃中心<strong>周二</strong>通過環評，總經費為&nbsp;380億元。</p><p>年吞吐量可增加 &lt;450萬&gt; 標準箱。</p>"
SHOWN = "高雄港第七貨櫃中心周二通過環評，總經費為 380億元。\n年吞吐量可增加 <450萬> 標準箱。"
TOOLS: dict[str, Any] = {
    "readability": {
        "title": "T &amp; U",
        "byline": "記者林小青",
        "content": f"<div>{MARKUP}</div>",
        "textContent": "x",
        "siteName": "海運日報",
        "publishedTime": "2024-05-14T10:00:00+08:00",
        "lang": "zh-TW",
    },
    "wallabag": [
        {
            "title": "T & U",
            "content": MARKUP,
            "published_at": "2024-05-14T10:00:00+08:00",
            "published_by": ["林小青"],
            "domain_name": "海運日報",
            "created_at": "2025-01-01",
        }
    ],
    "trafilatura": {
        "title": "T & U",
        "author": "林小青",
        "hostname": "sea.example",
        "date": "2024-05-14T10:00:00+08:00",
        "text": MARKUP,
        "raw_text": "x",
        "source": "https://sea.example/1",
        "source-hostname": "海運日報",
    },
    "wordpress": [
        {
            "title": {"rendered": "T &#038; U"},
            "content": {"rendered": MARKUP, "protected": False},
            "date": "2024-05-14T10:00:00+08:00",
            "link": "https://sea.example/1",
            "author": "林小青",
            "site_name": "海運日報",
        }
    ],
    "greader": {
        "items": [
            {
                "title": "T & U",
                "summary": {"content": MARKUP},
                "published": 1715652000,
                "author": "林小青",
                "origin": {"title": "海運日報"},
                "canonical": [{"href": "https://sea.example/1"}],
            }
        ]
    },
    "jsonld": {
        "@type": "NewsArticle",
        "headline": "T & U",
        "articleBody": MARKUP,
        "datePublished": "2024-05-14T10:00:00+08:00",
        "author": {"@type": "Person", "name": "林小青"},
        "publisher": {"name": "海運日報"},
    },
    "jsonfeed": {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {
                "title": "T & U",
                "content_html": MARKUP,
                "date_published": "2024-05-14T10:00:00+08:00",
                "authors": [{"name": "林小青"}],
                "source": "海運日報",
            }
        ],
    },
    "escaped": [
        {
            "title": "T &amp;amp; U",
            "正文": MARKUP.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"),
            "日期": "2024-05-14T10:00:00+08:00",
            "作者": "林小青",
            "来源": "海運日報",
        }
    ],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_markup_is_read_as_a_page_is(tmp_path: Path, tool: str) -> None:
    (tmp_path / "a.json").write_text(json.dumps(TOOLS[tool], ensure_ascii=False))
    (found,) = articles(tmp_path / "a.json")
    assert found.text == SHOWN
    assert (found.title, found.outlet) == ("T & U", "海運日報")
    assert "林小青" in found.author
    assert found.published in ("2024-05-14T10:00:00+08:00", "2024-05-14T02:00:00+00:00")
    assert found.url in ("", "https://sea.example/1")


def test_markup_in_a_table(tmp_path: Path) -> None:
    with (tmp_path / "a.csv").open("w", newline="") as stream:
        csv.writer(stream).writerows(
            [
                ("title", "body"),
                ("A<br>B", MARKUP),
                ("Q&A", "AT&amp;T rose 5% &#8212; more than 3 < 4."),
            ]
        )
    first, second = articles(tmp_path / "a.csv")
    assert first.text == SHOWN
    assert (second.title, second.text) == ("Q&A", "AT&T rose 5% — more than 3 < 4.")
