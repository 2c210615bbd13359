"""A toy embedder: deterministic, computable by hand, no model.

A text's vector counts its folded character pairs, each in the component that the pair's CRC-32
names, and is then L2-normalised: texts that share pairs are near, whatever their script or case.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from index.embed.protocol import Embedded
from index.languages.text import fold

DIMENSION = 64


class ToyEmbedder:
    """An `Embedder` for tests; `embedded` counts the passages it was given."""

    name = "toy"
    dimension = DIMENSION

    def __init__(self, fingerprint: str = "toy-1") -> None:
        self.fingerprint = fingerprint
        self.embedded = 0

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return vectors(texts)

    def embed_passages(
        self, texts: Sequence[str], sentences: Sequence[Sequence[tuple[int, int]]]
    ) -> Embedded:
        self.embedded += len(texts)
        return Embedded(
            vectors(texts),
            [
                vectors([text[start:end] for start, end in spans])
                for text, spans in zip(texts, sentences, strict=True)
            ],
        )


def vectors(texts: Sequence[str]) -> NDArray[np.float32]:
    """Float32 [n, DIMENSION]."""
    return np.array([vector(text) for text in texts], np.float32).reshape(-1, DIMENSION)


def vector(text: str) -> NDArray[np.float32]:
    """The toy vector of a text, float32 [DIMENSION]."""
    folded = f" {fold(text)} "
    counts = np.zeros(DIMENSION, np.float32)
    for first, second in pairwise(folded):
        counts[zlib.crc32((first + second).encode()) % DIMENSION] += 1
    return counts / np.float32(np.linalg.norm(counts))
