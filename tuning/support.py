"""Fits the weights of rag/check/weighing.py.

    python -m tuning support DATA [--each 250] [--keep FILE]

DATA is what benchmarks/support.py reads. A logistic regression on the claims that it makes of the documents
it does not measure on: each kind of false claim counts the same, true claims as much as all of them. A weight
has the sign that its meaning gives it; the intercept puts log-odds of 0 where FAILING of true claims fail, by
itself where nothing reads claim and source together, with "asked" where the reader does.
Prints the weights of each situation, and how many claims of each kind fail with those in the code and those
fitted, in halves of the documents that the others were fitted on.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from scipy.optimize import minimize

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.support import CHANGES, SEED, choose, held_out, pairs, read, statements
from index.config import Settings
from index.embed.embedder import open_embedder
from index.embed.sentence_vectors import Vectors
from index.languages.names import known_names
from rag.check.checker import Checker
from rag.check.weighing import CROSS_LANGUAGE, SAME_LANGUAGE, Weights, counted
from rag.evidence.opening import own_reader
from tuning.data import kept_rows

FAILING = 0.05
PENALTY = 2.0
NAMES = [field.name for field in fields(Weights)]
FOR = ("nearness", "overlap", "carried")
"""What speaks for a claim; all else but the intercepts speaks against it."""
AT_MOST = {"number": -4.5, "opposite": -2.0}
"""What no source says, or says the contrary of, is not carried whatever else speaks for it."""


@dataclass(frozen=True)
class Row:
    """A claim, compared with its source."""

    kind: str
    languages: str
    document: str
    same: bool
    values: Sequence[float]


def compared(data: Path, each: int) -> list[Row]:
    rng = random.Random(SEED)
    lines, documents = read(data)
    measured = held_out(documents)
    made = [pair for pair in pairs(lines, documents, rng) if pair.document not in measured]
    rng.shuffle(made)
    chosen = choose(made, each)
    vectors = Vectors(open_embedder(Settings().embedder))
    checker = Checker(known_names(), reads=vectors, reader=own_reader())
    rows = []
    for pair, (claim, source) in zip(chosen, statements(chosen, vectors), strict=True):
        found = checker.compare(claim, [source], always=True)
        values = counted(found)
        rows.append(
            Row(
                pair.kind,
                pair.languages,
                pair.document,
                found.same_language,
                tuple(values[name] for name in NAMES),
            )
        )
        if len(rows) % 200 == 0:
            print(f"{len(rows)} of {len(chosen)} claims compared", file=sys.stderr, flush=True)
    return rows


def fitted(rows: Sequence[Row]) -> Weights:
    table = np.array([row.values for row in rows])
    true = np.array([row.kind == "true" for row in rows])
    kinds = Counter(row.kind for row in rows)
    false_kinds = len(kinds) - 1
    share = np.array(
        [
            1.0 if row.kind == "true" else kinds["true"] / kinds[row.kind] / false_kinds
            for row in rows
        ]
    )
    share = np.where(true, 1.0, share)

    def loss(weights: Any) -> tuple[float, Any]:
        odds = table @ weights
        signed = np.where(true, odds, -odds)
        value = float((share * np.logaddexp(0, -signed)).sum()) + PENALTY / 2 * float(
            weights[1:] @ weights[1:]
        )
        slope = share * np.where(true, 1, -1) / (1 + np.exp(signed))
        gradient = -(table.T @ slope)
        gradient[1:] += PENALTY * weights[1:]
        return value, gradient

    bounds = [_bounds(name) for name in NAMES]
    best = minimize(
        loss,
        np.array([AT_MOST.get(name, 0.0) for name in NAMES]),
        jac=True,
        bounds=bounds,
        method="L-BFGS-B",
    ).x
    carried = NAMES.index("carried")
    unread = np.delete(table, carried, axis=1) @ np.delete(best, carried)
    best[0] -= np.quantile(unread[true], FAILING)
    best[NAMES.index("asked")] = -np.quantile((table @ best)[true], FAILING)
    return Weights(**dict(zip(NAMES, best.tolist(), strict=True)))


def _bounds(name: str) -> tuple[float | None, float | None]:
    if name == "intercept":
        return None, None
    if name == "asked":
        return 0.0, 0.0
    return (0.0, None) if name in FOR else (None, AT_MOST.get(name, 0.0))


def failing(rows: Sequence[Row], weights: Weights) -> Any:
    return np.array([row.values for row in rows]) @ np.array(list(asdict(weights).values())) < 0


def main() -> None:
    rows = kept_rows(__doc__.splitlines()[0], 250, Row, compared)
    for name, now, same in (
        ("SAME_LANGUAGE", SAME_LANGUAGE, True),
        ("CROSS_LANGUAGE", CROSS_LANGUAGE, False),
    ):
        some = [row for row in rows if row.same is same]
        report(name, some, now)


def report(name: str, rows: Sequence[Row], now: Weights) -> None:
    every = sorted({row.document for row in rows})
    halves = [
        [row for row in rows if (every.index(row.document) % 2 == 0) is even]
        for even in (True, False)
    ]
    others = [fitted(halves[1]), fitted(halves[0])]
    print(f"\n{name}  now -> fitted")
    for one, value in asdict(fitted(rows)).items():
        print(f"    {one:18}{getattr(now, one):8.2f}{value:8.2f}")
    for group in sorted({row.languages for row in rows}):
        for kind in ("true", *CHANGES, "other"):
            some = [
                [row for row in half if row.kind == kind and row.languages == group]
                for half in halves
            ]
            count = sum(map(len, some))
            if not count:
                continue
            before = sum(int(failing(part, now).sum()) for part in some if part)
            after = sum(
                int(failing(part, weights).sum())
                for part, weights in zip(some, others, strict=True)
                if part
            )
            print(
                f"    {group:16}{kind:10} fail {before / count:.3f} -> {after / count:.3f} of {count}"
            )


if __name__ == "__main__":
    main()
