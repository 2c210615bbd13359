"""What the benchmarks share: how their data are read, and how a figure is shown.

In: a file of JSON Lines, or what was right of each item. Out: its records; a share with its standard error.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score


def records(path: Path) -> list[dict[str, Any]]:
    """Ends the script where the file is not there."""
    if not path.is_file():
        raise SystemExit(f"There is no {path}: name the folder of evaluation data.")
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def shown(right: Sequence[bool]) -> str:
    """The share that is right, with its standard error."""
    share = float(np.mean(right))
    return f"{share:.3f} ±{np.sqrt(share * (1 - share) / len(right)):.3f}"


def area(scores: Sequence[float], right: Sequence[bool]) -> float:
    """The area under the ROC curve; not a number where all are right, or none."""
    return float(roc_auc_score(right, scores)) if len(set(right)) == 2 else float("nan")
