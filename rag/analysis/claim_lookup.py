"""A claim -> what the articles say of it: so, otherwise, in part, or nothing.

In: a retriever, a filter; the words of a claim. Out: what was `Found`. A claim is searched for as a question
is; the reader tells which of the sentences found speak of it at all, in whatever language; the check that
answers go through tells whether they carry it, and what differs. An LLM reads the passages that speak of it
most surely, and of what they seem to carry it is asked whether they do not sooner say the contrary.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from index.config import Settings
from index.errors import ConfigError, ModelError
from index.languages.names import Names, known_names
from index.languages.text import detect, fold, is_question
from index.store.filters import Filter
from rag.analysis.checked import Difference, Differing, FoundOut
from rag.analysis.differences import differences, is_untold
from rag.analysis.second_reading import Heard, SecondReading, may_change
from rag.answer.ask import searched_languages
from rag.check.binding import Bound, Claim, bind, statement
from rag.check.checker import Checker
from rag.check.disagreement import near_enough
from rag.check.likelier import LONGEST, Contrasting, Likelier
from rag.check.reasons import FAR, say
from rag.check.statements import Statement
from rag.check.weighing import Features, weigh
from rag.evidence.candidates import gather
from rag.evidence.names_and_dates import held
from rag.evidence.opening import own_reader
from rag.evidence.reader import Text
from rag.llm.injections import gives_orders
from rag.llm.meanwhile import OpensLLM
from rag.llm.translating import claims_translated
from rag.results.odds import probability

if TYPE_CHECKING:
    from index.languages.names import Name
    from rag.results.sources import Source
    from rag.retrieve.retriever import Retriever

SEARCHED = 10
READ = 24
"""Sentences that are read with a claim: the one that carries it is among the first 20 for all claims of
tests/data/seed_claims.jsonl."""

CHECKED = 6
"""How many of the sentences that speak of it are checked (all of these: tuning/verdicts.py)."""

LOOKED_AT, HEARD = 4, 2
"""Passages that an LLM may read with a claim, and how many of them it reads at most: those where its word can
make a difference."""

SPEAKS = 4.2
"""A sentence speaks of a claim from this on: its relevance, if the claim is taken for a question, less the
log-odds that it says nothing of the claim. For each claim of benchmarks/claims.py the best such sum tells
those that no article tells, of which .10 reach this, from the true ones with an area of .99 on the seeds and 1.00 on
parallel news; the log-odds alone, with .97 and 1.00. Of true claims on Chinese news .89 reach it (.84)."""

CONTRARY = -1.0
"""A sentence contradicts a claim only if the log-odds that it says nothing of the claim are at most this."""

OF_THE_PREVIOUS = SPEAKS + CONTRARY
"""Stands for the relevance of a sentence that was found for the previous claim: it speaks of this one where by the
reader alone it may contradict it."""

CONTRADICTS = 3.0
"""From these log-odds on, a sentence contradicts a claim even where no difference can be named.
The reader by itself does not see that numbers differ, and gives true claims about 0."""

AS_SURELY = 1.0
"""A sentence counts beside the one that speaks of the claim most surely, if it does so by at most this much
less."""

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


@dataclass(frozen=True, slots=True)
class Found:
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
    speaks: float
    """How surely it does: SPEAKS or more."""
    contradicts: float = 0.0
    silent: float = 0.0
    """Log-odds by the reader."""


_AsksOnce = Callable[[], Likelier | None]
"""Asks the LLM about a claim and what carries it, when first called."""


class Articles:
    """What the claims of one text are checked against."""

    def __init__(
        self, retriever: Retriever, settings: Settings, llm: OpensLLM, filter: Filter | None
    ) -> None:
        languages = frozenset(retriever.library.languages())
        self._retriever = retriever
        self._filter = filter
        self._opens = llm
        self._translate = settings.retrieve.translate
        self._vectors = retriever.vectors
        self._known = (
            known_names(languages, settings.retrieve.aliases),
            retriever.learned_names(),
        )
        self._reader = own_reader() if settings.reader.model != "none" else None
        self._know(())
        self._second = SecondReading(llm, settings.answer.judge)
        self._least = settings.answer.support_at_least
        self._before: list[Source] = []
        """The sentences that spoke of the previous claim: "it" may refer to their subject."""

    def look_up(self, words: str) -> Found:
        """What the articles say of a claim."""
        language = detect(words)
        (vector,) = self._vectors.sentences([words], [language])
        claim = Statement(words, language, vector)
        before = self._before
        found = self._looked_up(claim, ())
        if found.verdict == "not found" and (translated := self._translated(words)):
            self._before = before
            found = self._looked_up(claim, translated)
        return found

    def _know(self, spelled: Sequence[Name]) -> None:
        """From here on names that the articles spell in another way are known, too."""
        self._names = (*self._known, Names([(name.text, *name.forms) for name in spelled]))
        self._checker = Checker(*self._names, reads=self._vectors, reader=self._reader)
        self._contrasting = Contrasting(self._opens, self._names)

    def _translated(self, words: str) -> list[str]:
        """A claim in the other languages that are searched; nothing without an LLM, or where it fails."""
        if not self._translate or len(words) > LONGEST:
            return []
        try:
            llm = self._opens()
            languages = searched_languages(self._retriever.library, self._filter)
            return claims_translated(words, languages, self._names, llm) if llm else []
        except (ConfigError, ModelError):
            return []

    def _looked_up(self, claim: Statement, translated: Sequence[str]) -> Found:
        words = claim.text
        read = self._read(claim, translated)
        speaking = sorted(
            (one for one in read if one.speaks >= SPEAKS), key=lambda one: -one.speaks
        )[:CHECKED]
        bound, heard = self._bound(claim, speaking, read)
        self._before = [one.source for one in speaking]
        if bound is None:
            return Found("not found")
        speaking += [one for one in read if one.source in bound.sources and one not in speaking]
        likelier = cache(lambda: self._contrasting.likelier(claim, bound.sources))
        score = heard.weighed(bound.verdict, bound.sources)
        score, upright = self._said_after_all(bound, score, likelier)
        alone = [
            heard.weighed(self._checker.check(claim, [statement(one.source, words)]), [one.source])
            for one in speaking
        ]
        carrying = [one for one, each in zip(speaking, alone, strict=True) if each >= self._least]
        against = [
            (one, differs)
            for one in speaking
            if one not in carrying
            and one.silent <= CONTRARY
            and not (upright and one.source in bound.sources)
            and (differs := self._contrary(claim, one, heard.of(one.source))) is not None
        ]
        if score >= self._least and not _overruled(speaking[0], carrying, against):
            if not upright and (contrary := self._contrary_to(bound, score, likelier)):
                return contrary
            stories = {source.hit.article.group for source in bound.sources}
            others = [
                (one, found)
                for one, found in against
                if one.source.hit.article.group not in stories and _counts_otherwise(found)
            ]
            return Found("supported", score, bound.sources, *_sides(others))
        of_it = [one for one in speaking if not self._is_of_others(claim, one)]
        if not of_it:
            return Found("not found")
        against = [(one, found) for one, found in against if one in of_it]
        if against:
            reasons = self._checker.check(claim, [statement(against[0][0].source, words)]).reasons
            return Found("contradicted", min(alone), (), *_sides(against), reasons)
        stated = [statement(one, words) for one in bound.sources]
        found = self._checker.features(claim, stated)
        if (found.numbers or found.names) and not self._say_the_rest(claim, stated, found):
            return Found("not found")
        lacking = differences(claim, statement(bound.sources[0], words), found, self._names)
        if (
            not found.numbers
            and not found.names
            and (contrary := self._contrary_to(bound, score, likelier))
        ):
            return contrary
        reasons = bound.verdict.reasons
        if bound.verdict.score >= self._least > score:
            reasons = (*reasons, say("second", claim.language))
        return Found("partly", score, bound.sources, (), lacking, reasons)

    def _bound(
        self, claim: Statement, speaking: Sequence[_Speaking], read: Sequence[_Speaking]
    ) -> tuple[Bound | None, Heard]:
        """The claim with the sentences that carry it best, of those that speak of it, or of a passage that
        says it where an LLM reads it; None where there are none. And what the LLM said."""

        def bound_to(some: Sequence[_Speaking]) -> list[Bound]:
            sources = [one.source for one in some]
            return bind([Claim(claim)], sources, self._checker) if sources else []

        def best() -> Bound | None:
            return max(found, key=lambda one: heard.weighed(one.verdict, one.sources), default=None)

        found, heard = bound_to(speaking), Heard()
        first = speaking[:1] or sorted(read, key=lambda one: -one.speaks)[:1]
        sources = [source for one in found for source in one.sources]
        sources += [one.source for one in (*first, *read)]
        verbatim = any(fold(claim.text) in fold(source.text) for source in sources)
        if verbatim or len(claim.text) > LONGEST or not self._second.is_there():
            return best(), heard
        by_passage = {source.hit.passage.id: source for source in reversed(sources)}
        for passage in list(dict.fromkeys(s.hit.passage.id for s in sources))[:LOOKED_AT]:
            there = bound_to([one for one in read if one.source.hit.passage.id == passage])
            of_it = [
                b for b in (*found, *there) if any(s.hit.passage.id == passage for s in b.sources)
            ]
            if len(heard.odds) < HEARD and any(
                may_change(one.verdict, self._least) for one in of_it
            ):
                heard = heard.and_of(self._second.of(claim, by_passage[passage]))
                if heard.odds.get(passage, 0.0) > 0:
                    found += there
                if (one := best()) and heard.weighed(one.verdict, one.sources) >= self._least:
                    break
        return best(), heard

    def _said_after_all(
        self, bound: Bound, score: float, likelier: _AsksOnce
    ) -> tuple[float, bool]:
        """How well the sources carry a claim, and whether they do because the LLM finds that they say it
        sooner than any contrary, though something seemed to be turned round."""
        verdict = bound.verdict
        if verdict.turned and score < self._least:
            contrary = likelier()
            if contrary and contrary.upholds(verdict.turned):
                score = contrary.leaves(score)
                return score, score >= self._least
        return score, False

    def _contrary_to(self, bound: Bound, score: float, likelier: _AsksOnce) -> Found | None:
        """That the sources contradict a claim, where the LLM finds that they sooner say a contrary of it; that
        it finds a passage to say the claim does not count then: who did what to whom it overlooks. Sources
        that are not near the claim only do not carry it: they hardly say a contrary either."""
        claim, verdict = bound.claim.statement, bound.verdict
        contrary = likelier()
        if contrary is None or contrary.odds >= 0:
            return None
        score = contrary.leaves(min(score, verdict.score))
        if score >= self._least:
            return None
        kind: Differing = "denial" if contrary.reason == "denial" else "direction"
        differs = (Difference(kind, contrary.word, ""),) if contrary.word else ()
        reasons = dict.fromkeys((*verdict.reasons, say(contrary.reason, claim.language)))
        if say("far", claim.language) in reasons:
            return Found("partly", score, bound.sources, (), (), verdict.reasons)
        return Found("contradicted", score, (), bound.sources, differs, tuple(reasons))

    def _read(self, claim: Statement, translated: Sequence[str]) -> list[_Speaking]:
        """The sentences that may speak of a claim, the most relevant first, and what the reader says of them."""
        hits = self._retriever.search(claim.text, SEARCHED, self._filter, translated)
        self._know(hits.spelled)
        sources = gather(hits, self._vectors, None, self._names[:1])
        sources.sort(key=lambda source: source.relevance, reverse=True)
        places = {(source.hit.article.id, source.span.start) for source in sources}
        sources = [one for one in sources if not is_question(one.text)][:READ]
        sources = [source for source in sources if not gives_orders(source.text)]
        sources += [
            replace(source, relevance=OF_THE_PREVIOUS)
            for source in self._before
            if (source.hit.article.id, source.span.start) not in places
        ]
        if self._reader is None:
            near = (_near(claim, source) for source in sources)
            return [
                _Speaking(one, SPEAKS if speaks else SPEAKS - 1, silent=CONTRARY)
                for one, speaks in zip(sources, near, strict=True)
            ]
        texts = [Text(source.text, title=_headline(claim, source)) for source in sources]
        read = zip(sources, self._reader.carries(claim.text, texts), strict=True)
        return [
            _Speaking(source, source.relevance - found.silent, found.contradicts, found.silent)
            for source, found in read
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

    def _contrary(
        self, claim: Statement, one: _Speaking, heard: float
    ) -> tuple[Difference, ...] | None:
        """In what a sentence contradicts the claim; None where it does not. The reader's word alone does not
        count where an LLM finds that the passage says so."""
        stated = statement(one.source, claim.text)
        found = self._checker.features(claim, [stated])
        differs = differences(claim, stated, found, self._names)
        read = one.contradicts >= CONTRADICTS and heard <= 0
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
    return all(one.speaks < first.speaks - AS_SURELY for one in carrying)


def _counts_otherwise(differs: Sequence[Difference]) -> bool:
    return any(each.article and each.kind in ("number", "date") for each in differs)


def _sides(
    against: Sequence[tuple[_Speaking, tuple[Difference, ...]]],
) -> tuple[list[Source], tuple[Difference, ...]]:
    """The sentences that contradict a claim about as surely as the first one does, and in what
    the first differs from it."""
    if not against:
        return [], ()
    least = against[0][0].speaks - AS_SURELY
    chosen = [one.source for one, _ in against[:MOST_AGAINST] if one.speaks >= least]
    return chosen, against[0][1]
