"""Examples -> arrays of token numbers, on disk.

In: examples and groups. Out: one .npz: the texts as tokens of a vocabulary cut down to those that
occur, sentences as ranges of tokens, and the examples by the numbers of their texts. Texts are
folded to Simplified Chinese, as the library folds what it embeds.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.languages.text import fold_script, primary
from training.records import Example, Group, Passage

SPECIAL = 4
"""<s>, <pad>, </s> and <unk> keep their numbers, 0 to 3."""
LONGEST = {"asked": 64, "title": 32, "before": 48, "body": 320}
"""Tokens that are read of each part of an input."""
MOST_SENTENCES = 62
QUESTION, CLAIM = "query: ", "passage: "
VERDICTS = ("", "supports", "contradicts", "nothing", "unsupported")


class Texts:
    """Texts as tokens, each once."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.number: dict[str, int] = {}
        self.tokens: list[list[int]] = []

    def add(self, text: str, longest: int, last: bool = False) -> int:
        if text not in self.number:
            ids = self.tokenizer.encode(fold_script(text), add_special_tokens=False).ids
            self.number[text] = len(self.tokens)
            self.tokens.append(ids[-longest:] if last else ids[:longest])
        return self.number[text]


class Passages:
    """Passages as tokens, with their sentences as ranges of these."""

    def __init__(self, texts: Texts) -> None:
        self.texts = texts
        self.number: dict[tuple[str, str, str], int] = {}
        self.rows: list[tuple[int, int, int, int, int]] = []
        self.languages: dict[str, int] = {}
        self.spans: list[list[tuple[int, int]]] = []
        self.offsets: list[list[tuple[int, int]]] = []
        self.documents: dict[str, int] = {}

    def add(self, passage: Passage) -> int:
        key = passage.text, passage.title, passage.before
        if key not in self.number:
            encoded = self.texts.tokenizer.encode(
                fold_script(passage.text), add_special_tokens=False
            )
            body = len(self.texts.tokens)
            self.texts.tokens.append(encoded.ids[: LONGEST["body"]])
            offsets = encoded.offsets[: LONGEST["body"]]
            document = self.documents.setdefault(passage.document, len(self.documents))
            title = self.texts.add(passage.title, LONGEST["title"])
            before = self.texts.add(passage.before, LONGEST["before"], last=True)
            self.number[key] = len(self.rows)
            tag = primary(passage.language)
            language = self.languages.setdefault(tag, len(self.languages))
            self.rows.append((body, title, before, document, language))
            self.offsets.append(offsets)
            self.spans.append(
                [tokens_of(span, offsets) for span in passage.sentences[:MOST_SENTENCES]]
            )
        return self.number[key]


def tokens_of(span: tuple[int, int], offsets: Sequence[tuple[int, int]]) -> tuple[int, int]:
    """The range of tokens that a range of characters takes; (0, 0) if it was cut off."""
    inside = [n for n, (a, b) in enumerate(offsets) if b > a and a < span[1] and b > span[0]]
    return (inside[0], inside[-1] + 1) if inside else (0, 0)


def bits(places: Iterable[int]) -> int:
    return sum(1 << n for n in places if n < MOST_SENTENCES)


def flat(rows: Sequence[Sequence[Any]], dtype: Any) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """Rows of different lengths as one array, and where each begins."""
    starts = np.cumsum([0, *map(len, rows)]).astype(np.int64)
    return np.array([value for row in rows for value in row], dtype), starts


def as_bytes(value: Any) -> NDArray[np.uint8]:
    return np.frombuffer(json.dumps(value, ensure_ascii=False).encode(), np.uint8)


def pack(
    examples: Sequence[Example], groups: Sequence[Group], tokenizer: Tokenizer, path: Path
) -> None:
    texts = Texts(tokenizer)
    passages = Passages(texts)
    rows, answers = [], []
    sources: dict[str, int] = {}
    for example in examples:
        prefix = CLAIM if example.verdict else QUESTION
        asked = texts.add(prefix + example.asked, LONGEST["asked"])
        passage = passages.add(example.passage)
        answer = (0, 0)
        if example.answer:
            answer = tokens_of(example.answer, passages.offsets[passage])
        rows.append((
            asked, passage, bits(example.gold), bits(example.doubtful), example.weak, *answer,
            VERDICTS.index(example.verdict), sources.setdefault(example.source, len(sources)),
        ))  # fmt: skip
        answers.append([fold_script(answer).casefold() for answer in example.answers])
    measured = []
    for group in groups:
        asked = texts.add(QUESTION + group.asked, LONGEST["asked"])
        measured.append({
            "asked": asked, "kind": group.kind, "answerable": group.answerable,
            "passages": [passages.add(p) for p in group.passages], "gold": [bits(g) for g in group.gold],
        })  # fmt: skip
    used = np.unique(np.concatenate([np.array(t, np.int64) for t in texts.tokens if t]))
    kept = np.concatenate([np.arange(SPECIAL), used[used >= SPECIAL]])
    place = np.zeros(int(kept.max()) + 1, np.int32)
    place[kept] = np.arange(len(kept))
    tokens, starts = flat(texts.tokens, np.int64)
    spans, span_starts = flat(passages.spans, np.int16)
    np.savez_compressed(
        path,
        vocabulary=kept.astype(np.int32),
        tokens=place[tokens].astype(np.uint16 if len(kept) < 65536 else np.int32),
        starts=starts,
        passages=np.array(passages.rows, np.int32),
        spans=spans,
        span_starts=span_starts,
        examples=np.array(rows, np.int64),
        sources=np.array(list(sources)),
        answers=as_bytes(answers),
        passage_texts=as_bytes([fold_script(text).casefold() for text, _, _ in passages.number]),
        groups=as_bytes(measured),
    )
