"""Texts to vectors: which embedder the settings name, and what runs it.

In: the settings. Out: an `Embedder`. BERT models that take the mean of their tokens, as the bundled
one does, run on our own engine, which starts fast; all others in sentence-transformers.
"""

from __future__ import annotations

from pathlib import Path

from index.config import EmbedderSettings
from index.embed.models.bert import BertEmbedder, runs_here
from index.embed.models.sentence_transformer import SentenceEmbedder
from index.embed.protocol import Embedder


def open_embedder(settings: EmbedderSettings) -> Embedder:
    """The embedder the settings name: a preset, a folder, or a Hugging Face name.

    Nothing is loaded yet; ModelError is raised at first use where it cannot be.
    """
    on_cpu = settings.device in {"auto", "cpu"} and settings.dtype != "float16"
    if on_cpu and (settings.model == "fast" or runs_here(Path(settings.model).expanduser())):
        return BertEmbedder(settings)
    return SentenceEmbedder(settings)
