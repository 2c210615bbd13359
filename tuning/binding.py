"""Which sentences a claim is bound to: rag/check/binding.py.

    python -m tuning binding DATA [--every 10]

DATA holds the NTREX files. A claim is a sentence of a news report, or two that follow each other, as
translated; it is bound to the sentences of the report in another language, and to those of the report in
the other Chinese script where it is Chinese. It scores the F1 of the sentences that it is bound to. (Of
HINT_WEIGHT, which only breaks ties where an LLM names excerpts, nothing can be said without one.)
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.config import Settings
from index.embed.embedder import open_embedder
from index.embed.sentence_vectors import Vectors
from index.languages.names import known_names
from index.records import Passage, Sentence
from index.store.rows import StoredArticle
from rag.check.binding import Claim, bind
from rag.check.checker import Checker
from rag.check.statements import Statement
from rag.evidence.opening import own_reader
from rag.results.hits import Hit
from rag.results.sources import Signals, Source
from tuning.answering import much_remembered
from tuning.data import Document, arguments, documents
from tuning.sweep import Constant, around, sweep

MODULE = "rag.check.binding"
CONSTANTS = (
    Constant(MODULE, "CANDIDATES", (2, 4, 10)),
    *around(MODULE, "WORTH_ADDING", "SHARE_ADDED"),
    Constant(MODULE, "OVERLAP_WEIGHT", (0.0, 1.0)),
)
PAIRS = (("zh-Hans", "en"), ("en", "zh-Hant"), ("ru", "en"), ("en", "ru"), ("zh-Hans", "zh-Hant"))


@dataclass(frozen=True)
class Case:
    """A claim, the sentences it can be bound to, and the places of the right ones."""

    claim: Claim
    sources: Sequence[Source]
    right: frozenset[int]


def cases(report: Document, vectors: Vectors, number: int) -> Iterator[Case]:
    ours, theirs = PAIRS[number % len(PAIRS)]
    sources = sources_of(report.lines[theirs], theirs, report.id, vectors)
    for first in range(0, len(sources) - 1, 3):
        places = range(first, first + 1 + first % 2)
        text = (" " if ours in ("en", "ru") else "").join(report.lines[ours][at] for at in places)
        (vector,) = vectors.sentences([text], [ours])
        yield Case(Claim(Statement(text, ours, vector)), sources, frozenset(places))


def sources_of(lines: Sequence[str], language: str, name: str, vectors: Vectors) -> list[Source]:
    article = StoredArticle("\n".join(lines), file=name, language=language)
    spans, start = [], 0
    for line in lines:
        spans.append(Sentence(start, start + len(line)))
        start += len(line) + 1
    whole = Passage(article.id, 0, len(article.text), article.text, tuple(spans), language)
    hit = Hit(1, 0.0, whole, article, spans[0])
    matrix = vectors.sentences(list(lines), [language] * len(lines))
    return [
        Source(hit, span, line, language, vector, Signals(), 0.0)
        for span, line, vector in zip(spans, lines, matrix, strict=True)
    ]


def f1(case: Case, checker: Checker) -> float:
    (bound,) = bind([case.claim], case.sources, checker)
    places = {case.sources.index(source) for source in bound.sources}
    return 2 * len(places & case.right) / (len(places) + len(case.right))


def main() -> None:
    given = arguments("Which sentences a claim is bound to.")
    vectors = Vectors(open_embedder(Settings().embedder))
    made = [
        case
        for number, report in enumerate(documents(given.data)[:: given.every])
        for case in cases(report, vectors, number)
    ]
    checker = Checker(known_names(), reads=vectors, reader=own_reader())

    def measure() -> NDArray[np.float64]:
        return np.array([f1(case, checker) for case in made])

    with much_remembered():
        sweep(CONSTANTS, measure, given.only)


if __name__ == "__main__":
    main()
