"""Data sets -> examples -> weights -> figures.

    python -m training DATA OUT [--share S] [--epochs E] [--frozen L] [--tokens T] [--minutes M]

DATA holds the folders train/ and eval/ that docs/reader.md lists. What was done already lies in OUT
and is not done again: an interrupted training goes on from its last checkpoint. On a GPU one epoch
takes two minutes; on two CPU cores `--share 0.15 --epochs 1 --frozen 6 --tokens 4096` takes some hours. Writes
OUT/reader.safetensors, the file that ships as rag/evidence/data/reader.safetensors.
"""

from __future__ import annotations

import argparse
import os
import random
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.embed.models.bundled import embedder_folder
from training import claims, negatives, sources
from training.batches import Examples, Mix, measured
from training.evaluate import evaluate, held_claims
from training.export import HEADS, export
from training.pack import pack
from training.records import Example
from training.train import Plan, train

SEED = 1
EXAMPLES = "examples.npz"
KEPT = ("layers", *HEADS)


def build(data: Path, out: Path) -> None:
    """The examples and the questions to measure with, in one file."""
    rng = random.Random(SEED)
    groups = list(sources.measured(data))
    asked = list(sources.questions(data))
    examples: list[Example] = [
        *asked,
        *negatives.of_documents(asked, rng),
        *negatives.of_others(asked, rng),
    ]
    examples += sources.unanswered(data)
    articles = [
        (language, sources.passages(record["text"], language, document=f"crud-sample-{number}"))
        for language, number, record in (
            ("zh", n, r)
            for n, r in enumerate(sources.records(data / "eval" / "crud_news_sample.jsonl"))
            if n % 2
        )
    ]
    english = {e.passage.document: e for e in asked if e.source in ("tydi_en", "qed_en")}
    articles += [("en", [e.passage, *e.siblings]) for e in english.values()]
    examples += sources.claims(data)
    examples += claims.parallel(data, rng)
    examples += claims.short(data, rng)
    examples += claims.news(data, rng, articles)
    tokenizer = Tokenizer.from_file(str(embedder_folder() / "tokenizer.json"))
    pack(examples, groups, tokenizer, out / EXAMPLES)
    print(f"{len(examples)} examples")


def learn(out: Path, plan: Plan, share: float) -> None:
    """Trains, writes the weights, and prints what they find."""
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    data = Examples(out / EXAMPLES, share)
    weights = load_file(embedder_folder() / "model.safetensors")
    reader = train(data, weights, out, plan, device)
    kept = {n: v.cpu().numpy() for n, v in reader.state_dict().items() if n.split(".")[0] in KEPT}
    export(kept, out / "reader.safetensors")
    evaluate(reader, data, device)
    claims_held = [n for n in np.flatnonzero(~data.is_question()).tolist() if measured(n)]
    held_claims(reader, data, claims_held, device)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--share", type=float, default=1.0, help="of the examples, at random")
    parser.add_argument("--epochs", type=float, default=Plan.epochs)
    parser.add_argument(
        "--frozen", type=int, default=Plan.frozen, help="layers that stay as they are"
    )
    parser.add_argument("--tokens", type=int, default=Plan.tokens, help="of a batch")
    parser.add_argument("--claims", type=int, default=Mix.claims, help="claims of an epoch")
    parser.add_argument("--minutes", type=float, default=Plan.minutes, help="be done by then")
    arguments = parser.parse_args()
    arguments.out.mkdir(parents=True, exist_ok=True)
    if not (arguments.out / EXAMPLES).exists():
        build(arguments.data, arguments.out)
    workers = max(0, (os.cpu_count() or 1) - 2) if torch.cuda.is_available() else 0
    plan = Plan(
        epochs=arguments.epochs, frozen=arguments.frozen, mix=Mix(claims=arguments.claims),
        minutes=arguments.minutes, workers=workers, tokens=arguments.tokens,
    )  # fmt: skip
    learn(arguments.out, plan, arguments.share)


if __name__ == "__main__":
    main()
