"""BERT in NumPy, for a few short texts: slow, but there is nothing to load before the first.

In: the states that the embeddings make of the token ids of texts, and the weights of the layers. Out:
the last hidden states. In float32, as the engine computes in float32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from index.halves import floats

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float32]

ERF = (0.254829592, -0.284496736, 1.421413741, -1.453152027, 1.061405429)
ERF_SCALE = 0.3275911
"""The error function within 1.5e-7: Abramowitz and Stegun 1964, formula 7.1.26."""


def hidden(
    texts: Sequence[Floats], layers: Mapping[str, NDArray[Any]], heads: int, epsilon: float
) -> list[Floats]:
    """The last hidden states [tokens, width] of each text, from its first [tokens, width]."""
    ends = np.cumsum([len(states) for states in texts])[:-1]
    states = np.concatenate(texts)
    count = sum(name.endswith("attention.self.query.weight") for name in layers)
    for number in range(count):
        layer = _Layer(layers, f"encoder.layer.{number}.", heads, epsilon)
        states = layer.after(states, ends)
    return np.split(states, ends)


class _Layer:
    def __init__(
        self, weights: Mapping[str, NDArray[Any]], at: str, heads: int, epsilon: float
    ) -> None:
        self._weights = weights
        self._at = at
        self._heads = heads
        self._epsilon = epsilon

    def after(self, states: Floats, ends: NDArray[np.intp]) -> Floats:
        """All texts go through a matrix together: each is turned into float32 once."""
        attended = self._linear(self._attention(states, ends), "attention.output.dense")
        states = self._normal(attended + states, "attention.output.LayerNorm")
        outer = self._linear(gelu(self._linear(states, "intermediate.dense")), "output.dense")
        return self._normal(outer + states, "output.LayerNorm")

    def _attention(self, states: Floats, ends: NDArray[np.intp]) -> Floats:
        parts = [
            self._linear(states, f"attention.self.{part}") for part in ("query", "key", "value")
        ]
        texts = zip(*(np.split(part, ends) for part in parts), strict=True)
        return np.concatenate([self._attended(*map(self._by_head, text)) for text in texts])

    def _by_head(self, states: Floats) -> Floats:
        return states.reshape(len(states), self._heads, -1).transpose(1, 0, 2)

    @staticmethod
    def _attended(query: Floats, key: Floats, value: Floats) -> Floats:
        """[tokens, width]: the values of one text, each token's mixed by its attention to the others."""
        weights = query @ key.transpose(0, 2, 1) / np.float32(query.shape[-1] ** 0.5)
        weights = np.exp(weights - weights.max(axis=-1, keepdims=True))
        weights /= weights.sum(axis=-1, keepdims=True)
        mixed: Floats = (weights @ value).transpose(1, 0, 2)
        return mixed.reshape(len(mixed), -1)

    def _linear(self, states: Floats, name: str) -> Floats:
        product: Floats = states @ self._floats(f"{name}.weight").T + self._floats(f"{name}.bias")
        return product

    def _normal(self, states: Floats, name: str) -> Floats:
        states = states - states.mean(axis=-1, keepdims=True)
        spread = np.einsum("ij,ij->i", states, states) / states.shape[-1]
        states /= np.sqrt(spread + self._epsilon)[:, None]
        normal: Floats = states * self._floats(f"{name}.weight") + self._floats(f"{name}.bias")
        return normal

    def _floats(self, name: str) -> Floats:
        return floats(self._weights[self._at + name])


def gelu(x: Floats) -> Floats:
    """x times the share of a normal distribution below x."""
    size = np.abs(x) * np.float32(0.5**0.5)
    t = 1 / (1 + np.float32(ERF_SCALE) * size)
    series = np.zeros_like(t)
    for factor in reversed(ERF):
        series = (series + np.float32(factor)) * t
    error = 1 - series * np.exp(-size * size)
    value: Floats = x * np.float32(0.5) * (1 + np.copysign(error, x))
    return value
