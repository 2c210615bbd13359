"""Markup in a field that is said to be text, as most tools export it.

In: the value of a field. Out: whether it is markup, and for titles and names the plain text.
"""

from __future__ import annotations

import html
import re

from index.languages.text import squeeze
from index.records import MediaType

SAMPLE_CHARS = 20_000
_TAG = re.compile(
    r"</(?:p|div|span|a|b|i|em|strong|h[1-6]|li|ul|ol|table|td|tr|figure|blockquote|section|article|font|center|body|html)\s*>"
    r"|<(?:p|br|hr|img|div|h[1-6])(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_ENTITY = re.compile(r"&(?:[A-Za-z]{2,8}|#\d{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_ANY_TAG = re.compile(r"</?[A-Za-z][^<>]{0,2000}>")


def read_content(text: str) -> tuple[str, MediaType]:
    """A field's text, and whether it is markup. In plain text, entities are resolved."""
    for _ in range(2):  # some escape their markup once more
        if _TAG.search(text[:SAMPLE_CHARS]):
            return text, "html"
        if not _ENTITY.search(text[:SAMPLE_CHARS]):
            break
        text = html.unescape(text)
    return text, "text"


def plain(text: str) -> str:
    """A title or a name without tags and entities."""
    if not ("<" in text or "&" in text):
        return text
    return squeeze(html.unescape(_ANY_TAG.sub("", html.unescape(text))))


def visible_text(markup: str) -> str:
    """About what a reader sees of markup, to compare how much that is."""
    return squeeze(html.unescape(_ANY_TAG.sub(" ", markup)))
