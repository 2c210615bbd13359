"""The kinds of a page's lines, as the lines beside them show: what repeats, and what is a menu.

In: the lines of a page. Out: for each its `Kind`, which is not always what it would be by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from index.extract.bylines import read_data_line
from index.extract.line_kinds import Kind, classify
from index.extract.lines import Line

MENU_RUN = 5
MENU_ITEM_WIDTH = 8
"""A run of this many short lines, whose mean width is at most this, is a menu and not a list."""

REPEATS = 3
"""A short line that occurs this often on a page belongs to the page and not to the article."""

TITLE_WIDTH = (3.0, 70.0)
"""Narrowest and widest headline, in Han characters."""


def kinds_of(lines: Sequence[Line]) -> list[Kind]:
    """The kind of each line among the others."""
    kinds = [classify(line) for line in lines]
    if kinds[:1] == [Kind.ASIDE] and lines[0].width >= TITLE_WIDTH[0]:
        kinds[0] = Kind.SHORT  # a text that starts with "Watch: ..." is headed so
    if Kind.PROSE not in kinds:
        return kinds
    repeated = Counter(line.text for line in lines)
    for i, line in enumerate(lines):
        if kinds[i] is Kind.SHORT and repeated[line.text] >= REPEATS:
            kinds[i] = Kind.CHROME
    for run in _menus(lines, kinds):
        for i in run:
            kinds[i] = Kind.CHROME
    return kinds


def _menus(lines: Sequence[Line], kinds: Sequence[Kind]) -> Iterator[list[int]]:
    """Runs of short lines that are menus rather than lists of the text."""
    run: list[int] = []
    for i in range(len(lines) + 1):
        if i < len(lines) and not lines[i].heading:
            if kinds[i] is Kind.CHROME:
                continue
            is_item = lines[i].bullet or lines[i].width <= MENU_ITEM_WIDTH
            if kinds[i] is Kind.SHORT and is_item and read_data_line(lines[i].text) is None:
                run.append(i)
                continue
        width = sum(lines[j].width for j in run) / max(1, len(run))
        if run and not lines[run[-1]].bullet and lines[run[-1]].width > width:
            run.pop()  # the headline under a menu is none of its items
        if len(run) >= MENU_RUN and width <= MENU_ITEM_WIDTH:
            yield run
        run = []
