"""RSS and Atom: one article an entry, as far as the feed carries its text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from index.read.streams import Blob
from index.records import Page, Rejection


def read_feed(blob: Blob) -> Iterator[Page | Rejection]:
    """The entries of a feed, with its title as the outlet."""
    import feedparser

    feed = feedparser.parse(blob.read(), sanitize_html=True, resolve_relative_uris=False)
    if not feed.entries:
        reason = f": {feed.bozo_exception}" if feed.get("bozo_exception") else ""
        yield Rejection(blob.label, f"A feed without entries{reason}.")
        return
    for number, entry in enumerate(feed.entries, 1):
        part = str(entry.get("id") or entry.get("link") or number)
        contents = [c.get("value", "") for c in entry.get("content", [])] + [
            entry.get("summary", "")
        ]
        text = max(contents, key=len)
        if not text.strip():
            yield Rejection(
                f"{blob.name}:{part}", "A feed entry without text: add its link instead."
            )
            continue
        yield Page(blob.name, text, "html", {**_metadata(feed.feed, entry), **blob.metadata}, part)


def _metadata(feed: Any, entry: Any) -> dict[str, Any]:
    source = entry.get("source") or {}
    found = {
        "title": entry.get("title"),
        "author": entry.get("author"),
        "outlet": source.get("title") or feed.get("title"),
        # entry.get would warn, and give an empty "published" for a missing "updated"
        "published": entry.get("published") or dict.get(entry, "updated"),
        "url": entry.get("link"),
        "language": (entry.get("content") or [{}])[0].get("language") or feed.get("language"),
        "tags": [tag["term"] for tag in entry.get("tags", []) if tag.get("term")],
    }
    return {name: value for name, value in found.items() if value}
