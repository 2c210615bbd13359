"""What an answer can cite: the sentences of the hits, and the excerpts of them that an LLM reads.

Plain data; rag/evidence makes it from hits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.languages.text import squeeze
from index.records import Sentence
from rag.results.hits import Hit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """A sentence of a hit: what an answer can cite."""

    hit: Hit
    span: Sentence
    text: str
    language: str
    vector: NDArray[np.float32]
    """The vector of the sentence alone, without its language's offset; L2-normalised."""
    answers: float
    """Log-odds that it answers the question, by the reader alone; 0 where none reads."""
    relevance: float
    """The same with what the search knows of it: log-odds in which sentences of one question compare."""


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
        return squeeze(article[self.sources[0].span.start : self.sources[-1].span.end])
