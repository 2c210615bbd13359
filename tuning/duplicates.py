"""Which articles are reprints: index/store/duplicates.py.

    python -m tuning duplicates DATA [--every 2]

DATA holds `crud_news_sample.jsonl`. Reprints are planted, of whole articles and of briefs: a fifth of the
sentences dropped, the other script, another headline. Reports by template are the same words with all
numbers changed, of articles with at least six. The other pairs are different articles that share a band of
their signatures, but for those of which half of the shorter one's clauses stand in the longer: these are
true reprints. A pair scores 1 where it is judged rightly.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from benchmarks.duplicates import reprint, same_story
from benchmarks.figures import records
from index.languages.text import squeeze, to_script
from index.store import duplicates
from tuning.data import NEWS, arguments
from tuning.sweep import Constant, around, sweep

MODULE = "index.store.duplicates"
CONSTANTS = (
    Constant(MODULE, "CONTAINED", (0.5, 0.6, 0.7, 0.9)),
    Constant(MODULE, "NUMBERS_LOST", (0.0, 0.1, 0.5, 1.0)),
    Constant(MODULE, "FEW_NUMBERS", (0, 4)),
    Constant(MODULE, "SHINGLE", (3, 5, 6)),
    *around(MODULE, "SHORTEST", by=(0, 0.5, 2)),
)

LEAST_CHARS = 200


def main() -> None:
    given = arguments("Which articles are reprints.")
    chance = random.Random(0)
    texts = [record["text"] for record in records(given.data / NEWS)[:: given.every]]
    texts = [text for text in texts if len(squeeze(text)) >= LEAST_CHARS]
    pairs = [(text, reprint(text, chance), True) for text in texts[::3]]
    pairs += [(short(text), reprint(short(text), chance), True) for text in texts[1::3]]
    reprints = len(pairs)
    pairs += [(text, again(text, chance), False) for text in texts[2::3] if numbers(text) >= 6]
    templates = len(pairs) - reprints
    pairs += [(one, other, False) for one, other in near_pairs(texts)]
    print(
        f"{reprints} reprints, {templates} by template, {len(pairs) - reprints - templates} others"
    )

    def measure() -> NDArray[np.float64]:
        judged = [
            duplicates.similar(duplicates.shingle(one), duplicates.shingle(other)) is same
            for one, other, same in pairs
        ]
        return np.array(judged, float)

    sweep(CONSTANTS, measure, given.only)


def numbers(text: str) -> int:
    return len(set(re.findall(r"\d+", text)))


def again(text: str, chance: random.Random) -> str:
    """The report of another day: each number is another, with as many digits."""
    return re.sub(r"\d", lambda _: str(chance.randrange(10)), text)


def short(text: str) -> str:
    """A brief: the first sentences of an article."""
    return to_script(squeeze(text)[:160], "zh-Hans")


def near_pairs(texts: list[str]) -> list[tuple[str, str]]:
    holders: dict[int, list[int]] = defaultdict(list)
    for at, text in enumerate(texts):
        for band in duplicates.bands(duplicates.shingle(text)):
            holders[band].append(at)
    near = {pair for held in holders.values() for pair in combinations(held, 2)}
    return [
        (texts[one], texts[other])
        for one, other in sorted(near)
        if not same_story(texts[one], texts[other])
    ]


if __name__ == "__main__":
    main()
