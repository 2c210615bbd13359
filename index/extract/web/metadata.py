"""What the markup of a page states about its article, outside the text.

In: the tree of a page. Out: `WebData` from JSON-LD, `<meta>`, `<link>`, `<time>` and headings. These
are statements of the page; what is read from its visible lines is in extract/bylines.py.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from index.extract.lines import text_width
from index.languages.dates.publication_dates import Order, parse_date
from index.languages.pack import FALLBACK, pack_of
from index.languages.text import fold, squeeze

_ARTICLE_TYPES = re.compile(r"Article|BlogPosting|Posting|Report|Review|NewsItem|WebPage$")

_META = {
    "title": ("og:title", "twitter:title", "dc.title", "dcterms.title", "title", "headline", "articletitle"),
    "author": (
        "author", "article:author", "dc.creator", "dcterms.creator", "byl", "parsely-author",
        "sailthru.author", "og:article:author", "citation_author", "creator", "mediaid_author",
    ),
    "outlet": ("og:site_name", "application-name", "dc.publisher", "dcterms.publisher", "publisher",
               "copyright-holder", "site_name"),
    "published": (
        "article:published_time", "og:article:published_time", "datepublished", "pubdate", "article:published",
        "publishdate", "publish_date", "publish-date", "publication_date", "published_time", "og:published_time",
        "parsely-pub-date", "sailthru.date", "cxenseparse:recs:publishtime", "citation_publication_date", "dc.date.issued",
        "dcterms.issued", "dcterms.created", "dc.date", "date", "og:release_date", "release_date", "weibo:article:create_at",
        "article:create_at", "bt:pubdate", "article.published", "pub_date", "og:time", "firstpublishedtime", "pdate",
    ),
    "canonical_url": ("og:url", "twitter:url"),
    "tags": ("article:tag", "news_keywords", "keywords"),
}  # fmt: skip
"""Names of `<meta>` by field, the most reliable first, in lower case."""

_SEPARATOR = re.compile(r"\s+[|｜–—\-·•:»«]+\s+|[_|｜]|\s*[-–—]\s*(?=[^-–—]{2,12}$)")
_BY = re.compile(r"^by\s+", re.IGNORECASE)
_TAG = re.compile(r"<[^>]+>")
_NO_NAME = re.compile(
    r"https?:|www\.|\.(?:com|cn|net|org)\b|[\d_@=<>]|^(?:admin|administrator|editor|webmaster|unknown|null|none)$",
    re.IGNORECASE,
)
TITLE_SHARE = 0.4
"""A heading is the title when it makes up this share of the declared title, site name included."""

MAX_TAGS = 20


@dataclass(slots=True)
class WebData:
    """What a page's markup states; "" where it says nothing."""

    title: str = ""
    author: str = ""
    outlet: str = ""
    published: str = ""
    canonical_url: str = ""
    url: str = ""
    tags: tuple[str, ...] = ()
    titles: set[str] = field(default_factory=set)
    """All that is given as title, heading 1 included, as `title_key`s."""
    is_article: bool = False
    """The page declares itself one article."""
    stated_date: str = ""
    """`published` as the page writes it."""
    date_order: Order | None = None
    """How the page's dates order day and month, where one of them shows it."""

    def of_the_page(self) -> WebData:
        """What holds for each of several articles on the page."""
        return WebData(
            url=self.url,
            canonical_url=self.canonical_url,
            outlet=self.outlet,
            date_order=self.date_order,
        )


def title_key(text: str) -> str:
    """What is compared when two lines may be the same title."""
    return re.sub(r"\W+", "", fold(text))


def read_markup(tree: Any, markup: str = "") -> WebData:
    """What JSON-LD, meta elements and headings say; `markup` for "saved from" comments."""
    data = WebData()
    metas = _metas(tree)
    ld = _json_ld(tree)
    headings = [t for t in (squeeze(h.text_content()) for h in tree.iter("h1")) if t]
    page_title = next((squeeze(t.text_content()) for t in tree.iter("title")), "")
    outlets = (metas.get("outlet", ""), _name(ld.get("publisher")))
    data.outlet = next((name for name in outlets if name and not _is_url(name)), "")
    titles = [t for t in (_text(ld.get("headline")), metas.get("title", ""), page_title) if t]
    data.title = _best_title(titles, headings, data.outlet)
    data.titles = {title_key(t) for t in (*titles, *headings, data.title)} - {""}
    data.author = _authors(ld.get("author")) or _byline(metas.get("author", ""), data.outlet)
    published = _text(ld.get("datePublished")) or metas.get("published", "")
    data.stated_date = published
    data.published = parse_date(published) or _time_element(tree)
    canonical = next(
        (
            link.get("href", "")
            for link in tree.iter("link")
            if "canonical" in (link.get("rel") or "").lower()
        ),
        "",
    )
    data.canonical_url = next(
        (u for u in (canonical, metas.get("canonical_url", "")) if _is_url(u)), ""
    )
    data.url = _saved_from(tree, markup[:SAVED_CHARS]) or data.canonical_url
    data.tags = _tags(metas.get("tags", ""))
    data.is_article = bool(ld.get("datePublished")) or metas.get("og:type") == "article"
    return data


SAVED_CHARS = 8192
"""How far into a page the program that saved it writes where it comes from."""

_SAVED_FROM = (
    re.compile(r"<!--\s*saved from url=\(\d{1,6}\)(\S{1,2000})\s*-->"),  # Internet Explorer, Chrome
    re.compile(r"Page saved with SingleFile\s{1,20}url:\s{0,20}(\S{1,2000})"),
    re.compile(r"<!--\s*Mirrored from (\S{1,2000}) by HTTrack"),
    re.compile(
        r"<!--\s{0,20}(?:source|url|original|archived from)\s?:\s{0,20}(https?://\S{1,2000})\s{0,20}(?:-->|\n)",
        re.IGNORECASE,
    ),
)
_SAVED_ATTRIBUTES = ("data-scrapbook-source", "data-source-url", "data-original-url")
_SAVED_METAS = ("savepage-url", "source-url", "original-source", "archive-url", "source")


def _saved_from(tree: Any, head: str) -> str:
    """The address of a saved page, as the program that saved it wrote it."""
    found = [match[1] for pattern in _SAVED_FROM if (match := pattern.search(head)) is not None]
    html = tree if tree.tag == "html" else next(tree.iter("html"), tree)
    found += [html.get(name) or "" for name in _SAVED_ATTRIBUTES]
    metas = {(m.get("name") or "").lower(): m.get("content") or "" for m in tree.iter("meta")}
    found += [metas.get(name, "").strip() for name in _SAVED_METAS]
    found = [f"http://{url}" if re.match(r"[\w.-]{3,200}/", url) else url for url in found]
    return next((url for url in found if _is_url(url)), "")


_YEAR_FIRST = ("ja", "ko")
"""Languages without a pack that write year, month and day in this order."""


def day_month_order(tree: Any) -> Order:
    """How the language a page is in orders day and month, where none of its dates shows it."""
    html = tree if tree.tag == "html" else next(tree.iter("html"), tree)
    language = (html.get("lang") or html.get("xml:lang") or "").lower().replace("_", "-")
    primary, _, region = language.partition("-")
    pack = pack_of(primary or FALLBACK)
    month_first = pack.month_first(region) if pack else primary in _YEAR_FIRST
    return "month-first" if month_first else "day-first"


def _metas(tree: Any) -> dict[str, str]:
    """The best meta element of each field."""
    given: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = (
            (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").strip().lower()
        )
        content = squeeze(_TAG.sub("", meta.get("content") or ""))
        if name and content:
            given[name] = (
                f"{given[name]}, {content}"
                if name == "article:tag" and name in given
                else given.get(name, content)
            )
    best = {f: next((given[n] for n in names if n in given), "") for f, names in _META.items()}
    best["og:type"] = given.get("og:type", "").lower()
    return best


def _json_ld(tree: Any) -> dict[str, Any]:
    """The JSON-LD object that describes the article; {} if there is none or it is broken."""
    best: dict[str, Any] = {}
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower() or not script.text:
            continue
        try:
            loaded = json.loads(script.text, strict=False)
        except (ValueError, RecursionError):
            continue
        for item in _objects(loaded):
            kind = item.get("@type")
            kinds = kind if isinstance(kind, list) else [kind]
            if any(isinstance(k, str) and _ARTICLE_TYPES.search(k) for k in kinds):
                if item.get("headline") and item.get("datePublished"):
                    return item
                best = best or item
    return best


MAX_JSON_DEPTH = 6


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > MAX_JSON_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _objects(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement"):
            if key in value:
                yield from _objects(value[key], depth + 1)


def _text(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return squeeze(_TAG.sub("", value)) if isinstance(value, str) else ""


def _name(value: Any) -> str:
    if isinstance(value, list) and value:
        value = value[0]
    return _text(value.get("name")) if isinstance(value, dict) else _text(value)


def _authors(value: Any) -> str:
    items = value if isinstance(value, list) else [value]
    names = [_BY.sub("", n) for n in map(_name, items) if n and not _is_url(n)]
    return ", ".join(dict.fromkeys(names))


def _byline(text: str, outlet: str) -> str:
    text = _BY.sub("", text)
    if _NO_NAME.search(text) or title_key(text) == title_key(outlet) or text_width(text) > 60:
        return ""
    return text


def _best_title(titles: list[str], headings: list[str], outlet: str) -> str:
    """The title without the site's name: a heading that the declared titles contain, if any."""
    declared = [title_key(t) for t in titles]
    parted = [[title_key(part) for part in _SEPARATOR.split(t)] for t in titles]
    first = {parts[0] for parts in parted}  # of "Headline | Site"
    sites = {parts[-1] for parts in parted} - first | {title_key(outlet)}
    for heading in sorted(headings, key=len, reverse=True):
        key = title_key(heading)
        if key not in sites and (
            (key and key in first)
            or any(key in d and len(key) >= TITLE_SHARE * len(d) for d in declared if d)
        ):
            return heading
    if not titles:
        return headings[0] if len(headings) == 1 else ""
    title = titles[0]
    parts = [p for p in _SEPARATOR.split(title) if p and p.strip()]
    if len(parts) > 1:
        logos = sites & {title_key(heading) for heading in headings}
        named = title_key(outlet) or next(iter(logos), "")
        if named and title_key(parts[-1]) in named:
            return title[: title.rindex(parts[-1])].rstrip(" |｜–—-·•:»_")
        widest = max(parts, key=text_width)
        if len(titles) == 1 and text_width(widest) >= 0.6 * text_width(title):
            return widest.strip()
    return title


def _time_element(tree: Any) -> str:
    """A `<time>` that says it is the date of publication."""
    for element in tree.iter("time", "span", "abbr", "p", "div"):
        marked = (
            element.get("pubdate") is not None
            or "datepublished" in (element.get("itemprop") or "").lower()
        )
        if marked:
            found = parse_date(
                element.get("datetime") or element.get("content") or element.text_content()[:80]
            )
            if found:
                return found
    return ""


def _is_url(text: str) -> bool:
    return re.match(r"https?://[^\s<>\"']+$", text) is not None


def _tags(text: str) -> tuple[str, ...]:
    tags = [t.strip() for t in re.split(r"[,，;；|、]", text)]
    return tuple(dict.fromkeys(t for t in tags if 0 < len(t) <= 40))[:MAX_TAGS]
