"""The encoder: the states that BERT itself gives, in every number format, without torch."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.embed.models import plain
from index.embed.models.engine import (
    Embeddings,
    Encoder,
    Precision,
    batches,
    quantise,
    read_tensors,
    tokens_within,
)
from index.errors import ModelError
from index.halves import floats

if TYPE_CHECKING:
    from numpy.typing import NDArray

IDS = np.array([[1, 7, 3, 9, 2, 0, 0], [4, 4, 8, 11, 6, 5, 12]])
MASK = np.array([[1, 1, 1, 1, 1, 0, 0], [1, 1, 1, 1, 1, 1, 1]])

Encode = Callable[["NDArray[Any]", "NDArray[Any]"], "NDArray[np.float32]"]


@pytest.fixture(scope="module")
def bert(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Encode]:
    """A small BERT with random weights: its file, and what transformers makes of ids and mask."""
    import torch
    from transformers import BertConfig, BertModel

    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=16,
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        max_position_embeddings=32,
        initializer_range=0.2,
    )
    model = BertModel(config).eval()
    folder = tmp_path_factory.mktemp("bert")
    model.save_pretrained(folder)

    def encode(ids: NDArray[Any], mask: NDArray[Any]) -> NDArray[np.float32]:
        with torch.inference_mode():
            given = torch.from_numpy(ids), torch.from_numpy(mask)
            states: NDArray[np.float32] = model(*given).last_hidden_state.numpy()
        return states

    return folder / "model.safetensors", encode


def cosines(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of the states of the tokens that are no padding."""
    one, other = one[MASK > 0], other[MASK > 0]
    lengths = np.linalg.norm(one, axis=-1) * np.linalg.norm(other, axis=-1)
    return (one * other).sum(-1) / lengths


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "precision", "least"),
    [
        (dict, "float32", 0.999999),
        (dict, "bfloat16", 0.999),
        (quantise, "float32", 0.998),
        (quantise, "auto", 0.998),
    ],
)
def test_the_states_are_berts(
    bert: tuple[Path, Encode],
    change: Callable[[Any], dict[str, Any]],
    precision: Precision,
    least: float,
) -> None:
    file, encode = bert
    weights = read_tensors(file)
    layers = change({name: w for name, w in weights.items() if name.startswith("encoder.")})
    encoder = Encoder(Embeddings(weights), layers, heads=4, precision=precision, threads=1)
    found = encoder.hidden(IDS, MASK)
    assert found.dtype == np.float32
    assert cosines(found, encode(IDS, MASK)).min() > least


@pytest.mark.slow
def test_numpy_alone_makes_the_same_states(bert: tuple[Path, Encode]) -> None:
    weights = read_tensors(bert[0])
    shorter = IDS[:1, : MASK[0].sum()]
    states = [Embeddings(weights).states(ids)[0] for ids in (IDS[1:], shorter)]
    long, short = plain.hidden(states, weights, heads=4, epsilon=1e-12)
    assert np.abs(long - bert[1](IDS[1:], MASK[1:])[0]).max() < 1e-4
    assert np.abs(short - bert[1](shorter, np.ones_like(shorter))[0]).max() < 1e-4


def test_every_half_is_the_same_number_in_float32() -> None:
    halves = np.arange(1 << 16, dtype=np.uint16).view(np.float16).reshape(256, 256)
    numbers = np.isfinite(halves)
    assert np.array_equal(floats(halves)[numbers], halves.astype(np.float32)[numbers])


@pytest.mark.slow
def test_two_encoders_stand_on_the_same_embeddings(bert: tuple[Path, Encode]) -> None:
    weights = read_tensors(bert[0])
    embeddings = Embeddings(weights)
    first = Encoder(embeddings, weights, heads=4, precision="float32")
    one = {name: w for name, w in weights.items() if not name.startswith("encoder.layer.1.")}
    second = Encoder(embeddings, one, heads=4, precision="float32")
    before = first.hidden(IDS, MASK)
    assert cosines(before, second.hidden(IDS, MASK)).max() < 0.999
    assert np.array_equal(before, first.hidden(IDS, MASK))


def test_int8_layers_are_a_quarter_of_the_size() -> None:
    exact = {"w": np.random.default_rng(0).normal(size=(8, 64)).astype(np.float32)}
    exact["w"][3] = 0
    small = quantise(exact)
    assert small["w"].nbytes * 4 == exact["w"].nbytes
    again = small["w"] * small["w.scale"]
    assert np.abs(again - exact["w"]).max() <= small["w.scale"].max() / 2 + 1e-6
    assert quantise(small)["w"] is small["w"]


def test_batches_hold_all_texts_within_their_size() -> None:
    lengths = [5, 90, 12, 7, 30, 41]
    made = list(batches(lengths, 64))
    assert sorted(i for batch in made for i in batch) == list(range(len(lengths)))
    assert all(
        len(batch) == 1 or max(lengths[i] for i in batch) * len(batch) <= 64 for batch in made
    )
    assert list(batches([], 64)) == []


def test_tokens_are_of_the_spans_they_touch() -> None:
    offsets = np.array([[0, 0], [0, 3], [3, 6], [6, 9], [0, 0]])
    assert tokens_within([(0, 4), (6, 9)], offsets).tolist() == [[0, 1, 1, 0, 0], [0, 0, 0, 1, 0]]


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "model.safetensors"
    for content in (b"", b"\x05\0\0\0\0\0\0\0{}", b"\x02\0\0\0\0\0\0\0[]"):
        file.write_bytes(content)
        with pytest.raises(ModelError, match=r"model\.safetensors"):
            read_tensors(file)


@pytest.mark.slow
def test_the_bundled_encoder_needs_neither_torch_nor_a_network(tmp_path: Path) -> None:
    """OpenVINO's converter reports its import from a forked process, which beside other threads stands still."""
    code = (
        "import sys\n"
        "def watch(event, arguments):\n"
        "    assert event not in {'socket.connect', 'socket.getaddrinfo', 'os.fork'}, arguments\n"
        "sys.addaudithook(watch)\n"
        "from index.config import EmbedderSettings\n"
        "from index.embed.embedder import open_embedder\n"
        "embedder = open_embedder(EmbedderSettings())\n"
        "embedder.embed_queries(['Why?'])\n"
        "embedder.embed_passages(['The office is closed.'] * 40, [[(0, 21)]] * 40)\n"
        "assert 'openvino' in sys.modules\n"
        "absent = {'torch', 'transformers', 'sentence_transformers', 'openvino_telemetry'}\n"
        "assert not absent & sys.modules.keys()\n"
    )
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=root,
        env={**os.environ, "HOME": str(tmp_path)},
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert not (tmp_path / "intel").exists(), "the report's own file"
