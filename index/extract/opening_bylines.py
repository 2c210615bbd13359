"""Bylines within the words of a text: 〔記者林小青／高雄報導〕, "ALMATY (Reuters) - ".

In: an article's text. Out: who wrote it and which agency, as its first or last words say. The text
keeps these words. The tables `bylines.toml` of the languages say how bylines look.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from index.extract.bylines import clean_names, is_person
from index.languages.pack import texts
from index.languages.text import HAN, fold, seen

OPENING_CHARS = 140
CLOSING_CHARS = 240
_NAME = rf"[{HAN}·]{{2,4}}"
_NAMES = rf"{_NAME}(?:\s?[、,&/ ]\s?{_NAME}){{0,5}}"
NAME_CHARS = 3
"""Where a name runs into a place, as in 林小青高雄14日電, it has three characters; in a run of four it
has two."""


@dataclass(frozen=True, slots=True)
class _Tables:
    opening: tuple[re.Pattern[str], ...]
    closing: tuple[re.Pattern[str], ...]
    not_names: frozenset[str]
    compound: tuple[str, ...]


@cache
def _tables() -> _Tables:
    opening: list[re.Pattern[str]] = []
    closing: list[re.Pattern[str]] = []
    not_names: set[str] = set()
    compound: list[str] = []
    for table in texts("bylines").values():
        for forms, name in ((opening, "opening"), (closing, "closing")):
            forms += [re.compile(form.replace("@names@", _NAMES)) for form in table[name]]
        not_names.update(table["not_names"])
        compound += table["compound_surnames"]
    return _Tables(tuple(opening), tuple(closing), frozenset(not_names), tuple(compound))


@dataclass(frozen=True, slots=True)
class Byline:
    """Who is named in the words of a text; "" where nobody is."""

    author: str = ""
    agency: str = ""


def find_byline(text: str) -> Byline:
    """The authors and the agency that a text's first or last words name."""
    text = seen(text)
    author = agency = ""
    for start, match in _matches(text):
        groups = match.groupdict()
        if groups.get("agency") and not agency:
            agency = text[start + match.start("agency") : start + match.end("agency")]
        name = next((n for n in ("names", "run", "words") if groups.get(n)), "")
        if name and not author:
            said = text[start + match.start(name) : start + match.end(name)]
            author = _people(said, name)
    return Byline(author, agency)


def _matches(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    opening = fold(text[:OPENING_CHARS].split("\n", 1)[0])
    for pattern in _tables().opening:
        if (match := pattern.search(opening)) is not None:
            yield 0, match
    last = text.rstrip()[-CLOSING_CHARS:].rsplit("\n", 1)[-1]
    start = len(text.rstrip()) - len(last)
    for pattern in _tables().closing:
        if (match := pattern.search(fold(last))) is not None:
            yield start, match


def _people(said: str, kind: str) -> str:
    """The names, in one form; "" where they are none."""
    if kind == "words":
        return clean_names(said) if is_person(said) else ""
    names = [name for name in re.split(r"[\s、,，&/]+", said) if name]
    if kind == "run" and names:
        names[-1] = _without_place(names[-1])
    return "、".join(name for name in names if not _is_no_name(fold(name)))


def _is_no_name(folded: str) -> bool:
    return any(word in folded for word in _tables().not_names)


def _without_place(run: str) -> str:
    if fold(run[:2]) in _tables().compound and len(run) > NAME_CHARS + 1:
        return run[: NAME_CHARS + 1]
    return run[: 2 if len(run) <= NAME_CHARS + 1 else NAME_CHARS]
