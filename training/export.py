"""A trained reader -> the file that ships: layers in int8 with a scale a row, heads in float16.

In: the state of `training.model.Reader`. Out: a safetensors file under the names that
`rag.evidence.reader` reads. The embeddings are the bundled embedder's own and are not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from index.embed.models.engine import SCALE, quantise
from training.model import LINEAR, NORMS

HEADS = ("sentence", "nothing", "verdict", "words")


def export(state: Mapping[str, NDArray[Any]], path: Path) -> None:
    theirs = {ours: name for name, ours in (LINEAR | NORMS).items()}
    layers, heads = {}, {}
    for name, values in state.items():
        head = name.split(".")[0]
        if head == "layers":
            _, number, part, kind = name.split(".")
            layers[f"encoder.layer.{number}.{theirs[part]}.{kind}"] = values
        elif head in HEADS:
            heads[name] = np.ascontiguousarray(values, np.float16)
    small = {
        name: values
        if values.dtype == np.int8
        else values.astype(np.float32 if name.endswith(SCALE) else np.float16)
        for name, values in quantise(layers).items()
    }
    save_file({**small, **heads}, path)
