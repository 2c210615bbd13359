"""Fits the support check: the weights of rag/check/weighing.py, and how it counts what they weigh.

    python -m tuning support DATA [--each 250] [--keep FILE]

DATA is what benchmarks/support.py reads. A logistic regression on the claims that it makes of the documents
it does not measure on: each kind of false claim counts the same, true claims as much as all of them. A weight
has the sign that its meaning gives it; the intercept puts log-odds of 0 where FAILING of true claims fail, by
itself where nothing reads claim and source together, with "asked" where the reader does.
Prints the weights of each situation, and how many claims of each kind fail with those in the code and those
fitted, in halves of the documents that the others were fitted on. STEP, STRIDE and ENOUGH are tried with
other values: what counts is how many false claims fail, where as many true ones do. Prints too what
WORTH_ASKING (rag/check/checker.py) saves and costs, and how many true claims are nearer than FAR
(rag/check/reasons.py).
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
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
from rag.check.checker import WORTH_ASKING, Checker
from rag.check.reasons import FAR
from rag.check.weighing import CROSS_LANGUAGE, SAME_LANGUAGE, Features, Weights, counted, weigh
from rag.evidence.opening import own_reader
from tuning.data import kept_rows
from tuning.sweep import Constant, around, sweep

FAILING = 0.05
PENALTY = 2.0
NAMES = [field.name for field in fields(Weights)]
FOR = ("nearness", "overlap", "carried")
"""What speaks for a claim; all else but the intercepts speaks against it."""
AT_MOST = {"number": -4.5, "opposite": -2.0}
"""What no source says, or says the contrary of, is not carried whatever else speaks for it."""
NEVER = 99.0
"""More than there is."""


MODULE = "rag.check.weighing"
CONSTANTS = (
    *around(MODULE, "STEP"),
    *around(MODULE, "STRIDE", by=(0.5, 2, 4)),
    Constant(
        MODULE,
        "ENOUGH",
        ({True: 0.7, False: 0.55}, {True: 0.9, False: 0.75}, {True: NEVER, False: NEVER}),
    ),
)


@dataclass(frozen=True)
class Row:
    """A claim, compared with its source."""

    kind: str
    languages: str
    document: str
    found: Mapping[str, Any]
    """The `Features`; of the missing numbers the texts."""

    @property
    def features(self) -> Features:
        return Features(**self.found)

    @property
    def values(self) -> list[float]:
        values = counted(self.features)
        return [values[name] for name in NAMES]


def compared(data: Path, each: int) -> list[Row]:
    rng = random.Random(SEED)
    lines, documents = read(data)
    measured = held_out(documents)
    made = [pair for pair in pairs(lines, documents, rng) if pair.document not in measured]
    rng.shuffle(made)
    chosen = choose(made, each, each)
    vectors = Vectors(open_embedder(Settings().embedder))
    checker = Checker(known_names(), reads=vectors, reader=own_reader())
    rows = []
    for pair, (claim, source) in zip(chosen, statements(chosen, vectors), strict=True):
        found = checker.compare(claim, [source], always=True)
        texts = [gap.text for gap in found.numbers]
        features = asdict(replace(found, numbers=())) | {"numbers": texts}
        rows.append(Row(pair.kind, pair.languages, pair.document, features))
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
    situations = {
        name: [row for row in rows if row.features.same_language is same]
        for name, same in (("SAME_LANGUAGE", True), ("CROSS_LANGUAGE", False))
    }
    for name, some in situations.items():
        report(name, some, SAME_LANGUAGE if name == "SAME_LANGUAGE" else CROSS_LANGUAGE)
    for by_reader in (True, False):
        said = "with the reader" if by_reader else "without the reader"
        print(f"\nFalse claims that fail where {FAILING} of the true ones do, {said}:")
        sweep(CONSTANTS, lambda: caught(situations.values(), read=by_reader))  # noqa: B023
    report_limits(rows)


def halves(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Of every second document, and of the others."""
    even = set(sorted({row.document for row in rows})[::2])
    return (
        [row for row in rows if row.document in even],
        [row for row in rows if row.document not in even],
    )


def caught(situations: Iterable[Sequence[Row]], *, read: bool) -> Any:
    """Of each false claim whether it fails by the weights in the code, with an intercept for each situation
    by which FAILING of the true ones do."""
    found = []
    for rows in situations:
        features = [row.features if read else replace(row.features, carried=None) for row in rows]
        odds = np.array([*map(weigh, features)])
        true = np.array([row.kind == "true" for row in rows])
        found.append(odds[~true] < np.quantile(odds[true], FAILING))
    return np.concatenate(found).astype(float)


def report_limits(rows: Sequence[Row]) -> None:
    """What is lost where nothing reads a claim that seems to fail anyhow, and how near true claims are."""
    unread = {"undenied": 0.0, "contrary": 0.0, "crossed": 0.0, "carried": None}
    seems = np.array([weigh(replace(row.features, **unread)) for row in rows])  # type: ignore[arg-type]
    passes = np.array([weigh(row.features) >= 0 for row in rows])
    true = np.array([row.kind == "true" for row in rows])
    print(
        "rag.check.checker.WORTH_ASKING: true and false claims that would pass, and claims not read"
    )
    for least in sorted({WORTH_ASKING, -3.0, -2.0, 0.0}):
        lost = passes & (seems < least)
        print(
            f"    {least:>5}: {lost[true].mean():.4f} of the true, {lost[~true].mean():.4f} of the "
            f"false would pass; {(seems < least).mean():.3f} not read"
        )
    near = np.array([row.features.nearness for row in rows])
    print(
        f"rag.check.reasons.FAR = {FAR}: nearer are {(near >= FAR)[true].mean():.3f} of the true "
        f"claims; nine in ten are nearer than {np.quantile(near[true], 0.1):.2f}"
    )


def report(name: str, rows: Sequence[Row], now: Weights) -> None:
    parts = halves(rows)
    others = [fitted(parts[1]), fitted(parts[0])]
    print(f"\n{name}  now -> fitted")
    for one, value in asdict(fitted(rows)).items():
        print(f"    {one:18}{getattr(now, one):8.2f}{value:8.2f}")
    for group in sorted({row.languages for row in rows}):
        for kind in ("true", *CHANGES, "other"):
            some = [
                [row for row in half if row.kind == kind and row.languages == group]
                for half in parts
            ]
            if not any(some):
                continue
            count = sum(map(len, some))
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
