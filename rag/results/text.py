"""Cleans text of articles for any document: no control characters, one line, safe links."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from index.languages import late
from index.records import Article

_CONTROL = late.pattern(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
"""The last of them turn the direction of text: with them a quote could be made to read otherwise."""


def clean(text: str) -> str:
    """The text without control characters and lone surrogates, which no document format accepts."""
    return _CONTROL.sub("", text)


def web_address(url: str) -> str:
    """The url if it is safe to link to (http or https, with a host), else ""."""
    try:
        parts = urlsplit(url.strip())
    except ValueError:
        return ""
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        return ""
    return quote(clean(url.strip()), safe="/:?#@!$&*+,;=%~.-_")


def show_date(published: str) -> str:
    """An ISO 8601 date or date and time for display: "2023-03-01 20:01"."""
    return published[:16].replace("T", " ")


def byline(article: Article) -> str:
    """Outlet, author and date, as far as they are known."""
    known = (article.outlet, article.author, show_date(article.published))
    return ", ".join(squeezed for part in known if (squeezed := one_line(part)))


def one_line(text: str) -> str:
    """The text on one line, so that it cannot begin a new field, quote or heading."""
    return " ".join(clean(text).split())


_MARKS = frozenset("\"'“”‘’«»‹›„‟「」『』《》〈〉")


def quoted(text: str) -> str:
    """The text in quotation marks; as it is where that would put marks beside or inside their like."""
    marked = text[:1] in _MARKS or text[-1:] in _MARKS or "“" in text or "”" in text
    return text if marked else f"“{text}”"
