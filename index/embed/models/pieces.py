"""A model's Unigram tokenizer for a few short texts, without reading its whole vocabulary.

In: a folder with tokenizer.json. Out: a tokenizer that knows just the pieces that stand in the texts,
and so reads them exactly as the whole one does, which takes most of a second to load. What is
looked up is kept beside the model in a form that loads fast, sorted by a sum over each piece, or not
at all where that folder cannot be written to.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

TABLE = "pieces-2.npz"
"""The name holds the version of the table's layout: another layout gets another number."""


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

    def _ids(self, parts: Sequence[str]) -> set[int]:
        """The numbers of those parts that are pieces, looked up by their sums."""
        sums = np.array([_sum(part) for part in parts], np.uint32)
        first, last = (np.searchsorted(self._sums, sums, side) for side in ("left", "right"))
        return {
            number
            for part, start, end in zip(parts, first, last, strict=True)
            for number in self._numbers[start:end].tolist()
            if self._piece(number) == part
        }

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
        """The pieces that stand in the texts."""
        found = set()
        for text in texts:
            for special in self._specials:  # a tokenizer cuts a text there
                text = text.replace(special, " ")
            normal = self._bare.normalizer.normalize_str(text)
            for word, _ in self._bare.pre_tokenizer.pre_tokenize_str(normal):
                found |= {
                    word[start:end]
                    for start in range(len(word))
                    for end in range(start + 1, min(len(word), start + self._longest) + 1)
                }
        return self._ids(sorted(found))

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
    sums = np.array([_sum(piece) for piece in pieces], np.uint32)
    order = np.argsort(sums, kind="stable")
    draft = table.with_suffix(".draft.npz")
    try:
        np.savez(
            draft,
            pieces=np.frombuffer("\0".join(pieces).encode(), np.uint8),
            starts=np.cumsum([0, *(len(piece) + 1 for piece in pieces)], dtype=np.int32),
            sums=sums[order],
            numbers=order.astype(np.int32),
            scores=np.array(scores, np.float64),
            rest=np.frombuffer(json.dumps(whole).encode(), np.uint8),
        )
        draft.replace(table)
    except OSError:  # a folder that others own: its texts are read by the whole tokenizer
        return False
    return True


def _sum(piece: str) -> int:
    return zlib.crc32(piece.encode())
