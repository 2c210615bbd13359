"""What a library needs of an embedder, and what one gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of n passages, float32 [n, d], and of each one's sentences, float32 [k, d]."""

    passages: NDArray[np.float32]
    sentences: list[NDArray[np.float32]]


class Embedder(Protocol):
    """Texts to L2-normalised vectors, comparable where fingerprints are equal."""

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def fingerprint(self) -> str: ...
    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]: ...
    def embed_passages(self, texts: Sequence[str], sentences: Sequence[Spans]) -> Embedded: ...
