"""How well the reader tells whether one sentence carries another: XNLI, within and across languages.

    python benchmarks/nli.py DATA [--each 200]

DATA holds xnli_dev.tsv (label, and premise and hypothesis in en, zh and ru). Prints for each pair of languages
the accuracy of three labels, and of carried or not, with the standard error. Nothing is trained or fitted
on it.
"""

from __future__ import annotations

import argparse
import csv
import random
import sys
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import shown
from rag.evidence.opening import own_reader
from rag.evidence.reader import Text

LANGUAGES = ("zh", "en", "ru")
LABELS = ("entailment", "contradiction", "neutral")
"""In the order of what the reader gives."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument(
        "--each",
        type=int,
        default=200,
        help="pairs of sentences, the same ones in each pair of languages",
    )
    arguments = parser.parse_args()
    with (arguments.data / "xnli_dev.tsv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE))
    rows = random.Random(1).sample(rows, min(arguments.each, len(rows)))  # noqa: S311
    reader = own_reader()
    if reader is None:
        sys.exit("The reader is not installed: pip install -e '.[offline]'.")
    gold = np.array([LABELS.index(row["label"]) for row in rows])
    print(
        f"{'premise':8} {'hypothesis':11} {'three labels':>14} {'carried or not':>15}   of {len(rows)}"
    )
    for theirs in LANGUAGES:
        for ours in LANGUAGES:
            found = []
            for row in rows:
                (one,) = reader.carries(row[f"hyp_{ours}"], [Text(row[f"premise_{theirs}"])])
                found.append((one.carries, one.contradicts, one.silent))
            odds = np.array(found)
            three = odds.argmax(axis=1) == gold
            carried = (odds[:, 0] > 0) == (gold == 0)
            print(f"{theirs:8} {ours:11} {shown(three):>14} {shown(carried):>15}", flush=True)


if __name__ == "__main__":
    main()
