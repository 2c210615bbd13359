"""How much of what is wanted passages and their sentences have, weighted by how rare it is among them.

In: which terms of a `Wanted` each passage and sentence has. Out: shares of the question's own terms, and the
worth of the names and numbers that are there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.languages.terms import is_character
from rag.question.query import Wanted

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Present = NDArray[np.bool_]
    """[n, terms of the vocabulary], or [n, names]: what is there, in each passage or sentence."""

CHARACTER_WEIGHT = 0.5
"""A single Chinese character counts half as much as a pair (tuning/retrieval.py)."""

NAME_PRIOR = 8
"""This many passages without a name are added to its count, so that in a library of a few articles
a name that half of them have still has some weight (tuning/retrieval.py)."""


class Coverage:
    """Weights of what is wanted.

    Document frequencies are counted among the candidates, not in the library: candidates are on the
    subject of the question, so that a term that is rare among them is specific to an answer.
    """

    def __init__(self, wanted: Wanted, candidates: Present) -> None:
        self._wanted = wanted
        self._column = {term: n for n, term in enumerate(wanted.vocabulary)}
        total = len(candidates)
        weights = [_weight(term) * (term in wanted.terms) for term in wanted.vocabulary]
        self._weights = _idf(candidates.sum(axis=0), total) * weights
        self._total = self._weights.sum() or 1.0
        self._stands_for = np.zeros((len(wanted.names), len(self._column)), np.bool_)
        for n, name in enumerate(wanted.names):
            self._stands_for[n, self._columns(name.stands_for)] = True
        self._name_idf = _idf(self.named(candidates).sum(axis=0), total + NAME_PRIOR)

    def _columns(self, terms: frozenset[str]) -> list[int]:
        return [self._column[term] for term in terms]

    def named(self, present: Present) -> Present:
        """Which names and numbers are there, in any form."""
        found = np.zeros((len(present), len(self._wanted.names)), np.bool_)
        for n, name in enumerate(self._wanted.names):
            for form in name.forms:
                found[:, n] |= present[:, self._columns(form)].all(axis=1)
        return found

    def share(self, present: Present, named: Present) -> NDArray[np.float64]:
        """[n]: the share of the question's own terms, by weight; a name counts in any form."""
        for n in np.flatnonzero(named.any(axis=0)):
            present = present | named[:, n, None] & self._stands_for[n]
        return present @ self._weights / self._total

    def worth(self, named: Present) -> NDArray[np.float64]:
        """[n]: the sum of the idf of these names and numbers."""
        worth: NDArray[np.float64] = named @ self._name_idf
        return worth

    def texts(self, named: Sequence[bool]) -> list[str]:
        """These names and numbers as the question writes them."""
        names = self._wanted.names
        return list(dict.fromkeys(names[n].name.text for n in np.flatnonzero(named)))


def _weight(term: str) -> float:
    return CHARACTER_WEIGHT if is_character(term) else 1.0


def _idf(counts: NDArray[np.int64], total: int) -> NDArray[np.float64]:
    found: NDArray[np.float64] = np.log(1 + (total - counts + 0.5) / (counts + 0.5))
    return found
