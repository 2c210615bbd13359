"""PDFs, scans and pictures of pages -> their stories.

In: a `Blob`. Out: a `Page` for each story, whose lines are paragraphs; which of them are headlines
and where each printed page begins is known. Title and author from a document's properties are taken
only where the story's text has them too: properties are often those of a template or of another
document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from index.errors import InputError
from index.languages.text import fold, squeeze
from index.read.paged.process import READER
from index.read.streams import Blob
from index.records import Page, Rejection

PAGE_ARTICLES = 5
"""A document may hold so many times the text of the longest article."""


def read_pdf(blob: Blob) -> Iterator[Page | Rejection]:
    """The stories of a PDF; pages without text are read by OCR."""
    yield from _read(blob, "pdf")


def read_image(blob: Blob) -> Iterator[Page | Rejection]:
    """The stories on a picture of a page, or on each page of a TIFF."""
    yield from _read(blob, "image")


def _read(blob: Blob, kind: str) -> Iterator[Page | Rejection]:
    most = PAGE_ARTICLES * blob.settings.max_article_chars
    found = READER.read(kind, blob.read(), most, blob.count)
    if "refused" in found:
        raise InputError(found["refused"])
    stories = found["stories"]
    if not stories:
        yield Rejection(blob.label, "No text was found on it.")
    for number, story in enumerate(stories, 1):
        text = story["text"]
        stated = _confirmed(story, found["title"], found["author"])
        part = blob.part
        if len(stories) > 1:
            part = ":".join(filter(None, (part, f"page {story['pages'][0][1]}, story {number}")))
        yield Page(
            blob.name,
            text,
            "paragraphs",
            {**stated, **blob.metadata},
            part,
            tuple(story["headings"]),
            tuple((offset, page) for offset, page in story["pages"]),
        )


def _confirmed(story: dict[str, Any], title: str, author: str) -> dict[str, str]:
    """What a document's properties state and the story's own text says."""
    text = story["text"]
    headline = text[story["headings"][0] :].split("\n", 1)[0] if story["headings"] else ""
    where = {"title": headline or text, "author": text}
    stated = {"title": squeeze(title), "author": squeeze(author)}
    return {n: value for n, value in stated.items() if value and _key(value) in _key(where[n])}


def _key(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))
