"""Batches -> the reader's weights.

In: the packed examples and the backbone's weights. Out: the trained reader. Every ten minutes the state is
kept, so that an interrupted run goes on from there.

Losses: of the passage's sentences and "nothing", the right one is the likeliest (softmax), and each
sentence alone is more or less likely than "nothing" (logistic), so that scores of different
passages compare; where the answer's words begin and end; the verdict on a claim.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from training.batches import SEED, Batch, Examples, Mix, Spec, batches, epoch, loader, to_device
from training.model import Reader, mixed_precision
from training.nearest import nearest

VERDICT_UNSUPPORTED = 4
HEADS_FASTER = 5.0
CHECKED_AT = 500
SAVED_SECONDS = 600
CHECKPOINT = "checkpoint.pt"
NEAREST = "nearest.npy"


class NothingLearnedError(Exception):
    """The states collapsed: begin again with a lower rate."""


@dataclass(frozen=True)
class Plan:
    """How much is learned, and how."""

    epochs: float = 3.0
    rate: float = 8e-5
    """Of the layers; the heads, which begin at random, learn `HEADS_FASTER`."""
    warm_up: int = 300
    """Steps in which the rate rises to its full value. Without them e5 collapses: all texts get the
    same states."""
    tokens: int = 16384
    """Most tokens in a batch, padding included."""
    frozen: int = 0
    """So many layers, from the first on, are not trained."""
    mix: Mix = field(default_factory=Mix)
    learned_below: float = 1.5
    """The loss must be below this after 500 steps. A reader that gives all sentences the same score has
    1.7."""
    workers: int = 0
    """Processes that make batches."""
    minutes: float = 1e9
    """The training ends after this time, however far it is; the rate has fallen to 0 by then."""


def loss_of(reader: Reader, batch: Batch) -> Tensor:
    nothing, sentence, words, verdict = reader(batch.tokens, batch.present, batch.member)
    exists = sentence > float("-inf")
    gold = batch.gold & exists
    losses = loss_of_choice(batch, nothing, sentence, gold)
    losses = losses + 0.5 * loss_of_sentences(batch, sentence - nothing[:, None], gold, exists)
    losses = losses + 0.15 * loss_of_words(batch, words)
    return losses + loss_of_verdicts(batch, verdict)


def loss_of_choice(batch: Batch, nothing: Tensor, sentence: Tensor, gold: Tensor) -> Tensor:
    """Softmax over "nothing" and the sentences; those that may answer take no part."""
    choice = torch.cat([nothing[:, None], sentence.masked_fill(batch.doubtful, float("-inf"))], 1)
    right = torch.cat([~gold.any(1)[:, None], gold], 1)
    best = torch.logsumexp(choice.masked_fill(~right, float("-inf")), 1)
    return (torch.logsumexp(choice, 1) - best).mean()


def loss_of_sentences(batch: Batch, margin: Tensor, gold: Tensor, exists: Tensor) -> Tensor:
    """Each sentence against "nothing"; one that answers weighs twice."""
    counted = exists & ~batch.doubtful & ~(gold & batch.weak[:, None])
    each = F.binary_cross_entropy_with_logits(
        margin.masked_fill(~exists, 0.0), gold.float(), reduction="none"
    )
    weight = torch.where(gold, 2.0, 1.0) * counted
    return ((each * weight).sum(1) / weight.sum(1).clamp(min=1)).mean()


def loss_of_words(batch: Batch, words: Tensor) -> Tensor:
    """Where the words of the answer begin and end, of the examples that know it."""
    located = batch.first >= 0
    if not bool(located.any()):
        return words.new_zeros(())
    logits = words.masked_fill(~(batch.member >= 0)[..., None], -1e4)[located]
    first = F.cross_entropy(logits[..., 0], batch.first[located])
    last = F.cross_entropy(logits[..., 1], batch.last[located])
    return (first + last) * located.float().mean()


def loss_of_verdicts(batch: Batch, verdict: Tensor) -> Tensor:
    """The verdict on a claim. Of some it is known only that the passage does not carry them."""
    claimed = batch.verdict > 0
    if not bool(claimed.any()):
        return verdict.new_zeros(())
    logits, wanted = verdict[claimed].log_softmax(1), batch.verdict[claimed]
    exact = -logits.gather(1, (wanted - 1).clamp(max=2)[:, None])[:, 0]
    not_carried = -torch.logsumexp(logits[:, 1:], 1)
    each = torch.where(wanted != VERDICT_UNSUPPORTED, exact, not_carried)
    return each.mean() * claimed.float().mean()


class Run:
    """A training that is under way: its reader, its optimizer, and how far it is."""

    def __init__(self, reader: Reader, plan: Plan, out: Path, device: torch.device) -> None:
        self.reader, self.plan, self.device = reader, plan, device
        self.optimizer = optimizer_of(reader, plan, device)
        self.checkpoint = out / CHECKPOINT
        self.began = self.saved = time.time()
        self.resumed = self.done = self.total = self.seen = 0
        self.recent: list[float] = []
        if self.checkpoint.exists():
            kept = torch.load(self.checkpoint, map_location=device)
            reader.load_state_dict(kept["reader"])
            self.optimizer.load_state_dict(kept["optimizer"])
            self.resumed, self.began = kept["step"], self.began - kept["seconds"]

    @property
    def share(self) -> float:
        """How much of the steps, or of the time, is over."""
        passed = (time.time() - self.began) / 60 / self.plan.minutes
        return max(self.done / self.total, passed)

    def step(self, batch: Batch) -> None:
        warm = min(1.0, self.done / self.plan.warm_up)
        for group in self.optimizer.param_groups:
            group["lr"] = group["scale"] * self.plan.rate * warm * (1 - self.share)
        with mixed_precision(self.device):
            loss = loss_of(self.reader.train(), to_device(batch, self.device))
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.reader.parameters(), 1.0)
        self.optimizer.step()
        self.seen += batch.tokens.numel()
        if self.done % 10 == 0:
            self.recent.append(float(loss.detach()))

    def look(self) -> None:
        """Prints how it goes, keeps the state from time to time, and ends what learns nothing."""
        seconds = time.time() - self.began
        if self.done == CHECKED_AT and np.mean(self.recent[-12:]) > self.plan.learned_below:
            raise NothingLearnedError(
                f"loss {np.mean(self.recent[-12:]):.3f} after {self.done} steps"
            )
        if self.done % 200 == 0:
            loss, rate = np.mean(self.recent[-20:]), self.seen / seconds
            said = f"{self.done} of {self.total}: loss {loss:.4f}, {rate:.0f} tokens/s"
            print(f"{said}, {seconds:.0f} s", flush=True)
        if time.time() - self.saved > SAVED_SECONDS:
            self.saved = time.time()
            state = {"reader": self.reader.state_dict(), "optimizer": self.optimizer.state_dict()}
            torch.save(state | {"step": self.done, "seconds": seconds}, self.checkpoint)


def train(
    data: Examples, weights: dict[str, Any], out: Path, plan: Plan, device: torch.device
) -> Reader:
    torch.manual_seed(SEED)
    reader = Reader(weights, data.vocabulary).to(device)
    if not (out / NEAREST).exists():
        np.save(out / NEAREST, nearest(reader, data, device))
    reader.freeze(plan.frozen)
    run = Run(reader, plan, out, device)
    for made in epochs(data, plan, out):
        run.total = run.total or int(len(made) * plan.epochs)
        behind = min(max(0, run.resumed - run.done), len(made))
        run.done += behind
        for batch in loader(data, made[behind:], plan.workers, device):
            run.done += 1
            if run.share >= 1:
                return reader
            run.step(batch)
            run.look()
    return reader


def epochs(data: Examples, plan: Plan, out: Path) -> Iterator[list[list[Spec]]]:
    """The batches of each epoch; the last one may not be needed to its end."""
    near, rng = np.load(out / NEAREST), random.Random(SEED)
    for number in range(int(plan.epochs) + (plan.epochs % 1 > 0)):
        specs = list(epoch(data, near, plan.mix, random.Random(SEED + number)))
        yield batches(specs, plan.tokens, rng)


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
