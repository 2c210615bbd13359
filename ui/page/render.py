"""What all HTML of the page and of exported documents is made with, and those documents.

In: text of articles, questions, an LLM; results. Out: strings of HTML in which every character that
came from there is escaped, for markup, Markdown and templates alike (the page passes some of it
through Gradio's Markdown). Fragments hold no line breaks, which Markdown would act on.
"""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from itertools import pairwise

from index.store.rows import StoredArticle
from rag.export.documents import Block, Result, Run
from rag.export.formats import WRITERS as TEXT_WRITERS
from rag.export.formats import Writer
from rag.export.text import also_in, clean, show_date, web_address
from rag.results.hits import Citation
from ui.words import LANGUAGE_NAMES, words

OPENING = 60
"""Characters of an article without title that stand for one."""

FORMAT_NAMES = {
    ".md": "Markdown",
    ".html": "HTML",
    ".docx": "Word",
    ".json": "JSON",
    ".bib": "BibTeX",
    ".ris": "RIS",
    ".csl.json": "CSL-JSON",
}

Span = tuple[int, int, str]
"""From, to (code points), and the class to mark it with."""

_ENTITIES = {ord(c): f"&#{ord(c)};" for c in "&<>\"'" + "\\`*_{}[]#~|$"} | {ord("\n"): "<br>"}
"""What HTML, Markdown, LaTeX or a template could act on, as inert character references."""


def escape(text: str) -> str:
    """Text as inert HTML on one line, fit for element content and quoted attributes."""
    return clean(text).translate(_ENTITIES)


def attribute(text: str) -> str:
    """Text as the value of a quoted attribute."""
    return escape(" ".join(text.split()))


def link(url: str, inner: str) -> str:
    """A link to another site around inner HTML; "" unless the url is http or https."""
    address = web_address(url)
    if not address:
        return ""
    where = html.escape(address)
    return f'<a class="nc-out" href="{where}" target="_blank" rel="noopener noreferrer">{inner}</a>'


def mark(text: str, spans: Sequence[Span]) -> str:
    """Text as HTML with spans marked; where spans overlap, a piece has the classes of all."""
    cuts = sorted({0, len(text), *(min(max(x, 0), len(text)) for s in spans for x in s[:2])})
    parts = []
    for start, end in pairwise(cuts):
        classes = dict.fromkeys(name for s, e, name in spans if s <= start and end <= e)
        piece = escape(text[start:end])
        parts.append(f'<mark class="{" ".join(classes)}">{piece}</mark>' if classes else piece)
    return "".join(parts)


def where(article: StoredArticle) -> str:
    """Where an article stands: outlet, date, title."""
    return " · ".join(filter(None, (article.outlet, show_date(article.published), article.title)))


def title_of(article: StoredArticle) -> str:
    """The title, or what else it goes by."""
    return " ".join((article.title or article.file or article.url).split())


def heading_of(article: StoredArticle) -> str:
    """The title, or how the text begins: the articles of one file have all its name."""
    opening = " ".join(article.text[: 2 * OPENING].split())
    if article.title or not opening:
        return title_of(article)
    return opening if len(opening) <= OPENING else f"{opening[:OPENING].rstrip()}…"


def origin(article: StoredArticle) -> str:
    """Outlet and date, in small letters."""
    known = (article.outlet, show_date(article.published))
    return f"<small>{escape(' · '.join(filter(None, known)))}</small>"


def byline(article: StoredArticle, say: Mapping[str, str], away: str = "") -> str:
    """Language, outlet, date and author; what is guessed or was corrected by hand says so."""
    by_hand = article.metadata.get("corrected", ())

    def known(field: str, text: str) -> str:
        for kind, holds in (("hand", field in by_hand), ("guess", field in article.guessed)):
            if holds:
                why = attribute(say["by_hand" if kind == "hand" else "guessed"])
                return f'<span class="nc-{kind}" title="{why}">{escape(text)}</span>'
        return f"<span>{escape(text)}</span>"

    parts = [
        badge(article.language),
        known("outlet", article.outlet or say["unknown_outlet"]),
        known("published", show_date(article.published) or say["undated"]),
    ]
    if article.author:
        parts.append(known("author", article.author))
    return f'<p class="nc-by">{"".join(parts)}{away}</p>'


def badge(language: str) -> str:
    """A language as a small label."""
    short, name = LANGUAGE_NAMES.get(language, (language.upper()[:3], language))
    return f'<span class="nc-badge" title="{attribute(name)}">{escape(short)}</span>'


def language_name(language: str) -> str:
    """A language's name in that language."""
    return LANGUAGE_NAMES.get(language, ("", language))[1]


# Documents


def to_html(result: Result) -> str:
    """A result as a page of its own: no script, nothing loaded, quotes and sources below."""
    given = result.document()
    say = words(given.language)
    items = "".join(
        f'<li id="c-{c.n}" value="{c.n}">{_document_source(c.article)}'
        f"{_document_quote(c.article.language, c.quote)}{_document_reprints(c, say)}</li>"
        for c in given.citations
    )
    sources = f"<h2>{escape(say['sources'])}</h2><ol>{items}</ol>" if items else ""
    related = "".join(
        f"<li>{_document_source(hit.article)}"
        f"{_document_quote(hit.passage.language, hit.passage.text)}</li>"
        for hit in given.related
    )
    if related:
        sources += f"<h2>{escape(say['related'])}</h2><ul>{related}</ul>"
    return (
        f'<!doctype html>\n<html lang="{attribute(given.language)}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{attribute(given.title)}</title><style>{static('document.css')}</style></head>"
        f"<body><h1>{escape(given.title)}</h1>{_document_blocks(given.blocks, given.space)}"
        f"{sources}</body></html>\n"
    )


_BLOCK_TAGS = {"heading": ("<h2>", "</h2>"), "note": ('<p class="note">', "</p>")}


def _document_blocks(blocks: Sequence[Block], space: str) -> str:
    parts = []
    for block in blocks:
        between = space or " " * (block.kind == "item")
        body = between.join(map(_document_run, block.runs))
        opening, closing = _BLOCK_TAGS.get(block.kind, ("<p>", "</p>"))
        reasons = dict.fromkeys(run.lacking for run in block.runs if run.lacking)
        parts.append(opening + body + closing)
        parts += [f'<p class="reason">⚠ {escape(why)}</p>' for why in reasons]
    return "".join(parts)


def _document_run(run: Run) -> str:
    text = escape(run.text)
    if run.lacking:
        return f'<span class="unsupported">{text}</span>'
    markers = "".join(f'<a href="#c-{n}">[{n}]</a>' for n in run.citations)
    return (f"<strong>{text}</strong>" if run.strong else text) + markers


def _document_source(article: StoredArticle) -> str:
    title = escape(title_of(article))
    known = (article.outlet, article.author, show_date(article.published))
    return (link(article.url, title) or f"<b>{title}</b>") + (
        f" <small>{escape(' · '.join(filter(None, known)))}</small>"
    )


def _document_quote(language: str, text: str) -> str:
    return f'<blockquote lang="{attribute(language)}">{escape(text)}</blockquote>'


def _document_reprints(citation: Citation, say: Mapping[str, str]) -> str:
    if not citation.also_in:
        return ""
    return f"<small>{escape(say['also_in'])}: {escape(also_in(citation))}</small>"


WRITERS: Mapping[str, Writer] = {
    **TEXT_WRITERS,
    ".html": lambda result: to_html(result).encode("utf-8", "replace"),
}
"""What writes a file of each ending."""


@cache
def static(name: str) -> str:
    """A file of ui/static as text."""
    return files("ui.page").joinpath("static", name).read_text(encoding="utf-8")
