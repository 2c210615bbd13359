"""Page -> articles: boilerplate out; title, byline, outlet, date, url and language found.

In: a `Page` as loaded. Out: its `Article`s, or a `Rejection` that says why there is none. A page of
plain text can hold several articles; a record of a table or feed holds one. What the user or the
container states wins over what the page states, and that over what is inferred.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from index.config import LoadSettings
from index.extract.article_bounds import Piece, find_pieces
from index.extract.bylines import clean_names
from index.extract.exports import Record, may_be_export, split_export
from index.extract.lines import split_lines
from index.extract.markdown import read_markdown
from index.extract.metadata import WebData
from index.extract.opening_bylines import Byline, find_byline
from index.extract.webpage import fragment_lines, is_whole_page, read_page
from index.extract.wrapping import unwrap
from index.languages.pack import either, packs
from index.languages.publication_dates import parse_date
from index.languages.text import detect, only_shown, primary, without_password
from index.records import Article, Page, Rejection

FIELDS = ("title", "author", "outlet", "published", "url", "canonical_url", "language")
"""What `Page.metadata` can state about an article; with `tags`, the rest is kept as metadata."""

MAX_LINES = 100_000
"""A page of more lines is a list, a log or an attack."""

MAX_MARKUP_CHARS = 20_000_000
"""Longer markup is no page a browser would show."""

PAGE_ARTICLES = 5
"""A page may be this many times as long as the longest article; longer ones are not looked at."""


def extract_articles(page: Page, settings: LoadSettings) -> Iterator[Article | Rejection]:
    """The articles a page holds, each with its span in the page; or why there is none."""
    name = f"{page.source}:{page.part}" if page.part else page.source
    longest = settings.max_article_chars
    long = page.media_type == "html" or may_be_export(page.text)
    most = MAX_MARKUP_CHARS if long else PAGE_ARTICLES * longest
    if len(page.text) > most:
        yield Rejection(name, f"A page of {len(page.text)} characters: more than {most}.")
        return
    if page.text.count("\n") > MAX_LINES:
        yield Rejection(name, f"More than {MAX_LINES} lines: split it into articles.")
        return
    records = _records(page)
    pieces, web = ([], WebData()) if records else _pieces(page)
    found = False
    for page, piece in [_exported(page, r) for r in records] or [(page, p) for p in pieces]:
        if len(pieces) > 1:
            page = _part_of(page, piece)
        text = body_text(piece)
        if len(text) > longest:
            yield Rejection(
                name, f"{len(text)} characters: more than max_article_chars = {longest}."
            )
        elif text:
            yield _article(page, piece, web, text)
        found = found or bool(text)
    if not found:
        yield Rejection(name, "No article text was found.")


def _records(page: Page) -> list[Record]:
    """The articles of a page that a press archive exported; none where it is anything else."""
    if page.part or page.media_type == "markdown":
        return []
    if page.media_type != "html":
        return split_export(page.text)
    if not may_be_export(page.text):
        return []
    return split_export("\n\n".join(line.text for line in fragment_lines(page.text)))


def _part_of(page: Page, piece: Piece) -> Page:
    """The page as it is for one of several articles on it: what the article states wins over what
    the page states."""
    own = {
        "title": piece.title is not None,
        "published": bool(piece.data.published),
        "author": bool(piece.data.author),
        "url": bool(piece.url),
    }
    metadata = {name: value for name, value in page.metadata.items() if not own.get(name)}
    return replace(page, metadata={**metadata, **({"url": piece.url} if piece.url else {})})


def _exported(page: Page, record: Record) -> tuple[Page, Piece]:
    """An article of an export, with what the archive says about it: all of its text is meant."""
    lines = split_lines(record.text)
    body = lines if page.media_type == "paragraphs" else unwrap(lines)
    metadata = {**record.fields, **page.metadata}
    return replace(page, metadata=metadata), Piece(body, start=record.start, end=record.end)


def _pieces(page: Page) -> tuple[list[Piece], WebData]:
    single = bool(page.part)
    if page.media_type == "html":
        if page.several:
            pieces, data = read_page(page.text, newsletter=True)
            if len(pieces) > 1:
                return pieces, data
        if single and not is_whole_page(page.text):
            return find_pieces(fragment_lines(page.text), single=True), WebData()
        return read_page(page.text)
    if page.media_type == "markdown":
        text, data = read_markdown(page.text)
        return find_pieces(unwrap(split_lines(text)), single), data
    lines = split_lines(page.text)
    if page.media_type == "paragraphs":
        starts = frozenset(page.headings)
        return find_pieces(
            [replace(x, heading=x.start in starts) for x in lines], single
        ), WebData()
    return find_pieces(unwrap(lines), single), WebData()


_RELATED_TAIL = re.compile(
    rf"\s*[(（【\[]\s*(?:{either(pack.pages.more_stories for pack in packs())})\s*[:：][^。]{{0,80}}$"
)
"""Links to other stories at the end of a paragraph: 「(推薦閱讀:…」."""


def body_text(piece: Piece) -> str:
    """The body: one paragraph or heading a line."""
    lines = (_RELATED_TAIL.sub("", line.text) for line in piece.body)
    text = "\n".join(line for line in lines if line)
    return text if any(map(str.isalnum, text)) else ""


def _article(page: Page, piece: Piece, web: WebData, text: str) -> Article:
    given = {name: _plain(page.metadata.get(name)) for name in FIELDS}
    given["published"] = _iso(given["published"])
    given["author"] = clean_names(given["author"])
    detected = detect(text)
    given["language"] = _language(given["language"], detected)
    stated = {name: given[name] or getattr(web, name, "") for name in FIELDS}
    for name in ("url", "canonical_url"):
        stated[name] = without_password(stated[name])
    seen = piece.data.published or piece.data.updated
    byline = Byline() if piece.data.author and piece.data.outlet else find_byline(text)
    if not given["published"] and seen.startswith(stated["published"]):
        stated["published"] = ""  # the page shows the same date, with its time
    inferred = {
        "title": piece.title.text if piece.title is not None else "",
        "author": piece.data.author or byline.author,
        "outlet": piece.data.outlet or byline.agency,
        "published": seen,
        "language": detected,
    }
    guessed = {"title", "language"} | piece.data.guessed
    guessed |= set() if piece.data.outlet else {"outlet"}
    if not piece.data.published and "updated" in piece.data.guessed:
        guessed.add("published")
    return Article(
        text,
        **{name: stated[name] or inferred.get(name, "") for name in FIELDS},
        file=page.source,
        tags=_tags(page.metadata.get("tags")) or web.tags,
        metadata={
            **{k: v for k, v in page.metadata.items() if k not in FIELDS and k != "tags"},
            **({"pages": _pages(page, piece, text)} if page.pages else {}),
        },
        guessed=frozenset(n for n in guessed if not stated.get(n) and inferred.get(n)),
        page_start=piece.start,
        page_end=piece.end,
    )


def _pages(page: Page, piece: Piece, text: str) -> list[list[int]]:
    """Where each printed page begins in an article's text, and its number."""
    found: list[list[int]] = []
    offset = 0
    for line in piece.body:
        at = text.find(line.text, offset)
        if at < 0:
            continue
        offset = at + len(line.text)
        for start, number in page.pages:
            inside = max(0, start - line.start)
            if start < line.end and (not found or number > found[-1][1]):
                found.append([at + inside, number])
    return found


_NAMED = {name: pack.code for pack in packs() for name in pack.called}
_TRADITIONAL = re.compile(r"[-_](?:hant|tw|hk|mo)\b", re.IGNORECASE)
_SIMPLIFIED = re.compile(r"[-_](?:hans|cn|sg|my)\b", re.IGNORECASE)


def _language(stated: str, detected: str) -> str:
    """A stated language as a tag of ours; Chinese without a script takes the script of the text."""
    code = re.split(r"[-_]", stated.lower())[0]
    code = _NAMED.get(code, code)
    if code != "zh":
        return code
    if _TRADITIONAL.search(stated):
        return "zh-Hant"
    if _SIMPLIFIED.search(stated):
        return "zh-Hans"
    return detected if primary(detected) == "zh" else "zh-Hans"


_ISO_PREFIX = re.compile(r"\d{4}(?:-\d{2})?$")


def _iso(text: str) -> str:
    """A stated date in ISO 8601; "" for what is no date."""
    return parse_date(text) or (text if _ISO_PREFIX.match(text) else "")


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return "" if value is None else only_shown(str(value)).strip()


def _tags(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(tag for tag in (t.strip() for t in re.split(r"[,;，、；]", value)) if tag)
    return tuple(str(tag) for tag in value) if isinstance(value, (list, tuple)) else ()
