"""What a question is pinned to, its names and dates, and whether an excerpt is about them.

In: a question and an excerpt, in whatever languages. Out: how many names of the question are nowhere
near the excerpt, and whether its dates are those asked for. A language model, large or small, takes
a good answer about another country, or another year, for the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.languages.names import Name, Names, alike
from index.languages.numbers import days
from rag.results.sources import Excerpt


@dataclass(frozen=True, slots=True)
class Anchors:
    """How an excerpt stands to the names and dates of a question."""

    unnamed: int = 0
    """Names of the question that neither the excerpt's passage nor its headline has."""
    dated: int = 0
    """1 with a date of the question, -1 with other dates only, 0 where either has none."""

    @property
    def hold(self) -> bool:
        """Whether nothing speaks against the excerpt."""
        return not self.unnamed and self.dated >= 0


NOWHERE = Anchors()
"""Of a question without names and dates."""


def anchors(question: str, excerpt: Excerpt, tables: Sequence[Names]) -> Anchors:
    """Looks for the question's names around the excerpt, and for its dates in it."""
    hit = excerpt.hit
    around = _names(f"{hit.article.title}\n{hit.passage.text}", tables)
    unnamed = sum(
        not any(alike(name, told) for told in around) for name in _names(question, tables)
    )
    return Anchors(unnamed, _dated(question, excerpt.text, hit.article.published))


def _names(text: str, tables: Sequence[Names]) -> list[Name]:
    return [name for table in tables for name in table.find(text) if len(name.text) > 1]


def _dated(question: str, text: str, told_on: str) -> int:
    asked, told = days(question), days(text, told_on)
    if not asked or not told:
        return 0
    same = any(one.within(other) or other.within(one) for one in asked for other in told)
    return 1 if same else -1
