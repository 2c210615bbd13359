"""How often an answer from a pile of related news says that sources disagree: where none does, and where one does.

    python benchmarks/disputes.py TRAIN [--each 150]

TRAIN holds chronoqa_zh.jsonl and crud_news_zh.jsonl: questions on Chinese news with the passages that answer
them. Each question is asked, without an LLM, of a library of the passages of 1,500 questions (ChronoQA; those of
the same subject tell of other days), and of all 398 articles (CRUD-RAG), where nothing contradicts: what market
reports of several days say of "the main contract" does, as they stand there without their dates. Then of the
398 articles beside sentences of them with the number that answers changed, each from an outlet of its own.
Prints how many answers say that sources disagree, and how many of the last give both numbers.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newscite
from benchmarks.figures import records
from benchmarks.support import change_number
from index.languages.numbers.stated import days
from index.languages.text import sentences
from index.records import Article

PASSAGES_OF = 1500
LONGEST, SHORTEST_QUESTION = 160, 12
"""Characters of a sentence that is changed; of a question that says what it is about."""

Changed = tuple[str, str, str]
"""A question, the number that answers it, and another."""


def article(text: str, number: int, outlet: str = "") -> Article:
    """A text as an article of its own, of the first day that it names."""
    told = next((day.iso() for day in days(text) if day.day and day.year), "")
    outlet = outlet or f"Outlet {number % 5}"
    return Article(
        text, language="zh-Hans", file=f"{outlet}-{number}.txt", outlet=outlet, published=told
    )


def changed(rows: Sequence[dict[str, object]], most: int) -> Iterator[tuple[Changed, Article]]:
    """Questions that a number answers, each with the sentence that has it, and another number there."""
    chance = random.Random(3)  # noqa: S311  not for secrets
    found = 0
    for row in rows:
        text = str(row["context"])
        cut = [text[one.start : one.end] for one in sentences(text, "zh-Hans")]
        for asked in row["questions"]:  # type: ignore[attr-defined]
            question, answer = asked["question"], asked["answer"]
            said = next((each for each in cut if answer in each and len(each) < LONGEST), "")
            other = change_number(answer, "zh-Hans", None, chance) if said else ""
            if other and len(question) > SHORTEST_QUESTION and found < most:
                found += 1
                lie = said.strip().replace(answer, other)
                yield (
                    (question, answer, other),
                    article(f"据本报了解，{lie}", found, f"商报{found}"),
                )


def ask(name: str, articles: Sequence[Article], questions: Sequence[str]) -> list[newscite.Answer]:
    with (
        tempfile.TemporaryDirectory() as folder,
        newscite.open(Path(folder) / "library", llm={"model": "none"}) as library,
    ):
        library.add_articles(articles)
        answers = [library.ask(question) for question in questions]
    given = [answer for answer in answers if not answer.abstained]
    disputed = sum(bool(answer.sides) for answer in given)
    print(f"{name}: {disputed} of {len(given)} answers say that sources disagree", flush=True)
    return answers


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--each", type=int, default=150)
    given = parser.parse_args()
    chance = random.Random(5)  # noqa: S311  not for secrets
    chrono = records(given.data / "chronoqa_zh.jsonl")
    chance.shuffle(chrono)
    passages = dict.fromkeys(text for row in chrono[:PASSAGES_OF] for text in row["chunks"])
    ask(
        "ChronoQA",
        [article(text, number) for number, text in enumerate(passages)],
        [row["question"] for row in chrono[: given.each]],
    )
    rows = records(given.data / "crud_news_zh.jsonl")
    news = [article(row["context"], number) for number, row in enumerate(rows)]
    questions = [asked["question"] for row in rows for asked in row["questions"]]
    ask("CRUD-RAG", news, chance.sample(questions, given.each))
    altered = list(changed(rows, given.each))
    answers = ask(
        "with a number changed",
        [*news, *(one for _, one in altered)],
        [question for (question, _, _), _ in altered],
    )
    both = sum(
        number in answer.text and other in answer.text
        for ((_, number, other), _), answer in zip(altered, answers, strict=True)
    )
    print(f"    {both} of {len(altered)} give both numbers")


if __name__ == "__main__":
    main()
