"""The pages of a document -> its stories as text, with headlines and page numbers known.

In: `Sheet`s of words, from a PDF's text or from OCR. Out: `StoryText`s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.read.hyphens import known_words
from index.read.paged.blocks import SAME_SIZE, Block, find_blocks
from index.read.paged.columns import find_lines
from index.read.paged.furniture import take_out
from index.read.paged.paragraphs import Paragraph, find_paragraphs, join_lines
from index.read.paged.phrases import phrases
from index.read.paged.stories import Story, find_stories, is_heading
from index.read.paged.words import Sheet, body_size


@dataclass(frozen=True, slots=True)
class StoryText:
    """One story: a paragraph or heading a line, with an empty line between."""

    title: str
    """Its headline, or "" where none is set apart."""
    text: str
    headings: tuple[int, ...]
    """Where the lines that are set as headings begin."""
    pages: tuple[tuple[int, int], ...]
    """Where each page begins in the text, and its number."""
    left_out: int = 0
    """Running heads, feet and page numbers that were taken out of the document; with its first story."""


def story_texts(sheets: Sequence[Sheet]) -> list[StoryText]:
    """The stories of a document in reading order."""
    known = phrases()
    lines = [find_lines(sheet.words) for sheet in sheets]
    size = body_size(line for page in lines for line in page)
    kept, running = take_out(lines, [s.height for s in sheets], size, known.page_number)
    pages = [find_blocks(page, sheet.number) for page, sheet in zip(kept, sheets, strict=True)]
    blocks = [block for page in pages for block in page]
    words = known_words("\n".join(line.text for block in blocks for line in block.lines))
    heads, stories = find_stories(pages, known)
    texts = [_story_text(story, [*running, *heads], size, words) for story in stories]
    full = [story for story in texts if story.text]
    out = sum(map(len, lines)) - sum(map(len, kept))
    return [replace(full[0], left_out=out), *full[1:]] if full else []


def _story_text(
    story: Story, heads: Sequence[str], size: float, words: frozenset[str]
) -> StoryText:
    headings = {id(b) for b in story.blocks if is_heading(b, size)}
    title, beside = _title(story, words)
    parts = [Paragraph(head, [(0, story.page)]) for head in dict.fromkeys(heads)]
    parts += title
    parts += find_paragraphs([*beside, *story.blocks], headings, words)
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
    headline = title[0].text if title else ""
    return StoryText(headline, text, tuple(starts), tuple(pages))


def _title(story: Story, words: frozenset[str]) -> tuple[list[Paragraph], list[Block]]:
    """The headline in one line; what is set smaller above and below it."""
    largest = max((b.size for b in story.headline), default=0.0)
    main = [b for b in story.headline if b.size * SAME_SIZE >= largest]
    beside = [b for b in story.headline if b.size * SAME_SIZE < largest]
    if not main:
        return [], beside
    lines = find_paragraphs(main, {id(b) for b in main}, words)
    text = lines[0].text
    for line in lines[1:]:
        text = join_lines(text, line.text, words)
    return [Paragraph(text, lines[0].pages[:1], heading=True)], beside
