"""Binds the sentences of an answer to the sentences of articles that carry them.

In: what the answer claims, and the sentences it may rest on. Out: for each claim the fewest
sentences that carry it, in any language, and how well they do. The program cites, not the LLM:
an LLM's own markers only break ties. A claim that nothing carries is bound to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.languages.text import is_question, primary, seen
from rag.check.checker import Checker, Verdict
from rag.check.statements import Statement, content
from rag.evidence.names_and_dates import held
from rag.results.sources import Source

CANDIDATES = 6
"""Sentences that are checked against a claim in full (all of these: tuning/binding.py)."""

MOST_SOURCES = 3

WORTH_ADDING = 0.08
"""What a further sentence must add to the score."""

SHARE_ADDED = 0.25
"""Or it must be the only one with this share of the claim's content words: one sentence may name
the speaker, and the next what was said."""

OVERLAP_WEIGHT = 0.5
"""Weight of the share of a claim's content words that a sentence in its language has, beside its
nearness."""

HINT_WEIGHT = 0.03
"""What it counts that the LLM named the sentence's excerpt: enough to break a tie."""


@dataclass(frozen=True, slots=True, eq=False)
class Claim:
    """A sentence of an answer, and the excerpts the LLM named for it."""

    statement: Statement
    hinted: frozenset[int] = frozenset()
    """Positions, in the list of sources, of the sentences of those excerpts."""


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A claim with what carries it."""

    claim: Claim
    sources: tuple[Source, ...]
    verdict: Verdict


def bind(
    claims: Sequence[Claim], sources: Sequence[Source], checker: Checker, question: str = ""
) -> list[Bound]:
    """For each claim the sentences that carry it best; none of them is a question, which asserts nothing."""
    if not sources:
        return [_unbound(claim) for claim in claims]
    matrix = np.stack([source.vector for source in sources])
    said = " ".join(claim.statement.text for claim in claims)
    statements = [statement(source, said) for source in sources]
    return [
        _bind(claim, sources, statements, matrix @ claim.statement.vector, checker, question)
        for claim in claims
    ]


def _unbound(claim: Claim) -> Bound:
    return Bound(claim, (), Verdict(0.0, ("no article was found",)))


def statement(source: Source, said: str) -> Statement:
    """A source as something that what is said is checked against."""
    article = source.hit.article
    headline = f"{held(said, article)}\n{article.title}".strip()
    return Statement(
        source.text,
        source.language,
        source.vector,
        article.published,
        f"{headline}\n{seen(source.hit.passage.text)}",
        article.title,
    )


def _bind(
    claim: Claim,
    sources: Sequence[Source],
    statements: Sequence[Statement],
    nearness: np.ndarray[tuple[int], np.dtype[np.float32]],
    checker: Checker,
    question: str,
) -> Bound:
    def check(*places: int) -> Verdict:
        return checker.check(said, [statements[at] for at in places], question)

    def joins(at: int) -> bool:
        return all(
            sources[at].hit.article.id == sources[other].hit.article.id
            or checker.may_join(said, statements[at], statements[other], question)
            for other in chosen
        )

    said = claim.statement
    words = content(said.text, said.language)
    scores = _scores(claim, words, statements, nearness)
    order = [at for at, one in enumerate(sources) if not is_question(one.text)]
    order = sorted(order, key=scores.__getitem__, reverse=True)[:CANDIDATES]
    if not order:
        return _unbound(claim)
    best = max(order, key=lambda at: (check(at).score, scores[at]))
    chosen = [best]
    verdict = check(best)
    while len(chosen) < MOST_SOURCES:
        left = words - _said(words, [statements[at] for at in chosen])
        wider = [
            (check(*chosen, at), len(_said(left, [statements[at]])), at)
            for at in order
            if at not in chosen and joins(at)
        ]
        if not wider:
            break
        better, more, at = max(wider, key=lambda each: (each[0].score, each[1]))
        adds = better.score >= verdict.score + WORTH_ADDING
        if not adds:
            better, more, at = max(wider, key=lambda each: (each[1], each[0].score))
            adds = more >= SHARE_ADDED * len(words) > 0 and better.score >= verdict.score
        if not adds:
            break
        verdict = better
        chosen.append(at)
    return Bound(claim, tuple(sources[at] for at in chosen), verdict)


def _scores(
    claim: Claim,
    words: frozenset[str],
    statements: Sequence[Statement],
    nearness: np.ndarray[tuple[int], np.dtype[np.float32]],
) -> list[float]:
    """How well each source goes with a claim of these `words`, before any is checked."""
    said = claim.statement
    scores = []
    for at, (source, near) in enumerate(zip(statements, nearness, strict=True)):
        score = float(near) + HINT_WEIGHT * (at in claim.hinted)
        if words and primary(source.language) == primary(said.language):
            shared = words & content(source.text, source.language)
            score += OVERLAP_WEIGHT * len(shared) / len(words)
        scores.append(score)
    return scores


def _said(words: frozenset[str], statements: Sequence[Statement]) -> frozenset[str]:
    """Those of a claim's content words that sentences in its language have."""
    return words & frozenset[str]().union(*(content(s.text, s.language) for s in statements))
