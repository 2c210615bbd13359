"""Numbers of two bytes, as vectors and weights are kept, turned into those of four that are computed with.

In: an array in float16. Out: the same numbers in float32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

HALF_MANTISSA, MANTISSA = 10, 23
HALF_BIAS, BIAS = 15, 127
"""IEEE 754: bits of the fraction, and what is added to the exponent, in float16 and in float32."""

SIGN_AND_HALF = np.int32(~0x7000_0000)
"""The bits of a float32 that a float16 fills; above them its sign is repeated."""


def floats(values: NDArray[Any]) -> NDArray[np.float32]:
    """As float32. NumPy turns one float16 after another, which takes longer than what follows; here the
    bits are moved to their places, many at once: exact for all but infinities and what is no number."""
    if values.dtype != np.float16:
        return values.astype(np.float32)
    bits = np.left_shift(
        np.asarray(values).view(np.int16), MANTISSA - HALF_MANTISSA, dtype=np.int32
    )
    bits &= SIGN_AND_HALF
    moved: NDArray[np.float32] = bits.view(np.float32)
    moved *= np.float32(2.0 ** (BIAS - HALF_BIAS))
    return moved
