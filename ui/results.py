"""Hits, answers, checked claims, comparisons and timelines for the terminal, as rich renderables.

Text from articles and LLMs goes in as `Prose`, never as rich markup, and without the control
characters a terminal would obey. What a kind of result needs is imported with the first of that kind.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

from rich import box
from rich.console import Console, ConsoleOptions, Group, RenderableType, RenderResult
from rich.padding import Padding
from rich.table import Table

from index.languages.text import blank
from rag.export.documents import RELATED_SHOWN, Run
from rag.export.text import also_in, byline, clean, quoted
from rag.results.hits import Citation, Hit, Hits
from ui.prose import Prose
from ui.words import words

if TYPE_CHECKING:
    from index.records import Article
    from rag.analysis.checked import FactCheck
    from rag.analysis.comparison import Comparison
    from rag.analysis.events import Timeline
    from rag.answer.answer import Answer
    from rag.results.sources import Excerpt

MARKED = "bold yellow"

COLUMN_WIDTH = 36
"""Narrower columns are harder to read than answers one below the other."""

DATE_WIDTH = 26
"""Wide enough for an interval of days; what stands behind it goes to the next line."""


def hits(found: Hits) -> RenderableType:
    """Numbered passages with their sources, the best sentence of each marked."""
    return Group(*(_hit(hit) for hit in found))


def _hit(hit: Hit) -> RenderableType:
    passage, best = hit.passage, hit.best_sentence
    text = Prose(clean(passage.text[: best.start - passage.start]))
    text.append(clean(passage.text[best.start - passage.start : best.end - passage.start]), MARKED)
    text.append(clean(passage.text[best.end - passage.start :]))
    lines: list[RenderableType] = [_source(str(hit.rank), hit.article), Padding(text, (0, 0, 0, 4))]
    if hit.duplicates:
        outlets = ", ".join(dict.fromkeys(twin.outlet or twin.file for twin in hit.duplicates))
        lines.append(Padding(Prose(f"Also in: {clean(outlets)}", "dim"), (0, 0, 0, 4)))
    return Group(*lines, "")


def _source(number: str, article: Article) -> Prose:
    text = Prose(f"[{number}] ", "bold cyan")
    text.append(clean(article.title or article.file), "bold")
    known = ", ".join(filter(None, (byline(article), article.url, article.file)))
    text.append(f"\n    {clean(known)}", "dim")
    return text


def answer(given: Answer) -> RenderableType:
    """The answer with markers, unsupported sentences marked with the reason, then the sources."""
    from rag.answer.answer import runs, understood

    say = words(given.language)
    parts: list[RenderableType] = [Prose(clean(line), "dim") for line in understood(given)]
    parts.append(_runs(runs(given), blank(given.language)))
    parts += [Prose(clean(note), "italic") for note in given.notes]
    parts.append("")
    parts += [citation(cited, say) for cited in given.citations]
    if given.abstained and given.hits:
        parts += [
            Prose(f"{say['related']}:", "bold"),
            hits(Hits(given.question, given.hits[:RELATED_SHOWN])),
        ]
    parts.append(_made_by(given.llm, given.embedder, given.seconds))
    return Group(*parts)


FOUND_SHOWN = 3
"""How many passages are shown while they are read."""


def found(hits: Hits) -> RenderableType:
    """The best sentences of the best passages, before they have been read."""
    return Group(
        *(
            Group(
                _source(str(hit.rank), hit.article),
                Padding(Prose(quoted(clean(_best(hit))), "dim"), (0, 0, 0, 4)),
            )
            for hit in hits[:FOUND_SHOWN]
        )
    )


def _best(hit: Hit) -> str:
    return hit.article.text[hit.best_sentence.start : hit.best_sentence.end]


def evidence(excerpts: Sequence[Excerpt]) -> RenderableType:
    """The sentences that answer most likely, while an answer is being made of them."""
    return Group(
        *(
            Group(
                _source(str(one.number), one.hit.article),
                Padding(Prose(quoted(clean(one.text)), "dim"), (0, 0, 0, 4)),
            )
            for one in excerpts
        )
    )


def comparison(result: Comparison) -> RenderableType:
    """The answers side by side, then the findings, then the sources."""
    from rag.analysis.comparison import finding_runs, group_name

    say = words(result.language)
    answers = _SideBySide(result) if result.groups else Prose(say["no_groups"])
    parts: list[RenderableType] = [answers]
    notes = dict.fromkeys(note for group in result.groups for note in group.answer.notes)
    parts += [Prose(clean(note), "italic") for note in notes]
    for kind in ("agree", "differ", "contradict"):
        found = [finding for finding in result.findings if finding.kind == kind]
        if found:
            parts.append(Prose(say[kind], "bold"))
        parts += [
            Padding(_runs(finding_runs(finding, result.language), " "), (0, 0, 1, 2))
            for finding in found
        ]
    if result.left_out:
        names = ", ".join(group_name(name, result.language) for name in result.left_out)
        parts.append(Prose(f"{say['left_out']}: {clean(names)}", "dim"))
    parts += ["", *(citation(cited, say) for cited in result.citations)]
    parts.append(_made_by(result.llm, result.embedder, result.seconds))
    return Group(*parts)


class _SideBySide:
    """The answers of a comparison in columns; one below the other where these were too narrow."""

    def __init__(self, result: Comparison) -> None:
        from rag.analysis.comparison import group_title
        from rag.answer.answer import runs

        self._answers = [
            (
                Prose(clean(group_title(group.name, group.articles, result.language)), "bold"),
                _runs(runs(group.answer), " "),
            )
            for group in result.groups
        ]

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        narrow = options.max_width < COLUMN_WIDTH * len(self._answers)
        if narrow or not console.is_terminal:
            for title, text in self._answers:
                yield title
                yield Padding(text, (0, 0, 1, 2))
            return
        table = Table(box=box.SIMPLE_HEAD, pad_edge=False, expand=True)
        for title, _ in self._answers:
            table.add_column(title, ratio=1, overflow="fold")
        table.add_row(*(text for _, text in self._answers))
        yield table


def checked_claims(result: FactCheck) -> RenderableType:
    """Each claim with what was found of it, then the quotes."""
    from rag.analysis.checked import claim_runs

    say = words(result.language)
    parts: list[RenderableType] = [
        Padding(_runs(claim_runs(claim, result.language), " "), (0, 0, 1, 0))
        for claim in result.claims
    ]
    parts += [citation(cited, say) for cited in result.citations]
    parts.append(_made_by("", result.embedder, result.seconds))
    return Group(*parts)


def timeline(result: Timeline) -> RenderableType:
    """A line for each event, then where each stands."""
    from rag.analysis.events import event_runs

    say = words(result.language)
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, 2, 1, 0))
    table.add_column(style="bold cyan", max_width=DATE_WIDTH)
    table.add_column(overflow="fold")
    for event in result.events:
        date, said = event_runs(event, result.language)
        table.add_row(Prose(clean(date.text)), _runs((said,), ""))
    parts: list[RenderableType] = [table if result.events else Prose(say["no_events"]), ""]
    by_article: dict[str, list[Citation]] = {}
    for cited in result.citations:
        by_article.setdefault(cited.article.id, []).append(cited)
    for group in by_article.values():
        source = _source("][".join(str(cited.n) for cited in group), group[0].article)
        reprints = dict.fromkeys(outlets for cited in group if (outlets := also_in(cited)))
        if reprints:
            source.append(f"\n    {say['also_in']}: {clean(', '.join(reprints))}", "dim")
        parts.append(source)
    parts.append(_made_by("", result.embedder, result.seconds))
    return Group(*parts)


def _runs(given: Iterable[Run], space: str) -> Prose:
    """Runs of text with their markers; those that no source carries say why."""
    text = Prose()
    for run in given:
        style = "yellow italic" if run.lacking else "bold" if run.strong else ""
        text.append(clean(run.text), style)
        if run.lacking:
            text.append(f" (⚠ {clean(run.lacking)})", "yellow")
        text.append("".join(f"[{n}]" for n in run.citations), "bold cyan")
        text.append(space)
    return text


def _made_by(llm: str, embedder: str, seconds: Mapping[str, float]) -> Prose:
    total = f", {seconds['total']:.1f} s" if "total" in seconds else ""
    return Prose(" · ".join(filter(None, (llm, embedder))) + total, "dim")


def citation(cited: Citation, say: Mapping[str, str]) -> RenderableType:
    """A quote with its source."""
    lines: list[RenderableType] = [
        _source(str(cited.n), cited.article),
        Padding(Prose(quoted(clean(cited.quote)), MARKED), (0, 0, 0, 4)),
    ]
    if cited.also_in:
        also = Prose(f"{say['also_in']}: {clean(also_in(cited))}", "dim")
        lines.append(Padding(also, (0, 0, 0, 4)))
    return Group(*lines, "")
