"""The parts of extraction by themselves: lines of HTML, kinds of lines, Markdown, metadata."""

from __future__ import annotations

import pytest

from index.extract.line_kinds import Kind, classify, is_link_list
from index.extract.lines import Line, split_lines, text_width
from index.extract.markdown import read_markdown
from index.extract.web.html_lines import drop_unseen, page_lines, parse
from index.extract.web.metadata import read_markup, title_key

# HTML


def lines_of(markup: str) -> list[Line]:
    tree = parse(markup)
    drop_unseen(tree)
    return page_lines(tree)


def test_blocks_are_lines_and_inline_elements_are_not() -> None:
    found = lines_of("<h1>Office <b>closes</b></h1><p>It <em>was</em> small.<br>Staff left.</p>")
    assert [line.text for line in found] == ["Office closes", "It was small.", "Staff left."]
    assert [line.heading for line in found] == [True, False, False]


def test_what_a_reader_does_not_see_is_no_line() -> None:
    found = lines_of(
        "<p>Seen.</p><p hidden>Hidden.</p><p style='display:none'>Styled away.</p>"
        "<script>alert(1)</script><style>p {}</style><template>Later.</template>"
    )
    assert [line.text for line in found] == ["Seen."]


def test_share_of_links_is_known() -> None:
    (plain, linked) = lines_of("<p>No link here.</p><p><a href='/'>All of it</a></p>")
    assert plain.links == 0.0
    assert linked.links == pytest.approx(1.0)


def test_nothing_is_left_of_an_empty_page() -> None:
    assert parse("  <?xml version='1.0'?> ") is None


# Lines


def test_lines_know_where_they_stand() -> None:
    text = "Title\n\n\n  First\tline. \r\nSecond."
    found = split_lines(text)
    assert [line.text for line in found] == ["Title", "First line.", "Second."]
    assert [line.gap for line in found] == [0, 2, 0]
    assert all(text[line.start : line.end].split() == line.text.split() for line in found)


def test_width_counts_letters_only() -> None:
    assert text_width("關閉") == 2
    assert text_width("ab cd") == pytest.approx(1.6)
    assert text_width("12, 34!") == 0


# Kinds


def kind_of(text: str, **fields: float) -> Kind:
    return classify(Line(text, 0, len(text), **fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Kazakhstan has closed its trade office in Russia after 31 years.", Kind.PROSE),
        ("哈薩克宣布關閉駐俄羅斯的貿易代表處,消息來得突然。", Kind.PROSE),
        ("Office closes", Kind.SHORT),
        ("首頁 > 國際 > 中亞", Kind.CHROME),
        ("Home | World | Sport | Business | Opinion", Kind.CHROME),
    ],
)
def test_kinds_of_lines(text: str, kind: Kind) -> None:
    assert kind_of(text) is kind


def test_prose_that_is_all_links_leads_elsewhere() -> None:
    text = "Kazakhstan has closed its trade office in Russia after 31 years."
    assert kind_of(text, links=1.0) is Kind.CHROME


def test_headline_with_a_bar_is_no_list_of_links() -> None:
    assert not is_link_list("Office closes in Moscow | Reuters")


# Markdown


def test_markdown_signs_go_and_words_stay() -> None:
    text, data = read_markdown(
        '---\ntitle: "Office closes"\nauthor: Jane Roe\ndate: 1 March 2023\nmood: calm\n---\n'
        "# Office closes\n\nIt **was** [small](https://news.example/a).\n\n> Quoted *words*.\n"
        "![photo](x.png)\n"
    )
    assert [line for line in text.split("\n") if line] == [
        "Office closes",
        "It was small.",
        "Quoted words.",
    ]
    assert (data.title, data.author, data.published) == ("Office closes", "Jane Roe", "2023-03-01")


def test_markdown_keeps_signs_that_are_none() -> None:
    text, _ = read_markdown("2 * 3 * 4 = 24, snake_case_name, \\*kept\\*")
    assert text == "2 * 3 * 4 = 24, snake_case_name, *kept*"


# Metadata

PAGE = """<html><head><title>Office closes | Example News</title>
<link rel="canonical" href="https://news.example/office">
<meta property="og:title" content="Office closes">
<meta property="og:site_name" content="Example News">
<meta name="author" content="By Jane Roe">
<meta property="article:published_time" content="2023-03-01T20:01:42+08:00">
{extra}</head><body><h1>Office closes</h1></body></html>"""


def test_metadata_of_a_page() -> None:
    data = read_markup(parse(PAGE.format(extra="")))
    assert (data.title, data.outlet, data.author) == ("Office closes", "Example News", "Jane Roe")
    assert data.published.startswith("2023-03-01T20:01:42")
    assert data.canonical_url == "https://news.example/office"
    assert title_key("OFFICE CLOSES!") in data.titles


def test_json_ld_wins_and_says_that_it_is_an_article() -> None:
    ld = (
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Office shuts", '
        '"author": [{"name": "John Doe"}], "datePublished": "2023-03-02"}</script>'
    )
    data = read_markup(parse(PAGE.format(extra=ld)))
    assert (data.author, data.published) == ("John Doe", "2023-03-02")
    assert data.is_article
    assert not read_markup(parse(PAGE.format(extra=""))).is_article


def test_broken_json_ld_costs_nothing_else() -> None:
    ld = '<script type="application/ld+json">{"headline": </script>'
    assert read_markup(parse(PAGE.format(extra=ld))).title == "Office closes"


def test_address_of_a_saved_page() -> None:
    comment = "<!-- saved from url=(0031)https://news.example/saved/page -->"
    assert read_markup(parse("<p>x</p>"), comment).url == "https://news.example/saved/page"
    assert read_markup(parse("<p>x</p>"), comment.replace("https:", "file:")).url == ""
