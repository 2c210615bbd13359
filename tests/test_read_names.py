"""Names of archive members, labels of press archives, choices of the page: small rules by themselves."""

from __future__ import annotations

import pytest

from index.extract.lines import split_lines
from index.extract.parting.export_heads import label_of, mark_matches, tidy_fields
from index.extract.wrapping import unwrap
from index.read.archives import is_unmeant, safe_name
from index.read.documents import confirmed
from index.read.paged.paragraphs import join_lines
from rag.results.markdown import escaped
from ui.page.tabs.choices import UNKNOWN, as_given, filters, label


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd", "etc/passwd"),
        ("C:\\Users\\me\\a.txt", "Users/me/a.txt"),
        ("/absolute/a.txt", "absolute/a.txt"),
        ("a\x1b[31m.txt", "a[31m.txt"),
    ],
)
def test_a_members_name_cannot_lead_out_of_its_archive(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_what_nobody_means_to_add_is_passed_over() -> None:
    assert is_unmeant(".DS_Store") and is_unmeant("logo.PNG")
    assert is_unmeant("page_files", is_folder=True)
    assert not is_unmeant("page.html") and not is_unmeant("files", is_folder=True)


def test_properties_of_a_document_count_only_where_its_text_agrees() -> None:
    text = "Trade office closes\nBy Ann Lee\nIt closes in May."
    assert confirmed(text, "Trade office closes", "Ann Lee") == {
        "title": "Trade office closes",
        "author": "Ann Lee",
    }
    assert confirmed(text, "Template 2019", "admin") == {}


def test_labels_of_press_archives_are_known() -> None:
    assert label_of("BYLINE: By Ann Lee") == ("author", "By Ann Lee")
    assert label_of("Nonsense: value") == ("", "")
    assert mark_matches("no such mark", "text") is None


def test_the_fields_of_an_export_become_those_of_an_article() -> None:
    fields = tidy_fields({"author": "By LEE, ANN", "published": "1 May 2023", "title": " T "})
    assert fields["author"] == "Ann Lee" and fields["published"] == "2023-05-01"


def wrapped(text: str, width: int) -> str:
    lines, line = [], ""
    for word in text.split():
        if len(line) + len(word) + 1 > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return "\n".join([*lines, line])


def test_lines_that_were_wrapped_are_one_paragraph_again() -> None:
    text = "The office in Moscow closes in May because it costs more than it earns, " * 6
    (joined,) = unwrap(split_lines(wrapped(text, 60)))
    assert joined.text == " ".join(text.split())


def test_lines_of_verse_stay_apart() -> None:
    verse = "The woods are lovely,\ndark and deep,\nBut I have promises\nto keep,"
    assert len(unwrap(split_lines(verse))) == 4


def test_two_lines_of_a_paragraph_are_joined_as_their_script_is_set() -> None:
    assert join_lines("哈薩克關閉", "貿易代表處", frozenset()) == "哈薩克關閉貿易代表處"
    assert join_lines("the trade", "office", frozenset()) == "the trade office"
    assert join_lines("the govern-", "ment", frozenset({"government"})) == "the government"


def test_choices_of_the_page_are_filters_of_the_library() -> None:
    chosen = filters(["KZ", UNKNOWN], None, ["Reuters"], [], " 2022 ", None)
    assert chosen["countries"] == ["KZ", ""] and chosen["outlets"] == ["Reuters"]
    assert (chosen["published_after"], chosen["published_before"]) == ("2022", "")
    assert as_given({"countries": ["KZ"], "nonsense": 1})["countries"] == ["KZ"]
    assert label("countries", "KZ", "en") == "Kazakhstan"
    assert label("outlets", "", "en") != ""


def test_text_of_an_article_never_becomes_markdown() -> None:
    assert escaped("[a](javascript:x)").startswith("\\[")
