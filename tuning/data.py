"""The data that constants are fitted to, as the scripts share them.

In: a folder with the files that docs/tuning.md names. Out: questions with their paragraphs, parallel
news sentences, news articles; a library of paragraphs whose questions are embedded only once.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

import newscite
from benchmarks.figures import records
from benchmarks.retrieval import PLACE, Pool, Question, parallel_pool
from index.records import Article

T = TypeVar("T")
PARALLEL = "xquad_ru_dev.jsonl"
TRADITIONAL = "drcd_dev.jsonl"
UNANSWERABLE = "nomiracl_dev.jsonl"
NEWS = "crud_news_sample.jsonl"
NEWS_QUESTIONS = "nyt_questions_dev.jsonl"
NEWS_LANGUAGES = ("en", "zh-Hans", "zh-Hant", "ru")


def arguments(about: str) -> argparse.Namespace:
    """The folder of the data, of how many items one is taken, and which constants are tried."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("data", type=Path)
    parser.add_argument("--every", type=int, default=1, help="takes only each so many-th item")
    parser.add_argument("--only", default="", help="names of constants, with commas between")
    return parser.parse_args()


def kept_rows(
    about: str, each: int, kind: type[T], make: Callable[[Path, int], list[T]]
) -> list[T]:
    """What is fitted to, where that takes long to make: from the file that --keep names, or made from
    the data, `each` of a kind, and written there."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("data", type=Path)
    parser.add_argument("--each", type=int, default=each, help="items of each kind")
    parser.add_argument("--keep", type=Path, help="where the items are kept, and taken from")
    given = parser.parse_args()
    if given.keep and given.keep.exists():
        return [kind(**row) for row in records(given.keep)]
    rows = make(given.data, given.each)
    if given.keep:
        lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]  # type: ignore[call-overload]
        given.keep.write_text("\n".join(lines), encoding="utf-8")
    return rows


def parallel(folder: Path, every: int) -> Pool:
    """XQuAD: each paragraph in Chinese, English and Russian, with its questions in all three."""
    return parallel_pool(PARALLEL, records(folder / PARALLEL), every)


def traditional(folder: Path, every: int) -> Pool:
    """DRCD: paragraphs in Traditional Chinese, each with its questions."""
    pool, number = Pool(TRADITIONAL), 0
    for record in records(folder / TRADITIONAL):
        at = pool.add(record["context"], "zh-Hant")
        for question in record["questions"]:
            if number % every == 0:
                pool.questions.append(Question(question["question"], "zh-Hant", {"zh-Hant": at}))
            number += 1
    return pool


@dataclass(frozen=True)
class Document:
    """A news report of NTREX: the same sentences in each language."""

    id: str
    lines: Mapping[str, Sequence[str]]


def documents(folder: Path) -> list[Document]:
    ids = (folder / "ntrex_document_ids.tsv").read_text(encoding="utf-8").splitlines()
    by_language = {
        tag: (folder / f"ntrex_{tag}.txt").read_text(encoding="utf-8").splitlines()
        for tag in NEWS_LANGUAGES
    }
    places: dict[str, list[int]] = defaultdict(list)
    for at, line in enumerate(ids):
        places[line.split("\t")[0]].append(at)
    return [
        Document(name, {tag: [lines[at] for at in found] for tag, lines in by_language.items()})
        for name, found in places.items()
    ]


@contextmanager
def library_of(articles: Iterable[Article], **settings: Any) -> Iterator[newscite.Library]:
    """A library of articles with the bundled embedder, which embeds each question only once."""
    with tempfile.TemporaryDirectory() as folder, newscite.open(folder, **settings) as library:
        library.add_articles(list(articles))
        embed = library.embedder.embed_queries

        @lru_cache(1 << 16)
        def once(text: str) -> NDArray[np.float32]:
            vector: NDArray[np.float32] = embed([text])[0]
            return vector

        library.embedder.embed_queries = lambda texts: np.stack([once(t) for t in texts])  # type: ignore[method-assign]
        yield library


def articles_of(pool: Pool) -> list[Article]:
    """Each paragraph as an article, tagged with its number."""
    return [
        Article(text, language=language, url=f"{PLACE}{at}", tags=(f"{at}",))
        for at, (text, language) in enumerate(zip(pool.paragraphs, pool.languages, strict=True))
    ]


def place_of(article: Article) -> int:
    """The paragraph that an article of `articles_of` is."""
    return int(article.url.removeprefix(PLACE))
