"""The command line: `newscite add | remove | status | verify | rebuild | search | ask | ...`.

Results go to standard output (with --json as JSON and nothing else), everything else to standard
error. Exit codes: 0 done, 1 nothing found or abstained, 2 wrong use, 3 broken library or model.
"""

from __future__ import annotations

import functools
import inspect
import io
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import ConfigError, InputError, NewsciteError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from newscite import Library
    from rag.answer.answer import Answer
    from rag.evaluate.evaluation import Evaluation, Question
    from rag.export.documents import Result

DONE, NOTHING, MISUSE, BROKEN = 0, 1, 2, 3

STOPPED = "Stopped. What was stored stays; the same command again goes on from there."

WHERE = "Where to write; .md .html .docx .json, citations: .bib .ris .csl.json"

app = typer.Typer(
    name="newscite",
    help="Ask a pile of news articles; every sentence of the answer is cited.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


@dataclass(frozen=True)
class Run:
    """What every command is told, and how it answers."""

    library: Path | None
    config: Path | None
    json: bool

    def open(
        self, *, create: bool = False, write: bool = False, check_embedder: bool = True
    ) -> Library:
        import newscite

        return newscite.open(
            self.library,
            self.config,
            create=create,
            read_only=not (create or write),
            check_embedder=check_embedder,
        )

    def show(self, data: Any, view: Callable[[], RenderableType]) -> None:
        """Prints the result: as JSON, or as `view` draws it."""
        if self.json:
            print(json.dumps(data, ensure_ascii=False, indent=2, default=list))
        else:
            from rich.console import Console

            Console(highlight=False).print(view())


def _common_options(
    library: Annotated[
        Path | None, typer.Option("--library", "-L", metavar="DIR", help="The library's folder.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Settings; else newscite.toml or config.toml here."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None: ...


def _filter_options(
    published_after: Annotated[
        str,
        typer.Option(
            "--published-after", "--after", metavar="DATE", help="Published then or later."
        ),
    ] = "",
    published_before: Annotated[
        str,
        typer.Option(
            "--published-before",
            "--before",
            metavar="DATE",
            help="Published then or earlier.",
        ),
    ] = "",
    as_of: Annotated[str, typer.Option(metavar="DATE", help="As if asked on this date.")] = "",
    added_after: Annotated[str, typer.Option(metavar="DATE", help="Added then or later.")] = "",
    added_before: Annotated[str, typer.Option(metavar="DATE", help="Added then or earlier.")] = "",
    outlets: Annotated[list[str], typer.Option("--outlet", help="Of this outlet.")] = [],  # noqa: B006
    languages: Annotated[
        list[str], typer.Option("--language", help="In this language: en, zh, zh-Hant, ...")
    ] = [],  # noqa: B006
    authors: Annotated[list[str], typer.Option("--author", help="By this author.")] = [],  # noqa: B006
    files: Annotated[list[str], typer.Option("--file", help="From this file or url.")] = [],  # noqa: B006
    tags: Annotated[list[str], typer.Option("--tag", help="With this tag.")] = [],  # noqa: B006
) -> None:
    """Fields of `Filter`; the lists may be given several times and match any of their values."""


def _export_options(
    export: Annotated[
        list[Path],
        typer.Option(metavar="FILE", help=f"{WHERE}; may be given several times."),
    ] = [],  # noqa: B006
) -> None: ...


@dataclass(frozen=True)
class Exports:
    """The files to write a result to, each with the ending that decides its format."""

    endings: Mapping[Path, str]

    @classmethod
    def to(cls, outputs: Sequence[Path]) -> Exports:
        """Raises InputError, before any work is done, for what cannot be written."""
        from ui.page.render import WRITERS

        endings = {
            path: next((ending for ending in WRITERS if path.name.endswith(ending)), "")
            for path in outputs
        }
        unknown = [path.name for path, ending in endings.items() if not ending]
        if unknown:
            raise InputError(
                f"Cannot write {unknown[0]}: its ending must be one of {' '.join(WRITERS)}."
            )
        missing = [path.parent for path in outputs if not path.parent.is_dir()]
        if missing:
            raise InputError(f"There is no folder {missing[0]} to write to.")
        return cls(endings)

    def write(self, result: Result) -> None:
        from ui.page.render import WRITERS

        for path, ending in self.endings.items():
            try:
                path.write_bytes(WRITERS[ending](result))
            except OSError as error:
                raise InputError(f"Cannot write {path}: {error.strerror}.") from error


def command(function: Callable[..., int]) -> Callable[..., int]:
    """Makes a function a command; the options of its `run`, `filters` and `exports` are the same
    for all."""
    own = inspect.signature(function, eval_str=True).parameters
    common = inspect.signature(_common_options, eval_str=True).parameters
    chosen, written = (
        inspect.signature(shared, eval_str=True).parameters if name in own else {}
        for name, shared in (("filters", _filter_options), ("exports", _export_options))
    )
    options = [p for name, p in own.items() if name not in {"run", "filters", "exports"}]
    options += [*written.values(), *chosen.values(), *common.values()]

    @functools.wraps(function)
    def run(**given: Any) -> None:
        shared = Run(*(given.pop(name) for name in common))
        if chosen:
            given["filters"] = {name: given.pop(name) for name in chosen}
        if written:
            given["exports"] = Exports.to(given.pop("export"))
        raise typer.Exit(function(shared, **given))

    del run.__dict__["__wrapped__"]
    parameters = [option.replace(kind=inspect.Parameter.KEYWORD_ONLY) for option in options]
    run.__dict__["__signature__"] = inspect.Signature(parameters)
    run.__annotations__ = {option.name: option.annotation for option in options}
    app.command(function.__name__.strip("_"))(run)
    return function


@command
def add(
    run: Run,
    paths: Annotated[
        list[str], typer.Argument(help="Files, folders, globs, urls; - for standard input.")
    ],
    sync: Annotated[
        bool, typer.Option("--sync", help="Remove articles whose files are gone from the folders.")
    ] = False,
) -> int:
    """Add articles to the library; what is unchanged is skipped."""
    from ui import terminal

    try:
        with run.open(create=True) as library, terminal.progress("Adding") as progress:
            report = library.add(paths, sync=sync, progress=progress)
    except KeyboardInterrupt:
        print(f"newscite: {STOPPED}", file=sys.stderr)
        raise
    run.show(asdict(report), lambda: terminal.added(report))
    return DONE if report.added or report.updated or report.skipped or report.removed else NOTHING


@command
def remove(
    run: Run,
    selectors: Annotated[
        list[str], typer.Argument(help="Article ids, file names, full paths or urls.")
    ],
) -> int:
    """Remove articles from the library."""
    from rich.text import Text

    with run.open(write=True) as library:
        report = library.remove(selectors)
    said = f"{len(report.articles)} articles removed."
    if report.missing:
        said += f" Not in the library: {', '.join(report.missing)}."
    run.show(asdict(report), lambda: Text(said))
    return DONE if report.articles else NOTHING


@command
def status(run: Run) -> int:
    """Show what the library holds."""
    from ui import terminal

    with run.open(check_embedder=False) as library:
        state = library.status()
    run.show(asdict(state), lambda: terminal.status(state))
    return DONE


@command
def verify(
    run: Run,
    repair: Annotated[bool, typer.Option("--repair", help="Mend what can be mended.")] = False,
) -> int:
    """Check the library for damage."""
    from ui import terminal

    with run.open(write=repair, check_embedder=False) as library:
        report = library.verify(repair=repair)
    data = asdict(report) | {"sound": report.sound}
    run.show(data, lambda: terminal.verified(report))
    return DONE if report.sound else BROKEN


@command
def rebuild(run: Run) -> int:
    """Embed and index every article anew, for instance with another embedder."""
    from ui import terminal

    with (
        run.open(write=True, check_embedder=False) as library,
        terminal.progress("Rebuilding") as progress,
    ):
        library.rebuild(progress=progress)
        state = library.status()
    run.show(asdict(state), lambda: terminal.status(state))
    return DONE


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
    from ui import terminal

    with run.open() as library:
        found = library.search(question, limit, **filters)
    run.show(found.to_dict(), lambda: terminal.hits(found))
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
    from ui import terminal

    with run.open() as library:
        given = _answer(library, question, [], filters, live=not run.json)
    run.show(given.to_dict(), lambda: terminal.answer(given))
    return NOTHING if given.abstained else DONE


@command
def chat(run: Run, filters: dict[str, Any]) -> int:
    """Talk with the articles in the terminal; an empty line or Ctrl-D ends it."""
    from rich.prompt import Prompt

    from ui import terminal

    history: list[tuple[str, str]] = []
    with run.open() as library:
        while True:
            try:
                question = Prompt.ask("[bold]?[/bold]") if sys.stdin.isatty() else input()
            except EOFError:
                break
            if not question.strip():
                break
            given = _answer(library, question, history, filters, live=not run.json)
            history.append((question, given.text))
            run.show(given.to_dict(), functools.partial(terminal.answer, given))
    return DONE if history else NOTHING


def _answer(
    library: Library,
    question: str,
    history: list[tuple[str, str]],
    filters: dict[str, Any],
    *,
    live: bool,
) -> Answer:
    """The answer; on a terminal the draft is shown while it is written."""
    from rich.console import Console
    from rich.live import Live

    from rag.answer.ask import Draft, Final
    from ui import terminal

    console = Console(stderr=True)
    written = ""
    with Live(console=console, transient=True, auto_refresh=live and console.is_terminal) as view:
        for event in library.ask_stream(question, history=history, **filters):
            if isinstance(event, Final):
                return event.answer
            if isinstance(event, Draft) and live:
                written += event.text
                view.update(terminal.draft(written))
    raise AssertionError("ask_stream ends with Final")


@command
def serve(
    run: Run,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; others reach it by 0.0.0.0.")
    ] = None,
    port: Annotated[int | None, typer.Option(help="Port; 0 for any free one.")] = None,
    browser: Annotated[
        bool, typer.Option("--browser", help="Open the page in the browser.")
    ] = False,
    page: Annotated[
        bool, typer.Option("--page/--no-page", help="Without it, the HTTP API and MCP alone.")
    ] = True,
) -> int:
    """Open the page, and beside it the HTTP API and MCP."""

    def ready(url: str) -> None:
        run.show({"url": url}, lambda: f"newscite is at {url} (Ctrl-C ends it)")

    with run.open(create=True) as library:
        settings = library.settings.page
        host = settings.host if host is None else host
        port = settings.port if port is None else port
        if page:
            from ui.page.chat import serve as serve_page

            serve_page(library, host, port, browser=browser, ready=ready)
        else:
            from ui.serving import serve as serve_alone

            serve_alone(library, host, port, ready)
    return DONE


@command
def mcp(
    run: Run,
    allow_changes: Annotated[
        bool, typer.Option("--allow-changes", help="Let the assistant add and remove articles.")
    ] = False,
) -> int:
    """Serve an assistant by the Model Context Protocol, over standard input and output."""
    from ui.mcp.server import make_server

    with run.open(write=allow_changes) as library:
        make_server(library, allow_changes=allow_changes).run("stdio")
    return DONE


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
    from ui import terminal

    with run.open() as library, terminal.progress("Asking") as progress:
        result = library.compare(question, by=by, most=groups, progress=progress, **filters)  # type: ignore[arg-type]  # compare() checks it
    exports.write(result)
    run.show(result.to_dict(), lambda: terminal.comparison(result))
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
    from ui import terminal

    with run.open() as library:
        result = library.timeline(topic, limit, **filters)
    exports.write(result)
    run.show(result.to_dict(), lambda: terminal.timeline(result))
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
        given = _answer(library, question, [], filters, live=not run.json)
    exports.write(given)
    written = [str(path) for path in outputs]
    run.show({"written": written}, lambda: Text(f"Written: {', '.join(written)}"))
    return NOTHING if given.abstained else DONE


@command
def eval_(
    run: Run,
    file: Annotated[Path, typer.Argument(help="Questions with gold evidence, as JSON lines.")],
    against: Annotated[
        Path | None,
        typer.Option(metavar="CONFIG", help="Settings to compare with, on the same questions."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first so many.")] = None,
) -> int:
    """Measure retrieval, answers, citations and abstention on a file of questions."""
    from index.config import load_settings
    from rag.evaluate.bootstrap import pair
    from rag.evaluate.evaluation import read_questions
    from ui import terminal

    questions = read_questions(file)[:limit]
    if against is not None:
        load_settings(against)  # a slip in it is told now, not after the first half
    with run.open() as library:
        path, result = library.path, _evaluated(library, questions)
    if against is None:
        run.show(result.to_dict(), lambda: terminal.evaluation(result))
        return DONE
    with _other(run, against, path) as library:
        other = _evaluated(library, questions)
    paired = pair(result, other)
    run.show(paired.to_dict(), lambda: terminal.paired(paired, str(against)))
    return DONE


def _evaluated(library: Library, questions: Sequence[Question]) -> Evaluation:
    from index.report import Progress
    from rag.evaluate.evaluation import evaluate
    from ui import terminal

    with terminal.progress("Asking") as progress:
        return evaluate(
            questions,
            library.retriever,
            library.llm,
            library.settings,
            progress=lambda done, total, outcome: progress(Progress(done, total)),
        )


def _other(run: Run, config: Path, path: Path) -> Library:
    """The library by other settings: the one they name, else the same one."""
    import newscite
    from index.config import load_settings

    named = "library" in load_settings(config).model_fields_set
    return newscite.open(None if named else path, config, create=False, read_only=True)


@command
def calibrate(
    run: Run,
    folder: Annotated[
        Path, typer.Argument(help="Parallel text: en.txt, ru.txt, ..., the same line in each.")
    ],
) -> int:
    """Fit the library's embedder to languages, for those that it favours others over."""
    from rich.text import Text

    from index.embed.calibrate import calibrate_library

    with run.open(write=True) as library:
        offsets = calibrate_library(library.path, library.embedder, folder)
    languages = sorted(offsets.languages)
    said = f"Fitted to {', '.join(languages)}. Nothing has to be rebuilt."
    run.show({"languages": languages}, lambda: Text(said))
    return DONE


def main() -> None:
    """Runs the command line; our own errors become one line and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a redirected stream may have any encoding
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except NewsciteError as error:
        print(f"newscite: {error}", file=sys.stderr)
        sys.exit(MISUSE if isinstance(error, ConfigError | InputError) else BROKEN)
