"""News in XML: NITF, NewsML, Factiva's, ProQuest's and Dow Jones's own, and lists of articles as
programs export them.

In: a `Blob`. Out: a `Page` for each article in it, with what the elements beside its text state; where
no element is an article, the whole as a page of markup.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from index.languages.dates.date_order import certain_order
from index.languages.text import squeeze
from index.read.encoding import declared_encoding, decode
from index.read.records.record_pages import record_page
from index.read.streams import Blob
from index.records import Page, Rejection

_ROOT = re.compile(
    r"\s*+(?P<xml><\?xml[^>]{0,300}>\s*+)?(?:<!--(?:[^-]|-(?!->)){0,2000}-->\s*+)?(?:<!DOCTYPE[^>\[]{0,600}>\s*+)?"
    r"<(?:[\w.-]{1,40}:)?(?P<root>[\w.-]{1,40})"
)
_ROOTS = frozenset(
    [
        "nitf",
        "newsml",
        "newsitem",
        "newsmessage",
        "ppsresponse",
        "record",
        "records",
        "doc",
        "docs",
        "article",
        "articles",
        "djnml",
        "documents",
    ]
)
"""Elements that news in XML starts with where nothing says that it is XML."""


def is_news_xml(text: str) -> bool:
    """Whether a document starts as XML other than a page does."""
    begun = _ROOT.match(text)
    if begun is None or begun["root"].lower() == "html":
        return False
    return bool(begun["xml"]) or begun["root"].lower() in _ROOTS


_ARTICLES = frozenset(
    [
        "article",
        "nitf",
        "newsitem",
        "record",
        "doc",
        "document",
        "story",
        "news",
        "djnml",
        "item",
        "row",
        "entry",
    ]
)
"""Elements that may hold an article each, by local name in lower case."""

_TITLES = ("hl1", "headline", "hedline", "headlinetext", "title", "subject")
_AUTHORS = (
    "byline", "bylinetext", "by", "author", "authors", "creator", "byttl", "originalform", "contributor", "correspondent",
)  # fmt: skip
_OUTLETS = (
    "sourcename", "source", "publication", "outlet", "newspaper", "pubtitle", "provider", "publishername", "publisher",
    "newspapername", "media", "sitename",
)  # fmt: skip
_DATES = (
    "publicationdate", "date.issue", "date.release", "numericdate", "alphapubdate", "firstcreated", "contentcreated",
    "versioncreated", "published", "pubdate", "displaydate", "date", "dateandtime", "dateline.date", "story.date",
)  # fmt: skip
_ADDRESSES = ("link", "url", "guid", "permalink", "weburl")
_FIELDS = {
    "title": _TITLES,
    "author": _AUTHORS,
    "outlet": _OUTLETS,
    "published": _DATES,
    "url": _ADDRESSES,
}
_TEXTS = (
    "body.content", "leadparagraph", "tailparagraphs", "datacontent", "inlinexml", "fulltext", "full_text", "text", "content",
    "body", "story.body", "description",
)  # fmt: skip
"""The surest first; all elements of the first name that is there make up the text, and those of
`_TOGETHER` belong to each other."""

_TOGETHER = frozenset({"leadparagraph", "tailparagraphs"})
_PUBLICATION = frozenset({"pubfrosting", "publicationinfo", "pubdata", "publication"})
"""Within these a title is the outlet's."""

_ATTRIBUTES = ("norm", "date.publication", "value", "content")
"""Where elements without text keep their value."""

_BLOCKS = frozenset(
    ["p", "paragraph", "para", "hl2", "li", "block", "title", "h1", "h2", "h3", "h4", "blockquote"]
)


def read_news_xml(blob: Blob) -> Iterator[Page | Rejection]:
    """The articles of a document in XML."""
    data = blob.read()
    text = decode(data, declared_encoding(data))
    root = _parsed(text)
    articles = [] if root is None else [a for a in map(_record, _articles(root)) if a]
    if not articles:
        yield Page(blob.name, text, "html", blob.metadata, blob.part)
        return
    order = certain_order(str(article.get("published", "")) for article in articles)
    for number, article in enumerate(articles, 1):
        yield record_page(blob, article, str(number) if len(articles) > 1 else blob.part, order)


def _parsed(text: str) -> Any:
    """The tree; broken markup and documents of several roots are read as far as they go. Entities
    neither load nor grow."""
    from lxml import etree

    text = re.sub(r"\A\s*<\?xml[^>]{0,300}\?>", "", text)
    text = re.sub(r"\A\s*<!DOCTYPE[^\[>]{0,600}>", "", text)
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(f"<all>{text}</all>".encode("utf-8", "replace"), parser)


def _name(element: Any) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _articles(root: Any) -> list[Any]:
    """The elements that are an article each: of nested ones the outer, unless it holds several."""
    named = [element for element in root.iter() if _name(element) in _ARTICLES]
    inside: Counter[Any] = Counter(above for e in named for above in e.iterancestors())
    chosen: list[Any] = []
    for element in named:
        if inside[element] < 2 and not any(above in chosen for above in element.iterancestors()):
            chosen.append(element)
    return chosen


def _record(article: Any) -> dict[str, Any]:
    """What an article's elements say, by our names; nothing where there is no text."""
    by_name: dict[str, list[Any]] = {}
    for element in article.iter():
        name = _name(element)
        if name == "title" and any(_name(e) in _PUBLICATION for e in element.iterancestors()):
            name = "pubtitle"
        by_name.setdefault(name, []).append(element)
    content = _content(by_name)
    if not content:
        return {}
    fields = {
        ours: next((v for name in names for e in by_name.get(name, ()) if (v := _value(e))), "")
        for ours, names in _FIELDS.items()
    }
    publication = next(iter(by_name.get("pubdata", ())), None)  # NITF states both as attributes
    if publication is not None:
        fields["outlet"] = fields["outlet"] or squeeze(publication.get("name") or "")
        fields["published"] = fields["published"] or publication.get("date.publication") or ""
    return {**content, **{name: value for name, value in fields.items() if value}}


def _content(by_name: dict[str, list[Any]]) -> dict[str, str]:
    name = next((n for n in _TEXTS if any(_value(e) for e in by_name.get(n, ()))), "")
    if not name:
        return {}
    names = [n for n in _TEXTS if n in _TOGETHER] if name in _TOGETHER else [name]
    elements = [element for n in names for element in by_name.get(n, ())]
    outer = [e for e in elements if not any(above in elements for above in e.iterancestors())]
    if any(_name(inner) in _BLOCKS for e in outer for inner in e.iter() if inner is not e):
        return {"html": "".join(block for e in outer for block in _paragraphs(e))}
    return {"text": "\n\n".join("".join(e.itertext()) for e in outer)}


def _paragraphs(element: Any) -> Iterator[str]:
    """The innermost blocks of an element as markup; itself where it has none."""
    blocks = [inner for inner in element.iter() if _name(inner) in _BLOCKS]
    holding = {above for block in blocks for above in block.iterancestors()}
    for block in blocks or [element]:
        if block not in holding:
            text = squeeze("".join(block.itertext()))
            tag = "h2" if _name(block) in ("hl2", "h1", "h2", "h3", "h4", "title") else "p"
            yield f"<{tag}>{html.escape(text)}</{tag}>" if text else ""


def _value(element: Any) -> str:
    """An element's text, or the attribute that stands for it."""
    stated = next((element.get(name) for name in _ATTRIBUTES if element.get(name)), "")
    return squeeze(str(stated)) or squeeze(" ".join(element.itertext()))
