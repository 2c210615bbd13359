"""Training the reader, on a backbone of one layer and examples that fit on a page."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from tokenizers import Tokenizer, models, pre_tokenizers

from training.batches import Examples, Mix, batches, epoch, make_row, ones
from training.model import HEADS, LINEAR, NORMS, Reader
from training.nearest import nearest
from training.pack import pack
from training.records import Example, Group, Passage
from training.train import NothingLearnedError, Plan, train

CPU = torch.device("cpu")
COLOURS = ("red", "blue", "green", "white", "black", "brown", "grey", "pink")
WIDTH = 2 * HEADS


def passage(colour: str) -> Passage:
    """Two sentences: where the house is, and what colour it has."""
    first, second = "the house is here.", f"it is {colour} now."
    text = f"{first} {second}"
    return Passage(text, ((0, len(first)), (len(first) + 1, len(text))), document=colour)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Examples:
    vocabulary = [
        "<s>",
        "<pad>",
        "</s>",
        "<unk>",
        *["the", "house", "is", "here", "it", "now", "where", "what", ":", "."],
    ]
    words = [*vocabulary, "query", "passage", "colour", "said", "nobody", *COLOURS]
    tokenizer = Tokenizer(models.WordLevel({word: n for n, word in enumerate(words)}, "<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    examples = [
        example
        for colour in COLOURS
        for example in (
            Example("what colour", passage(colour), (1,), answers=(colour,), source="toy"),
            Example("where is the house", passage(colour), (0,), answers=("here",), source="toy"),
            Example(f"it is {colour}", passage(colour), (1,), verdict="supports", source="claims"),
            Example("nobody said", passage(colour), verdict="nothing", source="claims"),
        )
    ]
    groups = [Group("what colour", (passage("red"), passage("blue")), ((1,), (1,)), kind="toy")]
    file = tmp_path_factory.mktemp("training") / "examples.npz"
    pack(examples, groups, tokenizer, file)
    return Examples(file)


@pytest.fixture(scope="module")
def weights(data: Examples) -> dict[str, NDArray[np.float16]]:
    chance = np.random.default_rng(1)

    def random(*shape: int) -> NDArray[np.float16]:
        return chance.normal(0, 0.2, shape).astype(np.float16)

    found = {
        "embeddings.word_embeddings.weight": random(int(data.vocabulary.max()) + 1, WIDTH),
        "embeddings.position_embeddings.weight": random(64, WIDTH),
        "embeddings.token_type_embeddings.weight": random(1, WIDTH),
        "embeddings.LayerNorm.weight": np.ones(WIDTH, np.float16),
        "embeddings.LayerNorm.bias": np.zeros(WIDTH, np.float16),
    }
    for name in LINEAR | NORMS:
        rows = 2 * WIDTH if name == "intermediate.dense" else WIDTH
        columns = 2 * WIDTH if name == "output.dense" else WIDTH
        shape = (WIDTH,) if name in NORMS else (rows, columns)
        found[f"encoder.layer.0.{name}.weight"] = (
            np.ones(shape, np.float16) if name in NORMS else random(*shape)
        )
        found[f"encoder.layer.0.{name}.bias"] = np.zeros(shape[0], np.float16)
    return found


PLAN = Plan(epochs=60, rate=3e-3, warm_up=10, tokens=1024, mix=Mix(near=1))


def test_the_reader_learns_which_sentence_answers(
    data: Examples, weights: dict[str, NDArray[np.float16]], tmp_path: Path
) -> None:
    reader = train(data, weights, tmp_path, PLAN, CPU).eval()
    right = []
    for asked, where, gold, *_ in data.rows[data.is_question()].tolist():
        row = make_row(data, asked, where)
        tokens = torch.tensor([row.tokens])
        with torch.no_grad():
            _, sentence, *_ = reader(tokens, tokens != 1, torch.tensor([row.members]))
        right.append(int(sentence.argmax()) in ones(gold))
    assert np.mean(right) == 1.0


def test_a_training_that_learns_nothing_ends(
    data: Examples, weights: dict[str, NDArray[np.float16]], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr("training.train.CHECKED_AT", 20)
    with pytest.raises(NothingLearnedError, match="after 20 steps"):
        train(
            data, weights, tmp_path, Plan(epochs=30, rate=0.0, tokens=256, learned_below=0.1), CPU
        )


def test_an_interrupted_training_goes_on(
    data: Examples, weights: dict[str, NDArray[np.float16]], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr("training.train.SAVED_SECONDS", -1)  # keeps the state of each step
    plan = Plan(epochs=1, tokens=1024, warm_up=1)
    train(data, weights, tmp_path, plan, CPU)
    kept = torch.load(tmp_path / "checkpoint.pt")
    again = train(data, weights, tmp_path, plan, CPU)
    assert torch.load(tmp_path / "checkpoint.pt")["step"] == kept["step"]  # nothing was left to do
    for name, value in again.state_dict().items():
        assert torch.equal(value, kept["reader"][name])


def test_other_documents_near_a_question_do_not_hold_its_answer(
    data: Examples, weights: dict[str, NDArray[np.float16]]
) -> None:
    reader = Reader(weights, data.vocabulary)
    found = nearest(reader, data, CPU)
    for number in np.flatnonzero(data.is_question()).tolist():
        near = [p for p in found[number].tolist() if p >= 0]
        own = data.rows[number, 1]
        assert own not in near
        texts = [data.passage_texts[p] for p in near]
        assert not any(answer in text for text in texts for answer in data.answers[number])
    assert (found >= 0).any()


def test_a_question_is_also_asked_of_its_passage_without_the_answer(data: Examples) -> None:
    import random

    near = np.full((len(data.rows), 1), -1)
    specs = list(epoch(data, near, Mix(claims=0, taken_out=1.0), random.Random(1)))  # noqa: S311
    without = [spec for spec in specs if spec.kind == "without"]
    assert len(without) == len([spec for spec in specs if spec.kind == "as it is"])
    for spec in without:
        row = spec.row(data)
        assert row.gold == [] and set(row.members) == {-1, 0}  # one sentence is left
    made = batches(specs, 64, random.Random(1))  # noqa: S311
    assert sorted(map(id, (spec for batch in made for spec in batch))) == sorted(map(id, specs))
    assert all(max(s.length for s in batch) * (len(batch) - 1) <= 64 for batch in made)
