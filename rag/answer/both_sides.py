"""What other sources say against an answer: every side, with who says it.

In: the sentences read for a question, and the citations of its answer. Out: the sides that sources take,
each with its outlets, its newest date and how many independent sources it has; none where they agree.
The reader finds what answers otherwise, if the check can say in what, and so do numbers and dates where they
are asked for; without a reader numbers, denials and opposites do. A pile of news has much that is like an
answer and of another day, or of something else: none of that is a side (benchmarks/disputes.py).
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.languages.answer_forms import asked_forms
from index.languages.numbers.stated import days, missing, quantities
from index.languages.text import is_question, primary
from rag.answer.answer import AnswerSentence, AnswerSide
from rag.check.binding import statement
from rag.check.checker import Checker
from rag.check.disagreement import (
    Side,
    Statement,
    are_opposed,
    corrected_address,
    near_enough,
    sides,
    without_corrected,
)
from rag.check.reasons import against
from rag.evidence.candidates import is_heading, tokens_of
from rag.evidence.opening import ClaimReader
from rag.evidence.reader import Reading, Text
from rag.export.documents import labels
from rag.llm.injections import gives_orders
from rag.results.hits import Citation
from rag.results.numbering import Numbering
from rag.results.sources import Source
from rag.results.text import one_line, quoted, show_date

MOST_READ = 4
"""How many sentences of other articles are compared with the answer (all of these:
tuning/answering.py)."""

MOST_NAMED = 3
"""Outlets of a side that are named."""

NEARLY_AS_LIKELY = 5.0
"""A sentence counts if it answers at most this much less likely than the answer's own, in log-odds; else only if
the reader is the surer that it contradicts."""

ON_IT = 0.4
"""Below this cosine two sentences are not about the same, whatever the reader says. On five
questions with planted articles, sentences of the seeds that are have .41 or more across
languages."""

IN_THE_SAME_WORDS = 0.9
"""From this cosine on two sentences of a language have little in which they differ but what they contradict each
other in, if they do."""

QUOTED = 2
"""Sentences of a side that are quoted."""

CONTRADICTS, SURELY, FLATLY, CARRIES = 1.0, 1.2, 3.0, 0.0
"""Log-odds from which the reader is believed; the second where a sentence of another language is much less likely
to answer, the third where one of the same language is, in other words. On
the seeds with planted articles (benchmarks/planted.py) 15 of 16 contradictions reach them."""

ANSWERS = 2.0
"""Least relevance of what may contradict in the language of the answer's own words."""

SILENT = -7.0
"""Where the reader gives all else less log-odds, two sentences tell of different things."""

NOT_CARRIED = -1.0
"""Two sentences contradict each other only if neither carries the other with more log-odds than
this."""


@dataclass(frozen=True, slots=True)
class Sides:
    """The sides of an answer, with the sentences that present them and all citations."""

    sides: tuple[AnswerSide, ...]
    sentences: tuple[AnswerSentence, ...]
    citations: tuple[Citation, ...]


def both_sides(
    sources: Sequence[Source],
    citations: tuple[Citation, ...],
    reader: ClaimReader | None,
    checker: Checker,
    question: str,
    language: str,
) -> Sides:
    """The sides that sources take on what an answer says, or what corrects it; `citations` alone where
    they agree."""
    places = {(citation.article.id, citation.start) for citation in citations}
    cited = [
        source
        for source in sources
        if _place(source) in places and not is_heading(source.hit, source.span)
    ]
    asked = asked_forms(question)
    compared = _Compared(reader, checker, asked, [*cited, *_others(sources, cited)])
    statements = compared.statements(cited)
    found, lead = sides(statements, compared.opposed), "disagree"
    if not found:
        standing = without_corrected(statements)
        if len(standing) in (0, len(statements)):
            return Sides((), (), citations)
        found, lead = (Side(tuple(standing)),), "corrected"
    else:
        found = tuple(compared.in_dispute(side, found) for side in found)
    numbering = Numbering(citations)
    shown = [_numbered(side, compared.source_of, numbering) for side in found]
    lines = [_line(side, of, language) for side, of in zip(shown, found, strict=True)]
    lines[0] = f"{labels(language)[lead]} {lines[0]}".strip()
    telling = [
        AnswerSentence(line, side.citations, True, 1.0)
        for line, side in zip(lines, shown, strict=True)
    ]
    return Sides(tuple(shown), tuple(telling), numbering.all())


def _place(source: Source) -> tuple[str, int]:
    return source.hit.article.id, source.span.start


def _others(sources: Sequence[Source], cited: Sequence[Source]) -> list[Source]:
    """Further sentences that may answer, best first: those of other articles, then of the same."""
    groups = {source.hit.article.group for source in cited}
    others = [
        source
        for source in sources
        if source not in cited
        and not is_heading(source.hit, source.span)
        and not is_question(source.text)
        and not gives_orders(source.text)
    ]
    others.sort(key=lambda source: source.relevance, reverse=True)
    apart = [source for source in others if source.hit.article.group not in groups]
    same = [source for source in others if source.hit.article.group in groups]
    return [*apart[:MOST_READ], *same[: MOST_READ // 2]] if cited else []


class _Compared:
    """Compares sentences with each other, each pair once."""

    def __init__(
        self,
        reader: ClaimReader | None,
        checker: Checker,
        asked: Collection[str],
        sources: Sequence[Source],
    ) -> None:
        self._reader = reader
        self._checker = checker
        self._asked = asked
        self.source_of = {_statement(source): source for source in sources}
        self._read: dict[tuple[Statement, Statement], Reading] = {}
        self._opposed: dict[frozenset[Statement], bool] = {}

    def statements(self, cited: Sequence[Source]) -> list[Statement]:
        """The cited sentences; those of other articles that contradict them; and those that agree with
        either. From a cited article comes only what contradicts another article."""
        own = [_statement(source) for source in cited]
        others = [statement for statement in self.source_of if statement not in own]
        groups = {one.group for one in own}
        against = [
            one
            for one in others
            if one.group not in groups and any(self.opposed(one, other) for other in own)
        ]
        taken = [*own, *against]
        same = [
            one
            for one in others
            if one not in against
            and (
                any(self.opposed(one, other) for other in against)
                if one.group in groups
                else any(self._carries(one, other) for other in taken)
            )
        ]
        return [*taken, *same]

    def in_dispute(self, side: Side, all_sides: Sequence[Side]) -> Side:
        """The statements of a side that another side contradicts, then those that agree with them."""
        denied = [
            one
            for one in side.statements
            if any(
                self.opposed(one, x)
                for other in all_sides
                if other != side
                for x in other.statements
            )
        ]
        same = [
            one
            for one in side.statements
            if one not in denied and any(self._carries(one, other) for other in denied)
        ]
        return Side((*denied, *same))

    def opposed(self, one: Statement, other: Statement) -> bool:
        """Whether two statements of different articles cannot both be true."""
        pair = frozenset((one, other))
        if pair not in self._opposed:
            self._opposed[pair] = self._cannot_both_be_true(one, other)
        return self._opposed[pair]

    def _cannot_both_be_true(self, one: Statement, other: Statement) -> bool:
        if one.group == other.group or self._of_other_times(one, other):
            return False
        if self._reader is None:
            near = near_enough(self._nearness(one, other), one.language, other.language)
            return near and are_opposed(one, other)
        if self._answers_otherwise(one, other):
            return True
        within = primary(one.language) == primary(other.language)
        least = CONTRADICTS if self._nearly_as_likely(one, other) else SURELY
        if within and not self._both_answer(one, other):
            nearness = self._nearness(one, other)
            if not near_enough(nearness, one.language, other.language):
                return False
            least = FLATLY if nearness < IN_THE_SAME_WORDS else least
        readings = list(self._readings(one, other))
        carried = max((reading.carries for reading in readings), default=0.0)
        contradicts = any(each.contradicts > least for each in readings)
        if carried >= NOT_CARRIED or not contradicts:
            return False
        return not within or self._differ(one, other)

    def _of_other_times(self, one: Statement, other: Statement) -> bool:
        """Whether the two tell of different days, where no time is asked for: what has changed since is no
        contradiction."""
        if "time" in self._asked:
            return False
        told = [days(each.text, each.published) for each in (one, other)]
        return all(told) and not any(a.within(b) or b.within(a) for a in told[0] for b in told[1])

    def _both_answer(self, one: Statement, other: Statement) -> bool:
        """Whether both answer likely enough; across languages the reader does not know it so well."""
        least = min(self.source_of[each].relevance for each in (one, other))
        return least >= ANSWERS and self._nearly_as_likely(one, other)

    def _differ(self, one: Statement, other: Statement) -> bool:
        """Whether the check knows in what one of the two says something else than the other. That the longer
        has further numbers and names says nothing."""
        shorter, longer = (
            statement(self.source_of[each], each.text) for each in _shorter_first(one, other)
        )
        return any(
            kind not in ignored
            for claim, source, ignored in (
                (shorter, longer, {"far"}),
                (longer, shorter, {"far", "number", "name"}),
            )
            for kind, *_ in against(self._checker.compare(claim, [source], always=True))
        )

    def _answers_otherwise(self, one: Statement, other: Statement) -> bool:
        """Whether a number or a date is asked for, and the two give different ones."""
        within = primary(one.language) == primary(other.language)
        likely = self._both_answer if within else self._nearly_as_likely
        if self._nearness(one, other) < ON_IT or not likely(one, other):
            return False
        apart = ("number" in self._asked and _apart(one, other, dates=False)) or (
            "time" in self._asked and _apart(one, other, dates=True)
        )
        return apart and any(
            max(each.carries, each.contradicts) > SILENT for each in self._readings(one, other)
        )

    def _nearly_as_likely(self, one: Statement, other: Statement) -> bool:
        likely = [self.source_of[each].relevance for each in (one, other)]
        return abs(likely[0] - likely[1]) <= NEARLY_AS_LIKELY

    def _carries(self, one: Statement, other: Statement) -> bool:
        return any(reading.carries > CARRIES for reading in self._readings(one, other))

    def _nearness(self, one: Statement, other: Statement) -> float:
        return float(self.source_of[one].vector @ self.source_of[other].vector)

    def _readings(self, one: Statement, other: Statement) -> Iterator[Reading]:
        """Each of the two read as a claim with the other as its source. The shorter is the claim
        first, since the longer says much that the shorter does not. Nothing where the two are far
        apart."""
        if self._reader is None or self._nearness(one, other) < ON_IT:
            return
        claim, source = _shorter_first(one, other)
        for pair in ((claim, source), (source, claim)):
            if pair not in self._read:
                text = Text(pair[1].text)
                self._read[pair] = self._reader.carries(pair[0].text, [text])[0]
            yield self._read[pair]


def _apart(one: Statement, other: Statement, *, dates: bool) -> bool:
    """Whether both have numbers (or dates) of like kinds, and none in common."""
    kinds = [{q.kind for q in quantities(each.text) if q.sure} for each in (one, other)]
    if not dates and not kinds[0] & kinds[1]:
        return False
    for said, stated in ((one, other), (other, one)):
        own = [gap for gap in missing(said.text, []) if gap.date == dates]
        gone = [
            gap
            for gap in missing(said.text, [(stated.text, stated.published)])
            if gap.date == dates
        ]
        if not own or len(gone) < len(own):
            return False
    return True


def _shorter_first(one: Statement, other: Statement) -> list[Statement]:
    return sorted((one, other), key=lambda said: (tokens_of(said.text), said.text))


def _statement(source: Source) -> Statement:
    article = source.hit.article
    return Statement(
        source.text,
        source.language,
        article.outlet,
        article.published,
        article.group,
        article.url,
        corrected_address(article.title, article.text),
    )


def _numbered(
    side: Side, source_of: Mapping[Statement, Source], numbering: Numbering
) -> AnswerSide:
    """A side as the answer shows it: its best sentences are cited."""
    cited = [source_of[statement] for statement in side.statements]
    numbers = [numbering.cite(source.hit, source.span) for source in cited]
    return AnswerSide(tuple(dict.fromkeys(numbers)), side.outlets, side.newest, side.independent)


def _line(side: AnswerSide, of: Side, language: str) -> str:
    """One side in its own words."""
    say = labels(language)
    return say["side"].format(
        who=", ".join(map(one_line, side.outlets[:MOST_NAMED])) or say["unknown"],
        date=show_date(side.newest)[:10] or say["unknown"],
        n=side.independent,
        quote=" ".join(quoted(one_line(each.text)) for each in of.statements[:QUOTED]),
    )
