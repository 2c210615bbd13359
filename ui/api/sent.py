"""Articles as a program sends them -> articles of the library, and what became of each.

In: what the HTTP API or MCP was given. Out: the report of adding; what holds no article is rejected
with the reason, and named "sent:3" by its number.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.extract.articles import extract_articles
from index.records import MediaType, Page, Rejection
from index.report import AddReport, Entry

if TYPE_CHECKING:
    from index.records import Article
    from newscite import Library
    from ui.api.requests import NewArticle

SENT = "sent"


def read_sent(library: Library, sent: Sequence[NewArticle]) -> AddReport:
    """Adds what was sent."""
    good: list[Article] = []
    rejected: list[Entry] = []
    for number, one in enumerate(sent, 1):
        for found in extract_articles(_page(one, number), library.settings.load):
            if isinstance(found, Rejection):
                rejected.append(Entry(found.source, 0, found.reason))
            else:
                good.append(found)
    report = library.add_articles(good)
    return replace(report, rejected=(*report.rejected, *rejected))


def _page(sent: NewArticle, number: int) -> Page:
    """As a page of a file would be read."""
    given = sent.model_dump(exclude={"text", "html", "metadata"}, exclude_defaults=True)
    kind: MediaType = "html" if sent.html else "text"
    return Page(SENT, sent.html or sent.text, kind, {**sent.metadata, **given}, part=str(number))
