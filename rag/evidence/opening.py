"""The reader that the settings name."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

from index.config import EmbedderSettings, ReaderSettings
from index.embed.models import bundled
from index.embed.models.bert import BertEmbedder
from index.own import is_full_name, own
from rag.evidence.cross_encoder import CrossEncoderReader
from rag.evidence.reader import Reader, Reading, Text


class AnswerReader(Protocol):
    """Reads a question with each of some texts."""

    def answers(self, question: str, texts: Sequence[Text]) -> list[Reading]: ...


class ClaimReader(Protocol):
    """Reads a claim with each of some sources."""

    def carries(self, claim: str, texts: Sequence[Text]) -> list[Reading]: ...


def open_reader(settings: ReaderSettings) -> AnswerReader | None:
    """The reader that the settings name: newscite's own, a cross-encoder, or one of the user's
    own by its full name. None for "none"; for "auto" too where the bundled embedder is missing,
    because newscite's own reader uses its embeddings. Raises ConfigError where it cannot be
    imported."""
    if settings.model == "auto":
        return own_reader()
    if is_full_name(settings.model):
        reader: AnswerReader = own(settings.model, "reader.model", "answers")
        return reader
    return None if settings.model == "none" else CrossEncoderReader(settings.model)


@lru_cache(1)
def own_reader() -> Reader | None:
    """One for all libraries of this process."""
    return Reader(BertEmbedder(EmbedderSettings())) if bundled.has_embedder() else None
