"""Fits how probable it is that the articles answer: rag/evidence/belief.py.

    python benchmarks/reading.py DATA --keep READ
    python -m tuning belief READ

A logistic regression on the relevance of the best sentence, over questions that the articles answer and
questions whose article is left out; each kind of data counts the same, and answerable questions as much as
others. Fitted to DRCD, XQuAD and NoMIRACL; NYT and the questions on seeds/ only measure. Prints the two
numbers as they are and as fitted, and for each set the area under the ROC curve and how many are refused and
answered wrongly at the default threshold with either.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import area
from benchmarks.reading import Read, kept
from index.config import Settings
from rag.evidence.belief import INTERCEPT, READ
from rag.evidence.relevance import WEIGHTS

FITTED_ON = ("drcd", "xquad", "nomiracl")


def best(row: Read) -> float:
    return max((WEIGHTS.weigh(signals) for signals in row.signals), default=-10.0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("read", type=Path, help="what benchmarks/reading.py kept")
    rows = kept(parser.parse_args().read)
    some = [row for row in rows if row.kind.startswith(FITTED_ON)]
    counts = Counter((row.kind.split()[0], row.answerable) for row in some)
    model = LogisticRegression(C=100.0)
    model.fit(
        np.array([[best(row)] for row in some]),
        np.array([row.answerable for row in some]),
        sample_weight=np.array([100 / counts[row.kind.split()[0], row.answerable] for row in some]),
    )
    (intercept,), ((slope,),) = model.intercept_, model.coef_
    print(f"INTERCEPT {INTERCEPT:.2f} -> {intercept:.2f}, READ {READ:.2f} -> {slope:.2f}")
    least = np.log(Settings().answer.abstain_below / (1 - Settings().answer.abstain_below))
    for kind in dict.fromkeys(row.kind for row in rows if not row.kind.startswith("xquad ")):
        report(kind, [row for row in rows if row.kind == kind], least, intercept, slope)
    report("xquad", [row for row in rows if row.kind.startswith("xquad")], least, intercept, slope)


def report(kind: str, rows: list[Read], least: float, intercept: float, slope: float) -> None:
    yes = np.array([best(row) for row in rows if row.answerable])
    no = np.array([best(row) for row in rows if not row.answerable])
    said = [
        f"refused {(a + b * yes < least).mean():.2f}, answered wrongly {(a + b * no >= least).mean() if len(no) else 0:.2f}"
        for a, b in ((INTERCEPT, READ), (intercept, slope))
    ]
    print(
        f"{kind:14} area {area([row.belief for row in rows], [row.answerable for row in rows]):.3f} of {len(yes)} + {len(no)}; {said[0]} -> {said[1]}"
    )


if __name__ == "__main__":
    main()
