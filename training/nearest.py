"""The passages near a question that do not answer it: the reader learns most from those.

In: the packed examples, the untrained backbone. Out: for each question the numbers of passages of other
documents whose vectors are nearest to its own.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from training.batches import Examples
from training.model import Reader, mixed_precision

NEAR = 24
"""Passages that are kept for each question, to draw from."""


@torch.no_grad()
def nearest(reader: Reader, data: Examples, device: torch.device) -> NDArray[np.int64]:
    """[examples, NEAR]: passages of other documents near each question, by the backbone as an
    embedder, less the mean of their language; -1 where one has the answer's words."""
    questions = np.flatnonzero(data.is_question() & (data.rows[:, 2] > 0))
    asked = data.rows[questions, 0]
    unique, inverse = np.unique(asked, return_inverse=True)
    candidates = np.unique(data.rows[:, 1])
    ours = embedded(reader, [data.text(n) for n in unique], device)
    theirs = embedded(reader, [data.text(n) for n in data.passages[candidates, 0]], device)
    language = torch.from_numpy(data.passages[candidates, 4].astype(np.int64)).to(device)
    for number in language.unique():
        mean = theirs[language == number].mean(0)
        theirs[language == number] = F.normalize(theirs[language == number] - mean, dim=1)
    ours = F.normalize(ours - ours.mean(0), dim=1)
    most = min(2 * NEAR, len(theirs))
    best = torch.cat(
        [(part @ theirs.T).topk(most, dim=1).indices.cpu() for part in ours.split(512)]
    ).numpy()
    found = np.full((len(data.rows), NEAR), -1, np.int64)
    documents = data.passages[:, 3]
    for number, row in zip(questions.tolist(), inverse.tolist(), strict=True):
        document = documents[data.rows[number, 1]]
        answers = data.answers[number]
        kept = [
            p
            for p in candidates[best[row]].tolist()
            if documents[p] != document and not any(a in data.passage_texts[p] for a in answers)
        ][:NEAR]
        found[number, : len(kept)] = kept
    return found


@torch.no_grad()
def embedded(reader: Reader, texts: Sequence[Sequence[int]], device: torch.device) -> Tensor:
    """[texts, width]: mean states of the untrained backbone, L2-normalised."""
    reader.eval()
    order = sorted(range(len(texts)), key=lambda n: len(texts[n]))
    found = torch.zeros(len(texts), reader.word.weight.shape[1], device=device)
    for start in range(0, len(order), 256):
        part = order[start : start + 256]
        length = max(len(texts[n]) for n in part) + 2
        tokens = np.ones((len(part), length), np.int64)
        for place, number in enumerate(part):
            tokens[place, : len(texts[number]) + 2] = [0, *texts[number], 2]
        ids = torch.from_numpy(tokens).to(device)
        with mixed_precision(device):
            states = reader.states(ids, ids != 1).float()
        kept = (ids != 1)[..., None]
        found[part] = F.normalize((states * kept).sum(1) / kept.sum(1), dim=1)
    return found
