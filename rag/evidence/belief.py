"""How probable it is that the articles answer a question.

In: the sentences read, and the confidence of the search. Out: a probability.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.results.odds import log_odds, probability
from rag.results.sources import Source

INTERCEPT, READ = -2.23, 0.50
"""Log-odds that the articles answer, from the relevance of the best sentence (tuning/belief.py).
The search's own confidence adds nothing to it."""

INTERCEPT_RIGHT, DOUBTED, RIGHT = -0.96, 0.79, 1.54
"""The same once the LLM was asked about its answer: from the log-odds before, and those that the
LLM gives the answer (tuning/answers.py)."""

NAMED, DOUBTFUL, LEAST_NAMED = 0.8, -1.5, -6.0
"""What the log-odds that a sentence tells of the names asked for count for its relevance, between the other two: of
sentences that answer one in ten has less than the second. Which sentence comes first they do not decide."""


def belief(sources: Sequence[Source], confidence: float, *, is_read: bool) -> float:
    """The probability that one of the sentences answers; the search's own, where nothing reads."""
    if not is_read or not sources:
        return confidence
    return probability(INTERCEPT + READ * max(map(_told, sources)))


def doubted(before: float, right: float | None) -> float:
    """The probability once an LLM has said how likely it finds its answer right, if it has."""
    if right is None:
        return before
    return probability(INTERCEPT_RIGHT + DOUBTED * log_odds(before) + RIGHT * log_odds(right))


def _told(source: Source) -> float:
    """The relevance of a sentence, less what speaks for it that it tells of others than are asked for."""
    named = max(LEAST_NAMED, source.signals.named) - DOUBTFUL
    return source.relevance + NAMED * min(0.0, named)
