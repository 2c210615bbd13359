"""In what a claim and a sentence of an article differ: numbers, dates, names, a denial, a direction.

In: a claim, a sentence that speaks of the same, and what the check found comparing them. Out:
each difference, in the words of both. The check says that something is wrong; this module says
what.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from index.languages.names import Name, Names, alike
from index.languages.numbers.quantity import currencies
from index.languages.numbers.stated import Missing, days, quantities
from rag.analysis.checked import Difference
from rag.check.contraries import contraries, parting, undenied
from rag.check.opposites import denies
from rag.check.statements import Statement
from rag.check.weighing import Features


def differences(
    claim: Statement, source: Statement, found: Features, tables: Sequence[Names]
) -> tuple[Difference, ...]:
    """The differences that can be named, the plainest first."""
    named = [_number(gap, claim, source) for gap in found.numbers]
    dated = {each.claim for each in named}
    named += [
        Difference("name", name, _other_name(claim, source, tables) if found.substituted else "")
        for name in dict.fromkeys(found.names)
        if not any(name in date for date in dated)
    ]
    named += _turned(claim, source, found)
    return tuple(named)


def is_untold(gap: Missing, claim: Statement, source: Statement) -> bool:
    """Whether a sentence has nothing in the place of a number or date of the claim: no number of its
    kind, no date."""
    if gap.date:
        return not days(source.text)
    kinds = _kinds(gap, claim)
    money = currencies() if kinds & currencies() else frozenset[str]()
    return not any(q.kind in kinds | money for q in quantities(source.text))


def _kinds(gap: Missing, claim: Statement) -> set[str]:
    """What a number of the claim counts: years, people, dollars."""
    return {q.kind for q in quantities(claim.text) if (q.start, q.end) == (gap.start, gap.end)}


def _number(gap: Missing, claim: Statement, source: Statement) -> Difference:
    if gap.date:
        instead = _date(gap, claim.text, source)
    else:
        kinds = _kinds(gap, claim)
        said = [q for q in quantities(claim.text) if q.sure]
        instead = _only(
            source.text[q.start : q.end]
            for q in quantities(source.text)
            if q.kind in kinds and not any(q.equals(other) for other in said)
        )
    return Difference("date" if gap.date else "number", gap.text, instead)


def _date(gap: Missing, claim: str, source: Statement) -> str:
    """The one date that the source has and the claim lacks. Dates stated in full come before
    dates that were completed."""
    said = [day for day in days(claim) if (day.start, day.end) != (gap.start, gap.end)]
    own = days(source.text)
    for dates in (own, [day for day in days(source.text, source.published) if day.resolved]):
        others = [day for day in dates if not any(one.within(day) for one in said)]
        if others:
            return _only(source.text[day.start : day.end] for day in others)
    return ""


def _other_name(claim: Statement, source: Statement, tables: Sequence[Names]) -> str:
    """The one name that the source has and the claim lacks; "" where there are several."""
    said = _names(claim.text, tables)
    return _only(
        name.text
        for name in _names(source.text, tables)
        if not any(alike(name, other) for other in said)
    )


def _names(text: str, tables: Sequence[Names]) -> list[Name]:
    return [name for table in tables for name in table.find(text)]


def _only(found: Iterator[str]) -> str:
    """What was found, if all of it is the same; else ""."""
    different = tuple(dict.fromkeys(found))
    return different[0] if len(different) == 1 else ""


def _turned(claim: Statement, source: Statement, found: Features) -> Iterator[Difference]:
    if found.negation_added or found.negation_turned or denies(claim.text) != denies(source.text):
        words = [_word(each, undenied) for each in (claim, source)]
        if any(words) and not all(words):
            yield Difference("denial", *words)
    if found.opposites:
        said = _word(claim, lambda text, language: contraries(text, language, source.text))
        stated = _word(source, lambda text, language: contraries(text, language, claim.text))
        yield Difference("direction", said, stated)


def _word(said: Statement, without: Callable[[str, str], Sequence[str]]) -> str:
    """The word in which a text differs from the first of its variants."""
    variant = next(iter(without(said.text, said.language)), said.text)
    start, end = parting(said.text, variant)
    return said.text[start:end].strip()
