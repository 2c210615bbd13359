"""What is known of one language: the pack of a language, and the packs there are.

A pack is a folder beside this module, named for its language, whose `PACK` says all that belongs
to that language alone. Code asks every pack, or that of a text's language, and knows none by name:
another language is another folder. What the parts of a pack can say is in number_parts.py and
word_parts.py; all of it is optional.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.resources import files
from typing import Any

from index.languages import late
from index.languages.numbers.number_parts import Dates, Events, Numbers, PublicationDates
from index.languages.word_parts import Asking, Axis, Contrasts, NameForms, NameUse, Pages

FALLBACK = "en"
"""The language whose words are shown to a reader of one that has no pack."""


@dataclass(frozen=True, slots=True)
class Pack:
    """One language."""

    code: str
    """ISO 639-1, as in a BCP 47 tag."""
    numbers: Numbers = field(default_factory=Numbers)
    dates: Dates = field(default_factory=Dates)
    events: Events = field(default_factory=Events)
    published: PublicationDates = field(default_factory=PublicationDates)
    contrasts: Contrasts = field(default_factory=Contrasts)
    names: NameUse = field(default_factory=NameUse)
    forms: NameForms = field(default_factory=NameForms)
    asking: Asking = field(default_factory=Asking)
    pages: Pages = field(default_factory=Pages)
    called: frozenset[str] = frozenset()
    """What data call the language beside its code: "chinese", "zho"."""
    locales: tuple[str, ...] = ()
    """CLDR's locales whose names of countries, cities and currencies are always known."""
    letters: str = ""
    """What names in its script are made of, as the inside of a character class."""
    stemmer: str = ""
    """What Snowball calls it; "" where words stay as they are."""
    month_first: Callable[[str], bool] = lambda region: False
    """Whether dates in digits begin with the month where the language has this region ("" for none)."""
    reply: str = ""
    """A GBNF grammar of text in the language: a small LLM is held to it when it answers."""
    others_letters: str = ""
    """Letters of its script that only other languages write."""
    spaced: bool = True
    """Whether blanks set its words apart."""
    folds: Mapping[str, str] = field(default_factory=dict)
    """Letters that are written one for the other -> the one that matching takes for both."""


CODE_LENGTHS = (2, 3)
"""The folder of a language is called by its ISO 639 code."""


@cache
def packs() -> tuple[Pack, ...]:
    """All packs, in the order of their codes."""
    folders = sorted(
        folder.name
        for folder in files("index.languages").iterdir()
        if len(folder.name) in CODE_LENGTHS and folder.joinpath("__init__.py").is_file()
    )
    return tuple(import_module(f"index.languages.{name}").PACK for name in folders)


@cache
def pack_of(language: str) -> Pack | None:
    """The pack of a BCP 47 tag's language, if there is one."""
    code = language.split("-")[0]
    return next((pack for pack in packs() if pack.code == code), None)


@cache
def month_numbers() -> Mapping[str, int]:
    """The names of months in all languages, in every form."""
    return {name: number for pack in packs() for name, number in pack.dates.months.items()}


def names_of(language: str) -> NameUse:
    """How names stand in the sentences of a language."""
    pack = pack_of(language)
    return pack.names if pack else NameUse()


def either(patterns: Iterable[str]) -> str:
    """One pattern for what any of them matches; one that matches nothing where there are none."""
    return "|".join(f"(?:{pattern})" for pattern in patterns if pattern) or r"(?!)"


def words_pattern(words: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or r"(?!)"


def word_beginnings(pack: Pack, words: str) -> re.Pattern[str]:
    """A pattern for words apart by blanks; in a spaced language they are whole words, or, where
    they end in "*", beginnings."""
    edge, ending = (r"\b", r"\w*") if pack.spaced else ("", "")
    parts = (f"{edge}{word.replace('*', ending)}{edge}" for word in words.split())
    return late.pattern("|".join(parts) or r"(?!)")


def sides(pack: Pack, axis: Axis) -> tuple[re.Pattern[str], re.Pattern[str]]:
    """The words of an axis' two sides. A word of a pair that a pattern has as well is left to the
    pattern, which may exclude some of its uses."""
    pairs = [pair.split("/") for pair in axis.turns.split()]

    def side(words: str, of_pairs: Iterable[str]) -> re.Pattern[str]:
        known = word_beginnings(pack, words)
        return word_beginnings(
            pack, " ".join((words, *(w for w in of_pairs if not known.search(w))))
        )

    return side(axis.one, (one for one, _ in pairs)), side(
        axis.other, (other for _, other in pairs)
    )


@cache
def texts(name: str) -> Mapping[str, Mapping[str, Any]]:
    """The tables of that name, such as "words", by BCP 47 tag: the packs' files NAME.toml, or
    NAME-Hant.toml for each script of a language."""
    found = {}
    for pack in packs():
        for file in files(f"index.languages.{pack.code}").iterdir():
            stem, _, ending = file.name.partition(".")
            base, _, script = stem.partition("-")
            if base == name and ending == "toml":
                tag = f"{pack.code}-{script}" if script else pack.code
                found[tag] = tomllib.loads(file.read_text(encoding="utf-8"))
    return found


def text_of(name: str, language: str) -> Mapping[str, Any]:
    """The table for a language, or its most common script; for one that has none, the fallback's."""
    tables = texts(name)
    if language in tables:
        return tables[language]
    same = sorted(tag for tag in tables if tag.split("-")[0] == language.split("-")[0])
    return tables[same[0] if same else FALLBACK]
