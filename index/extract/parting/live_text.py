"""A live report as plain text -> its entries, each with its time.

In: the lines of a text. Out: a `Piece` for what stands above the entries, if it is prose, and one for
each entry, dated by the report's day and the entry's clock; none where the text is no live report.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import pairwise

from index.extract.bylines import DataLine, read_data_line
from index.extract.line_kinds import Kind, classify
from index.extract.lines import Line, text_width
from index.extract.parting.pieces import Piece
from index.extract.parting.stories import CLOCK, LIVE_ENTRIES, LIVE_WIDTH, clock_time, says_live
from index.languages.dates.publication_dates import Order, find_dates
from index.languages.text import CAPITALS

TOP_LINES = 6
"""So many lines from the top may say that the report is live."""

SURE_ENTRIES = 5
"""So many entries, with times that only rise or only fall, are a live report that does not say so."""

IN_ORDER = 0.9
"""Share of the times that must rise, or fall: reports are corrected and run past midnight."""

_STAMP = re.compile(
    rf"[\[(【〔<]?\s?(?P<clock>{CLOCK})(?:\s?(?:[{CAPITALS}]{{2,4}}\b|[+-]\d\d:?\d\d))?"
    r"\s?[\])】〕>]?\s?(?:[-–—:：|・]|$|(?=\S))",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Entry:
    minutes: int
    day: str
    """The date that stands above it; "" where none does."""
    lines: list[Line] = field(default_factory=list)

    @property
    def width(self) -> float:
        return sum(line.width for line in self.lines)


def find_entries(lines: Sequence[Line], order: Order) -> list[Piece]:
    """The pieces of a live report, in order; none where the text is something else."""
    above, entries = _entries(lines, order)
    full = [entry for entry in entries if entry.width >= LIVE_WIDTH]
    least = LIVE_ENTRIES if any(says_live(x.text) for x in above[:TOP_LINES]) else SURE_ENTRIES
    rising = _rising(full)
    if len(full) < least or max(sum(rising), len(rising) - sum(rising)) < IN_ORDER * len(rising):
        return []
    title, data, intro = _above(above, order)
    pieces = [_piece(title, data, intro)] if any(map(_is_prose, intro)) else []
    for entry, moment in zip(full, _moments(full, data.published[:10]), strict=True):
        own = replace(data, published=moment, updated="", guessed=set(), published_as="")
        pieces.append(_piece(title, own, entry.lines))
    return pieces


def _entries(lines: Sequence[Line], order: Order) -> tuple[list[Line], list[_Entry]]:
    """The lines above the first entry, and the entries."""
    above: list[Line] = []
    entries: list[_Entry] = []
    day = ""
    for line in lines:
        stamp = _STAMP.match(line.text)
        minutes = clock_time(stamp["clock"]) if stamp is not None else None
        dates = find_dates(line.text, order) if text_width(line.text) < LIVE_WIDTH else []
        if minutes is not None and not dates:
            entries.append(_Entry(minutes, day, [line]))
        elif entries and dates:
            day = dates[0].iso[:10]
        elif not entries:
            above.append(line)
        elif classify(line) in (Kind.PROSE, Kind.SHORT):
            entries[-1].lines.append(line)
    return above, entries


def _above(lines: Sequence[Line], order: Order) -> tuple[Line | None, DataLine, list[Line]]:
    """Headline, date and byline of the report, and what else stands above its entries."""
    data, rest = DataLine(), []
    for line in lines:
        said = read_data_line(line.text, order)
        if said is not None:
            data.merge(said)
        elif classify(line) in (Kind.PROSE, Kind.SHORT):
            rest.append(line)
    title = next((line for line in rest if not _is_prose(line)), None)
    return title, data, [line for line in rest if line is not title]


def _is_prose(line: Line) -> bool:
    return classify(line) is Kind.PROSE


def _rising(entries: Sequence[_Entry]) -> list[bool]:
    """Whether each entry is later than the one before; a jump of half a day is past midnight."""
    steps = [b.minutes - a.minutes for a, b in pairwise(entries)]
    return [0 <= step <= HALF_A_DAY or step < -HALF_A_DAY for step in steps]


def _moments(entries: Sequence[_Entry], day: str) -> list[str]:
    """When each entry was written. A report that runs past midnight began on the day it is dated."""
    rising = _rising(entries)
    step = 1 if 2 * sum(rising) >= len(rising) else -1
    days, at = [0], 0
    for one, other in pairwise(entries):
        at += step * (step * (other.minutes - one.minutes) < -HALF_A_DAY)
        days.append(at)
    first = min(days)
    moments = []
    for entry, shift in zip(entries, days, strict=True):
        known = entry.day or day
        clock = f"T{entry.minutes // 60:02}:{entry.minutes % 60:02}:00"
        moved = timedelta(0 if entry.day else shift - first)
        moments.append(f"{date.fromisoformat(known) + moved}{clock}" if known else "")
    return moments


HALF_A_DAY = 12 * 60
"""Minutes that times jump back by at midnight, and at no correction."""


def _piece(title: Line | None, data: DataLine, lines: Sequence[Line]) -> Piece:
    prose = [line for line in lines if _is_prose(line)]
    return Piece(
        list(lines), title, data, lines[0].start, lines[-1].end, len(prose),
        sum(line.width for line in prose), tight=True,
    )  # fmt: skip
