"""Texts to vectors by any sentence-transformers model, with script folded before it reads.

In: queries, or passages with the spans of their sentences. Out: L2-normalised float32 vectors.
Sentence vectors come from the same forward pass as their passage where the model takes the mean of
its tokens; elsewhere sentences are embedded by themselves.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from index.embed.models.engine import batches, tokens_within
from index.embed.models.model_folder import ModelFolder
from index.embed.protocol import Embedded, Spans
from index.errors import ConfigError, ModelError
from index.languages.text import fold_script

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer


class SentenceEmbedder(ModelFolder):
    """An `Embedder` over a sentence-transformers model, loaded when first needed."""

    @cached_property
    def _model(self) -> SentenceTransformer:
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer

        device = None if self.settings.device == "auto" else self.settings.device
        for chatty in ("sentence_transformers", "transformers"):
            logging.getLogger(chatty).setLevel(logging.ERROR)
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(
                str(self.folder),
                device=device,
                local_files_only=True,
                model_kwargs={"dtype": torch.float32},
            )
            return model.to(self._dtype(model.device)).eval()
        except (OSError, ValueError, RuntimeError, ImportError, KeyError) as error:
            raise ModelError(
                "embedder_load",
                "Could not load the embedder {name} from {folder}: {error}. embedder.model "
                "must be a folder or hub name that sentence-transformers can load.",
                name=self.name,
                folder=self.folder,
                error=error,
            ) from error

    def _dtype(self, device: torch.device) -> torch.dtype:
        import torch

        if self.settings.dtype != "auto":
            dtype: torch.dtype = getattr(torch, self.settings.dtype)
            return dtype
        if device.type == "cuda":
            return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
        if device.type == "cpu" and hasattr(torch.cpu, "get_capabilities"):
            has = torch.cpu.get_capabilities()
            if has.get("avx512_bf16") or has.get("amx_bf16"):
                return torch.bfloat16
        return torch.float32

    @property
    def dimension(self) -> int:
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ConfigError(
                "embedder_vectors",
                "The model {name} does not make one vector a text.",
                name=self.name,
            )
        return int(dimension)

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of questions, float32 [n, dimension]."""
        prompt = self.prompts[0]
        return self._embed([prompt + fold_script(text) for text in texts], None).passages

    def embed_passages(self, texts: Sequence[str], sentences: Sequence[Spans]) -> Embedded:
        """Vectors of passages and of their sentences, given as offsets into each passage."""
        prompt = self.prompts[1]
        folded = [prompt + fold_script(text) for text in texts]
        if self._pools_by_mean:
            shift = len(prompt)
            return self._embed(folded, [[(s + shift, e + shift) for s, e in x] for x in sentences])
        whole = self._embed(folded, None).passages
        parts = [
            prompt + fold_script(text[start:end])
            for text, spans in zip(texts, sentences, strict=True)
            for start, end in spans
        ]
        vectors = self._embed(parts, None).passages
        cuts = np.cumsum([len(spans) for spans in sentences])[:-1]
        return Embedded(whole, np.split(vectors, cuts))

    @cached_property
    def _pools_by_mean(self) -> bool:
        return len(self._model) > 1 and getattr(self._model[1], "pooling_mode", "") == "mean"

    def _embed(self, texts: list[str], spans: Sequence[Spans] | None) -> Embedded:
        import torch

        passages = np.zeros((len(texts), self.dimension), np.float32)
        sentences = [np.zeros((0, self.dimension), np.float32)] * len(texts)
        if not texts:
            return Embedded(passages, sentences)
        tokens = self._model.tokenizer(
            texts,
            truncation=True,
            max_length=self._model.max_seq_length,
            return_offsets_mapping=True,
            verbose=False,
        )
        with torch.inference_mode():
            lengths = [len(ids) for ids in tokens["input_ids"]]
            for batch in batches(lengths, self.settings.batch_tokens):
                features = self._model.tokenizer.pad(
                    {
                        key: [tokens[key][i] for i in batch]
                        for key in ("input_ids", "attention_mask")
                    },
                    return_tensors="pt",
                ).to(self._model.device)
                out = self._model.forward(dict(features))
                passages[batch] = _unit(out["sentence_embedding"])
                if spans is not None:
                    states = out["token_embeddings"].float()
                    for row, i in enumerate(batch):
                        offsets = np.asarray(tokens["offset_mapping"][i])
                        sentences[i] = self._pool(states[row], offsets, spans[i])
        return Embedded(passages, sentences)

    def _pool(
        self, states: torch.Tensor, offsets: NDArray[np.int64], spans: Spans
    ) -> NDArray[np.float32]:
        """Mean token state of each span, [k, d]; a span past the model's length gets zeros."""
        import torch

        if not spans:
            return np.zeros((0, self.dimension), np.float32)
        weights = torch.from_numpy(tokens_within(spans, offsets)).to(states.device)
        means = weights @ states[: len(offsets)] / weights.sum(1, keepdim=True).clamp(min=1)
        features = {"sentence_embedding": means.to(next(self._model.parameters()).dtype)}
        for module in list(self._model)[2:]:
            features = module(features)
        return _unit(features["sentence_embedding"])


def _unit(vectors: torch.Tensor) -> NDArray[np.float32]:
    import torch

    unit: NDArray[np.float32] = torch.nn.functional.normalize(vectors.float(), dim=-1).cpu().numpy()
    return unit
