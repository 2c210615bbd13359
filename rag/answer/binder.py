"""Reads what was found for a question, binds the sentences of drafts to it, and checks them.

In: the hits of a question; the sentences of drafts. Out: which sentences of the hits answer; each sentence
of a draft with the sources that carry it; the sentences of an answer with their citations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.config import Settings
from index.languages.names import Names, known_names
from rag.answer.answer import AnswerSentence
from rag.answer.both_sides import Sides, both_sides
from rag.check.binding import Bound, Claim, bind
from rag.check.checker import Checker
from rag.check.second_opinion import Judge, judged
from rag.check.statements import Statement
from rag.draft.sentences import Drafted, quotes
from rag.draft.writing import Writing
from rag.evidence.belief import belief
from rag.evidence.candidates import answering, gather, marked
from rag.evidence.found import Found
from rag.evidence.opening import open_reader, own_reader
from rag.llm.injections import gives_orders
from rag.llm.written_numbers import mend
from rag.results.hits import Citation, Hits
from rag.results.numbering import Numbering
from rag.results.odds import log_odds, probability
from rag.results.sources import Excerpt, Source
from rag.retrieve.retriever import Retriever

DOUBTFUL = 0.15
"""Of a sentence with less support the LLM is not asked: it would have to be surer than it ever is
(tuning/answers.py)."""


class Binder:
    """Reads, binds and checks; it has the vectors and names that this needs."""

    def __init__(self, retriever: Retriever, settings: Settings, hits: Hits) -> None:
        """`hits` are of the question; other hits of it can be read, too."""
        library = retriever.library
        self.judge: Judge | None = None
        self._question = hits.question
        self.vectors = retriever.vectors
        self._reader = open_reader(settings.reader)
        languages = frozenset(library.languages())
        self._known = known_names(languages, settings.retrieve.aliases)
        self._spelled = Names([(name.text, *name.forms) for name in hits.spelled])
        self.names = (self._known, retriever.learned_names(), self._spelled)
        reads_claims = own_reader() if settings.reader.model != "none" else None
        self._reads_claims = reads_claims
        self._checker = Checker(*self.names, reads=self.vectors, reader=reads_claims)
        self._least = settings.answer.support_at_least

    def read(self, hits: Hits) -> Found:
        """Which sentences of the hits answer. Raises ModelError where the reader cannot be loaded."""
        sources = gather(hits, self.vectors, self._reader, (self._known, self._spelled))
        certain = belief(sources, hits.confidence, is_read=self._reader is not None)
        return Found(marked(hits, sources), sources, answering(sources), certain)

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
        return judged(self.judge, bound, self._least)

    def best(self, writing: Writing) -> list[Bound]:
        """The best draft, bound. Where no source carries a sentence of the first draft, the LLM
        is told what was wrong and writes again; if that fails too, it writes in another way."""
        bound = self._drafted(writing, writing.draft, writing.citable)
        for retry in (writing.mended, writing.otherwise):
            failed = [one for one in bound if not self.carries(one)]
            if again := retry(failed) if failed or not bound else "":
                second = self._drafted(writing, again, writing.excerpts)
                bound = max(bound, second, key=self.carried)
        return bound

    def _drafted(self, writing: Writing, draft: str, excerpts: Sequence[Excerpt]) -> list[Bound]:
        """The sentences of a draft, bound. Where the check doubts a sentence for no particular
        reason, the LLM is asked whether it is right."""
        bound = self.bind(writing.sentences(draft), writing.language, excerpts)
        return [
            one if self.carries(one) or not _is_doubtful(one) else _with_word_of(writing, one)
            for one in bound
        ]

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

    def both_sides(
        self, sources: Sequence[Source], citations: tuple[Citation, ...], language: str
    ) -> Sides:
        """What other sources say against the answer that has these citations."""
        return both_sides(
            sources, citations, self._reads_claims, self._checker, self._question, language
        )

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


def _is_doubtful(bound: Bound) -> bool:
    return bound.verdict.doubt and bound.verdict.score >= DOUBTFUL


def _with_word_of(writing: Writing, bound: Bound) -> Bound:
    right = writing.rightness(bound.claim.statement.text)
    if right is None:
        return bound
    odds = log_odds(bound.verdict.score) + log_odds(right)
    return replace(bound, verdict=replace(bound.verdict, score=probability(odds)))
