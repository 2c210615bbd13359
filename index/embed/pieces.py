"""A model's Unigram tokenizer for a few short texts, without reading its whole vocabulary.

In: a folder with tokenizer.json. Out: a tokenizer that knows just the pieces that stand in the texts,
and so reads them exactly as the whole one does, which takes most of a second to load. What is
looked up is kept beside the model in a form that loads fast, or not at all where that folder cannot
be written to.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from tokenizers import Encoding, Tokenizer

TABLE = "pieces-1.npz"
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

    def __init__(self, words: str, scores: Any, rest: str) -> None:
        self._pieces = words.split("\0")
        self._scores = scores
        self._rest = rest
        self._longest = max(map(len, self._pieces))

    @classmethod
    def of(cls, folder: Path) -> Pieces | None:
        """The pieces of a model's folder; None where its tokenizer is of another kind."""
        table = folder / TABLE
        if not table.is_file() and not _write(folder, table):
            return None
        with np.load(table) as saved:
            words, rest = (saved[name].tobytes().decode() for name in ("pieces", "rest"))
            return cls(words, saved["scores"], rest)

    @cached_property
    def _ids(self) -> dict[str, int]:
        return {piece: number for number, piece in enumerate(self._pieces)}

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
        return {self._ids[part] for part in found if part in self._ids}

    def _with(self, found: Sequence[int] | set[int]) -> tuple[Tokenizer, list[int]]:
        """A tokenizer with these pieces, and for each of its ids the model's id."""
        from tokenizers import Tokenizer

        rest = json.loads(self._rest)
        added, model = rest["added_tokens"], rest["model"]
        # What no piece covers costs as much as the rarest piece does.
        rarest = int(self._scores.argmin())
        kept = sorted({*found, *(token["id"] for token in added), model["unk_id"], rarest})
        own = {number: place for place, number in enumerate(kept)}
        model["vocab"] = [(self._pieces[number], float(self._scores[number])) for number in kept]
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
    draft = table.with_suffix(".draft.npz")
    try:
        np.savez(
            draft,
            pieces=np.frombuffer("\0".join(pieces).encode(), np.uint8),
            scores=np.array(scores, np.float64),
            rest=np.frombuffer(json.dumps(whole).encode(), np.uint8),
        )
        draft.replace(table)
    except OSError:  # a folder that others own: its texts are read by the whole tokenizer
        return False
    return True
