"""What the reader is trained and measured on: texts, the sentences in them, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass, field

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Passage:
    """A run of whole sentences, as the search finds it."""

    text: str
    sentences: tuple[Span, ...]
    title: str = ""
    before: str = ""
    """The sentence that stands before it in its article."""
    document: str = ""
    """Passages of one document are never taken for unrelated."""
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Example:
    """A question or claim, read with one passage."""

    asked: str
    passage: Passage
    gold: tuple[int, ...] = ()
    """The sentences that answer, or decide on a claim; none: the passage says nothing of it."""
    doubtful: tuple[int, ...] = ()
    """Sentences that hold the words of the answer, and may answer too: neither right nor wrong."""
    weak: bool = False
    """One of `gold` answers, unknown which."""
    answer: Span | None = None
    verdict: str = ""
    """Of a claim: supports, contradicts, nothing, or unsupported (either of the latter two)."""
    answers: tuple[str, ...] = ()
    """A passage with one of these answers the question, too."""
    source: str = ""
    siblings: tuple[Passage, ...] = ()
    """Other passages of the same document."""


@dataclass(frozen=True, slots=True)
class Group:
    """A question to measure with: some passages, in which the answer stands or not."""

    asked: str
    passages: tuple[Passage, ...]
    gold: tuple[tuple[int, ...], ...] = field(default=())
    answerable: bool = True
    kind: str = ""
