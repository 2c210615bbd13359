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
from rag.answer.answer import Answer, AnswerSentence, AnswerSide
from rag.answer.binder import Binder
from rag.check.binding import Bound
from rag.check.second_opinion import open_judge
from rag.draft.writing import Writing, open_writing
from rag.evidence.belief import doubted
from rag.evidence.found import Found
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

MUCH_DOUBT = 0.3
"""Below this belief the question is translated beside what was found, which takes a second or two more."""

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
    turn = _Turn(question, retriever, settings, filter, history)

    # 1. A follow-up is made self-contained, and searched for.
    earlier = [asked_before for asked_before, _ in history]
    asked = complete_follow_up(seen(question), earlier, _opened(llm) if earlier else None)
    turn.search(asked, translated or ())
    yield Evidence(turn.hits)

    # 2. The reader reads what was found: which sentences answer, and whether any does. An LLM that is
    # still to be opened is loaded meanwhile.
    opened = opened_meanwhile(llm) if callable(llm) and turn.hits else None
    turn.read()
    yield turn.reading

    turn.use(opened() if opened else _opened(llm))
    try:
        # 3. Where that leaves doubt, other languages are searched with the question translated.
        if translated is None and turn.search_translated():
            yield Evidence(turn.found.hits)
            yield turn.reading
        # 4. The draft, as the LLM writes it; each sentence bound and checked.
        if writing := turn.begin_writing():
            for piece in writing.pieces():
                turn.note_time("first_token")
                yield Draft(piece)
            turn.bind(writing)
            # 5. Where no source carries any of it, what answers is quoted; an LLM that refused has
            # the last word if it can be trusted to.
            turn.quote_what_was_not_carried(writing)
            # 6. Where reading left doubt, an LLM that can say so is asked whether that is right.
            turn.ask_whether_right(writing)
        elif turn.llm is None:
            turn.quote_if_likely()
    except ModelError as error:
        turn.do_without_llm(error)

    # 7. Where sources disagree on what the answer says, the answer gives each side.
    turn.hear_both_sides()

    # 8. A sentence that no source carries stays, marked, or goes; if none is carried, there is no answer.
    turn.leave_out_unsupported()
    yield Final(turn.answer())


class _Turn:
    """A question on its way to an answer: what was found, and what has been written so far."""

    hits: Hits
    binder: Binder
    found: Found

    def __init__(
        self,
        question: str,
        retriever: Retriever,
        settings: Settings,
        filter: Filter | None,
        history: Sequence[tuple[str, str]],
    ) -> None:
        self.llm: LLM | None = None
        self._began = time.perf_counter()
        self._question, self._asked = question, question
        self._retriever, self._settings, self._filter = retriever, settings, filter
        self._language = asked_in(question, retriever.library, history)
        self._bound: list[Bound] = []
        self._sentences: list[AnswerSentence] = []
        self._citations: tuple[Citation, ...] = ()
        self._sides: tuple[AnswerSide, ...] = ()
        self._certain = 0.0
        self._notes: list[str] = []
        self._seconds: dict[str, float] = {}

    def search(self, asked: str, translated: Sequence[str]) -> None:
        """`asked` is the question, self-contained."""
        self._asked = asked
        self.hits = self._searched(translated)
        self.binder = Binder(self._retriever, self._settings, self.hits)
        self.note_time("retrieve")

    def read(self) -> None:
        self._read(self.hits)
        self.note_time("read")

    @property
    def reading(self) -> Reading:
        return Reading(tuple(self.found.excerpts), self.found.belief, self.found.hits)

    def use(self, llm: LLM | None) -> None:
        """Who writes the answer, and who judges it."""
        self.llm = llm
        self.binder.judge = open_judge(self._settings.answer.judge, llm)

    def search_translated(self) -> bool:
        """Searches once more where that may help; says whether it did."""
        if self.llm is None or self.found.belief >= SURE or not self._settings.retrieve.translate:
            return False
        others = searched_languages(self._retriever.library, self._filter)
        beside = self.found.sources if self.found.belief < MUCH_DOUBT else ()
        wanted = translations(self._asked, others, self.binder.names, self.llm, beside)
        if wanted:
            self._read(self._searched(wanted))
        return bool(wanted)

    def begin_writing(self) -> Writing | None:
        """None where nobody writes, or where too little speaks for it that anything answers."""
        if self.llm is None or not self.found.excerpts:
            return None
        tokens = self._settings.answer.evidence_tokens
        names = self.binder.names
        writing = open_writing(self.llm, self._asked, self._language, self.found, names, tokens)
        least = self._settings.answer.abstain_below
        if writing.judges:
            least = min(least, WORTH_TRYING)
        return writing if self._certain >= least else None

    def bind(self, writing: Writing) -> None:
        self._bound = self.binder.best(writing)
        self._sentences, self._citations = self.binder.cited(self._bound)

    def quote_if_likely(self) -> None:
        if self.found.excerpts and self._certain >= self._settings.answer.abstain_below:
            self._quote()

    def quote_what_was_not_carried(self, writing: Writing) -> None:
        if not self._citations and (self._bound or writing.judges):
            self._quote()
            self._notes.append(as_quoted(self._language))

    def ask_whether_right(self, writing: Writing) -> None:
        if not self._citations or self._certain >= SURE:
            return
        carried = " ".join(each.text for each in self._sentences if each.supported)
        self._certain = doubted(self._certain, writing.rightness(carried))
        if self._certain < self._settings.answer.abstain_below:
            self._citations, self._notes = (), []

    def do_without_llm(self, error: ModelError) -> None:
        self._notes.append(error.message)
        self.llm = None
        self._sentences, self._citations = [], ()
        self.quote_if_likely()

    def hear_both_sides(self) -> None:
        disputed = self.binder.both_sides(self.found.sources, self._citations, self._language)
        self._sentences = [*self._sentences, *disputed.sentences]
        self._citations, self._sides = disputed.citations, disputed.sides

    def leave_out_unsupported(self) -> None:
        if self._settings.answer.strict:
            self._sentences = [sentence for sentence in self._sentences if sentence.supported]
        if not self._citations:
            self._sentences = [AnswerSentence(abstention(self._language))]

    def answer(self) -> Answer:
        self.note_time("total")
        return Answer(
            self._question,
            self._language,
            not self._citations,
            tuple(self._sentences),
            self._citations,
            self.found.hits,
            name_of(self.llm),
            self._retriever.library.embedder.name,
            self._seconds,
            self._asked,
            tuple(self._notes),
            self._certain,
            self._sides,
        )

    def note_time(self, stage: str) -> None:
        """When a stage was first reached, in seconds from the question."""
        self._seconds.setdefault(stage, time.perf_counter() - self._began)

    def _searched(self, translated: Sequence[str]) -> Hits:
        limit = self._settings.retrieve.limit
        return self._retriever.search(self._asked, limit, self._filter, translated)

    def _read(self, hits: Hits) -> None:
        self.found = self.binder.read(hits)
        self._certain = self.found.belief

    def _quote(self) -> None:
        self._sentences, self._citations = self.binder.quoted(self.found.sources)


def _opened(llm: LLM | OpensLLM | None) -> LLM | None:
    return llm() if callable(llm) else llm


def searched_languages(library: Library, filter: Filter | None) -> list[str]:
    """The primary languages of a library that a filter lets through."""
    wanted = {primary(tag) for tag in filter.languages} if filter else set()
    return [language for language in library.languages() if not wanted or language in wanted]
