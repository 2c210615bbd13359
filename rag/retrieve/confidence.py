"""How likely the hits answer the question, from the scores they were ranked by.

In: a probe and its ranked candidates. Out: a probability. What counts is how near the best passage
comes, how far the first stands out from those behind it, and what is asked for: passages on the
subject that lack the number or the date look like those that have it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from rag.question.answer_forms import asked_forms
from rag.question.query import Probe
from rag.retrieve.score import Candidate

INTERCEPT = -3.09
NEARNESS = 0.27
LEAD = 0.76
ASKED = {"number": -0.98, "time": -0.58, "reason": 0.41}
"""By logistic regression on 500 NoMIRACL questions, half of them unanswerable, weighing as much as
1,700 on DRCD and XQuAD paragraphs, half of them with the right paragraph taken out. Area under the
ROC curve, cross-validated by question: NoMIRACL .70 / .74 (zh / en), DRCD .93, XQuAD .87 / .92, and
searched in the other language only .72 / .75."""

BEHIND = slice(1, 5)
"""Ranks that the first is compared with."""


def confidence(probe: Probe, ranked: Sequence[Candidate]) -> float:
    """Probability, from 0 to 1, that one of the candidates answers."""
    if not ranked:
        return 0.0
    nearest = max(candidate.dense for candidate in ranked)
    first, *_ = keys = sorted((candidate.key for candidate in ranked), reverse=True)
    behind = keys[BEHIND]
    lead = first - sum(behind) / len(behind) if behind else 0.0
    asked = sum(ASKED.get(form, 0.0) for form in asked_forms(probe.text))
    return 1 / (1 + math.exp(-(INTERCEPT + NEARNESS * nearest + LEAD * lead + asked)))
