"""How likely the hits answer the question. First version."""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.query import Probe
from rag.score import Candidate


def confidence(probe: Probe, ranked: Sequence[Candidate]) -> float:
    """Probability from 0 to 1."""
    if not ranked:
        return 0.0
    best = max(candidate.dense for candidate in ranked)
    return 1 / (1 + math.exp(-(best - 4.5)))
