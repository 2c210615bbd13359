"""Parts of reading by themselves: columns of records, markup in fields, letters, codecs, tables."""

from __future__ import annotations

import codecs

import pytest

from index.read.letters import split_letters, subject_of
from index.read.records.columns import fields_of, is_empty, key_of, known_columns
from index.read.records.csv_rows import shape_of
from index.read.records.fragments import plain, read_content
from index.read.web_codecs import BIG5, GB18030, register

# -- columns ----------------------------------------------------------------------------------


def test_the_columns_of_other_tools_are_known_by_their_names() -> None:
    record = {"Headline": "T", "正文": "text", "Pub-Date": "2024-01-02", "empty": ""}
    found = fields_of(record)
    assert (found["title"], found["text"]) == ("Headline", "正文")
    assert "empty" not in found.values()


@pytest.mark.parametrize("value", [None, "", [], {}, float("nan")])
def test_what_says_nothing_is_empty(value: object) -> None:
    assert is_empty(value)


def test_a_row_is_no_header_unless_it_names_the_text() -> None:
    assert known_columns(["title", "body"], {}) == 2
    assert known_columns(["title", "date"], {}) == 0
    assert known_columns(["title", "Spalte"], {"Spalte": "text"}) == 2
    assert key_of(" Site-Name: ") == "site_name"


@pytest.mark.parametrize(
    ("head", "delimiter", "skipped"),
    [
        ("title,body\na,b\n", ",", 0),
        ("title;body\na,1;b\n", ";", 0),
        ("Export of 3 May\n\ntitle\tbody\n", "\t", 2),
        ("sep=|\ntitle|body\n", "|", 1),
    ],
)
def test_what_separates_cells_is_what_makes_names_of_columns(
    head: str, delimiter: str, skipped: int
) -> None:
    shape = shape_of(head, {})
    assert (shape.delimiter, shape.skipped) == (delimiter, skipped)


# -- fields that hold markup ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("<p>One.</p>", ("<p>One.</p>", "html")),
        ("&lt;p&gt;One.&lt;/p&gt;", ("<p>One.</p>", "html")),
        ("R&amp;D", ("R&D", "text")),
        ("1 < 2 and 3 > 2", ("1 < 2 and 3 > 2", "text")),
    ],
)
def test_markup_in_a_field_is_distinguished_from_text(text: str, read: tuple[str, str]) -> None:
    assert read_content(text) == read


def test_a_title_loses_tags_and_entities() -> None:
    assert plain("<b>Oil &amp;  gas</b>") == "Oil & gas"
    assert plain("&lt;i&gt;Oil&lt;/i&gt;") == "Oil"


# -- letters ------------------------------------------------------------------------------------

FORWARDED = """\
{comment}
---------- Forwarded message ---------
From: Ann Lee <ann@example.org>
Date: Mon, 1 May 2023 10:00:00 +0000
Subject: Fwd: Trade office closes

The office closes in May.
"""


def test_a_forwarded_letter_has_the_fields_of_its_own_head() -> None:
    (letter,) = split_letters(FORWARDED.format(comment="FYI"))
    assert letter.text.strip() == "The office closes in May."
    assert letter.fields["author"] == "Ann Lee"
    assert letter.fields["title"] == "Trade office closes"
    assert letter.fields["published"].startswith("2023-05-01")


def test_a_long_comment_above_it_is_a_letter_too() -> None:
    comment = "I was at the press conference: the minister said that he had signed it himself."
    first, second = split_letters(FORWARDED.format(comment=comment))
    assert first.text.strip() == comment and second.fields["author"] == "Ann Lee"


def test_a_letter_that_only_mentions_a_sender_is_one_letter() -> None:
    text = "From: nobody in particular\nIt closes."
    assert [letter.text for letter in split_letters(text)] == [text]


def test_replies_and_forwards_are_marked_in_many_languages() -> None:
    assert subject_of("Re: Fwd: 回复: Trade office") == "Trade office"


# -- Chinese encodings as browsers read them ------------------------------------------------------


@pytest.fixture(autouse=True)
def browsers_codecs() -> None:
    register()


def test_the_euro_and_the_dot_of_names_are_read_as_windows_writes_them() -> None:
    assert b"\xa3\xe1".decode(BIG5) == "€"
    assert "愛麗絲·孟若".encode("cp950").decode(BIG5) == "愛麗絲·孟若"
    assert b"\x80 100".decode(GB18030) == "€ 100"
    assert "哈萨克斯坦".encode("gb18030").decode(GB18030) == "哈萨克斯坦"


def test_a_damaged_byte_costs_no_character_beside_it() -> None:
    damaged = "貿".encode("cp950") + b"\xff" + b"A" + "易".encode("cp950")
    assert damaged.decode(BIG5, "replace") == "貿\ufffdA易"
    with pytest.raises(UnicodeDecodeError):
        damaged.decode(BIG5)


@pytest.mark.parametrize("encoding", [BIG5, GB18030])
def test_a_character_may_be_cut_by_a_buffer(encoding: str) -> None:
    data = "貿易代表處".encode("cp950" if encoding == BIG5 else "gb18030")
    decoder = codecs.getincrementaldecoder(encoding)()
    parts = [decoder.decode(data[at : at + 1]) for at in range(len(data))]
    assert "".join(parts) + decoder.decode(b"", final=True) == "貿易代表處"
