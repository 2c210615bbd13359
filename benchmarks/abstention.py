"""Whether newscite knows when the articles do not answer: NoMIRACL's questions.

    python benchmarks/abstention.py DATA [--limit 60] [--no-llm]

DATA holds `nomiracl_dev.jsonl` ({"lang", "question", "answerable", "passages": ["title: text"]}).
Each question is asked of a library of its own passages; --limit takes so many of each language,
half of them answerable. Prints for each language: the area under the ROC curve of the search's own
confidence and of the belief that an answer is held to; the hallucination rate (unanswerable
questions that are answered) and the error rate (answerable ones that are refused), as Thakur et
al., 2024, "NoMIRACL: Knowing When You Don't Know", define them, and their sum. Answers are
written by the offline LLM, or with --no-llm quoted.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import area, records
from index.config import LLMSettings, Settings
from index.embed.embedder import open_embedder
from index.languages.text import detect
from index.records import Article
from newscite import Library
from rag.llm.opening import open_llm

SAMPLE_FILE = "nomiracl_dev.jsonl"


@dataclass(frozen=True)
class Outcome:
    language: str
    answerable: bool
    found: float
    """The search's confidence."""
    belief: float
    """What the answer was held to."""
    answered: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--limit", type=int, default=60, help="questions of each language")
    parser.add_argument("--no-llm", action="store_true", help="quoted answers")
    arguments = parser.parse_args()
    asked = records(arguments.data / SAMPLE_FILE)
    languages = sorted({record["lang"] for record in asked})
    settings = Settings(llm=LLMSettings(model="none" if arguments.no_llm else "auto"))
    embedder, llm = open_embedder(settings.embedder), open_llm(settings.llm)
    outcomes = []
    for record in sample(asked, languages, arguments.limit):
        with tempfile.TemporaryDirectory() as folder:
            library = Library.open(Path(folder) / "library", settings, embedder)
            library.llm = llm
            outcomes.append(ask(library, record))
            library.close()
    print(
        f"{'':10}{'questions':>10}{'search':>8}{'belief':>8}{'invented':>10}{'refused':>9}{'sum':>6}"
    )
    for language in languages:
        of_it = [one for one in outcomes if one.language == language]
        invented = mean([one.answered for one in of_it if not one.answerable])
        refused = mean([not one.answered for one in of_it if one.answerable])
        answerable = [one.answerable for one in of_it]
        found = area([one.found for one in of_it], answerable)
        belief = area([one.belief for one in of_it], answerable)
        print(
            f"{language:10}{len(of_it):10}{found:8.3f}{belief:8.3f}{invented:10.3f}{refused:9.3f}"
            f"{invented + refused:6.3f}"
        )


def sample(
    records: Sequence[Mapping[str, Any]], languages: Sequence[str], limit: int
) -> list[Mapping[str, Any]]:
    """Of each language and kind the same number, taken evenly; kinds mixed, so that what has been
    seen so far is always a fair sample."""
    kinds = []
    for language in languages:
        for answerable in (True, False):
            of_it = [r for r in records if (r["lang"], r["answerable"]) == (language, answerable)]
            kinds.append(of_it[:: max(1, 2 * len(of_it) // limit)][: limit // 2])
    return [record for row in zip_longest(*kinds) for record in row if record is not None]


def ask(library: Library, record: Mapping[str, Any]) -> Outcome:
    articles = []
    for number, passage in enumerate(record["passages"]):
        title, _, text = passage.partition(": ")
        articles.append(Article(text or title, title, language=detect(text), file=f"{number}.txt"))
    library.add_articles(articles)
    answer = library.ask(record["question"])
    return Outcome(
        record["lang"],
        record["answerable"],
        answer.hits.confidence,
        answer.confidence,
        not answer.abstained,
    )


def mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values)


if __name__ == "__main__":
    main()
