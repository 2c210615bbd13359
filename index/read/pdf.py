"""PDFs, scans and pictures of pages -> their stories.

In: a `Blob`. Out: a `Page` for each story, whose lines are paragraphs; which of them are headlines
and where each printed page begins is known. Title and author from a document's properties are taken
only where the story's text has them too: properties are often those of a template or of another
document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.languages.text import fold, squeeze
from index.read.paged.document import StoryText
from index.read.paged.reading import read_document, read_pictures
from index.read.streams import Blob
from index.records import Page, Rejection
from index.wording import Wording

HEAD_CHARS = 400
"""Title and author stand within this many characters of a story's beginning or end."""

BYLINE_CHARS = 80

RUNNING: str = Wording("left_running", "A running head, foot or page number")

PAGE_ARTICLES = 5
"""A document may be this many times as long as the longest article."""


def read_pdf(blob: Blob) -> Iterator[Page | Rejection]:
    """The stories of a PDF; pages without text are read by OCR."""
    most = PAGE_ARTICLES * blob.settings.max_article_chars
    found = read_document(blob.read(), most, blob.count, blob.meter.scanning)
    stated = found.stated
    yield from _pages(blob, found.stories, stated.get("Title", ""), stated.get("Author", ""))
    yield from (Rejection(blob.label, reason) for reason in found.unread)


def read_image(blob: Blob) -> Iterator[Page | Rejection]:
    """The stories on a picture of a page, or on each page of a TIFF."""
    yield from _pages(blob, read_pictures(blob.read(), blob.meter.scanning))


def _pages(
    blob: Blob, stories: Sequence[StoryText], title: str = "", author: str = ""
) -> Iterator[Page | Rejection]:
    if not stories:
        yield Rejection(blob.label, Wording("picture_nothing", "No text was found on it."))
    for number, story in enumerate(stories, 1):
        part = blob.part
        if len(stories) > 1:
            part = ":".join(filter(None, (part, f"page {story.pages[0][1]}, story {number}")))
        metadata = {**_stated(story, title, author), **blob.metadata}
        out = {RUNNING: story.left_out} if story.left_out else {}
        yield Page(
            blob.name, story.text, "paragraphs", metadata, part, story.headings, story.pages,
            left_out=out,
        )  # fmt: skip


def _stated(story: StoryText, title: str, author: str) -> dict[str, str]:
    """What a story is headed, and who a document's properties say wrote it if its text agrees."""
    text, headline = story.text, squeeze(story.title)
    title, author = squeeze(title), squeeze(author)
    if _key(title) in _key(headline or text[:HEAD_CHARS]):
        headline = headline or title
    lines = (text[:HEAD_CHARS] + "\n" + text[-HEAD_CHARS:]).split("\n")
    signed = any(len(x) <= BYLINE_CHARS and _key(author) in _key(x) for x in lines)
    return {n: v for n, v in (("title", headline), ("author", author if signed else "")) if v}


def _key(text: str) -> str:
    return re.sub(r"\s+", "", fold(text))
