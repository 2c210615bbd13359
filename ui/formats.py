"""Results as plain text for other programs: JSON, JSON Lines, CSV, Markdown.

In: a result's data, or its rows. Out: text. A cell of CSV that a spreadsheet would take for a formula
begins with an apostrophe: articles are from outside.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from index.shown import table

Rows = Sequence[Mapping[str, Any]]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Format(StrEnum):
    """How a command prints its result."""

    TABLE = "table"
    JSON = "json"
    JSONL = "jsonl"
    MD = "md"
    CSV = "csv"


def to_json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2, default=list)


def to_jsonl(rows: Rows) -> str:
    """A line of JSON for each row."""
    return "\n".join(json.dumps(row, ensure_ascii=False, default=list) for row in rows)


def to_csv(rows: Rows) -> str:
    """A line for each row, under the names of all columns; lists and the like as JSON."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_cell(row.get(name, "")) for name in columns] for row in rows)
    return out.getvalue().rstrip("\n")


TEXT: Mapping[Format, Callable[[Rows], str]] = {
    Format.JSONL: to_jsonl,
    Format.CSV: to_csv,
    Format.MD: table,
}
"""What writes rows in each format that is made of rows."""


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    if isinstance(value, bool | int | float) or value is None:
        return value
    return json.dumps(value, ensure_ascii=False, default=list)
