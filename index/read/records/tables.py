"""CSV and Parquet: one article a row.

In: a `Blob`. Out: a `Page` for each row that has text; a `Rejection` with the line number for
each row that has none.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

from index.read.encoding import encoding_of
from index.read.records.csv_rows import read_rows, shape_of
from index.read.records.record_pages import SAMPLE_BYTES, Record, order_of_dates, record_page
from index.read.streams import Blob
from index.records import Page, Rejection
from index.wording import Wording


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

    order = order_of_dates(blob, lambda: (row for _, row in rows() if not isinstance(row, str)))
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
            blob.name,
            Wording(
                "parquet",
                "Parquet needs pyarrow: pip install -e '.[parquet]' in newscite's folder.",
            ),
        )
        return
    table = parquet.ParquetFile(blob.stream)

    def records() -> Iterator[Record]:
        for batch in table.iter_batches(batch_size=64):
            yield from batch.to_pylist()

    order = order_of_dates(blob, records)
    for number, record in enumerate(records(), 1):
        blob.count(number, table.metadata.num_rows)
        yield record_page(blob, record, str(number), order)
