"""Chinese names in Pinyin: 鄒松洋 is Zou Songyang, and Songyang Zou; 內江 is Neijiang.

In: a text (a question). Out: what may be such a name in it, each as a `Spelling`: the terms by
which articles in the other script can be searched for it, and a pattern that shows whether they
have it. Characters that sound alike, and words that only look like names, are sorted out this
way: only what an article has is a name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise, product

from index.languages import late
from index.languages.terms import terms
from index.languages.text import HAN, fold
from index.languages.zh.readings import (
    KINDS_OF_PLACES,
    LONG_SURNAMES,
    NOT_GIVEN,
    NOT_NAMED,
    SILENT,
    SURNAME_READINGS,
    SURNAMES,
    reading,
    surnames_by_reading,
    syllables,
)

PAIRS_AT_MOST = 3000
"""Given names with more possible pairs of characters are searched by their first character."""

CANDIDATES_AT_MOST, WORDS_AT_MOST = 24, 96
"""Names that are looked for, and words with a capital among which: a question of 4,000 letters may be
made of nothing else."""

SYLLABLES_AT_MOST, LONGEST_SYLLABLE = 4, 6
"""Of a word that may be a name by itself; letters of a syllable."""

_WORD = late.pattern(r"[A-ZÜ][a-zü]+(?:['’-]?(?!s\b)[A-Za-zü]+)?")
_HAN_RUN = late.pattern(f"[{HAN}]+")
_KIND = late.pattern(rf" ({'|'.join(KINDS_OF_PLACES)})\b", re.IGNORECASE)
_APOSTROPHES = late.pattern(r"['’-]")


@dataclass(frozen=True, slots=True)
class Spelling:
    """A possible name in a text, as articles in the other script may have it."""

    text: str
    start: int
    end: int
    terms: frozenset[str]
    """Any passage that has the name has some of these."""
    pattern: str
    """Matches the name in folded text."""
    by_itself: bool = False
    """A word with many homophones, no surname and given name: it means what articles write most often."""
    kind: str = ""
    """What stands behind the name where the text says what kind of place it is: 县 for a county."""

    def find(self, text: str, folded: str) -> list[tuple[str, bool]]:
        """The name as a text writes it, at each place, and whether its kind stands behind it; it is looked for
        in the folded text."""
        found = ((text[m.start() : m.end()], m.end()) for m in re.finditer(self.pattern, folded))
        names = [
            (name, bool(self.kind) and folded.startswith(self.kind, end))
            for name, end in found
            if not any(word[0].islower() for word in name.split())
        ]
        if not self.by_itself:
            return names
        letters = _letters(self.text)
        return [
            (name, is_kind)
            for name, is_kind in names
            if any(reading(c) in letters for c in fold(name))
        ]


def in_pinyin(text: str) -> list[Spelling]:
    """What may be Chinese names of persons, places and firms in Latin letters, to be found in Chinese
    articles."""
    words = [m for m in _WORD.finditer(text) if len(m.group()) < 20]
    found: list[Spelling] = []
    taken = 0
    for first, second in pairwise(words):
        if first.start() < taken or text[first.end() : second.start()] != " ":
            continue
        a, b = _letters(first.group()), _letters(second.group())
        ways = [
            (surnames, given)
            for family, rest in ((a, b), (b, a))
            if (surnames := _surnames_read(family))
            for given in _given(rest)
        ]
        if ways:
            found.append(_han_spelling(text, first.start(), second.end(), ways))
            taken = second.end()
    persons = [(name.start, name.end) for name in found]
    found += [
        place
        for before, word in pairwise([None, *words[:WORDS_AT_MOST]])
        if word and not any(start <= word.start() < end for start, end in persons)
        if (place := _place(text, before, word))
    ]
    return found[:CANDIDATES_AT_MOST]


def _place(text: str, before: re.Match[str] | None, word: re.Match[str]) -> Spelling | None:
    """A word that may be a Chinese name by itself: none that begins the text, which has a capital anyway,
    and none behind a name that is not Chinese: Kuzio is no 库兹奥 if Taras stands before it."""
    if word.start() == 0:
        return None
    behind = before and before.start() and text[before.end() : word.start()] == " "
    if before and behind and not _cut(_letters(before.group())):
        return None
    letters = _letters(word.group())
    if any(letters.endswith(end) for end in SILENT):
        return None
    named = [
        tuple("".join(c for c in characters if c not in NOT_NAMED) for characters in cut)
        for cut in _cut(letters)
        if len(cut) > 1
    ]
    ways = [(frozenset(("",)), cut) for cut in named if all(cut)]
    spelling = _han_spelling(text, word.start(), word.end(), ways)
    behind_it = _KIND.match(text, word.end())
    kind = KINDS_OF_PLACES[behind_it[1].lower()] if behind_it else ""
    return replace(spelling, by_itself=True, kind=kind) if ways else None


def in_characters(text: str, language: str = "en") -> list[Spelling]:
    """What may be Chinese names of persons in Chinese, to be found in articles in Latin letters."""
    found: list[Spelling] = []
    for run in _HAN_RUN.finditer(fold(text)):
        name = run.group()
        for at in range(len(name)):
            long = name[at : at + 2] in LONG_SURNAMES
            given = at + 1 + long
            if not (long or name[at] in SURNAMES):
                continue
            for end in range(given + 1, min(given + 2, len(name)) + 1):
                if NOT_GIVEN.isdisjoint(name[given:end]):
                    start = run.start() + at
                    whole = text[start : start + end - at]
                    found.append(_latin_spelling(whole, start, given - at, language))
    return found[:CANDIDATES_AT_MOST]


def surname(latin: str) -> str:
    """The surname of a name in Pinyin, as articles repeat it alone; "" where it is no such name."""
    words = latin.split()
    if len(words) != 2 or not all(map(_WORD.fullmatch, words)):
        return ""
    first, second = map(_letters, words)
    return words[0] if _surnames_read(first) and _given(second) else ""


def _han_spelling(
    text: str, start: int, end: int, ways: list[tuple[frozenset[str], tuple[str, ...]]]
) -> Spelling:
    """`ways`: possible surnames ("" for a name that is no person's), and for each further character the
    possible ones."""
    searched: set[str] = set()
    patterns = []
    for surnames, given in ways:
        searched |= {a[-1] + b for a, b in product(filter(None, surnames), given[0])}
        for one, other in pairwise(given):
            if len(one) * len(other) <= PAIRS_AT_MOST:
                searched |= {a + b for a, b in product(one, other)}
        classes = "".join(f"[{characters}]" for characters in given)
        patterns.append(f"(?:{'|'.join(sorted(surnames))}){classes}")
    return Spelling(text[start:end], start, end, frozenset(searched), "|".join(patterns))


def _latin_spelling(name: str, start: int, given: int, language: str) -> Spelling:
    """`given`: where the given name begins in `name`."""
    folded = fold(name)
    family = "".join(SURNAME_READINGS.get(c) or reading(c) for c in folded[:given])
    parts = [reading(c) for c in folded[given:]]
    first, last = _with_umlaut(family), r"['’ -]?".join(map(_with_umlaut, parts))
    searched = terms(f"{family} {''.join(parts)}".replace("v", "u"), language)
    pattern = rf"\b(?:{first} {last}|{last} {first})\b"
    return Spelling(name, start, start + len(name), frozenset(searched), pattern)


def _with_umlaut(syllable: str) -> str:
    """ü is written ü, u, yu or v in names."""
    return syllable.replace("v", "(?:ü|yu|u|v)")


def _letters(word: str) -> str:
    return _APOSTROPHES.sub("", word).lower().replace("ü", "v")


def _surnames_read(syllables: str) -> frozenset[str]:
    """The surnames that can be written so."""
    return surnames_by_reading().get(syllables, frozenset())


def _given(letters: str) -> list[tuple[str, ...]]:
    """The ways to read a word as a given name: the possible characters of each syllable."""
    return [cut for cut in _cut(letters, shortest=1) if len(cut) <= 2]


def _cut(letters: str, *, shortest: int = 2) -> list[tuple[str, ...]]:
    """The ways to read a word as at most SYLLABLES_AT_MOST syllables: the possible characters of each."""
    table = syllables()
    ways: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    whole = []
    while ways:
        at, read = ways.pop()
        for end in range(at + shortest, min(at + LONGEST_SYLLABLE, len(letters)) + 1):
            if characters := table.get(letters[at:end]):
                if end == len(letters):
                    whole.append((*read, characters))
                elif len(read) + 1 < SYLLABLES_AT_MOST:
                    ways.append((end, (*read, characters)))
    return whole
