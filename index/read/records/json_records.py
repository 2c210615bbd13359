"""JSON Lines and JSON: one article a record, wherever in an object the list of them is.

In: a `Blob`. Out: a `Page` for each record; a `Rejection` that names the line for each that has no text.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from typing import Any

from index.languages.dates.publication_dates import Order
from index.read.encoding import encoding_of
from index.read.records.columns import fields_of
from index.read.records.record_pages import SAMPLE_BYTES, order_of_dates, record_page, unfolded
from index.read.streams import Blob
from index.records import Page, Rejection
from index.wording import Wording

LISTS = (
    "articles", "items", "documents", "docs", "data", "results", "records", "entries", "rows", "@graph", "posts",
)  # fmt: skip
"""Keys under which a JSON file may hold its list of records."""

NO_OBJECT = Wording("json_object", "Not a JSON object.")


def read_json_lines(blob: Blob) -> Iterator[Page | Rejection]:
    """One JSON object a line."""
    encoding = encoding_of(blob.stream.read(SAMPLE_BYTES))
    blob.stream.seek(0)
    order = order_of_dates(
        blob, lambda: (r for r in map(_loaded, _json_lines(blob, encoding)) if isinstance(r, dict))
    )
    for number, line in enumerate(_json_lines(blob, encoding), 1):
        if line:
            yield _parse_line(blob, line, str(number), order)


def _json_lines(blob: Blob, encoding: str) -> Iterator[str]:
    reader = io.TextIOWrapper(blob.stream, encoding, "replace", newline="\n")
    try:
        for line in reader:
            yield line.strip().lstrip("\ufeff")
    finally:
        reader.detach()


def _loaded(line: str) -> Any:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _parse_line(blob: Blob, line: str, part: str, order: Order | None) -> Page | Rejection:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Rejection(
            f"{blob.name}:{part}", Wording("json_line", "Not a line of JSON: {error}.", error=error)
        )
    if not isinstance(record, dict):
        return Rejection(f"{blob.name}:{part}", NO_OBJECT)
    return record_page(blob, record, part, order)


def read_json(blob: Blob) -> Iterator[Page | Rejection]:
    """A list of records, an object that holds such a list, or one record."""
    data = blob.read()
    try:
        loaded = json.loads(data.decode(encoding_of(data), "replace").lstrip("\ufeff"))
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":  # a second object after the first: JSON Lines
            blob.stream.seek(0)
            yield from read_json_lines(blob)
        else:
            yield Rejection(blob.label, Wording("json_not", "Not JSON: {error}.", error=error))
        return
    if isinstance(loaded, dict):
        feed = {key: loaded.get("title") for key in ("site_name",) if _is_feed(loaded)}
        loaded = _list_within(loaded)
        if feed:
            loaded = [{**feed, **item} if isinstance(item, dict) else item for item in loaded]
    if not _holds_records(loaded):
        yield Rejection(blob.label, Wording("json_list", "Holds no list of JSON objects."))
        return
    order = order_of_dates(blob, lambda: (record for record in loaded if isinstance(record, dict)))
    for number, record in enumerate(loaded, 1):
        blob.count(number, len(loaded))
        if isinstance(record, dict):
            yield record_page(blob, record, str(number), order)
        else:
            yield Rejection(f"{blob.name}:{number}", NO_OBJECT)


def _is_feed(loaded: Mapping[str, Any]) -> bool:
    """Whether an object is a JSON Feed, whose title is that of the outlet."""
    return "jsonfeed.org" in str(loaded.get("version")) or "feed_url" in loaded


MOST_NESTED = 6
MOST_LOOKED_AT = 2_000
"""How far into an object a list of articles, or a text, is looked for."""


def _list_within(loaded: Mapping[str, Any]) -> list[Any]:
    """The list of records in an object, wherever in it; the object itself where it is one."""
    listed = next((loaded[k] for k in LISTS if _holds_records(loaded.get(k))), None)
    if listed is not None or _holds_text(loaded):
        return listed or [loaded]
    level: list[Any] = [loaded]
    for _ in range(MOST_NESTED):
        level = [v for one in level for v in _values(one)][:MOST_LOOKED_AT]
        found = next((v for v in level if _holds_records(v) and any(map(_holds_text, v))), None)
        if found is not None:
            return list(found)
    return [loaded]


def _values(value: Any) -> list[Any]:
    return (
        list(value.values())
        if isinstance(value, dict)
        else value
        if isinstance(value, list)
        else []
    )


def _holds_text(value: Any) -> bool:
    return isinstance(value, dict) and bool({"text", "html"} & fields_of(unfolded(value)).keys())


def _holds_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)
