"""A reader of your own: which sentences of the passages found answer a question.

    python examples/own_reader.py "What did Taras Kuzio say about China's position in Central Asia?"

A reader is any object with `answers(question, texts)`, the protocol `AnswerReader` of
rag/evidence/opening.py. The setting `reader.model` takes the full name of its class, here and in
config.toml, where its package must be installed beside newscite:

    [reader]
    model = "my_package.WordOverlap"
"""

from __future__ import annotations

import math
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import newscite
from index.languages.terms import terms
from index.languages.text import detect
from rag.evidence.reader import Reading, Text

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "What did Taras Kuzio say about China's position in Central Asia?"


class WordOverlap:
    """Believes a sentence that has the words of the question, in the question's language alone."""

    def answers(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """For each text the log-odds of each of its sentences."""
        asked = words(question)
        return [
            Reading(tuple(log_odds(asked, text.body[start:end]) for start, end in text.sentences))
            for text in texts
        ]


def words(text: str) -> frozenset[str]:
    return frozenset(terms(text, detect(text)))


def log_odds(asked: frozenset[str], sentence: str) -> float:
    share = 0.05 + 0.9 * len(asked & words(sentence)) / max(len(asked), 1)
    return 10 * math.log(share / (1 - share))


def main(question: str) -> None:
    settings = {"reader": {"model": f"{__name__}.WordOverlap"}, "llm": {"model": "none"}}
    with tempfile.TemporaryDirectory() as folder, newscite.open(folder, **settings) as library:
        library.add(SEEDS)
        answer = library.ask(question)
        for citation in answer.citations:
            print(f"{citation.quote}  ({citation.article.title})")
        if answer.abstained:
            print(answer.text)


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or QUESTION)
