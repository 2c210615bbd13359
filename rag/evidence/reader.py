"""A question and whole passages -> which sentences answer; a claim and sources -> whether they carry it.

In: a question with each passage found, or a claim with what it rests on. Out: log-odds for each
sentence, or a verdict. The reader is a cross-encoder over the bundled embedder's own embeddings,
trained by `training/`; docs/reader.md is its model card.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embed.models.bert import BertEmbedder, padded
from index.embed.models.engine import Encoder, batches, read_tensors, tokens_within
from index.embed.models.plain import gelu
from index.errors import ModelError
from index.halves import floats
from index.languages.names import known_names, names_in
from index.languages.text import fold_script

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.embed.models.pieces import Tokens

    Floats = NDArray[np.float32]

WEIGHTS = Path(__file__).with_name("data") / "reader.safetensors"
WEIGHTS_SHA256 = "9d4295ab56f1455cb64aa4abfb166f19ca9cac55851962b58fa8d4a228fc0722"

QUESTION, CLAIM = "query: ", "passage: "
"""What a question and a claim begin with, in training as here."""

ASKED, TITLE, BEFORE, BODY = 64, 32, 48, 320
"""Tokens that are read of each part of an input, in training as here."""

START, END = 0, 2
"""The tokens <s> and </s>."""

AT_ONCE = 1024
"""Tokens that the engine reads in one call."""

REMEMBERED = 512
"""Inputs whose reading is kept."""

HELD = 30.0
"""Log-odds are limited to this, on both sides."""


@dataclass(frozen=True, slots=True)
class Text:
    """What is read with a question or claim."""

    body: str
    sentences: tuple[tuple[int, int], ...] = ()
    """Offsets into the body."""
    title: str = ""
    before: str = ""
    """The sentence that stands before the body in its article."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in one text."""

    sentences: tuple[float, ...]
    """For each sentence the log-odds that it answers, against that nothing in the text does."""
    words: tuple[int, int] | None = None
    """Offsets into the body of the words that answer; None where no sentence does."""
    named: float = 0.0
    """Log-odds that the sentence which answers best tells of the names in the question, of the least likely
    one of them; 0 where it has none. The passage may have them and tell something else of them."""
    carries: float = 0.0
    contradicts: float = 0.0
    silent: float = 0.0
    """Of a claim: log-odds that the text carries it, contradicts it, says nothing of it."""


def as_question(text: str) -> str:
    """What somebody typed, in the form of the questions that the reader was trained on: with a capital
    and a mark of its end."""
    text = text.strip()
    return text[:1].upper() + text[1:] + "?" * text[-1:].isalnum()


class Reader:
    """The reader that ships with newscite. Loaded at the first reading; safe to share by threads."""

    def __init__(self, embedder: BertEmbedder) -> None:
        """Over the bundled embedder, whose embeddings and tokenizer it shares."""
        self._embedder = embedder
        self._recent: dict[tuple[str, Text], Reading] = {}

    def answers(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """How each text answers a question."""
        asked = QUESTION + as_question(question)
        named = {(name.start, name.end) for name in names_in(asked, [known_names()])}
        return self._read(asked, texts, sorted(named))

    def carries(self, claim: str, texts: Sequence[Text]) -> list[Reading]:
        """Whether each text carries a claim, contradicts it, or says nothing of it."""
        return self._read(CLAIM + claim, texts)

    def _read(
        self, asked: str, texts: Sequence[Text], named: Sequence[tuple[int, int]] = ()
    ) -> list[Reading]:
        recent = self._recent
        missing = list(dict.fromkeys(text for text in texts if (asked, text) not in recent))
        found = dict(zip(missing, self._computed(asked, missing, named), strict=True))
        readings = [found.get(text) or recent[asked, text] for text in texts]
        if missing:  # made anew, never changed: another thread may be reading it
            new = {(asked, text): reading for text, reading in found.items()}
            self._recent = {**(recent if len(recent) < REMEMBERED else {}), **new}
        return readings

    def _computed(
        self, asked: str, texts: Sequence[Text], named: Sequence[tuple[int, int]]
    ) -> Iterator[Reading]:
        inputs = self.inputs(asked, texts, named)
        found = {n: self.reading(own, inputs[n], texts[n]) for n, own in self.states(inputs)}
        return (found[n] for n in range(len(texts)))

    def inputs(
        self, asked: str, texts: Sequence[Text], named: Sequence[tuple[int, int]]
    ) -> list[Input]:
        """What is read: a question or claim with each of some texts. `named` are offsets of its names."""
        parts = [asked, *(part for text in texts for part in (text.title, text.before, text.body))]
        question, *tokens = self._embedder.tokens(list(map(fold_script, parts)), special=False)
        by_text = zip(tokens[::3], tokens[1::3], tokens[2::3], strict=True)
        return [_input(question, named, *of_text) for of_text in by_text]

    def states(self, inputs: Sequence[Input]) -> Iterator[tuple[int, Floats]]:
        """The place of each input with its states [tokens, dimensions], in the order that is fastest."""
        for batch in batches([len(one.tokens) for one in inputs], AT_ONCE):
            ids, mask = padded([inputs[n].tokens for n in batch])
            found = self._encoder.hidden(ids, mask)
            for row, n in enumerate(batch):
                yield n, found[row, : len(inputs[n].tokens)]

    def reading(self, states: Floats, read: Input, text: Text) -> Reading:
        body = states[read.shift : read.shift + len(read.offsets)]
        nothing = float(self._head("nothing", states[:1])[0, 0])
        scores = [-HELD] * len(text.sentences)
        member = tokens_within(text.sentences, read.offsets) if text.sentences else np.zeros((0, 0))
        for number, tokens in enumerate(member > 0):
            if tokens.any():
                own = body[tokens]
                pooled = np.concatenate([own.mean(axis=0), own.max(axis=0)])[None]
                scores[number] = float(self._head("sentence", pooled)[0, 0]) - nothing
        verdict = self._head("verdict", states[:1])[0]
        carries, contradicts, silent = (
            float(verdict[n] - np.logaddexp.reduce(np.delete(verdict, n))) for n in range(3)
        )
        return Reading(
            tuple(min(HELD, max(-HELD, score)) for score in scores),
            self._words(body, read, text, scores),
            self._named(states, read, member, scores),
            carries,
            contradicts,
            silent,
        )

    def _named(
        self, states: Floats, read: Input, member: NDArray[np.floating], scores: Sequence[float]
    ) -> float:
        if not (read.named and scores and member[np.argmax(scores)].any()):
            return 0.0
        own = member[np.argmax(scores)] > 0
        told = named_features(states, read, own)
        return float(self._head("named", told).min())

    def _words(
        self, body: Floats, read: Input, text: Text, scores: Sequence[float]
    ) -> tuple[int, int] | None:
        """The likeliest words within the best sentence."""
        if not scores or max(scores) <= 0:
            return None
        start, end = text.sentences[int(np.argmax(scores))]
        inside = np.flatnonzero((read.offsets[:, 0] < end) & (read.offsets[:, 1] > start))
        if not len(inside):
            return None
        logits = body[inside] @ self._weights["words.weight"].T + self._weights["words.bias"]
        both = np.triu(logits[:, 0][:, None] + logits[:, 1][None, :])
        both[np.tril_indices(len(inside), -1)] = -np.inf
        first, last = np.unravel_index(int(np.argmax(both)), both.shape)
        begin, finish = read.offsets[inside[first], 0], read.offsets[inside[last], 1]
        return max(int(begin), start), min(int(finish), end)

    def _head(self, name: str, states: Floats) -> Floats:
        weights = self._weights
        inner = states @ weights[f"{name}.0.weight"].T + weights[f"{name}.0.bias"]
        out: Floats = gelu(inner) @ weights[f"{name}.2.weight"].T + weights[f"{name}.2.bias"]
        return out

    @cached_property
    def _weights(self) -> dict[str, Floats]:
        return {
            name: floats(values)
            for name, values in _checked_weights().items()
            if not name.startswith("encoder.")
        }

    @cached_property
    def _encoder(self) -> Encoder:
        layers = {k: v for k, v in _checked_weights().items() if k.startswith("encoder.")}
        return Encoder(self._embedder.embeddings, layers)


@dataclass(frozen=True, slots=True)
class Input:
    """A question or claim with a text, as it is read."""

    tokens: list[int]
    shift: int
    """Where the body begins."""
    offsets: NDArray[np.int64]
    """[tokens of the body, 2]"""
    named: tuple[NDArray[np.int64], ...] = ()
    """For each name of the question the places of its tokens."""


def _input(
    asked: Tokens, named: Sequence[tuple[int, int]], title: Tokens, before: Tokens, body: Tokens
) -> Input:
    head = [START, *asked.ids[:ASKED], END, END]
    head += [*title.ids[:TITLE], END] if title.ids else []
    head += before.ids[-BEFORE:]
    offsets = body.offsets[:BODY].reshape(-1, 2)
    own = asked.offsets[:ASKED].reshape(-1, 2)
    places = [np.flatnonzero((own[:, 0] < end) & (own[:, 1] > start)) + 1 for start, end in named]
    known = tuple(tokens for tokens in places if len(tokens))
    return Input([*head, *body.ids[:BODY], END], len(head), offsets, known)


def named_features(states: Floats, read: Input, own: NDArray[np.bool_]) -> Floats:
    """What tells whether a sentence, `own` of the tokens of the body, tells of each name: the means of the
    name's states and of the sentence's, the state in it that is nearest to the name, and that of the whole."""
    sentence = states[read.shift : read.shift + len(read.offsets)][own]
    rows = []
    for tokens in read.named:
        name = states[tokens].mean(axis=0)
        nearest = sentence[int(np.argmax(sentence @ name))]
        rows.append(np.concatenate([name, sentence.mean(axis=0), nearest, states[0]]))
    return np.array(rows, np.float32)


@lru_cache(1)
def _checked_weights() -> dict[str, NDArray[np.generic]]:
    """Raises ModelError where the file is missing or not the one that ships."""
    try:
        digest = hashlib.sha256(WEIGHTS.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(
            "reader_missing",
            "The reader's weights are missing: {error}. Reinstall newscite.",
            error=error,
        ) from error
    if digest != WEIGHTS_SHA256:
        raise ModelError(
            "reader_damaged",
            "{file} is damaged (its hash differs). Reinstall newscite.",
            file=WEIGHTS,
        )
    return read_tensors(WEIGHTS)
