"""Which lines of a page are menus, stories, teasers: on the lines themselves, without a page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.extract.bylines import DataLine
from index.extract.left_out import OFFER, OUTSIDE, left_out_of
from index.extract.line_kinds import Kind
from index.extract.lines import Line, split_lines
from index.extract.parting.letter_stories import below_headings, between_rules
from index.extract.parting.pieces import Piece, select_articles
from index.extract.web.kinds_on_page import kinds_of

PROSE = "The ministry said on Monday that the trade office would close at the end of the month."
MORE = "Two dozen people work there, most of whom will return to Astana before the first snow."


def lines(*texts: str) -> list[Line]:
    return split_lines("\n".join(texts))


def headed(*texts: str) -> list[Line]:
    """Lines of which those that begin with # are headings."""
    found = lines(*(text.removeprefix("# ") for text in texts))
    marks = [text.startswith("# ") for text in texts]
    return [replace(line, heading=mark) for line, mark in zip(found, marks, strict=True)]


MENU = ("World", "Business", "Sport", "Culture", "Health")


def test_short_lines_one_below_the_other_are_a_menu() -> None:
    kinds = kinds_of(lines(*MENU, "Kazakhstan closes its trade office in Moscow", PROSE))
    assert kinds == [Kind.CHROME] * 5 + [Kind.SHORT, Kind.PROSE]
    assert kinds_of(lines(*MENU[:4], PROSE))[0] is Kind.SHORT  # too few
    long = [f"{name} as seen from Almaty and Astana" for name in MENU]
    assert kinds_of(lines(*long, PROSE))[0] is Kind.SHORT  # too long for a menu


def test_where_nothing_is_prose_short_lines_are_no_menu() -> None:
    assert Kind.CHROME not in kinds_of(lines(*MENU))


def test_a_date_in_a_run_of_short_lines_is_no_entry_of_a_menu() -> None:
    kinds = kinds_of(lines("World", "Business", "1 March 2023", "Sport", "Culture", PROSE))
    assert Kind.CHROME not in kinds


def test_what_repeats_belongs_to_the_page() -> None:
    repeated = "Story of the day from Astana"
    assert kinds_of(lines(repeated, PROSE, repeated, MORE, repeated))[::2] == [Kind.CHROME] * 3
    assert kinds_of(lines(repeated, PROSE, repeated))[::2] == [Kind.SHORT] * 2


def piece(*body: Line, title: str = "", **data: str) -> Piece:
    width = sum(line.width for line in body)
    found = Piece([*body], None, DataLine(**data), paragraphs=len(body), width=width, tight=True)  # type: ignore[arg-type]
    found.title = lines(title)[0] if title else None
    return found


def test_what_no_article_has_is_counted_by_kind() -> None:
    page = lines(PROSE, MORE, "Subscribe now to read the full story.", "World")
    assert left_out_of(page, [piece(page[0])]) == {OUTSIDE: 1, OFFER: 1}
    assert left_out_of(page, [piece(page[0], page[1])]) == {OFFER: 1}
    assert left_out_of(page[:1], [piece(title=PROSE)]) == {}  # as a headline it is not left out


def story(name: str, author: str = "Ann Lee", published: str = "2023-03-01") -> Piece:
    body = lines(*(f"{PROSE} {MORE} {name}." for _ in range(3)))
    return piece(*body, title=f"News of {name}", author=author, published=published)


def test_a_second_article_has_a_head_and_a_body_of_its_own() -> None:
    first, second = story("rail"), story("crop", published="2023-03-02")
    assert select_articles([first, second], tidy=False) == [first, second]
    assert select_articles([], tidy=False) == []


@pytest.mark.parametrize(
    "change",
    [
        {"title": None},
        {"tight": False},
        {"data": DataLine(author="Ann Lee", published="2023-03-01")},  # the first one's own
        {"data": DataLine(published="2023-03-02")},  # neither author nor outlet
        {"paragraphs": 1},
        {"width": 99.0},
        {"paragraphs": 3, "width": 119.0},  # paragraphs as short as comments
    ],
)
def test_a_comment_is_no_second_article(change: dict[str, object]) -> None:
    first, second = story("rail"), story("crop", published="2023-03-02")
    for name, value in change.items():
        setattr(second, name, value)
    assert select_articles([first, second], tidy=False) == [first]


def test_an_article_wins_against_longer_comments() -> None:
    main = story("rail")
    comments = piece(*main.body, *main.body)
    assert select_articles([comments, main], tidy=False) == [main]
    comments.width = 3.1 * main.width
    assert comments in select_articles([comments, main], tidy=False)


def test_on_a_page_of_clippings_short_ones_are_articles_too() -> None:
    notes = [piece(*lines(PROSE), title=name, author="AP", published="2023-03-01") for name in "AB"]
    assert select_articles(notes, tidy=True) == notes
    assert len(select_articles(notes, tidy=False)) == 1
    notes[1].data = DataLine(author="AP")
    assert len(select_articles(notes, tidy=True)) == 1


def test_stories_of_a_letter_stand_below_their_headings() -> None:
    letter = headed(
        "# Rail link opens", PROSE, "https://news.example/rail", "# Wheat harvest falls", MORE
    )
    first, second = below_headings(letter, "The morning letter")
    assert first.title is letter[0] and first.body == [letter[1]]
    assert first.url == "https://news.example/rail"
    assert (first.start, first.end) == (letter[0].start, letter[1].end)
    assert second.title is letter[3] and second.url == ""


@pytest.mark.parametrize(
    "texts",
    [
        (PROSE, "# Rail link opens", PROSE, "# Wheat harvest falls", MORE),  # prose above the first
        ("# Rail link opens", PROSE, "# Why", MORE),  # a heading within one text
        ("# The morning letter", PROSE, "# Wheat harvest falls", MORE),  # repeats the subject
        ("# Rail link opens", PROSE),  # one story is no list of stories
        ("Rail link opens", PROSE),
        ("# Rail link opens.", PROSE, "# Wheat harvest falls", MORE),  # a sentence is no headline
    ],
)
def test_headings_that_divide_one_text_make_no_stories(texts: tuple[str, ...]) -> None:
    assert below_headings(headed(*texts), "The morning letter") == []


def test_stories_stand_between_lines_of_dashes() -> None:
    found = between_rules(lines("Rail link opens", PROSE, "-----", "Wheat harvest falls", MORE))
    assert [one.title.text for one in found if one.title] == [
        "Rail link opens",
        "Wheat harvest falls",
    ]
    assert between_rules(lines("Rail link opens", PROSE, "-----", MORE)) == []
