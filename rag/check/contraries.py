"""Is a source nearer to a claim, or to what the claim would say if one word were turned round?

In: a claim and its sources, with their vectors. Out: how much nearer the sources are to the claim
without its denial, or with its "rose" made "fell", than to the claim as it stands; and how much more
alike the words beside two names are when the names change places. A vector by itself hardly distinguishes a
sentence from its contrary, but it shows well which of the two is nearer. Each question costs a reading
or two by the embedder, so it is asked only where words leave a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.languages.pack import pack_of, words_pattern
from index.languages.text import HAN, fold_script, is_spaced, primary, to_script
from index.languages.word_parts import Contrasts
from rag.check.opposites import denials, takes_side

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from index.languages.names import Name

MOST = 4
"""Contraries of one text that are read."""


class Reads(Protocol):
    """Vectors of sentences and of words within one, without their language's offset."""

    def sentences(self, texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]: ...
    def words(
        self, text: str, language: str, spans: Sequence[tuple[int, int]]
    ) -> NDArray[np.float32]: ...


@lru_cache(1024)
def undenied(text: str, language: str) -> tuple[str, ...]:
    """The text without one of its denials, once for each denial."""
    found = [
        text[: match.start()] + to_script(said, language) + text[match.end() :]
        for pattern, said in _words(language).undenied
        for match in re.finditer(pattern, text)
    ]
    return tuple(dict.fromkeys(found))[:MOST]


def _words(language: str) -> Contrasts:
    pack = pack_of(language)
    return pack.contrasts if pack else Contrasts()


@lru_cache(8)
def _turns(code: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """Words of a language and their contraries, and a pattern of them, the longest first."""
    contrary: dict[str, str] = {}
    for axis in _words(code).axes.values():
        for pair in f"{axis.turns} {axis.loose}".split():
            one, other = pair.split("/")
            contrary.setdefault(one, other)
            contrary.setdefault(other, one)
    pack = pack_of(code)
    edge = r"\b" if pack and pack.spaced else ""
    return contrary, re.compile(f"{edge}(?:{words_pattern(contrary)}){edge}")


@lru_cache(1024)
def contraries(text: str, language: str, source: str) -> tuple[str, ...]:
    """The text with one word turned into its contrary, once for each word whose side the source
    does not take."""
    folded = fold_script(text)
    contrary, pattern = _turns(primary(language))
    found = []
    for match in pattern.finditer(folded):
        if not takes_side(match.group(), source):
            turned = to_script(contrary[match.group()], language)
            found.append(text[: match.start()] + turned + text[match.end() :])
    return tuple(dict.fromkeys(found))[:MOST]


def alike(one: str, other: str) -> int:
    """How many characters two texts begin with alike."""
    both = zip(one, other, strict=False)
    return next((at for at, (a, b) in enumerate(both) if a != b), min(len(one), len(other)))


def parting(text: str, variant: str) -> tuple[int, int]:
    """Where the words of a text begin and end in which a variant of it differs."""
    start = alike(text, variant)
    end = len(text) - alike(text[start:][::-1], variant[start:][::-1])
    while _joins(text, start):
        start -= 1
    while start < end and _joins(text, end):
        end += 1
    return start, end


def _joins(text: str, at: int) -> bool:
    """Whether a word set apart by spaces goes on at a place."""
    near = text[at - 1 : at + 1] if at else ""
    return len(near) == 2 and all(each.isalnum() and is_spaced(each) for each in near)


def without_denial(
    reads: Reads,
    claim: tuple[str, str, NDArray[np.float32]],
    source: tuple[str, str, NDArray[np.float32]],
    whole: bool,
) -> float:
    """How much nearer the two are when a denial is taken out of the one that denies more; 0.0
    where both deny equally often. A denial that only the source has matters only if the claim
    reports the `whole` source."""
    claimed, stated = denials(claim[0]), denials(source[0])
    if claimed == stated or (stated > claimed and not whole):
        return 0.0
    one, other = (claim, source) if claimed > stated else (source, claim)
    return _gain(reads, undenied(one[0], one[1]), one[1], one[2], other[2])


def turned_round(
    reads: Reads,
    claim: tuple[str, str, NDArray[np.float32]],
    source: tuple[str, str, NDArray[np.float32]],
) -> float:
    """How much nearer the source is to the claim with a word turned into its contrary; 0.0 where the
    claim has no such word."""
    return _gain(reads, contraries(claim[0], claim[1], source[0]), claim[1], claim[2], source[2])


def _gain(
    reads: Reads,
    variants: Sequence[str],
    language: str,
    vector: NDArray[np.float32],
    other: NDArray[np.float32],
) -> float:
    if not variants:
        return 0.0
    vectors = reads.sentences(variants, [language] * len(variants))
    return float((vectors @ other).max() - vector @ other)


BESIDE = 3
"""Words, or twice as many Chinese characters, on either side of a name that are its context (tuning/denials.py)."""

_ATOM = re.compile(f"[^\\W_{HAN}][^\\W_{HAN}'’-]*|[{HAN}]")


def crossed(
    reads: Reads,
    claim: tuple[str, str, Sequence[Name]],
    sources: Sequence[tuple[str, str, Sequence[Name]]],
    means: Callable[[Name, Name], bool],
) -> float:
    """How much better claim and sources would agree if two names of the claim changed places.

    Compared are the words beside each name. The pair that gains most counts; the gain is 0.0 where the
    claim shares no two names with the sources."""
    places = [
        [
            (at, place)
            for at, (_, _, names) in enumerate(sources)
            for place in names
            if means(place, name)
        ]
        for name in claim[2]
    ]
    shared = [at for at, found in enumerate(places) if found]
    pairs = [(a, b) for a, b in combinations(shared, 2) if not means(claim[2][a], claim[2][b])]
    if not pairs:
        return 0.0
    mine = _contexts(reads, *claim)
    theirs = [_contexts(reads, *source) for source in sources]
    beside = [
        [
            context
            for at, place in found
            if (context := theirs[at][sources[at][2].index(place)]) is not None
        ]
        for found in places
    ]
    most = 0.0
    for a, b in pairs:
        straight = _likeness(mine[a], beside[a]), _likeness(mine[b], beside[b])
        across = _likeness(mine[a], beside[b]), _likeness(mine[b], beside[a])
        if None not in straight and None not in across:
            gain = sum(filter(None, across)) - sum(filter(None, straight))
            most = max(most, gain)
    return most


def _likeness(
    own: NDArray[np.float32] | None, contexts: Sequence[NDArray[np.float32]]
) -> float | None:
    """How alike the words beside a name are to those beside another, wherever that stands; None where
    either has none beside it."""
    if own is None:
        return None
    return max((float(own @ context) for context in contexts), default=None)


def _contexts(
    reads: Reads, text: str, language: str, names: Sequence[Name]
) -> list[NDArray[np.float32] | None]:
    """For each name the mean vector of the words beside it, those of other names left out."""
    atoms = [
        match.span()
        for match in _ATOM.finditer(text)
        if not any(name.start < match.end() and match.start() < name.end for name in names)
    ]
    chosen = [
        _reach([s for s in reversed(atoms) if s[1] <= name.start], text)
        + _reach([s for s in atoms if s[0] >= name.end], text)
        for name in names
    ]
    spans = tuple(sorted({span for each in chosen for span in each}))
    if not spans:
        return [None] * len(names)
    vectors = dict(zip(spans, reads.words(text, language, spans), strict=True))
    found: list[NDArray[np.float32] | None] = []
    for each in chosen:
        total = sum((vectors[span] for span in each), np.zeros(1, np.float32))
        size = float(np.linalg.norm(total))
        found.append(total / size if size else None)
    return found


def _reach(atoms: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The first few of them: a Chinese character counts half."""
    taken: list[tuple[int, int]] = []
    reach = 0.0
    for start, end in atoms:
        if reach >= BESIDE:
            break
        reach += 0.5 if re.match(f"[{HAN}]", text[start]) else 1.0
        taken.append((start, end))
    return taken
