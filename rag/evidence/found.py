"""What was found for a question and read: the sentences that can be cited, and those that answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rag.results.hits import Hits
from rag.results.sources import Excerpt, Source


@dataclass(frozen=True)
class Found:
    """What was read of the hits of a question."""

    hits: Hits
    sources: Sequence[Source]
    """Every sentence of the hits."""
    excerpts: Sequence[Excerpt]
    """Those to answer from, best first."""
    belief: float
    """How probable it is that they answer."""
