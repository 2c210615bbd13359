"""An answer: its sentences, what carries each of them, and what was found.

In: what the steps of answering made. Out: plain data, with the answer as JSON (`to_dict`, the
public contract), as Markdown and as a `Document` that every export draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from index.frames import to_frame
from index.languages.text import blank
from index.shown import Shown
from rag.export.documents import RELATED_SHOWN, Block, Document, Run, labels, note
from rag.export.markdown import to_markdown
from rag.results.hits import Citation, Hits

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class AnswerSentence:
    """A sentence of an answer and what carries it."""

    text: str
    citations: tuple[int, ...] = ()
    supported: bool = False
    support: float = 0.0
    reasons: tuple[str, ...] = ()
    """Why it is not supported, in words: "the number 60,000 is not in the source"."""

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "citations": list(self.citations),
            "supported": self.supported,
            "support": round(self.support, 3),
            "reasons": list(self.reasons),
        }


@dataclass(frozen=True, slots=True)
class AnswerSide:
    """What some of the sources say, where sources disagree on what is asked."""

    citations: tuple[int, ...]
    outlets: tuple[str, ...]
    """Those that are known."""
    newest: str
    """The latest date of an article that says so, ISO 8601; "" if none is known."""
    independent: int
    """Sources that neither reprint one another nor come from one outlet."""

    def to_dict(self) -> dict[str, Any]:
        return {
            "citations": list(self.citations),
            "outlets": list(self.outlets),
            "newest": self.newest,
            "independent": self.independent,
        }


@dataclass(frozen=True, slots=True)
class Answer(Shown):
    """An answer whose every supported sentence cites the words that carry it."""

    question: str
    language: str
    abstained: bool
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]
    hits: Hits
    llm: str
    embedder: str
    seconds: Mapping[str, float] = field(default_factory=dict)
    asked: str = ""
    """The self-contained question that was searched, where a follow-up was completed."""
    notes: tuple[str, ...] = ()
    """What the user should know: the LLM failed, the answer came from the cache."""
    confidence: float = 0.0
    """Probability that the articles answer the question; it decides whether an answer is given."""
    sides: tuple[AnswerSide, ...] = ()
    """What each side says, that of the answer first; none where sources do not disagree."""

    @property
    def text(self) -> str:
        """The sentences with their citation markers, as in "... [1] ... [2][3]"."""
        return blank(self.language).join(
            sentence.text
            + (" " if sentence.citations else "")
            + "".join(f"[{n}]" for n in sentence.citations)
            for sentence in self.sentences
        )

    def to_dict(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "asked": self.asked or self.question,
            "language": self.language,
            "abstained": self.abstained,
            "text": self.text,
            "sentences": [sentence.to_dict() for sentence in self.sentences],
            "citations": [citation.to_dict() for citation in self.citations],
            "hits": [hit.to_dict() for hit in self.hits],
            "confidence": round(self.confidence, 3),
            "sides": [side.to_dict() for side in self.sides],
            "searched": list(self.hits.searched),
            "llm": self.llm,
            "embedder": self.embedder,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
            "notes": list(self.notes),
        }

    def to_rows(self) -> list[dict[str, Any]]:
        """Plain data, one row a citation of a sentence; one for a sentence that has none."""
        cited = {citation.n: citation.to_dict() for citation in self.citations}
        for citation in cited.values():
            del citation["also_in"]
        return [
            {
                "sentence": number,
                "text": sentence.text,
                "supported": sentence.supported,
                **cited.get(n, {}),
            }
            for number, sentence in enumerate(self.sentences, 1)
            for n in sentence.citations or (0,)
        ]

    def to_pandas(self) -> pd.DataFrame:
        """One row a citation of a sentence: the sentence, the quote and where it stands."""
        return to_frame(self.to_rows())

    def to_markdown(self) -> str:
        """The answer, then its citations as a numbered list of quotes with their sources."""
        return to_markdown(self)

    def document(self) -> Document:
        """The answer as blocks of text; under an abstention the nearest passages."""
        related = self.hits[:RELATED_SHOWN] if self.abstained else ()
        notes = (*understood(self), *self.notes)
        blocks = (Block("text", runs(self)), *map(note, notes))
        return Document(self.question, self.language, blocks, self.citations, related)


def understood(answer: Answer) -> tuple[str, ...]:
    """How a follow-up was completed, in a line; nothing where it was asked as it stands."""
    if answer.asked in {"", answer.question}:
        return ()
    return (f"{labels(answer.language)['understood']}: {answer.asked}",)


def runs(answer: Answer) -> tuple[Run, ...]:
    """The sentences of an answer; an unsupported one has the reason with it."""
    say = labels(answer.language)["unsupported"]
    return tuple(
        Run(sentence.text, lacking=": ".join(filter(None, (say, "; ".join(sentence.reasons)))))
        if unsupported(answer, sentence)
        else Run(sentence.text, sentence.citations)
        for sentence in answer.sentences
    )


def unsupported(answer: Answer, sentence: AnswerSentence) -> bool:
    """Whether a sentence must be marked: nothing carries it, and it is not the abstention."""
    return not sentence.supported and not answer.abstained
