"""Questions with known answers, each with a library to ask: what benchmarks/ and tuning/ measure on.

In: the folder of evaluation data. Out: `Asked`s. A paragraph of a data set is an article here; of the
sets that the reader is trained on in part, only articles that training/ keeps apart are used.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newscite
from benchmarks.figures import records
from index.embed.protocol import Embedder
from index.languages.text import detect, fold
from index.records import Article
from rag.results.sources import Source

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("zh", "en", "ru")
OUTLETS = ("Reuters", "BBC", "Tengrinews", "The Astana Times", "TASS")
"""The sets say neither where nor when their articles appeared: both are made up."""

LEFT_OUT = 4
"""Of the articles one in so many is left out, so that the library has no answer to their questions."""

XQUAD_TRAINED, DRCD_TRAINED = 60, 850
"""The reader is trained on this many articles, the first of each set."""


@dataclass(frozen=True)
class Asked:
    """A question, the library it is asked of, and what tells a sentence that answers it."""

    library: newscite.Library
    question: str
    answers: Callable[[Source], bool]
    answerable: bool
    kind: str
    article: Article | None = None
    """What answers it, where that is one article of a set."""


class Libraries:
    """Libraries of the data sets' articles, each built once in a folder of its own."""

    def __init__(self, folder: Path, embedder: Embedder) -> None:
        self._folder, self._embedder = folder, embedder
        self._settings = newscite.Settings.model_validate({"llm": {"model": "none"}})
        self._open: dict[str, newscite.Library] = {}
        self._closing = ExitStack()

    def __enter__(self) -> Libraries:
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.close()

    def of(self, name: str, articles: Callable[[], Sequence[Article]]) -> newscite.Library:
        if name not in self._open:
            library = newscite.Library.open(self._folder / name, self._settings, self._embedder)
            library.add_articles(articles())
            self._open[name] = self._closing.enter_context(library)
        return self._open[name]

    def seeds(self) -> newscite.Library:
        if "seeds" not in self._open:
            library = newscite.Library.open(self._folder / "seeds", self._settings, self._embedder)
            library.add(ROOT / "seeds")
            self._open["seeds"] = self._closing.enter_context(library)
        return self._open["seeds"]


def about_seeds(libraries: Libraries) -> Iterator[Asked]:
    """The project's own questions, on the articles in seeds/."""
    for name in ("seed_questions", "more_questions"):
        for record in records(ROOT / "tests" / "data" / f"{name}.jsonl"):
            quotes = [evidence["quote"] for evidence in record["evidence"]]
            yield Asked(
                libraries.seeds(),
                record["question"],
                holds(quotes, either_way=True),
                record["answerable"],
                "seeds",
            )


def of_sets(data: Path, libraries: Libraries, each: int, seed: int = 9) -> Iterator[Asked]:
    """`each` questions of every data set and pair of languages, and a quarter as many of a library that
    lacks the article which answers them."""
    yield from _of_set("nyt", _nyt(data), libraries, 8 * each, seed)
    yield from _of_set("drcd", _drcd(data), libraries, 4 * each, seed)
    for theirs in LANGUAGES:
        for ours in LANGUAGES:
            rows = _xquad(data, ours, theirs)
            yield from _of_set(f"xquad {ours}-{theirs}", rows, libraries, each, seed, theirs)
    for theirs, ours in (("en", "zh"), ("zh", "en")):
        rows = _bipar(data, theirs)
        yield from _of_set(f"bipar {ours}-{theirs}", rows, libraries, 2 * each, seed, theirs)


def of_nomiracl(data: Path, libraries: Libraries, each: int, seed: int = 9) -> Iterator[Asked]:
    """Questions of each language asked of their own ten passages, half of them unanswerable; of the half
    of the set that the reader is not trained on. Which sentence answers is not known."""
    rows = list(enumerate(records(data / "nomiracl_dev.jsonl")))
    chance = random.Random(seed)  # noqa: S311  not for secrets
    for language in sorted({record["lang"] for _, record in rows}):
        for answerable in (True, False):
            some = [
                (number, record)
                for number, record in rows
                if number % 4 >= 2
                and record["lang"] == language
                and record["answerable"] is answerable
            ]
            for number, record in chance.sample(some, min(each, len(some))):
                library = libraries.of(f"nomiracl-{number}", lambda: _passages(record))  # noqa: B023
                yield Asked(
                    library, record["question"], holds(()), answerable, f"nomiracl {language}"
                )


def _passages(record: Mapping[str, Any]) -> list[Article]:
    parts = [passage.partition(": ") for passage in record["passages"]]
    return [
        Article(text or title, title, language=detect(text or title), file=f"{number}.txt")
        for number, (title, _, text) in enumerate(parts)
    ]


@dataclass(frozen=True)
class _Row:
    text: str
    language: str
    questions: tuple[tuple[str, tuple[str, ...]], ...]
    """Questions with the words that answer each."""


def _of_set(
    kind: str, rows: Sequence[_Row], libraries: Libraries, count: int, seed: int, pool: str = ""
) -> Iterator[Asked]:
    every_article = [
        Article(
            row.text,
            language=row.language,
            file=f"{number}.txt",
            outlet=OUTLETS[number % len(OUTLETS)],
            published=f"{2014 + number % 10}-{number * 7 % 12 + 1:02}-{number * 11 % 28 + 1:02}",
        )
        for number, row in enumerate(rows)
    ]

    def articles(*, whole: bool) -> list[Article]:
        return [one for n, one in enumerate(every_article) if whole or n % LEFT_OUT]

    chance = random.Random(seed)  # noqa: S311  not for secrets
    name = f"{kind.split()[0]}-{pool}"
    every = [(n, *question) for n, row in enumerate(rows) for question in row.questions]
    library = libraries.of(name, lambda: articles(whole=True))
    for number, question, words in chance.sample(every, min(count, len(every))):
        yield Asked(library, question, holds(words), True, kind, every_article[number])
    gone = [row for row in every if row[0] % LEFT_OUT == 0]
    library = libraries.of(f"{name}-less", lambda: articles(whole=False))
    for number, question, words in chance.sample(gone, min(-(-count // 4), len(gone))):
        yield Asked(library, question, holds(words), False, kind, every_article[number])


def holds(answers: Sequence[str], *, either_way: bool = False) -> Callable[[Source], bool]:
    """Whether a sentence holds one of the answers, or, either way, is part of one."""
    wanted = [fold(answer) for answer in answers]

    def answering(source: Source) -> bool:
        text = fold(source.text)
        return any(one in text or (either_way and text in one) for one in wanted)

    return answering


def _nyt(data: Path) -> list[_Row]:
    return [
        _Row(
            r["context"], "en", tuple((q["question"], tuple(q["answers"])) for q in r["questions"])
        )
        for r in records(data / "nyt_questions_dev.jsonl")
    ]


def _drcd(data: Path) -> list[_Row]:
    rows = records(data / "drcd_dev.jsonl")[DRCD_TRAINED:]
    return [
        _Row(
            r["context"], "zh-Hant", tuple((q["question"], (q["answer"],)) for q in r["questions"])
        )
        for r in rows
    ]


def _xquad(data: Path, ours: str, theirs: str) -> list[_Row]:
    def asked(question: Mapping[str, str]) -> tuple[str, tuple[str, ...]]:
        return question[ours], (question[f"answer_{theirs}"],)

    return [
        _Row(r[theirs], detect(r[theirs]), tuple(asked(q) for q in r["questions"]))
        for r in records(data / "xquad_ru_dev.jsonl")[XQUAD_TRAINED:]
    ]


def _bipar(data: Path, theirs: str) -> list[_Row]:
    return [
        _Row(
            r["context"],
            detect(r["context"]),
            tuple((q["question"], (q["answer"],)) for q in r["questions"]),
        )
        for r in records(data / "bipar_cross_dev.jsonl")
        if r["lang"] == theirs
    ]
