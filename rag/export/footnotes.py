"""Footnotes of a Word document (ECMA-376 17.11), for which python-docx has no call.

In: a document being made; what each note holds. Out: references in its text, and word/footnotes.xml.
A note that is referred to once more is referred to by its number (17.16.5.44, NOTEREF).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import XmlPart
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

if TYPE_CHECKING:
    from docx.document import Document

TEXT, REFERENCE = "Footnote Text", "Footnote Reference"
FIRST = 1
"""The number of the first note: those below are the lines that separate notes from the text."""

_SEPARATORS = (
    f"<w:footnotes {nsdecls('w', 'r')}>"
    '<w:footnote w:type="separator" w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
    '<w:footnote w:type="continuationSeparator" w:id="0"><w:p><w:r><w:continuationSeparator/></w:r>'
    "</w:p></w:footnote></w:footnotes>"
)

Fill = Callable[[Paragraph], None]
"""Writes what a note says into its paragraph."""


class Footnotes:
    """The notes of one document, each by what it stands for."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._numbers: dict[int, int] = {}
        main = document.part
        self._part = XmlPart(
            PackURI("/word/footnotes.xml"),
            CONTENT_TYPE.WML_FOOTNOTES,
            parse_xml(_SEPARATORS),
            main.package,
        )
        main.relate_to(self._part, RELATIONSHIP_TYPE.FOOTNOTES)
        self._add_styles()

    def refer(self, paragraph: Paragraph, n: int, fill: Fill) -> None:
        """Refers to note `n` at the end of a paragraph; the first time, makes it."""
        known = self._numbers.get(n)
        if known is not None:
            _refer_again(paragraph, known)
            return
        number = self._numbers[n] = FIRST + len(self._numbers)
        paragraph._p.append(_element("w:bookmarkStart", id=number, name=f"_Ref{number}"))
        reference = paragraph.add_run(style=REFERENCE)
        reference._r.append(_element("w:footnoteReference", id=number))
        paragraph._p.append(_element("w:bookmarkEnd", id=number))
        note = _element("w:footnote", id=number)
        self._part.element.append(note)
        body: Any = OxmlElement("w:p")
        note.append(body)
        inside = Paragraph(body, self._part)  # its part is all that is asked for
        properties = body.get_or_add_pPr()
        properties.append(_element("w:pStyle", val=self._style(TEXT)))
        own: Any = OxmlElement("w:r")
        own.append(OxmlElement("w:rPr"))
        own[0].append(_element("w:rStyle", val=self._style(REFERENCE)))
        own.append(OxmlElement("w:footnoteRef"))
        body.append(own)
        Run(_appended(body), inside).text = " "
        fill(inside)

    def _style(self, name: str) -> str:
        return str(self._document.styles[name].style_id)

    def _add_styles(self) -> None:
        styles: Any = self._document.styles
        text = styles.add_style(TEXT, WD_STYLE_TYPE.PARAGRAPH)
        text.base_style = styles["Normal"]
        text.font.size = Pt(9)
        text.paragraph_format.space_after = Pt(3)
        styles.add_style(REFERENCE, WD_STYLE_TYPE.CHARACTER).font.superscript = True


def _refer_again(paragraph: Paragraph, number: int) -> None:
    field: Any = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), f" NOTEREF _Ref{number} \\f \\h ")
    shown = paragraph.add_run(str(number), style=REFERENCE)
    field.append(shown._r)
    paragraph._p.append(field)


def _element(tag: str, **attributes: object) -> Any:
    made: Any = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), str(value))
    return made


def _appended(body: Any) -> Any:
    run: Any = OxmlElement("w:r")
    body.append(run)
    return run
