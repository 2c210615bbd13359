"""Names across languages: 哈薩克, Kazakhstan, Казахстан and 中哈 are one country.

In: a text (a question). Out: the names in it, each with the other forms it may have in an article.
Forms come from CLDR (territories, languages, currencies, cities), from the packs' names.toml (peoples,
organisations, heads of state), from the user's own table, and from the articles, where a name
stands beside its original in brackets, as in 「馬鐵木(Temur Umarov)」.
"""

from __future__ import annotations

import re
import threading
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice, product
from pathlib import Path
from typing import NamedTuple

from index.errors import ConfigError
from index.languages import late
from index.languages.cases import LONGEST, bare, in_all_cases, may_be_case
from index.languages.pack import either, pack_of, packs
from index.languages.shipped import country_pairs, shipped_names, words_with_cities
from index.languages.terms import atoms, is_character, terms
from index.languages.text import CAPITALS, HAN, fold, fold_script

_FORMS = [pack.forms for pack in packs()]
_CUT_OUT = late.pattern(either(forms.cut_out for forms in _FORMS))
_ACRONYMS_TOO = {pack.code: pack.forms.acronyms_too for pack in packs()}

LEAST_LOWER = 5
"""A shorter Latin name must be capitalised even in a question without any capitals."""

SURE_HAN = 4
"""If this many Chinese characters or fewer stand between a boundary and a bracket, they are the
name."""

LETTERS_A_CHARACTER = 3
"""A Chinese character stands for up to this many letters: 巴耶夫 is too short for Koishibayev."""

MOST_HAN = 10
"""A longer run of Chinese characters is taken as a name only where it is repeated."""

MOST_CASES = 4
"""Ways in which the cases of a form are stemmed that are searched for."""

MOST_ORIGINALS = 3
"""A word that stands before more different names in brackets than this is not a name."""

_HAN_NAME = late.pattern(rf"[{HAN}·・‧]{{2,16}}$")
_CAPITALISED = rf"(?:[{CAPITALS}][\w'’.-]*+|of|the|and|for|de|von|van|bin|al|el)"
_LATIN_NAME = late.pattern(rf"{_CAPITALISED}(?:[ \u00a0-]{_CAPITALISED})*+$")
_IN_BRACKETS = late.pattern(r"[(（]\s{0,3}([^()（）\n]{2,60}?)\s{0,3}[)）]")
_IS_LATIN = late.pattern(rf"[{CAPITALS}][^\W\d_](?:[^\W_]|['’ \u00a0&-])*")
_IS_HAN = late.pattern(rf"[{HAN}·・‧]{{2,12}}")
_ALIKE = late.pattern(rf"^(?:{either(forms.alike for forms in _FORMS)})[:：, ]*")
_BOUNDARIES = late.pattern(either(forms.boundaries for forms in _FORMS))
_NO_NAME = late.pattern(either(forms.no_name for forms in _FORMS))


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text, and the forms it may have elsewhere (itself among them)."""

    text: str
    start: int
    end: int
    forms: tuple[str, ...]


class Names:
    """Groups of forms that mean the same, found in texts by the longest match."""

    def __init__(self, groups: Iterable[Sequence[str]]) -> None:
        self._groups: list[tuple[str, ...]] = []
        self._unread: dict[str, list[tuple[str, int]]] = {}
        """Forms by their first character, until a text has a word that begins with it: to cut all
        forms into atoms takes a tenth of a second."""
        self._found: dict[tuple[str, ...], list[tuple[str, int]]] = {}
        self._lengths: dict[str, list[int]] = {}
        """Of the keys that begin with an atom, longest first."""
        self._lock = threading.Lock()
        for number, group in enumerate(groups):
            forms = tuple(dict.fromkeys(filter(None, map(str.strip, group))))
            self._groups.append(forms)
            for form in forms:
                first = fold(form[0]) if form[0].isalnum() else ""
                self._unread.setdefault(first, []).append((form, number))
        self._read("")

    def _read(self, first: str) -> None:
        """Makes the forms findable that begin with a character; "" for forms that begin with a
        sign."""
        for form, number in self._unread.pop(first, ()):
            key = tuple(atom for atom, _, _, _ in _atoms(form))
            if len(key) > 1 or (key and (len(key[0]) > 1 or is_character(key[0]))):
                self._found.setdefault(key, []).append((form, number))
                lengths = {*self._lengths.get(key[0], ()), len(key)}
                self._lengths[key[0]] = sorted(lengths, reverse=True)

    def find(self, text: str) -> list[Name]:
        """The names of a text, in order; where two overlap, the longer; of two as long the
        first, unless both name the same."""
        parts = list(_atoms(text))
        with self._lock:
            for first in {fold(text[start]) for _, start, _, _ in parts}:
                self._read(first)
        has_case = any(c.isupper() for c in text[1:]) and any(c.islower() for c in text)
        read = _Parted(text, parts, has_case, {match.span() for match in _CUT_OUT.finditer(text)})
        names: list[Name] = []
        at = 0
        while at < len(parts):
            if parts[at][0] not in self._lengths:
                at += 1
                continue
            length, groups = self._match(read, at)
            if length > 1 and self._goes_on(read, at, length, groups):
                length = 0  # 驻乌 is no name in 驻乌克兰, nor 驻美 in 驻美国
            if length:
                start, end = parts[at][1], parts[at + length - 1][2]
                names += [Name(text[start:end], start, end, forms) for forms in groups]
            at += length or 1
        return names

    def _match(self, read: _Parted, at: int) -> tuple[int, list[tuple[str, ...]]]:
        """The longest name that begins with an atom: how many it has, and the groups it is of."""
        for length in self._lengths.get(read.parts[at][0], ()):
            inside = read.parts[at : at + length]
            key = tuple(atom for atom, _, _, _ in inside)
            start, end = inside[0][1], inside[-1][2]
            groups = [
                self._groups[number]
                for form, number in self._found.get(key, ())
                if _may_be(read.text[start:end], form, read.has_case)
            ]
            if not groups or (start, end) in read.cut_out or _in_a_word(read.text, start, end):
                continue
            if _STOP.search(read.text, start, end) or _GIVEN_NAME.search(
                read.text, max(0, start - 2), start
            ):
                continue
            if key not in country_pairs():  # 中俄 is two names, others are one
                groups = [tuple(dict.fromkeys(chain.from_iterable(groups)))]
            return len(inside), groups
        return 0, []

    def _goes_on(
        self, read: _Parted, at: int, length: int, groups: Sequence[tuple[str, ...]]
    ) -> bool:
        """Whether a name that begins within this one ends behind it, and is longer or the same one."""
        for later in range(at + 1, at + length):
            other, others = self._match(read, later)
            same = other == length and set(chain(*groups)) & set(chain(*others))
            if later + other > at + length and (other > length or same):
                return True
        return False


_STOP = late.pattern(rf"[，。；：！？、]|[{HAN}][,;:!?]\s*[{HAN}]")
"""No name goes on behind it: 中共 does not stand in 三天之中，共查获99人."""


_GIVEN_NAME = late.pattern(rf"[·・‧•][{HAN}]$")
"""No name begins behind it, in the middle of a family name: 西亚 (Western Asia) in 迈克尔·加西亚."""


def _atoms(text: str) -> Iterator[tuple[str, int, int, bool]]:
    """What names are found by: as terms are, but words of a language with cases without their endings."""
    for atom, start, end, character in atoms(text, "zh"):
        inflected = not (character or text[start].isascii()) and end - start <= LONGEST
        yield (bare(text[start:end]) if inflected else "") or atom, start, end, character


class _Parted(NamedTuple):
    """A text as its names are looked for in it."""

    text: str
    parts: list[tuple[str, int, int, bool]]
    has_case: bool
    cut_out: set[tuple[int, int]]
    """Where something stands that is never a name."""


def known_names(languages: frozenset[str] = frozenset(), aliases: Path | None = None) -> Names:
    """CLDR's names in the packs' locales and in `languages`, the shipped ones, and the user's from a file.

    Raises ConfigError where the file is not as it should be.
    """
    return _known(frozenset(each for each in languages if pack_of(each) is None), aliases)


@lru_cache(8)
def _known(languages: frozenset[str], aliases: Path | None) -> Names:
    own = read_aliases(aliases) if aliases is not None else []
    return Names([*own, *shipped_names(languages)])


def read_aliases(path: Path) -> list[list[str]]:
    """The user's table: a TOML file with `names = [["Temur Umarov", "T. Umarov"], ...]`."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ConfigError(f"Cannot read retrieve.aliases, {path}: {error}.") from error
    names = content.get("names")
    if not isinstance(names, list) or not all(
        isinstance(group, list) and all(isinstance(form, str) for form in group) for group in names
    ):
        raise ConfigError(
            f"{path} must hold names = [[...], ...]: lists of forms of one name, such as "
            '["Temur Umarov", "T. Umarov"].'
        )
    return names


@lru_cache(1 << 14)
def form_terms(form: str, language: str) -> tuple[frozenset[str], ...]:
    """The terms that a passage with this form holds, once for each way in which its cases are stemmed (Китай
    and Китая); none where they are too common to search for."""
    words = [
        dict.fromkeys(frozenset(terms(each, language)) for each in in_all_cases(word))
        for word in form.split()
    ]
    ways = (frozenset[str]().union(*each) for each in islice(product(*words), MOST_CASES))
    too_common = _ACRONYMS_TOO.get(language, frozenset())
    found = dict.fromkeys((frozenset(terms(form, language)), *ways))
    return tuple(each for each in found if not each <= too_common)


def bracket_aliases(text: str) -> list[tuple[str, str]]:
    """Pairs of names an article sets beside each other: 「馬鐵木(Temur Umarov)」,
    "Kyrgyzstan (吉爾吉斯)", "Shanghai Cooperation Organisation (SCO)".

    Where a Chinese name begins follows from what is repeated in the text, else from the title or
    particle before it. Pairs whose name has no clear beginning are left out.
    """
    pairs: dict[tuple[str, str], None] = {}
    for match in _IN_BRACKETS.finditer(text):
        inside = _ALIKE.sub("", match[1]).strip("「」“”\"' ")
        if _NO_NAME.search(inside):
            continue
        before = text[max(0, match.start() - 60) : match.start()].rstrip("」”\"' ")
        if _IS_LATIN.fullmatch(inside) and (name := _HAN_NAME.search(before)):
            outside = _han_name(name.group(), inside, text)
        elif (_IS_HAN.fullmatch(inside) or _is_acronym(inside)) and (
            name := _LATIN_NAME.search(before)
        ):
            outside = _latin_name(name.group(), inside)
        else:
            continue
        if outside:
            pairs[outside, inside] = None
    return list(pairs)


def learned_groups(pairs: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Pairs from many articles as groups of forms, without what is no name."""
    originals: dict[str, Counter[str]] = {}
    folded: dict[str, str] = {}
    for name, original in pairs:
        key = fold(name)
        folded.setdefault(key, name)
        originals.setdefault(key, Counter())[original] += 1
    return [
        [folded[key], *counts] for key, counts in originals.items() if len(counts) <= MOST_ORIGINALS
    ]


def _may_be(written: str, form: str, has_case: bool) -> bool:
    """Whether the case of what is written lets it be the name: "us" is not US, "того" is not Togo."""
    if not (form[0].isascii() or may_be_case(written, form)):
        return False
    if written[0].lower() == written[0].upper():
        return True
    if not written[0].isascii() and form[0].islower():
        return True
    if form.isupper() and len(form) < LEAST_LOWER:
        return written[: len(form)].isupper()  # СПИДом
    return written[0].isupper() if has_case else len(written) >= LEAST_LOWER or written[0].isupper()


def _in_a_word(text: str, start: int, end: int) -> bool:
    """Whether what is written as a city is a part of a word: 辛集 in 奥斯威辛集中营."""
    words = words_with_cities().get(fold_script(text[start:end]), ())
    return any(
        at <= start and fold_script(text[start - at : start - at + len(word)]) == word
        for word, at in words
    )


# -- what stands in brackets -----------------------------------------------------------------------


def _is_acronym(text: str) -> bool:
    return 2 <= len(text) <= 8 and text.isupper() and text.isalpha()


def _han_name(before: str, original: str, text: str) -> str:
    """The end of `before` that is the name; "" where that is not clear."""
    cut = max((m.end() for m in _BOUNDARIES.finditer(before, 0, len(before) - 1)), default=0)
    name = before[cut:]
    if 2 <= len(name) <= SURE_HAN:
        return name
    last = len(original.split()[-1])
    least = max(2, round(last / LETTERS_A_CHARACTER)) if not _is_acronym(original) else 3
    for start in range(len(name) - least + 1):
        if text.count(name[start:]) > 1:
            return name[start:]
    return name if least <= len(name) <= MOST_HAN else ""


def _latin_name(before: str, inside: str) -> str:
    words = before.split()
    if not _is_acronym(inside):
        while words and words[0].islower():
            words.pop(0)
        return " ".join(words[-4:])
    for first in range(len(words)):
        initials = "".join(w[0] for w in words[first:] if w[0].isupper())
        if initials == inside and words[first][0].isupper():
            return " ".join(words[first:])
    return ""


def names_in(text: str, tables: Iterable[Names]) -> list[Name]:
    """The names of a text that some table has, less single characters and those within a longer one: in Chen
    Jining the city of Jining is none."""
    names = [name for table in tables for name in table.find(text) if len(name.text) > 1]
    return [
        name for name in names if not any(within(name, other.start, other.end) for other in names)
    ]


_REPORTED_FROM = late.pattern(either(pack.names.reported_from for pack in packs()), re.MULTILINE)


def unplaced(text: str) -> str:
    """The text without the places of its datelines, of the same length: 中新社成都8月18日电 begins many a report of
    another city."""
    return _REPORTED_FROM.sub(lambda place: " " * len(place[0]), text)


def within(name: Name, start: int, end: int) -> bool:
    """Whether a name is a part, not the whole, of what stands at a place of its text."""
    return start <= name.start and name.end <= end and end - start > name.end - name.start


def alike(name: Name, other: Name) -> bool:
    """Whether two names name the same. 中俄 is a form of two countries, which does not make them the
    same."""
    own, others = (
        {form for form in each.forms if len(form) != 2 or form.isascii()} or set(each.forms)
        for each in (name, other)
    )
    return not own.isdisjoint(others)
