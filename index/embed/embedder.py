"""Texts to vectors: any sentence-transformers model, with script folded before it reads.

In: queries, or passages with the spans of their sentences. Out: L2-normalised float32 vectors.
Sentence vectors come from the same forward pass as their passage (the mean over a sentence's token
states, after Günther et al. 2024, "Late Chunking"), so they cost nothing and know their context.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.config import EmbedderSettings
from index.embed import bundled
from index.errors import ConfigError, ModelError
from index.languages.text import fold_script

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

PRESETS = {"best": "google/embeddinggemma-300m"}
"""What a preset stands for; "fast" is the bundled multilingual-e5-small."""

FOLDING_VERSION = 1
"""Raised when the text an embedder reads changes, so that old libraries are rebuilt."""

FAMILY_PROMPTS = (("e5", "query: ", "passage: "),)
"""Query and passage prompts of models whose own configuration does not name them."""

DIGEST_SAMPLE = 1 << 20
DIGEST_SAMPLES = 8

Spans = Sequence[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Embedded:
    """Vectors of n passages, float32 [n, d], and of each one's sentences, float32 [k, d]."""

    passages: NDArray[np.float32]
    sentences: list[NDArray[np.float32]]


class Embedder(Protocol):
    """What a library needs of an embedder. Vectors are comparable where fingerprints are equal."""

    @property
    def name(self) -> str: ...
    @property
    def dimension(self) -> int: ...
    @property
    def fingerprint(self) -> str: ...
    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]: ...
    def embed_passages(self, texts: Sequence[str], sentences: Sequence[Spans]) -> Embedded: ...


def open_embedder(settings: EmbedderSettings) -> SentenceEmbedder:
    """The embedder the settings name: a preset, a folder, or a Hugging Face name.

    Nothing is loaded yet; ModelError is raised at first use where it cannot be.
    """
    return SentenceEmbedder(settings)


class SentenceEmbedder:
    """An `Embedder` over a sentence-transformers model, loaded when first needed."""

    def __init__(self, settings: EmbedderSettings) -> None:
        self._settings = settings
        self.name = settings.model
        if settings.model == "fast":
            self.name = bundled.EMBEDDER_NAME
        elif settings.model == "best":
            self.name = PRESETS["best"]

    @cached_property
    def _folder(self) -> Path:
        """Where the model's files are; a hub name is downloaded, or found in the hub's cache."""
        if self._settings.model == "fast":
            return bundled.embedder_folder()
        folder = Path(self.name).expanduser()
        if folder.is_dir():
            return folder
        if folder.is_absolute() or self.name.startswith((".", "~")):
            raise ModelError(f"There is no embedder folder {self.name}. Check embedder.model.")
        return _from_hub(self.name)

    @cached_property
    def _model(self) -> SentenceTransformer:
        import torch
        import transformers
        from sentence_transformers import SentenceTransformer

        device = None if self._settings.device == "auto" else self._settings.device
        for chatty in ("sentence_transformers", "transformers"):
            logging.getLogger(chatty).setLevel(logging.ERROR)
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = SentenceTransformer(
                str(self._folder),
                device=device,
                local_files_only=True,
                model_kwargs={"dtype": torch.float32},
            )
            return model.to(self._dtype(model.device)).eval()
        except (OSError, ValueError, RuntimeError, ImportError, KeyError) as error:
            raise ModelError(
                f"Could not load the embedder {self.name} from {self._folder}: {error}. "
                "embedder.model must be a folder or hub name that sentence-transformers can load."
            ) from error

    def _dtype(self, device: torch.device) -> torch.dtype:
        import torch

        if self._settings.dtype != "auto":
            dtype: torch.dtype = getattr(torch, self._settings.dtype)
            return dtype
        if device.type == "cuda":
            return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16
        if device.type == "cpu" and hasattr(torch.cpu, "get_capabilities"):
            has = torch.cpu.get_capabilities()
            if has.get("avx512_bf16") or has.get("amx_bf16"):
                return torch.bfloat16
        return torch.float32

    @cached_property
    def prompts(self) -> tuple[str, str]:
        """The texts put before a query and a passage: settings, the model's own, its family's."""
        configured = _read_json(self._folder / "config_sentence_transformers.json").get("prompts")
        own: dict[str, str] = configured or {}
        query = own.get("query")
        passage = own.get("document", own.get("passage"))
        family: tuple[str, str] = next(
            ((q, p) for part, q, p in FAMILY_PROMPTS if part in self._name_parts), ("", "")
        )
        if query is None and passage is None:
            query, passage = family
        chosen = self._settings.query_prompt, self._settings.passage_prompt
        return (
            (query or "") if chosen[0] is None else chosen[0],
            (passage or "") if chosen[1] is None else chosen[1],
        )

    @property
    def _name_parts(self) -> list[str]:
        return Path(self.name).name.lower().replace("_", "-").split("-")

    @cached_property
    def fingerprint(self) -> str:
        """Hash of the weights (sampled), the prompts and the folding; the same in every dtype."""
        digest = hashlib.sha256(repr((FOLDING_VERSION, self.prompts)).encode())
        weights = sorted(
            path
            for path in self._folder.rglob("*")
            if path.suffix in {".safetensors", ".bin"} and path.is_file()
        )
        if not weights:
            raise ModelError(
                f"No weights in {self._folder}: it is not a sentence-transformers model."
            )
        for path in weights:
            size = path.stat().st_size
            digest.update(f"{path.name}:{size}".encode())
            with path.open("rb") as file:
                for n in range(DIGEST_SAMPLES):
                    file.seek(n * size // DIGEST_SAMPLES)
                    digest.update(file.read(DIGEST_SAMPLE))
        return digest.hexdigest()[:16]

    @property
    def dimension(self) -> int:
        dimension = self._model.get_embedding_dimension()
        if dimension is None:
            raise ConfigError(f"The model {self.name} does not make one vector a text.")
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
            for batch in self._batches([len(ids) for ids in tokens["input_ids"]]):
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

    def _batches(self, lengths: list[int]) -> Iterator[list[int]]:
        """Indices in batches of similar length whose padded size stays within `batch_tokens`."""
        batch: list[int] = []
        for i in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
            if batch and lengths[batch[0]] * (len(batch) + 1) > self._settings.batch_tokens:
                yield batch
                batch = []
            batch.append(i)
        yield batch

    def _pool(
        self, states: torch.Tensor, offsets: NDArray[np.int64], spans: Spans
    ) -> NDArray[np.float32]:
        """Mean token state of each span, [k, d]; a span past the model's length gets zeros."""
        import torch

        if not spans:
            return np.zeros((0, self.dimension), np.float32)
        starts, ends = np.asarray(spans).T[:, :, None]
        inside = (offsets[:, 0] < ends) & (offsets[:, 1] > starts) & (offsets[:, 1] > offsets[:, 0])
        weights = torch.from_numpy(inside.astype(np.float32)).to(states.device)
        means = weights @ states[: len(offsets)] / weights.sum(1, keepdim=True).clamp(min=1)
        features = {"sentence_embedding": means.to(next(self._model.parameters()).dtype)}
        for module in list(self._model)[2:]:
            features = module(features)
        return _unit(features["sentence_embedding"])


def _unit(vectors: torch.Tensor) -> NDArray[np.float32]:
    import torch

    unit: NDArray[np.float32] = torch.nn.functional.normalize(vectors.float(), dim=-1).cpu().numpy()
    return unit


def _from_hub(name: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError

    wanted = ["*.json", "*.txt", "*.model", "*.safetensors"]
    try:
        return Path(snapshot_download(name, allow_patterns=wanted))
    except (LocalEntryNotFoundError, HfHubHTTPError, HFValidationError, OSError) as error:
        raise ModelError(
            f"The embedder {name} is neither a folder nor to be had from the Hugging Face hub: "
            f'{str(error).splitlines()[0]} Set embedder.model to "fast" to work offline.'
        ) from error


def _read_json(path: Path) -> dict[str, Any]:
    import json

    if not path.is_file():
        return {}
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
