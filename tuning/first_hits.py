"""Which of the first hits are read, and how much that counts: rag/evidence/first_hits.py.

    python -m tuning first_hits DATA [--every 2]

DATA holds `xquad_ru_dev.jsonl` and `drcd_dev.jsonl`; questions are taken of the articles that the reader is not
trained on. A question scores 1 if the right paragraph, in any language, is first. Prints too how many passages
a search reads.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import newscite
from benchmarks.questions import DRCD_TRAINED, XQUAD_TRAINED
from benchmarks.retrieval import Question
from rag.evidence import first_hits
from rag.evidence.opening import open_reader
from rag.results.hits import Hits
from tuning.answering import much_remembered
from tuning.data import arguments, articles_of, library_of, parallel, place_of, traditional
from tuning.sweep import Constant, sweep

MODULE = "rag.evidence.first_hits"
CONSTANTS = (
    Constant(MODULE, "NEARLY", (0.0, 0.25, 0.75, 1.0)),
    Constant(MODULE, "MOST_READ", (3, 8)),
    Constant(MODULE, "ANSWERS", (0.1, 1.0)),
)


def main() -> None:
    given = arguments("Which of the first hits are read.")
    asked: list[tuple[Question, Hits]] = []
    for pool, trained in (
        (parallel(given.data, 1), XQUAD_TRAINED),
        (traditional(given.data, 1), DRCD_TRAINED),
    ):
        first = trained * len(pool.questions[0].gold)
        unseen = [one for one in pool.questions if min(one.gold.values()) >= first]
        with library_of(articles_of(pool), reader={"model": "none"}) as library:
            search = library.retriever.search
            asked += [(one, search(one.text)) for one in unseen[:: given.every]]
    reader = open_reader(newscite.Settings().reader)
    assert reader is not None  # noqa: S101  the bundled embedder, which it uses, is there

    def measure() -> NDArray[np.float64]:
        firsts = [first_hits.in_order(hits, reader)[0] for _, hits in asked]
        rights = [one.gold.values() for one, _ in asked]
        return np.array(
            [place_of(a.article) in b for a, b in zip(firsts, rights, strict=True)], float
        )

    read = np.array([len(first_hits.near(hits)) for _, hits in asked])
    read[read < 2] = 0
    print(
        f"{read.mean():.2f} passages a search are read; {(read > 0).mean():.2f} of the searches read any"
    )
    with much_remembered():
        sweep(CONSTANTS, measure, given.only)


if __name__ == "__main__":
    main()
