"""Whether a foreign name in Chinese characters and one in Latin letters, or in other characters, can
be the same: 卡瓦诺 and Kavanaugh, 特朗普 and 川普.

In: two names. Out: how alike they sound, from 0 to 1. Each becomes the consonants that Chinese
transcription keeps (voiced and voiceless alike, r and l alike, none at the end of a syllable but n);
these are compared by their longest common subsequence.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.languages.pack import packs
from index.languages.text import CAPITALS, HAN, fold

SOUNDS_ALIKE = 0.62
"""Two names that are this much alike can be the same (both: tuning/sounds.py): that of a person in
translated news is heard in .96 of the original sentences, and in .46 of others, of which the check
does not speak."""

LEAST_CONSONANTS = 2
"""A name with fewer sounds like anything."""

_CAPITALISED = re.compile(rf"[{CAPITALS}][\w'’]+")
_HAN_RUN = re.compile(f"[{HAN}]+")
_RULES = tuple(
    (re.compile(pattern), letter) for pack in packs() for pattern, letter in pack.names.sounds
)
_OF_CHARACTERS = tuple(pack.names.sound for pack in packs() if pack.names.sound)


@lru_cache(8192)
def consonants(name: str) -> str:
    """卡瓦诺 -> "kfn", Kavanaugh -> "kfn"."""
    folded = fold(name)
    found = [
        _of_han(part) if re.match(f"[{HAN}]", part) else _of_letters(part)
        for part in re.findall(f"[{HAN}]|[^\\W\\d_{HAN}]+", folded)
    ]
    return re.sub(r"(.)\1+", r"\1", "".join(found))


def _of_han(character: str) -> str:
    return next((sound(character) for sound in _OF_CHARACTERS), "")


def _of_letters(word: str) -> str:
    for pattern, letter in _RULES:
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
    return consonants(name[:width]) in map(consonants, _windows(text, width))


def sounds_in_han(word: str, text: str) -> bool:
    """Whether a Chinese text has two to four characters that sound like a name in letters."""
    sound = consonants(word)
    return len(sound) >= LEAST_CONSONANTS and any(
        sound in map(consonants, _windows(text, width)) for width in (2, 3, 4)
    )


def _windows(text: str, width: int) -> set[str]:
    return {
        run[at : at + width]
        for run in _HAN_RUN.findall(fold(text))
        for at in range(len(run) - width + 1)
    }


def likeness(one: str, other: str) -> float:
    """How alike two names sound."""
    a, b = consonants(one), consonants(other)
    return 2 * _common(a, b) / (len(a) + len(b)) if a and b else 0.0


@lru_cache(65536)
def _common(a: str, b: str) -> int:
    """Length of the longest common subsequence."""
    row = [0] * (len(b) + 1)
    for x in a:
        above, row = row, [0]
        for at, y in enumerate(b):
            row.append(above[at] + 1 if x == y else max(above[at + 1], row[at]))
    return row[-1]
