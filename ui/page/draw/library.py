"""The Library tab: a page of the table, and what became of what was added.

In: a `Listing`, an `AddReport`. Out: HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from index.languages.countries import country_name
from index.report import AddReport, Progress
from index.store.catalog import Listing, Row
from rag.export.text import show_date
from ui.page.draw.answers import failure
from ui.page.render import attribute, badge, escape
from ui.words import said, words

if TYPE_CHECKING:
    from ui.page.calls import Reader

COLUMNS = ("title", "outlet", "country", "published", "language", "reprints")
REJECTED_SHOWN = 100


def table(
    listing: Listing,
    sort: str,
    descending: bool,
    page: int,
    size: int,
    reader: Reader,
    openings: Mapping[str, str],
) -> str:
    """One page of all articles, its columns to sort by, and the way to the other pages; `openings`
    are how articles without title begin, by id."""
    say = reader.say
    if not listing.rows:
        return f'<p class="nc-hint" role="status">{escape(say["no_rows"])}</p>'
    heads = "".join(_head(name, sort, descending, say) for name in COLUMNS)
    rows = "".join(_row(row, reader, openings.get(row.id, "")) for row in listing.rows)
    choose = f'<th class="nc-check"><span class="nc-sr">{escape(say["choose"])}</span></th>'
    last = (listing.total - 1) // size
    first_row, last_row = page * size + 1, page * size + len(listing.rows)
    count = say["rows"].format(first=first_row, last=last_row, n=f"{listing.total:,}")
    steps = _steps(page, last, say) if last > 0 else ""
    edit = (
        f'<button type="button" class="nc-plain" data-remove disabled>{escape(say["remove"])}</button>'
        if reader.may_edit
        else ""
    )
    edits = f'<th><span class="nc-sr">{escape(say["edit"])}</span></th>'
    return (
        f'<div class="nc-tablebar"><span role="status">{escape(count)}</span>{steps}{edit}</div>'
        f'<div class="nc-tablewrap"><table class="nc-table"><thead><tr>{choose}{heads}{edits}</tr>'
        f"</thead><tbody>{rows}</tbody></table></div>"
    )


def _steps(page: int, last: int, say: Mapping[str, str]) -> str:
    """The way to the other pages."""
    return "".join(
        f'<button type="button" class="nc-plain" data-page="{to}"{" disabled" if not usable else ""} '
        f'aria-label="{attribute(say[name])}">{sign}</button>'
        for name, sign, to, usable in (
            ("first_page", "«", 0, page > 0),
            ("previous_page", "‹", page - 1, page > 0),
            ("next_page", "›", page + 1, page < last),
            ("last_page", "»", last, page < last),
        )
    )


def _head(name: str, sort: str, descending: bool, say: dict[str, str]) -> str:
    sorted_ = ("descending" if descending else "ascending") if name == sort else "none"
    arrow = {"descending": " ↓", "ascending": " ↑"}.get(sorted_, "")
    return (
        f'<th aria-sort="{sorted_}" class="nc-col-{name}"><button type="button" data-sort="{name}">'
        f"{escape(say[f'col_{name}'])}{arrow}</button></th>"
    )


def _row(row: Row, reader: Reader, opening: str) -> str:
    say = reader.say

    def cell(name: str, text: str) -> str:
        if name in row.corrected:
            title = attribute(say["by_hand"])
            return f'<td class="nc-col-{name}"><span class="nc-hand" title="{title}">{escape(text)} ✎</span></td>'
        if name in row.guessed and text:
            title = attribute(say["guessed"])
            return f'<td class="nc-col-{name}"><span class="nc-guess" title="{title}">{escape(text)}</span></td>'
        return f'<td class="nc-col-{name}">{escape(text)}</td>'

    title = " ".join((row.title or opening or row.file or row.url or say["untitled"]).split())
    hand = (
        f' <span class="nc-hand" title="{attribute(say["by_hand"])}">✎</span>'
        if "title" in row.corrected
        else ""
    )
    tags = f" <small>{escape(' · '.join(row.tags))}</small>" if row.tags else ""
    edit = (
        f'<button type="button" class="nc-plain" data-edit="{row.id}">{escape(say["edit"])}</button>'
        if reader.may_edit
        else ""
    )
    return (
        f'<tr><td class="nc-check"><input type="checkbox" data-row="{row.id}" '
        f'aria-label="{attribute(title)}"></td>'
        f'<td class="nc-col-title"><a class="cite" href="#p-{row.id}-0-0">{escape(title)}</a>{hand}{tags}'
        f'<small class="nc-from" title="{attribute(row.source)}">{escape(row.file or row.source)}</small></td>'
        f"{cell('outlet', row.outlet)}{cell('country', country_name(row.country, reader.language))}"
        f"{cell('published', show_date(row.published)[:10])}"
        f'<td class="nc-col-language">{badge(row.language)}</td>'
        f'<td class="nc-col-reprints">{row.reprints or ""}</td><td>{edit}</td></tr>'
    )


def adding(state: Progress | None, language: str) -> str:
    """How far adding is."""
    say = words(language)
    share = (state.share if state else None) or 0.0
    counted = say["added"].format(n=state.articles) if state else ""
    name = escape(state.source) if state else ""
    return (
        f'<div class="nc-report" role="status"><p>{escape(say["adding"])} {escape(counted)}</p>'
        f'<progress max="1" value="{share:.3f}"></progress><p class="nc-file">{name}</p></div>'
    )


def added(report: AddReport, language: str) -> str:
    """What became of everything that was to be added; what failed can be tried again."""
    say = words(language)
    lines = [say["added"].format(n=report.articles)]
    if report.skipped:
        lines.append(say["unchanged"].format(n=len(report.skipped)))
    body = "".join(f"<p>{escape(line)}</p>" for line in lines)
    body += _rejected(report, language) + _left_out(report, language)
    return f'<div class="nc-report" role="status">{body}</div>'


def _left_out(report: AddReport, language: str) -> str:
    """What was no article within the sources that were read, folded away."""
    kinds = report.summed_left_out()
    if not kinds:
        return ""
    listed = "".join(
        f"<li>{escape(said(kind, language))} ({count})</li>" for kind, (count, _) in kinds.items()
    )
    name = escape(words(language)["left_out_of_sources"])
    return f"<details><summary>{name}: {len(kinds)}</summary><ul>{listed}</ul></details>"


def _rejected(report: AddReport, language: str) -> str:
    say = words(language)
    if not report.rejected:
        return ""
    shown: Sequence[str] = [
        f"<li><b>{escape(entry.source)}</b>: {escape(said(entry.reason, language))}</li>"
        for entry in report.rejected[:REJECTED_SHOWN]
    ]
    more = len(report.rejected) - len(shown)
    rest = f"<li>… +{more}</li>" if more > 0 else ""
    return (
        f'<p class="nc-rejected">{escape(say["not_added"])}</p><ul>{"".join(shown)}{rest}</ul>'
        f"{_again(say)}"
    )


def broken(message: str, language: str) -> str:
    """Why adding was broken off; it can be tried again."""
    return f'<div class="nc-report">{failure(message, language)}{_again(words(language))}</div>'


def _again(say: Mapping[str, str]) -> str:
    return f'<button type="button" class="nc-plain" data-retry>{escape(say["retry"])}</button>'
