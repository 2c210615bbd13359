"""The Search tab: passages found, facets with counts, a histogram of dates.

In: hits and counts. Out: HTML.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from rag.results.hits import Hit
from ui.page.draw.articles import foreign, passage_quote, reprints
from ui.page.render import attribute, byline, escape, heading_of
from ui.page.tabs.choices import label
from ui.words import words

FACET_SHOWN = 8
"""Values of a facet that are seen before it is unfolded."""

YEARS_BY_MONTH = 6
"""A span of more years is drawn by the year."""

MOST_BARS = 120
_DATE = re.compile(r"\d{4}(-\d{2}|$)")


def results(hits: Sequence[Hit], asked_in: str, language: str, seconds: float) -> str:
    """The passages found, in the order given."""
    say = words(language)
    if not hits:
        return f'<p class="nc-hint" role="status">{escape(say["nothing"])}</p>'
    count = escape(say["found_n"].format(n=len(hits), s=f"{seconds:.2f}"))
    cards = "".join(_result(hit, asked_in, language) for hit in hits)
    return f'<p class="nc-count" role="status">{count}</p>{cards}'


def _result(hit: Hit, asked_in: str, language: str) -> str:
    say = words(language)
    best = hit.best_sentence
    span = f"{hit.article.id}-{best.start}-{best.end}"
    marking = attribute(say["mark_this"])
    twins = ""
    if hit.duplicates:
        items = "".join(
            f'<li><a class="cite" href="#p-{twin.id}-0-0">{escape(heading_of(twin))}</a> '
            f"<small>{escape(twin.outlet or twin.file)}</small></li>"
            for twin in hit.duplicates
        )
        summary = (
            reprints(hit.duplicates, say).removeprefix('<p class="nc-also">').removesuffix("</p>")
        )
        twins = f'<details class="nc-twins"><summary>{summary}</summary><ul>{items}</ul></details>'
    return (
        f'<article class="nc-card nc-result"><label class="nc-mark" title="{marking}">'
        f'<input type="checkbox" data-mark="{span}" aria-label="{marking}"></label>'
        f'<h3><a class="cite" href="#p-{span}">{escape(heading_of(hit.article))}</a></h3>'
        f"{byline(hit.article, say)}{passage_quote(hit)}"
        f"{foreign(hit.article, best.start, best.end, asked_in)}{twins}</article>"
    )


def facets(
    counts: Mapping[str, Mapping[str, int]], picked: Mapping[str, Sequence[str]], language: str
) -> str:
    """Lists of what was found, by country, outlet, language, category and author."""
    say = words(language)
    parts = []
    for name, values in counts.items():
        chosen = picked.get(name, ())
        items = [
            f'<li><label><input type="checkbox" data-facet="{name}" value="{attribute(value)}"'
            f"{' checked' if value in chosen else ''}> {escape(label(name, value, language))} "
            f"<small>{count}</small></label></li>"
            for value, count in values.items()
        ]
        if not items:
            continue
        more = ""
        if len(items) > FACET_SHOWN:
            rest = "".join(items[FACET_SHOWN:])
            more = f"<details><summary>{escape(say['more'])}</summary><ul>{rest}</ul></details>"
        first = "".join(items[:FACET_SHOWN])
        parts.append(
            f'<fieldset class="nc-facet"><legend>{escape(say[name])}</legend>'
            f"<ul>{first}</ul>{more}</fieldset>"
        )
    return "".join(parts)


def histogram(dates: Sequence[str], months: Sequence[str], language: str) -> str:
    """Bars for the months (or years) of what was found, to click or drag over."""
    known = sorted(date for date in dates if _DATE.match(date))
    if not known:
        return ""
    by_year = int(known[-1][:4]) - int(known[0][:4]) > YEARS_BY_MONTH
    counts = Counter(date[: 4 if by_year else 7] for date in known if by_year or len(date) >= 7)
    bins = _bins(min(counts), max(counts)) if counts else []
    bins = bins if len(bins) <= MOST_BARS else sorted(counts)
    most = max(counts.values(), default=1)
    say = words(language)
    low, high = (min(months), max(months)) if months else ("", "")
    bars = "".join(
        f'<button type="button" class="nc-bar{" nc-in" if low and low <= name <= high else ""}" '
        f'data-month="{name}" title="{name}: {counts[name]}" aria-label="{name}: {counts[name]}">'
        f'<i style="height:{100 * counts[name] / most:.0f}%"></i></button>'
        for name in bins
    )
    clear = (
        f'<button type="button" class="nc-plain" data-clear="months">{escape(say["all_dates"])}</button>'
        if months
        else ""
    )
    ends = f"<span>{bins[0]}</span><span>{bins[-1]}</span>" if bins else ""
    return (
        f'<fieldset class="nc-facet nc-histogram"><legend>{escape(say["dates"])}</legend>'
        f'<div class="nc-bars" title="{attribute(say["drag"])}">{bars}</div>'
        f'<div class="nc-ends">{ends}</div>{clear}</fieldset>'
    )


def _bins(first: str, last: str) -> list[str]:
    """All months (or years) from the first to the last."""
    if len(first) == 4:
        return [str(year) for year in range(int(first), int(last) + 1)]
    start, end = (12 * int(name[:4]) + int(name[5:7]) - 1 for name in (first, last))
    return [f"{month // 12}-{month % 12 + 1:02d}" for month in range(start, end + 1)]
