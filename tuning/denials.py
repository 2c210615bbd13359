"""How far a denial reaches, and what stands beside a name: rag/check/opposites.py, rag/check/contraries.py.

    python -m tuning denials DATA [--every 1]

DATA holds the NTREX files. Claims are those of benchmarks/support.py that are true, that have a denial more
or less, or whose first two names change places, of the documents to which the support check is fitted. A
claim scores 1 where the check says rightly whether its source carries it, so that true and false claims
count the same: as many of each are taken.
"""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from benchmarks.support import SEED, THRESHOLD, Pair, held_out, pairs, read, statements
from index.config import Settings
from index.embed.embedder import open_embedder
from index.embed.sentence_vectors import Vectors
from index.languages.names import known_names
from rag.check import contraries, opposites
from rag.check.checker import Checker
from rag.evidence.opening import own_reader
from tuning.answering import much_remembered
from tuning.data import arguments
from tuning.sweep import Constant, sweep

EACH = 160
CONSTANTS = (
    Constant("rag.check.opposites", "NEAR", (1, 3, 4)),
    Constant("rag.check.opposites", "FAR", (3, 9)),
    Constant("rag.check.opposites", "STEM", (4, 6)),
    Constant("rag.check.contraries", "BESIDE", (2, 4, 6)),
)


def chosen(made: list[Pair]) -> list[Pair]:
    return [
        pair
        for kind, many in (("true", 2 * EACH), ("negation", EACH), ("roles", EACH))
        for pair in [one for one in made if one.kind == kind][:many]
    ]


def main() -> None:
    given = arguments(__doc__)
    rng = random.Random(SEED)
    lines, documents = read(given.data)
    out = held_out(documents)
    made = [pair for pair in pairs(lines, documents, rng) if pair.document not in out]
    rng.shuffle(made)
    some = chosen(made)[:: given.every]
    with much_remembered():
        vectors = Vectors(open_embedder(Settings().embedder))
        checker = Checker(known_names(), reads=vectors, reader=own_reader())
        cases = list(zip(some, statements(some, vectors), strict=True))

        def measure() -> NDArray[np.float64]:
            forget()
            return np.array(
                [
                    (checker.check(claim, [source]).score >= THRESHOLD) is (pair.kind == "true")
                    for pair, (claim, source) in cases
                ],
                np.float64,
            )

        sweep(CONSTANTS, measure, given.only)


def forget() -> None:
    """Empties what the check remembers of texts."""
    for module in (opposites, contraries):
        for part in vars(module).values():
            if hasattr(part, "cache_clear"):
                part.cache_clear()


if __name__ == "__main__":
    main()
