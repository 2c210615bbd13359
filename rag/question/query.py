"""A question prepared for search: its vector, its terms, its names in every language.

In: the text of a question. Out: a `Probe`; for each language of a library the terms to look for
(`Wanted`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from index.languages import late
from index.languages.names import Name, form_terms
from index.languages.pack import either, packs
from index.languages.terms import is_character, located_terms, terms
from index.languages.text import CAPITALS, HAN, detect, primary

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.search.protocol import Found

LEAST_PART_TERMS = 3
"""A part of a question with fewer terms than this is not searched by itself."""

TRANSLATED = 0.5
"""Weight of a question's translation beside the question, in the language of the translation
(tuning/translated.py)."""

_ASKING = [pack.asking for pack in packs()]
_PART_END = late.pattern(
    rf"(?<=[?？；;])\s*|[,，]\s*+(?:{either(asking.part_end for asking in _ASKING)})?\s*"
    rf"(?=(?:{either(asking.part_start for asking in _ASKING)}))",
    re.IGNORECASE,
)
_ASKS = late.pattern(rf"{either(asking.asks for asking in _ASKING)}|[?？]\s*$", re.IGNORECASE)
REFERS = late.pattern(either(asking.refers for asking in _ASKING), re.IGNORECASE)
"""Words that refer to something that was named before."""
_SHARED = late.pattern(rf"[^\W_{HAN}]*[{CAPITALS}\d][^\W_{HAN}]*")


@dataclass(frozen=True)
class Probe:
    """A text to search for."""

    text: str
    language: str
    vector: NDArray[np.float32]
    """[d], as the embedder returns it."""
    names: Sequence[Name] = ()
    """Names, numbers and dates in the text, with their other forms."""
    spelled: Sequence[Name] = ()
    """Those of them that no table has, as articles of another language spell them."""
    near: Mapping[str, Found] = field(default_factory=dict)
    """The rows nearest to `vector` in each language, and their cosines."""


@dataclass(frozen=True)
class WantedName:
    """A name of a question in the forms that passages of one language may have."""

    name: Name
    stands_for: frozenset[str]
    """The terms of the question that are part of the name."""
    forms: tuple[frozenset[str], ...]
    """For each form, the terms of a passage with that form."""


@dataclass(frozen=True)
class Wanted:
    """What to look for in the passages of one language."""

    terms: frozenset[str] = frozenset()
    """The terms of the question itself; none where the passages are in another language."""
    names: tuple[WantedName, ...] = ()

    @cached_property
    def vocabulary(self) -> list[str]:
        """All terms, those of names included, in the order of the alphabet."""
        return sorted(self.terms.union(*(form for name in self.names for form in name.forms)))

    def search_terms(self) -> dict[str, float]:
        """The terms for BM25, all with the same weight; BM25 multiplies each by its idf.

        Single characters are used only where there is nothing else. So many passages have them that
        BM25 would take seven times as long, and would put no more right paragraphs first.
        """
        telling = [term for term in self.vocabulary if not is_character(term)]
        return dict.fromkeys(telling or self.vocabulary, 1.0)


def want(probe: Probe, language: str) -> Wanted:
    """What to look for in the passages of a language."""
    own = primary(probe.language) == language
    located = located_terms(probe.text, probe.language)
    names = []
    for name in probe.names if own else (*probe.names, *_shared_words(probe)):
        forms = dict.fromkeys(chain(*(form_terms(form, language) for form in name.forms)))
        stands_for = frozenset(t for t, at in located if own and name.start <= at < name.end)
        names.append(WantedName(name, stands_for, tuple(forms)))
    return Wanted(frozenset(t for t, _ in located) if own else frozenset(), tuple(names))


def question_parts(question: str) -> list[str]:
    """The parts of a question that consists of several; none where they cannot stand alone."""
    parts = [part.strip() for part in _PART_END.split(question) if part and part.strip()]
    if len(parts) < 2:
        return []
    language = detect(question)
    enough = all(
        _ASKS.search(part)
        and len({t for t in terms(part, language) if not is_character(t)}) >= LEAST_PART_TERMS
        for part in parts
    )
    return parts if enough and not any(map(REFERS.search, parts[1:])) else []


def _shared_words(probe: Probe) -> list[Name]:
    """Capitalised words and numbers outside names, which other languages may write the same way."""
    taken = [(name.start, name.end) for name in probe.names]
    return [
        Name(match.group(), match.start(), match.end(), (match.group(),))
        for match in _SHARED.finditer(probe.text)
        if not any(start < match.end() and match.start() < end for start, end in taken)
        and (match.start() > 0 or primary(probe.language) == "zh")
    ]
