"""Texts to vectors by a BERT model's folder on our own engine, with script folded before it reads.

In: queries, or passages with the spans of their sentences. Out: L2-normalised float32 vectors, the
mean of the states of a text's tokens. Sentence vectors come from the same pass as their passage
(after Günther et al. 2024, "Late Chunking"), so they cost nothing and know their context.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.config import EmbedderSettings
from index.embed.models import plain
from index.embed.models.engine import (
    Embeddings,
    Encoder,
    Precision,
    Tensors,
    batches,
    quantise,
    read_tensors,
    tokens_within,
)
from index.embed.models.model_folder import ModelFolder, read_json
from index.embed.models.pieces import Pieces, Tokens
from index.embed.protocol import Embedded, Spans
from index.embed.unit import unit
from index.errors import ModelError
from index.languages.text import fold_script

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Tokenizer

WEIGHTS = "model.safetensors"
MODULES = (["Transformer", "Pooling"], ["Transformer", "Pooling", "Normalize"])
"""What a sentence-transformers folder may be made of, to run here."""

ASKED_PLAINLY = 3
"""The first times that questions are asked, they are embedded without the engine: it takes a third of a
second to start, and then takes a sixth of the time."""

PLAIN_TOKENS = 256
"""As many tokens are embedded without the engine at a time: more take longer than its start."""

FEW_CHARACTERS = 200_000
"""So many characters are tokenised with only the pieces that occur in them, in all calls together. Looking
these up takes some 3 microseconds a character; loading the whole tokenizer takes three quarters of a second,
and from then on a character takes a third of one."""

REMEMBERED = 256
"""Questions whose vectors are kept in memory: several stages want that of the same one."""

TOKENS_A_CORE = 512
"""Tokens embedded at once by each core: more do not fit its cache."""


def runs_here(folder: Path) -> bool:
    """Whether this folder holds a BERT model that takes the mean of its tokens."""
    modules = read_json(folder / "modules.json")
    if [str(module["type"]).rpartition(".")[2] for module in modules] not in MODULES:
        return False
    config = read_json(folder / "config.json")
    pooling = read_json(folder / modules[1]["path"] / "config.json")
    ways = {name.removeprefix("pooling_mode_") for name, on in pooling.items() if on is True}
    mean = pooling.get("pooling_mode", "mean") == "mean" and not ways & {"cls_token", "max_tokens"}
    files = all((folder / name).is_file() for name in (WEIGHTS, "tokenizer.json"))
    return files and mean and _is_plain_bert(config)


def _is_plain_bert(config: dict[str, Any]) -> bool:
    return (
        config.get("model_type") == "bert"
        and config.get("hidden_act") == "gelu"
        and config.get("position_embedding_type", "absolute") == "absolute"
    )


class BertEmbedder(ModelFolder):
    """An `Embedder` over a BERT model, loaded when first needed."""

    def __init__(self, settings: EmbedderSettings) -> None:
        super().__init__(settings)
        self._asked = 0
        self._tokenised = 0
        self._recent: dict[str, NDArray[np.float32]] = {}

    @cached_property
    def dimension(self) -> int:
        return self.embeddings.width

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """The tokenizer of the model, which cuts texts at the length that the model reads."""
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
        tokenizer.enable_truncation(self._longest)
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _pieces(self) -> Pieces | None:
        return Pieces.of(self.folder)

    @cached_property
    def _longest(self) -> int:
        asked = read_json(self.folder / "sentence_bert_config.json").get("max_seq_length")
        return min(asked or self.embeddings.longest, self.embeddings.longest)

    @cached_property
    def embeddings(self) -> Embeddings:
        """What the model makes of token ids before its first layer."""
        return Embeddings(self._weights, self._epsilon)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of questions, float32 [n, dimension].

        Always in float32, whatever computes them: the first few in NumPy, which is there at once.
        """
        prompt, recent = self.prompts[0], self._recent
        asked = [prompt + fold_script(text) for text in texts]
        found = {text: recent[text] for text in asked if text in recent}
        missing = list(dict.fromkeys(text for text in asked if text not in found))
        tokens = [text.ids for text in self.tokens(missing)]
        for text, states in zip(missing, self._query_states(tokens), strict=True):
            found[text] = unit(states.mean(axis=0))
        # a new dict, because another thread may be reading the old one
        self._recent = {**(recent if len(recent) < REMEMBERED else {}), **found}
        return (
            np.stack([found[text] for text in asked])
            if asked
            else np.zeros((0, self.dimension), np.float32)
        )

    def warm_up(self) -> None:
        """Builds what answers questions from the fourth on, for a program that will be asked many."""
        ids = np.array([[1]])
        self._query_encoder.hidden(ids, np.ones_like(ids))
        self._asked = max(self._asked, ASKED_PLAINLY)

    def tokens(self, texts: Sequence[str], *, special: bool = True) -> list[Tokens]:
        """Texts as the model reads them, with the `special` tokens that start and end a text or
        without. The whole tokenizer is loaded where there is much to read."""
        self._tokenised += sum(map(len, texts))
        loaded = "tokenizer" in self.__dict__ or self._tokenised > FEW_CHARACTERS
        if not loaded and self._pieces is not None:
            return self._pieces.encode(texts, self._longest, special=special)
        encoded = self.tokenizer.encode_batch(list(texts), add_special_tokens=special)
        return [Tokens(encoding.ids, encoding) for encoding in encoded]

    def _query_states(self, texts: Sequence[Sequence[int]]) -> list[NDArray[np.float32]]:
        if not texts:
            return []
        self._asked += 1
        if self._asked <= ASKED_PLAINLY and sum(map(len, texts)) <= PLAIN_TOKENS:
            states = [self.embeddings.states(np.array([ids]))[0] for ids in texts]
            return plain.hidden(states, self._layers, self._heads, self._epsilon)
        arrays = [np.array([ids]) for ids in texts]
        return [self._query_encoder.hidden(ids, np.ones_like(ids))[0] for ids in arrays]

    def embed_passages(self, texts: Sequence[str], sentences: Sequence[Spans]) -> Embedded:
        """Vectors of passages and of their sentences, given as offsets into each passage."""
        prompt = self.prompts[1]
        folded = [prompt + fold_script(text) for text in texts]
        shift = len(prompt)
        return self._embed(folded, [[(s + shift, e + shift) for s, e in x] for x in sentences])

    def _embed(self, texts: list[str], spans: Sequence[Spans]) -> Embedded:
        passages = np.zeros((len(texts), self.dimension), np.float32)
        sentences = [np.zeros((0, self.dimension), np.float32)] * len(texts)
        tokens = self.tokens(texts)
        for batch in batches([len(text.ids) for text in tokens], self._tokens_at_once):
            ids, mask = padded([tokens[i].ids for i in batch])
            states = self._encoder.hidden(ids, mask)
            for row, i in enumerate(batch):
                own = states[row, : len(tokens[i].ids)]
                passages[i] = unit(own.mean(axis=0))
                sentences[i] = _pool(own, tokens[i], spans[i])
        return Embedded(passages, sentences)

    @property
    def _tokens_at_once(self) -> int:
        return min(self.settings.batch_tokens, TOKENS_A_CORE * (os.cpu_count() or 1))

    @cached_property
    def _config(self) -> dict[str, Any]:
        config: dict[str, Any] = read_json(self.folder / "config.json")
        return config

    @cached_property
    def _weights(self) -> Tensors:
        weights = read_tensors(self.folder / WEIGHTS)
        if "embeddings.word_embeddings.weight" not in weights:
            raise ModelError(
                "embedder_no_bert",
                "Could not load the embedder {name}: {folder} is no BERT.",
                name=self.name,
                folder=self.folder,
            )
        return weights

    @cached_property
    def _layers(self) -> Tensors:
        return {k: v for k, v in self._weights.items() if k.startswith("encoder.")}

    @cached_property
    def _encoder(self) -> Encoder:
        dtype = self.settings.dtype
        if dtype == "auto" or dtype == "float16":
            return self._encoding(quantise(self._layers), "auto")
        return self._encoding(self._layers, dtype)

    @cached_property
    def _query_encoder(self) -> Encoder:
        return self._encoding(self._layers, "float32")

    def _encoding(self, layers: Tensors, precision: Precision) -> Encoder:
        return Encoder(
            self.embeddings, layers, heads=self._heads, epsilon=self._epsilon, precision=precision
        )

    @property
    def _heads(self) -> int:
        return int(self._config["num_attention_heads"])

    @property
    def _epsilon(self) -> float:
        return float(self._config.get("layer_norm_eps", 1e-12))


def padded(ids: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Token ids of texts as one array [texts, tokens], and the mask that separates them from padding."""
    lengths = np.array([len(text) for text in ids])
    mask = np.arange(lengths.max()) < lengths[:, None]
    whole = np.zeros(mask.shape, np.int64)
    whole[mask] = np.concatenate([np.asarray(text, np.int64) for text in ids])
    return whole, mask.astype(np.int64)


def _pool(states: NDArray[np.float32], tokens: Tokens, spans: Spans) -> NDArray[np.float32]:
    """Mean token state of each span, [k, d]; a span past the model's length gets zeros."""
    if not spans:
        return np.zeros((0, states.shape[1]), np.float32)
    weights = tokens_within(spans, tokens.offsets)
    return unit(weights @ states)
