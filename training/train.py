"""Examples -> the reader's weights.

In: the packed examples and the backbone's weights. Out: a state that loads into `Reader`, after
each epoch and every few minutes; an interrupted run goes on from there.

Losses: of the passage's sentences and "nothing", the right one is the likeliest (softmax), and each
sentence alone is more or less likely than "nothing" (logistic), so that scores of different
passages compare; where the answer's words begin and end; the verdict on a claim.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional as F

from training.model import Reader, rows_of

VERDICT_SUPPORTS, VERDICT_UNSUPPORTED = 1, 4
NEAR = 24
"""A passage of another document is drawn from so many nearest ones."""
SEED = 1


class NothingLearnedError(Exception):
    """The states collapsed: begin again with a lower rate."""


@dataclass(frozen=True)
class Plan:
    """How much is learned, and how."""

    epochs: float = 3.0
    rate: float = 8e-5
    """Of the layers; the heads, which begin at random, learn five times as fast."""
    warm_up: int = 300
    """Steps until the whole rate. Without these e5 collapses: all texts get the same states."""
    tokens: int = 16384
    """In a batch, padding included."""
    frozen: int = 0
    """Layers from the first that stay as they are."""
    claims: int = 60_000
    """Drawn in each epoch."""
    near: int = 2
    """Passages of other documents for each question."""
    taken_out: float = 0.35
    """Share of the questions that are asked of their passage less its answer, too."""
    learned_below: float = 1.5
    """A loss that 500 steps reach; of constant scores it is 1.7."""
    workers: int = 0
    """Processes that make batches."""
    minutes: float = 1e9
    """The rate falls to nothing by then, however far it came."""


class Examples:
    """The packed examples."""

    def __init__(self, path: Path) -> None:
        packed = np.load(path)
        self.vocabulary: NDArray[np.int32] = packed["vocabulary"]
        self.tokens, self.starts = packed["tokens"].astype(np.int64), packed["starts"]
        self.passages, self.rows = packed["passages"], packed["examples"]
        self.span_values, self.span_starts = packed["spans"], packed["span_starts"]
        self.sources = [str(name) for name in packed["sources"]]
        self.answers: list[list[str]] = json.loads(packed["answers"].tobytes())
        self.passage_texts: list[str] = json.loads(packed["passage_texts"].tobytes())
        self.groups: list[dict[str, Any]] = json.loads(packed["groups"].tobytes())

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


def epoch(
    data: Examples, near: NDArray[np.int64], plan: Plan, rng: random.Random
) -> Iterator[Spec]:
    """What is read in one epoch."""
    widths = np.diff(data.starts)
    passage_widths = widths[data.passages[:, :3]].sum(1) + 5
    questions = data.is_question()
    claims = [n for n in np.flatnonzero(~questions).tolist() if not measured(n)]
    chosen = rng.sample(claims, min(plan.claims, len(claims)))

    def spec(number: int, passage: int, kind: str) -> Spec:
        width = int(widths[data.rows[number, 0]] + passage_widths[passage])
        return Spec(number, passage, kind, width, rng.getrandbits(32))

    for number in [*np.flatnonzero(questions).tolist(), *chosen]:
        _, passage, gold, doubtful, *_, verdict, _ = data.rows[number].tolist()
        yield spec(number, passage, "as it is")
        if verdict or not gold:
            continue
        spared = len(data.spans(passage)) > len(ones(gold)) + len(ones(doubtful))
        if spared and rng.random() < plan.taken_out:
            yield spec(number, passage, "without")
        others = [p for p in near[number].tolist() if p >= 0]
        for other in rng.sample(others, min(plan.near, len(others))):
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
        *map(torch.from_numpy, (tokens, tokens != 1, member, gold, doubtful)),
        torch.tensor([row.weak for row in rows]), torch.from_numpy(first), torch.from_numpy(last),
        torch.tensor([row.verdict for row in rows]),
    )  # fmt: skip


def loss_of(reader: Reader, batch: Batch) -> Tensor:
    nothing, sentence, words, verdict = reader(batch.tokens, batch.present, batch.member)
    gold, exists = batch.gold, sentence > float("-inf")
    gold = gold & exists
    answered = gold.any(1)
    choice = torch.cat([nothing[:, None], sentence.masked_fill(batch.doubtful, float("-inf"))], 1)
    right = torch.cat([~answered[:, None], gold], 1)
    likely = torch.logsumexp(choice.masked_fill(~right, float("-inf")), 1) - torch.logsumexp(
        choice, 1
    )
    losses = -likely.mean()

    margin = (sentence - nothing[:, None]).masked_fill(~exists, 0.0)
    counted = exists & ~batch.doubtful & ~(gold & batch.weak[:, None])
    each = F.binary_cross_entropy_with_logits(margin, gold.float(), reduction="none")
    weight = torch.where(gold, 2.0, 1.0) * counted
    losses = losses + 0.5 * ((each * weight).sum(1) / weight.sum(1).clamp(min=1)).mean()

    located = batch.first >= 0
    if bool(located.any()):
        inside = (batch.member >= 0)[..., None]
        logits = words.masked_fill(~inside, -1e4)[located]
        for side, place in ((0, batch.first), (1, batch.last)):
            losses = (
                losses
                + 0.15 * F.cross_entropy(logits[..., side], place[located]) * located.float().mean()
            )

    claimed = batch.verdict > 0
    if bool(claimed.any()):
        logits, wanted = verdict[claimed].log_softmax(1), batch.verdict[claimed]
        known = wanted != VERDICT_UNSUPPORTED
        exact = -logits.gather(1, (wanted - 1).clamp(max=2)[:, None])[:, 0]
        not_carried = -torch.logsumexp(logits[:, 1:], 1)
        losses = losses + torch.where(known, exact, not_carried).mean() * claimed.float().mean()
    return losses


def train(
    data: Examples, weights: dict[str, Any], out: Path, plan: Plan, device: torch.device,
    near: NDArray[np.int64] | None = None,
) -> Reader:  # fmt: skip
    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    began = time.time()
    reader = Reader(weights, data.vocabulary).to(device)
    if near is None and (kept := out / "nearest.npy").exists():
        near = np.load(kept)
    elif near is None:
        near = nearest(reader, data, device)
        np.save(kept, near)
        print(f"nearest passages found after {time.time() - began:.0f} s", flush=True)
    reader.freeze(plan.frozen)
    optimizer = optimizer_of(reader, plan, device)
    checkpoint = out / "checkpoint.pt"
    step = done = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint, map_location=device)
        reader.load_state_dict(saved["reader"])
        optimizer.load_state_dict(saved["optimizer"])
        step, began = saved["step"], began - saved["seconds"]
    total, recent, seen, last_saved = 0, [], 0, time.time()
    whole = int(plan.epochs) + (plan.epochs % 1 > 0)
    for number in range(whole):
        made = batches(
            list(epoch(data, near, plan, random.Random(SEED + number))), plan.tokens, rng
        )
        if not total:
            total = int(len(made) * plan.epochs)
            print(
                f"{len(made)} batches an epoch, {total} steps, ready after {time.time() - began:.0f} s",
                flush=True,
            )
        behind = min(max(0, step - done), len(made))
        done += behind
        for batch in loader(data, made[behind:], plan.workers, device):
            done += 1
            share = max(done / total, (time.time() - began) / 60 / plan.minutes)
            if share >= 1:
                return reader
            for group in optimizer.param_groups:
                group["lr"] = (
                    group["scale"] * plan.rate * min(1.0, done / plan.warm_up) * (1 - share)
                )
            batch = to_device(batch, device)
            with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
                loss = loss_of(reader.train(), batch)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimizer.step()
            seen += batch.tokens.numel()
            if done % 10 == 0:
                recent.append(float(loss.detach()))
            if done == 500 and np.mean(recent[-12:]) > plan.learned_below:
                raise NothingLearnedError(f"loss {np.mean(recent[-12:]):.3f} after {done} steps")
            if done % 200 == 0:
                rate = seen / (time.time() - began)
                print(
                    f"{done} of {total}: loss {np.mean(recent[-20:]):.4f}, {rate:.0f} tokens/s, {time.time() - began:.0f} s",
                    flush=True,
                )
            if time.time() - last_saved > 600:
                last_saved = time.time()
                state = {
                    "reader": reader.state_dict(),
                    "optimizer": optimizer.state_dict(),
                    "step": done,
                }
                torch.save(state | {"seconds": time.time() - began}, checkpoint)
    return reader


HEADS_FASTER = 5.0


def optimizer_of(reader: Reader, plan: Plan, device: torch.device) -> torch.optim.Optimizer:
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, weights in reader.named_parameters():
        if weights.requires_grad:
            groups.setdefault((name.startswith("layers."), weights.ndim > 1), []).append(weights)
    return torch.optim.AdamW(
        [
            {"params": found, "weight_decay": 0.01 * matrix, "scale": 1.0 if layer else HEADS_FASTER}
            for (layer, matrix), found in groups.items()
        ],
        lr=plan.rate, betas=(0.9, 0.98), fused=device.type == "cuda",
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


@torch.no_grad()
def nearest(reader: Reader, data: Examples, device: torch.device) -> NDArray[np.int64]:
    """[examples, NEAR]: passages of other documents near each question, by the backbone as an
    embedder, less the mean of their language; -1 where one has the answer's words."""
    questions = np.flatnonzero(data.is_question() & (data.rows[:, 2] > 0))
    asked = data.rows[questions, 0]
    unique, inverse = np.unique(asked, return_inverse=True)
    ours = embedded(reader, [data.text(n) for n in unique], device)
    theirs = embedded(reader, [data.text(n) for n in data.passages[:, 0]], device)
    language = torch.from_numpy(data.passages[:, 4].astype(np.int64)).to(device)
    for number in language.unique():
        mean = theirs[language == number].mean(0)
        theirs[language == number] = F.normalize(theirs[language == number] - mean, dim=1)
    ours = F.normalize(ours - ours.mean(0), dim=1)
    best = torch.cat(
        [(part @ theirs.T).topk(NEAR * 2, dim=1).indices.cpu() for part in ours.split(512)]
    ).numpy()
    found = np.full((len(data.rows), NEAR), -1, np.int64)
    documents = data.passages[:, 3]
    for number, row in zip(questions.tolist(), inverse.tolist(), strict=True):
        document = documents[data.rows[number, 1]]
        answers = data.answers[number]
        kept = [
            p
            for p in best[row].tolist()
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
        with torch.autocast(device.type, torch.bfloat16):
            states = reader.states(ids, ids != 1).float()
        kept = (ids != 1)[..., None]
        found[part] = F.normalize((states * kept).sum(1) / kept.sum(1), dim=1)
    return found
