"""A question -> an answer whose every sentence is bound to the words that carry it.

`ask_stream` has all steps in order, as events: the evidence found, the draft while the LLM
writes it, and the checked answer. `ask` waits for the end of it.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.config import Settings
from index.errors import ModelError
from index.languages.text import primary, seen
from index.store.filters import Filter
from rag.answer.answer import Answer, AnswerSentence
from rag.answer.binder import Binder
from rag.check.second_opinion import open_judge
from rag.draft.writing import open_writing
from rag.evidence.belief import doubted
from rag.llm.meanwhile import OpensLLM, opened_meanwhile
from rag.llm.prompts import abstention, as_quoted
from rag.llm.streaming import name_of
from rag.llm.translating import translations
from rag.question.asked_in import asked_in
from rag.question.follow_ups import complete_follow_up
from rag.results.hits import Citation, Hits
from rag.results.sources import Excerpt

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from index.library import Library
    from rag.retrieve.retriever import Retriever

SURE = 0.71
"""From this belief on that the excerpts answer, there is no second search, and the LLM is not asked whether its
answer is right (both: tuning/answers.py)."""

WORTH_TRYING = 0.1
"""From this belief on, an LLM that can judge its own answer writes one; afterwards it is asked
whether the answer is right."""


@dataclass(frozen=True)
class Evidence:
    """What was found, before any of the answer is written. Sent again when a further search found
    more."""

    hits: Hits


@dataclass(frozen=True)
class Reading:
    """The hits have been read: the sentences that answer most likely, best first, and how
    probable it is that they do. Sent again when more was found."""

    excerpts: tuple[Excerpt, ...]
    belief: float
    hits: Hits
    """The hits with the sentences and words that answer as their best."""


@dataclass(frozen=True)
class Draft:
    """A piece of the draft, as the LLM writes it; unchecked."""

    text: str


@dataclass(frozen=True)
class Final:
    """The checked answer: the last event."""

    answer: Answer


Event = Evidence | Reading | Draft | Final


def ask(
    question: str,
    retriever: Retriever,
    llm: LLM | None,
    settings: Settings,
    *,
    filter: Filter | None = None,
    history: Sequence[tuple[str, str]] = (),
    translated: Sequence[str] | None = None,
) -> Answer:
    """The answer to a question; `history` is earlier (question, answer) pairs, `translated` the
    question in other languages where that is known (else the LLM translates it)."""
    return final(
        ask_stream(
            question,
            retriever,
            llm,
            settings,
            filter=filter,
            history=history,
            translated=translated,
        )
    )


def final(events: Iterable[Event]) -> Answer:
    """The answer that the events of answering end with."""
    *_, last = events
    if not isinstance(last, Final):
        raise TypeError("the last event is the answer")
    return last.answer


def ask_stream(
    question: str,
    retriever: Retriever,
    llm: LLM | OpensLLM | None,
    settings: Settings,
    *,
    filter: Filter | None = None,
    history: Sequence[tuple[str, str]] = (),
    translated: Sequence[str] | None = None,
) -> Generator[Event, None, None]:
    """The events of answering a question; closing the iterator stops the LLM.

    An LLM that fails costs its draft, never the evidence: the answer is then quoted, with a note.
    Where `llm` is a function, it is called after the evidence was sent, or before if a follow-up
    needs the LLM.
    """
    began = time.perf_counter()
    seconds: dict[str, float] = {}
    language = asked_in(question, retriever.library, history)

    # 1. A follow-up is made self-contained, and searched for.
    earlier = [asked_before for asked_before, _ in history]
    asked = complete_follow_up(seen(question), earlier, _opened(llm) if earlier else None)
    hits = retriever.search(asked, settings.retrieve.limit, filter, translated or ())
    seconds["retrieve"] = time.perf_counter() - began
    yield Evidence(hits)

    # 2. The reader reads what was found: which sentences answer, and whether any does. An LLM that is
    # still to be opened is loaded meanwhile.
    opened = opened_meanwhile(llm) if callable(llm) and hits else None
    binder = Binder(retriever, settings, asked)
    found = binder.read(hits)
    seconds["read"] = time.perf_counter() - began
    yield Reading(tuple(found.excerpts), found.belief, found.hits)

    llm = opened() if opened else _opened(llm)
    binder.judge = open_judge(settings.answer.judge, llm)
    written_by, notes, certain = llm, list[str](), found.belief
    sentences: list[AnswerSentence] = []
    citations: tuple[Citation, ...] = ()
    try:
        # 3. Where that leaves doubt, other languages are searched with the question translated.
        if llm is not None and translated is None and found.belief < SURE:
            others = searched_languages(retriever.library, filter)
            wanted = settings.retrieve.translate and translations(asked, others, binder.names, llm)
            if wanted:
                hits = retriever.search(asked, settings.retrieve.limit, filter, wanted)
                found = binder.read(hits)
                yield Evidence(found.hits)
                yield Reading(tuple(found.excerpts), found.belief, found.hits)
        certain = found.belief
        abstain_below = settings.answer.abstain_below
        if not found.excerpts:
            pass
        elif llm is None:
            if certain >= abstain_below:
                sentences, citations = binder.quoted(found.sources)
        else:
            tokens = settings.answer.evidence_tokens
            writing = open_writing(llm, asked, language, found, binder.names, tokens)
            if certain >= (min(abstain_below, WORTH_TRYING) if writing.judges else abstain_below):
                # 4. The draft, as the LLM writes it; each sentence bound and checked.
                for piece in writing.pieces():
                    seconds.setdefault("first_token", time.perf_counter() - began)
                    yield Draft(piece)
                bound = binder.best(writing)
                sentences, citations = binder.cited(bound)
                # 5. Where no source carries any of it, what answers is quoted; an LLM that refused has
                # the last word if it can be trusted to.
                if not citations and (bound or writing.judges):
                    sentences, citations = binder.quoted(found.sources)
                    notes.append(as_quoted(language))
                # 6. Where reading left doubt, an LLM that can say so is asked whether that is right.
                if citations and certain < SURE:
                    carried = " ".join(each.text for each in sentences if each.supported)
                    certain = doubted(certain, writing.rightness(carried))
                    if certain < abstain_below:
                        citations, notes = (), []
    except ModelError as error:
        notes.append(error.message)
        written_by = None
        sentences, citations = binder.quoted(found.sources)

    # 7. Where sources disagree on what the answer says, the answer gives each side.
    disputed = binder.both_sides(found.sources, citations, language)
    sentences, citations = [*sentences, *disputed.sentences], disputed.citations

    # 8. A sentence that no source carries stays, marked, or goes; if none is carried, there is no answer.
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
            found.hits,
            name_of(written_by),
            retriever.library.embedder.name,
            seconds,
            asked,
            tuple(notes),
            certain,
            disputed.sides,
        )
    )


def _opened(llm: LLM | OpensLLM | None) -> LLM | None:
    return llm() if callable(llm) else llm


def searched_languages(library: Library, filter: Filter | None) -> list[str]:
    """The primary languages of a library that a filter lets through."""
    wanted = {primary(tag) for tag in filter.languages} if filter else set()
    return [language for language in library.languages() if not wanted or language in wanted]
