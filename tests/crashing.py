"""Changes a library without end, for tests/test_crash.py to kill. Usage: crashing.py LIBRARY

For each number read from standard input it forks a process (which spares the imports) that adds,
removes and rebuilds at random, and prints, line by line: "process ID"; then what the library
reported to it: "open", "added ID", "removing ID" before it asks for that, "removed ID"; "dead" when it was
killed.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import faiss  # noqa: F401  # here, for every process that is forked
import tantivy  # noqa: F401

sys.path.insert(0, str(Path(__file__).parent.parent))

from index import adding, library
from index.config import Settings
from index.records import Article
from index.report import Progress
from tests.toy import ToyEmbedder, vector

WORDS = ("railway", "office", "border", "pipeline", "election", "harvest", "museum", "reactor")


def main() -> None:
    vector("warm")
    for line in sys.stdin:
        process = os.fork()
        if process == 0:
            change(sys.argv[1], random.Random(int(line)))  # noqa: S311
        say(f"process {process}")
        os.waitpid(process, 0)
        say("dead")


def change(path: str, chance: random.Random) -> None:
    """Changes the library at `path` until killed."""
    adding.BATCH_PASSAGES = library.BATCH_PASSAGES = chance.choice((1, 4, 16))
    library.REFRESH_SECONDS = chance.choice((0.0, 0.05))
    opened = library.Library.open(path, Settings(), ToyEmbedder(), check_embedder=False)
    opened.embedder = ToyEmbedder(opened._store.meta("fingerprint") or "toy-0")
    say("open")
    while True:
        action = chance.choices(("add", "remove", "rebuild"), (6, 3, 1))[0]
        if action == "add":
            opened.add_articles(articles(chance), progress=stored)
        elif action == "remove":
            ids = [article.id for article in opened.articles()]
            chosen = chance.sample(ids, min(len(ids), chance.randrange(1, 40)))
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
    os.write(1, f"{line}\n".encode())


if __name__ == "__main__":
    main()
