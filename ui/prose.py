"""Text for the terminal that is broken into lines as its languages are: between Chinese characters,
never inside a Latin or Cyrillic word, never before a full stop (UAX #14).

In: text with styles. Out: the same, wrapped; rich breaks between spaces only, and so cuts a word that
stands among Chinese characters anywhere.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.containers import Lines
from rich.text import Text

from index.languages import late
from index.languages.text import HAN

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod, OverflowMethod

_ALWAYS = late.pattern(rf"[{HAN}，。、；：！？][{HAN}]|[\w,.;:)] (?:[^\W_]|[\[(])")
"""Before the last of these characters a line may always break."""

_NEVER = late.pattern(r"[A-Za-z\u00c0-\u024f\u0400-\u052f]{2}|[^ ][ ,.，。、；：！？）」』》]")
"""And before the last of these never. All else is looked up."""

CONTEXT = 12
"""How many characters before and after a place decide whether a line may break there."""


class Prose(Text):
    """A `Text` that wraps by the rules of its languages."""

    def wrap(
        self,
        console: Console,
        width: int,
        *,
        justify: JustifyMethod | None = None,
        overflow: OverflowMethod | None = None,
        tab_size: int = 8,
        no_wrap: bool | None = None,
    ) -> Lines:
        """Its lines of at most `width` cells."""
        lines = Lines()
        for line in self.split(allow_blank=True):
            line.expand_tabs(tab_size)
            for part in line.divide(breaks(line.plain, width)):
                part.rstrip_end(width)
                lines.append(part)
        return lines


def breaks(text: str, width: int) -> list[int]:
    """The offsets at which the lines of a text begin, after the first."""
    found: list[int] = []
    start = 0
    while (end := _filled(text, start, width)) < len(text):
        # what is longer than a line, an address or a hash, is cut where the line ends
        start = next((at for at in range(end, start, -1) if _may_break(text, at)), end)
        found.append(start)
    return found


def _filled(text: str, start: int, width: int) -> int:
    """The end of what fits into a line; spaces may hang over."""
    end, room = start, width
    while end < len(text) and (room := room - cell_len(text[end])) >= 0:
        end += 1
    end = max(end, start + 1)
    while end < len(text) and text[end] == " ":
        end += 1
    return end


def _may_break(text: str, at: int) -> bool:
    if _ALWAYS.fullmatch(text, at - 1, at + 1) or _ALWAYS.fullmatch(text, max(0, at - 2), at + 1):
        return True
    if _NEVER.fullmatch(text, at - 1, at + 1):
        return False
    start = max(0, at - CONTEXT)
    return _breakable(text[start : at + CONTEXT], at - start)


@lru_cache(1024)
def _breakable(text: str, at: int) -> bool:
    from uniseg.linebreak import line_break_breakables  # its tables take a moment to load

    return bool(list(line_break_breakables(text))[at])
