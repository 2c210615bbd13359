"""Bytes that are no Unicode: in names, in JSON, in pages of Taiwan and Hong Kong and the mainland."""

import io
import json
import os
import tarfile
import zipfile
from pathlib import Path

import pytest

from index.config import LoadSettings
from index.read.encoding import decode
from index.read.sources import Source, find_sources
from index.records import Rejection
from tests.test_load_formats import articles

TEXT = "阿拉木图与霍尔果斯之间的货运铁路将于6月3日重新开通，维修费用为4800万美元。"


@pytest.mark.parametrize(
    ("name", "encoding"),
    [("货运铁路.txt", "gbk"), ("小麦出口增长.txt", "gbk"), ("高雄港擴建案.txt", "big5"), ("新闻2024.txt", "gb18030")],
)  # fmt: skip
def test_a_file_name_of_another_system(tmp_path: Path, name: str, encoding: str) -> None:
    file = os.path.join(os.fsencode(tmp_path), name.encode(encoding))  # noqa: PTH118 - bytes
    with open(file, "wb") as stream:  # noqa: PTH123
        stream.write(TEXT.encode())
    (tmp_path / "z.txt").write_text(TEXT)
    last, first = find_sources([tmp_path], LoadSettings())
    assert isinstance(first, Source)
    assert isinstance(last, Source)
    assert (first.name, last.name) == (name, "z.txt")
    assert (first.key + first.name).encode()
    with first.open() as opened:
        assert opened.read() == TEXT.encode()


def test_a_name_that_is_nothing_is_said_in_unicode(tmp_path: Path) -> None:
    (found,) = find_sources([f"{tmp_path}/\udcff\udcfe"], LoadSettings())
    assert isinstance(found, Rejection)
    assert found.source.encode()


@pytest.mark.parametrize(
    "name", ["货运铁路.txt", "小麦出口.txt", "新闻.txt", "昨日要闻.txt", "北京日报/头版.txt"]
)
def test_names_in_a_zip_in_gbk(tmp_path: Path, name: str) -> None:
    stand_in = name.encode("gbk").decode("latin-1")
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("x" * len(stand_in), TEXT)
    raw = data.getvalue().replace(b"x" * len(stand_in), name.encode("gbk"))
    (tmp_path / "a.zip").write_bytes(raw)
    assert [a.file for a in articles(tmp_path / "a.zip")] == [f"a.zip/{name}"]


def test_names_in_a_tar_in_gbk(tmp_path: Path) -> None:
    with tarfile.open(
        tmp_path / "a.tar", "w", encoding="gbk", format=tarfile.GNU_FORMAT
    ) as archive:
        member = tarfile.TarInfo("货运铁路.txt")
        member.size = len(TEXT.encode())
        archive.addfile(member, io.BytesIO(TEXT.encode()))
    assert [a.file for a in articles(tmp_path / "a.tar")] == ["a.tar/货运铁路.txt"]


@pytest.mark.parametrize("escape", [r"\ud83d", r"\ude00", r"\ud83d\ud83d", r"\udcbb\udcf5"])
def test_half_a_character_in_json(tmp_path: Path, escape: str) -> None:
    line = json.dumps({"text": TEXT + "@", "title": "@", "other": {"@": ["@"]}}, ensure_ascii=False)
    (tmp_path / "a.jsonl").write_text(line.replace("@", escape) + "\n" + json.dumps({"text": TEXT}))
    first, second = articles(tmp_path / "a.jsonl")
    assert first.text.startswith(TEXT)
    assert (first.text + first.title + str(first.metadata)).encode()
    assert second.text == TEXT


def test_a_whole_character_in_json_stays(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"text": TEXT + "😀"}))
    assert articles(tmp_path / "a.jsonl")[0].text.endswith("😀")


HONG_KONG = "深水埗".encode("big5hkscs") + b"\xa3\xe1" + "五百萬".encode("big5")
TAIWAN = "高雄港擴建案周二通過環評，總經費為{}，港務公司表示工程預計明年完工。"


@pytest.mark.parametrize(
    ("data", "declared", "wanted"),
    [
        (TAIWAN.format("€三百億元").encode("cp950"), "big5", "€三百億元，"),
        (TAIWAN.format("巴拉克‧歐巴馬").encode("cp950"), "big5", "巴拉克‧歐巴馬"),
        (TAIWAN.format("深水埗、嘅㗎").encode("big5hkscs"), "big5-hkscs", "深水埗、嘅㗎"),
        (TAIWAN.format("@").encode("big5").replace(b"@", HONG_KONG), "", "深水埗€五百萬"),
        (TAIWAN.format("①裏碁ひ").encode("big5hkscs"), "big5", "裏碁ひ"),
        (TAIWAN.format("₩朱镕基㐀𠀀").encode("gb18030"), "gb2312", "朱镕基㐀𠀀"),
        ("维修费用为".encode("gbk") + b"\x80" + "三百亿元，官方周二表示，铁路将重新开通。".encode("gbk"), "gbk", "为€三百亿元"),
        (TAIWAN.format("\ufffd三百億元").encode("cp950", "ignore").replace("三百".encode("cp950"), b"\xff" + "三百".encode("cp950")), "big5", "\ufffd三百億元"),
    ],
)  # fmt: skip
def test_encodings_as_browsers_read_them(data: bytes, declared: str, wanted: str) -> None:
    assert wanted in decode(data, declared)
    assert wanted in decode(data, "")


def test_a_character_across_two_pieces_of_a_stream(tmp_path: Path) -> None:
    rows = "".join(
        json.dumps({"text": TAIWAN.format(f"€{n}億元")}, ensure_ascii=False) + "\n"
        for n in range(600)
    )
    (tmp_path / "a.jsonl").write_bytes(rows.encode("cp950"))
    assert [f"€{n}億元" in a.text for n, a in enumerate(articles(tmp_path / "a.jsonl"))] == [
        True
    ] * 600
