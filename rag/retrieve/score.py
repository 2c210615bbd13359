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
from index.languages.terms import present_terms
from rag.question.query import Coverage, Probe, Wanted

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

NO_TERMS = frozenset[str]()

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
    dense, by_sentence = _dense(probe, passages, language, offsets, balance)
    located = [_terms_by_sentence(stored, wanted) for stored in passages]
    headings = _heading_terms(passages, wanted)
    terms_of = [
        headings[stored.article.id].union(*parts)
        for stored, parts in zip(passages, located, strict=True)
    ]
    coverage = Coverage(wanted, terms_of)
    found = []
    for stored, z, scores, parts, present in zip(
        passages, dense, by_sentence, located, terms_of, strict=True
    ):
        names = coverage.within(present)
        whole = coverage.share(present, names)
        # In another language the names in a headline count for every sentence below it.
        known = NO_TERMS if wanted.terms else headings[stored.article.id]
        scored = {}
        for part in set(parts):  # many sentences have the same terms: score each set once
            within = coverage.within(part | known, names)
            scored[part] = coverage.share(part, within), coverage.worth(within)
        shares, worth = zip(*map(scored.__getitem__, parts), strict=True)
        total = [
            z_sentence + SENTENCE_COVERAGE * share + SENTENCE_NAME * named
            for z_sentence, share, named in zip(scores, shares, worth, strict=True)
        ]
        lexical = COVERAGE * whole + SENTENCE_COVERAGE * max(shares)
        if not wanted.terms:
            lexical = NAME * coverage.worth(names) + SENTENCE_NAME * max(worth)
        found.append(
            Candidate(
                stored,
                z,
                lexical,
                whole,
                max(shares),
                total.index(max(total)),
                coverage.texts(names),
            )
        )
    found.sort(key=lambda candidate: candidate.score, reverse=True)
    _set_keys(found, own=bool(wanted.terms))
    return found


def _dense(
    probe: Probe,
    passages: Sequence[StoredPassage],
    language: str,
    offsets: Offsets,
    balance: float,
) -> tuple[list[float], list[list[float]]]:
    """Standardised scores of the passages, and of the sentences of each."""
    query = offsets.centred_query(probe.vector, probe.language, balance)
    whole = offsets.centred(np.stack([p.vector for p in passages]), language, balance) @ query
    vectors = np.concatenate([p.sentence_vectors for p in passages])
    scores = offsets.centred(vectors, language, balance) @ query
    scores[
        ~vectors.any(axis=1)
    ] = -1.0  # these lie behind the last token that the embedder reads: they have no vector
    ends = np.cumsum([len(p.passage.sentences) for p in passages])
    starts = np.concatenate([[0], ends[:-1]])
    best: NDArray[np.float32] = np.maximum.reduceat(scores, starts)
    best = np.where(best > -1, best, whole)
    dense = (1 - SENTENCE_SHARE) * whole + SENTENCE_SHARE * best
    mean, deviation = map(np.float32, _background(query, probe, language, offsets, balance, dense))
    standard = ((scores - mean) / deviation).tolist()
    return ((dense - mean) / deviation).tolist(), [
        standard[start:end] for start, end in zip(starts, ends, strict=True)
    ]


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


def _terms_by_sentence(stored: StoredPassage, wanted: Wanted) -> list[frozenset[str]]:
    passage = stored.passage
    spans = [(s.start - passage.start, s.end - passage.start) for s in passage.sentences]
    return present_terms(passage.text, spans, passage.language, wanted.vocabulary)


def _heading_terms(passages: Sequence[StoredPassage], wanted: Wanted) -> dict[str, frozenset[str]]:
    """The wanted terms in each article's headline and byline, by article id."""
    found: dict[str, frozenset[str]] = {}
    for stored in passages:
        if stored.article.id not in found:
            text = heading(stored)
            spans, language = [(0, len(text))], stored.passage.language
            found[stored.article.id] = present_terms(text, spans, language, wanted.vocabulary)[0]
    return found


def heading(stored: StoredPassage) -> str:
    """What all passages of an article share: its headline and its author."""
    return f"{stored.article.title}\n{stored.article.author}"
