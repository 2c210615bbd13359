"""How long grouping near duplicates takes as a library grows.

    python benchmarks/grouping.py                      # 100,000 articles, then 20,000 near duplicates
    python benchmarks/grouping.py --articles 5000 --near 5000

A third of the articles are light edits of earlier ones; the near duplicates are all of one text. Prints
processor time an article in every tenth of either, and the groups at the end.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from index.config import Settings
from index.library import Library
from index.records import Article
from index.store.duplicates import Grouper
from tests.toy import ToyEmbedder

SENTENCES = 12
WORDS = [
    f"{a}{b}{c}"
    for a in "bdfgklmnprst"
    for b in ("a", "e", "i", "o")
    for c in ("n", "r", "st", "l")
]


def articles(chance: random.Random) -> Iterator[str]:
    """Texts, a third of them edits of an earlier one."""
    recent: list[list[str]] = []
    while True:
        if recent and chance.random() < 1 / 3:
            lines = list(chance.choice(recent))
            lines[chance.randrange(len(lines))] = _sentence(chance)
        else:
            lines = [_sentence(chance) for _ in range(SENTENCES)]
            recent = [*recent[-500:], lines]
        yield " ".join(lines)


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choices(WORDS, k=14)).capitalize() + f" {chance.randrange(1000)}."


def near(chance: random.Random) -> Iterator[str]:
    """Light edits of one text."""
    lines = [_sentence(chance) for _ in range(2 * SENTENCES)]
    while True:
        edited = list(lines)
        edited[chance.randrange(len(lines))] = _sentence(chance)
        yield " ".join(edited)


def grow(library: Library, name: str, texts: Iterator[str], count: int) -> None:
    store = library._store
    groups = Grouper(store)
    for tenth in range(10):
        began = time.process_time()
        with store.transaction():
            for n, text in enumerate(islice(texts, count // 10)):
                article = Article(text, title=f"{name} {tenth} {n}", language="en")
                number = store.insert_article(article.id, article, "2026-01-01T00:00:00Z")
                groups.place(number, article.id, text)
        spent = 1000 * (time.process_time() - began) / max(1, count // 10)
        print(f"{name}, {(tenth + 1) * count // 10:7,}: {spent:.2f} ms an article", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--near", type=int, default=20_000)
    given = parser.parse_args()
    chance = random.Random(1)  # noqa: S311  not for secrets
    began = time.process_time()
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(folder, Settings(), ToyEmbedder()) as library,
    ):
        grow(library, "articles", articles(chance), given.articles)
        grow(library, "near duplicates", near(chance), given.near)
        ((groups,),) = library._store.query("SELECT count(DISTINCT story) FROM articles")
    print(f"{groups:,} groups, {time.process_time() - began:.0f} s of processor time in all")


if __name__ == "__main__":
    main()
