"""Vectors and spans as bytes, and the key under which a vector is kept.

In: float32 vectors, spans of sentences. Out: bytes, of vectors a quarter of the size, and back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.records import Passage, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

KEY_BYTES = 16


def embedding_key(fingerprint: str, text: str, spans: Sequence[tuple[int, int]]) -> bytes:
    """Two embeddings are the same if the embedder, the text and the spans of its sentences are."""
    digest = hashlib.blake2b(repr((fingerprint, spans)).encode(), digest_size=KEY_BYTES)
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.digest()


def quantise(vectors: NDArray[np.float32]) -> bytes:
    """L2-normalised float32 [k, d] -> int8 [k, d] as bytes, each vector scaled to fill the range.

    The scale is not kept: what they are for is their direction.
    """
    peaks = np.abs(vectors).max(axis=1, initial=0)
    return (
        np.rint(vectors * (127 / np.where(peaks == 0, 1, peaks))[:, None]).astype(np.int8).tobytes()
    )


def unpack_vectors(data: bytes, dimension: int) -> NDArray[np.int8]:
    """What `quantise` packed, [k, d]: directions, whose lengths mean nothing; zeros are no direction."""
    return np.frombuffer(data, np.int8).reshape(-1, dimension)


def pack_spans(passage: Passage) -> bytes:
    spans = [(s.start - passage.start, s.end - passage.start) for s in passage.sentences]
    return np.array(spans, np.int32).tobytes()


def unpack_spans(data: bytes, start: int) -> tuple[Sentence, ...]:
    ends = [start + offset for offset in memoryview(data).cast("i")]
    return tuple(map(Sentence, ends[::2], ends[1::2]))
