"""Printing to the terminal: progress, reports, tables of plain data, as rich renderables.

Text from articles and LLMs goes in as `Prose`, never as rich markup, and without the control
characters a terminal would obey.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from rich import progress as bars
from rich.console import Console, Group, RenderableType
from rich.table import Table

from index.report import AddReport, Entry, Progress, ProgressCallback, Status, VerifyReport
from rag.results.text import clean
from ui.prose import Prose

if TYPE_CHECKING:
    from rag.evaluate.bootstrap import Paired
    from rag.evaluate.evaluation import Evaluation

LISTED_ENTRIES = 20
"""Rejected sources listed by name; further ones are counted (all are in --json)."""

SPEED_SECONDS = 1800.0
"""The rate is that of the last half hour: on a busy machine a batch of passages can take minutes.
"""

UNBROKEN = 100_000
"""The width of output that no terminal shows: every line stays whole."""

GIB = 1 << 30
MIB = 1 << 20


@contextmanager
def progress(verb: str) -> Iterator[ProgressCallback]:
    """A progress bar on standard error while a long operation runs; silent without a terminal."""
    console = Console(stderr=True)
    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.TaskProgressColumn(),
        bars.TextColumn("{task.fields[counts]}"),
        bars.TimeElapsedColumn(),
        bars.TextColumn("{task.fields[left]}"),
        bars.TimeRemainingColumn(),
    )
    with bars.Progress(
        *columns,
        console=console,
        transient=True,
        disable=not console.is_terminal,
        speed_estimate_period=SPEED_SECONDS,
    ) as bar:
        task = bar.add_task(verb, total=None, counts="", left="")

        def report(state: Progress) -> None:
            if state.share is not None:
                bar.update(task, completed=state.share, total=1.0, left="left")
            speed = bar.tasks[task].speed
            bar.update(task, counts=_counts(state, speed))

        yield report


def _counts(state: Progress, speed: float | None) -> str:
    """What is done; with articles, how many of them a second, `speed` being the share a second."""
    if not state.articles:
        return f"{state.done}/{state.total}" if state.total else ""
    rate = f", {state.articles / state.share * speed:.1f}/s" if speed and state.share else ""
    return f"{state.articles} articles{rate}"


def printed(view: RenderableType) -> None:
    """Prints a view: on a terminal in colours and broken into lines, for a program neither."""
    console = Console(highlight=False)
    if console.is_terminal:
        console.print(view)
        return
    buffer = io.StringIO()
    Console(file=buffer, width=UNBROKEN, highlight=False, no_color=True).print(view)
    lines = (line.rstrip() for line in buffer.getvalue().rstrip("\n").split("\n"))
    print("\n".join(lines), flush=True)  # noqa: T201  # what the command line prints with


def draft(text: str) -> Prose:
    """What the LLM has written so far."""
    return Prose(clean(text), "dim")


def added(report: AddReport) -> RenderableType:
    """What became of everything that was to be added."""
    counts = {
        "added": len(report.added),
        "updated": len(report.updated),
        "unchanged": len(report.skipped),
        "rejected": len(report.rejected),
        "removed": len(report.removed),
    }
    sources = ", ".join(f"{n} {what}" for what, n in counts.items() if n) or "nothing to add"
    lines: list[RenderableType] = [
        Prose(f"Sources: {sources}."),
        Prose(
            f"{report.articles} new articles, {report.passages} new passages "
            f"in {report.seconds:.1f} s."
        ),
    ]
    held = (*report.added, *report.updated)
    if len(held) <= LISTED_ENTRIES:
        lines += [Prose(clean(f"  ✓ {one.source}: {_articles(one.articles)}")) for one in held]
    lines += [_entry(entry) for entry in report.rejected[:LISTED_ENTRIES]]
    if len(report.rejected) > LISTED_ENTRIES:
        lines.append(Prose(f"  … and {len(report.rejected) - LISTED_ENTRIES} more (see --json)"))
    if left_out := report.summed_left_out():
        lines.append(Prose("Left out, as no text of an article (--json says where):", "dim"))
        lines += [
            Prose(f"  {count} in {_sources(files)}: {kind}", "dim")
            for kind, (count, files) in left_out.items()
        ]
    return Group(*lines)


def _articles(count: int) -> str:
    return "1 article" if count == 1 else f"{count} articles"


def _sources(count: int) -> str:
    return "1 source" if count == 1 else f"{count} sources"


def _entry(entry: Entry) -> Prose:
    text = Prose("  ✗ ", "red")
    text.append(clean(f"{entry.source}: {entry.reason}"), "default")
    return text


def status(state: Status) -> RenderableType:
    """A library at a glance."""
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    size = f"{state.bytes / GIB:.1f} GB" if state.bytes > GIB else f"{state.bytes / MIB:.1f} MB"
    rows = {
        "library": state.path,
        "articles": f"{state.articles} ({state.groups} without reprints)",
        "passages": str(state.passages),
        "languages": ", ".join(f"{name} {n}" for name, n in state.languages.items()),
        "outlets": ", ".join(f"{name or 'unknown'} {n}" for name, n in state.outlets.items()),
        "published": f"{state.earliest[:10]} to {state.latest[:10]}" if state.earliest else "",
        "last added": state.added,
        "embedder": state.embedder,
        "size": size,
    }
    for name, value in rows.items():
        if value:
            table.add_row(name, Prose(clean(value)))
    return table


def verified(report: VerifyReport) -> RenderableType:
    """What is wrong with a library, and what was mended."""
    if not report.problems:
        return Prose("The library is sound.", "green")
    mended = set(report.repaired)
    lines = []
    for problem in report.problems:
        state = Prose("mended  ", "green") if problem in mended else Prose("broken  ", "red")
        lines.append(state.append(clean(problem), "default"))
    return Group(*lines)


def rows(found: Sequence[Mapping[str, Any]]) -> RenderableType:
    """A table of plain data: a column for each field."""
    table = Table(box=None, pad_edge=False)
    for name in found[0]:
        table.add_column(name, header_style="dim", overflow="fold")
    for row in found:
        table.add_row(*(Prose(_cell(value)) for value in row.values()))
    return table


def _cell(value: object) -> str:
    return clean(value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))


def checked(found: Sequence[Mapping[str, str]]) -> RenderableType:
    """A line for each check, and under it what to do."""
    signs = {"good": ("✓", "green"), "poor": ("!", "yellow"), "bad": ("✗", "red")}
    lines = []
    for check in found:
        sign, colour = signs[check["state"]]
        line = Prose(f"{sign} ", colour)
        line.append(clean(f"{check['name']}: {check['found']}"), "default")
        lines.append(line)
        if check["cure"]:
            lines.append(Prose(f"  {clean(check['cure'])}", colour))
    return Group(*lines)


def evaluation(result: Evaluation) -> RenderableType:
    """A table: a row for each measure, a column for each group of questions."""
    groups = result.measures()
    table = Table(box=None, pad_edge=False)
    table.add_column()
    for group in groups:
        table.add_column(group, justify="right")
    for measure in next(iter(groups.values())):
        values = [figures[measure] for figures in groups.values()]
        table.add_row(measure, *("-" if value is None else str(value) for value in values))
    return table


def paired(result: Paired, other: str) -> RenderableType:
    """A table: a row for each measure, by both configurations, with how they differ."""
    table = Table(box=None, pad_edge=False)
    for heading in ("", "this", other, "difference", "95 % interval"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, found in result.measures.items():
        values = ["-" if value is None else str(value) for value in (found.one, found.other)]
        if found.one is None or found.other is None:
            table.add_row(name, *values, "-", "-")
            continue
        interval = f"{found.low:+.3f} to {found.high:+.3f}"
        style = "bold" if found.sure else ""
        difference = Prose(f"{found.other - found.one:+.3f}", style)
        table.add_row(name, *values, difference, Prose(interval, style))
    return table
