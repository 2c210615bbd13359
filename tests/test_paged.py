"""The geometry of pages by itself: words to lines, running heads, paragraphs."""

from __future__ import annotations

import numpy
import pytest

from index.read.paged.columns import find_lines
from index.read.paged.furniture import is_number, take_out
from index.read.paged.ocr import _level
from index.read.paged.phrases import phrases
from index.read.paged.words import Line, Word, body_size, is_wide, line_text, turned


def word(text: str, left: float, base: float = 100, size: float = 10) -> Word:
    """A word as wide as its characters are: half a square each, Chinese ones a whole one."""
    width = sum(size if is_wide(c) else size / 2 for c in text)
    return Word(text, left, base - size, left + width, base, base, size, False, False)


def lines(*texts: str, top: float = 50, left: float = 50, step: float = 12) -> list[Line]:
    placed = [word(text, left, top + n * step) for n, text in enumerate(texts)]
    return find_lines(placed)


def test_words_apart_are_set_apart_and_characters_are_not() -> None:
    assert line_text([word("trade", 0), word("office", 30)]) == "trade office"
    assert line_text([word("貿易", 0), word("代表處", 22)]) == "貿易代表處"
    assert line_text([word("Oil", 0), word("31", 60)]) == "Oil | 31"  # two cells of a table
    assert line_text([word(c, n * 20) for n, c in enumerate("EXTRA")]) == "EXTRA"


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [word("leftcolumnwords", 0, 100 + 12 * n) for n in range(4)]
    right = [word("rightcolumnwords", 120, 100 + 12 * n) for n in range(4)]
    found = find_lines([*left, *right])
    assert [line.text for line in found] == ["leftcolumnwords", "rightcolumnwords"] * 4
    assert found[0].column[1] <= found[1].column[0]


def test_a_word_of_a_vertical_column_is_turned_into_a_line() -> None:
    upper, lower = word("上", 80, 110), word("下", 80, 122)
    first, second = turned(upper, 100), turned(lower, 100)
    assert first.base == second.base and first.right <= second.left


def test_the_size_of_the_text_is_that_of_most_characters() -> None:
    headline = Line([word("Head", 0, 20, 24)])
    assert body_size([headline, *lines("a long line of text", "and another one")]) == 10


def test_running_heads_and_page_numbers_are_no_text() -> None:
    bodies = [
        [f"{part} {line} says more" for line in "abcdefg"] for part in ("One", "Two", "Three")
    ]
    pages = [
        [
            *lines("The Daily News", top=20),
            *lines(*body, top=100),
            *lines(f"{number}", top=790),
        ]
        for number, body in enumerate(bodies, 1)
    ]
    kept, heads = take_out(pages, [800.0] * 3, 10, phrases().page_number)
    assert [[line.text for line in left] for left in kept] == bodies
    assert heads[0] == "The Daily News"


@pytest.mark.parametrize("text", ["12", "- 12 -", "iv", "第 3 頁", "Page 3 of 12"])
def test_lines_that_only_say_which_page_this_is(text: str) -> None:
    assert is_number(text, phrases().page_number)


@pytest.mark.parametrize("text", ["12 dead", "civil", "第三頁報導"])
def test_lines_that_say_more(text: str) -> None:
    assert not is_number(text, phrases().page_number)


def test_lines_of_a_scan_at_an_angle_are_level() -> None:
    lines = numpy.array([[[50, y], [450, y], [450, y + 20], [50, y + 20]] for y in (100, 140, 180)])
    slant = numpy.radians(3)
    turn = numpy.array(
        [[numpy.cos(slant), numpy.sin(slant)], [-numpy.sin(slant), numpy.cos(slant)]]
    )
    middle = numpy.array([250, 200])
    level = _level((lines - middle) @ turn + middle, (400, 500))
    assert numpy.allclose(level, lines)
