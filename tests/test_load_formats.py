"""Every format a pile of news comes in, read to articles."""

import base64
import builtins
import bz2
import csv
import gzip
import hashlib
import io
import json
import lzma
import tarfile
import zipfile
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.read.sources import Source, find_sources, load_pages
from index.read.streams import Meter
from index.records import Article, LeftOut, Page, Rejection
from tests.documents import make_docx, make_epub, make_pdf, make_warc

ENGLISH = (
    "Kazakhstan closed its trade office in Moscow after 31 years, officials said on Wednesday.",
    "The ministry did not comment on the decision, which had been expected for months.",
)
CHINESE = "哈薩克宣布關閉駐俄貿易代表處,官方表示此舉與預算有關。"


def read(target: Path, settings: LoadSettings | None = None) -> Iterator[Article | Rejection]:
    settings = settings or LoadSettings()
    for source in find_sources([target], settings):
        assert isinstance(source, Source), source
        for page in load_pages(source, settings):
            if isinstance(page, Page):
                yield from extract_articles(page, settings)
            else:
                yield page


def articles(target: Path, settings: LoadSettings | None = None) -> list[Article]:
    found = list(read(target, settings))
    assert [f for f in found if isinstance(f, Rejection) and not isinstance(f, LeftOut)] == []
    return [f for f in found if isinstance(f, Article)]


def zipped(*members: tuple[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return data.getvalue()


def records(*numbers: int) -> bytes:
    """JSON Lines, long enough for the pieces in which files are read not to show."""
    texts = (f"{n} " + hashlib.sha256(str(n).encode()).hexdigest() * 30 for n in numbers)
    return "".join(json.dumps({"text": text}) + "\n" for text in texts).encode()


HALF, OTHER = records(*range(50)), records(*range(50, 100))
ROWS = [json.loads(line)["text"] for line in (HALF + OTHER).splitlines()]
LONG = {
    "a.jsonl": HALF + OTHER,
    "a.jsonl.gz": gzip.compress(HALF + OTHER),
    "a.json": json.dumps([{"text": row} for row in ROWS]).encode(),
    "a.csv": "\n".join(["text,url", *(f"{row},x" for row in ROWS)]).encode(),
    "a.mbox": "".join(f"From a@b.c Wed Mar  1 10:00:00 2023\n\n{row}\n\n" for row in ROWS).encode(),
    "one.zip": zipped(("a.jsonl", HALF + OTHER)),
    "two.zip": zipped(("a.jsonl", HALF), ("b.jsonl", OTHER)),
    "deep.zip": zipped(("a.zip", zipped(("a.jsonl", HALF))), ("b.jsonl.bz2", bz2.compress(OTHER))),
}


@pytest.mark.parametrize("name", LONG)
def test_how_much_of_a_long_file_is_read(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(LONG[name])
    (source,) = find_sources([tmp_path / name], LoadSettings())
    assert isinstance(source, Source)
    meter = Meter()
    shares = [meter.share for _ in load_pages(source, LoadSettings(), meter)]
    assert len(shares) == 100
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert shares[49] == pytest.approx(0.5, abs=0.2)  # by compressed size
    assert meter.share == 1


def test_json_lines(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    records: list[Any] = [
        {"text": ENGLISH[0], "title": "Office closed", "outlet": "Daily", "published": "2023-03-01T10:00:00+05:00",
         "author": "Jane Doe", "url": "https://x.example/1", "language": "en-GB", "tags": ["trade"], "desk": 7},
        {"html": f"<p>{ENGLISH[0]}</p><p>{ENGLISH[1]}</p><script>stolen()</script>"},
    ]  # fmt: skip
    file.write_text("\n".join(map(json.dumps, records)), encoding="utf-8")
    first, second = articles(file)
    assert first == Article(
        ENGLISH[0], "Office closed", "Jane Doe", "Daily", "2023-03-01T10:00:00+05:00", "https://x.example/1",
        language="en", file="news.jsonl", tags=("trade",), metadata={"desk": 7}, page_end=len(ENGLISH[0]),
    )  # fmt: skip
    assert second.text == "\n".join(ENGLISH)


def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path) -> None:
    file = tmp_path / "news.jsonl"
    file.write_text(
        f'{{"text": "{ENGLISH[0]}"}}\n{{"text": \n[1]\n{{"txt": "x"}}\n{{"text": "{ENGLISH[1]}"}}\n'
    )
    found = list(read(file))
    assert [f.source for f in found if isinstance(f, Rejection)] == [
        "news.jsonl:2",
        "news.jsonl:3",
        "news.jsonl:4",
    ]
    assert "load.columns" in str(found[3])
    assert [f.text for f in found if isinstance(f, Article)] == list(ENGLISH)


def test_records_with_the_names_of_other_tools(tmp_path: Path) -> None:
    file = tmp_path / "export.json"
    record = {"content": CHINESE, "headline": "關閉", "publishedAt": 1677672000, "source": {"id": 1, "name": "Daily"},
              "authors": ["A. B.", "C. D."]}  # fmt: skip
    file.write_text(json.dumps({"status": "ok", "articles": [record]}))
    (found,) = articles(file)
    assert (found.text, found.title, found.outlet) == (CHINESE, "關閉", "Daily")
    assert (found.published, found.author) == ("2023-03-01T12:00:00+00:00", "A. B., C. D.")
    assert found.metadata["publishedAt"] == 1677672000


def test_csv_with_chinese_headers_and_encoding(tmp_path: Path) -> None:
    file = tmp_path / "news.csv"
    with file.open("w", encoding="gb18030", newline="") as stream:
        writer = csv.writer(stream, delimiter=";")
        writer.writerow(["标题", "正文", "日期", "来源"])
        writer.writerow(
            [
                "哈国关闭代表处",
                '哈萨克斯坦宣布关闭驻俄贸易代表处;\n"官方"没有评论。',
                "2023/3/1",
                "日报",
            ]
        )
    (found,) = articles(file)
    assert found.text == '哈萨克斯坦宣布关闭驻俄贸易代表处;\n"官方"没有评论。'
    assert (found.title, found.published, found.outlet) == ("哈国关闭代表处", "2023-03-01", "日报")


def test_columns_can_be_mapped(tmp_path: Path) -> None:
    file = tmp_path / "news.tsv"
    file.write_text(f"story\tslug\twhen\n{ENGLISH[0]}\tOffice closed\tMarch 1, 2023\n")
    settings = LoadSettings(columns={"story": "text", "slug": "title", "when": "published"})
    (found,) = articles(file, settings)
    assert (found.text, found.title, found.published) == (ENGLISH[0], "Office closed", "2023-03-01")


def test_a_cell_may_be_long(tmp_path: Path) -> None:
    file = tmp_path / "news.csv"
    long = " ".join([ENGLISH[0]] * 3000)
    file.write_text(f'title,text\nLong,"{long}"\n')
    assert articles(file)[0].text == long


def test_parquet(tmp_path: Path) -> None:
    arrow = pytest.importorskip("pyarrow")
    from pyarrow import parquet

    file = tmp_path / "news.parquet"
    table = arrow.table({"text": [*ENGLISH], "published": [datetime(2023, 3, 1), None]})
    parquet.write_table(table, file)
    first, second = articles(file)
    assert (first.text, first.published) == (ENGLISH[0], "2023-03-01")
    assert (second.text, second.published) == (ENGLISH[1], "")


def test_parquet_without_pyarrow_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = builtins.__import__

    def without(name: str, *args: Any, **kwargs: Any) -> Any:
        if name.startswith("pyarrow"):
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    (tmp_path / "news.parquet").write_bytes(b"PAR1....PAR1")
    (found,) = read(tmp_path / "news.parquet")
    assert isinstance(found, Rejection)
    assert "pip install -e '.[parquet]'" in found.reason


def test_pdf(tmp_path: Path) -> None:
    lines = ["Trade office closed", "By Jane Doe, March 1, 2023"]
    body = (
        "Kazakhstan closed its trade office in Moscow after thirty-one",
        "years, officials said on Wednesday, in the latest sign of a cool-",
        "ing of relations between the two neighbours. The ministry did",
        "not comment on the decision, which had been expected by many",
        "for months, and which its neighbour said it would not answer.",
    )
    pages = [
        ["The Daily, page 1", *lines, *body],
        [
            "The Daily, page 2",
            "Its neighbour, he said on the telephone, would not answer in",
            *body[1:4],
        ],
        ["The Daily, page 3", "Traders in the capital welcomed the decision, since the", *body[3:]],
    ]
    (tmp_path / "a.pdf").write_bytes(make_pdf(pages))
    (found,) = articles(tmp_path / "a.pdf")
    assert found.title == "Trade office closed"
    assert (found.author, found.published) == ("Jane Doe", "2023-03-01")
    assert "in the latest sign of a cooling of relations between the two neighbours." in found.text
    assert "The Daily, page" not in found.text


def test_a_pdf_of_scans_is_recognised(tmp_path: Path) -> None:
    (tmp_path / "scan.pdf").write_bytes(make_pdf([[]]))
    (found,) = read(tmp_path / "scan.pdf")
    assert isinstance(found, Rejection)
    assert "OCR" in found.reason


def test_docx(tmp_path: Path) -> None:
    make_docx(
        tmp_path / "a.docx",
        "Office closed",
        "Jane Doe",
        [*ENGLISH],
        [["Year", "Trade"], ["2022", "2022"]],
    )
    (found,) = articles(tmp_path / "a.docx")
    assert (found.title, found.author) == ("Office closed", "Jane Doe")
    assert found.text.split("\n")[:2] == list(ENGLISH)
    assert "2022 | 2022" in found.text


def test_epub_chapters_in_reading_order(tmp_path: Path) -> None:
    make_epub(tmp_path / "a.epub", "The Review", [("First", ENGLISH), ("Second", ENGLISH[::-1])])
    first, second = articles(tmp_path / "a.epub")
    assert (first.title, second.title) == ("First", "Second")
    assert first.text == "\n".join(ENGLISH)
    assert first.metadata["book"] == "The Review"


def test_mail(tmp_path: Path) -> None:
    subject = base64.b64encode("哈薩克關閉代表處".encode()).decode()
    head = (
        f"From: Jane Doe <jane@example.org>\r\nSubject: Fwd: =?utf-8?B?{subject}?=\r\n"
        "Date: Wed, 01 Mar 2023 20:01:42 +0800\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
    )
    (tmp_path / "a.eml").write_bytes(head.encode() + CHINESE.encode("big5"))
    (found,) = articles(tmp_path / "a.eml")
    assert (found.text, found.title) == (CHINESE, "哈薩克關閉代表處")
    assert (found.author, found.published) == ("Jane Doe", "2023-03-01T20:01:42+08:00")


def test_mailbox(tmp_path: Path) -> None:
    (tmp_path / "a.mbox").write_text(
        f"From a@b Wed Mar  1 20:01:42 2023\nSubject: One\n\n{ENGLISH[0]}\n>From here on too.\n\n"
        f"From c@d Thu Mar  2 20:01:42 2023\nSubject: Two\n\n{ENGLISH[1]}\n"
    )
    first, second = articles(tmp_path / "a.mbox")
    assert (first.title, first.text) == ("One", f"{ENGLISH[0]}\nFrom here on too.")
    assert (second.title, second.text) == ("Two", ENGLISH[1])


def test_page_saved_as_one_file(tmp_path: Path) -> None:
    body = "".join(f"<p>{text}</p>" for text in ENGLISH * 3)
    (tmp_path / "a.mhtml").write_text(
        "From: <Saved by Blink>\nSnapshot-Content-Location: https://x.example/a\nSubject: x\n"
        'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="b"\n\n'
        f"--b\nContent-Type: text/html; charset=utf-8\n\n<html><body><h1>Office</h1>{body}</body></html>\n--b--\n"
    )
    (found,) = articles(tmp_path / "a.mhtml")
    assert (found.title, found.url) == ("Office", "https://x.example/a")


RSS = f"""<?xml version="1.0"?><rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/">
<channel><title>Daily</title><language>en-us</language><item><title>Office closed</title>
<link>https://x.example/1</link><pubDate>Wed, 01 Mar 2023 20:01:42 GMT</pubDate><description>Short.</description>
<content:encoded><![CDATA[<p>{ENGLISH[0]}</p><p>{ENGLISH[1]}</p>]]></content:encoded></item></channel></rss>"""


def test_feed(tmp_path: Path) -> None:
    (tmp_path / "feed.xml").write_text(RSS)
    (found,) = articles(tmp_path / "feed.xml")
    assert found.text == "\n".join(ENGLISH)
    assert (found.title, found.outlet, found.url) == (
        "Office closed",
        "Daily",
        "https://x.example/1",
    )
    assert (found.published, found.language) == ("2023-03-01T20:01:42+00:00", "en")


def test_web_archive(tmp_path: Path) -> None:
    page = "<html><body><h1>哈国关闭代表处</h1><p>2023-03-01 20:01 来源:日报</p><p>{}</p><p>{}</p></body></html>"
    texts = (
        "哈萨克斯坦宣布关闭驻俄贸易代表处,外界认为这是两国关系降温的信号。",
        "俄方表示不会做出同样的决定,也没有说明原因。",
    )
    make_warc(
        tmp_path / "a.warc.gz",
        [
            (
                "http://x.example/a.html",
                "200 OK",
                "text/html; charset=utf-8",
                page.format(*texts).encode("gbk"),
            ),
            ("http://x.example/s.css", "200 OK", "text/css", b"a{}"),
            ("http://x.example/gone", "404 Not Found", "text/html", b"<html>gone</html>"),
        ],
    )
    (found,) = articles(tmp_path / "a.warc.gz")
    assert found.text == "\n".join(texts)
    assert (found.url, found.outlet) == ("http://x.example/a.html", "日报")


def packed(tmp_path: Path) -> Path:
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr("old/a.txt", ENGLISH[0])
        archive.writestr("__MACOSX/a.txt", "x")
    with tarfile.open(tmp_path / "all.tar.gz", "w:gz") as tar:
        tar.add(tmp_path / "in.zip", "in.zip")
        feed = RSS.encode()
        info = tarfile.TarInfo("feed.xml")
        info.size = len(feed)
        tar.addfile(info, io.BytesIO(feed))
    return tmp_path / "all.tar.gz"


def test_archives_within_archives(tmp_path: Path) -> None:
    first, second = articles(packed(tmp_path))
    assert (first.file, first.text) == ("all.tar.gz/in.zip/old/a.txt", ENGLISH[0])
    assert second.title == "Office closed"


@pytest.mark.parametrize(("suffix", "module"), [("gz", gzip), ("bz2", bz2), ("xz", lzma)])
def test_compressed_text(tmp_path: Path, suffix: str, module: Any) -> None:
    (tmp_path / f"a.txt.{suffix}").write_bytes(module.compress(CHINESE.encode("big5")))
    (found,) = articles(tmp_path / f"a.txt.{suffix}")
    assert (found.file, found.text) == ("a.txt", CHINESE)


def test_a_zip_keeps_its_chinese_names(tmp_path: Path) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("XXXX.txt", ENGLISH[0])  # as many bytes as the two characters in GBK
    raw = data.getvalue().replace(b"XXXX.txt", "新闻".encode("gbk") + b".txt")
    (tmp_path / "a.zip").write_bytes(raw)
    (found,) = articles(tmp_path / "a.zip")
    assert found.file.endswith(".txt")
    assert "XXXX" not in found.file


def test_an_archive_of_saved_pages_is_read_like_their_folder(tmp_path: Path) -> None:
    page = f"<html><body><p>{ENGLISH[0]}</p><p>{ENGLISH[1]}</p></body></html>".encode()
    others = ("pages/a_files/ad.html", "pages/logo.png", "__MACOSX/._a.html", ".git/x.html")
    members = [("pages/a.html", page), *((name, page) for name in others)]
    (tmp_path / "a.zip").write_bytes(zipped(*members))
    with tarfile.open(tmp_path / "a.tar", "w") as archive:
        for name, data in members:
            (tmp_path / "member").write_bytes(data)
            archive.add(tmp_path / "member", name)
    for name in ("a.zip", "a.tar"):
        assert [found.file for found in articles(tmp_path / name)] == [f"{name}/pages/a.html"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0" + bytes(600), "save it as .docx"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + bytes(600), "image"),
        ("a.rar", b"Rar!\x1a\x07" + bytes(600), "unpack it"),
        ("a.bin", bytes(range(256)) * 8, "Neither text"),
        ("a.txt", b" \n\t ", "Empty"),
        ("a.xlsx", b"", "Empty"),
        ("a.docx", b"PK\x03\x04cut short" * 20, "Damaged: not readable as docx"),
        ("a.txt", make_pdf([["Office"]])[:120], "Damaged: not readable as pdf"),
    ],
)
def test_what_is_not_read_says_why(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    (found,) = read(tmp_path / name)
    assert isinstance(found, Rejection)
    assert reason in found.reason


def test_content_decides_over_the_name(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(make_pdf([["Office closed today", ENGLISH[0]]]))
    assert ENGLISH[0] in articles(tmp_path / "a.txt")[0].text
