"""Probabilities and their log-odds, in which evidence adds up.

In: one of the two, as a plain number. Out: the other.
"""

from __future__ import annotations

import math

_FLOOR = 1e-3
"""Keeps the log-odds of a probability of 0 or 1 finite: they are -6.9 and 6.9."""


def log_odds(probability: float) -> float:
    return math.log((probability + _FLOOR) / (1 - probability + _FLOOR))


def probability(odds: float) -> float:
    """The probability whose log-odds are given; very small odds underflow to 0."""
    return 1 / (1 + math.exp(-odds)) if odds > -700 else 0.0
