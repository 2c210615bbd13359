"""Scans and pictures of pages, read by OCR."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.config import LoadSettings
from index.extract.isolated import Readers
from index.read.sources import find_sources
from index.read.streams import Meter
from index.records import Article, Rejection
from tests.printed import SIMPLIFIED, TRADITIONAL, by_row, column, draw, picture, saved
from tests.test_pdf import GAS, HAN, RAIL, RAIL_TEXT, WHEAT, WHEAT_TEXT, articles, flat, read

pytest.importorskip("rapidocr")
pytest.importorskip("onnxruntime")

ONE = (30, 30, 300, 200)
BOTH = (30, 30, 565, 200)
HEAD = [(50.0, 60.0, "Rail line reopens", 18.0)]


def one_column(lines: list[str]) -> Any:
    return picture(draw([[*HEAD, *column(lines, 50, 100)]]), ONE)


def two_columns() -> Any:
    return picture(draw([[*HEAD, *by_row(column(RAIL, 50, 100), column(WHEAT, 310, 100))]]), BOTH)


MADE: dict[str, tuple[Callable[[], bytes], str]] = {
    "page.png": (lambda: saved([one_column(RAIL)], "PNG"), RAIL_TEXT),
    "page.jpg": (lambda: saved([one_column(RAIL)], "JPEG"), RAIL_TEXT),
    "two.tif": (lambda: saved([one_column(RAIL), one_column(WHEAT)], "TIFF"), WHEAT_TEXT),
    "scan.pdf": (lambda: saved([two_columns()], "PDF"), f"{RAIL_TEXT} {WHEAT_TEXT}"),
    "askew.png": (lambda: saved([one_column(RAIL).rotate(0.5, fillcolor=255)], "PNG"), RAIL_TEXT),
}  # fmt: skip


@pytest.mark.parametrize(("name", "made"), MADE.items(), ids=MADE)
def test_pictures_of_pages_are_read(
    name: str, made: tuple[Callable[[], bytes], str], tmp_path: Path
) -> None:
    found = [f for f in read(made[0](), tmp_path, name) if isinstance(f, Article)]
    text = " ".join(flat(a) for a in found)
    assert made[1].replace(" ", "") in text.replace(" ", "")
    assert found[0].title.replace(" ", "") == "Raillinereopens"


@pytest.mark.parametrize("name", [TRADITIONAL, SIMPLIFIED])
def test_both_scripts_are_read(name: str, tmp_path: Path) -> None:
    import opencc

    text = HAN[69:129] if name == TRADITIONAL else opencc.OpenCC("t2s").convert(HAN[69:129])
    lines = [text[i : i + 20] for i in range(0, 60, 20)]
    scan = picture(draw([column(lines, 50, 60, 12, 18)], name), (30, 30, 330, 120))
    (found,) = articles(saved([scan], "PDF"), tmp_path)
    assert found.text.replace("\n", "") == text


def test_a_scan_between_pages_of_text_is_read_in_its_place(tmp_path: Path) -> None:
    from pypdfium2 import PdfDocument

    whole = PdfDocument.new()
    for part in (
        draw([[*HEAD, *column(RAIL, 50, 120)]]),
        saved([picture(draw([column(GAS, 50, 60)]), ONE)], "PDF"),
        draw([column(WHEAT, 50, 60)]),
    ):
        whole.import_pages(PdfDocument(part))
    whole.save(str(tmp_path / "mixed.pdf"))
    (found,) = articles((tmp_path / "mixed.pdf").read_bytes(), tmp_path)
    places = [flat(found).find(part[-1]) for part in (RAIL, GAS, WHEAT)]
    assert -1 not in places
    assert places == sorted(places)


def test_a_picture_without_text_is_refused(tmp_path: Path) -> None:
    from PIL import Image

    (found,) = read(saved([Image.new("L", (300, 300), 255)], "PNG"), tmp_path, "blank.png")
    assert isinstance(found, Rejection)
    assert "No text was found" in found.reason


def test_a_picture_made_to_fill_the_memory_is_refused(tmp_path: Path) -> None:
    from PIL import Image

    huge = saved([Image.new("1", (30_000, 30_000))], "PNG")
    assert len(huge) < 1_000_000
    (found,) = read(huge, tmp_path, "huge.png")
    assert isinstance(found, Rejection)
    assert "save it smaller" in found.reason


def test_more_time_and_memory_is_allowed_for_scans(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(saved([one_column(RAIL)], "PDF"))
    settings = LoadSettings(memory_mb=150)  # less than the models of OCR take
    (source,) = find_sources([file], settings)
    assert not isinstance(source, Rejection)
    with Readers(settings) as readers:
        readers.expect([source])
        (found,) = readers.read(source, Meter())
    assert isinstance(found, Article), found
