"""Changes a library without end, for tests/test_crash.py to kill: run as `crashing.py LIBRARY SEED`.

Prints what it was told is stored or removed, each line at once: "added ID", "removed ID", and
"removing ID" before it asks for that.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from index import adding, library
from index.config import Settings
from index.records import Article
from index.report import Progress
from tests.toy import ToyEmbedder

WORDS = ("railway", "office", "border", "pipeline", "election", "harvest", "museum", "reactor")


def main() -> None:
    path, seed = sys.argv[1], int(sys.argv[2])
    chance = random.Random(seed)  # noqa: S311
    adding.BATCH_PASSAGES = library.BATCH_PASSAGES = chance.choice((1, 4, 16))
    with library.Library.open(path, Settings(), ToyEmbedder(), check_embedder=False) as opened:
        opened.embedder = ToyEmbedder(opened._store.meta("fingerprint") or "toy-0")
        say("open")
        while True:
            action = chance.choices(("add", "remove", "rebuild"), (6, 3, 1))[0]
            if action == "add":
                opened.add_articles(articles(chance), progress=stored)
            elif action == "remove":
                ids = [article.id for article in opened.articles()]
                chosen = chance.sample(ids, min(len(ids), chance.randrange(1, 9)))
                for article_id in chosen:
                    say(f"removing {article_id}")
                for article_id in opened.remove(chosen).articles:
                    say(f"removed {article_id}")
            else:
                opened.rebuild(ToyEmbedder(f"toy-{chance.randrange(5)}"))


def articles(chance: random.Random) -> Iterator[Article]:
    for _ in range(chance.randrange(1, 25)):
        number = chance.randrange(10**9)
        words = chance.choices(WORDS, k=30)
        text = f"Story {number} begins. " + " ".join(words) + f". 故事{number}結束。"
        yield Article(text * chance.randrange(1, 4), title=str(number), language="en")


def stored(progress: Progress) -> None:
    for article_id in progress.article_ids:
        say(f"added {article_id}")


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
