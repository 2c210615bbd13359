"""How much a question's translation counts: TRANSLATED in rag/question/query.py.

    python -m tuning translated DATA [--every 4]

DATA holds `xquad_ru_dev.jsonl`, whose questions people have translated: they stand for what an LLM
translates, which is worse, so that the best value here is an upper bound. A question is asked in one
language and searched in the two others, with its translations into both; it scores 1 over the rank of the
first right paragraph.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

import newscite
from benchmarks.retrieval import TOP, Question
from index.languages.text import primary
from index.store.filters import Filter
from tuning.data import arguments, articles_of, library_of, parallel, place_of
from tuning.sweep import Constant, sweep

CONSTANTS = (Constant("rag.question.query", "TRANSLATED", (0.0, 0.3, 0.7, 1.0)),)


def main() -> None:
    given = arguments("How much a question's translation counts.")
    pool = parallel(given.data, given.every)
    languages = len(pool.questions[0].gold)  # the same question in each stands together
    together = [
        pool.questions[at : at + languages] for at in range(0, len(pool.questions), languages)
    ]
    with library_of(articles_of(pool)) as library:

        def measure() -> NDArray[np.float64]:
            return np.array(
                [reciprocal_rank(library, one, same) for same in together for one in same]
            )

        sweep(CONSTANTS, measure, given.only)


def reciprocal_rank(
    library: newscite.Library, question: Question, same: Sequence[Question]
) -> float:
    """Of the first right paragraph in another language than the question's."""
    own = primary(question.language)
    others = [one for one in same if primary(one.language) != own]
    only = Filter(languages=[primary(one.language) for one in others])
    hits = library.retriever.search(question.text, TOP, only, [one.text for one in others])
    right = question.gold.values()
    return next((1 / hit.rank for hit in hits if place_of(hit.article) in right), 0.0)


if __name__ == "__main__":
    main()
