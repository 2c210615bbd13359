"""How probable it is that the hits answer the question.

In: a probe and its ranked candidates. Out: a probability. It rises with the nearness of the best
passage and with its lead over the next ones. It is lower where a number or a date is asked for,
because a passage on the subject without the number looks like one that has it.
"""

from __future__ import annotations

from collections.abc import Sequence

from rag.question.answer_forms import asked_forms
from rag.question.query import Probe
from rag.results.odds import probability
from rag.retrieve.score import Candidate

INTERCEPT = -3.09
NEARNESS = 0.27
LEAD = 0.76
ASKED = {"number": -0.98, "time": -0.58}
"""Log-odds that the hits answer, by logistic regression (tuning/confidence.py)."""

BEHIND = slice(1, 5)
"""The ranks whose mean the first is compared with."""


def confidence(probe: Probe, ranked: Sequence[Candidate]) -> float:
    """Probability, from 0 to 1, that one of the candidates answers."""
    if not ranked:
        return 0.0
    nearest = max(candidate.dense for candidate in ranked)
    first, *_ = keys = sorted((candidate.key for candidate in ranked), reverse=True)
    behind = keys[BEHIND]
    lead = first - sum(behind) / len(behind) if behind else 0.0
    asked = sum(ASKED.get(form, 0.0) for form in asked_forms(probe.text))
    return probability(INTERCEPT + NEARNESS * nearest + LEAD * lead + asked)
