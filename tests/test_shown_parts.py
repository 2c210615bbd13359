"""What the parts of page, exports and commands show, each by itself."""

from __future__ import annotations

import json
import re
import zipfile
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from docx import Document

from rag.analysis.checked import CheckedClaim, Difference, FactCheck
from rag.export.footnotes import Footnotes
from rag.export.markdown import to_markdown
from rag.frameworks.library import metadata
from tests.samples import ANSWER, CHINESE, ENGLISH, HOSTILE, QUOTES, REPRINT, citation
from ui.api.requests import NewArticle
from ui.api.sent import _source
from ui.commands.helping import HIDDEN, _shown
from ui.page.calls import Reader
from ui.page.draw.checked import SIGNS, checked
from ui.page.files.pdf_page import _found, _letters, _lines
from ui.page.tabs.welcome import LONGEST, examples
from ui.words import words


def claim(verdict: str, text: str = "It closed.", **more: Any) -> CheckedClaim:
    return CheckedClaim(text, 0, len(text), verdict, **more)  # type: ignore[arg-type]


def shown(*claims: CheckedClaim) -> str:
    return checked(FactCheck("It closed.", "en", claims, (), "e5"), "t1")


def test_each_verdict_has_its_card_and_its_sign() -> None:
    html = shown(*map(claim, SIGNS))
    assert re.findall(r"nc-claim nc-claim-(\w+)", html) == [v.replace(" ", "_") for v in SIGNS]
    for verdict, sign in SIGNS.items():
        assert f"{sign} {words('en')[verdict.replace(' ', '_')]}" in html


def test_a_contradicted_claim_shows_what_differs_and_opens_the_quote() -> None:
    against = citation(7, ENGLISH, QUOTES[1])
    both = Difference("number", "24 people", "42 people")
    lacks = Difference("name", "Astana", "")
    html = shown(claim("contradicted", against=(against,), differs=(both, lacks), reasons=("No.",)))
    assert "<li>24 people ≠ 42 people</li><li>No.</li>" in html and "Astana" not in html
    assert 'href="#c-t1-7">[7]</a>' in html and f'lang="{ENGLISH.language}"' in html
    assert "nc-against" in html and "nc-for" not in html
    assert "<ul>" not in shown(claim("supported", supporting=(against,)))


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_checked_is_never_markup(text: str) -> None:
    html = shown(claim("partly", text, differs=(Difference("name", text, text),), reasons=(text,)))
    assert "<script" not in html and "<img" not in html and "<svg" not in html
    assert "<iframe" not in html and "</article><h1>" not in html


def titled(*titles: tuple[str, str]) -> Any:
    rows = [SimpleNamespace(title=title, language=language) for title, language in titles]
    return SimpleNamespace(
        settings=SimpleNamespace(page=SimpleNamespace(examples=[])),
        listing=lambda **asked: SimpleNamespace(rows=rows),
    )


def test_a_first_question_is_about_the_newest_in_the_readers_language() -> None:
    library = titled(("Über Öl", "de"), ("", "en"), ("On  oil", "en"), ("On oil", "en"))
    offered = [one["text"] for one in examples(library, Reader(language="en"))]
    about = Reader(language="en").say["example_about"]
    assert offered == [about.format(title="On oil"), about.format(title="Über Öl")]
    long = titled(
        ("x" * (LONGEST + 1), "en"), ("x" * LONGEST, "en"), *((f"{n}", "en") for n in "abc")
    )
    assert len(examples(long, Reader(language="en"))) == 3
    assert about.format(title="x" * LONGEST) in examples(long, Reader(language="en"))[0]["text"]


def test_configured_questions_come_instead() -> None:
    library = titled(("On oil", "en"))
    library.settings.page.examples = ["Why?"]
    assert examples(library, Reader(language="en")) == [{"text": "Why?"}]


def test_a_quote_is_found_on_its_page_in_pieces() -> None:
    page = _letters("The of\ufb01ce closed. 12 STAFF-MEMBERS left; the office in Astana closed.")
    assert page.startswith("theofficeclosed12staffmembers")
    quote = _letters("12 staff members left")
    assert "".join(page[at] for at in _found(page, quote)) == quote
    broken = _letters("the office closed") + "###" + _letters("staff members left")
    assert "".join(page[at] for at in _found(page, broken)) == "theofficeclosedstaffmembersleft"
    assert _found(page, "") == [] and _found("", quote) == []
    assert _found(page, "z" * 40) == []


def test_the_later_of_two_equal_pieces_follows_the_earlier() -> None:
    page = "theofficeclosed--theofficeclosed"
    assert _found(page, "theofficeclosedtheofficeclosed")[-1] == len(page) - 1


def test_letters_side_by_side_are_one_place() -> None:
    line = [(0.1 * n, 0.1, 0.1, 0.05) for n in range(3)]
    (place,) = _lines(line)
    assert place == pytest.approx((0.0, 0.1, 0.3, 0.05))
    assert len(_lines([*line, (0.0, 0.4, 0.1, 0.05)])) == 2  # the next line
    assert len(_lines([line[0], (0.9, 0.1, 0.1, 0.05)])) == 2  # another column
    column = [(0.1, 0.1 * n, 0.1, 0.1) for n in range(3)]
    assert _lines(column) == [pytest.approx((0.1, 0.0, 0.1, 0.3))]
    assert _lines([]) == []


def test_a_key_among_an_llms_options_is_not_shown() -> None:
    assert _shown("llm.options", {"api_key": "s3cret"}) == {"api_key": HIDDEN}
    assert _shown("load.columns", {"title": "heading"}) == {"title": "heading"}
    assert _shown("page.examples", ("a", "b")) == ["a", "b"]
    assert _shown("library", Path("news")) == "news"


def test_an_article_that_is_sent_is_read_as_a_line_of_json() -> None:
    sent = NewArticle(text="One\ntext.", title="A", metadata={"section": "Oil", "title": "B"})
    source = _source("sent:1", sent)
    (line,) = source.content.decode().splitlines()
    assert json.loads(line) == {"section": "Oil", "title": "A", "text": "One\ntext."}
    assert (source.name, source.size) == ("sent:1", len(source.content))


def test_a_framework_learns_where_words_stand() -> None:
    given = metadata(CHINESE, "zh-Hant", 3, 9)
    assert CHINESE.text[given["start"] : given["end"]] == CHINESE.text[3:9]
    assert given["article_id"] == CHINESE.id and given["language"] == "zh-Hant"
    assert given["outlet"] == CHINESE.outlet and given["published"] == CHINESE.published


def test_markdown_marks_what_nothing_carries_and_names_the_reprints() -> None:
    text = to_markdown(ANSWER)
    assert "哈薩克想減輕對俄能源的依賴。[1]" in text
    assert re.search(
        r"\*有60,000人抗議。\* \(.{0,12}the number 60,000 is not in the source\)", text
    )
    assert re.findall(r"^\*\*\[(\d)\]\*\*", text, re.MULTILINE) == ["1", "2", "3"]
    assert f"> {QUOTES[1]}" in text
    assert text.count(f"{words('zh-Hant')['also_in']}: {REPRINT.outlet}") == 1


def test_a_footnote_that_is_cited_twice_is_one_note() -> None:
    document = Document()
    notes = Footnotes(document)
    for n in (1, 2, 1):
        notes.refer(document.add_paragraph("said"), n, lambda note: note.add_run("words") and None)
    file = BytesIO()
    document.save(file)
    with zipfile.ZipFile(file) as whole:
        kept = whole.read("word/footnotes.xml").decode()
        body = whole.read("word/document.xml").decode()
    assert len(re.findall(r'<w:footnote w:id="[1-9]"', kept)) == 2 and kept.count("words") == 2
    assert body.count("<w:footnoteReference ") == 2 and body.count("NOTEREF") == 1
