"""The head that finds the words of an answer, fitted alone on the states of a finished reader.

    python -m training.words EXAMPLES.npz

In: packed examples and the reader that ships. Out: the reader's file with the head put in. A linear
layer on states that stay as they are: minutes on two CPU cores.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file, save_file
from torch.nn import functional as F

from index.config import EmbedderSettings
from index.embed.models.bert import BertEmbedder, padded
from index.embed.models.engine import batches
from rag.evidence import reader as shipped
from training.batches import Examples, make_row, ones

EXAMPLES = 2400
EPOCHS = 60


def main(path: Path) -> None:
    data = Examples(path)
    rng = random.Random(1)
    located = np.flatnonzero((data.rows[:, 6] > data.rows[:, 5]) & (data.rows[:, 2] > 0))
    rows = []
    for number in rng.sample(located.tolist(), EXAMPLES):
        asked, passage, gold, _, _, first, last, *_ = data.rows[number].tolist()
        row = make_row(data, asked, passage, ones(gold), answer=(first, last))
        if row.answer:
            rows.append(row)
    reader = shipped.Reader(BertEmbedder(EmbedderSettings()))
    tokens = [[int(data.vocabulary[t]) for t in row.tokens] for row in rows]
    states: list[tuple[torch.Tensor, int, int]] = []
    for batch in batches([len(t) for t in tokens], shipped.AT_ONCE):
        ids, mask = padded([tokens[n] for n in batch])
        hidden = reader._encoder.hidden(ids, mask)
        for place, n in enumerate(batch):
            own = [at for at, member in enumerate(rows[n].members) if member in rows[n].gold]
            answer = rows[n].answer
            if answer and answer[0] in own and answer[1] in own:
                found = torch.from_numpy(hidden[place, own].copy())
                states.append((found, own.index(answer[0]), own.index(answer[1])))
    held = len(states) // 8
    head = torch.nn.Linear(states[0][0].shape[1], 2)
    optimizer = torch.optim.AdamW(head.parameters(), lr=3e-3, weight_decay=0.01)
    for _ in range(EPOCHS):
        rng.shuffle(train := states[held:])
        for start in range(0, len(train), 64):
            loss = torch.zeros(())
            for found, first, last in train[start : start + 64]:
                logits = head(found).T
                loss = loss + F.cross_entropy(logits, torch.tensor([first, last]))
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    right = [
        head(found).argmax(0).tolist() == [first, last] for found, first, last in states[:held]
    ]
    print(f"both ends right for {np.mean(right):.3f} of {held} held out")
    tensors = load_file(shipped.WEIGHTS)
    for name, value in head.state_dict().items():
        tensors[f"words.{name}"] = value.numpy().astype(np.float16)
    save_file(tensors, shipped.WEIGHTS)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
