"""XML as trafilatura writes it, its own and TEI: the article, with what its attributes state.

In: a `Blob`. Out: one `Page` for each document in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

from index.languages.text import squeeze
from index.read.documents import named, parse_xml
from index.read.streams import Blob
from index.records import Page, Rejection
from index.wording import Wording

BEGINNING = re.compile(
    r"(?:<\?xml[^>]{0,200}>\s*)?(?:<doc\s[^>]{0,4000}?\b(?:fingerprint|sitename|hostname)=|<TEI\b)"
)

_ATTRIBUTES = {
    "title": "title", "author": "author", "date": "published", "source": "url", "sitename": "outlet", "tags": "tags",
}  # fmt: skip
_BLOCKS = {"head": "h2", "item": "p", "quote": "p", "cell": "p", "ab": "p", "p": "p", "code": "p"}


def read_trafilatura(blob: Blob) -> Iterator[Page | Rejection]:
    """The documents of a file, each with the text of its `main` or `body`."""
    root = parse_xml(blob.read())
    documents = list(named(root, "doc")) or [root]
    for number, document in enumerate(documents, 1):
        body = next((e for name in ("main", "body") for e in named(document, name)), None)
        markup = "" if body is None else _markup(body)
        if not markup:
            yield Rejection(
                f"{blob.name}:{number}", Wording("document_empty", "A document without text.")
            )
            continue
        fields = _tei(document) if document.tag.endswith("TEI") else _stated(document)
        yield Page(blob.name, markup, "html", {**fields, **blob.metadata}, str(number))


def _stated(document: Any) -> dict[str, str]:
    fields = {ours: squeeze(document.get(name) or "") for name, ours in _ATTRIBUTES.items()}
    fields["outlet"] = fields["outlet"] or squeeze(document.get("hostname") or "")
    return {name: value for name, value in fields.items() if value}


def _tei(document: Any) -> dict[str, str]:
    def first(name: str) -> str:
        texts = (squeeze("".join(e.itertext())) for e in named(document, name))
        return next((text for text in texts if text), "")

    pointer = next((e.get("target") or "" for e in named(document, "ptr")), "")
    fields = {
        "title": first("title"), "author": first("author"), "outlet": first("publisher"), "published": first("date"),
        "url": pointer,
    }  # fmt: skip
    return {name: value for name, value in fields.items() if value}


def _markup(body: Any) -> str:
    """The blocks of a body as markup; blocks within blocks are read once."""
    parts: list[str] = []
    inside: set[Any] = set()
    for element in body.iter():
        tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if tag in _BLOCKS and element not in inside:
            text = html.escape(squeeze("".join(element.itertext())))
            parts.append(f"<{_BLOCKS[tag]}>{text}</{_BLOCKS[tag]}>" if text else "")
            inside.update(element.iter())
    return "".join(parts)
