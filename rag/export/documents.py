"""The content of an answer, a comparison or a timeline, without its form.

Each of the three is a `Result`, which makes a `Document` of itself: blocks of text with citation
numbers, then the citations, then related passages. Markdown, Word and HTML are made from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from rag.results.hits import Citation, Hit

LABELS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "sources": "Sources",
        "understood": "Understood as",
        "also_in": "Also in",
        "unsupported": "Not supported by the articles",
        "related": "Related passages",
        "untitled": "Untitled",
        "unknown": "Unknown",
        "articles_read": "articles",
        "article_read": "article",
        "agree": "They agree",
        "differ": "They give different numbers",
        "contradict": "They take opposite sides",
        "left_out": "Not compared",
        "since": "since",
        "reported": "reported",
        "planned": "planned",
        "no_events": "The articles tell of no such event.",
        "no_groups": "The articles do not speak of it.",
    },
    "zh-Hant": {
        "sources": "來源",
        "understood": "理解為",
        "also_in": "另見",
        "unsupported": "文章未能佐證",
        "related": "相關段落",
        "untitled": "無標題",
        "unknown": "未知",
        "articles_read": "篇文章",
        "article_read": "篇文章",
        "agree": "說法一致",
        "differ": "數字不同",
        "contradict": "說法相反",
        "left_out": "未比較",
        "since": "自",
        "reported": "報導日",
        "planned": "預定",
        "no_events": "文章中沒有這方面的事件。",
        "no_groups": "文章沒有談到這個問題。",
    },
    "zh-Hans": {
        "sources": "来源",
        "understood": "理解为",
        "also_in": "另见",
        "unsupported": "文章未能佐证",
        "related": "相关段落",
        "untitled": "无标题",
        "unknown": "未知",
        "articles_read": "篇文章",
        "article_read": "篇文章",
        "agree": "说法一致",
        "differ": "数字不同",
        "contradict": "说法相反",
        "left_out": "未比较",
        "since": "自",
        "reported": "报道日",
        "planned": "预定",
        "no_events": "文章中没有这方面的事件。",
        "no_groups": "文章没有谈到这个问题。",
    },
}
"""The words that an exported result adds to its own, by language; other languages get English."""

RELATED_SHOWN = 3
"""How many of the nearest passages stand below an abstention."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one form, with the numbers of what it cites."""

    text: str
    citations: tuple[int, ...] = ()
    lacking: str = ""
    """Why no source supports it, in words; "" where it is supported."""
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Block:
    """A heading, a paragraph, an item of a list, or a note beside the text."""

    kind: Literal["heading", "text", "item", "note"]
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The blocks of a result, with its citations."""

    title: str
    language: str
    blocks: tuple[Block, ...]
    citations: tuple[Citation, ...]
    related: Sequence[Hit] = ()

    @property
    def space(self) -> str:
        """The space between two runs: none in Chinese."""
        return "" if self.language.startswith("zh") else " "


def labels(language: str) -> Mapping[str, str]:
    """The words for a result in `language`."""
    return LABELS.get(language, LABELS["en"])


class Result(Protocol):
    """What can be shown and exported: an answer, a comparison, a timeline."""

    @property
    def language(self) -> str: ...
    @property
    def citations(self) -> tuple[Citation, ...]: ...

    def to_dict(self) -> dict[str, Any]: ...
    def to_markdown(self) -> str: ...
    def document(self) -> Document: ...


def heading(text: str) -> Block:
    """A heading of one run."""
    return Block("heading", (Run(text),))


def note(text: str) -> Block:
    """A note beside the text."""
    return Block("note", (Run(text),))
