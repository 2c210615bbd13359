"""Which sentences of the passages found a timeline shows: rag/analysis/timeline.py.

    python -m tuning timeline [--every 2] [--only NEAR_TOPIC,HIT_SHARE]

Needs no data but seeds/. The topics are those of benchmarks/topics.py, each in three languages. A quote is
right if it has a word of the topic's. A topic scores the F1 of the quotes shown, where those to be found are
all right ones of the passages found; one that no article mentions scores 1 over 1 and the number of
events shown.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from contextlib import ExitStack

import numpy as np
from numpy.typing import NDArray

import newscite
from benchmarks.topics import TOPICS
from tuning.answering import SEEDS
from tuning.data import library_of
from tuning.sweep import Constant, around, held, sweep

MODULE = "rag.analysis.timeline"
ANY = -99.0
NO_LIMIT = 99.0
CONSTANTS = (
    *around(MODULE, "SEARCHED"),
    Constant(MODULE, "NEAR_TOPIC", (ANY, 3.0, 5.0)),
    Constant(MODULE, "BELOW_BEST", (3.0, 5.0, NO_LIMIT)),
    Constant(MODULE, "RELEVANT", (7.0, 9.0, NO_LIMIT)),
    Constant(MODULE, "HIT_SHARE", (0.0, 0.4, 1.2)),
    *around(MODULE, "UNDATED_PASSAGES", "REPORTED_WITHIN"),
)
ALL_LET_IN = (("NEAR_TOPIC", ANY), ("BELOW_BEST", NO_LIMIT))


def shown(library: newscite.Library, topic: str, limit: int = 30) -> list[set[str]]:
    """The quotes of each event."""
    events = library.timeline(topic, limit=limit).events
    return [{mention.text for mention in event.mentions} for event in events]


def right(quotes: set[str], words: Sequence[str]) -> set[str]:
    return {quote for quote in quotes if any(word in quote for word in words)}


def score(library: newscite.Library, topic: str, words: Sequence[str], there: int) -> float:
    events = shown(library, topic)
    if not words:
        return 1 / (1 + len(events))
    quotes = set[str]().union(*events)
    return 2 * len(right(quotes, words)) / (len(quotes) + there)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--every", type=int, default=1, help="takes only each so many-th topic")
    parser.add_argument("--only", default="", help="names of constants, with commas between")
    given = parser.parse_args()
    topics = [(topic, words) for asked, words in TOPICS for topic in asked][:: given.every]
    with library_of((), llm={"model": "none"}) as library:
        library.add(SEEDS)
        with ExitStack() as let_in:
            for name, value in ALL_LET_IN:
                let_in.enter_context(held(Constant(MODULE, name, ()), value))
            there = [
                len(right(set[str]().union(*shown(library, topic, 1000)), words))
                for topic, words in topics
            ]

        def measure() -> NDArray[np.float64]:
            return np.array(
                [
                    score(library, topic, words, count)
                    for (topic, words), count in zip(topics, there, strict=True)
                ]
            )

        sweep(CONSTANTS, measure, given.only)


if __name__ == "__main__":
    main()
