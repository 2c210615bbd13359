"""Text -> lines that carry their place, and what their look says about them.

In: decoded text. Out: `Line`s without outer white space, one for each line that holds anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.languages.text import HAN, as_written

_BREAK = re.compile(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1b]")
_HAN = re.compile(f"[{HAN}\u3040-\u30ff\uac00-\ud7af]")
_TABULAR = re.compile(r"\S(?: {4}|\t)\s*\S")
_BULLET = re.compile(r"^(?:[•·‣▪◦●○■□◆▶►➤☆★※*+–—-]|\d{1,3}[.)、])\s*")

LATIN_WIDTH = 0.4
"""Letters other than Han count 0.4: 2.5 of them say as much as one Han character."""

WIDTH_SAMPLE = 4000
"""The width of a longer text is that of its beginning, extrapolated."""

SENTENCE_END = re.compile(r"[。！？!?.…;；:：][\"'”’」』)）】》〉\]]*$")
STATEMENT_END = re.compile(r"[。.;；:：…][\"'”’」』)）】》〉\]]*$")
SENTENCE_MARK = re.compile(
    r"[。！？…；]|[.!?;](?=[\s\"'”’)\]]|$)|(?<=[\u3400-\u9fff」』”）)])[!?;]"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a page; after unwrapping, one paragraph."""

    text: str
    """White space at the ends removed, runs of it inside squeezed to one space."""
    start: int
    end: int
    gap: int = 0
    """Empty lines before it."""
    links: float = 0.0
    """Share of its characters that stand in links; 0 where the page has no markup."""
    heading: bool = False
    """The markup says that it is a heading."""
    indent: int = 0
    """Columns of white space before it."""
    tabular: bool = False
    """Wide gaps set parts of it apart, as the columns of a table."""

    @property
    def width(self) -> float:
        """How much it says, in Han characters."""
        return text_width(self.text)

    @property
    def bullet(self) -> bool:
        return _BULLET.match(self.text) is not None


def text_width(text: str) -> float:
    """How much a text says, in Han characters; digits and punctuation count nothing."""
    if len(text) > WIDTH_SAMPLE:
        return text_width(text[:WIDTH_SAMPLE]) * len(text) / WIDTH_SAMPLE
    han = len(_HAN.findall(text))
    return han + LATIN_WIDTH * (sum(map(str.isalpha, text)) - han)


def clean(text: str) -> str:
    """A line as it is kept: white space squeezed, without control characters and hidden text."""
    return as_written(_CONTROL.sub("", text))


def split_lines(text: str) -> list[Line]:
    """The lines of a text that are not empty, with their offsets."""
    lines = []
    gap = 0
    for start, end in _line_spans(text):
        content = clean(text[start:end])
        if content:
            raw = text[start:end]
            indent, tabular = _indent(raw), _TABULAR.search(raw) is not None
            lines.append(Line(content, start, end, gap, indent=indent, tabular=tabular))
            gap = 0
        else:
            gap += 1
    return lines


def _indent(raw: str) -> int:
    blank = raw[: len(raw) - len(raw.lstrip())]
    return sum(2 if c == "\u3000" else 8 if c == "\t" else 1 for c in blank)


def _line_spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in _BREAK.finditer(text):
        yield start, match.start()
        start = match.end()
    yield start, len(text)
