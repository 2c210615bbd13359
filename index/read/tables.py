"""JSON Lines, JSON, CSV and Parquet: one article a record.

In: a `Blob`. Out: a `Page` for each record that has `text` or `html`, with the record's other values
as metadata; a `Rejection` that names the line for each that has not. Columns are found by our
names, by `[load.columns]`, or by the names other tools use; whether day or month comes first is
settled for all records together.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from index.languages.date_order import certain_order, is_numeric
from index.languages.publication_dates import Order, parse_date
from index.read.columns import fields_of, is_empty
from index.read.csv_rows import read_rows, shape_of
from index.read.encoding import encoding_of
from index.read.fragments import plain, read_content
from index.read.streams import MB, Blob
from index.records import Page, Rejection

Record = Mapping[str, Any]

LISTS = (
    "articles", "items", "documents", "docs", "data", "results", "records", "entries", "rows", "@graph", "posts",
)  # fmt: skip
"""Keys under which a JSON file may hold its list of records."""

SAMPLE_BYTES = MB
LATEST_TIMESTAMP = 4_102_444_800
"""The year 2100 in seconds: larger numbers are milliseconds."""

SPREADSHEET_DAYS = range(20_000, 80_000)
"""Days since the end of 1899, as spreadsheets count them: 1954 to 2119."""

ORDER_RECORDS = 50_000
"""At most this many records are looked at to learn how they order day and month."""


def record_page(
    blob: Blob, record: Record, part: str, order: Order | None = None
) -> Page | Rejection:
    """The page of one record; what it means by which column is settled here."""
    columns = blob.settings.columns
    values = {
        columns.get(str(key), str(key)): value for key, value in record.items() if key is not None
    }
    found = fields_of(values)
    content, media_type = _content(values, found)
    if content is None:
        held = ", ".join(map(str, list(record)[:12])) or "nothing"
        return Rejection(
            f"{blob.name}:{part}",
            f'No "text" or "html" (found: {held}). Map a column to it in [load.columns].',
        )
    fields = {n: _field(n, values[k], order) for n, k in found.items() if n not in ("text", "html")}
    _settle_source(fields, values)
    said = _inner(values[found["published"]]) if "published" in found else None
    fields |= in_order(said, order)
    used = {k for n, k in found.items() if k == n or n in ("text", "html")}
    others = {k: _simple(v) for k, v in values.items() if k not in used and not is_empty(v)}
    metadata = {**blob.metadata, **others, **{n: v for n, v in fields.items() if not is_empty(v)}}
    return Page(blob.name, content, media_type, metadata, part)


def _content(values: Record, found: Mapping[str, str]) -> tuple[str | None, Any]:
    markup = _inner(values[found["html"]]) if "html" in found else None
    if isinstance(markup, str) and markup.strip():
        return markup, "html"
    text = _inner(values[found["text"]]) if "text" in found else None
    return read_content(text) if isinstance(text, str) else (None, "text")


_INNER = ("rendered", "html", "content", "value", "text", "#text", "@value", "name", "@id", "href")
"""Where objects keep the value itself: WordPress, feed readers, JSON-LD."""


def _inner(value: Any) -> Any:
    """The value within an object, or within a list of one: {"rendered": "..."}."""
    for _ in range(3):
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if not isinstance(value, dict):
            break
        value = next((value[key] for key in _INNER if not is_empty(value.get(key))), None)
    return value


def _settle_source(fields: dict[str, Any], values: Record) -> None:
    """A "source" that is an address is no outlet: the address of the article, if there is none."""
    outlet = str(fields.get("outlet", ""))
    if outlet.startswith(("http://", "https://")):
        if urlsplit(outlet).path.strip("/"):
            fields.setdefault("url", outlet)
        other = (
            values.get(name) for name in ("sitename", "site_name", "source-hostname", "hostname")
        )
        fields["outlet"] = next((name for name in other if isinstance(name, str) and name), "")


# -- the order of day and month ----------------------------------------------------------------


def _order(blob: Blob, records: Callable[[], Iterator[Record]]) -> Order | None:
    """How the dates of all records are ordered, by those that allow one reading; None where none
    does, or none is in doubt. The stream is at its start again afterwards."""
    columns = blob.settings.columns
    votes: list[str] = []
    for number, record in enumerate(islice(records(), ORDER_RECORDS)):
        values = {columns.get(str(k), str(k)): v for k, v in record.items() if k is not None}
        key = fields_of(values).get("published")
        if key is not None and isinstance(values[key], str):
            votes.append(values[key])
        if number == LEAST_SAMPLE and not any(map(is_numeric, votes)):
            break
    blob.stream.seek(0)
    return certain_order(votes)


LEAST_SAMPLE = 200
"""If none of this many records has a date in numbers alone, no later record is expected to have
one."""


# -- JSON --------------------------------------------------------------------------------------


def read_json_lines(blob: Blob) -> Iterator[Page | Rejection]:
    """One JSON object a line."""
    encoding = encoding_of(blob.stream.read(SAMPLE_BYTES))
    blob.stream.seek(0)
    order = _order(
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
        return Rejection(f"{blob.name}:{part}", f"Not a line of JSON: {error}.")
    if not isinstance(record, dict):
        return Rejection(f"{blob.name}:{part}", "Not a JSON object.")
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
            yield Rejection(blob.label, f"Not JSON: {error}.")
        return
    if isinstance(loaded, dict):
        loaded = next((loaded[k] for k in LISTS if _holds_records(loaded.get(k))), [loaded])
    if not _holds_records(loaded):
        yield Rejection(blob.label, "Holds no list of JSON objects.")
        return
    order = _order(blob, lambda: (record for record in loaded if isinstance(record, dict)))
    for number, record in enumerate(loaded, 1):
        blob.count(number, len(loaded))
        if isinstance(record, dict):
            yield record_page(blob, record, str(number), order)
        else:
            yield Rejection(f"{blob.name}:{number}", "Not a JSON object.")


def _holds_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


# -- tables ------------------------------------------------------------------------------------


def read_csv(blob: Blob) -> Iterator[Page | Rejection]:
    """A table with a header row; delimiter, quotes and header as they are found."""
    sample = blob.stream.read(SAMPLE_BYTES)
    encoding = encoding_of(sample)
    blob.stream.seek(0)
    head = sample.decode(encoding, "replace").lstrip("\ufeff")
    shape = shape_of(head, blob.settings.columns)
    longest = 2 * blob.settings.max_article_chars

    def rows() -> Iterator[tuple[int, Record | str]]:
        reader = io.TextIOWrapper(blob.stream, encoding, "replace", newline="")
        try:
            yield from read_rows(reader, shape, longest)
        finally:
            reader.detach()

    order = _order(blob, lambda: (row for _, row in rows() if not isinstance(row, str)))
    for number, row in rows():
        if isinstance(row, str):
            yield Rejection(f"{blob.name}:{number}", row)
        else:
            yield record_page(blob, row, str(number), order)


def read_parquet(blob: Blob) -> Iterator[Page | Rejection]:
    """A Parquet table, in batches."""
    try:
        from pyarrow import parquet
    except ImportError:
        yield Rejection(
            blob.name, "Parquet needs pyarrow: pip install -e '.[parquet]' in newscite's folder."
        )
        return
    table = parquet.ParquetFile(blob.stream)

    def records() -> Iterator[Record]:
        for batch in table.iter_batches(batch_size=64):
            yield from batch.to_pylist()

    order = _order(blob, records)
    for number, record in enumerate(records(), 1):
        blob.count(number, table.metadata.num_rows)
        yield record_page(blob, record, str(number), order)


# -- values ------------------------------------------------------------------------------------


def _field(name: str, value: Any, order: Order | None) -> Any:
    if name == "published":
        return _date(_inner(value), order)
    if isinstance(value, list) and name != "tags":
        return ", ".join(filter(None, (str(_named(item) or "") for item in value)))
    if isinstance(value, list):
        return [plain(str(_named(item))) for item in value if not is_empty(_named(item))]
    value = _simple(_named(value))
    return plain(value) if isinstance(value, str) and name != "url" else value


def _date(value: Any, order: Order | None) -> Any:
    """A moment counted in seconds or milliseconds, or a spreadsheet's day, in ISO 8601; dates in
    numbers in the order all of them have."""
    if isinstance(value, str) and value.strip().isdigit() and len(value.strip()) in (5, 10, 13):
        value = int(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if value in SPREADSHEET_DAYS:
            return (datetime(1899, 12, 30) + timedelta(days=value)).date().isoformat()
        seconds = value / 1000 if value > LATEST_TIMESTAMP else value
        if 0 < seconds < LATEST_TIMESTAMP and value > 99_999_999:  # 20230301 is no timestamp
            return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    if isinstance(value, str) and order is not None and is_numeric(value):
        return parse_date(value, order) or value
    return _simple(value)


def in_order(said: Any, order: Order | None) -> dict[str, str]:
    """A date in numbers as it is written, and the order that all of them have: other files of the same
    site may tell no order."""
    if order is None or not (isinstance(said, str) and is_numeric(said)):
        return {}
    return {"published_as": said, "date_order": order}


def _named(value: Any) -> Any:
    """Sources, authors and tags given as objects: {"id": ..., "name": ...}."""
    if not isinstance(value, dict):
        return value
    kept = (value.get(key) for key in ("name", "title", "label", "term", *_INNER))
    return next((v for v in kept if not is_empty(v) and not isinstance(v, (dict, list))), "")


def _simple(value: Any) -> Any:
    """A value that JSON can hold."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, dict):
        return {str(k): _simple(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_simple(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
