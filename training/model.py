"""The reader: multilingual-e5-small as a cross-encoder over a question and a whole passage.

In: rows of tokens `<s> question </s> </s> title </s> before body </s>`, and the ranges of tokens
that are sentences. Out, for each row: a logit that the passage says nothing of what is asked, one
for each sentence that it answers, two for each token that the answer's words begin and end there,
and three for a claim: that the passage carries it, contradicts it, says nothing of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F

LINEAR = {
    "attention.self.query": "q", "attention.self.key": "k", "attention.self.value": "v",
    "attention.output.dense": "o", "intermediate.dense": "up", "output.dense": "down",
}  # fmt: skip
NORMS = {"attention.output.LayerNorm": "attended", "output.LayerNorm": "out"}
HEADS = 12
EPSILON = 1e-12
DROPOUT = 0.1


class Layer(nn.Module):
    """A layer of BERT (Devlin et al., 2019)."""

    def __init__(self, width: int, inner: int) -> None:
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Linear(width, width) for _ in range(4))
        self.up, self.down = nn.Linear(width, inner), nn.Linear(inner, width)
        self.attended = nn.LayerNorm(width, EPSILON)
        self.out = nn.LayerNorm(width, EPSILON)

    def forward(self, x: Tensor, mask: Tensor) -> Tensor:
        rows, length, width = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(rows, length, HEADS, width // HEADS).transpose(1, 2)

        dropout = DROPOUT if self.training else 0.0
        attended = F.scaled_dot_product_attention(
            split(self.q(x)), split(self.k(x)), split(self.v(x)), mask, dropout
        )
        attended = self.o(attended.transpose(1, 2).reshape(rows, length, width))
        x = self.attended(x + F.dropout(attended, DROPOUT, self.training))
        inner = self.down(F.gelu(self.up(x)))
        out: Tensor = self.out(x + F.dropout(inner, DROPOUT, self.training))
        return out


class Reader(nn.Module):
    """The backbone's layers, its embeddings as they are, and four heads."""

    def __init__(
        self, weights: Mapping[str, NDArray[np.float16]], vocabulary: NDArray[np.int32]
    ) -> None:
        super().__init__()
        word = weights["embeddings.word_embeddings.weight"]
        width = word.shape[1]
        inner = weights["encoder.layer.0.intermediate.dense.weight"].shape[0]
        layers = 1 + max(int(n.split(".")[2]) for n in weights if n.startswith("encoder.layer."))
        self.word = nn.Embedding.from_pretrained(_tensor(word[vocabulary]), freeze=True)
        positions = weights["embeddings.position_embeddings.weight"]
        kind = weights["embeddings.token_type_embeddings.weight"][0]
        self.position = nn.Embedding.from_pretrained(
            _tensor(positions) + _tensor(kind), freeze=True
        )
        self.norm = nn.LayerNorm(width, EPSILON)
        self.layers = nn.ModuleList(Layer(width, inner) for _ in range(layers))
        self.sentence = nn.Sequential(nn.Linear(2 * width, width), nn.GELU(), nn.Linear(width, 1))
        self.nothing = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 1))
        self.verdict = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, 3))
        self.words = nn.Linear(width, 2)
        with torch.no_grad():
            for name in ("weight", "bias"):
                getattr(self.norm, name).copy_(_tensor(weights[f"embeddings.LayerNorm.{name}"]))
                for number, layer in enumerate(self.layers):
                    for theirs, ours in (LINEAR | NORMS).items():
                        full = weights[f"encoder.layer.{number}.{theirs}.{name}"]
                        getattr(getattr(layer, ours), name).copy_(_tensor(full))
        self.norm.requires_grad_(False)

    def freeze(self, layers: int) -> None:
        for layer in self.layers[:layers]:
            layer.requires_grad_(False)

    def states(self, tokens: Tensor, present: Tensor) -> Tensor:
        """[rows, length, width] of tokens [rows, length], of which some are `present`."""
        places = torch.arange(tokens.shape[1], device=tokens.device)
        x: Tensor = self.norm(self.word(tokens) + self.position(places))
        x = F.dropout(x, DROPOUT, self.training)
        mask = present[:, None, None, :]
        for layer in self.layers:
            x = layer(x, mask)
        return x

    def forward(
        self, tokens: Tensor, present: Tensor, member: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """`member` [rows, length]: which sentence a token belongs to, from 0; -1: none.

        Returns the logits of nothing [rows], of sentences [rows, most sentences] (-inf where there
        is none), of words [rows, length, 2], of verdicts [rows, 3].
        """
        states = self.states(tokens, present)
        return self.heads(states, member)

    def heads(self, states: Tensor, member: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        rows, length, width = states.shape
        most = max(1, int(member.max()) + 1)
        index = torch.where(member >= 0, member, most)
        one_hot = F.one_hot(index, most + 1)[..., :most].to(states.dtype)
        counts = one_hot.sum(1)
        mean = torch.einsum("rlw,rls->rsw", states, one_hot) / counts.clamp(min=1)[..., None]
        wide = index[..., None].expand(rows, length, width)
        peak = states.new_full((rows, most + 1, width), -1e4)
        peak = peak.scatter_reduce(1, wide, states, "amax")[:, :most]
        peak = torch.where(counts[..., None] > 0, peak, torch.zeros_like(peak))
        sentence = self.sentence(torch.cat([mean, peak], -1))[..., 0].float()
        sentence = sentence.masked_fill(counts == 0, float("-inf"))
        first = states[:, 0]
        return (
            self.nothing(first)[:, 0].float(), sentence, self.words(states).float(),
            self.verdict(first).float(),
        )  # fmt: skip


def mixed_precision(device: torch.device) -> torch.autocast:
    """Products in bfloat16 where the device has them: 1.6 times as fast on a CPU with AVX-512 BF16."""
    native = device.type == "cuda" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    return torch.autocast(device.type, torch.bfloat16, enabled=native)


def _tensor(array: NDArray[np.float16]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(array, np.float32))


def rows_of(parts: Sequence[Sequence[Sequence[int]]]) -> list[list[int]]:
    """`<s> asked </s> </s> title </s> before body </s>`; without a title, one part less."""
    rows = []
    for asked, title, before, body in parts:
        rows.append([0, *asked, 2, 2, *title, *([2] if title else []), *before, *body, 2])
    return rows
