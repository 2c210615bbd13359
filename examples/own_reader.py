"""A reader of your own: which sentences of the passages found answer a question.

    python examples/own_reader.py "What did Taras Kuzio say about China's position in Central Asia?"

A reader is any object with `answers(question, texts)`, the protocol `AnswerReader` of
rag/evidence/opening.py. `gather` takes one, and so you have the evidence as your reader sees it.
`library.ask` opens its reader by the settings and takes no object: there, put a cross-encoder of your
own in its place, a hub name or a folder that sentence-transformers reads:

    newscite.open("my-library", reader={"model": "/models/my-cross-encoder"})
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
from rag.evidence.candidates import answering, gather
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
    return math.log(share / (1 - share))


def main(question: str) -> None:
    with tempfile.TemporaryDirectory() as folder, newscite.open(folder) as library:
        library.add(SEEDS)
        hits = library.search(question)
        for excerpt in answering(gather(hits, library.retriever.vectors, WordOverlap())):
            best = max(excerpt.sources, key=lambda source: source.relevance)
            print(f"{best.answers:+.2f}  {best.text}  ({best.hit.article.title})")


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or QUESTION)
