"""Vectors of sentences in which languages compare; recent ones are kept.

In: questions, sentences and words within them. Out: their vectors without the offset of their
language, and how near they are to a question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.embed.kept import Kept, key_of
from index.embed.language_offsets import find_offsets
from index.embed.protocol import Embedder
from index.languages.text import detect

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

REMEMBERED = 4096
"""Sentence vectors kept in memory: some 6 MB."""

WORDS_REMEMBERED = 256
"""How many texts' word vectors are kept."""


class Vectors:
    """Vectors of questions and sentences without their language's offset; recent ones are kept.

    With `kept`, those of sentences are kept in the library's folder too, where the next process
    finds them. Safe to share between threads.
    """

    def __init__(
        self, embedder: Embedder, folder: Path | None = None, *, kept: Kept | None = None
    ) -> None:
        self._embedder = embedder
        self._kept = kept
        self._offsets = find_offsets(embedder, folder)
        self._recent: dict[tuple[str, str], NDArray[np.float32]] = {}
        self._words: dict[tuple[str, str, tuple[tuple[int, int], ...]], NDArray[np.float32]] = {}

    def question(self, text: str) -> NDArray[np.float32]:
        """[d]"""
        return self.questions([text])[0]

    def questions(self, texts: Sequence[str]) -> list[NDArray[np.float32]]:
        """Each [d]; several are embedded in the time of one."""
        vectors = self._embedder.embed_queries(texts)
        return [
            self._offsets.centred_query(vector, detect(text))
            for vector, text in zip(vectors, texts, strict=True)
        ]

    def sentences(self, texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]:
        """[n, d]"""
        keys = list(zip(texts, languages, strict=True))
        if not keys:
            return np.zeros((0, self._embedder.dimension), np.float32)
        recent = self._recent
        found = {key: recent[key] for key in keys if key in recent}
        missing = list(dict.fromkeys(key for key in keys if key not in found))
        if missing:
            for key, vector in zip(missing, self._embedded([t for t, _ in missing]), strict=True):
                found[key] = self._offsets.centred(vector[None], key[1])[0]
            # a new dict, because another thread may be reading the old one
            self._recent = {**(recent if len(recent) < REMEMBERED else {}), **found}
        return np.stack([found[key] for key in keys])

    def _embedded(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """[n, d], as the embedder gives them; where they are kept, rounded as they are kept."""
        if self._kept is None:
            return self._embedder.embed_passages(texts, [()] * len(texts)).passages
        keys = [key_of(self._embedder.fingerprint, text) for text in texts]
        found = self._kept.get(keys)
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            embedded = self._embedder.embed_passages([*missing.values()], [()] * len(missing))
            rounded = embedded.passages.astype(np.float16)
            made = {key: vector.tobytes() for key, vector in zip(missing, rounded, strict=True)}
            self._kept.put(made)
            found |= made
        whole = np.frombuffer(b"".join(found[key] for key in keys), np.float16)
        return whole.reshape(len(texts), -1).astype(np.float32)

    def words(
        self, text: str, language: str, spans: Sequence[tuple[int, int]]
    ) -> NDArray[np.float32]:
        """[k, d]: the vectors of words within a text, in that context; the words are given as offsets."""
        key = text, language, tuple(spans)
        recent = self._words
        if (found := recent.get(key)) is None:
            embedded = self._embedder.embed_passages([text], [key[2]])
            found = self._offsets.centred(embedded.sentences[0], language)
            self._words = {**(recent if len(recent) < WORDS_REMEMBERED else {}), key: found}
        return found

    def nearness(
        self, question: NDArray[np.float32], vectors: NDArray[np.float32], languages: Sequence[str]
    ) -> NDArray[np.float32]:
        """[n]: nearness in standard deviations above unrelated news in the same language."""
        scores = vectors @ question
        backgrounds = {
            language: self._offsets.background(question, language) or (0.0, 1.0)
            for language in set(languages)
        }
        means = np.array([backgrounds[language][0] for language in languages], np.float32)
        deviations = np.array([backgrounds[language][1] for language in languages], np.float32)
        nearness: NDArray[np.float32] = (scores - means) / deviations
        return nearness
