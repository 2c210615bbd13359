"""JSON Lines, JSON, CSV and Parquet: one article a record.

In: a `Blob`. Out: a `Page` for each record that has `text` or `html`, with the record's other values
as metadata; a `Rejection` that names the line for each that has not. Columns are found by our
names, by `[load.columns]`, or by the names other tools use.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from index.languages.text import fold
from index.read.encoding import encoding_of
from index.read.streams import MB, Blob
from index.records import Page, Rejection

FIELDS = (
    "text",
    "html",
    "title",
    "author",
    "outlet",
    "published",
    "url",
    "canonical_url",
    "language",
    "tags",
)

_ALIASES = {
    "text": ("正文", "内容", "全文", "content", "body", "article", "content_text", "full_text", "maintext", "article_text"),
    "html": ("content_html", "raw_html"),
    "title": ("标题", "headline"),
    "author": ("作者", "记者", "authors", "byline", "creator"),
    "outlet": ("来源", "媒体", "source", "publisher", "site", "site_name", "newspaper", "media", "sitename"),
    "published": (
        "日期", "时间", "发布时间", "发布日期", "date", "published_at", "publishedat", "publish_date", "date_published", "pub_date", "pubdate",
        "date_publish", "datetime", "publication_date", "published_date", "time",
    ),
    "url": ("链接", "网址", "link", "uri", "source_url"),
    "language": ("语言", "lang"),
    "tags": ("标签", "关键词", "keywords", "categories"),
}  # fmt: skip
"""What exports of other tools call our fields (folded: lower case, Simplified); used where a record
has not the field itself."""

_LISTS = ("articles", "items", "documents", "docs", "data", "results", "records", "entries", "rows")
"""Keys under which a JSON file may hold its list of records."""

SAMPLE_BYTES = MB
LATEST_TIMESTAMP = 4_102_444_800
"""The year 2100 in seconds: larger numbers are milliseconds."""


def record_page(blob: Blob, record: Mapping[str, Any], part: str) -> Page | Rejection:
    """The page of one record; what it means by which column is settled here."""
    columns = blob.settings.columns
    values = {
        columns.get(str(key), str(key)): value for key, value in record.items() if key is not None
    }
    lower = {fold(key): key for key in values}
    fields: dict[str, Any] = {}
    for name in FIELDS:
        for key in (name, *_ALIASES.get(name, ())):
            if key in lower and not _is_empty(values[lower[key]]):
                fields[name] = values[lower[key]]
                if key == name or name in ("text", "html"):
                    values.pop(lower[key])
                break
    markup, text = (fields.pop(name, None) for name in ("html", "text"))
    content = markup if isinstance(markup, str) else text
    if not isinstance(content, str):
        found = ", ".join(map(str, list(record)[:12])) or "nothing"
        return Rejection(
            f"{blob.name}:{part}",
            f'No "text" or "html" (found: {found}). Map a column to it in [load.columns].',
        )
    metadata = {**blob.metadata, **{k: _simple(v) for k, v in values.items() if not _is_empty(v)}}
    metadata |= {name: _field(name, value) for name, value in fields.items()}
    return Page(blob.name, content, "html" if content is markup else "text", metadata, part)


def read_json_lines(blob: Blob) -> Iterator[Page | Rejection]:
    """One JSON object a line."""
    encoding = encoding_of(blob.stream.read(SAMPLE_BYTES))
    blob.stream.seek(0)
    reader = io.TextIOWrapper(blob.stream, encoding, "replace", newline="\n")
    try:
        for number, line in enumerate(reader, 1):
            line = line.strip().lstrip("\ufeff")
            if line:
                yield _parse_line(blob, line, str(number))
    finally:
        reader.detach()


def _parse_line(blob: Blob, line: str, part: str) -> Page | Rejection:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Rejection(f"{blob.name}:{part}", f"Not a line of JSON: {error}.")
    if not isinstance(record, dict):
        return Rejection(f"{blob.name}:{part}", "Not a JSON object.")
    return record_page(blob, record, part)


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
        loaded = next((loaded[k] for k in _LISTS if _holds_records(loaded.get(k))), [loaded])
    if not _holds_records(loaded):
        yield Rejection(blob.label, "Holds no list of JSON objects.")
        return
    for number, record in enumerate(loaded, 1):
        blob.count(number, len(loaded))
        if isinstance(record, dict):
            yield record_page(blob, record, str(number))
        else:
            yield Rejection(f"{blob.name}:{number}", "Not a JSON object.")


def _holds_records(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(item, dict) for item in value)


def read_csv(blob: Blob) -> Iterator[Page | Rejection]:
    """A table with a header row; delimiter and quotes as they are found."""
    sample = blob.stream.read(SAMPLE_BYTES)
    encoding = encoding_of(sample)
    blob.stream.seek(0)
    head = sample.decode(encoding, "replace").lstrip("\ufeff")[:65536]
    try:
        dialect: Any = csv.Sniffer().sniff(head, delimiters=",;\t|")
        dialect.doublequote = True
    except csv.Error:
        dialect = csv.excel_tab if "\t" in head.split("\n", 1)[0] else csv.excel
    csv.field_size_limit(blob.settings.max_file_mb * MB)
    reader = io.TextIOWrapper(blob.stream, encoding, "replace", newline="")
    try:
        rows = csv.DictReader(_without_mark(reader), dialect=dialect)
        for number, row in enumerate(rows, 2):
            yield record_page(blob, row, str(number))
    finally:
        reader.detach()


def _without_mark(lines: Iterable[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield line.lstrip("\ufeff") if number == 0 else line


def read_parquet(blob: Blob) -> Iterator[Page | Rejection]:
    """A Parquet table, in batches."""
    try:
        from pyarrow import parquet
    except ImportError:
        yield Rejection(
            blob.name, 'Parquet needs pyarrow: pip install "newscite[parquet]", then add it again.'
        )
        return
    number = 0
    table = parquet.ParquetFile(blob.stream)
    for batch in table.iter_batches(batch_size=64):
        for record in batch.to_pylist():
            number += 1
            blob.count(number, table.metadata.num_rows)
            yield record_page(blob, record, str(number))


def _field(name: str, value: Any) -> Any:
    if name == "published" and isinstance(value, (int, float)) and not isinstance(value, bool):
        seconds = value / 1000 if value > LATEST_TIMESTAMP else value
        if 0 < seconds < LATEST_TIMESTAMP and value > 99_999_999:  # 20230301 is no timestamp
            return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
    if isinstance(value, list) and name != "tags":
        return ", ".join(str(_name(item)) for item in value)
    return _simple(_name(value))


def _name(value: Any) -> Any:
    """Sources and authors given as objects: {"id": ..., "name": ...}."""
    return value.get("name") or "" if isinstance(value, dict) else value


def _is_empty(value: Any) -> bool:
    return (
        value is None or value in ("", [], {}) or (isinstance(value, float) and math.isnan(value))
    )


def _simple(value: Any) -> Any:
    """A value that JSON can hold."""
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    if isinstance(value, dict):
        return {str(k): _simple(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_simple(v) for v in value]
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
