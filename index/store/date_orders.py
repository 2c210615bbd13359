"""Whether the dates of a site have day or month first, learnt from all of its articles.

In: the sites of articles that were just stored. Out: the dates that can be read both ways, read as
those of the same site that cannot are: 23/04/2024 on one page says that 03/05/2024 on another is the
third of May, whichever was added first.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.languages.dates.date_order import certain_order
from index.languages.dates.publication_dates import Order, parse_date
from index.languages.text import fold, squeeze

if TYPE_CHECKING:
    from index.records import Article
    from index.store.store import Store

SAID = "published_as"
"""The key of an article's metadata under which a date in numbers stands as the page writes it."""

ORDER = "date_order"
"""The key of the order that other dates of its page show."""


def site_of(article: Article) -> str:
    """The site whose articles order their dates alike: the host, or else the outlet."""
    return _site(article.url, article.outlet) if SAID in article.metadata else ""


def _site(url: str, outlet: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return host.removeprefix("www.") or squeeze(fold(outlet))


def settle(store: Store, sites: Collection[str]) -> int:
    """Reads the dates of these sites' articles in the order that all of them together show,
    inside the caller's transaction. Returns how many dates changed."""
    if not sites:
        return 0
    votes: dict[str, Counter[Order]] = defaultdict(Counter)
    doubtful: list[tuple[str, str, str]] = []
    rows = store.query(
        "SELECT id, url, outlet, metadata FROM articles WHERE metadata LIKE ?", (f'%"{SAID}"%',)
    )
    for article_id, url, outlet, metadata in rows:
        site, known = _site(url, outlet), json.loads(metadata)
        if site not in sites:
            continue
        order = certain_order([known[SAID]]) or known.get(ORDER)
        if order:
            votes[site][order] += 1
        elif "published" not in known.get("corrected", ()):
            doubtful.append((article_id, site, known[SAID]))
    return sum(_reread(store, one, said, votes[site]) for one, site, said in doubtful)


def _reread(store: Store, article_id: str, said: str, votes: Counter[Order]) -> bool:
    """Dates an article by the order most of its site's dates have; False where none is known, or the
    date stays."""
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[0][1] == ranked[1][1]):
        return False
    article = store.article(article_id)
    published = parse_date(said, ranked[0][0])
    if article is None or not published or published == article.published:
        return False
    dated = replace(article, published=published, guessed=article.guessed - {"published"})
    return store.update_article(article.number, dated)
