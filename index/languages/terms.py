"""Text -> the terms BM25 matches: folded, so that both Chinese scripts and all cases meet.

In: a text and its language. Out: terms in the order of the text, repeated as often as they occur:
characters and character pairs of Chinese, Japanese and Korean, stems of other words, numbers
without their thousands separators. A word in another alphabet than the text's (a Latin name in a
Chinese text) gets the same term as in a text of that alphabet, so that it is found from there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from typing import Any

from index.languages import late
from index.languages.pack import pack_of
from index.languages.text import HAN, fold, has_invisible, primary, visible

TERMS_VERSION = 5
"""Raised whenever `terms` gives other terms for a text, so that term indexes are rebuilt."""

TERMS_REMEMBERED = 1 << 15
"""Words of a language whose terms are kept, which takes about 4 MB: most words of a news archive."""

_CJK = rf"{HAN}\u3005\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7af"
_WORD = rf"[^\W\d_{_CJK}]"
_OTHER = rf"\d+(?:[.,]\d+)*|{_WORD}+(?:['’ʻ‘]{_WORD}+)*"
_TOKEN = late.pattern(rf"([{_CJK}])|{_OTHER}")
_NO_CJK = late.pattern(_OTHER)
_APOSTROPHES = str.maketrans("’ʻ‘", "'''")
_CHARACTER = late.pattern(f"[{_CJK}]")
_THOUSANDS = late.pattern(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")

STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek",
    "es": "spanish", "et": "estonian", "eu": "basque", "fa": "persian",
    "fi": "finnish", "fr": "french", "ga": "irish", "hi": "hindi", "hu": "hungarian",
    "hy": "armenian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali",
    "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese", "ro": "romanian",
    "sr": "serbian", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
"""Snowball's stemmers of languages without a pack; words of still others stay as they are."""

CYRILLIC_LANGUAGES = frozenset(("be", "bg", "kk", "ky", "mk", "mn", "ru", "sr", "tg", "uk"))
_OTHER_ALPHABETS = frozenset(("ar", "el", "fa", "hi", "hy", "ja", "ko", "ne", "ta", "zh"))


def terms(text: str, language: str) -> list[str]:
    """The terms of a text."""
    return [term for term, _ in located_terms(text, language)]


def located_terms(text: str, language: str) -> list[tuple[str, int]]:
    """The terms of a text, each with the offset it starts at."""
    found: list[tuple[str, int]] = []
    run, run_end = "", -1
    for atom, start, end, character in atoms(text, language):
        found.append((atom, start))
        if character:
            if start == run_end:
                found.append((run + atom, start - 1))
            run, run_end = atom, end
    return found


def atoms(text: str, language: str) -> Iterator[tuple[str, int, int, bool]]:
    """What terms are made of (single characters, stems of words, numbers), with its offsets, and whether it
    is a character of a script without spaces."""
    folded = fold(text)
    if not has_invisible(folded):
        return _atoms(folded, language)
    shown, places = visible(folded)
    return ((atom, places[a], places[b], one) for atom, a, b, one in _atoms(shown, language))


def _atoms(folded: str, language: str) -> Iterator[tuple[str, int, int, bool]]:
    term_of = _terms_of(primary(language))
    for token in _TOKEN.finditer(folded):
        start, end = token.span()
        if token.lastindex:
            yield token[0], start, end, True
        else:
            yield term_of[token[0]], start, end, False


def words_of(text: str) -> list[str]:
    """The words and numbers of a text that is folded and has nothing invisible, without those terms that
    are characters."""
    return _NO_CJK.findall(text)


def term_of_word(language: str) -> Callable[[str], str]:
    """What gives a folded word's term in a language."""
    return _terms_of(primary(language)).__getitem__


def begins_with_character(term: str) -> bool:
    """Whether a term is a character of a script without spaces, or a pair of them."""
    return _CHARACTER.match(term) is not None


def find_terms(text: str, language: str, wanted: frozenset[str]) -> list[tuple[int, int]]:
    """Where the wanted terms stand in a text, as spans, in order; those that meet are one."""
    folded, term_of = fold(text), _terms_of(primary(language))
    places: list[int] = []
    if has_invisible(folded):
        folded, places = visible(folded)
    characters, words = _by_kind(wanted)
    spans = []
    for term in characters:
        at = folded.find(term)
        while at >= 0:
            spans.append((at, at + len(term)))
            at = folded.find(term, at + 1)
    if words:
        spans += [m.span() for m in _NO_CJK.finditer(folded) if term_of[m.group()] in words]
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    if places:
        merged = [(places[start], places[end - 1] + 1) for start, end in merged]
    return merged


@lru_cache(64)
def _by_kind(wanted: frozenset[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Those terms that are characters, or pairs of them, and the others."""
    characters = tuple(filter(begins_with_character, wanted))
    return characters, wanted.difference(characters)


def is_character(term: str) -> bool:
    """Whether a term is one character of a script without spaces, which by itself says little."""
    return len(term) == 1 and begins_with_character(term)


class _Terms(dict[str, str]):
    """The terms of a language's folded words, as they are met."""

    def __init__(self, language: str) -> None:
        super().__init__()
        self._language = language

    def __missing__(self, word: str) -> str:
        if len(self) >= TERMS_REMEMBERED:
            self.clear()
        self[word] = _term(word, self._language)
        return self[word]


_terms_of = cache(_Terms)


def _term(word: str, language: str) -> str:
    """A character as it is, a number without thousands separators ("3,5" is none), a word's stem.

    A word in another alphabet than its language's is taken as English or Russian.
    """
    if word[0].isdigit():
        return word.replace(",", "") if _THOUSANDS.fullmatch(word) else word
    if "\u0400" <= word[0] <= "\u04ff":
        language = language if language in CYRILLIC_LANGUAGES else "ru"
    elif word[0] < "\u0250" and language in CYRILLIC_LANGUAGES | _OTHER_ALPHABETS:
        language = "en"
    elif _CHARACTER.match(word):
        return word
    pack = pack_of(language)
    if pack and pack.forms.stems and (stem := re.fullmatch(pack.forms.stems, word)):
        return stem[1]
    stemmer = _stemmer(language)
    word = word.translate(_APOSTROPHES)
    return word if stemmer is None else str(stemmer.stemWord(word))


def uninflected(word: str) -> str:
    """What all forms of a folded name begin with: Пашинян of Пашиняна; the word itself where its
    language does not inflect names."""
    return _term(word, "ru") if "\u0400" <= word[0] <= "\u04ff" and " " not in word else word


@cache
def _stemmer(language: str) -> Any:
    import Stemmer

    pack = pack_of(language)
    name = pack.stemmer if pack else STEMMERS.get(language)
    return Stemmer.Stemmer(name) if name else None
