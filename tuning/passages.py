"""How articles are cut into passages: index/embed/passages.py and split.passage_width.

    python -m tuning passages DATA [--every 4]

DATA holds `nyt_questions_dev.jsonl`. The paragraphs of a report are one article. A question scores 1
over the rank of the first passage found that holds the answer where it stands; each setting embeds all
articles anew, so this takes a minute a value. The reports have no headings and one language, so breaks
at these are not measured here: tests/test_passages.py holds them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import newscite
from benchmarks.figures import records
from index.records import Article
from tuning.data import NEWS_QUESTIONS, arguments, library_of
from tuning.sweep import around, sweep, verdict

PASSAGES = "index.embed.passages"
CONSTANTS = (
    *around(PASSAGES, "NARROW_WIDTH", by=(0.75, 1.5)),
    *around(PASSAGES, "MID_PARAGRAPH_COST", by=(0, 3)),
)
WIDTHS = (150, 220, 450)
Asked = tuple[str, str, int]
"""A question, the article that answers it, and where in it."""


def main() -> None:
    given = arguments("How articles are cut into passages.")
    articles, asked = reports(given.data, given.every)
    sweep(CONSTANTS, lambda: measure(articles, asked, 0), given.only)
    if given.only and "passage_width" not in given.only.split(","):
        return
    base = measure(articles, asked, 0)
    for width in WIDTHS:
        print(f"split.passage_width = {width}: {verdict(measure(articles, asked, width) - base)}")


def reports(folder: Path, every: int) -> tuple[list[Article], list[Asked]]:
    """Articles of whole reports, and the questions on every so many-th."""
    paragraphs: dict[str, list[dict[str, object]]] = defaultdict(list)
    for record in records(folder / NEWS_QUESTIONS):
        paragraphs[record["title"]].append(record)
    articles, asked = [], []
    for number, (url, found) in enumerate(paragraphs.items()):
        text = ""
        for record in found:
            if number % every == 0:
                questions: Any = record["questions"]
                asked += [(one["question"], url, len(text) + one["start"]) for one in questions]
            text += f"{record['context']}\n"
        articles.append(Article(text.rstrip(), url=url, language="en"))
    return articles, asked


def measure(articles: Sequence[Article], asked: Sequence[Asked], width: int) -> NDArray[np.float64]:
    settings = {"split": {"passage_width": width}} if width else {}
    with library_of(articles, **settings) as library:
        return np.array([reciprocal_rank(library, *each) for each in asked])


def reciprocal_rank(library: newscite.Library, question: str, url: str, at: int) -> float:
    for hit in library.retriever.search(question):
        if hit.article.url == url and hit.passage.start <= at < hit.passage.end:
            return 1 / hit.rank
    return 0.0


if __name__ == "__main__":
    main()
