"""A judge of your own: a second check of each sentence of an answer against the quotes it cites.

    python examples/own_judge.py "Why did Kazakhstan close its trade office in Russia?"

A judge is any object with `support(claim, quotes)`, the protocol `Judge` of
rag/check/second_opinion.py. The setting `answer.judge` takes the full name of its class. It is asked
about each sentence that newscite's own check found supported; what it gives less than
`answer.support_at_least` is marked as unsupported, and cites nothing.
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import newscite

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "Why did Kazakhstan close its trade office in Russia?"


class EveryNumberQuoted:
    """Believes a sentence whose numbers, in digits, all stand in the quotes."""

    def support(self, claim: str, quotes: Sequence[str]) -> float:
        """The probability that the quotes support the claim."""
        numbers = [re.findall(r"\d+", text) for text in (claim, " ".join(quotes))]
        return 1.0 if set(numbers[0]) <= set(numbers[1]) else 0.0


def main(question: str) -> None:
    judge = {"judge": f"{__name__}.EveryNumberQuoted"}
    with tempfile.TemporaryDirectory() as folder, newscite.open(folder, answer=judge) as library:
        library.add(SEEDS)
        for sentence in library.ask(question).sentences:
            print("+" if sentence.supported else "-", sentence.text)


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or QUESTION)
