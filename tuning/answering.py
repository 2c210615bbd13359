"""What is quoted, and whose sides are given: rag/evidence/candidates.py, rag/answer/both_sides.py.

    python -m tuning answering [--every 2]

Needs no data but that of the tests, and no LLM. A question about the articles in seeds/ scores the mean of
three: whether the first quote is right, whether one is, and whether no sources are said to disagree; one
that the articles do not answer scores 1 where it is refused. A question beside planted articles
(tests/data/planted*.jsonl) scores 1 where both sides are given.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import newscite
from benchmarks.figures import records
from benchmarks.planted import given as sides_given
from rag.answer.answer import Answer
from rag.answer.ask import ask
from rag.evaluate.evaluation import Question, judge, read_questions
from rag.evidence import reader
from tuning.data import library_of
from tuning.sweep import Constant, around, sweep

ROOT = Path(__file__).resolve().parent.parent
SEEDS = ROOT / "seeds"
DATA = ROOT / "tests" / "data"
QUESTIONS = ("seed", "more", "russian")
PLANTED = ("planted", "planted_more")

CANDIDATES = "rag.evidence.candidates"
SIDES = "rag.answer.both_sides"
CONSTANTS = (
    *around(CANDIDATES, "MARGIN", by=(0, 0.5, 2)),
    Constant(CANDIDATES, "MOST", (1, 2, 5)),
    Constant(CANDIDATES, "SAID_TWICE", (0.6, 0.8, 1.0)),
    *around(CANDIDATES, "MAY_ANSWER", "OLDER"),
    *around(SIDES, "MOST_READ", "NEARLY_AS_LIKELY"),
    Constant(SIDES, "ON_IT", (0.0, 0.5)),
    Constant(SIDES, "CONTRADICTS", (0.0, 3.0)),
    Constant(SIDES, "SURELY", (0.0, 3.0)),
    Constant(SIDES, "FLATLY", (1.0, 5.0)),
    Constant(SIDES, "ANSWERS", (-10.0, 4.0)),
    Constant(SIDES, "IN_THE_SAME_WORDS", (0.76, 1.0)),
    Constant(SIDES, "SILENT", (-20.0, -4.0)),
    Constant(SIDES, "CARRIES", (-1.0, 1.0)),
    Constant(SIDES, "NOT_CARRIED", (-3.0, 1.0)),
)


@contextmanager
def much_remembered() -> Iterator[None]:
    """The reader keeps all that it reads: it reads the same for most values of a constant."""
    before, reader.REMEMBERED = reader.REMEMBERED, 1 << 20
    try:
        yield
    finally:
        reader.REMEMBERED = before


def answer_of(library: newscite.Library, question: str) -> Answer:
    """A new answer: `Library.ask` remembers those it has given."""
    return ask(question, library.retriever, None, library.settings)


def on_seeds(library: newscite.Library, question: Question) -> float:
    answer = answer_of(library, question.text)
    if not question.answerable:
        return float(answer.abstained)
    cited = judge(question, answer).cited
    return float(np.mean([any(cited[:1]), any(cited), not answer.sides]))


def beside_planted(library: newscite.Library, question: Mapping[str, Any]) -> float:
    return float(
        sides_given(answer_of(library, question["question"]), dict(question)) == "both sides"
    )


def measured(
    seeds: newscite.Library,
    asked: Sequence[Question],
    planted: Sequence[tuple[newscite.Library, Mapping[str, Any]]],
) -> NDArray[np.float64]:
    """A figure a question."""
    return np.array(
        [on_seeds(seeds, question) for question in asked]
        + [beside_planted(library, question) for library, question in planted]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="takes only each so many-th question")
    parser.add_argument("--only", default="", help="names of constants, with commas between")
    given = parser.parse_args()
    asked = [q for name in QUESTIONS for q in read_questions(DATA / f"{name}_questions.jsonl")]
    none = {"model": "none"}
    with (
        library_of((), llm=none) as seeds,
        library_of((), llm=none) as first,
        library_of((), llm=none) as more,
        much_remembered(),
    ):
        seeds.add(SEEDS)
        planted = []
        for name, library in zip(PLANTED, (first, more), strict=True):
            library.add([SEEDS, DATA / f"{name}.jsonl"])
            planted += [(library, one) for one in records(DATA / f"{name}_questions.jsonl")]
        sweep(
            CONSTANTS,
            lambda: measured(seeds, asked[:: given.every], planted[:: given.every]),
            given.only,
        )


if __name__ == "__main__":
    main()
