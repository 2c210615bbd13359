"""Fits how far an answer of the offline LLM is trusted: `doubted` of rag/evidence/belief.py.

    python -m tuning answers DATA [--each 2] [--keep FILE]

DATA is what benchmarks/reading.py reads. The offline LLM answers questions of every set, a fifth of which
nothing answers, whatever the belief, and says how likely it finds its answer right. A logistic regression
on the log-odds of both gives the probability that what the answer rests on answers. Prints the numbers as
they are and as fitted, the area under the ROC curve of belief, of the LLM's word and of both (five-fold), and
what is refused and answered wrongly at the default threshold. Takes some ten seconds a question. NYT is left
out, to measure with.
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
from rag.answer.binder import Binder
from rag.draft.writing import open_writing
from rag.evidence.belief import DOUBTED, INTERCEPT_RIGHT, RIGHT
from rag.llm.opening import open_llm
from rag.question.asked_in import asked_in
from rag.results.odds import log_odds
from tuning.data import kept_rows

LEFT_OUT = "nyt"


@dataclass(frozen=True)
class Outcome:
    kind: str
    answerable: bool
    right: bool
    """What the answer rests on answers."""
    belief: float
    rightness: float


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
            if asked.kind != LEFT_OUT and (outcome := answered(asked, settings, llm)):
                found.append(outcome)
                print(len(found), asked.kind, outcome, file=sys.stderr, flush=True)
    return found


def answered(asked: Asked, settings: Settings, llm: object) -> Outcome | None:
    library, question = asked.library, asked.question
    binder = Binder(library.retriever, settings, question)
    found = binder.read(library.search(question))
    if not found.excerpts:
        return None
    language = asked_in(question, library, ())
    tokens = settings.answer.evidence_tokens
    writing = open_writing(llm, question, language, found, binder.names, tokens)  # type: ignore[arg-type]
    for _ in writing.pieces():
        pass
    carried = [bound for bound in binder.best(writing) if binder.carries(bound)]
    if carried:
        text = " ".join(bound.claim.statement.text for bound in carried)
        sources = [source for bound in carried for source in bound.sources]
    else:
        sources = [source for excerpt in found.excerpts[:1] for source in excerpt.sources]
        text = " ".join(source.text for source in sources)
    right = asked.answerable and any(map(asked.answers, sources))
    rightness = writing.rightness(text)
    return Outcome(asked.kind, asked.answerable, right, found.belief, rightness or 0.0)


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


def main() -> None:
    rows = kept_rows(__doc__.splitlines()[0], 2, Outcome, outcomes)
    report(rows)


if __name__ == "__main__":
    main()
