"""Questions about many Chinese news articles, most of them in English: what is read, what is refused.

    python benchmarks/foreign.py DATA [--library FOLDER] [--llm]

DATA holds crud_news_sample.jsonl, of which the first 1,500 articles are added (some minutes; with --library
only once). The questions in foreign.jsonl were written after a look at 60 of these articles, the part "later"
when what the part "first" had shown was mended; "answer" is a pattern of the words that answer, empty where
a place or name was exchanged so that no article answers. Nothing is fitted to them. Prints for each part and
language how many questions are answered, rightly and wrongly, how many refused, and the area under the ROC
curve of the belief. Without an LLM an answer is right if the sentence that comes first answers; with --llm,
the offline one, if a sentence that it cites does.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections.abc import Iterator
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
    given: bool
    right: bool
    belief: float


def articles(folder: Path) -> Iterator[Article]:
    lines = islice(records(folder / "crud_news_sample.jsonl"), ARTICLES)
    for n, row in enumerate(lines):
        yield Article(row["text"], published=row["date"] or "", language="zh-Hans", file=f"{n}.txt")


def asked(library: newscite.Library, record: dict[str, str]) -> Asked:
    question = record["question"]
    if library.llm is None:
        hits = library.retriever.search(question)
        read = Binder(library.retriever, library.settings, hits).read(hits)
        texts = [max(read.sources, key=lambda source: source.relevance).text]
        belief = read.belief
        given = belief >= library.settings.answer.abstain_below
    else:
        answer = library.ask(question)
        own = {number for sentence in answer.sentences for number in sentence.citations}
        texts = [citation.quote for citation in answer.citations if citation.n in own]
        belief, given = answer.confidence, not answer.abstained
    answerable = bool(record["answer"])
    right = answerable and any(re.search(record["answer"], text) for text in texts)
    return Asked(record["part"], primary(detect(question)), answerable, given, right, belief)


def report(name: str, rows: list[Asked]) -> None:
    some = [row for row in rows if row.answerable]
    others = [row for row in rows if not row.answerable]
    right = sum(row.given and row.right for row in some)
    given = sum(row.given for row in some)
    print(
        f"{name:9} of {len(some)} answered rightly {right}, wrongly {given - right}, refused {len(some) - given}; "
        f"of {len(others)} others refused {sum(not row.given for row in others)}; "
        f"area {area([row.belief for row in rows], [row.answerable for row in rows]):.3f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--library", type=Path, help="a folder to keep the library in")
    parser.add_argument("--llm", action="store_true", help="answered by the offline LLM")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = given.library or Path(folder) / "library"
        with newscite.open(place, llm={"model": "bundled" if given.llm else "none"}) as library:
            if not library.status().articles:
                library.add_articles(articles(given.data))
            rows = [asked(library, record) for record in records(QUESTIONS)]
    for part in ("first", "later"):
        for language in ("en", "zh"):
            some = [row for row in rows if (row.part, row.language) == (part, language)]
            if some:
                report(f"{part} {language}", some)


if __name__ == "__main__":
    main()
