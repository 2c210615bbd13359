"""When two sentences report the same: rag/analysis/timeline.py and rag/check/disagreement.py.

    python -m tuning same_event DATA

DATA holds the NTREX files. Sentences of one report in two languages, or in the two independent Chinese
translations, say the same where they are translations of each other, and something else where not. A
threshold is the cosine that only a given share of the others reaches: SAME_EVENT .02, where the day is
the same .07, SAME_CLAIM .005. Prints both for pairs in one language and across languages. For
HIT_SHARE, NEAR_TOPIC and BELOW_BEST, each report is asked for by its first sentence, among all: the
sentences of the passages found are of this report, in any language, or of another.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from index.config import EmbedderSettings
from index.embed.embedder import open_embedder
from index.embed.sentence_vectors import Vectors
from index.languages.text import primary
from index.records import Article
from newscite import Library
from rag.analysis import timeline
from rag.check import disagreement
from tuning.data import NEWS_LANGUAGES, Document, arguments, documents, library_of

SHARES = (
    ("timeline.SAME_EVENT", timeline.SAME_EVENT, 0.02),
    ("timeline.SAME_EVENT_AND_DAY", timeline.SAME_EVENT_AND_DAY, 0.07),
    ("disagreement.SAME_CLAIM", disagreement.SAME_CLAIM, 0.005),
)
TOPICS = 40
SHARES_TRIED = (0.0, 0.4, 0.75, 1.2)
BELOW_TRIED = (4.0, 6.0, 10.0, 1000.0)


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
    fit_nearness(reports)


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


def fit_nearness(reports: Sequence[Document]) -> None:
    """The relevance that best parts the sentences of a report from those of the others, where the
    strength of the passage counts more or less beside the nearness of the sentence; and what is kept
    from how far below the best on."""
    articles = [
        Article("\n".join(lines), url=f"{at} {tag}", language=tag)
        for at, report in enumerate(reports)
        for tag, lines in report.lines.items()
    ]
    with library_of(articles) as library:
        found = [
            (number, near, strength, article == f"{at}")
            for number, (at, tag) in enumerate(
                (at, tag) for at in range(len(reports[:TOPICS])) for tag in NEWS_LANGUAGES
            )
            for near, strength, article in sentences_found(library, reports[at].lines[tag][0])
        ]
    topics, near, strength, own = (np.array(values) for values in zip(*found, strict=True))
    print(f"timeline.HIT_SHARE = {timeline.HIT_SHARE}: best F1, and the relevance it has it at")
    for share in sorted({*SHARES_TRIED, timeline.HIT_SHARE}):
        best, at = best_f1(near + share * strength, own)
        print(f"    {share:<6} F1 {best:.3f} at {at:.2f}")
    relevance = near + timeline.HIT_SHARE * strength
    bests = {topic: relevance[topics == topic].max() for topic in np.unique(topics)}
    below = np.array([bests[topic] for topic in topics]) - relevance
    print(f"timeline.NEAR_TOPIC = {timeline.NEAR_TOPIC}, BELOW_BEST = {timeline.BELOW_BEST}")
    for least in (0.0, timeline.NEAR_TOPIC):
        for most in sorted({*BELOW_TRIED, timeline.BELOW_BEST}):
            kept = (relevance >= least) & (below <= most)
            precision, recall = own[kept].mean(), own[kept].sum() / own.sum()
            print(f"    {least} and {most}: precision {precision:.3f}, recall {recall:.3f}")


def sentences_found(library: Library, topic: str) -> Iterator[tuple[float, float, str]]:
    """For each sentence of the passages found: how near it is to the topic, or to the topic without its names;
    the strength of its passage; the report that it stands in. The topic itself is left out."""
    vectors = library.retriever.vectors
    asked = [vectors.question(text) for text in timeline.readings(topic, library.retriever)]
    for hit in library.retriever.search(topic, timeline.SEARCHED):
        texts = [hit.article.text[span.start : span.end] for span in hit.passage.sentences]
        languages = [hit.article.language] * len(texts)
        embedded = vectors.sentences(texts, languages)
        near = [vectors.nearness(question, embedded, languages) for question in asked]
        report = hit.article.url.split()[0]
        yield from (
            (float(value), hit.strength, report)
            for value, text in zip(np.sum(near, axis=0), texts, strict=True)
            if text != topic
        )


def best_f1(scores: NDArray[np.float64], own: NDArray[np.bool_]) -> tuple[float, float]:
    """The best F1 of taking all from a score on, and that score."""
    order = np.argsort(scores)[::-1]
    right = np.cumsum(own[order])
    f1 = 2 * right / (np.arange(1, len(order) + 1) + right[-1])
    best = int(f1.argmax())
    return float(f1[best]), float(scores[order][best])


if __name__ == "__main__":
    main()
