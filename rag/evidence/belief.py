"""How probable it is that the articles answer a question.

In: the sentences read, and the confidence of the search. Out: a probability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.results.sources import Source

INTERCEPT, READ = -2.23, 0.50
"""Log-odds that the articles answer, from the relevance of the best sentence: tuning/belief.py. The
search's own confidence adds nothing to it."""

INTERCEPT_UNREAD, FOUND_UNREAD = 0.74, 0.7
"""The same from the search alone, where nothing reads."""

INTERCEPT_RIGHT, DOUBTED, RIGHT = -0.96, 0.79, 1.54
"""The same once there is an answer that the LLM was asked about: from the log-odds before and those that
the LLM gives the answer: tuning/answers.py."""

_FLOOR = 1e-3


def belief(sources: Sequence[Source], confidence: float, *, is_read: bool) -> float:
    """The probability that one of the sentences answers."""
    if not is_read or not sources:
        return _probability(INTERCEPT_UNREAD + FOUND_UNREAD * log_odds(confidence))
    return _probability(INTERCEPT + READ * max(source.relevance for source in sources))


def doubted(before: float, right: float | None) -> float:
    """The probability once an LLM has said how likely it finds its answer right, if it has."""
    if right is None:
        return before
    return _probability(INTERCEPT_RIGHT + DOUBTED * log_odds(before) + RIGHT * log_odds(right))


def log_odds(probability: float) -> float:
    return math.log((probability + _FLOOR) / (1 - probability + _FLOOR))


def _probability(odds: float) -> float:
    return 1 / (1 + math.exp(-odds))
