"""RSS and Atom: one article an entry, as far as the feed carries its text.

In: a `Blob`. Out: a `Page` for each entry, with the fullest text the feed has of it, its address made
whole, and all of its authors.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin

from index.languages.dates.date_order import certain_order, is_numeric
from index.languages.dates.publication_dates import Order, parse_date
from index.languages.text import squeeze
from index.read.records.fragments import plain, visible_text
from index.read.records.record_pages import in_order
from index.read.streams import Blob
from index.records import Page, Rejection
from index.wording import Wording


def read_feed(blob: Blob) -> Iterator[Page | Rejection]:
    """The entries of a feed, with its title as the outlet."""
    import feedparser

    feed = feedparser.parse(blob.read(), sanitize_html=True, resolve_relative_uris=False)
    if not feed.entries:
        why = feed.get("bozo_exception")
        yield Rejection(
            blob.label,
            Wording("feed_broken", "A feed without entries: {error}.", error=why)
            if why
            else Wording("feed_empty", "A feed without entries."),
        )
        return
    order = certain_order(str(_stated_date(entry)) for entry in feed.entries)
    base = str(feed.feed.get("link") or blob.metadata.get("url") or "")
    for number, entry in enumerate(feed.entries, 1):
        part = str(entry.get("id") or entry.get("link") or number)
        text = _fullest(entry)
        if not text.strip():
            yield Rejection(
                f"{blob.name}:{part}",
                Wording("feed_entry", "A feed entry without text: add its link instead."),
            )
            continue
        metadata = {**_metadata(feed.feed, entry, base, order), **blob.metadata}
        teasers = sum(1 for other in _texts(entry) if visible_text(other)) - 1
        left_out = {TEASER: teasers} if teasers > 0 else {}
        yield Page(blob.name, text, "html", metadata, part, left_out=left_out)


_FULL = re.compile(r"full[-_]?text$")
"""As readers of news in Russia write the whole text of an entry."""


def _fullest(entry: Any) -> str:
    """The text of an entry of which a reader sees most; markup does not count."""
    return max(_texts(entry), key=lambda text: len(visible_text(text)), default="")


def _texts(entry: Any) -> list[str]:
    """The different texts of an entry: its content, a summary, a teaser."""
    texts = [content.get("value", "") for content in entry.get("content", [])]
    texts += [entry.get("summary", ""), entry.get("subtitle", "")]
    texts += [v for k, v in entry.items() if _FULL.search(k) and isinstance(v, str)]
    return list(dict.fromkeys(str(text) for text in texts if text))


TEASER: str = Wording("left_teaser", "A teaser or summary of a feed's entry, beside its full text")


def _stated_date(entry: Any) -> Any:
    # entry.get would warn, and give an empty "published" for a missing "updated"
    return entry.get("published") or dict.get(entry, "updated") or dict.get(entry, "created") or ""


_MAIL_AND_NAME = re.compile(r"[^\s@]{1,100}@[^\s@]{1,100}\s{0,9}\((.{2,80})\)$")


def _authors(entry: Any) -> str:
    """All authors by name: RSS writes "a@b.example (Ann Lee)"."""
    alone = _MAIL_AND_NAME.match(str(entry.get("author") or ""))
    if alone is not None:
        return squeeze(plain(alone[1]))
    listed = [str(author.get("name") or "") for author in entry.get("authors", [])]
    names = [name for name in listed if name] or [str(entry.get("author") or "")]
    return ", ".join(dict.fromkeys(squeeze(plain(name)) for name in names if name))


def _metadata(feed: Any, entry: Any, base: str, order: Order | None) -> dict[str, Any]:
    source = entry.get("source") or {}
    said = published = _stated_date(entry)
    if order is not None and is_numeric(published):
        published = parse_date(published, order)
    link = str(entry.get("link") or "")
    found = {
        **in_order(said, order),
        "title": plain(str(entry.get("title") or "")),
        "author": _authors(entry),
        "outlet": plain(str(source.get("title") or feed.get("title") or "")),
        "published": published,
        "url": urljoin(base, link) if link else "",
        "language": (entry.get("content") or [{}])[0].get("language") or feed.get("language"),
        "tags": [tag["term"] for tag in entry.get("tags", []) if tag.get("term")],
    }
    return {name: value for name, value in found.items() if value}
