"""Rows of plain data -> a pandas frame; pandas is imported when one is asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.errors import InputError

if TYPE_CHECKING:
    import pandas as pd


def to_frame(rows: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    """One row each. Raises InputError where pandas is not installed."""
    try:
        import pandas as pd
    except ImportError as error:
        raise InputError("Frames need pandas: pip install pandas") from error
    return pd.DataFrame(rows)
