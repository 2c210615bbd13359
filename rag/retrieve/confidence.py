"""How probable it is that the hits answer the question.

In: the ranked candidates of a question. Out: a probability. It rises with the nearness of the best
passage and with its lead over the next ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.results.odds import probability
from rag.retrieve.score import Candidate

INTERCEPT = -3.09
NEARNESS = 0.27
LEAD = 0.76
"""Log-odds that the hits answer, by logistic regression (tuning/confidence.py)."""

BEHIND = slice(1, 5)
"""The ranks whose mean the first is compared with."""


def confidence(ranked: Sequence[Candidate]) -> float:
    """Probability, from 0 to 1, that one of the candidates answers."""
    if not ranked:
        return 0.0
    nearest = max(candidate.dense for candidate in ranked)
    first, *_ = keys = sorted((candidate.key for candidate in ranked), reverse=True)
    behind = keys[BEHIND]
    lead = first - sum(behind) / len(behind) if behind else 0.0
    return probability(INTERCEPT + NEARNESS * nearest + LEAD * lead)
