"""The difference of two evaluations of the same questions, with its confidence interval.

In: the `Evaluation`s of two configurations. Out: a `Paired`: both values of each measure and a 95 %
confidence interval of their difference. The questions are resampled with replacement, the same ones
for both (the percentile bootstrap of Efron and Tibshirani, 1993, chapter 13).
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from index.errors import InputError
from rag.evaluate.evaluation import Evaluation

RESAMPLES = 1000
SEED = 7
GROUP = "all"
TAIL = 0.025


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure of two configurations."""

    one: float | None
    other: float | None
    low: float | None
    """The 95 % confidence interval of `other - one`; None where either has no value."""
    high: float | None

    @property
    def sure(self) -> bool:
        """Whether the interval excludes a difference of 0."""
        return self.low is not None and self.high is not None and not self.low <= 0 <= self.high

    def to_dict(self) -> dict[str, Any]:
        return {"one": self.one, "other": self.other, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True)
class Paired:
    """Two configurations on the same questions."""

    questions: int
    measures: Mapping[str, Difference]

    def to_dict(self) -> dict[str, Any]:
        return {
            "questions": self.questions,
            "measures": {name: found.to_dict() for name, found in self.measures.items()},
        }


def pair(one: Evaluation, other: Evaluation) -> Paired:
    """The differences of `other` from `one`. Raises InputError if they asked other questions."""
    asked = [[outcome.question.id for outcome in each.outcomes] for each in (one, other)]
    if asked[0] != asked[1]:
        raise InputError("The two evaluations asked different questions: run both on one file.")
    count = len(asked[0])
    draws = random.Random(SEED)  # noqa: S311  # statistics, no secret
    differences: dict[str, list[float]] = {}
    for _ in range(RESAMPLES):
        chosen = draws.choices(range(count), k=count)
        first, second = (_figures(each, chosen) for each in (one, other))
        for name, value in first.items():
            known = second.get(name)
            if value is not None and known is not None:
                differences.setdefault(name, []).append(known - value)
    ones, others = _figures(one, range(count)), _figures(other, range(count))
    measures = {}
    for name, value in ones.items():
        if name == "questions":
            continue
        drawn = sorted(differences.get(name, ()))
        whole = value is not None and others.get(name) is not None and bool(drawn)
        measures[name] = Difference(
            value,
            others.get(name),
            round(drawn[int(TAIL * len(drawn))], 3) if whole else None,
            round(drawn[-1 - int(TAIL * len(drawn))], 3) if whole else None,
        )
    return Paired(count, measures)


def _figures(evaluation: Evaluation, chosen: Sequence[int]) -> Mapping[str, float | int | None]:
    outcomes = tuple(evaluation.outcomes[at] for at in chosen)
    return replace(evaluation, outcomes=outcomes).measures()[GROUP]
