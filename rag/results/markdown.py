"""Text of articles as Markdown: what Markdown would read as markup is escaped."""

from __future__ import annotations

from index.languages import late
from index.records import Article
from rag.results.text import byline, one_line, web_address

_MARKDOWN = late.pattern(r"[\\`*_{}\[\]<>#|~$]|&(?=#?\w+;)|^[+=-]|(?<=[+=-])[+=-]|[+=-](?=[+=-])")

_MARKDOWN_NUMBER = late.pattern(r"^(\d{1,9})(?=[.)])")
"""The two patterns match what Markdown reads as markup: some characters anywhere, a hyphen or "1." only
at the start of a line."""


def source(article: Article, untitled: str = "") -> str:
    """Title, linked where the article has an address, outlet, author and date."""
    title = escaped(article.title or article.file or untitled)
    address = web_address(article.url)
    linked = f"[{title}](<{address}>)" if address else title
    return ", ".join(filter(None, (linked, escaped(byline(article)))))


def quote(text: str) -> str:
    """The text as a quotation."""
    return "\n".join(f"> {escaped(line)}" for line in text.split("\n"))


def escaped(text: str) -> str:
    """The text on one line, with everything escaped that Markdown would read as markup."""
    return _MARKDOWN_NUMBER.sub(r"\1\\", _MARKDOWN.sub(r"\\\g<0>", one_line(text)))
