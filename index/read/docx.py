"""DOCX: the text of a Word document as its reader sees it with all changes accepted.

In: a `Blob`. Out: one `Page`. What was inserted or moved here is in the text, what was deleted or is
hidden is not; content controls, text boxes, footnotes and tables within tables are read in place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.languages.text import SOFT_HYPHEN, squeeze
from index.read.documents import check_zip, confirmed
from index.read.streams import Blob
from index.records import Page, Rejection
from index.wording import Wording

_LEFT_OUT = frozenset({
    "del", "moveFrom", "delText", "instrText", "delInstrText", "rPr", "pPr", "tblPr", "tblGrid", "trPr", "tcPr",
    "sdtPr", "sdtEndPr", "rt", "rubyPr", "sectPr", "Fallback", "annotationRef", "commentReference", "binData",
})  # fmt: skip
"""Elements that hold nothing a reader sees: deletions, properties, codes of fields, and what is
repeated for older programs."""

DELETED: str = Wording("left_deleted", "Text that a tracked change deletes or moves away")
HIDDEN: str = Wording("left_set_hidden", "Text that is set as hidden")
COMMENTS: str = Wording("left_comment", "A comment in the margin")

_DELETIONS = frozenset({"del", "moveFrom"})
_CHARACTERS = {
    "tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": SOFT_HYPHEN, "ptab": "\t",
}  # fmt: skip
_NOTES = {"footnoteReference": "footnotes", "endnoteReference": "endnotes"}
MAX_DEPTH = 120
"""Deeper nesting than this is no document a person wrote."""


def read_docx(blob: Blob) -> Iterator[Page | Rejection]:
    """The paragraphs, notes and table rows of a Word document, in order."""
    from docx import Document

    check_zip(blob).close()
    blob.stream.seek(0)
    document = Document(blob.stream)
    reader = _Reader(_notes(document.part))
    text = "\n\n".join(reader.paragraphs(document.element.body))
    comments = sum(1 for e in document.element.body.iter() if _name(e) == "commentReference")
    left_out = Counter({DELETED: reader.deleted, HIDDEN: reader.hidden, COMMENTS: comments})
    properties = document.core_properties
    metadata = confirmed(text, properties.title, properties.author)
    metadata |= blob.metadata
    yield Page(blob.name, text, "text", metadata, blob.part, left_out=dict(+left_out))


def _name(element: Any) -> str:
    """The local name: Word has two namespaces for the same elements."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _attribute(element: Any, name: str) -> str:
    return next((str(v) for k, v in element.attrib.items() if k.rpartition("}")[2] == name), "")


def _notes(part: Any) -> dict[tuple[str, str], Any]:
    """Footnotes and endnotes by kind and number."""
    from docx.opc.oxml import parse_xml

    notes = {}
    for relation in part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if kind not in _NOTES.values() or relation.is_external:
            continue
        for note in parse_xml(relation.target_part.blob):
            if _attribute(note, "type") in ("", "normal"):  # the others are separating lines
                notes[kind, _attribute(note, "id")] = note
    return notes


class _Reader:
    """Goes through a document's elements; notes and text boxes wait for their paragraph's end."""

    def __init__(self, notes: dict[tuple[str, str], Any]) -> None:
        self._notes = notes
        self._waiting: list[Any] = []
        self._depth = 0
        self.deleted = self.hidden = 0
        """How many pieces of text were deleted, or are hidden."""

    def paragraphs(self, parent: Any) -> Iterator[str]:
        """The text of each paragraph and table row below an element."""
        self._depth += 1
        open_text = ""  # of paragraphs whose mark was deleted: they go on in the next one
        for element in parent if self._depth < MAX_DEPTH else ():
            name = _name(element)
            if name == "p":
                open_text += self._text(element)
                if not _is_marked(element, "del"):
                    yield open_text
                    open_text = ""
                    yield from self._held_back()
            elif name == "tbl":
                yield from self._rows(element)
            elif name not in _LEFT_OUT:
                yield from self.paragraphs(element)
        if open_text:
            yield open_text
        self._depth -= 1

    def _held_back(self) -> Iterator[str]:
        waiting, self._waiting = self._waiting, []
        for element in waiting:
            yield from self.paragraphs(element)

    def _text(self, parent: Any) -> str:
        self._depth += 1
        parts: list[str] = []
        for element in parent if self._depth < MAX_DEPTH else ():
            name = _name(element)
            if name == "t":
                parts.append(element.text or "")
            elif name in _CHARACTERS:
                parts.append(_CHARACTERS[name])
            elif name in _NOTES:
                note = self._notes.pop((_NOTES[name], _attribute(element, "id")), None)
                self._waiting += [] if note is None else [note]
            elif name in ("txbxContent", "textbox"):
                self._waiting.append(element)
            elif name in _DELETIONS:
                self.deleted += _has_text(element)
            elif name == "r" and _is_hidden(element):
                self.hidden += _has_text(element)
            elif name not in _LEFT_OUT:
                parts.append(self._text(element))
        self._depth -= 1
        return "".join(parts)

    def _rows(self, table: Any) -> Iterator[str]:
        """A row is one line; a cell that holds paragraphs or a table stays as it is."""
        self._depth += 1
        for row in _below(table, "tr") if self._depth < MAX_DEPTH else ():
            if _is_marked(row, "del"):
                self.deleted += _has_text(row)
                continue
            cells = [[p for p in self.paragraphs(cell) if p.strip()] for cell in _below(row, "tc")]
            if any(len(cell) > 1 for cell in cells):
                yield from (paragraph for cell in cells for paragraph in cell)
            else:
                yield " | ".join(squeeze(cell[0]) for cell in cells if cell)
        self._depth -= 1


def _below(parent: Any, name: str) -> Iterator[Any]:
    """The rows of a table, or cells of a row, those within content controls too."""
    for element in parent:
        if _name(element) == name:
            yield element
        elif _name(element) in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            yield from _below(element, name)


def _is_marked(element: Any, mark: str) -> bool:
    """Whether the end of a paragraph, or a table's row, is marked as deleted."""
    for properties in element:
        if _name(properties) in ("pPr", "trPr"):
            inner = [x for p in properties for x in (p, *(p if _name(p) == "rPr" else ()))]
            return any(_name(x) == mark for x in inner)
    return False


def _has_text(element: Any) -> bool:
    texts = (e.text for e in element.iter() if _name(e) in ("t", "delText"))
    return any(text and text.strip() for text in texts)


def _is_hidden(run: Any) -> bool:
    properties = next((p for p in run if _name(p) == "rPr"), ())
    hidden = next((p for p in properties if _name(p) == "vanish"), None)
    return hidden is not None and _attribute(hidden, "val") not in ("0", "false", "off")
