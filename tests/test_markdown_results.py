"""Articles' own text as Markdown, and rows as a frame."""

from __future__ import annotations

import pytest

from index.frames import to_frame
from index.records import Article
from rag.results.markdown import escaped, quote, source


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("*bold* [link](x) <b>", r"\*bold\* \[link\](x) \<b\>"),
        ("1. is no list", r"1\. is no list"),
        ("- is no list", r"\- is no list"),
        ("5-3 = 2", "5-3 = 2"),
        ("R&D and &lt;", r"R&D and \&lt;"),
    ],
)
def test_what_markdown_would_read_as_markup_is_escaped(text: str, shown: str) -> None:
    assert escaped(text) == shown


def test_every_line_of_a_quote_is_quoted() -> None:
    assert quote("one\n# two") == "> one\n> \\# two"


def test_only_safe_addresses_become_links() -> None:
    article = Article("text", title="A [b]", outlet="Reuters", url="https://a.example/x y")
    assert source(article) == r"[A \[b\]](<https://a.example/x%20y>), Reuters"
    assert source(Article("text", title="T", url="javascript:alert(1)")) == "T"


def test_rows_become_a_frame_with_their_columns() -> None:
    frame = to_frame([{"a": 1, "b": None}, {"a": 2, "b": "x"}])
    assert list(frame.columns) == ["a", "b"] and len(frame) == 2
