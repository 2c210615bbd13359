"""The head that tells whether a sentence tells of the names in a question, fitted alone on the states of a
finished reader.

    python -m training.named DATA

In: the data sets and the reader that ships. Out: the reader's file with the head put in. Questions are asked as
they are, and with a name exchanged for another of the same kind: one that the passage has, too, the other one
of the question, one from elsewhere. The reader by itself hardly tells the first two from the question: the
passage has all their names. Two layers on states that stay as they are: half an hour on two CPU cores.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file
from torch import nn
from torch.nn import functional as F

from index.config import EmbedderSettings
from index.embed.models.bert import BertEmbedder
from index.embed.models.engine import tokens_within
from index.languages.names import Name, Names, known_names, names_in
from index.languages.text import detect, primary
from rag.evidence import reader as shipped
from rag.evidence.reader import QUESTION, Text, as_question, named_features
from rag.llm.localizing import localized
from training import sources
from training.exchanged import ELSEWHERE, ROLES, TOLD, apart, exchanged
from training.records import Example

SEED = 7
MOST_OF_A_SET = 2500
DIMENSIONS = 384
HIDDEN = 128
EPOCHS = 14


@dataclass(frozen=True, slots=True)
class Asked:
    """A question about a passage, or the same with names exchanged."""

    group: int
    kind: str
    """"" for the question as it is."""
    question: str
    start: int
    end: int
    """Where the name stands that is judged."""
    example: Example


def questions(examples: Sequence[Example], rng: random.Random) -> list[Asked]:
    """Questions that have a name, some with another one in its place."""
    found: list[Asked] = []
    elsewhere: list[Name] = []
    taken: dict[str, int] = {}
    for group, example in enumerate(examples):
        named = apart(names_in(example.asked, [known_names()]))
        around = f"{example.passage.title}\n{example.passage.text}"
        changed = list(exchanged(example.asked, around, elsewhere, rng)) if named else []
        elsewhere = [*elsewhere, *named][-1000:]
        if not changed or taken.get(example.source, 0) >= MOST_OF_A_SET:
            continue
        taken[example.source] = taken.get(example.source, 0) + 1
        found += [Asked(group, "", example.asked, n.start, n.end, example) for n in named]
        found += [Asked(group, *each, example) for each in changed]
    return found


def as_read(asked: Asked, tables: Sequence[Names]) -> tuple[str, tuple[int, int]]:
    """The question as it is read of its passage, and where its name stands."""
    question, language = asked.question, primary(asked.example.passage.language)
    parts = [question[: asked.start], question[asked.start : asked.end], question[asked.end :]]
    if primary(detect(question)) != language:
        parts = [localized(part, language, question, tables) if part else "" for part in parts]
    start = len(QUESTION) + len(parts[0])
    return QUESTION + as_question("".join(parts)), (start, start + len(parts[1]))


def features(rows: Sequence[Asked]) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """[rows, 4 * dimensions], and which rows can be used: those whose name is read, and of the questions as they are
    those whose best sentence answers."""
    reader = shipped.Reader(BertEmbedder(EmbedderSettings()))
    tables = [known_names()]
    inputs, texts = [], []
    for row in rows:
        passage = row.example.passage
        text = Text(passage.text, passage.sentences, passage.title, passage.before)
        asked, name = as_read(row, tables)
        inputs += reader.inputs(asked, [text], [name])
        texts.append(text)
    found = np.zeros((len(rows), 4 * DIMENSIONS), np.float32)
    used = np.zeros(len(rows), bool)
    for done, (n, states) in enumerate(reader.states(inputs)):
        scores = reader.reading(states, replace(inputs[n], named=()), texts[n]).sentences
        best = int(np.argmax(scores)) if scores else 0
        own = tokens_within(texts[n].sentences, inputs[n].offsets)[best] > 0 if scores else []
        if inputs[n].named and np.any(own):
            found[n] = named_features(states, inputs[n], np.asarray(own))[0]
            used[n] = bool(rows[n].kind) or best in rows[n].example.gold
        if done % 2000 == 0:
            print(f"{done} of {len(rows)} read", file=sys.stderr, flush=True)
    return found, used


def fit(found: NDArray[np.float32], is_asked: NDArray[np.bool_]) -> nn.Sequential:
    """The head: log-odds that a row is of a question as it is, both kinds counting the same."""
    torch.manual_seed(SEED)
    mean, deviation = found.mean(axis=0), found.std(axis=0) + 1e-3
    rows = torch.from_numpy((found - mean) / deviation)
    wanted = torch.from_numpy(is_asked.astype(np.float32))
    weight = torch.where(wanted > 0, (1 - wanted).sum() / wanted.sum(), torch.tensor(1.0))
    first, last = nn.Linear(rows.shape[1], HIDDEN), nn.Linear(HIDDEN, 1)
    head = nn.Sequential(nn.Dropout(0.2), first, nn.GELU(), nn.Dropout(0.3), last)
    optimizer = torch.optim.AdamW(head.parameters(), lr=1e-3, weight_decay=0.1)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(rows)).split(256):
            optimizer.zero_grad()
            said = head(rows[batch])[:, 0]
            F.binary_cross_entropy_with_logits(said, wanted[batch], weight[batch]).backward()
            optimizer.step()
    with torch.no_grad():  # what was scaled goes into the first layer
        first.bias.sub_(first.weight @ torch.from_numpy(mean / deviation))
        first.weight.div_(torch.from_numpy(deviation))
    return nn.Sequential(first, nn.GELU(), last)


def main(data: Path) -> None:
    rng = random.Random(SEED)
    examples = [e for e in sources.questions(data) if e.gold and not e.weak]
    rng.shuffle(examples)
    rows = questions(examples, rng)
    found, used = features(rows)
    is_asked = np.array([not row.kind for row in rows])
    held = np.array([row.group % 8 == 0 for row in rows])
    head = fit(found[used & ~held], is_asked[used & ~held])
    with torch.no_grad():
        said = head(torch.from_numpy(found))[:, 0].numpy()
    for kind in (TOLD, ROLES, ELSEWHERE):
        some = used & held & (is_asked | np.array([row.kind == kind for row in rows]))
        print(f"{kind:10} area {area(said[some], is_asked[some]):.3f} of {some.sum()} held out")
    tensors = load_file(shipped.WEIGHTS)
    for name, value in head.state_dict().items():
        tensors[f"named.{name}"] = value.numpy().astype(np.float16)
    save_file(tensors, shipped.WEIGHTS)


def area(said: NDArray[np.float32], right: NDArray[np.bool_]) -> float:
    """Under the ROC curve."""
    return float(np.mean(said[right][:, None] > said[~right][None, :]))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
