"""The content of an answer, a comparison or a timeline, without its form.

Each of the three is a `Result`, which makes a `Document` of itself: blocks of text with citation
numbers, then the citations, then related passages. Markdown, Word and HTML are made from that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from index.languages.pack import text_of
from index.languages.text import blank
from rag.results.hits import Citation, Hit

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
        return blank(self.language)


def labels(language: str) -> Mapping[str, str]:
    """The words for a result in `language`; English for any that no pack is for."""
    words: Mapping[str, str] = text_of("words", language)["results"]
    return words


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
