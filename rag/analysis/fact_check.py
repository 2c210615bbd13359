"""A text -> for each of its sentences what the articles say: so, otherwise, in part, or nothing.

In: a claim or several, a retriever, a filter. Out: a `FactCheck`. A claim is searched for as a question
is; the reader tells which of the sentences found speak of it at all, in whatever language; the check
that answers go through tells whether they carry it, and what differs. Of what they seem to carry, an LLM
in this process is asked whether they do not sooner say the contrary.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from index.config import Settings
from index.errors import InputError
from index.languages.names import known_names
from index.languages.text import detect, sentences
from index.records import Sentence
from index.report import Progress, ProgressCallback
from index.store.filters import Filter
from rag.analysis.checked import (
    MOST_CHARS,
    MOST_CLAIMS,
    CheckedClaim,
    Difference,
    Differing,
    FactCheck,
    FoundOut,
)
from rag.analysis.differences import differences, is_untold
from rag.check.binding import Bound, Claim, bind, statement
from rag.check.checker import Checker
from rag.check.disagreement import near_enough
from rag.check.likelier import Contrasting, Likelier
from rag.check.reasons import FAR, say
from rag.check.statements import Statement
from rag.check.weighing import Features, weigh
from rag.evidence.candidates import gather
from rag.evidence.names_and_dates import held
from rag.evidence.opening import own_reader
from rag.evidence.reader import Text
from rag.llm.injections import gives_orders
from rag.llm.meanwhile import OpensLLM
from rag.question.asked_in import asked_in
from rag.question.typed import typed
from rag.results.hits import Citation
from rag.results.numbering import Numbering
from rag.results.odds import probability

if TYPE_CHECKING:
    from rag.results.sources import Source
    from rag.retrieve.retriever import Retriever

SEARCHED = 10
READ = 24
"""Sentences that are read with a claim: the one that carries it is among the first 20 for all claims of
tests/data/seed_claims.jsonl."""

CHECKED = 6
"""How many of the sentences that speak of it are checked (all of these: tuning/verdicts.py)."""

SPEAKS = -1.0
"""A sentence speaks of a claim if the log-odds that it says nothing of it are below this. In
benchmarks/claims.py, sentences about something else have +4 or more."""

CONTRADICTS = 3.0
"""From these log-odds on, a sentence contradicts a claim even where no difference can be named.
The reader by itself does not see that numbers differ, and gives true claims about 0."""

AS_SURELY = 1.0
"""A sentence counts beside the one that speaks of the claim most surely, if its log-odds are at
most this much lower."""

OF_OTHERS = 0.48
"""Below this cosine, a sentence that has other names than the claim is about something else. With
the claims of tests/data/seed_claims.jsonl and twenty on subjects that the seeds lack, a sentence
in which one name was exchanged has .49 or more, and a sentence about something else .47 at most."""

OF_THE_SAME = -4.0
"""From these log-odds down, a sentence speaks so surely of the claim that other names in it stand in
place of those it lacks. Claims of which one name was exchanged have -4.6 at most; those on what no
article tells, -3.9 at least, or -5.8 where the vectors are far apart."""

TURNED = ("denial", "direction")
"""Differences that contradict by themselves."""

MOST_AGAINST = 3
LEAST_LETTERS = 6
QUESTION_MARKS = ("?", "？")


def check(
    text: str,
    retriever: Retriever,
    settings: Settings,
    llm: OpensLLM,
    *,
    filter: Filter | None = None,
    progress: ProgressCallback | None = None,
) -> FactCheck:
    """Checks each sentence of a text against the articles. An LLM that cannot be opened, or that fails, is
    done without.

    Raises InputError on an empty or too long text, or a bad filter.
    """
    for event in check_stream(text, retriever, settings, llm, filter=filter):
        if isinstance(event, FactCheck):
            return event
        if progress is not None:
            progress(event)
    raise TypeError("the events end with what was found")


def check_stream(
    text: str,
    retriever: Retriever,
    settings: Settings,
    llm: OpensLLM,
    *,
    filter: Filter | None = None,
) -> Iterator[Progress | FactCheck]:
    """`check`, as it happens: how many sentences are done, at last what was found."""
    began = time.perf_counter()
    language = asked_in(text, retriever.library)
    claims = _claims(text, language)
    articles = _Articles(retriever, settings, llm, filter)
    numbering = Numbering()
    checked: list[CheckedClaim] = []
    for done, span in enumerate(claims):
        yield Progress(done, len(claims))
        checked.append(_checked(articles, text, span, numbering))
    yield FactCheck(
        text,
        language,
        tuple(checked),
        numbering.all(),
        retriever.library.embedder.name,
        {"total": time.perf_counter() - began},
    )


def _claims(text: str, language: str) -> list[Sentence]:
    """The sentences of a text. Raises InputError where there are none, or too many, and on bytes that are no
    text."""
    if not any(c.isalnum() for c in typed(text)):
        raise InputError("no_claim", "There is no claim to check. Give a sentence.")
    found = sentences(text, language) if len(text) <= MOST_CHARS else []
    if not 0 < len(found) <= MOST_CLAIMS:
        raise InputError(
            "claims_many",
            "At most {claims} sentences of {chars} characters in all are checked at "
            "once. Give the text in parts.",
            claims=MOST_CLAIMS,
            chars=MOST_CHARS,
        )
    return found


def _checked(articles: _Articles, text: str, span: Sentence, numbering: Numbering) -> CheckedClaim:
    words = text[span.start : span.end]
    if sum(map(str.isalpha, words)) < LEAST_LETTERS or words.endswith(QUESTION_MARKS):
        return CheckedClaim(words, span.start, span.end, "no claim")
    found = articles.look_up(words)

    def cited(sources: Sequence[Source]) -> tuple[Citation, ...]:
        numbers = dict.fromkeys(numbering.cite(source.hit, source.span) for source in sources)
        return tuple(numbering.all()[number - 1] for number in numbers)

    return CheckedClaim(
        words,
        span.start,
        span.end,
        found.verdict,
        found.score,
        cited(found.supporting),
        cited(found.against),
        found.differs,
        found.reasons,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What the articles say of one claim."""

    verdict: FoundOut
    score: float = 0.0
    supporting: Sequence[Source] = ()
    against: Sequence[Source] = ()
    differs: tuple[Difference, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Speaking:
    """A sentence that speaks of a claim."""

    source: Source
    contradicts: float = 0.0
    silent: float = 0.0
    """Log-odds by the reader."""


_AsksOnce = Callable[[], Likelier | None]
"""Asks the LLM about a claim and what carries it, when first called."""


class _Articles:
    """What the claims of one text are checked against."""

    def __init__(
        self, retriever: Retriever, settings: Settings, llm: OpensLLM, filter: Filter | None
    ) -> None:
        languages = frozenset(retriever.library.languages())
        self._retriever = retriever
        self._filter = filter
        self._vectors = retriever.vectors
        self._names = (
            known_names(languages, settings.retrieve.aliases),
            retriever.learned_names(),
        )
        self._reader = own_reader() if settings.reader.model != "none" else None
        self._checker = Checker(*self._names, reads=self._vectors, reader=self._reader)
        self._contrasting = Contrasting(llm, self._names)
        self._least = settings.answer.support_at_least
        self._before: list[Source] = []
        """The sentences that spoke of the previous claim: "it" may refer to their subject."""

    def look_up(self, words: str) -> _Found:
        """What the articles say of a claim."""
        language = detect(words)
        (vector,) = self._vectors.sentences([words], [language])
        claim = Statement(words, language, vector)
        speaking = self._speaking(claim)
        self._before = [one.source for one in speaking]
        if not speaking:
            return _Found("not found")
        (bound,) = bind([Claim(claim)], self._before, self._checker)
        likelier = cache(lambda: self._contrasting.likelier(claim, bound.sources))
        score, upright = self._said_after_all(bound, likelier)
        alone = [self._checker.check(claim, [statement(one, words)]).score for one in self._before]
        carrying = [one for one, each in zip(speaking, alone, strict=True) if each >= self._least]
        against = [
            (one, differs)
            for one in speaking
            if one not in carrying
            and not (upright and one.source in bound.sources)
            and (differs := self._contrary(claim, one)) is not None
        ]
        if score >= self._least and not _overruled(speaking[0], carrying, against):
            if not upright and (contrary := self._contrary_to(bound, likelier)):
                return contrary
            stories = {source.hit.article.group for source in bound.sources}
            others = [
                (one, found)
                for one, found in against
                if one.source.hit.article.group not in stories and _counts_otherwise(found)
            ]
            return _Found("supported", score, bound.sources, *_sides(others))
        of_it = [one for one in speaking if not self._is_of_others(claim, one)]
        if not of_it:
            return _Found("not found")
        against = [(one, found) for one, found in against if one in of_it]
        if against:
            reasons = self._checker.check(claim, [statement(against[0][0].source, words)]).reasons
            return _Found("contradicted", min(alone), (), *_sides(against), reasons)
        stated = [statement(one, words) for one in bound.sources]
        found = self._checker.features(claim, stated)
        if (found.numbers or found.names) and not self._say_the_rest(claim, stated, found):
            return _Found("not found")
        lacking = differences(claim, statement(bound.sources[0], words), found, self._names)
        if (
            not found.numbers
            and not found.names
            and (contrary := self._contrary_to(bound, likelier))
        ):
            return contrary
        return _Found("partly", score, bound.sources, (), lacking, bound.verdict.reasons)

    def _said_after_all(self, bound: Bound, likelier: _AsksOnce) -> tuple[float, bool]:
        """How well the sources carry a claim, and whether they do because the LLM finds that they say it
        sooner than any contrary, though something seemed to be turned round."""
        verdict = bound.verdict
        if verdict.turned and verdict.score < self._least:
            contrary = likelier()
            if contrary and contrary.upholds(verdict.turned):
                score = contrary.leaves(verdict.score)
                return score, score >= self._least
        return verdict.score, False

    def _contrary_to(self, bound: Bound, likelier: _AsksOnce) -> _Found | None:
        """That the sources contradict a claim, where the LLM finds that they sooner say a contrary of it."""
        claim, verdict = bound.claim.statement, bound.verdict
        contrary = likelier()
        if contrary is None or contrary.odds >= 0:
            return None
        score = contrary.leaves(verdict.score)
        if score >= self._least:
            return None
        kind: Differing = "denial" if contrary.reason == "denial" else "direction"
        differs = (Difference(kind, contrary.word, ""),) if contrary.word else ()
        reasons = dict.fromkeys((*verdict.reasons, say(contrary.reason, claim.language)))
        return _Found("contradicted", score, (), bound.sources, differs, tuple(reasons))

    def _speaking(self, claim: Statement) -> list[_Speaking]:
        """The sentences that speak of the claim, the surest first."""
        hits = self._retriever.search(claim.text, SEARCHED, self._filter)
        sources = gather(hits, self._vectors, None, self._names[:1])
        sources.sort(key=lambda source: source.relevance, reverse=True)
        places = {(source.hit.article.id, source.span.start) for source in sources}
        sources = [source for source in sources[:READ] if not gives_orders(source.text)]
        sources += [
            source
            for source in self._before
            if (source.hit.article.id, source.span.start) not in places
        ]
        if self._reader is None:
            return [_Speaking(source) for source in sources if _near(claim, source)][:CHECKED]
        texts = [Text(source.text, title=_headline(claim, source)) for source in sources]
        read = zip(sources, self._reader.carries(claim.text, texts), strict=True)
        spoken = sorted(
            (pair for pair in read if pair[1].silent <= SPEAKS), key=lambda pair: pair[1].silent
        )
        return [
            _Speaking(source, reading.contradicts, reading.silent)
            for source, reading in spoken[:CHECKED]
        ]

    def _say_the_rest(self, claim: Statement, stated: Sequence[Statement], whole: Features) -> bool:
        """Whether sentences carry a claim but for the numbers and dates that they do not have, or
        at least, where they lack a name, are near it."""
        if whole.nearness < FAR or not whole.numbers:
            return whole.nearness >= FAR
        rest = claim.text
        for gap in sorted(whole.numbers, key=lambda gap: gap.start, reverse=True):
            rest = rest[: gap.start] + rest[gap.end :]
        (vector,) = self._vectors.sentences([rest], [claim.language])
        said = Statement(rest, claim.language, vector)
        found = self._checker.compare(said, stated, always=True)
        return probability(weigh(found)) >= self._least and (found.carried or 0.0) >= 0.0

    def _is_of_others(self, claim: Statement, one: _Speaking) -> bool:
        """Whether a sentence is about others than the claim names, and says something else of
        them."""
        if float(claim.vector @ one.source.vector) >= OF_OTHERS:
            return False
        found = self._checker.features(claim, [statement(one.source, claim.text)])
        return bool(found.names) and found.substituted

    def _contrary(self, claim: Statement, one: _Speaking) -> tuple[Difference, ...] | None:
        """In what a sentence contradicts the claim; None where it does not."""
        stated = statement(one.source, claim.text)
        found = self._checker.features(claim, [stated])
        differs = differences(claim, stated, found, self._names)
        read = one.contradicts >= CONTRADICTS
        if found.numbers and all(is_untold(gap, claim, stated) for gap in found.numbers):
            # The reader takes what is left untold for contradicted.
            return differs if read and any(each.kind in TURNED for each in differs) else None
        if found.names and one.silent > OF_THE_SAME:
            return None  # it is of others
        named = any(each.article or each.kind in TURNED for each in differs)
        otherwise = named or (found.names and found.substituted)
        return differs if otherwise or read else None


def _headline(claim: Statement, source: Source) -> str:
    article = source.hit.article
    return f"{held(claim.text, article)} {article.title}".strip()


def _near(claim: Statement, source: Source) -> bool:
    return near_enough(float(claim.vector @ source.vector), claim.language, source.language)


def _overruled(
    first: _Speaking,
    carrying: Sequence[_Speaking],
    against: Sequence[tuple[_Speaking, tuple[Difference, ...]]],
) -> bool:
    """Whether the support for a claim does not count: the sentence that speaks of it most surely
    contradicts it, and no sentence that supports it speaks of it about as surely. (Several
    sentences together may have all names of a false claim.)"""
    if not any(one is first for one, _ in against):
        return False
    return all(one.silent > first.silent + AS_SURELY for one in carrying)


def _counts_otherwise(differs: Sequence[Difference]) -> bool:
    return any(each.article and each.kind in ("number", "date") for each in differs)


def _sides(
    against: Sequence[tuple[_Speaking, tuple[Difference, ...]]],
) -> tuple[list[Source], tuple[Difference, ...]]:
    """The sentences that contradict a claim about as surely as the first one does, and in what
    the first differs from it."""
    if not against:
        return [], ()
    least = against[0][0].silent + AS_SURELY
    chosen = [one.source for one, _ in against[:MOST_AGAINST] if one.silent <= least]
    return chosen, against[0][1]
