"""EPUB: the text of a book as its reader sees it; what documents of other kinds share.

In: a `Blob`. Out: one `Page` for each chapter. Title and author
from a document's properties are taken only where its text has them too: properties are often those
of a template or of another document.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from index.errors import InputError
from index.languages.text import fold, squeeze
from index.read.streams import MB, Blob
from index.records import Page, Rejection


def confirmed(text: str, title: Any, author: Any) -> dict[str, str]:
    """Title and author as a document's properties state them, where its text has them too."""
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
        raise InputError(
            "unpacks_file", "Unpacks to more than max_file_mb = {mb}.", mb=blob.settings.max_file_mb
        )
    blob.budget.spend(size)
    return archive


_CONTAINER = "META-INF/container.xml"


def read_epub(blob: Blob) -> Iterator[Page | Rejection]:
    """The chapters of a book in reading order; the book's title is kept with each as `book`."""
    with check_zip(blob) as archive:
        names = set(archive.namelist())
        if _CONTAINER not in names:
            raise InputError("epub_container", "An EPUB without its META-INF/container.xml.")
        root = parse_xml(archive.read(_CONTAINER))
        package_path = next((e.get("full-path", "") for e in named(root, "rootfile")), "")
        if package_path not in names:
            raise InputError("epub_chapters", "An EPUB that lists no chapters.")
        package = parse_xml(archive.read(package_path))
        metadata: dict[str, Any] = {
            name: next(
                (squeeze(e.text or "") for e in named(package, tag) if (e.text or "").strip()), ""
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
        items = {e.get("id"): e for e in named(package, "item")}
        folder = posixpath.dirname(package_path)
        for reference in named(package, "itemref"):
            item = items.get(reference.get("idref"))
            if item is None or "nav" in (item.get("properties") or "").split():
                continue
            href = unquote((item.get("href") or "").split("#")[0])
            path = posixpath.normpath(posixpath.join(folder, href))
            if path in names and "html" in (item.get("media-type") or "html"):
                text = archive.read(path).decode("utf-8", "replace")
                yield Page(blob.name, text, "html", metadata, href)


def parse_xml(data: bytes) -> Any:
    """The root of a document; its entities neither load nor grow."""
    from defusedxml import ElementTree

    return ElementTree.fromstring(data)


def named(root: Any, name: str) -> Iterator[Any]:
    """Elements by local name, whatever their namespace."""
    return (e for e in root.iter() if isinstance(e.tag, str) and e.tag.rpartition("}")[2] == name)
