"""Text for the terminal that is broken into lines as its languages are: between Chinese characters,
never inside a Latin or Cyrillic word, never before a full stop (UAX #14).

In: text with styles. Out: the same, wrapped; rich breaks between spaces only, and so cuts a word that
stands among Chinese characters anywhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.containers import Lines
from rich.text import Text

if TYPE_CHECKING:
    from rich.console import Console, JustifyMethod, OverflowMethod


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
    if cell_len(text) <= width:
        return []
    from uniseg.linebreak import line_break_units  # its tables take a moment to load

    found: list[int] = []
    offset = used = 0
    for unit in line_break_units(text):
        needed = cell_len(unit.rstrip())
        if used and used + needed > width:
            found.append(offset)
            used = 0
        for char in unit if needed > width else ():  # longer than a line: an address, a hash
            if used + cell_len(char) > width:
                found.append(offset)
                used = 0
            used += cell_len(char)
            offset += 1
        if needed <= width:
            used += cell_len(unit)
            offset += len(unit)
    return found
