"""Whether it matters how a question is put.

    python benchmarks/phrasing.py DATA [--each 8]

Asks the questions of benchmarks/reading.py (without BiPaR and NoMIRACL), without an LLM, of articles with
made-up dates and outlets: as they are; in haste, without capitals and marks; with the year or month of
the article; with those of three years before; with the article's outlet. A text hardly ever says when and
where it appeared; questions whose answer names a year of its own are left out. Prints the share whose
first sentence answers, the share refused, and the area under the ROC curve of belief against such questions of
a library that lacks the article.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import area, shown
from benchmarks.questions import Asked, Libraries, of_sets
from benchmarks.reading import Read, read
from index.config import EmbedderSettings, load_settings
from index.embed.embedder import open_embedder
from index.languages.numbers.stated import days
from index.languages.text import detect, primary, sentences
from index.records import Article

SEED = 5
MONTHS = {
    "en": [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    "ru": [
        "январе",
        "феврале",
        "марте",
        "апреле",
        "мае",
        "июне",
        "июле",
        "августе",
        "сентябре",
        "октябре",
        "ноябре",
        "декабре",
    ],
}
SAYS = {"en": "According to {}, ", "zh": "据{}报道,", "ru": "По данным {}, "}


def when(day: date, language: str, *, month: bool) -> str:
    if language == "zh":
        return f"{day.year}年" + (f"{day.month}月" if month else "")
    if not month:
        return f"in {day.year}" if language == "en" else f"в {day.year} году"
    name = MONTHS[language][day.month - 1]
    return f"in {name} {day.year}" if language == "en" else f"в {name} {day.year} года"


def dated(question: str, day: date, chance: random.Random) -> str:
    """The question with a month or a year, before or behind it."""
    language = primary(detect(question))
    words = when(day, language, month=chance.random() < 0.5)
    if language == "zh":
        return words + question
    if chance.random() < 0.5:
        return f"{question.rstrip('? ')} {words}?"
    return f"{words.capitalize()}, {question[:1].lower()}{question[1:]}"


def attributed(question: str, outlet: str) -> str:
    return SAYS[primary(detect(question))].format(outlet) + question[:1].lower() + question[1:]


def ways(question: str, article: Article, chance: random.Random) -> dict[str, str]:
    """The question as it is, and with what is known of the article."""
    day = date.fromisoformat(article.published)
    return {
        "as it is": question,
        "in haste": question.lower().rstrip("?？"),
        "its time": dated(question, day, chance),
        "another time": dated(question, day.replace(year=day.year - 3), chance),
        "its outlet": attributed(question, article.outlet),
    }


def of_its_own_time(asked: Asked, article: Article) -> bool:
    """Whether no sentence that answers names another year than its article's."""
    texts = [article.text[s.start : s.end] for s in sentences(article.text, article.language)]
    answering = [text for text in texts if asked.answers(SimpleNamespace(text=text))]  # type: ignore[arg-type]
    years = {day.year for text in answering for day in days(text)}
    return years <= {None, int(article.published[:4])}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--each", type=int, default=8)
    given = parser.parse_args()
    chance = random.Random(SEED)  # noqa: S311  not for secrets
    rows: dict[str, list[Read]] = defaultdict(list)
    with (
        tempfile.TemporaryDirectory() as folder,
        Libraries(Path(folder), open_embedder(EmbedderSettings())) as libraries,
    ):
        for asked in of_sets(given.data, libraries, given.each):
            article = asked.article
            if article and not asked.kind.startswith("bipar") and of_its_own_time(asked, article):
                for way, question in ways(asked.question, article, chance).items():
                    rows[way].append(read(replace(asked, question=question)))
    for way, found in rows.items():
        report(way, found)


def report(way: str, rows: list[Read]) -> None:
    asked = [row for row in rows if row.answerable]
    first = shown([row.first_answers() for row in asked])
    refused = np.mean([row.belief < load_settings(None).answer.abstain_below for row in asked])
    known = area([row.belief for row in rows], [row.answerable for row in rows])
    print(f"{way:13} first {first} of {len(asked)}, refused {refused:.3f}, AUROC {known:.3f}")


if __name__ == "__main__":
    main()
