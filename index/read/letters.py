"""The text of a letter -> what was written in it, and the letters it forwards.

In: the plain text of a message. Out: `Letter`s: the text above the first forwarded one, if it says
anything, and each forwarded letter with its sender, date and subject. The tables
`mail.toml` of the languages say how mail programs mark them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from index.languages.dates.publication_dates import parse_date
from index.languages.pack import texts
from index.languages.text import fold, squeeze

MARK_CHARS = 200
LEAST_HEADERS = 2
"""A mark with fewer lines such as "From: ..." below it does not begin a forwarded letter."""

LEAST_COMMENT = 60
"""From this many characters on, the text above a forwarded letter is an article of its own."""


@dataclass(slots=True)
class Letter:
    """One of the letters in a message."""

    text: str
    fields: dict[str, str] = field(default_factory=dict)
    """Title, author, published, as its own head states them; none for the message's own text."""


@dataclass(frozen=True, slots=True)
class _Tables:
    forwarded: tuple[re.Pattern[str], ...]
    headers: Mapping[str, str]
    prefix: re.Pattern[str]


@cache
def _tables() -> _Tables:
    forwarded: list[re.Pattern[str]] = []
    headers: dict[str, str] = {}
    prefixes: list[str] = []
    for table in texts("mail").values():
        forwarded += map(re.compile, table["forwarded"])
        prefixes += table["reply_prefix"]
        for name, words in table["headers"].items():
            headers.update(dict.fromkeys(words, name))
    prefix = re.compile(rf"(?:{'|'.join(map(re.escape, prefixes))}) ?: ?")
    return _Tables(tuple(forwarded), headers, prefix)


def subject_of(text: str) -> str:
    """A subject without "Re:" and "Fwd:" before it."""
    text = squeeze(text)
    while (match := _tables().prefix.match(fold(text))) is not None:
        text = text[match.end() :]
    return text


def split_letters(text: str) -> list[Letter]:
    """The letters in the text of a message, in order."""
    lines = text.splitlines()
    heads = [(n, head) for n, line in enumerate(lines) if (head := _head(lines, n, line))]
    if not heads:
        return [Letter(text)]
    first = heads[0][0]
    letters = []
    comment = "\n".join(lines[:first])
    if len(squeeze(comment)) >= LEAST_COMMENT:
        letters.append(Letter(comment))
    ends = [n for n, _ in heads[1:]] + [len(lines)]
    for (_, (fields, start)), end in zip(heads, ends, strict=True):
        body = "\n".join(map(_unquoted, lines[start:end]))
        if body.strip():
            letters.append(Letter(body, fields))
    return letters or [Letter(text)]


def _head(lines: Sequence[str], number: int, line: str) -> tuple[dict[str, str], int] | None:
    """What a forwarded letter's head below this line states, and where its text starts."""
    folded = fold(squeeze(_unquoted(line)))
    if len(line) > MARK_CHARS or not any(p.fullmatch(folded) for p in _tables().forwarded):
        return None
    fields: dict[str, str] = {}
    at, count = number + 1, 0
    while at < len(lines):
        label, colon, value = _unquoted(lines[at]).replace("：", ":").partition(":")
        name = _tables().headers.get(fold(label).strip(" *"))
        if name is None or not colon:
            if lines[at].strip(" >") or count:
                break
        else:
            count += 1
            if name != "other":
                fields[name] = squeeze(value.strip(" *"))
        at += 1
    if count < LEAST_HEADERS:
        return None
    found = {
        "title": subject_of(fields.get("title", "")),
        "author": re.split(r"\s*[<\[(]", fields.get("author", ""))[0].strip(" \"';"),
        "published": parse_date(fields.get("published", "")),
    }
    return {name: value for name, value in found.items() if value}, at


def _unquoted(line: str) -> str:
    return re.sub(r"^[> ]{1,20}(?=\S|$)", "", line) if line.startswith(">") else line
