"""What a question is pinned to, its names and dates, and whether an excerpt is about them.

In: a question and a sentence of a hit, in whatever languages. Out: how many names of the question are
nowhere near the sentence, and whether its dates are those asked for. A language model, large or small, takes
a good answer about another country, or another year, for the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.languages.names import Name, Names, alike
from index.languages.numbers import days
from index.languages.text import seen
from rag.results.hits import Hit


@dataclass(frozen=True, slots=True)
class Anchors:
    """How a sentence stands to the names and dates of a question."""

    unnamed: int = 0
    """Names of the question that neither its passage nor its headline has."""
    dated: int = 0
    """1 with a date of the question, -1 with other dates only, 0 where either has none."""


class Pinned:
    """A question's names and dates, found once."""

    def __init__(self, question: str, tables: Sequence[Names]) -> None:
        self._tables = tables
        self._names = _names(question, tables)
        self._days = days(question)
        self._around: dict[str, list[Name]] = {}

    def anchors(self, hit: Hit, text: str) -> Anchors:
        """How a sentence of a hit stands to them: the names are looked for around it, the dates in it."""
        if not self._names and not self._days:
            return Anchors()
        passage = hit.passage
        if passage.id not in self._around:
            around = f"{hit.article.title}\n{seen(passage.text)}"
            self._around[passage.id] = _names(around, self._tables)
        named = self._around[passage.id]
        unnamed = sum(not any(alike(name, other) for other in named) for name in self._names)
        return Anchors(unnamed, self._dated(text, hit.article.published))

    def _dated(self, text: str, dated: str) -> int:
        dates = days(text, dated) if self._days else []
        if not dates:
            return 0
        same = any(one.within(other) or other.within(one) for one in self._days for other in dates)
        return 1 if same else -1


def _names(text: str, tables: Sequence[Names]) -> list[Name]:
    return [name for table in tables for name in table.find(text) if len(name.text) > 1]
