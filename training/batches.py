"""Examples -> the batches that the reader learns from.

In: the packed examples (training/pack.py), and the passages near each question. Out: batches of inputs of
about one length, with what is right of each: a question with the passage that answers it, the same
passage without its answer, a passage of another document; a claim with its passage.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from training.model import rows_of

SEED = 1


class Examples:
    """The packed examples, or a share of them drawn at random."""

    def __init__(self, path: Path, share: float = 1.0) -> None:
        packed = np.load(path)
        self.vocabulary: NDArray[np.int32] = packed["vocabulary"]
        self.tokens, self.starts = packed["tokens"].astype(np.int64), packed["starts"]
        self.passages, self.rows = packed["passages"], packed["examples"]
        self.span_values, self.span_starts = packed["spans"], packed["span_starts"]
        self.sources = [str(name) for name in packed["sources"]]
        self.answers: list[list[str]] = json.loads(packed["answers"].tobytes())
        self.passage_texts: list[str] = json.loads(packed["passage_texts"].tobytes())
        self.groups: list[dict[str, Any]] = json.loads(packed["groups"].tobytes())
        if share < 1:
            self._keep(share, random.Random(SEED))

    def _keep(self, share: float, rng: random.Random) -> None:
        kept = [n for n in range(len(self.rows)) if rng.random() < share]
        self.rows, self.answers = self.rows[kept], [self.answers[n] for n in kept]
        self.groups = [group for group in self.groups if rng.random() < share]

    def text(self, number: int) -> list[int]:
        found: list[int] = self.tokens[self.starts[number] : self.starts[number + 1]].tolist()
        return found

    def spans(self, passage: int) -> list[tuple[int, int]]:
        rows = self.span_values[self.span_starts[passage] : self.span_starts[passage + 1]]
        return [(int(a), int(b)) for a, b in rows]

    def is_question(self) -> NDArray[np.bool_]:
        flag: NDArray[np.bool_] = self.rows[:, 7] == 0
        return flag


@dataclass
class Row:
    """One input, and what is right of it."""

    tokens: list[int]
    members: list[int]
    gold: list[int]
    doubtful: list[int]
    weak: bool
    answer: tuple[int, int] | None
    verdict: int


def ones(mask: int) -> list[int]:
    return [n for n in range(mask.bit_length()) if mask >> n & 1]


def make_row(
    data: Examples, asked: int, passage: int, gold: Sequence[int] = (), doubtful: Sequence[int] = (),
    weak: bool = False, answer: tuple[int, int] | None = None, verdict: int = 0,
    rng: random.Random | None = None, without: bool = False,
) -> Row:  # fmt: skip
    """The input of a question and a passage; in training now and then without what stands around."""
    body_text, title, before, *_ = data.passages[passage]
    body, spans = data.text(body_text), data.spans(passage)
    title_tokens, before_tokens = data.text(title), data.text(before)
    if rng and rng.random() < 0.3:
        title_tokens = []
    if rng and rng.random() < 0.4:
        before_tokens = []
    members = [-1] * len(body)
    for number, (a, b) in enumerate(spans):
        members[a:b] = [number] * (b - a)
    if without:  # what answers, or may, is taken out
        gone = {*gold, *doubtful}
        keep = [n for n, member in enumerate(members) if member not in gone]
        body, members = [body[n] for n in keep], [members[n] for n in keep]
        order = {old: new for new, old in enumerate(sorted({m for m in members if m >= 0}))}
        members = [order.get(m, -1) for m in members]
        gold, doubtful, answer, weak = (), (), None, False
    tokens = rows_of([(data.text(asked), title_tokens, before_tokens, body)])[0]
    shift = len(tokens) - len(body) - 1
    gold = [g for g in gold if g < len(spans) and spans[g][1] > spans[g][0]]
    found = bool(answer and answer[1] > answer[0])
    answer = (answer[0] + shift, answer[1] - 1 + shift) if answer and found else None
    return Row(tokens, [-1] * shift + members + [-1], gold, list(doubtful), weak, answer, verdict)


@dataclass(frozen=True, slots=True)
class Spec:
    """Which input is to be made."""

    number: int
    passage: int
    kind: str
    """"as it is", "without" its answer, or with an "other" passage."""
    length: int
    seed: int

    def row(self, data: Examples) -> Row:
        asked, _, gold, doubtful, weak, first, last, verdict, _ = data.rows[self.number].tolist()
        rng = random.Random(self.seed)
        if self.kind == "other":
            return make_row(data, asked, self.passage, rng=rng)
        return make_row(
            data, asked, self.passage, ones(gold), ones(doubtful), bool(weak), (first, last), verdict,
            rng, self.kind == "without",
        )  # fmt: skip


@dataclass(frozen=True)
class Mix:
    """What is drawn for an epoch."""

    claims: int = 60_000
    near: int = 2
    """Passages of other documents for each question."""
    taken_out: float = 0.35
    """Share of the questions that are also asked of their passage without its answer."""


def epoch(data: Examples, near: NDArray[np.int64], mix: Mix, rng: random.Random) -> Iterator[Spec]:
    """What is read in one epoch."""
    widths = np.diff(data.starts)
    passage_widths = widths[data.passages[:, :3]].sum(1) + 5
    questions = data.is_question()
    claims = [n for n in np.flatnonzero(~questions).tolist() if not measured(n)]
    chosen = rng.sample(claims, min(mix.claims, len(claims)))

    def spec(number: int, passage: int, kind: str) -> Spec:
        width = int(widths[data.rows[number, 0]] + passage_widths[passage])
        return Spec(number, passage, kind, width, rng.getrandbits(32))

    for number in [*np.flatnonzero(questions).tolist(), *chosen]:
        _, passage, gold, doubtful, *_, verdict, _ = data.rows[number].tolist()
        yield spec(number, passage, "as it is")
        if verdict or not gold:
            continue
        spared = len(data.spans(passage)) > len(ones(gold)) + len(ones(doubtful))
        if spared and rng.random() < mix.taken_out:
            yield spec(number, passage, "without")
        others = [p for p in near[number].tolist() if p >= 0]
        for other in rng.sample(others, min(mix.near, len(others))):
            yield spec(number, other, "other")


def measured(number: int) -> bool:
    """Whether a claim is kept to measure with."""
    return number % 25 == 7


def batches(specs: Sequence[Spec], tokens: int, rng: random.Random) -> list[list[Spec]]:
    """Inputs of about one length together."""
    ordered = sorted(specs, key=lambda spec: spec.length + rng.random() * 8)
    found: list[list[Spec]] = [[]]
    for spec in ordered:
        if found[-1] and spec.length * (len(found[-1]) + 1) > tokens:
            found.append([])
        found[-1].append(spec)
    rng.shuffle(found)
    return found


class Batches(torch.utils.data.Dataset["Batch"]):
    """Batches, made when they are needed."""

    def __init__(self, data: Examples, made: Sequence[Sequence[Spec]]) -> None:
        self.data, self.made = data, made

    def __len__(self) -> int:
        return len(self.made)

    def __getitem__(self, number: int) -> Batch:
        return collate([spec.row(self.data) for spec in self.made[number]])


class Batch(NamedTuple):
    tokens: Tensor
    present: Tensor
    member: Tensor
    gold: Tensor
    doubtful: Tensor
    weak: Tensor
    first: Tensor
    last: Tensor
    verdict: Tensor


def collate(rows: Sequence[Row]) -> Batch:
    length = (max(len(row.tokens) for row in rows) + 7) // 8 * 8
    count = len(rows)
    most = (
        max(1, *(max(row.members) + 1 for row in rows))
        if count > 1
        else max(1, max(rows[0].members) + 1)
    )
    tokens, member = np.ones((count, length), np.int64), np.full((count, length), -1, np.int64)
    gold, doubtful = np.zeros((count, most), bool), np.zeros((count, most), bool)
    first, last = np.full(count, -1, np.int64), np.full(count, -1, np.int64)
    for number, row in enumerate(rows):
        tokens[number, : len(row.tokens)] = row.tokens
        member[number, : len(row.members)] = row.members
        gold[number, row.gold] = True
        doubtful[number, [d for d in row.doubtful if d < most]] = True
        if row.answer and row.answer[1] < len(row.tokens):
            first[number], last[number] = row.answer
    return Batch(
        torch.from_numpy(tokens), torch.from_numpy(tokens != 1), torch.from_numpy(member),
        torch.from_numpy(gold), torch.from_numpy(doubtful),
        torch.tensor([row.weak for row in rows]), torch.from_numpy(first), torch.from_numpy(last),
        torch.tensor([row.verdict for row in rows]),
    )  # fmt: skip


def loader(
    data: Examples, made: Sequence[Sequence[Spec]], workers: int, device: torch.device
) -> Iterable[Batch]:
    found: Iterable[Batch] = torch.utils.data.DataLoader(
        Batches(data, made), batch_size=None, num_workers=workers, pin_memory=device.type == "cuda",
        prefetch_factor=8 if workers else None,
    )  # fmt: skip
    return found


def to_device(batch: Batch, device: torch.device) -> Batch:
    if device.type == "cpu":
        return batch
    return Batch(*(part.to(device, non_blocking=True) for part in batch))
