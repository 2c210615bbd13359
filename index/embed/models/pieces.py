"""A model's Unigram tokenizer for a few short texts, without reading its whole vocabulary.

In: a folder with tokenizer.json. Out: a tokenizer that knows just the pieces that stand in the texts,
and so reads them exactly as the whole one does, which takes most of a second to load. What is
looked up is kept beside the model in a form that loads fast, sorted by a sum over each piece (Karp and
Rabin 1987, "Efficient randomized pattern-matching algorithms"), or not at all where that folder cannot
be written to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

TABLE = "pieces-3.npz"
"""The name holds the version of the table's layout: another layout gets another number."""

FACTOR = np.uint64(0x9E3779B97F4A7C15)
"""A sum over characters is multiplied by this before the next is added, within 64 bits."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text as a model reads it: the ids of its tokens, and where they stand, for the few callers
    that need to know."""

    ids: list[int]
    _encoding: Encoding

    @property
    def offsets(self) -> NDArray[np.int64]:
        """Where each token starts and ends in the text, [tokens, 2]."""
        return np.asarray(self._encoding.offsets)


class Pieces:
    """The vocabulary of a Unigram tokenizer, looked up by piece."""

    def __init__(self, table: Mapping[str, NDArray[Any]]) -> None:
        self._words = table["pieces"].tobytes().decode()
        self._starts = table["starts"]
        self._scores = table["scores"]
        self._sums = table["sums"]
        self._numbers = table["numbers"]
        self._rest = table["rest"].tobytes().decode()
        self._longest = int(np.diff(self._starts).max()) - 1

    @classmethod
    def of(cls, folder: Path) -> Pieces | None:
        """The pieces of a model's folder; None where its tokenizer is of another kind."""
        table = folder / TABLE
        if not table.is_file() and not _write(folder, table):
            return None
        with np.load(table) as saved:
            return cls(dict(saved))

    def _piece(self, number: int) -> str:
        return self._words[self._starts[number] : self._starts[number + 1] - 1]

    @cached_property
    def _specials(self) -> list[str]:
        return [token["content"] for token in json.loads(self._rest)["added_tokens"]]

    @cached_property
    def _bare(self) -> Tokenizer:
        """A tokenizer with only the pieces that every text needs; it normalises and splits."""
        return self._with(())[0]

    def encode(self, texts: Sequence[str], most: int, *, special: bool = True) -> list[Tokens]:
        """The tokens of each text, no more than `most`; `special` ones start and end it."""
        tokenizer, ids = self._with(self._within(texts))
        tokenizer.enable_truncation(most)
        return [
            Tokens([ids[i] for i in encoding.ids], encoding)
            for encoding in tokenizer.encode_batch(list(texts), add_special_tokens=special)
        ]

    def _within(self, texts: Sequence[str]) -> set[int]:
        """The numbers of the pieces that stand in the texts."""
        joined = "\0".join(self._words_of(texts))  # no piece has that sign
        codes = _codes(joined)
        sums = np.zeros(len(codes) + 1, np.uint64)
        found = set()
        for length in range(1, min(self._longest, len(codes)) + 1):
            sums = sums[:-1] * FACTOR + codes[length - 1 :]
            known, at = np.unique(sums, return_index=True)
            first, last = (np.searchsorted(self._sums, known, side) for side in ("left", "right"))
            there = last > first
            for start, one, end in zip(at[there], first[there], last[there], strict=True):
                part = joined[start : start + length]
                found |= {n for n in self._numbers[one:end].tolist() if self._piece(n) == part}
        return found

    def _words_of(self, texts: Sequence[str]) -> set[str]:
        """What a tokenizer cuts the texts into, to look for pieces in."""
        found = set()
        for text in texts:
            for special in self._specials:  # a tokenizer cuts a text there
                text = text.replace(special, " ")
            normal = self._bare.normalizer.normalize_str(text)
            found |= {word for word, _ in self._bare.pre_tokenizer.pre_tokenize_str(normal)}
        return found

    def _with(self, found: Sequence[int] | set[int]) -> tuple[Tokenizer, list[int]]:
        """A tokenizer with these pieces, and for each of its ids the model's id."""
        from tokenizers import Tokenizer

        rest = json.loads(self._rest)
        added, model = rest["added_tokens"], rest["model"]
        # What no piece covers costs as much as the rarest piece does.
        rarest = int(self._scores.argmin())
        kept = sorted({*found, *(token["id"] for token in added), model["unk_id"], rarest})
        own = {number: place for place, number in enumerate(kept)}
        model["vocab"] = [(self._piece(number), float(self._scores[number])) for number in kept]
        model["unk_id"] = own[model["unk_id"]]
        for token in added:
            token["id"] = own[token["id"]]
        for token in rest["post_processor"]["special_tokens"].values():
            token["ids"] = [own[number] for number in token["ids"]]
        return Tokenizer.from_str(json.dumps(rest)), kept


def _write(folder: Path, table: Path) -> bool:
    """Makes the table of a Unigram vocabulary whose special tokens a template puts in."""
    whole = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    model = whole["model"]
    template = (whole["post_processor"] or {}).get("type") == "TemplateProcessing"
    if model["type"] != "Unigram" or not (
        template and whole["normalizer"] and whole["pre_tokenizer"]
    ):
        return False
    pieces, scores = zip(*model.pop("vocab"), strict=True)
    starts = np.cumsum([0, *(len(piece) + 1 for piece in pieces)], dtype=np.int32)
    sums = _sums_of(_codes("\0".join(pieces)), starts)
    order = np.argsort(sums, kind="stable")
    draft = table.with_suffix(".draft.npz")
    try:
        np.savez(
            draft,
            pieces=np.frombuffer("\0".join(pieces).encode(), np.uint8),
            starts=starts,
            sums=sums[order],
            numbers=order.astype(np.int32),
            scores=np.array(scores, np.float64),
            rest=np.frombuffer(json.dumps(whole).encode(), np.uint8),
        )
        draft.replace(table)
    except OSError:  # a folder that others own: its texts are read by the whole tokenizer
        return False
    return True


def _codes(text: str) -> NDArray[np.uint64]:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32).astype(np.uint64)


def _sums_of(codes: NDArray[np.uint64], starts: NDArray[np.int32]) -> NDArray[np.uint64]:
    """The sum of each piece, given where it, and the sign behind it, begins."""
    lengths = np.diff(starts) - 1
    sums = np.zeros(len(lengths), np.uint64)
    for place in range(int(lengths.max())):
        longer = np.flatnonzero(lengths > place)
        sums[longer] = sums[longer] * FACTOR + codes[starts[longer] + place]
    return sums
