"""CSV in the shapes programs write it -> its rows, each as a record.

In: the lines of a table. Out: rows by the names of their columns, with the number of their line; the
reason instead of a row for a line that is broken. The separator is the one by which cells of the header
are names of columns; a header need not be the first row; a quote that is never closed costs the
line it stands in and no other.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from index.read.records.columns import known_columns
from index.wording import Wording

HEADER_ROWS = 20
"""A header row is looked for among this many: exports put a title and a date above it."""

HEAD_CHARS = 65_536
DELIMITERS = ",;\t|"
_STATED = re.compile(r'\s*"?sep=(.)"?\s*$', re.IGNORECASE)

ROW_LINES = 5_000
"""A cell of more lines is a quote that was never closed."""

REREAD_LINES = 100_000
"""At most this many lines are read again after such quotes; beyond that, each line is a row."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How a table is written."""

    delimiter: str = ","
    skipped: int = 0
    """Lines above the header."""
    known: int = 0
    """How many of the header's cells name a field."""


def shape_of(head: str, mapped: Mapping[str, str]) -> Shape:
    """The shape of a table that begins so: the delimiter and row that name most columns."""
    lines = head[:HEAD_CHARS].splitlines()[:HEADER_ROWS]
    if len(head) > HEAD_CHARS and len(lines) > 1:
        lines.pop()
    stated = _STATED.match(lines[0]) if lines else None
    best = Shape(stated[1] if stated is not None else _sniffed(head), int(stated is not None))
    for delimiter in stated[1] if stated is not None else DELIMITERS:
        for number, line in enumerate(lines):
            cells = next(csv.reader([line], delimiter=delimiter), [])
            known = known_columns(cells, mapped) if len(cells) > 1 or number == 0 else 0
            if known > best.known:
                best = Shape(delimiter, number, known)
    return best


def _sniffed(head: str) -> str:
    try:
        return csv.Sniffer().sniff(head[:HEAD_CHARS], delimiters=DELIMITERS).delimiter
    except csv.Error:
        return "\t" if "\t" in head.split("\n", 1)[0] else ","


def read_rows(
    lines: Iterable[str], shape: Shape, longest: int
) -> Iterator[tuple[int, Mapping[str, Any] | str]]:
    """The number of its line and the row as a record, or why there is none.

    No cell may have more than `longest` characters.
    """
    csv.field_size_limit(longest)
    rows = _Rows(lines, shape.delimiter, longest)
    rows.skip(shape.skipped)
    header: list[str] | None = None
    for number, row in rows:
        if isinstance(row, str):
            yield number, row
        elif header is None:
            header = [cell.strip().lstrip("\ufeff") for cell in row]
        elif any(cell.strip() for cell in row[len(header) :]):
            yield (
                number,
                Wording(
                    "table_cells",
                    "More cells than the header names: a quote or a delimiter is missing.",
                ),
            )
        elif any(cell.strip() for cell in row):
            yield number, dict(zip(header, row, strict=False))


class _TooLongError(Exception):
    """A row that never ends."""


class _Rows:
    """Rows of cells; lines that belong to a broken row are read again, each for itself."""

    def __init__(self, lines: Iterable[str], delimiter: str, longest: int) -> None:
        self._source = iter(lines)
        self._again: deque[str] = deque()
        self._taken: list[str] = []
        self._delimiter = delimiter
        self._longest = longest
        self._number = 1
        self._left = REREAD_LINES

    def skip(self, count: int) -> None:
        for _ in range(count):
            next(self._source, None)
            self._number += 1

    def __iter__(self) -> Iterator[tuple[int, list[str] | str]]:
        while True:
            self._taken = []
            number = self._number
            row: list[str] | str
            try:
                row = next(csv.reader(self._lines(), delimiter=self._delimiter, strict=True))
            except StopIteration:
                return
            except (csv.Error, _TooLongError):
                row = self._broken()
            self._number += len(self._taken)
            if row:
                yield number, row

    def _lines(self) -> Iterator[str]:
        size = 0
        while True:
            line = self._again.popleft() if self._again else next(self._source, None)
            if line is None:
                return
            self._taken.append(line)
            size += len(line)
            if len(self._taken) > ROW_LINES or size > 2 * self._longest:
                raise _TooLongError
            yield line
            if self._left <= 0 and len(self._taken) > 1:
                raise _TooLongError

    def _broken(self) -> list[str] | str:
        """The first line by itself, where it can be read; the other lines are read again."""
        first, *others = self._taken
        self._again.extendleft(reversed(others))
        self._left -= len(others)
        self._taken = [first]
        try:
            row = next(csv.reader([first], delimiter=self._delimiter), [])
        except csv.Error as error:
            return Wording("table_row", "Not a row of a table: {error}.", error=error)
        if first.count('"') % 2:
            return Wording("table_quote", "A quote that is never closed: this row is left out.")
        return row
