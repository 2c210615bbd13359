"""A record of a table, a list or an interface -> the page of its article.

In: a record's values by their names. Out: a `Page` where it has `text` or `html`, with the
record's other values as metadata; else a `Rejection` that names what it has. Columns are found by
our names, by `[load.columns]`, or by the names other tools use; whether day or month comes first
is settled for all records together.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from index.languages.dates.date_order import certain_order, is_numeric
from index.languages.dates.publication_dates import Order, parse_date
from index.read.records.columns import fields_of, is_empty
from index.read.records.fragments import plain, read_content
from index.read.streams import MB, Blob
from index.records import Page, Rejection
from index.wording import Wording

Record = Mapping[str, Any]

SAMPLE_BYTES = MB
"""How much of a file's beginning is read to find its encoding and shape."""

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
    values = dict(unfolded(values))
    found = fields_of(values)
    content, media_type = _content(values, found)
    left_out: dict[str, int] = {}
    if content is None:
        held = ", ".join(map(str, list(record)[:12])) or "nothing"
        return Rejection(
            f"{blob.name}:{part}",
            Wording(
                "columns",
                'No "text" or "html" (found: {held}). Map a column to it in [load.columns].',
                held=held,
            ),
        )
    fields = {n: _field(n, values[k], order) for n, k in found.items() if n not in ("text", "html")}
    _settle_source(fields, values)
    if isinstance(content, str) and (cut := _CUT.search(content)):
        content = content[: cut.start()]
        left_out = {CUT_OFF: 1}
    said = _inner(values[found["published"]]) if "published" in found else None
    fields |= in_order(said, order)
    used = {k for n, k in found.items() if k == n or n in ("text", "html")}
    others = {k: _simple(v) for k, v in values.items() if k not in used and not is_empty(v)}
    metadata = {**blob.metadata, **others, **{n: v for n, v in fields.items() if not is_empty(v)}}
    return Page(blob.name, content, media_type, metadata, part, left_out=left_out)


CUT_OFF = Wording("left_cut", "The rest of a text that its source cut off")
_CUT = re.compile(r"(?:…|\.{3})?\s{0,3}\[\+\d{1,7} (?:chars|characters)\]\s{0,9}\Z")
"""The mark of an interface that gives the beginnings of articles only."""


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
    title, outlet = str(fields.get("title") or ""), str(fields.get("outlet") or "")
    if outlet and (named := re.search(rf"\s[-–—|]\s{re.escape(outlet)}\Z", title)):
        fields["title"] = title[: named.start()]


# -- the order of day and month ----------------------------------------------------------------


def order_of_dates(blob: Blob, records: Callable[[], Iterator[Record]]) -> Order | None:
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


def unfolded(record: Record) -> Record:
    """A record with what the objects within it hold, where it has no text of its own: {"fields":
    {"bodyText": ...}}."""
    if {"text", "html"} & fields_of(record).keys():
        return record
    within = [v for v in record.values() if isinstance(v, dict)]
    holder = next((v for v in within if {"text", "html"} & fields_of(v).keys()), None)
    return record if holder is None else {**holder, **record}


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
    """A date in numbers as it is written, and the order that all of them have: other files of the
    same site may show no order."""
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
