"""How probable it is that the articles answer a question.

In: the sentences read, and the confidence of the search. Out: a probability.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.results.sources import Source

INTERCEPT, READ = -0.6, 0.27
"""Log-odds that the articles answer, from the relevance of the best sentence. By logistic regression on
66 questions about news and 48 of NoMIRACL, rounded by hand; no script refits them. The search's own
confidence adds nothing to it."""

INTERCEPT_UNREAD, FOUND_UNREAD = 0.74, 0.7
"""The same from the search alone, where nothing reads."""

INTERCEPT_RIGHT, DOUBTED, RIGHT = -0.9, 0.6, 1.29
"""The same once there is an answer that the LLM was asked about: from the log-odds before and those that
the LLM gives the answer. As fitted on 66 questions about news and 30 of NoMIRACL with the search's
confidence in the reader's place."""

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
