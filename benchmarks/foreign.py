"""Questions about many Chinese news articles, most of them in English: what is read, what is refused.

    python benchmarks/foreign.py DATA [--library FOLDER]

DATA holds crud_news_sample.jsonl, of which the first 1,500 articles are added (some minutes; with --library
only once). The questions in foreign.jsonl were written after a look at 60 of these articles, the part "later"
when what the part "first" had shown was mended; "answer" is a pattern of the words that answer, empty where
a place or name was exchanged so that no article answers. Nothing is fitted to them. Prints for each part and
language in how many cases the sentence that is thought to answer does, how many questions are answered by
it, rightly and wrongly, without an LLM, and the area under the ROC curve of the belief.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newscite
from benchmarks.figures import area, records
from index.languages.text import detect, primary
from index.records import Article
from rag.answer.binder import Binder

ARTICLES = 1500
QUESTIONS = Path(__file__).with_name("foreign.jsonl")


@dataclass(frozen=True)
class Asked:
    part: str
    language: str
    answerable: bool
    right: bool
    belief: float


def asked(library: newscite.Library, record: dict[str, str]) -> Asked:
    question = record["question"]
    found = Binder(library.retriever, library.settings, question).read(
        library.retriever.search(question)
    )
    best = max(found.sources, key=lambda source: source.relevance, default=None)
    right = (
        best is not None and bool(record["answer"]) and bool(re.search(record["answer"], best.text))
    )
    language = primary(detect(question))
    return Asked(record["part"], language, bool(record["answer"]), right, found.belief)


def report(name: str, rows: list[Asked], least: float) -> None:
    some = [row for row in rows if row.answerable]
    others = [row for row in rows if not row.answerable]
    given = [row for row in some if row.belief >= least]
    right = sum(row.right for row in given)
    print(
        f"{name:12} of {len(some)}: first sentence answers {sum(row.right for row in some)}; answered rightly "
        f"{right}, wrongly {len(given) - right}; refused {len(some) - len(given)}, of {len(others)} others "
        f"{sum(row.belief < least for row in others)}; "
        f"area {area([row.belief for row in rows], [row.answerable for row in rows]):.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--library", type=Path, help="a folder to keep the library in")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.library or Path(folder) / "library"
        with newscite.open(place, llm={"model": "none"}) as library:
            if not library.status().articles:
                lines = islice(records(given.data / "crud_news_sample.jsonl"), ARTICLES)
                library.add_articles(
                    Article(
                        row["text"],
                        published=row["date"] or "",
                        language="zh-Hans",
                        file=f"{n}.txt",
                    )
                    for n, row in enumerate(lines)
                )
            rows = [asked(library, record) for record in records(QUESTIONS)]
            least = library.settings.answer.abstain_below
    for part in ("first", "later"):
        for language in ("en", "zh"):
            some = [row for row in rows if (row.part, row.language) == (part, language)]
            if some:
                report(f"{part} {language}", some, least)


if __name__ == "__main__":
    main()
