"""Citations of several answers or sentences -> one list, numbered from 1.

The same words get the same number: a reprint, or a sentence cited twice, is one source.
"""

from __future__ import annotations

from dataclasses import replace

from index.languages.text import fold
from index.records import Sentence
from rag.results.hits import Citation, Hit


class Numbering:
    """Numbers what is cited, in the order it is cited in."""

    def __init__(self) -> None:
        self._numbered: dict[str, Citation] = {}

    def number(self, citation: Citation) -> int:
        """The number of a citation's words, new or known."""
        key = fold(citation.quote)
        known = self._numbered.get(key)
        if known is None:
            known = self._numbered[key] = replace(citation, n=len(self._numbered) + 1)
        return known.n

    def cite(self, hit: Hit, span: Sentence) -> int:
        """The number of a sentence of a hit."""
        return self.number(cite(hit, span))

    def all(self) -> tuple[Citation, ...]:
        return tuple(self._numbered.values())


def cite(hit: Hit, span: Sentence) -> Citation:
    """The citation of a sentence of a hit, not yet numbered; reprints that carry it stand by."""
    quote = hit.article.text[span.start : span.end]
    words = fold(quote)
    reprints = tuple(twin for twin in hit.duplicates if words in fold(twin.text))
    return Citation(0, quote, span.start, span.end, hit.passage.id, hit.article, reprints)
