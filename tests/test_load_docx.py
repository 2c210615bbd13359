"""Word documents as Word shows them with all changes accepted; RTF beside them."""

import zipfile
from pathlib import Path

import pytest
from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml

from tests.test_load_formats import articles

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LINE = "The freight line will reopen on {} after repairs costing $48 million, officials said."
TRADE = "Trade along the corridor grew 12 percent last year, the transport ministry said on Monday."


def run(text: str, properties: str = "") -> str:
    return f'<w:r>{properties}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*runs: str, properties: str = "") -> str:
    return f"<w:p>{properties}{''.join(runs)}</w:p>"


def inserted(content: str) -> str:
    return f'<w:ins w:id="1" w:author="A">{content}</w:ins>'


def deleted(text: str) -> str:
    return f'<w:del w:id="2" w:author="A"><w:r><w:delText>{text}</w:delText></w:r></w:del>'


def text_box(content: str) -> str:
    """A text box, once for new programs and once for old ones."""
    box = f"<w:txbxContent>{content}</w:txbxContent>"
    return (
        '<w:r><mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
        f'<mc:Choice Requires="wps"><w:drawing>{box}</w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


def cell(content: str) -> str:
    return f"<w:tc>{content}</w:tc>"


def row(*cells: str, properties: str = "") -> str:
    return f"<w:tr>{properties}{''.join(map(cell, cells))}</w:tr>"


def write(file: Path, *blocks: str, notes: str = "") -> None:
    document = Document()
    body = document.element.body
    for block in blocks:
        body.insert(len(body) - 1, parse_xml(block.replace(">", f" {W}>", 1)))
    if notes:
        data = f"<w:footnotes {W}>{notes}</w:footnotes>".encode()
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
        part = Part(PackURI("/word/footnotes.xml"), kind, data, document.part.package)
        document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    document.save(str(file))


def text_of(tmp_path: Path, *blocks: str, notes: str = "") -> str:
    write(tmp_path / "a.docx", *blocks, notes=notes)
    (found,) = articles(tmp_path / "a.docx")
    return found.text


BEFORE, AFTER = LINE.split("{}")
HIDDEN = "<w:rPr><w:vanish/></w:rPr>"


@pytest.mark.parametrize(
    ("runs", "sentence"),
    [
        (
            (run(BEFORE), deleted("June 3"), inserted(run("July 10")), run(AFTER)),
            LINE.format("July 10"),
        ),
        (
            (run(BEFORE), inserted(run("July ") + deleted("9") + run("10")), run(AFTER)),
            LINE.format("July 10"),
        ),
        (
            (
                run(BEFORE),
                f"<w:moveTo>{run('July 10')}</w:moveTo>",
                f"<w:moveFrom>{run('May')}</w:moveFrom>",
                run(AFTER),
            ),
            LINE.format("July 10"),
        ),
        (
            (
                run(BEFORE),
                f"<w:sdt><w:sdtContent>{run('July 10')}</w:sdtContent></w:sdt>",
                run(AFTER),
            ),
            LINE.format("July 10"),
        ),
        (
            (
                run(BEFORE),
                f'<w:smartTag w:element="date">{run("July 10")}</w:smartTag>',
                run(AFTER),
            ),
            LINE.format("July 10"),
        ),
        (
            (
                run(BEFORE),
                '<w:fldSimple w:instr="DATE">' + run("July 10") + "</w:fldSimple>",
                run(AFTER),
            ),
            LINE.format("July 10"),
        ),
        (
            (run(BEFORE), "<w:r><w:instrText>DATE</w:instrText></w:r>", run("July 10"), run(AFTER)),
            LINE.format("July 10"),
        ),
        (
            (run(BEFORE), f"<w:hyperlink>{run('July 10')}</w:hyperlink>", run(AFTER)),
            LINE.format("July 10"),
        ),
        ((run(BEFORE), run("June 3 ", HIDDEN), run("July 10"), run(AFTER)), LINE.format("July 10")),
    ],
)
def test_a_sentence_with_changes(tmp_path: Path, runs: tuple[str, ...], sentence: str) -> None:
    assert text_of(tmp_path, paragraph(*runs), paragraph(run(TRADE))) == f"{sentence}\n{TRADE}"


MARK_DELETED = '<w:pPr><w:rPr><w:del w:id="3" w:author="A"/></w:rPr></w:pPr>'
ROW_DELETED = '<w:trPr><w:del w:id="4" w:author="A"/></w:trPr>'
COUNTED = row(paragraph(run("Year")), paragraph(run("Trade"))) + row(
    paragraph(run("2023")), paragraph(run("12"))
)
OTHER = "The ministry did not confirm that the line would carry passengers before the summer."


@pytest.mark.parametrize(
    ("blocks", "wanted"),
    [
        ([paragraph(run(TRADE)), paragraph(inserted(run(OTHER)))], [TRADE, OTHER]),
        ([paragraph(run(TRADE)), paragraph(deleted(OTHER))], [TRADE]),
        ([paragraph(run(TRADE + " "), properties=MARK_DELETED), paragraph(run(OTHER))], [f"{TRADE} {OTHER}"]),
        ([f"<w:sdt><w:sdtContent>{paragraph(run(TRADE))}{paragraph(run(OTHER))}</w:sdtContent></w:sdt>"], [TRADE, OTHER]),
        ([paragraph(run(TRADE), text_box(paragraph(run(OTHER))))], [TRADE, OTHER]),
        ([paragraph(run(TRADE)), f"<w:tbl>{COUNTED}</w:tbl>"], [TRADE, "Year | Trade", "2023 | 12"]),
        ([f"<w:tbl>{row(paragraph(run(TRADE)) + paragraph(run(OTHER)))}</w:tbl>"], [TRADE, OTHER]),
        ([paragraph(run(TRADE)), f"<w:tbl>{row(f'<w:tbl>{row(paragraph(run(OTHER)))}</w:tbl>' + paragraph())}</w:tbl>"], [TRADE, OTHER]),
        ([paragraph(run(TRADE)), f"<w:tbl>{row(paragraph(run(OTHER)), properties=ROW_DELETED)}</w:tbl>"], [TRADE]),
        ([f"<w:tbl><w:sdt><w:sdtContent>{row(paragraph(run(TRADE)))}</w:sdtContent></w:sdt></w:tbl>", paragraph(run(OTHER))], [TRADE, OTHER]),
    ],
)  # fmt: skip
def test_paragraphs_boxes_and_tables(tmp_path: Path, blocks: list[str], wanted: list[str]) -> None:
    assert text_of(tmp_path, *blocks) == "\n".join(wanted)


def test_footnotes_stand_below_their_paragraph(tmp_path: Path) -> None:
    note = "A denial came on Wednesday: the ministry said that no date had been set for passengers."
    notes = (
        f'<w:footnote w:type="separator" w:id="0">{paragraph(run("____"))}</w:footnote>'
        f'<w:footnote w:id="1">{paragraph(run(note))}</w:footnote>'
    )
    reference = '<w:r><w:footnoteReference w:id="1"/></w:r>'
    blocks = paragraph(run(TRADE), reference), paragraph(run(OTHER))
    assert text_of(tmp_path, *blocks, notes=notes) == f"{TRADE}\n{note}\n{OTHER}"


def test_a_main_part_by_another_name(tmp_path: Path) -> None:
    write(tmp_path / "a.docx", paragraph(run(TRADE)), paragraph(run(OTHER)))
    with (
        zipfile.ZipFile(tmp_path / "a.docx") as old,
        zipfile.ZipFile(tmp_path / "b.docx", "w") as new,
    ):
        for name in old.namelist():
            data = old.read(name).replace(b"word/document.xml", b"word/document2.xml")
            new.writestr(
                name.replace("word/document.xml", "word/document2.xml").replace(
                    "word/_rels/document.xml", "word/_rels/document2.xml"
                ),
                data,
            )
    (found,) = articles(tmp_path / "b.docx")
    assert found.text == f"{TRADE}\n{OTHER}"


RTF_HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil Arial;}{\f1\fnil\fcharset134 SimSun;}}"
    rb"{\info{\title No}}{\*\generator Export;}\f0 "
)
JULY = "The line reopens on July 10, officials said on Tuesday."
GBK = "官方周二表示，铁路将于七月十日重新开通。"
EURO = "It costs €48 million, officials said on Tuesday, “a lot”, for a line."
LINK = rb'{\field{\*\fldinst HYPERLINK "https://a.example"}{\fldrslt officials}}'


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        (rb"The line reopens on {\deleted June 3}{\b July 10}, officials said on Tuesday.", JULY),
        (rb"The line reopens on July 10, " + LINK + rb" said on Tuesday.", JULY),
        (rb"The line reopens on {\v May or }July 10, officials said on Tuesday.", JULY),
        (rb"The line reopens on \v May or \v0 July 10, officials said on Tuesday.", JULY),
        (rb"It costs \'8048 million, officials said on Tuesday, \u8220?a lot\u8221?, for a line.", EURO),
        (rb"{\uc2 It costs \u8364\'80\'8048} million, officials said on Tuesday, \ldblquote a lot\rdblquote, for a line.", EURO),
        (rb"{\f1 " + "".join(f"\\'{b:02x}" for b in GBK.encode("gbk")).encode() + b"}", GBK),
        (rb"{\f1 " + GBK.encode("gbk") + b"}", GBK),
        (rb"{\pict\bin5 }}{{}}" + "".join(f"\\u{ord(c)}?" for c in GBK).encode(), GBK),
    ],
)  # fmt: skip
def test_rtf(tmp_path: Path, body: bytes, wanted: str) -> None:
    (tmp_path / "a.rtf").write_bytes(RTF_HEAD + body + rb"\par }")
    (found,) = articles(tmp_path / "a.rtf")
    assert found.text == wanted
