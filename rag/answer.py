"""A question -> an answer whose every sentence is bound to the words that carry it.

`ask_stream` is the whole story, told as it happens: the evidence found, the draft while the LLM
writes it, and the checked answer. `ask` waits for the end of it.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.config import Settings
from index.errors import ModelError
from index.filters import Filter
from index.language import detect, to_script
from index.names import known_names
from rag.cite import Bound, Citations, Claim, bind
from rag.compose import Drafted, cut, quotes
from rag.evidence import Excerpt, Source, Vectors, choose, gather
from rag.followup import complete_follow_up
from rag.llm import LlamaCpp, name_of, stream
from rag.prompts import NO, YES, abstention, answer_messages, probe_messages, repair_messages
from rag.records import Answer, AnswerSentence, Citation, Hits
from rag.support import Checker, Statement

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.core.llms import LLM

    from rag.retrieve import Retriever

PROBE_SHARE = 0.85
"""Of the belief that the articles answer, what the LLM says of the excerpts it was shown; the rest
is retrieval's confidence."""


@dataclass(frozen=True)
class Evidence:
    """What was found, before any of the answer is written."""

    hits: Hits


@dataclass(frozen=True)
class Draft:
    """A piece of the draft, as the LLM writes it; unchecked."""

    text: str


@dataclass(frozen=True)
class Final:
    """The checked answer: the last event."""

    answer: Answer


Event = Evidence | Draft | Final


def ask(
    question: str,
    retriever: Retriever,
    llm: LLM | None,
    settings: Settings,
    *,
    filter: Filter | None = None,
    history: Sequence[tuple[str, str]] = (),
) -> Answer:
    """The answer to a question; `history` is earlier (question, answer) pairs."""
    *_, last = ask_stream(question, retriever, llm, settings, filter=filter, history=history)
    if not isinstance(last, Final):
        raise TypeError("ask_stream ends with the answer")
    return last.answer


def ask_stream(
    question: str,
    retriever: Retriever,
    llm: LLM | None,
    settings: Settings,
    *,
    filter: Filter | None = None,
    history: Sequence[tuple[str, str]] = (),
) -> Iterator[Event]:
    """The events of answering a question; closing the iterator stops the LLM.

    An LLM that fails costs its draft, never the evidence: the answer is then quoted, with a note.
    """
    began = time.perf_counter()
    seconds: dict[str, float] = {}
    language = detect(question)

    # 1. A follow-up is made self-contained, and searched for.
    asked = complete_follow_up(question, [earlier for earlier, _ in history], llm)
    hits = retriever.search(asked, settings.retrieve.limit, filter)
    seconds["retrieve"] = time.perf_counter() - began
    yield Evidence(hits)

    # 2. The sentences that may answer, and whether they do.
    binder = Binder(retriever, settings)
    sources = gather(hits, binder.vectors)
    writing = Writing(asked, language, choose(sources, settings.answer.evidence_tokens))
    written_by, notes = llm, list[str]()
    sentences: list[AnswerSentence] = []
    citations: tuple[Citation, ...] = ()
    try:
        if sources and writing.belief(llm, hits) >= settings.answer.abstain_below:
            # 3. The draft, as the LLM writes it; each sentence bound and checked.
            if llm is None:
                sentences, citations = binder.quoted(sources)
            else:
                for piece in writing.pieces(llm):
                    seconds.setdefault("first_token", time.perf_counter() - began)
                    yield Draft(piece)
                bound = binder.bind(cut(writing.draft, language), language, sources)
                # 4. Where no source carries a sentence, the LLM is told so and writes once more.
                if failed := [one for one in bound if not binder.carries(one)]:
                    again = writing.mended(llm, failed[0])
                    second = binder.bind(cut(again, language), language, sources)
                    bound = max(bound, second, key=binder.carried)
                sentences, citations = binder.cited(bound)
    except ModelError as error:
        notes.append(str(error))
        written_by = None
        sentences, citations = binder.quoted(sources)

    # 5. What no source carries stays marked, or goes; with nothing carried there is no answer.
    if settings.answer.strict:
        sentences = [sentence for sentence in sentences if sentence.supported]
    if not citations:
        sentences = [AnswerSentence(abstention(language))]
    seconds["total"] = time.perf_counter() - began
    yield Final(
        Answer(
            question,
            language,
            not citations,
            tuple(sentences),
            citations,
            hits,
            name_of(written_by),
            retriever.library.embedder.name,
            seconds,
            asked,
            tuple(notes),
        )
    )


@dataclass
class Writing:
    """The LLM's part: what it is shown, whether it sees an answer there, what it writes."""

    question: str
    language: str
    excerpts: Sequence[Excerpt]
    draft: str = field(default="", init=False)

    def belief(self, llm: LLM | None, hits: Hits) -> float:
        """How likely the excerpts answer the question, 0 to 1."""
        if not isinstance(llm, LlamaCpp):
            return hits.confidence
        seen = llm.yes_probability(
            probe_messages(self.question, self.language, self.excerpts), YES, NO
        )
        return PROBE_SHARE * seen + (1 - PROBE_SHARE) * hits.confidence

    def pieces(self, llm: LLM) -> Iterator[str]:
        """The draft as it is written, Chinese in the question's script."""
        for piece in stream(llm, self._messages(llm)):
            text = to_script(piece, self.language)
            self.draft += text
            yield text

    def mended(self, llm: LLM, failed: Bound) -> str:
        """Another draft, the LLM being told what was wrong with the first."""
        messages = repair_messages(
            self._messages(llm),
            self.draft,
            self.question,
            self.language,
            failed.claim.statement.text,
            failed.verdict.reasons,
        )
        return "".join(stream(llm, messages))

    def _messages(self, llm: LLM) -> list[ChatMessage]:
        may_refuse = not isinstance(llm, LlamaCpp)  # which has been asked before
        return answer_messages(self.question, self.language, self.excerpts, may_refuse=may_refuse)


class Binder:
    """Binds and checks what is said, with the vectors and names that takes."""

    def __init__(self, retriever: Retriever, settings: Settings) -> None:
        library = retriever.library
        self.vectors = Vectors(library.embedder, library.path)
        languages = frozenset(library.languages())
        self._checker = Checker(known_names(languages, settings.retrieve.aliases))
        self._least = settings.answer.support_at_least

    def bind(
        self, drafted: Sequence[Drafted], language: str, sources: Sequence[Source]
    ) -> list[Bound]:
        """Each sentence of a draft with the sources that carry it best, and how well."""
        texts = [sentence.text for sentence in drafted]
        vectors = self.vectors.sentences(texts, [language] * len(texts))
        claims = [
            Claim(Statement(text, language, vector))
            for text, vector in zip(texts, vectors, strict=True)
        ]
        return bind(claims, sources, self._checker)

    def carries(self, bound: Bound) -> bool:
        return bound.verdict.score >= self._least

    def carried(self, draft: Sequence[Bound]) -> float:
        """Share of a draft's sentences that sources carry."""
        return sum(map(self.carries, draft)) / len(draft) if draft else 0.0

    def cited(self, draft: Sequence[Bound]) -> tuple[list[AnswerSentence], tuple[Citation, ...]]:
        """The sentences of an answer; only carried ones cite."""
        citations = Citations()
        sentences = []
        for bound in draft:
            carried = self.carries(bound)
            numbers = [citations.number(source) for source in bound.sources] if carried else []
            sentences.append(
                AnswerSentence(
                    bound.claim.statement.text,
                    tuple(dict.fromkeys(numbers)),
                    carried,
                    bound.verdict.score,
                    () if carried else bound.verdict.reasons,
                )
            )
        return sentences, citations.all()

    def quoted(
        self, sources: Sequence[Source]
    ) -> tuple[list[AnswerSentence], tuple[Citation, ...]]:
        """An answer in the articles' own words."""
        citations = Citations()
        sentences = [
            AnswerSentence(source.text, (citations.number(source),), True, 1.0)
            for source in quotes(sources)
        ]
        return sentences, citations.all()
