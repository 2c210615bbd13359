"""Measures retrieval, answers, citations and abstention on questions with gold evidence.

In: JSON lines {"id", "lang", "question", "answerable", "evidence": [{"file", "quote"}],
"answer_any": [["alternatives", ...], ...]}. Out: an `Evaluation`.

- Retrieval: a question counts in the top k if one of the first k passages overlaps one of its gold
  quotes. A question is cross-language where no gold quote is in its language.
- An answer is right if it contains an alternative of every group (case and script folded).
- Citation precision: of the citations of answers to answerable questions, the share that overlaps a
  gold quote. Recall: of those questions that were answered, the share with such a citation.
- Abstention: the shares of answerable and of unanswerable questions that were refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.config import Settings
from index.errors import InputError
from index.languages.text import detect, fold, primary
from index.records import Article
from rag.answer.answer import Answer
from rag.answer.ask import ask

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from rag.retrieve.retriever import Retriever

TOP = (1, 5, 10)


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold evidence and what a right answer contains."""

    id: str
    language: str
    text: str
    answerable: bool
    evidence: tuple[tuple[str, str], ...]
    """(file, quote) pairs."""
    answer_any: tuple[tuple[str, ...], ...]

    @property
    def cross_language(self) -> bool:
        return bool(self.evidence) and all(
            primary(detect(quote)) != primary(self.language) for _, quote in self.evidence
        )


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of one question."""

    question: Question
    answer: Answer
    rank: int | None
    """The rank of the first hit that overlaps a gold quote."""
    right: bool
    cited: tuple[bool, ...]
    """For each citation, whether it overlaps a gold quote."""
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The outcomes of all questions, and the figures they give."""

    outcomes: tuple[Outcome, ...]

    def measures(self) -> dict[str, dict[str, float | int | None]]:
        """The figures of all questions, of cross-language questions, and of each language."""
        groups = {"all": self.outcomes}
        groups["cross-language"] = tuple(o for o in self.outcomes if o.question.cross_language)
        for language in sorted({o.question.language for o in self.outcomes}):
            groups[language] = tuple(o for o in self.outcomes if o.question.language == language)
        return {name: _measure(group) for name, group in groups.items() if group}

    def to_dict(self) -> dict[str, Any]:
        return {
            "measures": self.measures(),
            "questions": [
                {
                    "id": o.question.id,
                    "question": o.question.text,
                    "answerable": o.question.answerable,
                    "rank": o.rank,
                    "right": o.right,
                    "abstained": o.answer.abstained,
                    "text": o.answer.text,
                    "citations": [c.to_dict() for c in o.answer.citations],
                    "cited_gold": list(o.cited),
                    "confidence": o.answer.confidence,
                    "seconds": dict(o.answer.seconds),
                }
                for o in self.outcomes
            ],
        }


def read_questions(path: str | Path) -> list[Question]:
    """The questions of a file. Raises InputError naming the line that is wrong."""
    file = Path(path)
    if not file.is_file():
        raise InputError(f"There is no questions file {file}.")
    questions = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            questions.append(_question(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise InputError(
                f"Line {number} of {file} is no question: {error!r}. Each line is a JSON object "
                'with "id", "question", "answerable", "evidence" and "answer_any".'
            ) from error
    if not questions:
        raise InputError(f"{file} holds no questions.")
    return questions


def evaluate(
    questions: Sequence[Question],
    retriever: Retriever,
    llm: LLM | None,
    settings: Settings,
    progress: Callable[[int, int, Outcome], None] | None = None,
) -> Evaluation:
    """Asks every question the way a user does."""
    outcomes = []
    for number, question in enumerate(questions, 1):
        outcome = judge(question, ask(question.text, retriever, llm, settings))
        outcomes.append(outcome)
        if progress is not None:
            progress(number, len(questions), outcome)
    return Evaluation(tuple(outcomes))


def judge(question: Question, answer: Answer) -> Outcome:
    """Compares an answer with the gold evidence of its question."""
    ranks = (
        hit.rank
        for hit in answer.hits
        if overlaps_gold(question, hit.article, hit.passage.start, hit.passage.end)
    )
    text = fold(answer.text)
    right = not answer.abstained and all(
        any(fold(alternative) in text for alternative in group) for group in question.answer_any
    )
    return Outcome(
        question,
        answer,
        min(ranks, default=None),
        right if question.answerable else answer.abstained,
        tuple(overlaps_gold(question, c.article, c.start, c.end) for c in answer.citations),
        all(c.article.text[c.start : c.end] == c.quote for c in answer.citations),
    )


def overlaps_gold(question: Question, article: Article, start: int, end: int) -> bool:
    """Whether a span of an article overlaps a gold quote of the question."""
    folded = fold(article.text)
    return any(
        article.file == file
        and (at := folded.find(gold)) >= 0
        and at < end
        and start < at + len(gold)
        for file, gold in ((file, fold(quote)) for file, quote in question.evidence)
    )


def _measure(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    answerable = [o for o in outcomes if o.question.answerable]
    others = [o for o in outcomes if not o.question.answerable]
    answered = [o for o in answerable if not o.answer.abstained]
    measures: dict[str, float | int | None] = {"questions": len(outcomes)}
    for k in TOP:
        measures[f"evidence in top {k}"] = _share(
            o.rank is not None and o.rank <= k for o in answerable
        )
    measures["answers right"] = _share(o.right for o in answerable)
    measures["citation precision"] = _share(hit for o in answered for hit in o.cited)
    measures["citation recall"] = _share(any(o.cited) for o in answered)
    measures["quotes verbatim"] = _share(o.verbatim for o in outcomes)
    measures["answerable refused"] = _share(o.answer.abstained for o in answerable)
    measures["unanswerable refused"] = _share(o.answer.abstained for o in others)
    measures["median seconds"] = _median([o.answer.seconds["total"] for o in outcomes])
    return measures


def _share(values: Iterable[bool]) -> float | None:
    counted = list(values)
    return round(sum(counted) / len(counted), 3) if counted else None


def _median(values: Sequence[float]) -> float:
    return round(sorted(values)[len(values) // 2], 2)


def _question(record: Mapping[str, Any]) -> Question:
    text = record["question"].strip()
    return Question(
        str(record["id"]),
        record.get("lang") or detect(text),
        text,
        bool(record["answerable"]),
        tuple((item["file"], item["quote"]) for item in record.get("evidence", ())),
        tuple(tuple(group) for group in record.get("answer_any", ())),
    )
