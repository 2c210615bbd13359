"""What the reader finds: the answering sentence first, and whether there is one.

In: a reader and the packed questions to measure with. Out: for each kind of question, the share
whose first sentence answers (of those that are answered), and the area under the ROC curve of the
best sentence's score for whether they are.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import torch

from benchmarks.figures import area
from training.batches import Examples, collate, make_row, ones, to_device
from training.model import Reader, mixed_precision

ROWS = 96


@torch.no_grad()
def evaluate(reader: Reader, data: Examples, device: torch.device) -> None:
    reader.eval()
    rows, where = [], []
    for number, group in enumerate(data.groups):
        for place, passage in enumerate(group["passages"]):
            rows.append(make_row(data, group["asked"], passage))
            where.append((number, place))
    order = sorted(range(len(rows)), key=lambda n: len(rows[n].tokens))
    scores: dict[tuple[int, int], list[float]] = {}
    for start in range(0, len(order), ROWS):
        part = order[start : start + ROWS]
        batch = to_device(collate([rows[n] for n in part]), device)
        with mixed_precision(device):
            nothing, sentence, *_ = reader(batch.tokens, batch.present, batch.member)
        margin = (sentence - nothing[:, None]).cpu().numpy()
        for row, number in enumerate(part):
            scores[where[number]] = margin[row].tolist()
    right: dict[str, list[bool]] = defaultdict(list)
    beliefs: dict[str, list[tuple[float, bool]]] = defaultdict(list)
    for number, group in enumerate(data.groups):
        kind = group["kind"]
        found = [
            (score, place, sentence)
            for place in range(len(group["passages"]))
            for sentence, score in enumerate(scores[number, place])
        ]
        best = max(found)
        beliefs[kind.split(" across")[0]].append((best[0], group["answerable"]))
        if any(group["gold"]):
            right[kind].append(best[2] in ones(group["gold"][best[1]]))
    for kind, hits in sorted(right.items()):
        print(f"{kind:24} first sentence answers {np.mean(hits):.3f} of {len(hits)}")
    for kind, pairs in sorted(beliefs.items()):
        if 0.1 < np.mean([answerable for _, answerable in pairs]) < 0.95:
            print(
                f"{kind:24} answered or not, AUROC {area(*zip(*pairs, strict=True)):.3f} of {len(pairs)}"
            )


@torch.no_grad()
def held_claims(
    reader: Reader, data: Examples, numbers: Sequence[int], device: torch.device
) -> None:
    """The share of claims of each source and kind that are held to be carried."""
    reader.eval()
    found: dict[str, list[float]] = defaultdict(list)
    for start in range(0, len(numbers), ROWS):
        part = numbers[start : start + ROWS]
        rows = [
            make_row(data, asked, passage, verdict=verdict)
            for asked, passage, verdict in (data.rows[n, [0, 1, 7]].tolist() for n in part)
        ]
        batch = to_device(collate(rows), device)
        with mixed_precision(device):
            verdict = reader(batch.tokens, batch.present, batch.member)[3]
        for number, chance in zip(part, verdict.softmax(1)[:, 0].tolist(), strict=True):
            found[f"{data.sources[data.rows[number, 8]]} {data.rows[number, 7]}"].append(chance)
    for name, chances in sorted(found.items()):
        print(
            f"{name:28} held to be carried {np.mean(np.array(chances) > 0.5):.3f} of {len(chances)}"
        )
