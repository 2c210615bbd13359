"""The weights of the search: rag/retrieve/, rag/question/query.py, index/embed/language_offsets.py.

    python -m tuning retrieval DATA [--every 4]

DATA holds `xquad_ru_dev.jsonl` and `drcd_dev.jsonl`. A question on the parallel pool scores the mean of
three: whether the right paragraph, in any language, is first; whether it is in the top 10 in another
language than the question's; whether it is first in another language once the right paragraph in the
question's own is taken out, so that only paragraphs that do not answer are left in that language. A
question on Traditional Chinese paragraphs scores whether the right one is first.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

import newscite
from benchmarks.retrieval import TOP, Pool, Question
from index.languages.text import primary
from tuning.data import arguments, articles_of, library_of, parallel, place_of, traditional
from tuning.sweep import Constant, around, sweep

SCORE = "rag.retrieve.score"
CONSTANTS = (
    *around(SCORE, "SENTENCE_SHARE", by=(0, 0.7, 1.3)),
    *around(SCORE, "COVERAGE", "SENTENCE_COVERAGE", by=(0, 0.7, 1.3)),
    *around(SCORE, "NAME", "SENTENCE_NAME", by=(0, 0.5, 2)),
    *around(SCORE, "LEXICAL_MERGE", by=(0, 0.5, 2)),
    Constant(SCORE, "CHANCE_RANKS", (slice(0, 0), slice(2, 15), slice(10, 60))),
    *around("rag.retrieve.merging", "BALANCE_STEP", by=(0, 0.5, 2)),
    *around("rag.retrieve.retriever", "LEXICAL_START", by=(0, 0.5, 2)),
    Constant("rag.retrieve.retriever", "READ", (15, 60)),
    *around("rag.retrieve.coverage", "CHARACTER_WEIGHT", "NAME_PRIOR", by=(0, 0.5, 2)),
    Constant("index.embed.language_offsets", "CENTRING", (0.0, 0.5, 1.0)),
)


def main() -> None:
    given = arguments("The weights of the search.")
    mixed, own = parallel(given.data, given.every), traditional(given.data, 4 * given.every)
    with library_of(articles_of(mixed)) as pool, library_of(articles_of(own)) as paragraphs:

        def measure() -> NDArray[np.float64]:
            across = [on_parallel(pool, mixed, question) for question in mixed.questions]
            within = [right_first(paragraphs, question) for question in own.questions]
            return np.array([*across, *within])

        sweep(CONSTANTS, measure, given.only)


def on_parallel(library: newscite.Library, pool: Pool, question: Question) -> float:
    """Between 0 and 1."""
    found = ranking(library, question)
    right = set(question.gold.values())
    own = {at for tag, at in question.gold.items() if primary(tag) == primary(question.language)}
    rest = [at for at in found if at not in own]
    holds = found[0] in right, bool(set(rest) & right), rest[:1] and rest[0] in right
    return sum(map(bool, holds)) / len(holds)


def right_first(library: newscite.Library, question: Question) -> float:
    return float(ranking(library, question)[0] in question.gold.values())


def ranking(library: newscite.Library, question: Question) -> list[int]:
    return [place_of(hit.article) for hit in library.retriever.search(question.text, TOP)]


if __name__ == "__main__":
    main()
