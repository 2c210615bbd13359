"""Lines such as 「2023-03-01 20:01:42 來源:…」 or "By Jane Doe, 09/17/22" -> what they say.

In: one line of a page. Out: `DataLine` with date, author and outlet, or None when the line is
something else. Labelled values ("來源:", "By") are statements of the page; values known only by
their look are named in `guessed`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from index.extract.lines import text_width
from index.languages.dates.date_order import is_numeric
from index.languages.dates.publication_dates import Order, find_dates, not_published
from index.languages.pack import either, packs
from index.languages.text import HAN, SMALL, fold, seen
from index.languages.zh.readings import SURNAMES

DATA_LINE_CHARS = 200
DATA_LINE_WIDTH = 60
"""Longer lines are sentences, even with a date in them."""

NAME_WIDTH = 24
"""The longest name of a person or an outlet."""

STRANGE_WIDTH = 8
"""In a line with a date, one part no wider than this may be something else than a name, such as a
place."""


@dataclass(slots=True)
class DataLine:
    """What a line says about its article; "" where it says nothing."""

    published: str = ""
    updated: str = ""
    author: str = ""
    outlet: str = ""
    published_as: str = ""
    """The date as it is written, where that is in numbers."""
    guessed: set[str] = field(default_factory=set)

    def merge(self, other: DataLine) -> None:
        """Take over what is missing here; what is stated wins over what was guessed."""
        for name in ("published", "updated", "author", "outlet"):
            value = getattr(other, name)
            better = name in self.guessed and name not in other.guessed
            if value and (better or not getattr(self, name)):
                setattr(self, name, value)
                if name == "published":
                    self.published_as = other.published_as
                self.guessed.discard(name)
                self.guessed |= {name} & other.guessed


LONGEST_HAN_NAME = 4
"""Characters of a Chinese name, compound surnames included."""

_PAGES = [pack.pages for pack in packs()]
_NO_OUTLET = re.compile(rf"^(?:{either(page.no_outlet for page in _PAGES)}|.*=.*)$")
_OUTLET_LABEL = re.compile(rf"(?:{either(page.outlet_label for page in _PAGES)})\s*[:/|]\s*")
_AUTHOR_LABEL = re.compile(either(page.author_label for page in _PAGES))
_UPDATED_LABEL = re.compile(either(page.updated_label for page in _PAGES))
_LABEL = re.compile(either(page.label for page in _PAGES))
_NOISE = re.compile(either(page.noise for page in _PAGES))
_SPLIT = re.compile(
    r"\s*[|｜\u4e28•·∙,，;；。/()()【】\[\]<>《》]\s*|\s*[-–—]{1,2}\s+|\.\s+|\s{2,}|\t"
)
_REPORT = re.compile(either(page.report for page in _PAGES))
_OUTLET_WORD = re.compile(
    r"\b\w+\.(?:com|org|net|cn|tw|hk|ru|uk|info|co)\b|"
    + either(page.outlet_word for page in _PAGES)
)
_PARTICLE = r"(?:de|van|von|der|al|bin|el|da|di|la|le)\b"
_WORD_OF_NAME = rf"(?:[^\W\d_{SMALL}][\w'’.-]*|{_PARTICLE})"
_CAPITALISED = re.compile(rf"^{_WORD_OF_NAME}(?:\s+{_WORD_OF_NAME}){{1,3}}$")


def read_data_line(text: str, order: Order = "month-first") -> DataLine | None:
    """What a line says about an article, or None when it does not read like such a line."""
    if len(text) > DATA_LINE_CHARS or text_width(text) > DATA_LINE_WIDTH:
        return None
    line = _Line(seen(text))
    line.take_dates(order)
    line.take(_NOISE)
    line.take_report()
    if not line.take_labelled():
        return None
    line.take(_LABEL)
    line.take_place()
    parts = line.parts()
    if not (line.dated or line.labelled) or len(parts) > 3:
        return None
    if any(text_width(part) > NAME_WIDTH for part in parts):
        return None
    strange = [part for part in parts if not _is_name(part)]
    if strange and (len(parts) > 1 or not line.dated or text_width(strange[0]) > STRANGE_WIDTH):
        return None
    _guess(line.data, parts)
    return line.data


class _Line:
    """A line that may be about an article: what was understood of it, and what is left to read."""

    def __init__(self, text: str) -> None:
        self.data = DataLine()
        self.labelled = False
        """An author or an outlet stands behind a label."""
        self._text = text
        self._rest = text
        self._folded = fold(text)

    @property
    def dated(self) -> bool:
        return bool(self.data.published or self.data.updated)

    def parts(self) -> list[str]:
        """What was not understood, in its parts."""
        parts = [part.strip(" :-–—|") for part in _SPLIT.split(self._rest)]
        return [part for part in parts if text_width(part) > 0]

    def _blank(self, start: int, end: int) -> None:
        """Removes what was understood; the line and its folded form stay in step."""
        gone = "|" * (end - start)
        self._rest = self._rest[:start] + gone + self._rest[end:]
        self._folded = self._folded[:start] + gone + self._folded[end:]

    def take(self, pattern: re.Pattern[str]) -> None:
        """What matches says nothing."""
        for found in list(pattern.finditer(self._folded)):
            self._blank(*found.span())

    def take_dates(self, order: Order) -> None:
        """The dates of publication and of the last change."""
        for found in find_dates(self._text, order):
            before = self._folded[: found.start]
            as_of = not_published(before)
            if as_of is not None:
                self._blank(as_of.start(), found.end)
                continue
            name = "updated" if _UPDATED_LABEL.search(before.rstrip("|")) else "published"
            if not getattr(self.data, name):
                setattr(self.data, name, found.iso)
                if found.ambiguous:
                    self.data.guessed.add(name)
                said = self._text[found.start : found.end]
                if name == "published" and is_numeric(said):
                    self.data.published_as = said
            self._blank(found.start, found.end)

    def take_report(self) -> None:
        """A reporter, a place and a word for a report."""
        report = _REPORT.search(self._folded)
        if report is None:
            return
        said = self._rest[slice(*report.span("names"))]
        if (label := _AUTHOR_LABEL.search(fold(said))) is not None:
            before, said = said[: label.start()].strip(), said[label.end() :]
            self.data.outlet = self.data.outlet or (before if is_outlet(before) else "")
        said, self.data.outlet = _without_outlet(said, self.data.outlet)
        self.data.author = clean_names(said)
        self.labelled = bool(self.data.author)
        self._blank(*report.span())

    def take_labelled(self) -> bool:
        """The outlet and the author behind their labels; False where the line is of something else."""
        for name, pattern in (("outlet", _OUTLET_LABEL), ("author", _AUTHOR_LABEL)):
            match = pattern.search(self._folded)
            if match is None:
                continue
            value, end = _value(self._rest, self._folded, match.end())
            if name == "author" and not _names_people(value):
                if not self.dated:
                    return False
                continue
            if value and not getattr(self.data, name):
                self._set(name, value)
                self.labelled = True
            self._blank(match.start(), end)
        return True

    def _set(self, name: str, value: str) -> None:
        if name == "author":
            value, self.data.outlet = _without_outlet(value, self.data.outlet)
            self.data.author = clean_names(value)
            return
        value = value.strip("《》「」“”[]【】 ")
        if not _NO_OUTLET.match(fold(value)):
            self.data.outlet = value

    def take_place(self) -> None:
        """An outlet with its place before a date."""
        placed = _PLACED.match(self._rest) if self.dated and not self.data.outlet else None
        if placed is not None:
            self.data.outlet = placed[1]
            self.data.guessed.add("outlet")
            self._blank(0, placed.end())


_PLACED = re.compile(r"([^\W\d_][^()|,.:]{1,40}?)\s?\([^()\d|]{2,30}\)[\s,.]{0,3}(?=\|)")
"""Outlet, place and date as monitors of the press write them: "Steppe Daily (Almaty), 14 May 2024"."""

_VALUE_END = re.compile(r"(?<=\S)\s*[|｜•()()【】\[\]]|\s{2,}")


def _value(text: str, folded: str, start: int) -> tuple[str, int]:
    """The labelled value that starts at `start`: up to a separator or the next label."""
    end = len(text)
    for pattern in (_VALUE_END, _OUTLET_LABEL, _AUTHOR_LABEL, _LABEL):
        match = pattern.search(folded, start + 1)
        if match is not None:
            end = min(end, match.start())
    return text[start:end].strip(" :,/|-–—"), end


def _without_outlet(names: str, outlet: str) -> tuple[str, str]:
    """ "Ann Lee, Steppe Daily": the authors, and the outlet behind them where none is known."""
    people, comma, last = names.rpartition(",")
    if comma and people.strip() and is_outlet(last.strip()):
        return people.strip(), outlet or last.strip()
    words = names.split()
    for count in range(1, len(words)):  # lines of a head that were joined: "Ann Lee Steppe Daily"
        people, last = " ".join(words[:count]), " ".join(words[count:])
        if is_outlet(last) and is_person(people):
            return people, outlet or last
    return names, outlet


def _names_people(value: str) -> bool:
    han = re.sub(rf"[^{HAN}]", "", value)
    if han:
        return text_width(value) <= NAME_WIDTH and not re.search(r"[。!?]", value)
    return 0 < len(value.split()) <= 12 and value[:1].isupper()


def _is_name(part: str) -> bool:
    return is_person(part) or is_outlet(part)


def is_person(text: str) -> bool:
    """Whether a short text looks like the names of one or more people."""
    folded = fold(text)
    if _OUTLET_WORD.search(folded):
        return False
    names = [n for n in re.split(r"[\s、,&]+", folded) if n]
    if names and all(re.fullmatch(rf"[{HAN}]{{2,4}}", n) and n[0] in SURNAMES for n in names):
        return True
    people = re.split(r"(?<!\s)\s*+(?:,|&|\band\b)\s*+", text)
    return bool(text) and all(_CAPITALISED.match(p) and p[0].isupper() for p in people if p)


def is_outlet(text: str) -> bool:
    """Whether a short text looks like the name of a newspaper, agency or site."""
    return _OUTLET_WORD.search(fold(text).strip()) is not None and text_width(text) <= NAME_WIDTH


def _guess(data: DataLine, parts: Iterable[str]) -> None:
    for part in parts:
        if not data.outlet and is_outlet(part):
            data.outlet = part
            data.guessed.add("outlet")
        elif not data.author and is_person(part):
            data.author = clean_names(part)
            data.guessed.add("author")


_NOT_NAME = re.compile(either(page.not_name for page in _PAGES), re.IGNORECASE)


def clean_names(text: str) -> str:
    """Names of people as a page lists them, in one form: Chinese ones separated by 、."""
    text = _NOT_NAME.sub("", text.strip())
    names = [n for n in re.split(r"[\s、,，/]+", text) if n]
    if names and all(re.fullmatch(rf"[{HAN}·]{{2,}}", n) for n in names):
        likely = [n for n in names if len(n) <= LONGEST_HAN_NAME or "·" in n]
        return "、".join(likely or names)
    return text.strip(" ,;|")
