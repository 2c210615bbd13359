"""The blocks of a document's pages -> its stories: headlines, and the blocks each one owns.

A headline is recognised by its size. Where a page has columns, a story is what stands below its headline,
up to the next; where it has one, only the largest headlines, or those with a byline below, start a
story, and the others are headings within it. A page that begins without a headline goes on with
the story before, and a story that "continues on page 5" ends there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from index.read.paged.blocks import Block, in_reading_order, share_column
from index.read.paged.phrases import Phrases
from index.read.paged.words import body_size, is_wide

HEADING = 1.25
"""A heading is this many times as large as the text."""

HEADLINE = 1.45
"""In columns, a line this many times as large as the text starts a story even without a byline
below it."""

TOP_SHARE = 0.9
"""In one column, headlines have at least this share of the largest one's size."""

HEADING_CHARS = 200
HEADING_LINES = 6

MASTHEAD_CHARS = 40
"""The name of a newspaper above its first headline is no longer than this."""

HEAD_CHARS = 160
"""The lines above the first headline that name outlet and day are together no longer than this."""

STORY_CHARS = 60
"""A story has more text than this; a headline with less below it is a heading."""


@dataclass(slots=True)
class Story:
    """A headline and the blocks below it, over one or more pages."""

    headline: list[Block] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)

    @property
    def page(self) -> int:
        return (self.headline or self.blocks)[0].page

    @property
    def title(self) -> str:
        return " ".join(block.text for block in self.headline)

    @property
    def chars(self) -> int:
        """How much it says, in letters; a Han character says as much as two and a half."""
        text = "".join(line.text for block in self.blocks for line in block.lines)
        return len(text) + sum(map(is_wide, text)) * 3 // 2


def find_stories(
    pages: Sequence[Sequence[Block]], phrases: Phrases
) -> tuple[list[str], list[Story]]:
    """What a document says above its first headline, and its stories in reading order."""
    size = body_size(line for page in pages for block in page for line in block.lines)
    heads, pages = _take_heads(pages, size)
    largest = max((b.size for page in pages for b in page if is_heading(b, size)), default=0)
    stories = [Story()]
    for page in pages:
        headlines = [b for b in page if _starts_story(b, page, size, largest, phrases)]
        _read_page(page, headlines, stories)
    full = [s for s in stories if s.headline or s.blocks]
    return heads, _with_continuations(_merge_small(full), phrases)


def is_heading(block: Block, size: float) -> bool:
    """Whether a block is set as a heading, where the text has this size."""
    short = len(block.text) <= HEADING_CHARS and len(block.lines) <= HEADING_LINES
    return short and block.size >= HEADING * size and any(map(str.isalpha, block.text))


def _take_heads(
    pages: Sequence[Sequence[Block]], size: float
) -> tuple[list[str], list[list[Block]]]:
    """The name of the newspaper and the line of its date, off the first page."""
    rest = [list(page) for page in pages]
    first = next((page for page in rest if page), [])
    headings = [i for i, b in enumerate(first) if is_heading(b, size)]
    heads: list[Block] = []
    if headings:
        top = headings[0]
        above = first[:top]
        if sum(len(b.text) for b in above) <= HEAD_CHARS:
            heads += above
        elif above:
            return [], rest
        between = first[top + 1 : headings[1]] if len(headings) > 1 else []
        named = len(headings) > 1 and len(first[top].text) <= MASTHEAD_CHARS
        apart = between or first[top].size > 1.2 * first[headings[1]].size if named else False
        if named and apart and sum(len(b.text) for b in between) <= HEAD_CHARS:
            follows = first[headings[1] + 1 :]
            if follows and not (between and _is_prose(between)):
                heads += [first[top], *between]
    for block in heads:
        first.remove(block)
    return [" | ".join(block.text for block in heads)] if heads else [], rest


def _is_prose(blocks: Sequence[Block]) -> bool:
    return sum(len(b.lines) for b in blocks) > 3


def _starts_story(
    block: Block, page: Sequence[Block], size: float, largest: float, phrases: Phrases
) -> bool:
    if not is_heading(block, size):
        return False
    if block.size >= TOP_SHARE * largest:
        return True
    below = next((b for b in page[page.index(block) + 1 :] if not is_heading(b, size)), None)
    if below is not None and phrases.byline.match(below.lines[0].text):
        return True
    return block.size >= HEADLINE * size and _has_columns(page, size)


def _has_columns(page: Sequence[Block], size: float) -> bool:
    body = [b for b in page if len(b.lines) >= 3 and not is_heading(b, size)]
    return any(
        not share_column(one, other) and min(one.bottom, other.bottom) > max(one.top, other.top)
        for i, one in enumerate(body)
        for other in body[i + 1 : i + 40]
    )


def _read_page(page: Sequence[Block], headlines: Sequence[Block], stories: list[Story]) -> None:
    """Adds a page's blocks to the story before it and to the stories that start on it."""
    if not headlines:
        stories[-1].blocks += page
        return
    heads = _joined(headlines, page)
    owner = _owners(page, heads)
    before = stories[-1]
    started = {id(group[0]): Story(list(group)) for group in heads}
    own: dict[int, list[Block]] = {}
    for block in page:
        if not any(block is h for group in heads for h in group):
            head = owner[id(block)]
            own.setdefault(id(head[0]) if head else 0, []).append(block)
    before.blocks += in_reading_order(own.get(0, []))
    for group in heads:
        story = started[id(group[0])]
        story.blocks = in_reading_order(own.get(id(group[0]), []))
        stories.append(story)


def _joined(headlines: Sequence[Block], page: Sequence[Block]) -> list[list[Block]]:
    """Headlines that follow one another without text between are one, in several lines."""
    place = {id(b): i for i, b in enumerate(page)}
    groups = [[headlines[0]]]
    for last, block in pairwise(headlines):
        adjacent = place[id(block)] == place[id(last)] + 1 and share_column(last, block)
        near = block.top - last.bottom <= 1.5 * last.size
        if adjacent and near:
            groups[-1].append(block)
        else:
            groups.append([block])
    return groups


def _owners(page: Sequence[Block], heads: Sequence[list[Block]]) -> dict[int, list[Block] | None]:
    """The headline of each block: the nearest above whose width, with the white beside it, covers
    the block; without one, the headline of the block that is read before it."""
    reach = {id(group[0]): _reach(group, page) for group in heads}
    flat = {id(b) for group in heads for b in group}
    owner: dict[int, list[Block] | None] = {}
    last: list[Block] | None = None
    last_block: Block | None = None
    for block in page:
        if id(block) in flat:
            last = next(g for g in heads if any(block is h for h in g))
            last_block = None
            continue
        middle = (block.left + block.right) / 2
        over = [
            g
            for g in heads
            if g[-1].bottom <= block.top + g[-1].size
            and reach[id(g[0])][0] <= middle <= reach[id(g[0])][1]
        ]
        nearest = max(over, key=lambda g: g[-1].bottom, default=last)
        if (
            last is not None
            and nearest is not last
            and _flows(last_block, block, reach[id(last[0])])
        ):
            nearest = last
        owner[id(block)] = nearest
        last, last_block = nearest, block
    return owner


def _flows(last: Block | None, block: Block, reach: tuple[float, float]) -> bool:
    """Whether a sentence goes on at the top of the next column, beside its story's headline."""
    return last is not None and block.left >= reach[1] - 1 and not _ends_sentence(last)


def _reach(group: Sequence[Block], page: Sequence[Block]) -> tuple[float, float]:
    """From where to where a headline stands alone in its rows."""
    left, right = min(b.left for b in group), max(b.right for b in group)
    low, high = float("-inf"), float("inf")
    for b in page:
        if any(b is h for h in group) or b.bottom <= group[0].top or b.top >= group[-1].bottom:
            continue
        if b.left >= right:
            high = min(high, b.left)
        elif b.right <= left:
            low = max(low, b.right)
    return low, high


_END = re.compile(r"[。！？!?.…:：；;」』”\"）)]\s*$")


def _ends_sentence(block: Block) -> bool:
    return _END.search(block.lines[-1].text) is not None


def _merge_small(stories: Sequence[Story]) -> list[Story]:
    """A headline with hardly any text below it is a heading of the story before."""
    merged: list[Story] = []
    for story in stories:
        if merged and story.chars <= STORY_CHARS and merged[-1].chars > STORY_CHARS:
            merged[-1].blocks += [*story.headline, *story.blocks]
        elif merged and merged[-1].chars <= STORY_CHARS and not merged[-1].headline:
            story.blocks = [*merged[-1].blocks, *story.blocks]
            merged[-1] = story
        else:
            merged.append(story)
    return merged


def _with_continuations(stories: list[Story], phrases: Phrases) -> list[Story]:
    """Stories that end with "continued on page 5" go on with the one that says where from."""
    rest = list(stories)
    for story in stories:
        if story not in rest or not story.blocks:
            continue
        jump = _jump(story, phrases)
        if jump is None:
            continue
        following = [s for s in rest if s is not story and s.page >= story.page]
        match = next((s for s in _candidates(following, story, jump, phrases)), None)
        if match is not None:
            rest.remove(match)
            story.blocks += _without_origin(match, phrases)
    return rest


def _jump(story: Story, phrases: Phrases) -> str | None:
    """The "continued on" line of a story, taken out of it; its words name the rest."""
    for block in story.blocks:
        line = block.lines[-1]
        if phrases.continued_on.search(line.text):
            block.lines = block.lines[:-1]
            story.blocks = [b for b in story.blocks if b.lines]
            return line.text
    return None


def _candidates(
    stories: Sequence[Story], story: Story, jump: str, phrases: Phrases
) -> Iterator[Story]:
    """Stories that say they come from elsewhere; those that share words with the title first."""
    words = _words(f"{story.title} {jump}")
    marked = [s for s in stories if _origin(s, phrases) is not None]
    yield from sorted(
        marked, key=lambda s: -len(words & _words(f"{s.title} {_origin(s, phrases)}"))
    )


def _words(text: str) -> set[str]:
    return {w for w in re.findall(r"[^\W\d_]{3,}|[\u3400-\u9fff]", text.lower()) if w}


def _origin(story: Story, phrases: Phrases) -> str | None:
    """The "continued from" line of a story: in its headline or first lines."""
    lines = [line.text for block in (*story.headline, *story.blocks[:1]) for line in block.lines]
    return next((text for text in lines[:6] if phrases.continued_from.search(text)), None)


def _without_origin(story: Story, phrases: Phrases) -> list[Block]:
    for block in story.blocks[:1]:
        block.lines = [x for x in block.lines if not phrases.continued_from.search(x.text)]
    return [b for b in story.blocks if b.lines]
