"""Small parts that other tests reach only as a part of something larger."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from index.embed.unit import unit
from index.errors import ModelError
from index.languages.numbers.numerals import numeral_value
from index.languages.numbers.special_numbers import of_kind, share
from index.passage_vectors import embed_missing, embedding_keys, store_embeddings
from index.records import Passage, Sentence
from index.store.store import Store
from rag.check.reasons import reasons
from rag.check.weighing import Features
from rag.evidence.cross_encoder import CrossEncoderReader
from rag.evidence.reader import Text
from rag.evidence.relevance import WEIGHTS
from rag.results.sources import Signals
from tests.toy import ToyEmbedder


def test_vectors_get_length_one_and_zeros_stay_zeros() -> None:
    made = unit(np.array([[3.0, 4.0], [0.0, 0.0]], np.float32))
    assert made.tolist() == [pytest.approx([0.6, 0.8]), [0.0, 0.0]]
    assert made.dtype == np.float32


@pytest.mark.parametrize(
    ("over", "under", "percent"), [("1", "4", 25.0), ("1,000", "4,000", 25.0), ("4", "1", None)]
)
def test_so_many_of_so_many_is_a_share(over: str, under: str, percent: float | None) -> None:
    match = re.fullmatch(r"(?P<over>\S+) of (?P<under>\S+)", f"{over} of {under}")
    assert match
    assert share(numeral_value, match) == (None if percent is None else (percent, "%", True))


def test_what_reads_as_no_number_is_none() -> None:
    match = re.fullmatch(r"(?P<n>\w+)fold", "manifold")
    assert match and of_kind(lambda text: None, match, "times") is None
    assert (twice := re.fullmatch(r"(?P<n>\w+)fold", "2fold"))
    assert of_kind(lambda text: None, twice, "times", sure=False) == (2.0, "times", False)


def passages(*texts: str) -> list[Passage]:
    return [
        Passage(f"{n}", 0, len(text), text, (Sentence(0, len(text)),), "en", "A headline")
        for n, text in enumerate(texts)
    ]


def test_a_text_is_embedded_once_however_often_it_is_printed(tmp_path: Path) -> None:
    store, embedder = Store(tmp_path, writable=True), ToyEmbedder()
    twice = passages("Prices rose.", "Prices fell.", "Prices rose.")
    keys = embedding_keys(embedder, twice)
    assert keys[0] == keys[2] != keys[1]
    with store.transaction():
        vectors = embed_missing(store, embedder, twice, keys)
        numbers = store_embeddings(store, keys, vectors)
    assert embedder.embedded == 2 and numbers[0] == numbers[2] != numbers[1]
    assert not embed_missing(store, embedder, twice, keys) and embedder.embedded == 2
    assert embedding_keys(ToyEmbedder("toy-2"), twice)[0] != keys[0]
    store.close()


def test_a_hidden_word_is_not_embedded() -> None:
    plain, marked = passages("Prices rose."), passages("Prices\u200b rose.")
    embedder = ToyEmbedder()
    assert embedding_keys(embedder, plain) == embedding_keys(embedder, marked)


def features(**found: object) -> Features:
    plain = Features(
        nearness=0.9, overlap=0.9, same_language=True, whole=True, numbers=(), names=(),
        substituted=False, negation_added=False, negation_dropped=False, negation_turned=False,
        opposites=(), swapped=False,
    )  # fmt: skip
    from dataclasses import replace

    return replace(plain, **found)  # type: ignore[arg-type]


def test_a_claim_that_agrees_gets_no_reason() -> None:
    assert list(reasons(features(), "en")) == []


@pytest.mark.parametrize("language", ["en", "ru", "zh-Hant", "zh-Hans"])
def test_each_thing_against_a_claim_is_said_in_its_language(language: str) -> None:
    found = features(
        names=("Astana", "Astana"), negation_added=True, opposites=("amount",), swapped=True,
        nearness=0.1, undenied=9.0,
    )  # fmt: skip
    said = list(reasons(found, language))
    # The name once; an added denial is not said a second time as "denial".
    assert len(said) == len(set(said)) == 5
    assert "Astana" in said[0]
    assert said != list(reasons(found, "ja" if language != "en" else "ru"))


def test_nearness_counts_only_so_far() -> None:
    """The nearest sentence repeats the question; one that is read to answer stands before it."""
    repeats, answers = Signals(0.0, 9.0, 0.0), Signals(1.0, 5.0, 0.0)
    assert WEIGHTS.weigh(answers) > WEIGHTS.weigh(repeats)
    assert WEIGHTS.weigh(repeats) == WEIGHTS.weigh(Signals(0.0, 99.0, 0.0))


@pytest.fixture(scope="module")
def cross_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder with weights that chance gave it."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizerFast

    folder = tmp_path_factory.mktemp("cross-encoder")
    words = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *["why", "did", "it", "close", "costs", "rose", "."],
    ]
    (folder / "vocab.txt").write_text("\n".join(words))
    BertTokenizerFast(str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(0)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    config = BertConfig(
        vocab_size=len(words), intermediate_size=16, num_labels=1, initializer_range=1.0, **size
    )
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


@pytest.mark.slow
def test_a_cross_encoder_reads_each_sentence_by_itself(cross_encoder: Path) -> None:
    reader = CrossEncoderReader(str(cross_encoder))
    body = "costs rose . it did close ."
    both = reader.answers("why did it close", [Text(body, ((0, 12), (13, 27))), Text("", ())])
    assert [len(reading.sentences) for reading in both] == [2, 0]
    (alone,) = reader.answers("why did it close", [Text(body[13:], ((0, 14),))])
    assert alone.sentences[0] == pytest.approx(both[0].sentences[1], abs=1e-4)
    assert both[0].sentences[0] != pytest.approx(both[0].sentences[1], abs=1e-3)
    assert min(both[0].sentences) < 0 or max(both[0].sentences) > 1  # log-odds, no probabilities


@pytest.mark.slow
def test_a_cross_encoder_that_is_not_there(tmp_path: Path) -> None:
    reader = CrossEncoderReader(str(tmp_path / "none"))
    with pytest.raises(ModelError, match=r"Set reader\.model"):
        reader.answers("why", [Text("costs rose", ((0, 10),))])
