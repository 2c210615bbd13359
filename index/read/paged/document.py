"""The pages of a document -> its stories as text, with headlines and page numbers known.

In: `Sheet`s of words, from a PDF's text or from OCR. Out: `Told` stories.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.read.hyphens import known_words
from index.read.paged.blocks import find_blocks
from index.read.paged.columns import find_lines
from index.read.paged.furniture import take_out
from index.read.paged.paragraphs import Paragraph, find_paragraphs, join_lines
from index.read.paged.phrases import phrases
from index.read.paged.stories import Story, find_stories, is_heading
from index.read.paged.words import Sheet, body_size


@dataclass(frozen=True, slots=True)
class Told:
    """One story: a paragraph or heading a line, with an empty line between."""

    text: str
    headings: tuple[int, ...]
    """Where the lines that are set as headings begin."""
    pages: tuple[tuple[int, int], ...]
    """Where each page begins in the text, and its number."""


def tell(sheets: Sequence[Sheet]) -> list[Told]:
    """The stories of a document in reading order."""
    known = phrases()
    lines = [find_lines(sheet.words) for sheet in sheets]
    size = body_size(line for page in lines for line in page)
    kept, running = take_out(lines, [s.height for s in sheets], size, known.page_number)
    pages = [find_blocks(page, sheet.number) for page, sheet in zip(kept, sheets, strict=True)]
    heads, stories = find_stories(pages, known)
    words = known_words("\n".join(line.text for page in kept for line in page))
    texts = [_tell(story, [*running, *heads], size, words) for story in stories]
    return [told for told in texts if told.text]


def _tell(story: Story, heads: Sequence[str], size: float, words: frozenset[str]) -> Told:
    headings = {id(b) for b in story.blocks if is_heading(b, size)}
    parts = [Paragraph(head, [(0, story.page)]) for head in dict.fromkeys(heads)]
    if story.headline:
        title = find_paragraphs(story.headline, {id(b) for b in story.headline}, words)
        parts += [_one(title)]
    parts += find_paragraphs(story.blocks, headings, words)
    text = ""
    starts: list[int] = []
    pages: list[tuple[int, int]] = []
    for part in parts:
        text += "\n\n" if text else ""
        if part.heading:
            starts.append(len(text))
        for offset, page in part.pages:
            if not pages or pages[-1][1] != page:
                pages.append((len(text) + offset, page))
        text += part.text
    return Told(text, tuple(starts), tuple(pages))


def _one(title: Sequence[Paragraph]) -> Paragraph:
    """A headline in several sizes or lines is one line."""
    text = title[0].text
    for part in title[1:]:
        text = join_lines(text, part.text, frozenset())
    return Paragraph(text, title[0].pages[:1], heading=True)
