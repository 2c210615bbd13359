"""Where the answers of several groups agree, differ and contradict each other.

In: groups with their cited answers. Out: `Finding`s: pairs of sentences of two groups, both cited,
that say the same, that give different numbers, or that take opposite sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from index.embed.passages import passage_language
from index.embed.sentence_vectors import Vectors
from index.languages.text import is_question, seen
from rag.analysis.comparison import Finding, Group, Kind, Side
from rag.check.checker import Checker
from rag.check.disagreement import differing, near_enough, opposed
from rag.check.likelier import Contrasting
from rag.check.opposites import denies
from rag.check.statements import Statement
from rag.results.hits import ON_SUBJECT, Citation, Hits
from rag.results.numbering import Numbering, cite

STATEMENTS = 8
"""How many sentences of a group are compared with those of the others."""

SHOWN = 5
"""How many findings of each kind are shown."""


@dataclass(frozen=True, slots=True, eq=False)
class GroupStatement:
    """A sentence of a group, ready to be compared."""

    group: str
    citation: Citation
    statement: Statement

    @property
    def text(self) -> str:
        return self.citation.quote


def statements_of(group: Group, vectors: Vectors) -> list[GroupStatement]:
    """The sentences that the group's answer cites, then the best sentences of its hits; none if the
    group has no answer."""
    if group.answer.abstained:
        return []
    quotes = list(_quotes(group.answer.citations, group.answer.hits))[:STATEMENTS]
    languages = [passage_language(c.quote, c.article.language) for c, _ in quotes]
    matrix = vectors.sentences([seen(citation.quote) for citation, _ in quotes], languages)
    return [
        GroupStatement(
            group.name,
            citation,
            Statement(
                seen(citation.quote),
                language,
                vector,
                citation.article.published,
                f"{citation.article.title}\n{seen(around)}",
            ),
        )
        for (citation, around), language, vector in zip(quotes, languages, matrix, strict=True)
    ]


def _quotes(citations: Iterable[Citation], hits: Hits) -> Iterator[tuple[Citation, str]]:
    """(citation, the text around it) of each sentence that says something, each once."""
    seen: set[tuple[str, int]] = set()
    passages = {hit.passage.id: hit.passage.text for hit in hits}
    cited = [(citation, passages.get(citation.passage_id, "")) for citation in citations]
    best = [
        (cite(hit, hit.best_sentence), hit.passage.text)
        for hit in hits
        if hit.strength >= ON_SUBJECT
    ]
    for citation, around in (*cited, *best):
        place = (citation.article.id, citation.start)
        if place not in seen and not is_question(citation.quote):
            seen.add(place)
            yield citation, around


_Pair = tuple[float, Kind, GroupStatement, GroupStatement, tuple[tuple[str, str], ...]]
"""Nearness, relation, and the numbers that differ."""


def find_findings(
    groups: Sequence[Sequence[GroupStatement]],
    checker: Checker,
    contrasting: Contrasting,
    least: float,
    numbering: Numbering,
) -> list[Finding]:
    """The nearest pairs of each kind; a sentence is in at most one finding of a kind.

    Of those that seem to agree an LLM is asked whether they do not sooner say the contrary.
    """
    pairs: list[_Pair] = []
    for group, others in combinations(groups, 2):
        for one in group:
            for other in others:
                if one.citation.article.group == other.citation.article.group:
                    continue  # reprints of one report
                kind, details = relation(one.statement, other.statement, checker, least)
                if kind is not None:
                    near = float(one.statement.vector @ other.statement.vector)
                    pairs.append((near, kind, one, other, details))
    findings: list[Finding] = []
    turned: list[_Pair] = []
    for kind in ("agree", "differ", "contradict"):
        used: set[int] = set()
        nearest = sorted([*pairs, *turned], key=lambda pair: pair[0], reverse=True)
        for near, other_kind, one, other, details in nearest:
            if other_kind != kind or {id(one), id(other)} & used or len(used) >= 2 * SHOWN:
                continue
            both = one.statement, other.statement
            if kind == "agree" and are_turned(*both, checker, contrasting, least):
                turned.append((near, "contradict", one, other, ()))
                continue
            used |= {id(one), id(other)}
            sides = (_side(one, numbering), _side(other, numbering))
            findings.append(Finding(kind, sides, details))
    return findings


def are_turned(
    one: Statement, other: Statement, checker: Checker, contrasting: Contrasting, least: float
) -> bool:
    """Whether an LLM finds that two sentences, of which either seems to support the other, say the contrary
    of each other: who did it to whom is exchanged, or a direction."""
    return any(
        (score := checker.check(claim, [source]).score) >= least
        and (contrary := contrasting.likelier(claim, [source])) is not None
        and contrary.leaves(score) < least
        for claim, source in ((one, other), (other, one))
    )


def relation(
    one: Statement, other: Statement, checker: Checker, least: float
) -> tuple[Kind | None, tuple[tuple[str, str], ...]]:
    """The relation of two sentences that make the same claim, and the numbers that differ.

    They differ if numbers of the same kind do. They contradict each other if one denies what the
    other says, or takes the other side of an opposite. They agree if either supports the other (the
    check of rag/check/checker.py, with a score of at least `least`). None if none of this holds.
    """
    if not near_enough(float(one.vector @ other.vector), one.language, other.language):
        return None, ()
    if details := differing(one.text, other.text):
        return "differ", details
    if opposed(one.text, other.text):
        return "contradict", ()
    if denies(one.text) != denies(other.text):
        return None, ()
    score = max(checker.check(one, [other]).score, checker.check(other, [one]).score)
    return ("agree" if score >= least else None), ()


def _side(one: GroupStatement, numbering: Numbering) -> Side:
    return Side(one.group, numbering.number(one.citation), one.citation.quote)
