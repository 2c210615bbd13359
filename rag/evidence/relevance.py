"""What speaks for a sentence as an answer, weighed.

In: the signals of a sentence. Out: its relevance, log-odds in which the sentences of one question
compare.
"""

from __future__ import annotations

from dataclasses import dataclass

from rag.results.sources import Signals

NEAR_ENOUGH = 5.0
"""More nearness counts no more: the nearest sentences only repeat the question."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What a unit of each signal counts, in log-odds."""

    answers: float
    nearness: float
    strength: float
    reason: float
    announces: float
    unnamed: float
    dated: float
    asks: float

    def weigh(self, signals: Signals) -> float:
        return (
            self.answers * signals.answers
            + self.nearness * min(signals.nearness, NEAR_ENOUGH)
            + self.strength * signals.strength
            + self.reason * signals.reason
            + self.announces * signals.announces
            + self.unnamed * signals.unnamed
            + self.dated * signals.dated
            + self.asks * signals.asks
        )


WEIGHTS = Weights(
    answers=1.0,
    nearness=0.8,
    strength=0.6,
    reason=1.0,
    announces=8.0,
    unnamed=-0.5,
    dated=1.0,
    asks=-8.0,
)
"""tuning/relevance.py fits them."""
