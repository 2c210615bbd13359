"""Articles as a program sends them -> articles of the library, and what became of each.

In: what the HTTP API or MCP was given. Out: the report of adding; what holds no article is rejected
with the reason, and named "sent:3" by its number. They are read as a file of JSON Lines would be,
in a process of their own: what a program sends is no more to be trusted than what a page says.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.extract.isolated import Readers
from index.read.sources import Source
from index.read.streams import Meter
from index.records import LeftOut, Rejection
from index.report import AddReport, Entry

if TYPE_CHECKING:
    from index.records import Article
    from newscite import Library
    from ui.api.requests import NewArticle

SENT = "sent"
JSON_LINES = "application/jsonl"


def read_sent(library: Library, sent: Sequence[NewArticle]) -> AddReport:
    """Adds what was sent."""
    good: list[Article] = []
    rejected: list[Entry] = []
    left_out: list[Entry] = []
    with Readers(library.settings.load) as readers:
        for found in readers.read(_source(sent), Meter()):
            if isinstance(found, LeftOut):
                left_out.append(Entry(found.source, 0, found.reason, found.count))
            elif isinstance(found, Rejection):
                rejected.append(Entry(found.source, 0, found.reason))
            else:
                good.append(found)
    report = library.add_articles(good)
    return replace(report, rejected=(*report.rejected, *rejected), left_out=tuple(left_out))


def _source(sent: Sequence[NewArticle]) -> Source:
    """As a file of JSON Lines, one article a line."""
    lines = (
        json.dumps({**one.metadata, **one.model_dump(exclude={"metadata"}, exclude_defaults=True)})
        for one in sent
    )
    content = "".join(f"{line}\n" for line in lines).encode()
    return Source(SENT, SENT, "", len(content), content=content, content_type=JSON_LINES)
