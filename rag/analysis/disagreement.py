"""Where sources disagree on what is asked: what each side says, who says it, how many by themselves.

In: sentences that answer a question, best first, each with its article's outlet, date and group of
reprints. Out: the sides, if there are two or more: outlets, newest date, and how many sources that do
not repeat one another. A hundred reprints, or a hundred articles of one outlet, are one source.

A correction takes back what its own outlet said at its own address, and nothing that others say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rag.analysis.findings import differing, opposed

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
        (s.outlet.casefold(), _address(s.corrects)) for s in statements if s.corrects and s.outlet
    }
    return [s for s in statements if (s.outlet.casefold(), _address(s.url)) not in taken_back]


def _address(url: str) -> str:
    return url.partition("://")[2].partition("#")[0].removeprefix("www.").rstrip("/") or url


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
