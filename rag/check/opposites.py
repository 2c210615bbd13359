"""Words that turn a sentence round: negations, and pairs of opposites, in every language.

In: a text. Out: how often it denies something, and on which axes (more or less, for or against,
before or after, ...) it takes which side. Both are for comparing two sentences that should say the
same; neither understands one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.languages.pack import either, packs, sides
from index.languages.text import HAN, fold, is_spaced

_CONTRASTS = [pack.contrasts for pack in packs()]
_DENIALS = re.compile(either(words.denials for words in _CONTRASTS))
_HIDDEN_DENIALS = re.compile(either(words.hidden_denials for words in _CONTRASTS))
_NO_DENIALS = re.compile(either(words.no_denials for words in _CONTRASTS))

_Sides = dict[str, tuple[re.Pattern[str], re.Pattern[str]]]


@lru_cache(1)
def _compiled() -> tuple[_Sides, ...]:
    """The axes of each language, and the patterns of their two sides."""
    return tuple(
        {name: sides(pack, axis) for name, axis in pack.contrasts.axes.items()} for pack in packs()
    )


@lru_cache(4096)
def denies(text: str) -> bool:
    """Whether a text says of anything that it is not so."""
    return _DENIALS.search(_NO_DENIALS.sub(" ", fold(text))) is not None


@lru_cache(4096)
def may_deny(text: str) -> bool:
    """Whether a text has any word that another language, or writer, may put as a denial."""
    folded = fold(text)
    return any(p.search(folded) for p in (_DENIALS, _HIDDEN_DENIALS))


@lru_cache(4096)
def axes(text: str) -> dict[str, int]:
    """The axes that a text has words of: 1 or -1 for the side it takes, 0 where it names both."""
    return {axis: (one > 0) - (other > 0) for axis, (one, other) in _sides(text).items()}


@lru_cache(4096)
def _sides(text: str) -> dict[str, tuple[int, int]]:
    """How many words of each side of an axis a text has, for the axes it has words of."""
    folded = fold(text)
    counts: dict[str, tuple[int, int]] = {}
    for axes in _compiled():
        for axis, patterns in axes.items():
            one, other = (len(side.findall(folded)) for side in patterns)
            if one or other:
                before = counts.get(axis, (0, 0))
                counts[axis] = before[0] + one, before[1] + other
    return counts


def turned(claim: str, source: str) -> tuple[str, ...]:
    """The axes on which a claim takes a side that its source does not, instead of the one it does."""
    stated = _sides(source)
    found = []
    for axis, (one, other) in _sides(claim).items():
        first, second = stated.get(axis, (0, 0))
        if (one and not first and other < second) or (other and not second and one < first):
            found.append(axis)
    return tuple(found)


def takes_side(word: str, source: str) -> bool:
    """Whether a source has the word, or has words of its axis on the same side alone."""
    edge = r"\b" if is_spaced(word) else ""
    if re.search(f"{edge}{fold(word)}{edge}", fold(source)):
        return True
    stated = _sides(source)
    for axis, (one, other) in _sides(word).items():
        first, second = stated.get(axis, (0, 0))
        if (one and first and not second) or (other and second and not first):
            return True
    return False


def denials(text: str) -> int:
    """How often a text says that something is not so, in words that hardly mean anything else."""
    return _count(text, sure=True)


def denial_added(claim: str, source: str) -> bool:
    """Whether a claim denies more often than its source can be read to deny."""
    return _count(claim, sure=True) > _count(source)


@lru_cache(4096)
def _count(text: str, *, sure: bool = False) -> int:
    """Words that deny; unless `sure`, those that another writer may put as a denial too."""
    folded = _NO_DENIALS.sub(" ", fold(text)) if sure else fold(text)
    count = len(_DENIALS.findall(folded))
    return count if sure else count + len(_HIDDEN_DENIALS.findall(_DENIALS.sub(" ", folded)))


_EMPTY = frozenset[str]().union(*(words.empty for words in _CONTRASTS))
"""Words and characters that cannot be the word that is denied."""

_TOKEN = re.compile(rf"[^\W\d_{HAN}]+(?:['’][^\W\d_{HAN}]+)?|[{HAN}]|[^\s]")
_STOPS = frozenset(",.;:!?()，。；：！？、")
NEAR = 2
"""A denial denies the words, or characters, that follow it within this distance; empty ones do
not count."""
FAR = 6
"""A word is surely not denied if no denial stands within this distance before it."""
STEM = 5


@lru_cache(4096)
def _heads(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a text denies, and what it says without any word of denial near: beginnings of words, or
    pairs of characters."""
    tokens = _TOKEN.findall(_NO_DENIALS.sub(" ", fold(text)))
    denied: set[str] = set()
    plain: set[str] = set()
    for at in range(len(tokens)):
        head = _head(tokens, at)
        if not head:
            continue
        if _DENIALS.search(_before(tokens, at, NEAR)):
            denied.add(head)
        elif not any(p.search(_before(tokens, at, FAR)) for p in (_DENIALS, _HIDDEN_DENIALS)):
            plain.add(head)
    return frozenset(denied), frozenset(plain)


def _before(tokens: list[str], at: int, reach: int) -> str:
    """The words, or characters, before one, back to the last stop; empty ones left out."""
    words: list[str] = []
    for token in reversed(tokens[max(0, at - 2 * reach) : at]):
        if token in _STOPS or len(words) == reach:
            break
        if token not in _EMPTY:
            words.append(token)
    words.reverse()
    return (" " if not words or is_spaced(words[-1]) else "").join(words)


def _head(tokens: list[str], at: int) -> str:
    token = tokens[at]
    if not is_spaced(token):
        pair = "".join(tokens[at : at + 2])
        usable = len(pair) == 2 and not is_spaced(pair[1]) and _EMPTY.isdisjoint(pair)
        return pair if usable and not _DENIALS.search(pair) else ""
    usable = token.isalpha() and len(token) > 2 and token not in _EMPTY
    return token[:STEM] if usable and not _DENIALS.search(token) else ""


def denial_turned(claim: str, source: str) -> bool:
    """Whether one of two texts in one language denies a word that the other has without a
    denial."""
    denied, plain = _heads(claim)
    stated_denied, stated_plain = _heads(source)
    return any(
        (no - yes) & (other_yes - other_no)
        for no, yes, other_no, other_yes in (
            (denied, plain, stated_denied, stated_plain),
            (stated_denied, stated_plain, denied, plain),
        )
    )
