"""Where sources disagree on what is asked: what each side says, who says it, and how many
independent sources do.

In: sentences that answer a question, best first, each with its article's outlet, date and group of
reprints. Out: the sides, if there are two or more: outlets, newest date, and how many sources that do
not repeat one another. A hundred reprints, or a hundred articles of one outlet, are one source.

A correction takes back what its own outlet said at its own address, and nothing that others say.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.languages.numbers.quantity import Quantity
from index.languages.numbers.stated import quantities
from index.languages.pack import either, packs
from index.languages.text import fold, primary
from rag.check.opposites import axes, denies, may_deny

SAME_CLAIM = {"same language": 0.76, "across languages": 0.63}
"""Cosines from which two sentences make the same claim, so that they can agree or disagree on it
(tuning/same_event.py)."""

STANCES = frozenset(
    (
        *("amount", "stance", "reply", "permission", "membership", "troops", "strength"),
        *("law", "truth", "outcome", "profit", "gate"),
    )
)
"""The pairs of opposites (rag/check/opposites.py) that are a position. Others, such as before and after
or north and south, also occur in sentences that agree."""

BEGINNING = 1000
"""Characters of an article in which it says that it corrects another."""

_CORRECTS = re.compile(either(pack.pages.corrects for pack in packs()))
_URL = re.compile(r"https?://[^\s<>\"'）)，。；]{4,500}")

Opposed = Callable[["Statement", "Statement"], bool]


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence that answers the question, and where it stands."""

    text: str
    language: str
    outlet: str
    published: str
    """ISO 8601; "" if unknown."""
    group: str
    """Its article's group of near duplicates."""
    url: str = ""
    corrects: str = ""
    """Address of the article that it says it corrects; "" if it corrects none."""


@dataclass(frozen=True, slots=True)
class Side:
    """What some of the sources say."""

    statements: tuple[Statement, ...]
    """In the order given: the best first."""

    @property
    def outlets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(s.outlet for s in self.statements if s.outlet))

    @property
    def newest(self) -> str:
        """The latest date that a statement of it was published; "" if none is known."""
        return max((s.published for s in self.statements), default="")

    @property
    def independent(self) -> int:
        """Sources that neither reprint one another nor come from one outlet."""
        return _count_apart(self.statements)


def sides(statements: Sequence[Statement], contrary: Opposed | None = None) -> tuple[Side, ...]:
    """The sides that the statements take, that with the best statement first; none where they agree.

    `contrary` decides whether two statements cannot both be true; it is `are_opposed` unless given.
    """
    contrary = contrary or are_opposed
    standing = without_corrected(statements)
    groups: list[list[Statement]] = []
    for statement in standing:
        fitting = (g for g in groups if not any(contrary(statement, other) for other in g))
        group = next(fitting, None)
        if group is None:
            groups.append([statement])
        else:
            group.append(statement)
    return tuple(Side(tuple(group)) for group in groups) if len(groups) > 1 else ()


def are_opposed(one: Statement, other: Statement) -> bool:
    """Whether two statements cannot both be true: other numbers of the same kind, or one denies what
    the other says or takes the other side of an opposite."""
    return bool(differing(one.text, other.text)) or opposed(one.text, other.text)


def without_corrected(statements: Sequence[Statement]) -> list[Statement]:
    """The statements without those that their own outlet has corrected, at the address corrected."""
    taken_back = {
        (s.outlet.casefold(), _address(s.corrects))
        for s in statements
        if s.outlet and s.corrects and _host(s.corrects) == _host(s.url)
    }
    return [s for s in statements if (s.outlet.casefold(), _address(s.url)) not in taken_back]


def corrected_address(title: str, text: str) -> str:
    """The address of the article that another says it corrects; "" if it corrects none."""
    beginning = f"{title}\n{text[:BEGINNING]}"
    if not _CORRECTS.search(fold(beginning)):
        return ""
    address = _URL.search(beginning)
    return address[0].rstrip(".,;:)") if address else ""


def _address(url: str) -> str:
    return url.partition("://")[2].partition("#")[0].removeprefix("www.").rstrip("/") or url


def _host(url: str) -> str:
    return _address(url).partition("/")[0].casefold()


def _count_apart(statements: Sequence[Statement]) -> int:
    """How many sets of statements there are that share neither a group nor an outlet."""
    sets: list[set[str]] = []
    for statement in statements:
        names = {f"group {statement.group}"}
        if statement.outlet:
            names.add(f"outlet {statement.outlet.casefold()}")
        joined = [known for known in sets if known & names]
        sets = [known for known in sets if not known & names]
        sets.append(names.union(*joined))
    return len(sets)


def near_enough(nearness: float, language: str, other: str) -> bool:
    """Whether two sentences with so much nearness make the same claim."""
    same = primary(language) == primary(other)
    return nearness >= SAME_CLAIM["same language" if same else "across languages"]


def opposed(one: str, other: str) -> bool:
    """Whether one text denies what the other says, or takes the other side of an opposite."""
    if (denies(one) and not may_deny(other)) or (denies(other) and not may_deny(one)):
        return True
    sides, others = axes(one), axes(other)
    return any(way and others.get(axis) == -way for axis, way in sides.items() if axis in STANCES)


def differing(one: str, other: str) -> tuple[tuple[str, str], ...]:
    """Pairs of unequal numbers, as each text writes them. Only kinds of number (percent, dollars,
    people, ...) are compared of which each text has exactly one."""
    mine, theirs = _single(one), _single(other)
    return tuple(
        (one[number.start : number.end], other[theirs[kind].start : theirs[kind].end])
        for kind, number in mine.items()
        if kind in theirs and not (number.equals(theirs[kind]) or theirs[kind].equals(number))
    )


def _single(text: str) -> dict[str, Quantity]:
    """The kinds of which a text has exactly one number, with that number."""
    by_kind: dict[str, list[Quantity]] = {}
    for quantity in quantities(text):
        if quantity.sure:
            by_kind.setdefault(quantity.kind, []).append(quantity)
    return {kind: found[0] for kind, found in by_kind.items() if len(found) == 1}
