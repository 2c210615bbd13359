"""Fits the weights of rag/evidence/relevance.py.

    python benchmarks/reading.py DATA --keep READ
    python -m tuning relevance READ

A conditional logistic regression: of the sentences found for a question one that answers is to come first.
Fitted to DRCD and XQuAD; NYT, BiPaR and the questions on seeds/ only measure. Prints each weight as it is
and as fitted, and how often the first sentence answers with either. A signal that fewer than LEAST
questions of the sets to fit on have keeps its weight. Prints, too, what other caps of nearness give.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import shown
from benchmarks.reading import Read, changed, kept
from rag.evidence import relevance
from rag.evidence.relevance import WEIGHTS, Weights
from rag.results.sources import Signals

FITTED_ON = ("drcd", "xquad")
LEAST = 20
PENALTY = 1.0
"""Of the squares by which weights leave those in the code, in units of a deviation of each."""

CAPS = (3.0, 5.0, 7.0, 99.0)

NAMES = [field.name for field in fields(Weights)]
SCALE = np.array([0.3, 0.3, 0.3, 2.0, 3.0, 1.0, 1.0, 3.0])


def columns(signals: Signals) -> list[float]:
    """A sentence's signals as the weights count them."""
    return [Weights(**{name: float(name == one) for name in NAMES}).weigh(signals) for one in NAMES]


def fitted(rows: Sequence[Read]) -> Weights:
    tables = [
        (np.array([columns(signals) for signals in row.signals]), np.array(row.answers))
        for row in rows
        if any(row.answers) and not all(row.answers)
    ]
    start = np.array([asdict(WEIGHTS)[name] for name in NAMES])
    used = np.array(
        [sum(bool(np.ptp(table[:, n])) for table, _ in tables) for n in range(len(NAMES))]
    )
    free = used >= LEAST
    print("questions that have it:", dict(zip(NAMES, used.tolist(), strict=True)))

    def loss(changes: Any) -> float:
        weights = start + np.where(free, changes, 0.0) * SCALE
        total = PENALTY * float((changes[free] ** 2).sum())
        for table, answers in tables:
            odds = table @ weights
            total += np.logaddexp.reduce(odds) - np.logaddexp.reduce(odds[answers])
        return total

    best = minimize(loss, np.zeros(len(NAMES)), method="L-BFGS-B").x
    return Weights(
        **dict(zip(NAMES, (start + np.where(free, best, 0.0) * SCALE).tolist(), strict=True))
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("read", type=Path, help="what benchmarks/reading.py kept")
    rows = kept(parser.parse_args().read)
    asked = [row for row in rows if row.answerable and not row.kind.startswith("nomiracl")]
    weights = fitted([row for row in asked if row.kind.startswith(FITTED_ON)])
    # Only the order of the log-odds is fitted, not their scale: the reader's weight stays, as the unit.
    for name in NAMES:
        now, then = asdict(WEIGHTS)[name], asdict(weights)[name]
        print(
            f"{name:10} {now:6.2f}  fitted {then:6.2f}, beside answers=1 {then / weights.answers:6.2f}"
        )
    for kind in dict.fromkeys(row.kind.split()[0] for row in asked):
        some = [row for row in asked if row.kind.split()[0] == kind]
        lost, won = changed(some, weights)
        print(
            f"{kind:8} {shown([r.first_answers() for r in some])} -> "
            f"{shown([r.first_answers(weights) for r in some])} of {len(some)}: {lost} lost, {won} won"
        )
    now = relevance.NEAR_ENOUGH
    for cap in CAPS:
        relevance.NEAR_ENOUGH = cap
        print(f"NEAR_ENOUGH {cap:5.1f} {shown([row.first_answers() for row in asked])}")
    relevance.NEAR_ENOUGH = now


if __name__ == "__main__":
    main()
