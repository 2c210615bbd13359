"""The records that flow through the index: Page -> Article -> Sentence -> Passage.

All are frozen. Ids are hashes of content, so the same content has the same id on every machine.
Offsets count Unicode code points: a `Sentence` or `Passage` is `article.text[start:end]`, and an
`Article` lies within `page.text[page_start:page_end]`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ID_BYTES = 8
"""Bytes of sha256 in an id (16 hex digits): the chance of a collision among a million is below 1e-7."""

MediaType = Literal["text", "html", "markdown", "paragraphs"]
"""`paragraphs`: text that has one paragraph or heading a line, never a wrapped one."""


def content_id(*parts: str) -> str:
    """Hash of the parts in order, as hex digits; ("ab", "c") and ("a", "bc") differ."""
    encoded = [part.encode("utf-8", "surrogatepass") for part in parts]
    whole = b"".join(
        [piece for part in encoded for piece in (len(part).to_bytes(8, "little"), part)]
    )
    return hashlib.sha256(whole).hexdigest()[: 2 * ID_BYTES]


@dataclass(frozen=True, slots=True)
class Page:
    """One document as it was loaded: decoded, but not cleaned."""

    source: str
    """The file or url the page came from, as the user knows it; one source can hold many pages."""
    text: str
    """Decoded content: markup where `media_type` is html, otherwise plain text."""
    media_type: MediaType = "text"
    metadata: Mapping[str, Any] = field(default_factory=dict)
    """What the user or the container said: any of title, author, outlet, published, language,
    url, tags; other keys are kept with the article. These win over anything found in the text."""
    part: str = ""
    """Which part of the source: a path inside an archive, a line number, a feed entry's id."""
    headings: tuple[int, ...] = ()
    """Of `paragraphs`: where the lines that are set as headings begin."""
    pages: tuple[tuple[int, int], ...] = ()
    """Of a printed document: where each page begins in the text, and its number."""
    several: bool = False
    """A letter: it may hold several stories, each its own article, although it is a part."""
    left_out: Mapping[str, int] = field(default_factory=dict)
    """What was left out because it is not text of the document, by kind, and how often."""


@dataclass(frozen=True, slots=True)
class Article:
    """One article: its body without boilerplate, and what is known about it."""

    text: str
    title: str = ""
    author: str = ""
    outlet: str = ""
    published: str = ""
    """ISO 8601: a date, or a date and time (with offset where the page gave one); "" if unknown."""
    url: str = ""
    canonical_url: str = ""
    language: str = ""
    """BCP 47 with script where it matters: "en", "ru", "zh-Hant", "zh-Hans"."""
    file: str = ""
    """The name the article is shown under: its file's name, without folders."""
    tags: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    guessed: frozenset[str] = frozenset()
    """Names of the fields above that were inferred rather than stated by page or user."""
    page_start: int = 0
    page_end: int = 0

    @property
    def id(self) -> str:
        """The same text from the same outlet, author, url and date is the same article."""
        return content_id(
            "article", self.text, self.title, self.author, self.outlet, self.published, self.url
        )


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why a source, or a part of it, holds no article."""

    source: str
    reason: str
    meant: bool = False
    """Left out as it should be: reading the source again would gain nothing."""


@dataclass(frozen=True, slots=True)
class LeftOut(Rejection):
    """Something that is not an article's text and was left out; the rest of its source was read."""

    meant: bool = True
    count: int = 1


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as offsets into its article's text, without surrounding white space."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Passage:
    """Consecutive sentences of one article: the unit that is embedded and retrieved."""

    article_id: str
    start: int
    end: int
    text: str
    sentences: tuple[Sentence, ...]
    language: str
    title: str = ""
    """Its article's headline. The embedder reads it before the text, so that a passage that says only
    "this was for three reasons" is found by its subject. It is never quoted."""

    @property
    def id(self) -> str:
        return content_id("passage", self.article_id, str(self.start), str(self.end))
