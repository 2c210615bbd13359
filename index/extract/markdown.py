"""Markdown -> plain text with one paragraph or heading a line, and its front matter.

In: the text of a Markdown file. Out: the text without markup signs, and what YAML front matter (the
`key: value` lines between two `---`) states.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from index.extract.web.metadata import WebData
from index.languages.dates.publication_dates import parse_date

_FRONT_MATTER = re.compile(
    r"\A\ufeff?---[ \t]*\r?\n(.*?)\r?\n(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL
)
_PAIR = re.compile(r"^([A-Za-z_-]++)\s*+:\s*+(.*)$", re.MULTILINE)
_KEYS = {
    "title": "title", "headline": "title", "author": "author", "authors": "author", "byline": "author",
    "date": "published", "published": "published", "outlet": "outlet", "source": "outlet", "site": "outlet",
    "publisher": "outlet", "url": "url", "link": "url", "canonical": "canonical_url",
}  # fmt: skip


def _heading(found: re.Match[str]) -> str:
    return "\n" + found[1].rstrip(" \t").rstrip("#").rstrip(" \t") + "\n"


_MARKUP: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"^```.*$|^~~~.*$", re.MULTILINE), ""),
    (re.compile(r"!\[[^\]\n]*\]\([^)\n]*\)"), ""),  # images
    (
        re.compile(
            r"\[([^\]\n]{1,500})\]\([^)\n]{0,2000}\)|\[([^\]\n]{1,500})\]\[[^\]\n]{0,500}\]"
        ),
        r"\1\2",
    ),  # links
    (re.compile(r"^\[[^\]\n]+\]:\s+\S+.*$", re.MULTILINE), ""),  # link targets
    (re.compile(r"^[ \t]{0,3}#{1,6}[ \t]++(.*)$", re.MULTILINE), _heading),
    (re.compile(r"^[ \t]{0,3}(?:=+|-{3,}|\*{3,}|_{3,})[ \t]*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]{0,3}>[ \t]?", re.MULTILINE), ""),
    (re.compile(r"(?<!\\)(\*\*|__)(?=\S)(.+?)(?<=[^\s\\])\1"), r"\2"),
    (re.compile(r"(?<![\w*\\])\*(?=\S)([^*\n]+?)(?<=[^\s\\])\*(?![\w*])"), r"\1"),
    (re.compile(r"`([^`\n]+)`"), r"\1"),
    (re.compile(r"<(https?://[^>\s]+)>"), r"\1"),
    (re.compile(r"<!--.*?-->|</?[A-Za-z][^>\n]*>", re.DOTALL), ""),
    (re.compile(r"\\([\\`*_{}\[\]()#+.!|>-])"), r"\1"),
)


def read_markdown(text: str) -> tuple[str, WebData]:
    """The text without Markdown's signs; its lines keep their order, not their offsets."""
    data = WebData()
    match = _FRONT_MATTER.match(text)
    if match is not None:
        text = text[match.end() :]
        for key, value in _PAIR.findall(match.group(1)):
            name = _KEYS.get(key.lower())
            value = value.strip().strip("\"'")
            if name and value and not getattr(data, name):
                setattr(data, name, parse_date(value) if name == "published" else value)
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    return text, data
