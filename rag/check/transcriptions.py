"""Whether a foreign name in Chinese characters and one in Latin letters, or in other characters, can
be the same: 卡瓦诺 and Kavanaugh, 特朗普 and 川普.

In: two names. Out: how alike they sound, from 0 to 1. Each becomes the consonants that Chinese
transcription keeps (voiced and voiceless alike, r and l alike, none at the end of a syllable but n);
these are compared by their longest common subsequence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.languages.pinyin import reading
from index.languages.text import HAN, fold

SOUNDS_ALIKE = 0.62
"""Of 405 names of people in translated news, .96 are no less alike to some capitalised word of the
original; to one of another sentence .4 are."""

SOUNDS_THE_SAME = 0.9
"""Among all the pairs and triples of characters of a Chinese text, many are half alike."""

LEAST_CONSONANTS = 2
"""A name with fewer sounds like anything."""

_CAPITALISED = re.compile(r"[A-Z][\w'’]+")
_HAN_RUN = re.compile(f"[{HAN}]+")

_HAN_INITIALS = {
    "b": "p", "p": "p", "m": "m", "f": "f", "d": "t", "t": "t", "n": "n", "l": "l", "r": "l",
    "g": "k", "k": "k", "h": "h", "j": "s", "q": "s", "x": "s", "zh": "s", "ch": "s", "sh": "s",
    "z": "s", "c": "s", "s": "s", "w": "f",
}  # fmt: skip
_LATIN = (
    ("tch|sch|sh|ch|zh|th(?=$)|j|z|x", "s"), ("ph|v|w", "f"), ("ck|q|kh", "k"), ("gh", ""),
    ("c(?=[eiy])", "s"), ("g(?=[eiy])", "s"), ("[cg]", "k"), ("d", "t"), ("b", "p"),
    ("r(?![aeiouy])", ""), ("r", "l"), ("[aeiouy'’-]", ""),
)  # fmt: skip
_LATIN_RULES = tuple((re.compile(pattern), letter) for pattern, letter in _LATIN)
_WEIGHTS = {"h": 0.3, "l": 0.6, "n": 0.7, "f": 0.7}
"""Consonants that come and go in transcription."""


@lru_cache(8192)
def consonants(name: str) -> str:
    """卡瓦诺 -> "kfn", Kavanaugh -> "kfn"."""
    folded = fold(name)
    found = [
        _of_han(part) if re.match(f"[{HAN}]", part) else _of_latin(part)
        for part in re.findall(f"[{HAN}]|[^\\W\\d_{HAN}]+", folded)
    ]
    return re.sub(r"(.)\1+", r"\1", "".join(found))


def _of_han(character: str) -> str:
    if character == "尔":
        return "l"
    syllable = reading(character)
    initial = re.match(r"[zcs]h|[bpmfdtnlgkhjqxzcsrw]", syllable)
    letters = _HAN_INITIALS[initial[0]] if initial else ""
    return letters + ("n" if re.search(r"[aeiouv]ng?$", syllable) else "")


def _of_latin(word: str) -> str:
    for pattern, letter in _LATIN_RULES:
        word = pattern.sub(letter, word)
    return word


def mentions(text: str, name: str) -> bool:
    """Whether a text has a word that sounds like a Chinese name, or like the beginning of it."""
    if len(consonants(name)) < LEAST_CONSONANTS:
        return True
    parts = {name[:length] for length in range(2, len(name) + 1)}
    words = frozenset(_CAPITALISED.findall(text))
    if any(likeness(part, word) >= SOUNDS_ALIKE for part in parts for word in words):
        return True
    width = min(len(name), 3)
    windows = {
        run[at : at + width]
        for run in _HAN_RUN.findall(fold(text))
        for at in range(len(run) - width + 1)
    }
    return any(likeness(name[:width], window) >= SOUNDS_THE_SAME for window in windows)


def likeness(one: str, other: str) -> float:
    """How alike two names sound."""
    a, b = consonants(one), consonants(other)
    total = _weight(a) + _weight(b)
    return 2 * _common(a, b) / total if a and b else 0.0


def _weight(letters: str) -> float:
    return sum(_WEIGHTS.get(c, 1.0) for c in letters)


@lru_cache(65536)
def _common(a: str, b: str) -> float:
    """Weight of the longest common subsequence."""
    row = [0.0] * (len(b) + 1)
    for x in a:
        above, row = row, [0.0]
        for at, y in enumerate(b):
            same = above[at] + _WEIGHTS.get(x, 1.0) if x == y else 0.0
            row.append(max(same, above[at + 1], row[at]))
    return row[-1]
