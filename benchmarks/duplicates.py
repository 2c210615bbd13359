"""How well near duplicates are found: recall and precision over planted reprints.

Usage: python benchmarks/duplicates.py DATA [--articles 1000] [--seed 0]

DATA is a folder with `crud_news_sample.jsonl`, one Chinese news article a line ("text"). A third of
a sample is reprinted: a fifth of the sentences dropped, converted to the other script, under
another headline. All go into a library in random order. A pair of articles in one group is right
if one was planted as a reprint of the other, or if half of the shorter one's clauses stand word for
word in the longer: the sample has true reprints of its own.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
import time
from itertools import combinations
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from index.config import Settings
from index.languages.text import chinese_script, fold, sentences, to_script
from index.library import Library
from index.records import Article
from tests.toy import ToyEmbedder

DROPPED = 0.2
REPRINTED = 1 / 3
CLAUSE_CHARS = 6


def main() -> None:
    parser = argparse.ArgumentParser(description="Recall and precision over planted reprints.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    path = given.data / "crud_news_sample.jsonl"
    if not path.is_file():
        sys.exit(f"There is no {path}: give the folder that holds it.")
    lines = path.read_text(encoding="utf-8").splitlines()
    chance = random.Random(given.seed)  # noqa: S311
    texts = [json.loads(line)["text"] for line in chance.sample(lines, given.articles)]
    articles = [Article(text, title=f"{n}", language="zh-Hans") for n, text in enumerate(texts)]
    planted = chance.sample(range(len(texts)), int(REPRINTED * len(texts)))
    articles += [
        Article(reprint(texts[n], chance), title=f"R{n}", language="zh-Hant") for n in planted
    ]
    chance.shuffle(articles)
    groups: dict[str, list[tuple[str, str]]] = {}
    with (
        tempfile.TemporaryDirectory() as folder,
        Library.open(folder, Settings(), ToyEmbedder()) as library,
    ):
        began = time.perf_counter()
        library.add_articles(articles)
        seconds = time.perf_counter() - began
        for stored in library.articles():
            groups.setdefault(stored.group, []).append((stored.title, stored.text))
    pairs = [pair for group in groups.values() for pair in combinations(sorted(group), 2)]
    found = {(one[0], other[0]) for one, other in pairs}
    hits = sum((f"{n}", f"R{n}") in found for n in planted)
    wrong = [
        pair
        for pair in pairs
        if pair[0][0].lstrip("R") != pair[1][0].lstrip("R")
        and not same_story(pair[0][1], pair[1][1])
    ]
    print(f"articles {len(articles)}, planted {len(planted)}, groups {len(groups)}")
    print(f"pairs in one group {len(pairs)}, of them neither planted nor reprints {len(wrong)}")
    print(f"recall    {hits / len(planted):.3f}")
    print(f"precision {1 - len(wrong) / max(1, len(pairs)):.3f}")
    print(f"{1000 * seconds / len(articles):.1f} ms an article, with splitting and storing")
    for n in [n for n in planted if (f"{n}", f"R{n}") not in found][:5]:
        print("missed:", texts[n][:60].replace("\n", " "))
    for one, other in wrong[:10]:
        print("wrong:", one[1][:60].replace("\n", " "), "|", other[1][:60].replace("\n", " "))


def reprint(text: str, chance: random.Random) -> str:
    """The text with a fifth of its sentences gone, in the other script, under another headline."""
    spans = sentences(text, "zh")
    gone = set(chance.sample(range(len(spans)), round(DROPPED * len(spans))))
    kept = "".join(text[s.start : s.end] for n, s in enumerate(spans) if n not in gone)
    other = "zh-Hans" if chinese_script(text) == "zh-Hant" else "zh-Hant"
    return f"另一家報紙的標題{chance.randrange(10**6)}\n{to_script(kept, other)}"


def same_story(one: str, other: str) -> bool:
    """True if half of the shorter text's clauses stand in the longer."""
    shorter, longer = sorted((fold(one), fold(other)), key=len)
    clauses = [c for c in re.split(r"[\W_]+", shorter) if len(c) >= CLAUSE_CHARS]
    return 2 * sum(clause in longer for clause in clauses) >= len(clauses)


if __name__ == "__main__":
    main()
