"""The thresholds of the check of texts: rag/analysis/claim_lookup.py.

    python -m tuning verdicts DATA [--every 2]

The claims are those of benchmarks/claims.py: on the articles in seeds/, and on parallel news in DATA (the
NTREX files). A claim scores 1 for the right verdict: "supported" for a true one, "contradicted" for a
changed one, "not found" for one about something else. A changed claim that is not supported scores .5.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

import newscite
from benchmarks.claims import VERDICTS, Claim, of_parallel_news, of_seeds
from tuning.answering import SEEDS, much_remembered
from tuning.data import arguments, library_of
from tuning.sweep import Constant, around, sweep

MODULE = "rag.analysis.claim_lookup"
CONSTANTS = (
    Constant(MODULE, "SPEAKS", (-3.0, 0.0, 1.0)),
    Constant(MODULE, "CONTRADICTS", (1.0, 5.0, 99.0)),
    Constant(MODULE, "AS_SURELY", (0.0, 3.0)),
    Constant(MODULE, "OF_OTHERS", (0.0, 0.4, 0.56)),
    *around(MODULE, "READ", "CHECKED"),
)

NOT_HELD = ("untold", "not held")
"""The kinds of claims on what no article speaks of."""


def score(kind: str, verdicts: Sequence[str]) -> float:
    worst = max(verdicts, key=("no claim", *VERDICTS).index)  # of a claim of two sentences
    if kind in NOT_HELD:
        return float(worst == "not found")
    if kind == "true":
        return float(worst == "supported")
    return {"contradicted": 1.0, "supported": 0.0}.get(worst, 0.5)


def scores(library: newscite.Library, claims: Sequence[Claim]) -> list[float]:
    return [
        score(kind, [one.verdict for one in library.check(words).claims]) for kind, words in claims
    ]


def main() -> None:
    given = arguments("The thresholds of the check of texts.")
    articles, claims = of_parallel_news(given.data)
    with library_of((), llm={"model": "none"}) as seeds, library_of(articles) as news:
        seeds.add(SEEDS)

        def measure() -> NDArray[np.float64]:
            on_seeds, on_news = (found[:: given.every] for found in (of_seeds(), claims))
            return np.array([*scores(seeds, on_seeds), *scores(news, on_news)])

        with much_remembered():
            sweep(CONSTANTS, measure, given.only)


if __name__ == "__main__":
    main()
