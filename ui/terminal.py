"""Answers, hits and reports for the terminal, as rich renderables.

Text from articles and LLMs goes in as plain `Text`, never as rich markup, and without the control
characters a terminal would obey.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich import progress as bars
from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from index.report import AddReport, Entry, Progress, ProgressCallback, Status, VerifyReport
from rag.document import RELATED_SHOWN, unsupported
from rag.export import also_in, byline, clean
from rag.records import Answer, Citation, Hit, Hits
from ui.words import words

if TYPE_CHECKING:
    from index.records import Article
    from rag.evaluate import Evaluation

MARKED = "bold yellow"
LISTED_ENTRIES = 20
"""Rejected sources listed by name; further ones are counted (all are in --json)."""

GIB = 1 << 30
MIB = 1 << 20


@contextmanager
def progress(verb: str) -> Iterator[ProgressCallback]:
    """A progress bar on standard error while a long operation runs; silent without a terminal."""
    console = Console(stderr=True)
    columns = (
        bars.TextColumn("{task.description}"),
        bars.BarColumn(),
        bars.MofNCompleteColumn(),
        bars.TextColumn("{task.fields[articles]}"),
        bars.TimeElapsedColumn(),
        bars.TimeRemainingColumn(),
    )
    hidden = not console.is_terminal
    with bars.Progress(*columns, console=console, transient=True, disable=hidden) as bar:
        task = bar.add_task(verb, total=None, articles="")

        def report(state: Progress) -> None:
            articles = f"{state.articles} articles" if state.articles else ""
            bar.update(task, completed=state.done, total=state.total, articles=articles)

        yield report


def hits(found: Hits) -> RenderableType:
    """Numbered passages with their sources, the best sentence of each marked."""
    return Group(*(_hit(hit) for hit in found))


def _hit(hit: Hit) -> RenderableType:
    passage, best = hit.passage, hit.best_sentence
    text = Text(clean(passage.text[: best.start - passage.start]))
    text.append(clean(passage.text[best.start - passage.start : best.end - passage.start]), MARKED)
    text.append(clean(passage.text[best.end - passage.start :]))
    lines: list[RenderableType] = [_source(str(hit.rank), hit.article), Padding(text, (0, 0, 0, 4))]
    if hit.duplicates:
        outlets = ", ".join(dict.fromkeys(twin.outlet or twin.file for twin in hit.duplicates))
        lines.append(Padding(Text(f"Also in: {clean(outlets)}", "dim"), (0, 0, 0, 4)))
    return Group(*lines, "")


def _source(number: str, article: Article) -> Text:
    text = Text(f"[{number}] ", "bold cyan")
    text.append(clean(article.title or article.file), "bold")
    known = ", ".join(filter(None, (byline(article), article.url, article.file)))
    return text.append(f"\n    {clean(known)}", "dim")


def answer(given: Answer) -> RenderableType:
    """The answer with markers, unsupported sentences marked with the reason, then the sources."""
    say = words(given.language)
    space = "" if given.language.startswith("zh") else " "
    text = Text()
    for sentence in given.sentences:
        lacking = unsupported(given, sentence)
        text.append(clean(sentence.text), "yellow italic" if lacking else "")
        if lacking:
            why = "; ".join((say["unsupported"], *sentence.reasons))
            text.append(f" (⚠ {clean(why)})", "yellow")
        text.append("".join(f"[{n}]" for n in sentence.citations), "bold cyan")
        text.append(space)
    parts: list[RenderableType] = [text]
    parts += [Text(clean(note), "italic") for note in given.notes]
    parts.append("")
    parts += [citation(cited, say) for cited in given.citations]
    if given.abstained and given.hits:
        parts += [
            Text(f"{say['related']}:", "bold"),
            hits(Hits(given.question, given.hits[:RELATED_SHOWN])),
        ]
    total = f", {given.seconds['total']:.1f} s" if "total" in given.seconds else ""
    parts.append(Text(f"{given.llm} · {given.embedder}{total}", "dim"))
    return Group(*parts)


def citation(cited: Citation, say: Mapping[str, str]) -> RenderableType:
    """A quote with its source."""
    lines: list[RenderableType] = [
        _source(str(cited.n), cited.article),
        Padding(Text(f"“{clean(cited.quote)}”", MARKED), (0, 0, 0, 4)),
    ]
    if cited.also_in:
        also = Text(f"{say['also_in']}: {clean(also_in(cited))}", "dim")
        lines.append(Padding(also, (0, 0, 0, 4)))
    return Group(*lines, "")


def draft(text: str) -> Text:
    """What the LLM has written so far."""
    return Text(clean(text), "dim")


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
        Text(f"Sources: {sources}."),
        Text(
            f"{report.articles} new articles, {report.passages} new passages "
            f"in {report.seconds:.1f} s."
        ),
    ]
    lines += [_entry(entry) for entry in report.rejected[:LISTED_ENTRIES]]
    if len(report.rejected) > LISTED_ENTRIES:
        lines.append(Text(f"  … and {len(report.rejected) - LISTED_ENTRIES} more (see --json)"))
    return Group(*lines)


def _entry(entry: Entry) -> Text:
    return Text("  ✗ ", "red").append(clean(f"{entry.source}: {entry.reason}"), "default")


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
            table.add_row(name, Text(clean(value)))
    return table


def verified(report: VerifyReport) -> RenderableType:
    """What is wrong with a library, and what was mended."""
    if not report.problems:
        return Text("The library is sound.", "green")
    mended = set(report.repaired)
    lines = []
    for problem in report.problems:
        state = Text("mended  ", "green") if problem in mended else Text("broken  ", "red")
        lines.append(state.append(clean(problem), "default"))
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
