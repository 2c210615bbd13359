"""Commands that answer something: search, ask, check, chat, compare, timeline, export."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ui.command import DONE, NOTHING, WHERE, Exports, Run, command
from ui.formats import Format

if TYPE_CHECKING:
    from newscite import Library
    from rag.answer.answer import Answer


@command
def search(
    run: Run,
    question: Annotated[str, typer.Argument(help="What to look for, in any language.")],
    filters: dict[str, Any],
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, help="How many passages.")
    ] = None,
) -> int:
    """Find the passages that answer a question, whatever language they are in."""
    from ui import results

    with run.open() as library:
        found = library.search(question, limit, **filters)
    run.show_result(found, results.hits)
    if not found:
        print("No passage was found.", file=sys.stderr)
    return DONE if found else NOTHING


@command
def ask(
    run: Run,
    question: Annotated[str, typer.Argument(help="The question, in any language.")],
    filters: dict[str, Any],
) -> int:
    """Answer a question; every sentence is cited to the words that carry it."""

    with run.open() as library:
        given = _answer(library, question, [], filters, live=run.live)
    _show(run, given)
    return NOTHING if given.abstained else DONE


@command
def check(
    run: Run,
    claim: Annotated[
        str, typer.Argument(help='A sentence, or a text of several; "-" for standard input.')
    ],
    filters: dict[str, Any],
    exports: Exports,
) -> int:
    """Tell whether the articles support a claim, contradict it, or do not speak of it."""
    from ui import results, terminal

    text = sys.stdin.read() if claim == "-" else claim
    with run.open() as library, terminal.progress("Checking") as progress:
        result = library.check(text, progress=progress, **filters)
    exports.write(result)
    run.show_result(result, results.checked_claims)
    return DONE if result.found else NOTHING


@command
def chat(run: Run, filters: dict[str, Any]) -> int:
    """Talk with the articles in the terminal; an empty line or Ctrl-D ends it."""
    from rich.prompt import Prompt

    history: list[tuple[str, str]] = []
    with run.open() as library:
        while True:
            try:
                question = Prompt.ask("[bold]?[/bold]") if sys.stdin.isatty() else input()
            except EOFError:
                break
            if not question.strip():
                break
            given = _answer(library, question, history, filters, live=run.live)
            history.append((question, given.text))
            _show(run, given)
    return DONE if history else NOTHING


def _show(run: Run, given: Answer) -> None:
    """An answer: a line of JSON Lines is the whole of it, a row of CSV one of its citations."""
    from ui import results

    run.show(
        given.to_dict(),
        lambda: results.answer(given),
        rows=given.to_rows if run.format is Format.CSV else None,
        markdown=given.to_markdown,
    )


def _answer(
    library: Library,
    question: str,
    history: list[tuple[str, str]],
    filters: dict[str, Any],
    *,
    live: bool,
) -> Answer:
    """The answer; on a terminal what was found is shown at once, then the evidence that was read in it,
    then the draft as it is written."""
    from rich.console import Console
    from rich.live import Live

    from rag.answer.ask import Draft, Evidence, Final, Reading
    from ui import results, terminal

    console = Console(stderr=True)
    written = ""
    with Live(console=console, transient=True, auto_refresh=live and console.is_terminal) as view:
        for event in library.ask_stream(question, history=history, **filters):
            if isinstance(event, Final):
                return event.answer
            if isinstance(event, Evidence | Reading) and live and not written:
                view.update(
                    results.evidence(event.excerpts)
                    if isinstance(event, Reading)
                    else results.found(event.hits)
                )
                view.refresh()
            if isinstance(event, Draft) and live:
                written += event.text
                view.update(terminal.draft(written))
    raise AssertionError("ask_stream ends with Final")


@command
def compare(
    run: Run,
    question: Annotated[str, typer.Argument(help="The question, in any language.")],
    filters: dict[str, Any],
    exports: Exports,
    by: Annotated[
        str, typer.Option(metavar="WHAT", help="outlet, country, language, period or author.")
    ] = "outlet",
    groups: Annotated[
        int | None, typer.Option(min=1, help="How many to ask; each takes an answer's time.")
    ] = None,
) -> int:
    """Show what each outlet answers, side by side, and where they agree or contradict."""
    from ui import results, terminal

    with run.open() as library, terminal.progress("Asking") as progress:
        result = library.compare(question, by=by, most=groups, progress=progress, **filters)  # type: ignore[arg-type]  # compare() checks it
    exports.write(result)
    run.show_result(result, results.comparison)
    return NOTHING if result.abstained else DONE


@command
def timeline(
    run: Run,
    topic: Annotated[str, typer.Argument(help="The topic, in any language.")],
    filters: dict[str, Any],
    exports: Exports,
    limit: Annotated[
        int | None, typer.Option("--limit", "-n", min=1, help="How many events.")
    ] = None,
) -> int:
    """List what happened when, across articles and languages, each event cited."""
    from ui import results

    with run.open() as library:
        result = library.timeline(topic, limit, **filters)
    exports.write(result)
    run.show_result(result, results.timeline)
    return DONE if result.events else NOTHING


@command
def export(
    run: Run,
    question: Annotated[str, typer.Argument(help="The question, in any language.")],
    outputs: Annotated[list[Path], typer.Argument(metavar="FILE...", help=WHERE)],
    filters: dict[str, Any],
) -> int:
    """Answer a question into files: a document, or citations for a reference manager."""
    from rich.text import Text

    exports = Exports.to(outputs)
    with run.open() as library:
        given = _answer(library, question, [], filters, live=run.live)
    exports.write(given)
    written = [str(path) for path in outputs]
    run.show({"written": written}, lambda: Text(f"Written: {', '.join(written)}"))
    return NOTHING if given.abstained else DONE
