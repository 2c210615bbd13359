"""What is compared: a claim, or a sentence that it rests on, and the terms that carry its content."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from index.languages.pack import packs
from index.languages.terms import is_character, terms
from index.languages.text import is_spaced

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """A sentence that claims something, or that a claim rests on."""

    text: str
    language: str
    vector: NDArray[np.float32]
    """Without its language's offset, L2-normalised."""
    published: str = ""
    """The date of the article it stands in, ISO 8601."""
    context: str = ""
    """What it can refer to without naming it: the title, and the passage around it."""
    title: str = ""
    """Of the article it stands in."""


_STOP = frozenset[str]().union(*(pack.contrasts.stop for pack in packs()))


@lru_cache(4096)
def content(text: str, language: str) -> frozenset[str]:
    """The terms of a text that carry its content: stems, numbers, pairs of Chinese characters."""
    return frozenset(
        term
        for term in terms(text, language)
        if term not in _STOP
        and not is_character(term)
        and (is_spaced(term) or not (term[0] in _STOP or term[-1] in _STOP))
    )
