"""What an answer can cite: the sentences of the hits, and the excerpts of them that an LLM reads.

Plain data; rag/evidence makes it from hits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.languages.text import seen, squeeze
from index.records import Sentence
from rag.results.hits import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Signals:
    """What speaks for a sentence as an answer to the question, and against it."""

    answers: float = 0.0
    """Log-odds that it answers, by the reader alone; 0 where none reads."""
    nearness: float = 0.0
    """Its own nearness to the question, in deviations."""
    strength: float = 0.0
    """That of its hit, in log-odds."""
    reason: bool = False
    """A reason is asked for, and it gives some reason."""
    announces: bool = False
    """A reason is asked for, and it says that reasons follow."""
    unnamed: int = 0
    """Names of the question that neither its passage nor its headline has."""
    named: float = 0.0
    """Log-odds that the sentence of its passage that answers best tells of the names of the question; 0 where
    that has none, or none reads. It counts for belief alone (belief.py)."""
    dated: int = 0
    """1 with a date of the question, -1 with other dates only, 0 where either has none."""
    asks: bool = False
    """It is a question itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A sentence of a hit: what an answer can cite."""

    hit: Hit
    span: Sentence
    text: str
    language: str
    vector: NDArray[np.float32]
    """The vector of the sentence alone, without its language's offset; L2-normalised."""
    signals: Signals
    relevance: float
    """All signals, weighed: log-odds in which the sentences of one question compare."""
    words: Sentence | None = None
    """Its words that answer, where it is the best of its passage; offsets into the article's text."""


@dataclass(frozen=True, slots=True, eq=False)
class Excerpt:
    """Consecutive sentences of one article, as an LLM reads them."""

    number: int
    sources: tuple[Source, ...]

    @property
    def hit(self) -> Hit:
        return self.sources[0].hit

    @property
    def text(self) -> str:
        article = self.hit.article.text
        return seen(squeeze(article[self.sources[0].span.start : self.sources[-1].span.end]))
