"""The numbers of citations: [1], [2], ... in the order in which an answer cites.

The same words get the same number: a sentence cited twice is one source, and so is a reprint of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from index.languages.text import fold, seen
from index.records import Sentence
from rag.results.hits import Citation, Hit


class Numbering:
    """Gives each citation its number, in the order of citing."""

    def __init__(self, given: Iterable[Citation] = ()) -> None:
        """Goes on from the citations given, which keep their numbers."""
        self._numbered = {fold(citation.quote): citation for citation in given}

    def number(self, citation: Citation) -> int:
        """The number of a citation: that of the same words if they were cited before, else a new one."""
        key = fold(seen(citation.quote))
        known = self._numbered.get(key)
        if known is None:
            known = self._numbered[key] = replace(citation, n=len(self._numbered) + 1)
        return known.n

    def cite(self, hit: Hit, span: Sentence) -> int:
        """Cites a sentence of a hit; returns its number."""
        return self.number(cite(hit, span))

    def all(self) -> tuple[Citation, ...]:
        return tuple(self._numbered.values())


def cite(hit: Hit, span: Sentence) -> Citation:
    """The citation of a sentence of a hit, without a number yet, with the reprints that have its words."""
    quote = hit.article.text[span.start : span.end]
    words = fold(seen(quote))
    reprints = tuple(twin for twin in hit.duplicates if words in fold(seen(twin.text)))
    return Citation(0, quote, span.start, span.end, hit.passage.id, hit.article, reprints)
