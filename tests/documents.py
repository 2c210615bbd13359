"""Small documents of formats that take a library to write."""

from __future__ import annotations

import gzip
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from docx import Document


def make_pdf(pages: Sequence[Sequence[str]]) -> bytes:
    """A PDF with one line of Helvetica after the other."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for lines in pages:
        text = " ".join(f"({line}) Tj T*" for line in lines)
        content = f"BT /F1 12 Tf 14 TL 72 720 Td {text} ET"
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        kids.append(f"{len(objects)} 0 R")
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    data = b"%PDF-1.4\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += f"{number} 0 obj\n{body}\nendobj\n".encode()
    start = len(data)
    entries = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    data += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{entries}".encode()
    return (
        data
        + f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode()
    )


def make_docx_paragraphs(file: Path, paragraphs: Iterable[str]) -> None:
    """A Word document of plain paragraphs."""
    document = Document()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    document.save(str(file))


def make_docx(
    file: Path,
    title: str,
    author: str,
    paragraphs: Iterable[str],
    table: Sequence[Sequence[str]] = (),
) -> None:
    """A Word document with heading, byline, paragraphs and a table."""
    document = Document()
    document.core_properties.title = title
    document.core_properties.author = author
    document.add_heading(title, 0)
    document.add_paragraph(f"By {author}")
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    if table:
        grid = document.add_table(len(table), len(table[0]))
        for row, values in zip(grid.rows, table, strict=True):
            for cell, value in zip(row.cells, values, strict=True):
                cell.text = value
    document.save(str(file))


def make_epub(file: Path, title: str, chapters: Sequence[tuple[str, Sequence[str]]]) -> None:
    """A book whose chapters are stored in reverse and listed in order."""
    items = "".join(
        f'<item id="c{n}" href="c%20{n}.xhtml" media-type="application/xhtml+xml"/>'
        for n in range(len(chapters))
    )
    spine = "".join(f'<itemref idref="c{n}"/>' for n in range(len(chapters)))
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr(
            "META-INF/container.xml",
            '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
            '<rootfile full-path="OPS/book.opf"/></rootfiles></container>',
        )
        for number, (heading, paragraphs) in reversed(list(enumerate(chapters))):
            body = "".join(f"<p>{text}</p>" for text in paragraphs)
            archive.writestr(
                f"OPS/c {number}.xhtml",
                f"<html><head><title>{heading}</title></head><body><h1>{heading}</h1>{body}</body></html>",
            )
        archive.writestr(
            "OPS/book.opf",
            '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/">'
            f"<metadata><dc:title>{title}</dc:title></metadata><manifest>{items}</manifest>"
            f"<spine>{spine}</spine></package>",
        )


def make_warc(file: Path, responses: Iterable[tuple[str, str, str, bytes]]) -> None:
    """A web archive of (url, status, content type, body)."""
    with file.open("wb") as stream:
        for url, status, kind, body in responses:
            http = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n\r\n".encode() + body
            head = (
                f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\n"
                "WARC-Date: 2023-03-02T00:00:00Z\r\nWARC-Record-ID: <urn:uuid:0>\r\n"
                f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
            )
            stream.write(gzip.compress(head.encode() + http + b"\r\n\r\n"))
