"""The answers of several groups -> where they agree, differ and contradict each other.

In: groups with their cited answers. Out: `Finding`s: pairs of sentences of two groups, both cited,
that say the same, that give different numbers, or that take opposite sides.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from index.embed.passages import passage_language
from index.embed.sentence_vectors import Vectors
from index.languages.numbers import quantities
from index.languages.quantity import Quantity
from index.languages.text import primary
from rag.check.checker import Checker, Statement
from rag.check.opposites import axes, denies, may_deny
from rag.results.hits import ON_SUBJECT, Citation, Hits
from rag.results.numbering import Numbering, cite

if TYPE_CHECKING:
    pass
from rag.analysis.comparison import Finding, Group, Kind, Side

STATEMENTS = 8
"""Sentences of a group that are held against those of the others."""

SAME_CLAIM = {"same language": 0.76, "across languages": 0.63}
"""Cosines from which two sentences make one claim, which they can agree on, or not. Of other
sentences of the same report (NTREX, 40 documents, Chinese and English) .01 reach them, most of them
headline and first sentence; of translations .80. At .66 and .56 .03 do, but nearly all of the
numbers that then differ count other things."""

STANCES = frozenset(
    (
        *("amount", "stance", "reply", "permission", "membership", "troops", "strength"),
        *("law", "truth", "outcome", "profit", "gate"),
    )
)
"""The opposites (rag/check/opposites.py) that are a position; before and after, north and south, he and
she stand side by side in sentences that agree."""

SHOWN = 5
"""Findings of each kind, the nearest pairs first."""


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A sentence of a group, ready to be compared."""

    group: str
    citation: Citation
    statement: Statement

    @property
    def text(self) -> str:
        return self.citation.quote


def statements_of(group: Group, vectors: Vectors) -> list[Told]:
    """What the group's answer cites, and the best sentences of its passages; none if it has no
    answer."""
    if group.answer.abstained:
        return []
    quotes = list(_quotes(group.answer.citations, group.answer.hits))[:STATEMENTS]
    languages = [passage_language(c.quote, c.article.language) for c, _ in quotes]
    matrix = vectors.sentences([citation.quote for citation, _ in quotes], languages)
    return [
        Told(
            group.name,
            citation,
            Statement(
                citation.quote,
                language,
                vector,
                citation.article.published,
                f"{citation.article.title}\n{around}",
            ),
        )
        for (citation, around), language, vector in zip(quotes, languages, matrix, strict=True)
    ]


def _quotes(citations: Iterable[Citation], hits: Hits) -> Iterator[tuple[Citation, str]]:
    """(citation, the text around it), each sentence once, as far as it says something."""
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
        if place not in seen:
            seen.add(place)
            yield citation, around


def find_findings(
    told: Sequence[Sequence[Told]], checker: Checker, least: float, numbering: Numbering
) -> list[Finding]:
    """The nearest pairs of each kind; a sentence is in one finding of a kind only."""
    pairs: list[tuple[float, Kind, Told, Told, tuple[tuple[str, str], ...]]] = []
    for group, others in combinations(told, 2):
        for one in group:
            for other in others:
                if one.citation.article.group == other.citation.article.group:
                    continue  # reprints of one report
                kind, details = relation(one.statement, other.statement, checker, least)
                if kind is not None:
                    near = float(one.statement.vector @ other.statement.vector)
                    pairs.append((near, kind, one, other, details))
    pairs.sort(key=lambda pair: pair[0], reverse=True)
    findings: list[Finding] = []
    for kind in ("agree", "differ", "contradict"):
        used: set[int] = set()
        for _, other_kind, one, other, details in pairs:
            if other_kind != kind or {id(one), id(other)} & used or len(used) >= 2 * SHOWN:
                continue
            used |= {id(one), id(other)}
            sides = (_side(one, numbering), _side(other, numbering))
            findings.append(Finding(kind, sides, details))
    return findings


def relation(
    one: Statement, other: Statement, checker: Checker, least: float
) -> tuple[Kind | None, tuple[tuple[str, str], ...]]:
    """How two sentences that make one claim stand to each other, and the numbers that differ.

    They differ where numbers of one kind do; they contradict if one denies what the other says, or
    takes the other side of an opposite; else they agree where either carries the other (the
    support check of rag/check/checker.py, at `least`). None where nothing can be told.
    """
    same = primary(one.language) == primary(other.language)
    least_near = SAME_CLAIM["same language" if same else "across languages"]
    if float(one.vector @ other.vector) < least_near:
        return None, ()
    if details := differing(one.text, other.text):
        return "differ", details
    if _opposed(one.text, other.text):
        return "contradict", ()
    if denies(one.text) != denies(other.text):
        return None, ()
    score = max(checker.check(one, [other]).score, checker.check(other, [one]).score)
    return ("agree" if score >= least else None), ()


def _opposed(one: str, other: str) -> bool:
    if (denies(one) and not may_deny(other)) or (denies(other) and not may_deny(one)):
        return True
    sides, others = axes(one), axes(other)
    return any(way and others.get(axis) == -way for axis, way in sides.items() if axis in STANCES)


def differing(one: str, other: str) -> tuple[tuple[str, str], ...]:
    """Numbers of one kind (percent, dollars, people, kilometres, ...) that the two texts have
    each one of, and that are not equal, as each writes them."""
    mine, theirs = _single(one), _single(other)
    return tuple(
        (one[number.start : number.end], other[theirs[kind].start : theirs[kind].end])
        for kind, number in mine.items()
        if kind in theirs and not (number.equals(theirs[kind]) or theirs[kind].equals(number))
    )


def _single(text: str) -> dict[str, Quantity]:
    """Kinds of which a text has one number, with that number."""
    by_kind: dict[str, list[Quantity]] = {}
    for quantity in quantities(text):
        if quantity.sure:
            by_kind.setdefault(quantity.kind, []).append(quantity)
    return {kind: found[0] for kind, found in by_kind.items() if len(found) == 1}


def _side(told: Told, numbering: Numbering) -> Side:
    return Side(told.group, numbering.number(told.citation), told.citation.quote)
