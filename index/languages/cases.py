"""Names in the cases of their language: Китай, Китая, Китаем.

In: a word as a text has it, or as a table of names does. Out: what all its cases have in common; whether one
can be a case of the other; how it is written in each. A stemmer made for common words takes Китай and
Китая for different ones, and Китая and Кито (Quito) for the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from index.languages import late
from index.languages.pack import Pack, packs
from index.languages.text import fold

LONGEST = 40
"""A word of more characters is no name with cases."""

_WORDS = late.pattern(r"\w+")


class _Cases:
    """How the names of a script end in each case."""

    def __init__(self, pack: Pack) -> None:
        self._letters = late.pattern(f"[{pack.letters}]")
        self._endings = late.pattern(pack.forms.endings)
        self._fleeting = late.pattern(pack.forms.fleeting)
        self._cases = pack.forms.cases

    def of(self, word: str) -> bool:
        """Whether a word begins in this script."""
        return self._letters.match(word) is not None

    def bare(self, word: str) -> str:
        """A folded word without its endings, nor a vowel that some cases lack: Египта and Египет are alike."""
        while found := self._endings.search(word):
            word = word[: found.start()]
        return self._fleeting.sub("", word)

    def is_case(self, word: str, name: str) -> bool:
        """Whether a folded word is a folded name in one of its cases."""
        return word == name or any(
            word.startswith(base) and word[len(base) :] in others
            for base, others in self._parts(name)
        )

    def all(self, name: str) -> list[str]:
        """A folded name of one word, in all its cases."""
        return [name, *(base + end for base, others in self._parts(name) for end in sorted(others))]

    def _parts(self, name: str) -> Iterator[tuple[str, frozenset[str]]]:
        """A name without its ending and the endings of its other cases, for each way it may be declined."""
        for end, others in self._cases.items():
            if name.endswith(end):
                yield name[: len(name) - len(end)], others


_LANGUAGES = [_Cases(pack) for pack in packs() if pack.forms.endings]


def _cases_of(word: str) -> _Cases | None:
    if not word or word[0].isascii() or len(word) > LONGEST:
        return None
    return next((cases for cases in _LANGUAGES if cases.of(word)), None)


@lru_cache(1 << 15)
def bare(word: str) -> str:
    """What is left of a word in every case, folded; "" where it has no cases."""
    cases = _cases_of(word)
    return cases.bare(fold(word)) if cases else ""


@lru_cache(1 << 14)
def may_be_case(written: str, name: str) -> bool:
    """Whether what is written can be a name in one of its cases, word by word; what has no cases may be."""
    cases = _cases_of(name)
    pairs = zip(_WORDS.findall(fold(written)), _WORDS.findall(fold(name)), strict=False)
    return cases is None or all(cases.is_case(*pair) for pair in pairs)


def in_all_cases(word: str) -> list[str]:
    """A word of a name, folded, in each case; the word itself where it has none."""
    cases = _cases_of(word) if _WORDS.fullmatch(word) else None
    return cases.all(fold(word)) if cases else [word]
