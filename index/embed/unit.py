"""Vectors of length 1, whose inner products are cosines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def unit(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """The same directions, float32 [..., d]; zeros stay zeros."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    found: NDArray[np.float32] = vectors / np.maximum(norms, np.float32(1e-12))
    return found
