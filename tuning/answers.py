"""Fits how far an answer of the offline LLM is trusted: `doubted` of rag/evidence/belief.py, and the beliefs
between which it is asked: SURE and WORTH_TRYING of rag/answer/ask.py, DOUBTFUL of rag/answer/binder.py.

    python -m tuning answers DATA [--each 2] [--keep FILE]

DATA is what benchmarks/reading.py reads. The offline LLM answers questions of every set, a fifth of which
nothing answers, whatever the belief, and says how likely it finds its answer right. A logistic regression
on the log-odds of both gives the probability that what the answer rests on answers. Prints the numbers as
they are and as fitted, the area under the ROC curve of belief, of the LLM's word and of both (five-fold), and
what is refused and answered wrongly at the default threshold; then, for other values of the three constants,
how many answers are rightly given or refused, and sentences rightly carried or not. Takes some ten seconds a
question. NYT is left out, to measure with, and what NoMIRACL answers, because it does not say where.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import area
from benchmarks.questions import Asked, Libraries, about_seeds, of_nomiracl, of_sets
from index.config import Settings
from index.embed.embedder import open_embedder
from rag.answer import ask, binder
from rag.answer.binder import Binder
from rag.check.binding import Bound
from rag.draft.writing import Writing, open_writing
from rag.evidence.belief import DOUBTED, INTERCEPT_RIGHT, RIGHT, doubted
from rag.llm.opening import open_llm
from rag.question.asked_in import asked_in
from rag.results.odds import log_odds
from tuning.data import kept_rows
from tuning.sweep import Constant, held, sweep

LEFT_OUT = "nyt"


@dataclass(frozen=True)
class Outcome:
    kind: str
    answerable: bool
    right: bool
    """What the answer rests on answers."""
    belief: float
    rightness: float
    sentences: Sequence[tuple[float, float, bool]] = ()
    """Of each sentence that the check doubts: its support, the LLM's word, whether its sources answer."""


def outcomes(data: Path, each: int) -> list[Outcome]:
    settings = Settings()
    llm = open_llm(settings.llm)
    found = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Libraries(Path(folder), open_embedder(settings.embedder)) as libraries,
    ):
        sets = of_sets(data, libraries, each)
        for asked in chain(about_seeds(libraries), sets, of_nomiracl(data, libraries, 3 * each)):
            known = not (asked.kind.startswith("nomiracl") and asked.answerable)
            if known and asked.kind != LEFT_OUT and (outcome := answered(asked, settings, llm)):
                found.append(outcome)
                print(len(found), asked.kind, outcome, file=sys.stderr, flush=True)
    return found


def answered(asked: Asked, settings: Settings, llm: object) -> Outcome | None:
    library, question = asked.library, asked.question
    hits = library.retriever.search(question)
    binds = Binder(library.retriever, settings, hits)
    asked_about: list[tuple[float, float, bool]] = []

    def noted(writing: Writing, bound: Bound) -> Bound:
        word = writing.rightness(bound.claim.statement.text) or 0.0
        answers = asked.answerable and any(map(asked.answers, bound.sources))
        asked_about.append((bound.verdict.score, word, answers))
        return with_word_of(writing, bound)

    found = binds.read(hits)
    if not found.excerpts:
        return None
    language = asked_in(question, library, ())
    tokens = settings.answer.evidence_tokens
    writing = open_writing(llm, question, language, found, binds.names, tokens)  # type: ignore[arg-type]
    for _ in writing.pieces():
        pass
    with_word_of = binder._with_word_of
    with (
        held(Constant("rag.answer.binder", "DOUBTFUL", ()), 0.0),
        held(Constant("rag.answer.binder", "_with_word_of", ()), noted),
    ):
        best = binds.best(writing)
    carried = [bound for bound in best if binds.carries(bound)]
    if carried:
        text = " ".join(bound.claim.statement.text for bound in carried)
        sources = [source for bound in carried for source in bound.sources]
    else:
        sources = [source for excerpt in found.excerpts[:1] for source in excerpt.sources]
        text = " ".join(source.text for source in sources)
    right = asked.answerable and any(map(asked.answers, sources))
    rightness = writing.rightness(text)
    return Outcome(
        asked.kind, asked.answerable, right, found.belief, rightness or 0.0, tuple(asked_about)
    )


def report(rows: Sequence[Outcome]) -> None:
    table = np.array([[log_odds(row.belief), log_odds(row.rightness)] for row in rows])
    right = np.array([row.right for row in rows])
    model = LogisticRegression(C=10.0)
    both = cross_val_predict(model, table, right, cv=5, method="predict_proba")[:, 1]
    model.fit(table, right)
    now = INTERCEPT_RIGHT, DOUBTED, RIGHT
    names = "INTERCEPT_RIGHT", "DOUBTED", "RIGHT"
    fitted = (float(model.intercept_[0]), *model.coef_[0].tolist())
    for name, before, after in zip(names, now, fitted, strict=True):
        print(f"{name:16}{before:6.2f} -> {after:6.2f}")
    areas = [area(values.tolist(), right.tolist()) for values in (table[:, 0], table[:, 1], both)]
    print(
        "area: belief {:.3f}, the LLM {:.3f}, both {:.3f}; of {} answers".format(*areas, len(rows))
    )
    least = log_odds(Settings().answer.abstain_below)
    for said, (a, b, c) in (("now", now), ("fitted", fitted)):
        odds = a + table @ np.array([b, c])
        print(
            f"{said:7} right ones refused {(odds[right] < least).mean():.2f}, "
            f"wrong ones given {(odds[~right] >= least).mean():.2f}"
        )


def is_given(row: Outcome) -> bool:
    """Whether `ask` gives the answer."""
    if row.belief < ask.WORTH_TRYING:
        return False
    certain = row.belief if row.belief >= ask.SURE else doubted(row.belief, row.rightness)
    return certain >= Settings().answer.abstain_below


def is_carried(score: float, word: float) -> bool:
    """Whether a sentence that the check doubts is carried after the LLM's word."""
    return score >= binder.DOUBTFUL and log_odds(score) + log_odds(word) >= 0


def try_others(rows: Sequence[Outcome]) -> None:
    """What other values of SURE, WORTH_TRYING and DOUBTFUL would change."""
    print("answers rightly given or refused:")
    sweep(
        (
            Constant("rag.answer.ask", "SURE", (0.3, 0.5, 0.9, 1.0)),
            Constant("rag.answer.ask", "WORTH_TRYING", (0.0, 0.03, 0.2)),
        ),
        lambda: np.array([is_given(row) is row.right for row in rows], float),
    )
    print("sentences that the check doubts, rightly carried or not:")
    sentences = [one for row in rows for one in row.sentences]
    sweep(
        (Constant("rag.answer.binder", "DOUBTFUL", (0.0, 0.05, 0.3, 1.0)),),
        lambda: np.array([is_carried(score, word) is own for score, word, own in sentences], float),
    )


def main() -> None:
    rows = kept_rows(__doc__.splitlines()[0], 2, Outcome, outcomes)
    report(rows)
    try_others(rows)


if __name__ == "__main__":
    main()
