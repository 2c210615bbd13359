"""Articles as a program sends them -> articles of the library, and what became of each.

In: what the HTTP API or MCP was given. Out: the report of adding; what holds no article is rejected
with the reason, and named "sent:3" by its number. They are read as a file of JSON Lines would be,
in a process of their own: what a program sends is no more to be trusted than what a page says.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.adding import NO_TEXT
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
    read: list[tuple[str, Article]] = []
    rejected: list[Entry] = []
    left_out: list[Entry] = []
    with Readers(library.settings.load) as readers:
        for number, one in enumerate(sent, 1):
            source = _source(f"{SENT}:{number}", one)
            for found in readers.read(source, Meter()):
                if isinstance(found, LeftOut):
                    left_out.append(Entry(source.name, 0, found.reason, found.count))
                elif isinstance(found, Rejection):
                    reason = found.reason if one.text or one.html else NO_TEXT
                    rejected.append(Entry(source.name, 0, reason))
                else:
                    read.append((source.name, replace(found, file=SENT)))
    report = library.add_articles([article for _, article in read])
    report = _numbered(report, read)
    rejected += report.rejected
    return replace(report, rejected=tuple(rejected), left_out=tuple(left_out))


def _source(name: str, one: NewArticle) -> Source:
    """As a file of JSON Lines with one article, so that the next is read whatever is wrong with it."""
    record = {**one.metadata, **one.model_dump(exclude={"metadata"}, exclude_defaults=True)}
    content = f"{json.dumps(record)}\n".encode()
    return Source(name, name, "", len(content), content=content, content_type=JSON_LINES)


def _numbered(report: AddReport, read: Sequence[tuple[str, Article]]) -> AddReport:
    """The report with an entry for each article, under the name that it was read as."""
    entries = {"added": report.added, "updated": report.updated, "skipped": report.skipped}
    waiting = {
        what: Counter(article_id for entry in theirs for article_id in entry.article_ids)
        for what, theirs in entries.items()
    }
    reasons = {what: theirs[0].reason for what, theirs in entries.items() if theirs}
    refused = iter(report.rejected)  # in the order in which they were read
    found: dict[str, list[Entry]] = {what: [] for what in (*entries, "rejected")}
    for name, article in read:
        what = next((what for what, ids in waiting.items() if ids[article.id]), "rejected")
        if what == "rejected":
            found[what].append(Entry(name, 0, next(refused).reason))
        else:
            waiting[what][article.id] -= 1
            found[what].append(Entry(name, 1, reasons[what], article_ids=(article.id,)))
    added, updated, skipped, rejected = map(tuple, found.values())
    return replace(report, added=added, updated=updated, skipped=skipped, rejected=rejected)
