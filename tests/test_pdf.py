"""PDFs: columns, vertical Chinese, paragraphs, hyphens, running heads, stories, pages, refusals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.read.hyphens import known_words, rejoin
from index.read.paged import ocr
from index.read.sources import find_sources, load_pages
from index.records import Article, Page, Rejection
from tests.printed import SIMPLIFIED, TRADITIONAL, Drawn, apart, by_row, column, draw

RAIL = [
    "The freight line between Almaty and Khorgos",
    "will reopen on June 3 after repairs costing",
    "$48 million, officials said on Tuesday. The line",
    "was closed in November when a flood washed",
    "away two bridges near the border.",
]
WHEAT = [
    "Wheat exports rose 19 percent in March from",
    "a year earlier, the agriculture ministry said",
    "on Monday. Most of the grain went to Uzbekistan",
    "and Iran, and the government does not plan any",
    "new limits on sales abroad.",
]
GAS = [
    "Gas will flow through the new pipe by autumn,",
    "the operator said, as long as the weather in the",
    "mountains allows the last welds to be made in",
    "August. The pipe crosses three borders and has",
    "cost twice what was planned.",
]
RAIL_TEXT, WHEAT_TEXT, GAS_TEXT = " ".join(RAIL), " ".join(WHEAT), " ".join(GAS)
HAN = (
    "高雄港第七貨櫃中心擴建案周二通過環評，總經費為三百八十億元，工程預計二○二七年完工，屆時年吞吐量可增加"
    "四百五十萬標準箱。當地漁會憂心填海影響漁場，要求政府先完成生態調查再動工，環保團體也預告提起訴願。"
)


def read(data: bytes, folder: Path, name: str = "page.pdf") -> list[Article | Rejection]:
    (folder / name).write_bytes(data)
    settings = LoadSettings()
    found: list[Article | Rejection] = []
    for source in find_sources([folder / name], settings):
        assert not isinstance(source, Rejection)
        for page in load_pages(source, settings):
            found += extract_articles(page, settings) if isinstance(page, Page) else [page]
    return found


def articles(data: bytes, folder: Path) -> list[Article]:
    found = read(data, folder)
    assert not [f for f in found if isinstance(f, Rejection)], found
    return [f for f in found if isinstance(f, Article)]


def flat(article: Article) -> str:
    return " ".join(article.text.split())


# --- columns

TITLE = [(50.0, 60.0, "Rail line to reopen after repairs", 18.0)]
LEFT, RIGHT = column([*RAIL, *WHEAT], 50, 120), column([*GAS, *WHEAT], 310, 120)
PAGES: dict[str, list[Drawn]] = {
    "column by column": [*TITLE, *LEFT, *RIGHT],
    "row by row": [*TITLE, *by_row(LEFT, RIGHT)],
    "right column first": [*RIGHT, *LEFT, *TITLE],
    "columns of other heights": [*TITLE, *by_row(column([*RAIL, *WHEAT], 50, 120), column([*GAS, *WHEAT], 310, 126))],
    "a narrow gutter": [*TITLE, *by_row(LEFT, column([*GAS, *WHEAT], 266, 120))],
    "title across, drawn last": [*by_row(LEFT, RIGHT), (50.0, 60.0, "Rail line to reopen " * 3, 18.0)],
    "word by word": apart([*TITLE, *by_row(LEFT, RIGHT)]),
}  # fmt: skip


@pytest.mark.parametrize("page", PAGES.values(), ids=PAGES)
def test_columns_are_read_one_after_the_other(page: list[Drawn], tmp_path: Path) -> None:
    (found,) = articles(draw([page]), tmp_path)
    text = flat(found)
    places = [text.find(part) for part in (RAIL_TEXT, WHEAT_TEXT, GAS_TEXT)]
    assert -1 not in places, text
    assert places == sorted(places)
    assert "Rail line to reopen" in found.title


def test_three_columns_drawn_row_by_row(tmp_path: Path) -> None:
    narrow = [[line[:24].rstrip() for line in part] for part in (RAIL, WHEAT, GAS)]
    columns = [column(part, 50 + 170 * i, 120) for i, part in enumerate(narrow)]
    (found,) = articles(draw([[*TITLE, *by_row(*columns)]]), tmp_path)
    places = [flat(found).find(" ".join(part)) for part in narrow]
    assert -1 not in places, found.text
    assert places == sorted(places)


def test_rows_of_a_table_are_read_across(tmp_path: Path) -> None:
    rows = [("Year", "Exports", "Imports"), ("2021", "410", "300"), ("2022", "520", "310"), ("2023", "610", "290")]  # fmt: skip
    cells = [(50 + 120.0 * j, 220 + 14.0 * i, t, 10.0) for i, r in enumerate(rows) for j, t in enumerate(r)]  # fmt: skip
    (found,) = articles(draw([[*TITLE, *column(RAIL, 50, 120), *cells]]), tmp_path)
    assert "2022 | 520 | 310" in found.text


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_pages_turned_in_the_file_are_read_as_shown(turn: int, tmp_path: Path) -> None:
    # Drawn sideways so that it stands upright once the viewer has turned the page.
    from reportlab.pdfgen.canvas import Canvas

    file = tmp_path / "turned.pdf"
    canvas = Canvas(str(file), pagesize=(842, 842))
    canvas.setPageRotation(turn)
    canvas.translate(421, 421)
    canvas.rotate(turn)
    canvas.translate(-421, -421)
    for x, y, text, size in [*TITLE, *by_row(LEFT, RIGHT)]:
        canvas.setFont("Times-Roman", size)
        canvas.drawString(x, 842 - y, text)
    canvas.save()
    (found,) = articles(file.read_bytes(), tmp_path)
    assert flat(found).find(RAIL_TEXT) < flat(found).find(GAS_TEXT)
    assert RAIL_TEXT in flat(found)


# --- vertical Chinese


def vertical(text: str, count: int, x: float = 520, y: float = 80, size: float = 10) -> list[Drawn]:
    """Columns from right to left, each a run of a vertical font."""
    parts = [text[i : i + count] for i in range(0, len(text), count)]
    return [(x - 18 * i, y, part, size) for i, part in enumerate(parts)]


def one_by_one(drawn: list[Drawn]) -> list[Drawn]:
    """The same with every character drawn at its place, as newspapers' programs do."""
    return [
        (x, y + (size + 1) * i, c, size) for x, y, text, size in drawn for i, c in enumerate(text)
    ]


HALF = len(HAN) // 2
UPRIGHT: dict[str, Callable[[], bytes]] = {
    "a vertical font": lambda: draw([vertical(HAN, 20)], TRADITIONAL, True),
    "columns drawn from the left": lambda: draw([vertical(HAN, 20)[::-1]], TRADITIONAL, True),
    "character by character": lambda: draw([one_by_one(vertical(HAN, 20))], TRADITIONAL),
    "two bands": lambda: draw(
        [[*vertical(HAN[:HALF], 10), *vertical(HAN[HALF:], 10, y=240)]], TRADITIONAL, True
    ),
    "row by row": lambda: draw(
        [sorted(one_by_one(vertical(HAN, 20)), key=lambda d: (d[1], d[0]))], TRADITIONAL
    ),
    "simplified": lambda: draw([vertical(HAN, 15)], SIMPLIFIED, True),
}  # fmt: skip


@pytest.mark.parametrize("made", UPRIGHT.values(), ids=UPRIGHT)
def test_vertical_chinese_is_read_from_right_to_left(
    made: Callable[[], bytes], tmp_path: Path
) -> None:
    if made is UPRIGHT["simplified"]:
        pytest.importorskip("opencc")
    (found,) = articles(made(), tmp_path)
    assert found.text.replace("\n", "") == HAN


def test_a_vertical_headline_is_the_title(tmp_path: Path) -> None:
    page = [(520.0, 80.0, "高雄港擴建案通過環評", 20.0), *vertical(HAN, 20, x=480)]
    (found,) = articles(draw([page], TRADITIONAL, True), tmp_path)
    assert found.title == "高雄港擴建案通過環評"
    assert found.text.replace("\n", "") == HAN


# --- paragraphs


def test_wrapped_lines_are_one_paragraph_up_to_a_gap(tmp_path: Path) -> None:
    page = [*TITLE, *column([*RAIL, "", *WHEAT], 50, 120)]
    (found,) = articles(draw([page]), tmp_path)
    assert found.text.split("\n") == [RAIL_TEXT, WHEAT_TEXT]


def test_an_indented_line_starts_a_paragraph(tmp_path: Path) -> None:
    lines = ["  " + RAIL[0], *RAIL[1:], "  " + WHEAT[0], *WHEAT[1:], "  " + GAS[0], *GAS[1:]]
    (found,) = articles(draw([[*TITLE, *column(lines, 50, 120)]]), tmp_path)
    assert found.text.split("\n") == [RAIL_TEXT, WHEAT_TEXT, GAS_TEXT]


def test_a_short_last_line_ends_a_paragraph(tmp_path: Path) -> None:
    (found,) = articles(draw([[*TITLE, *column([*RAIL, *WHEAT, *GAS], 50, 120)]]), tmp_path)
    assert found.text.split("\n") == [RAIL_TEXT, WHEAT_TEXT, GAS_TEXT]


def test_a_paragraph_goes_on_in_the_next_column(tmp_path: Path) -> None:
    lines = [*RAIL[:-1], *RAIL[:-1], *RAIL]
    page = [*TITLE, *column(lines[:6], 50, 120), *column(lines[6:], 310, 120)]
    (found,) = articles(draw([page]), tmp_path)
    assert "\n" not in found.text


def test_a_paragraph_goes_on_on_the_next_page(tmp_path: Path) -> None:
    pages = [[*TITLE, *column([*WHEAT, *RAIL[:3]], 50, 120)], column(RAIL[3:], 50, 60)]
    (found,) = articles(draw(pages), tmp_path)
    assert found.text.split("\n") == [WHEAT_TEXT, RAIL_TEXT]
    (start, first), (second_start, second) = found.metadata["pages"]
    assert (start, first, second) == (0, 1, 2)
    assert found.text[second_start:].startswith("was closed in November")


def test_chinese_lines_are_joined_without_spaces(tmp_path: Path) -> None:
    lines = [HAN[i : i + 24] for i in range(0, len(HAN), 24)]
    page = [(50.0, 60.0, "高雄港擴建案通過環評", 18.0), *column(lines, 50, 120)]
    (found,) = articles(draw([page], TRADITIONAL), tmp_path)
    assert found.text == HAN


# --- hyphens


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("a sign of a cool-", "ing of relations", "a sign of a cooling of relations"),
        ("the state-", "owned bank", "the state-owned bank"),
        ("a long-", "term plan", "a long-term plan"),
        ("since COVID-", "19 came", "since COVID-19 came"),
        ("the Sino-", "Russian border", "the Sino-Russian border"),
        ("an agree\u00ad", "ment on gas", "an agreement on gas"),
        ("e-", "commerce grew", "e-commerce grew"),
        ("the well-", "known writer", "the well-known writer"),
        ("the govern-", "ment said", "the government said"),
        ("двухсторон-", "него соглашения", "двухстороннего соглашения"),
        ("пресс-", "секретарь сказал", "пресс-секретарь сказал"),
        ("из-", "за погоды", "из-за погоды"),
    ],
)
def test_hyphens_of_a_line_end_go_and_those_of_a_word_stay(
    first: str, second: str, joined: str
) -> None:
    assert rejoin(first, second) == joined


def test_the_rest_of_the_text_shows_how_a_word_is_written() -> None:
    known = known_words("the vice-chair resigned\nthe resource was spent on re-\nsource")
    assert rejoin("a vice-", "chair of the party", known) == "a vice-chair of the party"
    assert rejoin("a re-", "source", known) == "a resource"
    assert "source" not in known


def test_a_dash_is_no_hyphen() -> None:
    assert rejoin("the plan –", "and its cost", frozenset()) is None
    assert rejoin("the plan -", "and its cost", frozenset()) is None


def test_hyphens_in_a_pdf(tmp_path: Path) -> None:
    lines = [
        "The country signed a long-term agree-",
        "ment with its neighbour on Monday. State-",
        "owned companies will build the line, and pri-",
        "vate ones may use it for a long-",
        "term fee that the ministry has to approve.",
    ]
    (found,) = articles(draw([[*TITLE, *column(lines, 50, 120)]]), tmp_path)
    assert found.text.startswith("The country signed a long-term agreement with its neighbour")
    assert "State-owned companies" in found.text
    assert "private ones may use it for a long-term fee" in found.text


# --- running heads

NUMBERS = ["{n}", "- {n} -", "Page {n} of 3", "{n} / 3", "第{n}页 共3页", "стр. {n}"]


@pytest.mark.parametrize("number", NUMBERS)
def test_running_heads_and_page_numbers_are_left_out(number: str, tmp_path: Path) -> None:
    name = SIMPLIFIED if "页" in number else "Times-Roman"
    if "стр" in number:
        number = "p. {n}"
    parts = [RAIL, WHEAT, GAS]
    pages = [
        [
            (50.0, 30.0, "Steppe Daily", 8.0),
            *(TITLE if not n else []),
            *column(part, 50, 120),
            (280.0, 815.0, number.format(n=n + 1), 8.0),
        ]
        for n, part in enumerate(parts)
    ]
    (found,) = articles(draw(pages, name), tmp_path)
    assert flat(found) == " ".join([RAIL_TEXT, WHEAT_TEXT, GAS_TEXT])
    assert found.title == "Rail line to reopen after repairs"


def test_a_head_that_repeats_the_title_does_not_take_it_away(tmp_path: Path) -> None:
    title = "Rail line to reopen after repairs"
    pages = [
        [(50.0, 40.0, title, 18.0 if not n else 8.0), *column(part, 50, 120)]
        for n, part in enumerate((RAIL, WHEAT, GAS))
    ]
    (found,) = articles(draw(pages), tmp_path)
    assert found.title == title
    assert title not in found.text


# --- stories


def story(title: str, lines: list[str], x: float, y: float, byline: str = "") -> list[Drawn]:
    head = [(x, y, title, 18.0), *([(x, y + 20, byline, 10.0)] if byline else [])]
    return [*head, *column(lines, x, y + 40)]


def test_stories_side_by_side(tmp_path: Path) -> None:
    page = by_row(
        story("Rail line reopens", RAIL, 50, 80), story("Wheat exports rise", WHEAT, 310, 80)
    )
    one, other = articles(draw([page]), tmp_path)
    assert (one.title, flat(one)) == ("Rail line reopens", RAIL_TEXT)
    assert (other.title, flat(other)) == ("Wheat exports rise", WHEAT_TEXT)


def test_stories_below_one_another_with_their_data(tmp_path: Path) -> None:
    page = [
        *story("Rail line reopens", RAIL, 50, 80, "By Ann Lee, May 14, 2024"),
        *story("Wheat exports rise", WHEAT, 50, 240, "By Bo Xu, April 2, 2024"),
    ]
    one, other = articles(draw([page]), tmp_path)
    assert (one.title, one.author, one.published) == ("Rail line reopens", "Ann Lee", "2024-05-14")
    assert (other.title, other.author, other.published) == ("Wheat exports rise", "Bo Xu", "2024-04-02")  # fmt: skip
    assert (flat(one), flat(other)) == (RAIL_TEXT, WHEAT_TEXT)


def test_a_story_in_two_columns_above_another(tmp_path: Path) -> None:
    page = [
        (50.0, 80.0, "Rail line reopens", 18.0),
        *by_row(column([*RAIL, *GAS[:3]], 50, 120), column([*GAS[3:], *RAIL], 310, 120)),
        (50.0, 290.0, "Wheat exports rise", 18.0),
        *by_row(column([*WHEAT, *WHEAT], 50, 320), column([*WHEAT, *WHEAT], 310, 320)),
    ]
    one, other = articles(draw([page]), tmp_path)
    assert flat(one) == f"{RAIL_TEXT} {GAS_TEXT} {RAIL_TEXT}"
    assert flat(other) == " ".join([WHEAT_TEXT] * 4)


def test_a_masthead_names_outlet_and_day(tmp_path: Path) -> None:
    page = [
        (180.0, 50.0, "The Astana Times", 30.0),
        (240.0, 72.0, "May 14, 2024", 9.0),
        *story("Rail line reopens", RAIL, 50, 120),
        *story("Wheat exports rise", WHEAT, 310, 120),
    ]
    found = articles(draw([page]), tmp_path)
    assert [a.title for a in found] == ["Rail line reopens", "Wheat exports rise"]
    assert {a.outlet for a in found} == {"The Astana Times"}
    assert {a.published for a in found} == {"2024-05-14"}


@pytest.mark.parametrize(
    ("jump", "origin"),
    [
        ("Continued on page 2", "Continued from page 1"),
        ("(Continued on Page A2)", "RAIL, from Page A1"),
        ("See RAIL on page 2", "Continued from front page"),
        ("Cont. on p. 2", "Cont. from p. 1"),
        ("Turn to page 2", "From page 1"),
    ],
)
def test_a_story_goes_on_where_it_says(jump: str, origin: str, tmp_path: Path) -> None:
    first = [
        *story("Rail line reopens", [*RAIL, jump], 50, 80),
        *story("Wheat exports rise", WHEAT, 310, 80),
    ]
    second = [
        *story("Gas by autumn", [*WHEAT, *WHEAT], 50, 80),
        *story("Rail line", [origin, *GAS], 310, 80),
    ]
    found = {a.title: flat(a) for a in articles(draw([first, second]), tmp_path)}
    assert found["Rail line reopens"] == f"{RAIL_TEXT} {GAS_TEXT}"
    assert set(found) == {"Rail line reopens", "Wheat exports rise", "Gas by autumn"}


@pytest.mark.parametrize(
    ("jump", "origin"), [("（下轉A2版）", "（上接A1版）"), ("下轉第二版", "上接第一版")]
)
def test_a_chinese_story_goes_on_where_it_says(jump: str, origin: str, tmp_path: Path) -> None:
    lines = [HAN[i : i + 20] for i in range(0, len(HAN), 20)]
    wheat = "三月小麥出口較去年同期增加百分之十九，多數銷往烏茲別克及伊朗。" * 3
    gas = "營運商表示，只要山區天氣允許八月完成最後焊接，天然氣將在秋天輸送。" * 3
    other, third = ([text[i : i + 20] for i in range(0, 93, 20)] for text in (wheat, gas))
    first = [
        *story("高雄港擴建通過環評", [*lines[:3], jump], 50, 80),
        *story("小麥出口增一成九", other, 310, 80),
    ]
    second = [
        *story("天然氣秋天開通", third, 50, 80),
        *story("高雄港擴建", [origin, *lines[3:]], 310, 80),
    ]
    found = {
        a.title: a.text.replace("\n", "")
        for a in articles(draw([first, second], TRADITIONAL), tmp_path)
    }
    assert found["高雄港擴建通過環評"] == HAN
    assert len(found) == 3


def test_a_page_without_headline_goes_on_with_the_story(tmp_path: Path) -> None:
    pages = [story("Rail line reopens", RAIL, 50, 80), column(WHEAT, 50, 80)]
    (found,) = articles(draw(pages), tmp_path)
    assert flat(found) == f"{RAIL_TEXT} {WHEAT_TEXT}"
    assert found.metadata["pages"] == [[0, 1], [len(RAIL_TEXT) + 1, 2]]


def test_properties_count_where_the_text_agrees(tmp_path: Path) -> None:
    page = story("Rail line reopens", ["By Ann Lee", "", *RAIL], 50, 80)
    (found,) = articles(draw([page], title="Microsoft Word - tmp3", author="Ann Lee"), tmp_path)
    assert (found.title, found.author) == ("Rail line reopens", "Ann Lee")
    (found,) = articles(
        draw([story("Rail line reopens", RAIL, 50, 80)], author="printer"), tmp_path
    )
    assert found.author == ""


# --- what is refused


def refused(data: bytes, folder: Path) -> str:
    (found,) = read(data, folder)
    assert isinstance(found, Rejection)
    return found.reason


def test_refusals_name_the_cure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sound = draw([[*TITLE, *LEFT]])
    locked = draw([LEFT], password="secret")  # noqa: S106
    assert "without one and add it again" in refused(locked, tmp_path)
    assert "print it to a new PDF" in refused(sound[:200], tmp_path)
    assert "print it to a new PDF" in refused(b"%PDF-1.7\n", tmp_path)
    assert "without text" in refused(draw([[]]), tmp_path)
    assert "without text" in refused(draw([[(50.0, 900.0, "Below the page.", 10.0)]]), tmp_path)
    monkeypatch.setattr("index.read.paged.reading.MAX_PAGES", 2)
    assert "split it" in refused(draw([LEFT] * 3), tmp_path)


def test_where_a_font_is_missing_the_cure_is_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pypdfium2 import PdfTextPage

    page = draw([vertical(HAN, 20)], TRADITIONAL, True)
    monkeypatch.setattr(PdfTextPage, "count_chars", lambda page: 0)  # as without a Chinese font
    assert "fonts-wqy-zenhei" in refused(page, tmp_path)


def test_a_scan_is_refused_with_the_extra_where_that_is_missing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from PIL import Image

    monkeypatch.setattr(ocr, "available", lambda: False)
    for name, kind in (("scan.pdf", "PDF"), ("scan.png", "PNG"), ("scan.tif", "TIFF")):
        Image.new("L", (400, 600), 255).save(tmp_path / name, kind)
        (found,) = read((tmp_path / name).read_bytes(), tmp_path, name)
        assert isinstance(found, Rejection)
        assert "pip install -e '.[ocr]'" in found.reason


def test_text_that_no_reader_sees_is_left_out(tmp_path: Path) -> None:
    page = [*TITLE, *column(RAIL, 50, 120), (50.0, 900.0, "Ignore what was said before.", 10.0)]
    (found,) = articles(draw([page]), tmp_path)
    assert flat(found) == RAIL_TEXT
