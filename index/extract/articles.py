"""Page -> articles: boilerplate out; title, byline, outlet, date, url and language found.

In: a `Page` as loaded. Out: its `Article`s, or a `Rejection` that says why there is none. A page of
plain text can hold several articles; a record of a table or feed holds one. What the user or the
container states wins over what the page states, and that over what is inferred.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from index.config import LoadSettings
from index.extract.bylines import clean_names
from index.extract.left_out import SPELT, WITHOUT_TEXT, left_out_of
from index.extract.lines import Line, split_lines
from index.extract.markdown import read_markdown
from index.extract.opening_bylines import Byline, find_byline
from index.extract.parting.article_bounds import find_pieces
from index.extract.parting.exports import Record, may_be_export, split_export
from index.extract.parting.letter_stories import below_headings, between_rules, is_rule
from index.extract.parting.live_text import find_entries
from index.extract.parting.pieces import Piece
from index.extract.web.metadata import WebData
from index.extract.web.webpage import fragment_lines, is_whole_page, read_page
from index.extract.wrapping import unwrap
from index.languages.dates.date_order import certain_order, is_numeric
from index.languages.dates.publication_dates import Order, parse_date
from index.languages.pack import either, packs
from index.languages.text import detect, hidden_texts, primary, seen, without_password
from index.records import Article, Page, Rejection
from index.wording import Wording

FIELDS = ("title", "author", "outlet", "published", "url", "canonical_url", "language")
"""What `Page.metadata` can state about an article; with `tags`, the rest is kept as metadata."""

OF_ONE = ("title", "author", "published", "url", "canonical_url")
"""What can be said of one article only: a document of several has the headline of one of them."""

MAX_LINES = 100_000
"""A page of more lines is a list, a log or an attack."""

MAX_MARKUP_CHARS = 20_000_000
"""Longer markup is no page a browser would show."""

PAGE_ARTICLES = 5
"""A page may be this many times as long as the longest article; longer ones are not looked at."""


def extract_articles(
    page: Page, settings: LoadSettings, left_out: Counter[str] | None = None
) -> Iterator[Article | Rejection]:
    """The articles a page holds, each with its span in the page; or why there is none.

    What is left out as no text of theirs is counted in `left_out`, by kind.
    """
    left_out = Counter() if left_out is None else left_out
    if spelt := hidden_texts(page.text):
        left_out[SPELT] += spelt
    name = f"{page.source}:{page.part}" if page.part else page.source
    longest = settings.max_article_chars
    if reason := _too_much(page, longest):
        yield Rejection(name, reason)
        return
    records = _records(page, left_out)
    pieces, web = ([], WebData()) if records else _pieces(page, left_out)
    found = False
    several = len(records) > 1
    exported = [_exported(page, record, several) for record in records]
    for page, piece in exported or [(page, p) for p in pieces]:
        if len(pieces) > 1:
            page = _part_of(page, piece)
        text = body_text(piece)
        if len(text) > longest:
            yield Rejection(
                name,
                Wording(
                    "article_long",
                    "{n} characters: more than max_article_chars = {most}.",
                    n=len(text),
                    most=longest,
                ),
            )
        elif text:
            yield _article(page, piece, web, text)
        found = found or bool(text)
    if not found:
        yield Rejection(name, Wording("no_article_text", "No article text was found."))


def _too_much(page: Page, longest: int) -> Wording | None:
    """Why a page is larger than is read, where articles have at most `longest` characters."""
    long = page.media_type == "html" or may_be_export(page.text)
    most = MAX_MARKUP_CHARS if long else PAGE_ARTICLES * longest
    if (n := len(page.text)) > most:
        return Wording("page_long", "A page of {n} characters: more than {most}.", n=n, most=most)
    if page.text.count("\n") > MAX_LINES:
        return Wording(
            "page_lines", "More than {most} lines: split it into articles.", most=MAX_LINES
        )
    return None


def _records(page: Page, left_out: Counter[str]) -> list[Record]:
    """The articles of a page that a press archive exported; none where it is anything else."""
    if page.part or page.media_type == "markdown" or not may_be_export(page.text):
        return []
    markup = fragment_lines(page.text) if page.media_type == "html" else None
    text = page.text if markup is None else "\n\n".join(line.text for line in markup)
    records = split_export(text)
    if empty := sum(1 for record in records if not record.text and record.fields.get("title")):
        left_out[WITHOUT_TEXT] += empty
    return [record for record in records if record.text]


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


def _exported(page: Page, record: Record, several: bool) -> tuple[Page, Piece]:
    """An article of an export, with what the archive says about it; all of its text belongs to
    it."""
    lines = split_lines(record.text)
    body = lines if page.media_type == "paragraphs" else unwrap(lines)
    own = OF_ONE if several else tuple(name for name in OF_ONE if name in record.fields)
    given = {name: value for name, value in page.metadata.items() if name not in own}
    metadata = {**record.fields, **given}
    return replace(page, metadata=metadata), Piece(body, start=record.start, end=record.end)


def _pieces(page: Page, left_out: Counter[str]) -> tuple[list[Piece], WebData]:
    single = bool(page.part)
    title = str(page.metadata.get("title") or "") if single else ""
    if page.media_type == "html":
        if page.several:
            own: Counter[str] = Counter()
            pieces, data = read_page(page.text, newsletter=True, left_out=own)
            if len(pieces) < 2:
                lines = fragment_lines(page.text)
                pieces = below_headings(lines, str(page.metadata.get("title", "")))
            if len(pieces) > 1:
                left_out.update(own)
                return pieces, data
        if single and not is_whole_page(page.text):
            return _found(fragment_lines(page.text, left_out), True, left_out, title), WebData()
        return read_page(page.text, left_out=left_out)
    if page.media_type == "markdown":
        text, data = read_markdown(page.text)
        return _found(unwrap(split_lines(text)), single, left_out, title), data
    lines = split_lines(page.text)
    if page.several and (stories := between_rules(unwrap(lines))):
        return stories, WebData()
    if page.media_type == "paragraphs":
        starts = frozenset(page.headings)
        lines = [replace(line, heading=line.start in starts) for line in lines]
        return _found(lines, single, left_out, title), WebData()
    return _found(unwrap(lines), single, left_out, title), WebData()


def _found(lines: Sequence[Line], single: bool, left_out: Counter[str], title: str) -> list[Piece]:
    order = certain_order(line.text for line in lines) or "month-first"
    pieces = (
        ([] if single else _ruled(lines))
        or ([] if single else find_entries(lines, order))
        or find_pieces(lines, single, title)
    )
    left_out.update(left_out_of(lines, pieces))
    return pieces


def _ruled(lines: Sequence[Line]) -> list[Piece]:
    """The articles between lines of dashes or the like, where each has a headline and a date or
    byline of its own; none where such lines divide one text."""
    parts: list[list[Line]] = [[]]
    for line in lines:
        if is_rule(line):
            parts.append([])
        else:
            parts[-1].append(line)
    pieces = [find_pieces(part) for part in parts if part]
    if len(pieces) < 2 or any(len(found) != 1 or not found[0].headed for found in pieces):
        return []
    return [found[0] for found in pieces]


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
    said = given["published"] or web.stated_date
    given["published"] = _iso(given["published"], web.date_order)
    given["author"] = clean_names(given["author"])
    detected = detect(text)
    given["language"] = _language(given["language"], detected)
    stated = {name: given[name] or getattr(web, name, "") for name in FIELDS}
    for name in ("url", "canonical_url"):
        stated[name] = without_password(stated[name])
    visible_date = piece.data.published or piece.data.updated
    byline = Byline() if piece.data.author and piece.data.outlet else find_byline(text)
    if not given["published"] and visible_date.startswith(stated["published"]):
        stated["published"] = ""  # the page shows the same date, with its time
    inferred = {
        "title": piece.title.text if piece.title is not None else "",
        "author": piece.data.author or byline.author,
        "outlet": piece.data.outlet or byline.agency,
        "published": visible_date,
        "language": detected,
    }
    guessed = {"title", "language"} | piece.data.guessed
    guessed |= set() if piece.data.outlet else {"outlet"}
    if not piece.data.published and "updated" in piece.data.guessed:
        guessed.add("published")
    return Article(
        text,
        **{name: seen(stated[name] or inferred.get(name, "")) for name in FIELDS},
        file=page.source,
        tags=_tags(page.metadata.get("tags")) or web.tags,
        metadata={
            **{k: v for k, v in page.metadata.items() if k not in FIELDS and k != "tags"},
            **({"pages": _pages(page, piece, text)} if page.pages else {}),
            **_as_written(said if stated["published"] else piece.data.published_as, page, web),
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


def _as_written(said: str, page: Page, web: WebData) -> dict[str, str]:
    """A date in numbers as the page writes it, and how the page's other dates order day and month."""
    if not is_numeric(said):
        return {}
    order = web.date_order or (certain_order([page.text]) if page.media_type != "html" else None)
    return {"published_as": said, **({"date_order": order} if order else {})}


def _iso(text: str, order: Order | None = None) -> str:
    """A stated date in ISO 8601; "" for what is no date."""
    return parse_date(text, order or "month-first") or (text if _ISO_PREFIX.match(text) else "")


def _plain(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return "" if value is None else seen(str(value)).strip()


def _tags(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(
            tag for tag in (t.strip() for t in re.split(r"[,;，、；]", seen(value))) if tag
        )
    return tuple(seen(str(tag)) for tag in value) if isinstance(value, (list, tuple)) else ()
