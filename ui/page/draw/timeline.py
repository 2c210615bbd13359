"""A timeline as a picture: a lane for each outlet or language, a dot for each event; then a list.

In: a `Timeline`. Out: HTML. Everything lies at a share of the picture's width, so that zooming is
making the picture wider, and nothing has to be drawn again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from rag.analysis.events import Event, Timeline, event_runs
from ui.page.draw.answers import cited_runs, message
from ui.page.render import attribute, escape, language_name
from ui.words import words

MARGIN = 0.02
LEAST_MARGIN_DAYS = 20
"""Left and right of the first and the last event: a share of the time between them, or so long."""

MOST_LANES = 12
MOST_TICKS = 400
MOST_YEARS = 6
"""Years of which all are named on a narrow screen."""


def timeline(result: Timeline, turn: str) -> str:
    """The picture, then a row for each event."""
    say = words(result.language)
    if not result.events:
        none = f'<div class="nc-answer nc-abstained">{escape(say["no_events"])}</div>'
        return message([none], result, turn)
    rows = []
    for event in result.events:
        date, said = event_runs(event, result.language)
        rows.append(
            f'<div class="nc-event"><span class="nc-date">{escape(date.text)}</span>'
            f'<div lang="{attribute(event.language)}">{cited_runs([said], turn, "")}</div></div>'
        )
    parts = [
        f'<h2 class="nc-asked-title">{escape(result.topic)}</h2>',
        _picture(result, turn),
        f'<div class="nc-timeline">{"".join(rows)}</div>',
    ]
    return message(parts, result, turn)


def _picture(result: Timeline, turn: str) -> str:
    say = words(result.language)
    first = min(event.when.first for event in result.events)
    last = max(event.when.last for event in result.events)
    margin = timedelta(max(LEAST_MARGIN_DAYS, MARGIN * (last - first).days))
    first, last = first - margin, last + margin
    days = max(1, (last - first).days)
    lanes = {by: _lanes(result, by, turn, first, days) for by in ("outlet", "language")}
    every = 5 if days > 366 * MOST_YEARS else 1
    ticks = "".join(_tick(tick, first, days, every) for tick in _months(first, last))
    switches = "".join(
        f'<button type="button" class="nc-plain" data-lanes="{by}" '
        f'aria-pressed="{str(by == "outlet").lower()}">{escape(say[f"by_{by}"])}</button>'
        for by in lanes
    )
    zoom = (
        f'<span class="nc-zoom"><button type="button" class="nc-plain" data-zoom="out" '
        f'aria-label="{attribute(say["zoom_out"])}">−</button>'
        f'<button type="button" class="nc-plain" data-zoom="in" '
        f'aria-label="{attribute(say["zoom_in"])}">+</button></span>'
    )
    drawn = "".join(
        f'<div class="nc-lanes" data-by="{by}"{"" if by == "outlet" else " hidden"}>{html}</div>'
        for by, html in lanes.items()
    )
    return (
        f'<div class="nc-picture" data-scale="1"><div class="nc-tools">{switches}{zoom}</div>'
        f'<div class="nc-scroll" tabindex="0" aria-label="{attribute(say["timeline"])}">'
        f'<div class="nc-canvas"><div class="nc-axis">{ticks}</div>{drawn}</div></div></div>'
    )


def _lanes(result: Timeline, by: str, turn: str, first: date, days: int) -> str:
    cited = {citation.n: citation for citation in result.citations}
    lanes: dict[str, list[tuple[Event, int]]] = {}
    for event in result.events:
        named: set[str] = set()
        for n in event.citations:
            article = cited[n].article
            name = article.outlet if by == "outlet" else article.language
            if name not in named:
                named.add(name)
                lanes.setdefault(name, []).append((event, n))
    busiest = sorted(lanes, key=lambda name: -len(lanes[name]))[:MOST_LANES]
    return "".join(
        _lane(name, by, lanes[name], result.language, turn, first, days) for name in busiest
    )


def _lane(
    name: str,
    by: str,
    events: Sequence[tuple[Event, int]],
    language: str,
    turn: str,
    first: date,
    days: int,
) -> str:
    say = words(language)
    called = (name if by == "outlet" else language_name(name)) or say["unknown_outlet"]
    dots = []
    for event, n in events:
        left = 100 * (event.when.first - first).days / days
        width = 100 * (event.when.span - 1) / days
        date, _ = event_runs(event, language)
        text = f"{date.text} · {event.text}"
        kind = " nc-planned" if event.planned else ""
        wide = f"width:{width:.3f}%;" if event.when.span > 1 else ""
        dots.append(
            f'<a class="cite nc-dot{kind}{" nc-span" if wide else ""}" href="#c-{turn}-{n}" '
            f'style="left:{left:.3f}%;{wide}" aria-label="{attribute(text)}" '
            f'data-told="{attribute(text)}"></a>'
        )
    return f'<div class="nc-lane"><span>{escape(called)}</span><div>{"".join(dots)}</div></div>'


def _months(first: date, last: date) -> Iterator[date]:
    """The first days of the months in between; of the years only, where that is very long."""
    step = 1 if (last - first).days < 31 * MOST_TICKS else 12
    month = first.year * 12 + (first.month if step == 1 else 12)
    while (day := date(month // 12, month % 12 + 1, 1)) <= last:
        yield day
        month += step


def _tick(day: date, first: date, days: int, every: int) -> str:
    """A line on the axis; years between those of `every` go unnamed where there is no room."""
    left = 100 * (day - first).days / days
    year = day.month == 1
    named = str(day.year) if year else f"{day.month}"
    quarter = day.month in (4, 7, 10)
    minor = " nc-minor" if day.year % every else ""
    kind = f"nc-year{minor}" if year else "nc-quarter" if quarter else "nc-month"
    return f'<span class="{kind}" style="left:{left:.3f}%" title="{day:%Y-%m}">{named}</span>'
