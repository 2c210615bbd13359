"""Exports are read back by what reads them: Markdown, Word, BibTeX, RIS, CSL-JSON."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from io import BytesIO

import docx
import pytest
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.part import XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from markdown_it import MarkdownIt

from rag.answer.answer import Answer, AnswerSentence
from rag.export.formats import WRITERS, to_json
from rag.export.references import references, to_bibtex, to_csl_json, to_ris
from rag.export.text import clean
from rag.export.word import to_docx
from tests.samples import ABSTAINED, ANSWER, HOSTILE, QUOTES, article, citation


def hostile(text: str) -> Answer:
    evil = article(
        f"{text} end", "x9", title=text, author=text, outlet=text, url=f"javascript:{text}"
    )
    return replace(
        ANSWER,
        question=text,
        sentences=(AnswerSentence(text, (1,), True), AnswerSentence(text, reasons=(text,))),
        citations=(citation(1, evil, text, also_in=(evil,)),),
        notes=(text,),
    )


def words_of(text: str) -> str:
    return " ".join(clean(text).split())


# Markdown


def test_markdown_has_the_markers_the_quotes_and_the_sources() -> None:
    text = ANSWER.to_markdown()
    assert "俄方表示不會這樣做。[2][3]" in text
    rendered = MarkdownIt().render(text)
    for quote in QUOTES:
        assert f"<p>{quote}</p>" in rendered
    assert 'href="https://news.example/a1?a=1&amp;b=2"' in rendered
    assert "Outlet a1, Author a1, 2023-03-01 20:01" in rendered
    assert "Outlet c3" in rendered


def test_markdown_is_readable_as_it_stands() -> None:
    said = "On 2023-03-01, at 9.30 (UTC+5), it fell 2.5% - a record!"
    given = replace(ANSWER, sentences=(AnswerSentence(said, (1,), True),))
    assert said in given.to_markdown()


@pytest.mark.parametrize("said", ["1. one", "2022) two", "- three", "--- four", "+ five", "== six"])
def test_markdown_of_text_that_begins_like_a_list_is_a_paragraph(said: str) -> None:
    given = replace(ANSWER, sentences=(AnswerSentence(said, (1,), True),))
    assert f"<p>{said}" in MarkdownIt("gfm-like", {"linkify": False}).render(given.to_markdown())


def test_markdown_says_what_is_not_supported() -> None:
    rendered = MarkdownIt().render(ANSWER.to_markdown())
    assert "<em>有60,000人抗議。</em>" in rendered
    assert "the number 60,000 is not in the source" in rendered


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_of_hostile_text_renders_as_that_text(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"linkify": False}).parse(hostile(text).to_markdown())
    children = [child for token in tokens for child in token.children or []]
    kinds = {token.type for token in (*tokens, *children)}
    assert not kinds & {"link_open", "image", "html_inline", "html_block", "code_inline", "fence"}
    lines = [
        "".join(c.content if c.type != "softbreak" else " " for c in token.children or [])
        for token in tokens
        if token.type == "inline"
    ]
    assert words_of(text) == lines[0]
    assert words_of(text) in " ".join(lines[3:])


def test_markdown_of_an_abstention_lists_related_passages() -> None:
    text = ABSTAINED.to_markdown()
    assert "Related passages" in text
    assert "The articles do not say." in MarkdownIt().render(text)
    assert "Not supported" not in text


# Word


def notes_of(document: docx.document.Document) -> XmlPart:
    return document.part.part_related_by(RELATIONSHIP_TYPE.FOOTNOTES)


def test_word_document_opens_with_quotes_as_footnotes_and_links() -> None:
    document = docx.Document(BytesIO(to_docx(ANSWER)))
    notes = notes_of(document)
    written = parse_xml(notes.blob).findall(qn("w:footnote"))
    shown = {
        note.get(qn("w:id")): "".join(t.text for t in note.iter(qn("w:t"))) for note in written
    }
    referred = [one.get(qn("w:id")) for one in document.element.iter(qn("w:footnoteReference"))]
    assert referred == ["1", "2", "3"]
    for number, quote in zip(referred, QUOTES, strict=True):
        assert quote in shown[number]
    assert "Outlet c3" in shown["1"]  # a reprint
    text = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert "the number 60,000 is not in the source" in text
    linked = {
        rel.target_ref
        for part in (document.part, notes)
        for rel in part.rels.values()
        if rel.is_external
    }
    assert linked == {"https://news.example/a1?a=1&b=2", "https://news.example/b2?a=1&b=2"}


def test_word_refers_to_a_footnote_again_by_its_number() -> None:
    again = replace(ANSWER, sentences=(*ANSWER.sentences, ANSWER.sentences[0]))
    document = docx.Document(BytesIO(to_docx(again)))
    fields = [f.get(qn("w:instr")) for f in document.element.iter(qn("w:fldSimple"))]
    marks = [m.get(qn("w:name")) for m in document.element.iter(qn("w:bookmarkStart"))]
    assert fields
    assert all(field.split()[1] in marks for field in fields)
    assert len(parse_xml(notes_of(document).blob).findall(qn("w:footnote"))) == 2 + len(QUOTES)


def test_word_sets_chinese_in_a_chinese_font() -> None:
    document = docx.Document(BytesIO(to_docx(ANSWER)))
    styles = {name: document.styles[name] for name in ("Normal", "Heading 1", "Heading 2")}
    for style in styles.values():
        fonts = style.element.rPr.rFonts.attrib
        assert fonts[qn("w:eastAsia")] == "Microsoft JhengHei"
        assert qn("w:eastAsiaTheme") not in fonts
    assert document.styles["Intense Quote"].font.italic is False


@pytest.mark.parametrize("text", [*HOSTILE, "null \x00 escape \x1b[31m lone \ud800 end"])
def test_word_document_of_hostile_text_opens(text: str) -> None:
    document = docx.Document(BytesIO(to_docx(hostile(text))))
    assert clean(text).split()[0] in document.paragraphs[0].text
    assert not any(rel.is_external for rel in document.part.rels.values())


# References


def test_article_cited_twice_is_one_reference_with_both_quotes() -> None:
    first, second = references(ANSWER)
    assert first.quotes == (QUOTES[0], QUOTES[2])
    assert second.quotes == (QUOTES[1],)
    assert first.also_in == "Outlet c3"


def test_bibtex_fields() -> None:
    text = to_bibtex(ANSWER)
    assert text.count("@article{") == 2
    assert "title = {{Title of a1}}" in text
    assert "year = {2023}" in text and "month = {3}" in text and "day = {1}" in text
    assert "url = {https://news.example/a1?a=1&b=2}" in text
    assert QUOTES[0] in text


def test_every_author_of_a_byline_is_one_in_every_format() -> None:
    sources = (
        article("text", "a", author="徐博、鄒松洋"),
        article("text", "b", author="Jane Roe and John van Dam", language="en"),
    )
    cited = tuple(citation(n, source, "text") for n, source in enumerate(sources, 1))
    given = replace(ANSWER, citations=cited)
    text = to_bibtex(given)
    assert "author = {{徐博} and {鄒松洋}}" in text
    assert "author = {Roe, Jane and van Dam, John}" in text
    lines = to_ris(given).split("\r\n")
    written = [line for line in lines if line.startswith("AU")]
    assert written == ["AU  - 徐博", "AU  - 鄒松洋", "AU  - Roe, Jane", "AU  - van Dam, John"]
    first, second = json.loads(to_csl_json(given))
    assert first["author"] == [{"literal": "徐博"}, {"literal": "鄒松洋"}]
    assert second["author"][1] == {"family": "van Dam", "given": "John"}


def test_bibtex_names_languages_as_latex_does() -> None:
    text = to_bibtex(ANSWER)
    assert "langid = {chinese}" in text and "langid = {english}" in text


@pytest.mark.parametrize("text", [*HOSTILE, "unbalanced }}} { 100% & $5 #1 a_b \\input{x} ~ ^"])
def test_bibtex_braces_balance_and_commands_are_inert(text: str) -> None:
    written = to_bibtex(hostile(text))
    depth = 0
    for character in written:
        depth += {"{": 1, "}": -1}.get(character, 0)
        assert depth >= 0
    assert depth == 0
    assert len(re.findall(r"^@", written, re.MULTILINE)) == 1
    allowed = r"\\(text(backslash|braceleft|braceright|asciitilde|asciicircum)\{\}|[&%$#_])"
    assert "\\" not in re.sub(allowed, "", written)


@pytest.mark.parametrize("text", [*HOSTILE, "one\nER  - \nTY  - JOUR\r\nTI  - forged"])
def test_ris_is_one_tag_a_line_and_cannot_be_broken_out_of(text: str) -> None:
    lines = to_ris(hostile(text)).split("\r\n")
    assert lines.pop() == ""
    assert all(re.match(r"[A-Z][A-Z0-9]  - ", line) for line in lines)
    assert [line[:2] for line in lines].count("TY") == 1
    assert lines[-1] == "ER  - "


def test_ris_fields() -> None:
    lines = to_ris(ANSWER).split("\r\n")
    assert "TY  - NEWS" in lines
    assert "DA  - 2023/03/01" in lines
    assert "T2  - Outlet b2" in lines
    assert f"N1  - “{QUOTES[2]}”" in lines


@pytest.mark.parametrize(
    ("published", "parts"),
    [("2023-03-01T20:01:42+08:00", [2023, 3, 1]), ("2023-03", [2023, 3]), ("2023", [2023])],
)
def test_csl_json_dates(published: str, parts: list[int]) -> None:
    source = article("text", "a", published=published)
    given = replace(ANSWER, citations=(citation(1, source, "text"),))
    (item,) = json.loads(to_csl_json(given))
    assert item["issued"] == {"date-parts": [parts]}
    assert item["type"] == "article-newspaper"
    assert item["container-title"] == "Outlet a"


def test_unknown_fields_are_left_out() -> None:
    source = article("text", "a", published="", author="", outlet="", url="")
    given = replace(ANSWER, citations=(citation(1, source, "text"),))
    (item,) = json.loads(to_csl_json(given))
    assert set(item) == {"id", "type", "title", "language", "note"}
    assert "year" not in to_bibtex(given)
    assert "AU  - " not in to_ris(given)


def test_json_is_the_contract() -> None:
    assert json.loads(to_json(ANSWER)) == json.loads(json.dumps(ANSWER.to_dict()))


@pytest.mark.parametrize("ending", WRITERS)
def test_every_writer_takes_an_abstention(ending: str) -> None:
    assert isinstance(WRITERS[ending](ABSTAINED), bytes)
