"""When two sentences report the same: rag/analysis/timeline.py and findings.py.

    python -m tuning same_event DATA

DATA holds the NTREX files. Sentences of one report in two languages, or in the two independent Chinese
translations, say the same where they are translations of each other, and something else where not. A
threshold is the cosine that only a given share of the others reaches: SAME_EVENT .02, where the day is
the same .07, SAME_CLAIM .005. Prints both for pairs in one language and across languages. For
NEAR_TOPIC, each report is asked for by its first sentence, among all.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from index.config import EmbedderSettings
from index.embed.embedder import open_embedder
from index.embed.sentence_vectors import Vectors
from index.languages.text import primary
from rag.analysis import findings, timeline
from tuning.data import NEWS_LANGUAGES, Document, arguments, documents

SHARES = (
    ("timeline.SAME_EVENT", timeline.SAME_EVENT, 0.02),
    ("timeline.SAME_EVENT_AND_DAY", timeline.SAME_EVENT_AND_DAY, 0.07),
    ("findings.SAME_CLAIM", findings.SAME_CLAIM, 0.005),
)
TOPICS = 40


def main() -> None:
    given = arguments("When two sentences report the same.")
    vectors = Vectors(open_embedder(EmbedderSettings()))
    reports = documents(given.data)[:: given.every]
    embedded = [
        {
            tag: vectors.sentences(report.lines[tag], [tag] * len(report.lines[tag]))
            for tag in NEWS_LANGUAGES
        }
        for report in reports
    ]
    fit_thresholds(embedded)
    fit_nearness(reports, embedded, vectors)


def fit_thresholds(embedded: Sequence[dict[str, NDArray[np.float32]]]) -> None:
    pairs: dict[str, tuple[list[float], list[float]]] = {}
    for report in embedded:
        for one, other in combinations(NEWS_LANGUAGES, 2):
            kind = "same language" if primary(one) == primary(other) else "across languages"
            cosines = report[one] @ report[other].T
            right, wrong = pairs.setdefault(kind, ([], []))
            right += np.diag(cosines).tolist()
            wrong += cosines[~np.eye(len(cosines), dtype=bool)].tolist()
    for name, in_code, share in SHARES:
        for kind, (right, wrong) in pairs.items():
            fitted = float(np.quantile(wrong, 1 - share))
            reach = [float(np.mean(np.array(values) >= in_code[kind])) for values in (right, wrong)]
            print(
                f"{name}[{kind!r}] = {in_code[kind]}, fitted {fitted:.2f}; {reach[0]:.3f} of the "
                f"translations reach the value in the code, {reach[1]:.3f} of the others"
            )


def fit_nearness(
    reports: Sequence[Document],
    embedded: Sequence[dict[str, NDArray[np.float32]]],
    vectors: Vectors,
) -> None:
    """The nearness that best parts the sentences of a report from those of the others."""
    near: list[float] = []
    own: list[bool] = []
    for at, report in enumerate(reports[:TOPICS]):
        for tag in NEWS_LANGUAGES:
            question = vectors.question(report.lines[tag][0])
            for other, rows in enumerate(embedded):
                for language in NEWS_LANGUAGES:
                    found = rows[language][1:]
                    near += vectors.nearness(question, found, [language] * len(found)).tolist()
                    own += [other == at] * len(found)
    order = np.argsort(near)[::-1]
    sorted_own = np.array(own)[order]
    right = np.cumsum(sorted_own)
    f1 = 2 * right / (np.arange(1, len(order) + 1) + right[-1])
    best = int(f1.argmax())
    print(f"timeline.NEAR_TOPIC = {timeline.NEAR_TOPIC}, NEAR_UNDATED = {timeline.NEAR_UNDATED}")
    print(f"    best F1 {f1[best]:.3f} at {np.array(near)[order][best]:.2f}, by nearness alone")
    for value in (timeline.NEAR_TOPIC, timeline.NEAR_UNDATED):
        count = int((np.array(near) >= value).sum())
        print(
            f"    at {value}: precision {right[count - 1] / count:.3f}, recall {right[count - 1] / right[-1]:.3f}"
        )


if __name__ == "__main__":
    main()
