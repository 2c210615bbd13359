"""A BERT encoder on the CPU through OpenVINO: token ids in, the last hidden states out.

In: weights under the names of Hugging Face's `BertModel`, as NumPy arrays; a matrix of a layer may
be int8, with the scale of each of its rows beside it. Out: float32 states, one a token. The graph
is put together from the arrays, so nothing of PyTorch is imported, and several encoders can stand
on the same embeddings.

Measured on two cores of an EPYC 9004 (AVX-512 with VNNI and bfloat16), tokens a second of processor
time over passages of some 200 tokens: int8 layers 4,470 (cosine to float32 .9997), bfloat16 3,270
(1.0000), float32 1,970; sentence-transformers 2,480 in bfloat16 and 1,310 in float32; onnxruntime
1,550 in float32, 2,590 in int8 with a scale a token (.9994). From nothing to the first vector:
half a second.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from index.errors import ModelError
from index.halves import floats

if TYPE_CHECKING:
    import openvino
    from numpy.typing import NDArray

Tensors = Mapping[str, "NDArray[Any]"]
Precision = Literal["auto", "float32", "bfloat16"]

SCALE = ".scale"
"""What follows the name of an int8 matrix in the name of its scales, float32 [rows, 1]."""

LARGEST_INT8 = 127
SAFETENSORS_TYPES = {"F32": np.float32, "F16": np.float16, "I8": np.int8}

QUANTISED_TOGETHER = 128
"""Values of a token's state that share one scale when multiplied with int8 weights."""

CONVERTER = "openvino.tools.ovc"

MASKED = np.float32(-1e4)
"""Added to the attention paid to padding."""


def read_tensors(file: Path) -> dict[str, NDArray[Any]]:
    """The tensors of a safetensors file, mapped into memory: each is read from the disk when it
    is used. Raises ModelError where the file is damaged, or holds number formats that NumPy
    lacks.
    """
    try:
        content = np.memmap(file, np.uint8, "c")
        begin = 8 + int(content[:8].view("<u8")[0])
        if begin > len(content):
            raise ValueError("it is cut short")
        tensors = json.loads(bytes(content[8:begin]))
        tensors.pop("__metadata__", None)
        return {
            name: content[begin + entry["data_offsets"][0] : begin + entry["data_offsets"][1]]
            .view(SAFETENSORS_TYPES[entry["dtype"]])
            .reshape(entry["shape"])
            for name, entry in tensors.items()
        }
    except (OSError, ValueError, KeyError, IndexError, TypeError) as error:
        raise ModelError(
            "weights",
            "Could not read the weights in {file}: {error}.",
            file=file,
            error=repr(error),
        ) from error


def quantise(layers: Tensors) -> dict[str, NDArray[Any]]:
    """The layers with every matrix in int8, a scale a row; a quarter of the size of float32."""
    small: dict[str, NDArray[Any]] = {}
    for name, weight in layers.items():
        if weight.ndim != 2 or weight.dtype == np.int8:
            small[name] = weight
            continue
        exact = floats(weight)
        scale = np.abs(exact).max(axis=1, keepdims=True) / np.float32(LARGEST_INT8)
        scale[scale == 0] = 1
        small[name] = np.rint(exact / scale).astype(np.int8)
        small[name + SCALE] = scale
    return small


def batches(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Indices of texts in batches of similar length, each within so many tokens with its padding;
    long texts first. A text longer than that is a batch of its own."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        if batch and lengths[batch[0]] * (len(batch) + 1) > tokens:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def tokens_within(
    spans: Sequence[tuple[int, int]], offsets: NDArray[np.integer[Any]]
) -> NDArray[np.float32]:
    """[spans, tokens]: 1 where a token, given by its offsets [tokens, 2], touches a span."""
    starts, ends = np.asarray(spans).reshape(-1, 2).T[:, :, None]
    inside = (offsets[:, 0] < ends) & (offsets[:, 1] > starts) & (offsets[:, 1] > offsets[:, 0])
    touching: NDArray[np.float32] = inside.astype(np.float32)
    return touching


class Embeddings:
    """What BERT makes of token ids before its first layer; shared by encoders of one vocabulary."""

    def __init__(self, weights: Tensors, epsilon: float = 1e-12) -> None:
        prefix = "embeddings."
        self._words = weights[prefix + "word_embeddings.weight"]
        first_type = weights[prefix + "token_type_embeddings.weight"][0]
        self._positions = _floats(weights[prefix + "position_embeddings.weight"] + first_type)
        self._weight = _floats(weights[prefix + "LayerNorm.weight"])
        self._bias = _floats(weights[prefix + "LayerNorm.bias"])
        self._epsilon = epsilon

    @property
    def width(self) -> int:
        return int(self._words.shape[1])

    @property
    def longest(self) -> int:
        """The most tokens a text can have."""
        return len(self._positions)

    def states(self, ids: NDArray[np.integer[Any]]) -> NDArray[np.float32]:
        """States [batch, tokens, width] of ids [batch, tokens]."""
        states = floats(self._words[ids])
        states += self._positions[: ids.shape[1]]
        states -= states.mean(axis=-1, keepdims=True)
        spread = np.einsum("...i,...i->...", states, states) / self.width
        states /= np.sqrt(spread + self._epsilon)[..., None]
        normal: NDArray[np.float32] = states * self._weight + self._bias
        return normal


class Encoder:
    """The layers of a BERT model over `Embeddings`. Calls from several threads take turns.

    `layers` has the names `encoder.layer.<n>.attention.self.query.weight` and so on, float32,
    float16, or int8 as `quantise` makes it. Int8 layers run in int8 where the processor can
    (AVX-512 VNNI, AMX); the rest runs in `precision`: "auto" is bfloat16 where it is native.
    `threads` 0: OMP_NUM_THREADS, as elsewhere, or as many as there are cores. Nothing is built before the first call.
    """

    def __init__(
        self,
        embeddings: Embeddings,
        layers: Tensors,
        *,
        heads: int = 12,
        epsilon: float = 1e-12,
        precision: Precision = "auto",
        threads: int = 0,
    ) -> None:
        self.embeddings = embeddings
        self._layers = layers
        self._heads = heads
        self._epsilon = epsilon
        self._precision = precision
        self._threads = threads
        self._turn = threading.Lock()

    def hidden(
        self, ids: NDArray[np.integer[Any]], mask: NDArray[np.integer[Any]]
    ) -> NDArray[np.float32]:
        """The last hidden states, float32 [batch, tokens, width].

        `ids` and `mask` are [batch, tokens]; the mask is 1 for a token, 0 for padding. Some 1,000
        tokens a call go fastest. The states of padding mean nothing.
        """
        states = self.embeddings.states(ids)
        unseen = np.where(mask > 0, np.float32(0), MASKED)[:, None, None, :]
        with self._turn:
            found = self._request.infer({0: states, 1: unseen}, share_inputs=True)
            hidden: NDArray[np.float32] = found[0]
        return hidden

    @cached_property
    def _request(self) -> openvino.InferRequest:
        core = _openvino().Core()
        native = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        half = self._precision == "bfloat16" or (self._precision == "auto" and native)
        options = {
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "bf16" if half else "f32",
            "INFERENCE_NUM_THREADS": self._threads or _usual_threads(),
            "DYNAMIC_QUANTIZATION_GROUP_SIZE": QUANTISED_TOGETHER,
            # Pinned threads wait for each other's cores when two programs run.
            "ENABLE_CPU_PINNING": False,
        }
        graph = _Graph(self._layers, self._heads, self._epsilon).model(self.embeddings.width)
        return core.compile_model(graph, "CPU", options).create_infer_request()


@cache
def _openvino() -> Any:
    """OpenVINO without its converter of models.

    When the converter is imported it sends a report to its maker, from a forked process. Nothing may
    leave this machine, and a fork beside NumPy's threads can wait for ever, with the whole process.
    """
    absent = CONVERTER not in sys.modules
    if absent:
        sys.modules[CONVERTER] = None  # type: ignore[assignment]  # its import fails; OpenVINO goes on without it
    try:
        return importlib.import_module("openvino")
    finally:
        if absent:
            sys.modules.pop(CONVERTER, None)  # another thread may have done so


class _Graph:
    """Puts the layers together from OpenVINO's operations."""

    def __init__(self, layers: Tensors, heads: int, epsilon: float) -> None:
        self._op: Any = _openvino().opset13
        self._layers = layers
        self._heads = heads
        self._epsilon = epsilon

    def model(self, width: int) -> openvino.Model:
        states = self._op.parameter([-1, -1, width], np.float32)
        mask = self._op.parameter([-1, 1, 1, -1], np.float32)
        output = states
        for number in range(_count(self._layers)):
            output = self._layer(f"encoder.layer.{number}.", output, mask, width)
        return _openvino().Model([output], [states, mask], "encoder")

    def _layer(self, at: str, states: Any, mask: Any, width: int) -> Any:
        op = self._op
        attended = self._attention(f"{at}attention.self.", states, mask, width)
        attended = self._linear([f"{at}attention.output.dense"], attended)
        states = self._normal(f"{at}attention.output.LayerNorm", op.add(attended, states))
        inner = op.gelu(self._linear([f"{at}intermediate.dense"], states), "erf")
        outer = self._linear([f"{at}output.dense"], inner)
        return self._normal(f"{at}output.LayerNorm", op.add(outer, states))

    def _attention(self, at: str, states: Any, mask: Any, width: int) -> Any:
        """Queries, keys and values come from one product: the states are read, and quantised, once."""
        op, heads = self._op, self._heads
        joined = self._linear([f"{at}query", f"{at}key", f"{at}value"], states)
        shape = self._integers(0, 0, 3 * heads, width // heads)
        by_head = op.transpose(op.reshape(joined, shape, True), self._integers(0, 2, 1, 3))
        parts = op.split(by_head, op.constant(np.int64(1)), 3).outputs()
        mixed = op.transpose(
            op.scaled_dot_product_attention(*parts, mask), self._integers(0, 2, 1, 3)
        )
        return op.reshape(mixed, self._integers(0, 0, width), True)

    def _linear(self, names: list[str], states: Any) -> Any:
        op = self._op
        weight = self._matrix([f"{name}.weight" for name in names])
        bias = np.concatenate([_floats(self._layers[f"{name}.bias"]) for name in names])
        product = op.matmul(states, weight, False, True)
        return op.add(product, op.constant(bias[None, None]))

    def _matrix(self, names: list[str]) -> Any:
        op = self._op
        parts = [self._layers[name] for name in names]
        if any(part.dtype != np.int8 for part in parts):
            return op.constant(np.concatenate([_floats(part) for part in parts]))
        scales = np.concatenate([self._layers[name + SCALE] for name in names]).reshape(-1, 1)
        whole = op.convert(op.constant(np.concatenate(parts)), "f32")
        return op.multiply(whole, op.constant(_floats(scales)))

    def _normal(self, name: str, states: Any) -> Any:
        op = self._op
        weight, bias = (_floats(self._layers[f"{name}.{part}"]) for part in ("weight", "bias"))
        normal = op.mvn(states, self._integers(-1), True, self._epsilon, "inside_sqrt")
        return op.add(op.multiply(normal, op.constant(weight)), op.constant(bias))

    def _integers(self, *values: int) -> Any:
        return self._op.constant(np.array(values, np.int64))


def _count(layers: Tensors) -> int:
    """How many layers the names belong to."""
    return 1 + max(int(name.split(".")[2]) for name in layers if name.startswith("encoder.layer."))


def _usual_threads() -> int:
    """The number of threads that the environment sets for numeric libraries; 0 where it sets none."""
    threads = os.environ.get("OMP_NUM_THREADS", "")
    return int(threads) if threads.isdigit() else 0


def _floats(values: NDArray[Any]) -> NDArray[np.float32]:
    return np.ascontiguousarray(floats(values))
