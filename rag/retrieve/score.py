"""How well the passages of one language match a question, in a unit in which languages compare.

In: a probe, passages with their vectors. Out: `Candidate`s, best first. The unit is the standard
deviation of the question's dense scores on unrelated news in that language
(index/embed/language_offsets.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.embed.language_offsets import Offsets
from index.languages.present import present_terms
from rag.question.query import Probe, Wanted
from rag.retrieve.coverage import Coverage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.store.rows import StoredPassage

SENTENCE_SHARE = 0.65
"""Share of the dense score that the best sentence gives; the rest is the whole passage's."""

COVERAGE = 5.5
SENTENCE_COVERAGE = 8.0
"""What a passage gains, in deviations, if it, or one of its sentences, has all terms of the
question (these three: tuning/retrieval.py)."""

NAME = 0.2
SENTENCE_NAME = 0.3
"""What a passage in another language gains, times the name's idf, if it, or one of its sentences,
has a name or number of the question (tuning/retrieval.py)."""

LEXICAL_MERGE = 0.2
"""In the question's own language, a passage gains a lexical score by repeating the question's
words. When languages are compared, that score counts only this much (tuning/retrieval.py)."""

CHANCE_RANKS = slice(5, 30)
"""The mean lexical score of these ranks, 0 where there is no passage, is what chance gives. It is
subtracted before languages are compared (tuning/retrieval.py)."""

LEAST_DEVIATION = 0.02
"""The least deviation of the candidates' cosines that is believed: a handful of passages may have
none."""


@dataclass(slots=True)
class Candidate:
    """A passage and its scores, in deviations unless stated otherwise."""

    stored: StoredPassage
    dense: float
    lexical: float
    coverage: float
    """Share of the question's own terms in the passage, 0..1."""
    sentence_coverage: float
    """The highest share that one of its sentences has, 0..1."""
    best: int
    """Index of the best sentence."""
    names: list[str]
    key: float = 0.0
    """Orders candidates of all languages."""

    @property
    def score(self) -> float:
        """Orders candidates of one language."""
        return self.dense + self.lexical


def score_passages(
    probe: Probe,
    wanted: Wanted,
    passages: Sequence[StoredPassage],
    language: str,
    offsets: Offsets,
    balance: float,
) -> list[Candidate]:
    """Candidates of one language, best first, with keys that compare across languages."""
    if not passages:
        return []
    starts, of = _places([len(stored.passage.sentences) for stored in passages])
    dense, by_sentence = _dense(probe, passages, starts, language, offsets, balance)
    headings, sentences = _terms(passages, wanted)
    present = headings | np.logical_or.reduceat(sentences, starts)
    coverage = Coverage(wanted, present)
    names = coverage.named(present)
    whole = coverage.share(present, names)
    # In another language the names in a headline count for every sentence below it.
    named = coverage.named(sentences if wanted.terms else sentences | headings[of])
    shares, worth = coverage.share(sentences, named), coverage.worth(named)
    most = np.maximum.reduceat(shares, starts)
    lexical = COVERAGE * whole + SENTENCE_COVERAGE * most
    if not wanted.terms:
        best_named = np.maximum.reduceat(worth, starts)
        lexical = NAME * coverage.worth(names) + SENTENCE_NAME * best_named
    best = _first_best(by_sentence + SENTENCE_COVERAGE * shares + SENTENCE_NAME * worth, starts, of)
    columns = (each.tolist() for each in (dense, lexical, whole, most, best))
    found = [
        Candidate(stored, z, repeated, share, most_in_one, place, coverage.texts(those))
        for stored, those, z, repeated, share, most_in_one, place in zip(
            passages, names, *columns, strict=True
        )
    ]
    found.sort(key=lambda candidate: candidate.score, reverse=True)
    _set_keys(found, own=bool(wanted.terms))
    return found


def _places(counts: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the sentences of each passage start in the list of all, and the passage of each sentence."""
    return np.cumsum([0, *counts[:-1]]), np.repeat(np.arange(len(counts)), counts)


def _first_best(
    scores: NDArray[np.float64], starts: NDArray[np.int64], of: NDArray[np.int64]
) -> NDArray[np.int64]:
    """The place of each passage's best sentence in the passage, the first of those that are as good."""
    best = np.flatnonzero(scores == np.maximum.reduceat(scores, starts)[of])
    first: NDArray[np.int64] = best[np.searchsorted(best, starts)] - starts
    return first


def _dense(
    probe: Probe,
    passages: Sequence[StoredPassage],
    starts: NDArray[np.int64],
    language: str,
    offsets: Offsets,
    balance: float,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Standardised scores of the passages, and of the sentences of all."""
    query = offsets.centred_query(probe.vector, probe.language, balance)
    whole = offsets.cosines(query, np.stack([p.vector for p in passages]), language, balance)
    # A sentence behind the last token that the embedder reads has no vector, and the cosine -1.
    vectors = np.concatenate([p.sentence_vectors for p in passages]).astype(np.float32)
    scores = offsets.cosines(query, vectors, language, balance)
    best: NDArray[np.float32] = np.maximum.reduceat(scores, starts)
    best = np.where(best > -1, best, whole)
    dense = (1 - SENTENCE_SHARE) * whole + SENTENCE_SHARE * best
    mean, deviation = map(np.float32, _background(query, probe, language, offsets, balance, dense))
    return (dense - mean) / deviation, (scores - mean) / deviation


def _background(
    query: NDArray[np.float32],
    probe: Probe,
    language: str,
    offsets: Offsets,
    balance: float,
    dense: NDArray[np.float32],
) -> tuple[float, float]:
    """Mean and deviation of what unrelated passages score. Without offsets, those of the candidates are
    taken: each language is then measured by its own candidates."""
    known = offsets.background(query, language, balance)
    if known is None:
        return float(np.median(dense)), max(float(dense.std()), LEAST_DEVIATION)
    own = offsets.background(query, probe.language, balance) or known
    share = min(balance, 1.0)
    return share * known[0] + (1 - share) * own[0], known[1]


def _set_keys(ranked: Sequence[Candidate], *, own: bool) -> None:
    """Sets the keys, sorted so that they fall with the rank within the language."""
    lexical = np.array([candidate.lexical for candidate in ranked])
    chance = np.sort(lexical)[::-1][CHANCE_RANKS].sum()
    excess = lexical - chance / max(1, CHANCE_RANKS.stop - CHANCE_RANKS.start)
    if own:
        excess *= LEXICAL_MERGE
    keys = np.sort(excess + [candidate.dense for candidate in ranked])[::-1]
    for candidate, key in zip(ranked, keys.tolist(), strict=True):
        candidate.key = key


def _terms(
    passages: Sequence[StoredPassage], wanted: Wanted
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """The wanted terms in the headline and byline of each passage's article, and in the sentences of all
    passages."""
    texts, spans = [], []
    for stored in passages:
        above = heading(stored)
        shift = len(above) + 1 - stored.passage.start
        texts.append(f"{above}\n{stored.passage.text}")
        inside = [(span.start + shift, span.end + shift) for span in stored.passage.sentences]
        spans.append([(0, len(above)), *inside])
    languages = [stored.passage.language for stored in passages]
    present = present_terms(texts, spans, languages, wanted.vocabulary)
    above_all = np.cumsum([0, *map(len, spans[:-1])])
    return present[above_all], np.delete(present, above_all, axis=0)


def heading(stored: StoredPassage) -> str:
    """What all passages of an article share: its headline and its author."""
    return f"{stored.article.title}\n{stored.article.author}"
