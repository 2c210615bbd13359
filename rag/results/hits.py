"""What a search finds (hits), and what an answer quotes (citations). Plain data.

Their `to_dict` is a part of the public JSON contract.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, overload

from index.frames import to_frame
from index.languages.names import Name
from index.records import Passage, Sentence
from index.shown import Shown
from index.store.rows import StoredArticle
from rag.results.markdown import escaped, quote, source
from rag.results.odds import probability

if TYPE_CHECKING:
    import pandas as pd

ON_SUBJECT = 0.0
"""The strength from which a passage is on the subject of a question."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found for a question, and why."""

    rank: int
    strength: float
    """How well the passage matches, without bounds, in a unit in which languages compare. A passage
    that is barely on the subject has 0."""
    passage: Passage
    article: StoredArticle
    best_sentence: Sentence
    """The sentence of the passage nearest to the question, or once the passage has been read the one
    that answers it most likely; offsets into the article's text."""
    reasons: Mapping[str, float | list[str]] = field(default_factory=dict)
    """Why the passage was found: "dense" and "lexical" scores, the matched "terms" and "names"."""
    duplicates: tuple[StoredArticle, ...] = ()
    """Near duplicates of the article (reprints), which count as the same source."""
    rowid: int = 0
    """The passage's number in the library."""
    words: Sentence | None = None
    """The words of the best sentence that answer, once the passage has been read."""
    answers: float | None = None
    """Log-odds that the best sentence answers, against that nothing in the passage does; None before
    the passage has been read."""

    @property
    def score(self) -> float:
        """The strength as a number from 0 to 1, for display only; .5 is barely on the subject."""
        return probability(self.strength)

    def to_dict(self) -> dict[str, Any]:
        best = self.article.text[self.best_sentence.start : self.best_sentence.end]
        return {
            "passage_id": self.passage.id,
            "article_id": self.article.id,
            "score": round(self.score, 4),
            "rank": self.rank,
            "file": self.article.file,
            "title": self.article.title,
            "outlet": self.article.outlet,
            "author": self.article.author,
            "published": self.article.published,
            "url": self.article.url,
            "language": self.passage.language,
            "start": self.passage.start,
            "end": self.passage.end,
            "text": self.passage.text,
            "best_sentence": best,
            "reasons": dict(self.reasons),
            "duplicates": [
                {
                    "article_id": twin.id,
                    "outlet": twin.outlet,
                    "title": twin.title,
                    "file": twin.file,
                }
                for twin in self.duplicates
            ],
        }


@dataclass(frozen=True)
class Hits(Shown, Sequence[Hit]):
    """The hits of a question, best first, and what was searched for."""

    question: str
    hits: tuple[Hit, ...] = ()
    searched: tuple[str, ...] = ()
    """The queries that were run: the question, its parts and translations; how names were expanded."""
    confidence: float = 0.0
    """Calibrated probability that one of the hits answers the question."""
    seconds: float = 0.0
    translations: tuple[str, ...] = ()
    """The translations of the question that were searched for too."""
    spelled: tuple[Name, ...] = ()
    """Names of the question as articles in another language spell them."""

    @overload
    def __getitem__(self, index: int) -> Hit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]

    def __len__(self) -> int:
        return len(self.hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def to_dict(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "searched": list(self.searched),
            "confidence": round(self.confidence, 3),
            "hits": [hit.to_dict() for hit in self.hits],
            "seconds": round(self.seconds, 3),
        }

    def to_rows(self) -> list[dict[str, Any]]:
        """Plain data, one row a hit."""
        return [hit.to_dict() for hit in self.hits]

    def to_pandas(self) -> pd.DataFrame:
        """One row a hit."""
        return to_frame(self.to_rows())

    def to_markdown(self) -> str:
        """The passages, best first, each under its source."""
        parts = [f"# {escaped(self.question)}"]
        for hit in self.hits:
            parts += [f"**[{hit.rank}]** {source(hit.article)}", quote(hit.passage.text)]
        return "\n\n".join(parts) + "\n"


@dataclass(frozen=True, slots=True)
class Citation:
    """Exact words of an article: `article.text[start:end] == quote`."""

    n: int
    quote: str
    start: int
    end: int
    passage_id: str
    article: StoredArticle
    also_in: tuple[StoredArticle, ...] = ()
    """Reprints that have the same words: one source, several outlets."""

    def to_dict(self) -> dict[str, Any]:
        article = self.article
        return {
            "n": self.n,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
            "passage_id": self.passage_id,
            "article_id": article.id,
            "title": article.title,
            "outlet": article.outlet,
            "author": article.author,
            "published": article.published,
            "url": article.url,
            "language": article.language,
            "file": article.file,
            "also_in": [
                {"article_id": twin.id, "outlet": twin.outlet, "file": twin.file}
                for twin in self.also_in
            ],
        }
