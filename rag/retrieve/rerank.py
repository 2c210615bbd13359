"""A cross-encoder reads the best candidates again, without its bias for a language.

In: candidates of all languages, best first. Out: the same in a new order. A cross-encoder, too, scores
some languages higher than others. So it only decides the order within a language; which language
stands at which rank stays the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from index.config import RerankSettings
from index.errors import ModelError
from index.languages.text import primary

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

    from rag.retrieve.score import Candidate


class Reranker(Protocol):
    """Scores passages for a question; only their order matters."""

    def scores(self, question: str, texts: Sequence[str]) -> list[float]: ...


class CrossEncoderReranker:
    """Any sentence-transformers CrossEncoder, loaded when first used."""

    def __init__(self, settings: RerankSettings) -> None:
        self._settings = settings
        self._loaded: CrossEncoder | None = None

    def scores(self, question: str, texts: Sequence[str]) -> list[float]:
        """One score a text. Raises ModelError where the model cannot be loaded."""
        pairs = [(question, text) for text in texts]
        return [float(score) for score in self._model().predict(pairs, show_progress_bar=False)]

    def _model(self) -> CrossEncoder:
        if self._loaded is None:
            from sentence_transformers import CrossEncoder

            try:
                self._loaded = CrossEncoder(self._settings.model)
            except (OSError, ValueError, RuntimeError) as error:
                raise ModelError(
                    f"Could not load the reranker {self._settings.model}: {error}. Set "
                    'rerank.model to a folder or hub name of a cross-encoder, or to "" for none.'
                ) from error
        return self._loaded


def open_reranker(settings: RerankSettings) -> Reranker | None:
    """The reranker the settings name; None for ""."""
    return CrossEncoderReranker(settings) if settings.model else None


def rerank(
    reranker: Reranker, question: str, ranked: Sequence[Candidate], count: int
) -> list[Candidate]:
    """The first `count` candidates in the reranker's order within each language, then the rest."""
    head = list(ranked[:count])
    scores = reranker.scores(question, [c.stored.passage.text for c in head])
    places: dict[str, list[int]] = {}
    for place, candidate in enumerate(head):
        places.setdefault(primary(candidate.stored.passage.language), []).append(place)
    ordered = list(head)
    for own in places.values():
        by_score = sorted(own, key=scores.__getitem__, reverse=True)
        keys = [head[place].key for place in own]
        for place, source, key in zip(own, by_score, keys, strict=True):
            ordered[place] = head[source]
            ordered[place].key = key
    return [*ordered, *ranked[count:]]
