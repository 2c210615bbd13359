"""Passages -> their vectors, each text embedded once.

In: passages, the embedder, the store with the vectors it has. Out: vectors by key, and the numbers under
which the store keeps them. A key is made of the embedder and of what it reads, so that no text is
embedded again when articles are reprinted or a rebuild goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.embed.protocol import Embedder
from index.languages.text import seen_spans
from index.records import Passage
from index.store.packing import embedding_key
from index.store.store import Store

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Vectors = tuple[NDArray[np.float32], NDArray[np.float32]]
    """A passage's vector [d] and those of its sentences [k, d]."""

BATCH_PASSAGES = 256
"""Passages in a full batch. With this many, the embedder's token batches are well filled: 4 % of
the tokens are padding."""


def embedding_keys(embedder: Embedder, passages: Sequence[Passage]) -> list[bytes]:
    """The keys under which the vectors of these passages are stored."""
    return [embedding_key(embedder.fingerprint, *_embedded(passage)) for passage in passages]


def embed_missing(
    store: Store, embedder: Embedder, passages: Sequence[Passage], keys: Sequence[bytes]
) -> dict[bytes, Vectors]:
    """Embeds the passages whose vectors the store does not have, each text once; vectors by key."""
    have = store.embeddings(keys)
    missing = {key: passage for key, passage in zip(keys, passages, strict=True) if key not in have}
    found: dict[bytes, Vectors] = {}
    waiting = list(missing.items())
    for at in range(0, len(waiting), BATCH_PASSAGES):
        part = waiting[at : at + BATCH_PASSAGES]
        texts, spans = zip(*(_embedded(passage) for _, passage in part), strict=True)
        embedded = embedder.embed_passages(texts, spans)
        vectors = zip(embedded.passages, embedded.sentences, strict=True)
        found.update(zip((key for key, _ in part), vectors, strict=True))
    return found


def store_embeddings(
    store: Store, keys: Sequence[bytes], embedded: dict[bytes, Vectors]
) -> list[int]:
    """Stores the vectors in `embedded`; returns the numbers of the embeddings with these keys."""
    numbers = store.embeddings(keys)
    for key in keys:
        if key not in numbers:
            numbers[key] = store.insert_embedding(key, *embedded[key])
    return [numbers[key] for key in keys]


def _embedded(passage: Passage) -> tuple[str, list[tuple[int, int]]]:
    """The text that the embedder reads for a passage (the headline first), and the spans of its sentences
    in that text."""
    headline = f"{passage.title}\n" if passage.title else ""
    shift = len(headline) - passage.start
    spans = [(sentence.start + shift, sentence.end + shift) for sentence in passage.sentences]
    text = headline + passage.text
    return seen_spans(text, spans)  # what no reader sees is not embedded
