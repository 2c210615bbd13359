"""A question -> an answer whose every sentence is bound to the words that carry it.

`ask_stream` is the whole story, told as it happens: the evidence found, the draft while the LLM
writes it, and the checked answer. `ask` waits for the end of it.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.config import Settings
from index.errors import ModelError
from index.languages.names import known_names
from index.languages.text import primary
from index.store.filters import Filter
from rag.answer.answer import Answer, AnswerSentence
from rag.check.binding import Bound, Claim, bind
from rag.check.checker import Checker, Statement
from rag.check.second_opinion import Judge, judged, open_judge
from rag.draft.sentences import Drafted, quotes
from rag.draft.writing import Writing
from rag.evidence.belief import belief, doubted
from rag.evidence.candidates import answering, choose, gather
from rag.evidence.context import with_antecedents
from rag.evidence.opening import open_reader, own_reader
from rag.llm.injections import gives_orders
from rag.llm.llama_cpp import in_process, rightness
from rag.llm.prompts import abstention, as_quoted
from rag.llm.streaming import name_of
from rag.llm.translating import translations
from rag.llm.written_numbers import mend
from rag.question.asked_in import asked_in
from rag.question.follow_ups import complete_follow_up
from rag.results.hits import Citation, Hits
from rag.results.numbering import Numbering
from rag.results.sources import Excerpt, Source

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from index.library import Library
    from rag.retrieve.retriever import Retriever

SURE = 0.75
"""With so much belief that the best excerpt answers, nothing further is searched for."""

QUOTED_FROM = 0.45
"""With so much it is quoted where no retelling of it holds, rather than withheld. A first guess, as is
WORTH_TRYING: on 24 questions about news .80 are answered rightly with these."""

WORTH_TRYING = 0.2
"""With so much belief an answer is written where its LLM can be asked, after, whether it is right."""


@dataclass(frozen=True)
class Evidence:
    """What was found, before any of the answer is written; again, once more has been found."""

    hits: Hits


@dataclass(frozen=True)
class Reading:
    """The hits have been read: the sentences that answer most likely, best first, and how probable it
    is that they do. Again, once more has been found."""

    excerpts: tuple[Excerpt, ...]
    belief: float


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
    llm: LLM | None,
    settings: Settings,
    *,
    filter: Filter | None = None,
    history: Sequence[tuple[str, str]] = (),
    translated: Sequence[str] | None = None,
) -> Generator[Event, None, None]:
    """The events of answering a question; closing the iterator stops the LLM.

    An LLM that fails costs its draft, never the evidence: the answer is then quoted, with a note.
    """
    began = time.perf_counter()
    seconds: dict[str, float] = {}
    language = asked_in(question, retriever.library, history)

    # 1. A follow-up is made self-contained, and searched for.
    asked = complete_follow_up(question, [earlier for earlier, _ in history], llm)
    binder = Binder(retriever, settings, asked, open_judge(settings.answer.judge, llm))
    hits = retriever.search(asked, settings.retrieve.limit, filter, translated or ())
    seconds["retrieve"] = time.perf_counter() - began
    yield Evidence(hits)

    # 2. The reader reads what was found: which sentences answer, and whether any does.
    found = binder.read(hits)
    seconds["read"] = time.perf_counter() - began
    yield Reading(tuple(found.excerpts), found.belief)

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
                yield Reading(tuple(found.excerpts), found.belief)
        certain = found.belief
        if found.excerpts and certain >= least(settings.answer.abstain_below, llm):
            # 4. The draft, as the LLM writes it; each sentence bound and checked.
            if llm is None:
                sentences, citations = binder.quoted(found.sources)
            else:
                excerpts = found.shown(settings.answer.evidence_tokens, brief=in_process(llm))
                writing = Writing(asked, language, excerpts, binder.names, found.belief)
                for piece in writing.pieces(llm):
                    seconds.setdefault("first_token", time.perf_counter() - began)
                    yield Draft(piece)
                drafted = writing.sentences(llm, writing.draft)
                bound = binder.bind(drafted, language, writing.told(llm))
                # 5. Where no source carries a sentence, the LLM is told so and writes once more;
                # what it still gets wrong from another language, it translates.
                for retry in (writing.mended, writing.translated):
                    failed = [one for one in bound if not binder.carries(one)]
                    if again := retry(llm, failed) if failed or not bound else "":
                        drafted = writing.sentences(llm, again)
                        second = binder.bind(drafted, language, excerpts)
                        bound = max(bound, second, key=binder.carried)
                sentences, citations = binder.cited(bound)
                # 6. Where reading left doubt, an LLM that can say so is asked whether its answer is
                # right; what surely answers and no retelling of it holds, is quoted.
                if citations and certain < SURE and in_process(llm):
                    carried = " ".join(each.text for each in sentences if each.supported)
                    certain = doubted(certain, rightness(asked, excerpts, carried, llm))
                    if certain < settings.answer.abstain_below:
                        citations = ()
                elif bound and not citations and certain >= QUOTED_FROM:
                    sentences, citations = binder.quoted(found.sources)
                    notes.append(as_quoted(language))
    except ModelError as error:
        notes.append(str(error))
        written_by = None
        sentences, citations = binder.quoted(found.sources)

    # 7. What no source carries stays marked, or goes; with nothing carried there is no answer.
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
        )
    )


def least(abstain_below: float, llm: LLM | None) -> float:
    """The belief from which an answer is tried: less, where the LLM can be asked about it after."""
    return min(abstain_below, WORTH_TRYING) if in_process(llm) else abstain_below


def searched_languages(library: Library, filter: Filter | None) -> list[str]:
    """The primary languages of a library that a filter lets through."""
    wanted = {primary(tag) for tag in filter.languages} if filter else set()
    return [language for language in library.languages() if not wanted or language in wanted]


@dataclass(frozen=True)
class Found:
    """What was read of the hits of a question."""

    hits: Hits
    sources: Sequence[Source]
    excerpts: Sequence[Excerpt]
    """Those to answer from, best first."""
    belief: float
    """How probable it is that they answer."""

    def shown(self, tokens: int, *, brief: bool) -> Sequence[Excerpt]:
        """What an LLM reads: in brief only what answers, each led by what it refers to; else as much
        of what stands around as so many tokens hold."""
        if brief:
            return with_antecedents(self.excerpts, self.sources)
        return choose(self.sources, tokens)


class Binder:
    """Reads, binds and checks, with the vectors and names that takes."""

    def __init__(
        self, retriever: Retriever, settings: Settings, question: str, judge: Judge | None = None
    ) -> None:
        library = retriever.library
        self._judge = judge
        self._question = question
        self.vectors = retriever.vectors
        self._reader = open_reader(settings.reader)
        languages = frozenset(library.languages())
        self.names = (known_names(languages, settings.retrieve.aliases), retriever.learned_names())
        reads_claims = own_reader() if settings.reader.model != "none" else None
        self._checker = Checker(*self.names, reads=self.vectors, reader=reads_claims)
        self._least = settings.answer.support_at_least

    def read(self, hits: Hits) -> Found:
        """Which sentences of the hits answer. Raises ModelError where the reader cannot be loaded."""
        sources = gather(hits, self.vectors, self._reader, self.names[:1])
        certain = belief(sources, hits.confidence, is_read=self._reader is not None)
        return Found(hits, sources, answering(sources), certain)

    def bind(
        self, drafted: Sequence[Drafted], language: str, excerpts: Sequence[Excerpt]
    ) -> list[Bound]:
        """Each sentence of a draft with the sources that carry it best, and how well.

        A number that the LLM got wrong by a power of ten is set right.
        """
        bound = self._bind(drafted, language, excerpts)
        mended = [
            Drafted(
                mend(
                    one.claim.statement.text,
                    language,
                    one.verdict.missing,
                    [source.text for source in one.sources],
                ),
                sentence.hints,
            )
            for one, sentence in zip(bound, drafted, strict=True)
        ]
        return bound if mended == list(drafted) else self._bind(mended, language, excerpts)

    def _bind(
        self, drafted: Sequence[Drafted], language: str, excerpts: Sequence[Excerpt]
    ) -> list[Bound]:
        shown = [(excerpt.number, source) for excerpt in excerpts for source in excerpt.sources]
        texts = [sentence.text for sentence in drafted]
        vectors = self.vectors.sentences(texts, [language] * len(texts))
        claims = [
            Claim(
                Statement(sentence.text, language, vector),
                frozenset(at for at, (number, _) in enumerate(shown) if number in sentence.hints),
            )
            for sentence, vector in zip(drafted, vectors, strict=True)
        ]
        bound = bind(claims, [source for _, source in shown], self._checker, self._question)
        return judged(self._judge, bound, self._least)

    def carries(self, bound: Bound) -> bool:
        return bound.verdict.score >= self._least

    def carried(self, draft: Sequence[Bound]) -> float:
        """Share of a draft's sentences that sources carry."""
        return sum(map(self.carries, draft)) / len(draft) if draft else 0.0

    def cited(self, draft: Sequence[Bound]) -> tuple[list[AnswerSentence], tuple[Citation, ...]]:
        """The sentences of an answer; only carried ones cite."""
        numbering = Numbering()
        sentences = []
        for bound in draft:
            carried = self.carries(bound)
            numbers = (
                [numbering.cite(one.hit, one.span) for one in bound.sources] if carried else []
            )
            sentences.append(
                AnswerSentence(
                    bound.claim.statement.text,
                    tuple(dict.fromkeys(numbers)),
                    carried,
                    bound.verdict.score,
                    () if carried else bound.verdict.reasons,
                )
            )
        return sentences, numbering.all()

    def quoted(
        self, sources: Sequence[Source]
    ) -> tuple[list[AnswerSentence], tuple[Citation, ...]]:
        """An answer in the articles' own words; those that give orders to a model are no answer."""
        telling = [source for source in sources if not gives_orders(source.text)]
        numbering = Numbering()
        sentences = [
            AnswerSentence(source.text, (numbering.cite(source.hit, source.span),), True, 1.0)
            for source in quotes(telling)
        ]
        return sentences, numbering.all()
