"""PDF, DOCX and EPUB: the text of a document as its reader sees it.

In: a `Blob`. Out: one `Page` for a PDF or DOCX, one for each chapter of an EPUB. Title and author
from a document's properties are taken only where its text has them too: properties are often those
of a template or of another document.
"""

from __future__ import annotations

import posixpath
import re
import time
import zipfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

from index.errors import InputError
from index.languages.text import SOFT_HYPHEN, fold, squeeze
from index.read.streams import MB, Blob, hush
from index.records import Page, Rejection

MAX_PDF_PAGES = 3000
PDF_SECONDS = 120
"""A PDF that takes longer was made to."""

RUNNING_LINES = 2
"""So many lines at the top and bottom of a PDF page can be running heads or page numbers."""

RUNNING_SHARE = 0.5
"""A line that stands on this share of the pages, numbers aside, is a running head."""


def read_pdf(blob: Blob) -> Iterator[Page | Rejection]:
    """The text layer of a PDF; scans without one are rejected."""
    from pypdf import PdfReader

    hush("pypdf")
    reader = PdfReader(blob.stream, strict=False)
    if reader.is_encrypted and not reader.decrypt(""):
        yield Rejection(blob.label, "Encrypted: save it without a password and add it again.")
        return
    count = len(reader.pages)
    if count > MAX_PDF_PAGES:
        yield Rejection(blob.label, f"{count} pages: more than the {MAX_PDF_PAGES} that are read.")
        return
    pages: list[list[str]] = []
    size = 0
    deadline = time.monotonic() + PDF_SECONDS
    for page in reader.pages:
        text = page.extract_text()
        size += len(text)
        if time.monotonic() > deadline:
            yield Rejection(blob.label, f"Took longer than {PDF_SECONDS} seconds to read.")
            return
        if size > 5 * blob.settings.max_article_chars:
            yield Rejection(
                blob.label, f"More than {5 * blob.settings.max_article_chars} characters."
            )
            return
        pages.append([line for line in map(squeeze, text.split("\n")) if line])
    text = "\n".join(join_pages(pages))
    if not text.strip():
        yield Rejection(blob.label, "A PDF without text (a scan?): run it through OCR first.")
        return
    stated: Mapping[str, Any] = reader.metadata or {}
    metadata = _confirmed(text, stated.get("/Title"), stated.get("/Author"))
    yield Page(blob.name, text, "text", {**metadata, **blob.metadata}, blob.part)


def join_pages(pages: Sequence[Sequence[str]]) -> list[str]:
    """The lines of all pages without running heads; a hyphen at a line's end becomes a soft one."""
    edges = [
        {_without_numbers(x) for x in (*p[:RUNNING_LINES], *p[-RUNNING_LINES:])} for p in pages
    ]
    often = Counter(line for edge in edges for line in edge)
    running = {x for x, n in often.items() if len(pages) > 2 and n >= RUNNING_SHARE * len(pages)}
    lines: list[str] = []
    for page in pages:
        for number, line in enumerate(page):
            at_edge = number < RUNNING_LINES or number >= len(page) - RUNNING_LINES
            if at_edge and (
                _without_numbers(line) in running or re.fullmatch(r"[\d\s/·–-]*", line)
            ):
                continue
            if lines and re.search(r"[a-z]-$", lines[-1]) and re.match(r"[a-z]", line):
                lines[-1] = lines[-1][:-1] + SOFT_HYPHEN
            lines.append(line)
    return lines


def _without_numbers(line: str) -> str:
    return re.sub(r"\d+", "#", fold(line))


def _confirmed(text: str, title: Any, author: Any) -> dict[str, str]:
    key = re.sub(r"\s+", "", fold(text))
    stated = {"title": title, "author": author}
    return {
        name: squeeze(value)
        for name, value in stated.items()
        if isinstance(value, str) and value.strip() and re.sub(r"\s+", "", fold(value)) in key
    }


def check_zip(blob: Blob) -> zipfile.ZipFile:
    """The zip behind a DOCX or EPUB. Raises InputError when it unpacks to more than is allowed.

    zipfile never reads more of a member than the size stated, so the stated sizes can be relied on.
    """
    archive = zipfile.ZipFile(blob.stream)
    size = sum(member.file_size for member in archive.infolist())
    if size > blob.settings.max_file_mb * MB:
        raise InputError(f"Unpacks to more than max_file_mb = {blob.settings.max_file_mb}.")
    blob.budget.spend(size)
    return archive


def read_docx(blob: Blob) -> Iterator[Page | Rejection]:
    """The paragraphs and table rows of a Word document, in order."""
    from docx import Document

    check_zip(blob).close()
    blob.stream.seek(0)
    document = Document(blob.stream)
    lines: list[str] = []
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells = {cell._tc: squeeze(cell.text) for cell in row.cells}  # merged cells once
                lines.append(" | ".join(filter(None, cells.values())))
        else:
            lines.append(block.text)
    text = "\n\n".join(lines)
    properties = document.core_properties
    metadata = _confirmed(text, properties.title, properties.author)
    yield Page(blob.name, text, "text", {**metadata, **blob.metadata}, blob.part)


_CONTAINER = "META-INF/container.xml"


def read_epub(blob: Blob) -> Iterator[Page | Rejection]:
    """The chapters of a book in reading order; the book's title is kept with each as `book`."""
    with check_zip(blob) as archive:
        names = set(archive.namelist())
        if _CONTAINER not in names:
            raise InputError("An EPUB without its META-INF/container.xml.")
        root = _xml(archive.read(_CONTAINER))
        package_path = next((e.get("full-path", "") for e in _named(root, "rootfile")), "")
        if package_path not in names:
            raise InputError("An EPUB that lists no chapters.")
        package = _xml(archive.read(package_path))
        metadata: dict[str, Any] = {
            name: next(
                (squeeze(e.text or "") for e in _named(package, tag) if (e.text or "").strip()), ""
            )
            for name, tag in (
                ("book", "title"),
                ("author", "creator"),
                ("outlet", "publisher"),
                ("published", "date"),
                ("language", "language"),
            )
        }
        metadata = {**{k: v for k, v in metadata.items() if v}, **blob.metadata}
        items = {e.get("id"): e for e in _named(package, "item")}
        folder = posixpath.dirname(package_path)
        for reference in _named(package, "itemref"):
            item = items.get(reference.get("idref"))
            if item is None or "nav" in (item.get("properties") or "").split():
                continue
            href = unquote((item.get("href") or "").split("#")[0])
            path = posixpath.normpath(posixpath.join(folder, href))
            if path in names and "html" in (item.get("media-type") or "html"):
                text = archive.read(path).decode("utf-8", "replace")
                yield Page(blob.name, text, "html", metadata, href)


def _xml(data: bytes) -> Any:
    from defusedxml import ElementTree

    return ElementTree.fromstring(data)


def _named(root: Any, name: str) -> Iterator[Any]:
    """Elements by local name, whatever their namespace."""
    return (e for e in root.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == name)
