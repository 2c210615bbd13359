"""Whether the hits answer: rag/retrieve/confidence.py, and the strength in rag/retrieve/reporting.py.

    python -m tuning confidence DATA [--every 4]

DATA holds `nomiracl_dev.jsonl`, `xquad_ru_dev.jsonl` and `drcd_dev.jsonl`. The log-odds that a hit
answers are fitted by logistic regression to NoMIRACL's questions, half of which nothing answers, and to
questions whose paragraphs are hidden for every other one; the three sets weigh the same. Prints too what
is refused at the default threshold where nothing reads the hits (`reader.model = "none"`), with the numbers
in the code and those fitted, on these sets and on the questions about seeds/. A hit's strength is fitted the
same way, to whether a passage is the right one.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict

import newscite
from benchmarks.figures import records
from benchmarks.retrieval import Pool
from index.config import Settings
from index.languages.text import detect
from index.records import Article
from index.store.filters import Filter
from rag.evaluate.evaluation import read_questions
from rag.results.odds import probability
from rag.retrieve import confidence, reporting
from rag.retrieve.score import Candidate
from tuning.answering import DATA, QUESTIONS, SEEDS
from tuning.data import (
    UNANSWERABLE,
    arguments,
    articles_of,
    library_of,
    parallel,
    place_of,
    traditional,
)
from tuning.sweep import Constant, held


@dataclass(frozen=True)
class Searched:
    """The features of a search, and whether it found an answer."""

    features: tuple[float, ...]
    answered: bool
    keys: tuple[float, ...] = ()
    """Of each hit."""
    right: tuple[bool, ...] = ()
    """Whether it is the right passage."""


def main() -> None:
    given = arguments("Whether the hits answer.")
    sets = {
        "NoMIRACL": list(unanswerable(given.data, given.every)),
        "XQuAD": list(half_hidden(parallel(given.data, given.every))),
        "DRCD": list(half_hidden(traditional(given.data, 2 * given.every))),
    }
    weights = fit_confidence(sets)
    report_refusals(sets | {"seeds": list(about_seeds())}, weights)
    fit_strength([one for name in ("XQuAD", "DRCD") for one in sets[name]])


def unanswerable(folder: Path, every: int) -> Iterator[Searched]:
    for record in records(folder / UNANSWERABLE)[::every]:
        articles = []
        for number, passage in enumerate(record["passages"]):
            title, _, text = passage.partition(": ")
            articles.append(Article(text or title, title, language=detect(text), file=f"{number}"))
        with library_of(articles) as library:
            yield searched(library, record["question"], record["answerable"], None, set())


def half_hidden(pool: Pool) -> Iterator[Searched]:
    """Every other question is asked without the paragraphs that answer it."""
    with library_of(articles_of(pool)) as library:
        for number, question in enumerate(pool.questions):
            right = set(question.gold.values())
            others = [f"{at}" for at in range(len(pool.paragraphs)) if at not in right]
            filter = None if number % 2 == 0 else Filter(tags=others)
            yield searched(library, question.text, number % 2 == 0, filter, right)


def about_seeds() -> Iterator[Searched]:
    """The project's own questions: nothing is fitted to them."""
    with library_of((), llm={"model": "none"}) as library:
        library.add(SEEDS)
        for name in QUESTIONS:
            for question in read_questions(DATA / f"{name}_questions.jsonl"):
                yield searched(library, question.text, question.answerable, None, set())


def searched(
    library: newscite.Library,
    question: str,
    answered: bool,
    filter: Filter | None,
    right: set[int],
) -> Searched:
    seen: list[tuple[float, ...]] = []

    def noted(ranked: Sequence[Candidate]) -> float:
        seen.append(features(ranked))
        return 0.0

    with held(Constant("rag.retrieve.confidence", "confidence", ()), noted):
        hits = library.retriever.search(question, filter=filter)
    keys = tuple(hit.strength * reporting.SPREAD + reporting.ON_SUBJECT_KEY for hit in hits)
    matches = tuple(bool(right) and place_of(hit.article) in right for hit in hits)
    return Searched(seen[0], answered, keys, matches)


def features(ranked: Sequence[Candidate]) -> tuple[float, float]:
    """What `confidence` weighs: nearness and lead."""
    nearest = max(candidate.dense for candidate in ranked)
    first, *_ = keys = sorted((candidate.key for candidate in ranked), reverse=True)
    behind = keys[confidence.BEHIND]
    lead = first - sum(behind) / len(behind) if behind else 0.0
    return nearest, lead


def fit_confidence(sets: dict[str, list[Searched]]) -> list[float]:
    """Intercept and weights that are fitted."""
    x = np.array([one.features for found in sets.values() for one in found])
    y = np.array([one.answered for found in sets.values() for one in found])
    weights = np.concatenate([np.full(len(found), 1 / len(found)) for found in sets.values()])
    weights *= len(y) / weights.sum()
    model = LogisticRegression(C=1e3, max_iter=1000).fit(x, y, sample_weight=weights)
    in_code = [confidence.INTERCEPT, confidence.NEARNESS, confidence.LEAD]
    errors = standard_errors(x, model.predict_proba(x)[:, 1], weights)
    names = ("INTERCEPT", "NEARNESS", "LEAD")
    print("rag.retrieve.confidence: in the code, fitted, standard error")
    for name, old, new, error in zip(
        names, in_code, [model.intercept_[0], *model.coef_[0]], errors, strict=True
    ):
        print(f"    {name:20}{old:8.2f}{new:8.2f} ± {error:.2f}")
    fitted = cross_val_predict(model, x, y, cv=5, method="predict_proba")[:, 1]
    coded = 1 / (1 + np.exp(-(in_code[0] + x @ np.array(in_code[1:]))))
    start = 0
    print("area under the ROC curve: in the code, fitted (cross-validated)")
    for name, found in sets.items():
        part = slice(start, start := start + len(found))
        areas = [roc_auc_score(y[part], scores[part]) for scores in (coded, fitted)]
        print(f"    {name:20}{areas[0]:8.3f}{areas[1]:8.3f}  of {len(found)}")
    return [float(model.intercept_[0]), *map(float, model.coef_[0])]


def report_refusals(sets: dict[str, list[Searched]], fitted: Sequence[float]) -> None:
    least = Settings().answer.abstain_below
    print(f"refused at {least}, of those that are answered and of the others: in the code, fitted")
    in_code = confidence.INTERCEPT, confidence.NEARNESS, confidence.LEAD
    for name, found in sets.items():
        said = []
        for intercept, *weights in (in_code, fitted):
            refused = [
                (
                    one.answered,
                    probability(intercept + float(np.dot(weights, one.features))) < least,
                )
                for one in found
            ]
            said += [
                sum(no for yes, no in refused if yes is answered) for answered in (True, False)
            ]
        right = sum(one.answered for one in found)
        print(
            f"    {name:20}{said[0]:4}, {said[1]:3} -> {said[2]:3}, {said[3]:3}  "
            f"of {right} and {len(found) - right}"
        )


def standard_errors(
    x: NDArray[np.float64], p: NDArray[np.float64], weights: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Of the coefficients, the intercept first, from the observed information."""
    design = np.column_stack([np.ones(len(x)), x])
    information = design.T @ (design * (weights * p * (1 - p))[:, None])
    errors: NDArray[np.float64] = np.sqrt(np.diag(np.linalg.inv(information)))
    return errors


def fit_strength(found: Sequence[Searched]) -> None:
    keys = np.array([key for one in found for key in one.keys])
    right = np.array([match for one in found for match in one.right])
    model = LogisticRegression(C=1e3).fit(keys[:, None], right)
    slope, intercept = float(model.coef_[0, 0]), float(model.intercept_[0])
    print(
        "rag.retrieve.reporting: in the code, fitted (a hit's strength as log-odds that it is right)"
    )
    print(f"    {'ON_SUBJECT_KEY':20}{reporting.ON_SUBJECT_KEY:8.2f}{-intercept / slope:8.2f}")
    print(f"    {'SPREAD':20}{reporting.SPREAD:8.2f}{1 / slope:8.2f}")
    best = [max(one.keys, default=-math.inf) for one in found if not one.answered]
    print(f"    where the right passage is hidden, the best key is {np.median(best):.1f} (median)")


if __name__ == "__main__":
    main()
