"""How a command is made: what each gets, and how it answers.

In: a function whose parameters are its own options. Out: a command of `app` that also takes the
options all share. Results go to standard output, everything else to standard error. Exit codes: 0
done, 1 nothing found or abstained, 2 wrong use, 3 broken library or model.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TypeVar, get_args

import typer
from typer.core import TyperCommand

from index.errors import InputError
from ui.formats import TEXT, Format, Rows, to_json

if TYPE_CHECKING:
    from rich.console import RenderableType

    from index.config import Settings
    from newscite import Library
    from rag.export.documents import Result

DONE, NOTHING, MISUSE, BROKEN = 0, 1, 2, 3

STOPPED = "Stopped. What was stored stays; the same command again goes on from there."

WHERE = "Where to write; .md .html .docx .json, citations: .bib .ris .csl.json"

HELP = {"help_option_names": ["-h", "--help"]}

app = typer.Typer(
    name="newscite",
    help="Ask a pile of news articles; every sentence of the answer is cited.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings=HELP,
)


def group(name: str, help: str) -> typer.Typer:
    """A group of commands: `newscite user add`, `newscite user list`, ..."""
    made = typer.Typer(help=help, no_args_is_help=True, rich_markup_mode=None)
    app.add_typer(made, name=name, context_settings=HELP)
    return made


class Rowed(Protocol):
    """What was found: hits, a comparison, a timeline."""

    def to_dict(self) -> dict[str, Any]: ...
    def to_rows(self) -> Rows: ...
    def to_markdown(self) -> str: ...


Found = TypeVar("Found", bound=Rowed)


@dataclass(frozen=True)
class Run:
    """What every command gets, and how it answers."""

    library: Path | None
    config: Path | None
    format: Format

    @property
    def live(self) -> bool:
        """Whether people read along; else programs read what is printed."""
        return self.format is Format.TABLE

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

    def folder(self) -> Path:
        """The library's folder, whether there is a library in it or not."""
        return self.library or self.settings().library

    def settings(self) -> Settings:
        """The settings as they hold for this command."""
        from index.config import load_settings

        return load_settings(self.config_file)

    @property
    def config_file(self) -> Path | None:
        """The file they come from, if there is one."""
        from index.config import find_config

        return self.config or find_config(Path.cwd())

    def show(
        self,
        data: Any,
        view: Callable[[], RenderableType],
        *,
        rows: Callable[[], Rows] | None = None,
        markdown: Callable[[], str] | None = None,
    ) -> None:
        """Prints the result in the format asked for: as `view` draws it, its data as JSON, its
        `rows` as JSON Lines or CSV, `markdown` or else its rows as Markdown."""
        if self.format is Format.TABLE:
            from ui import terminal

            terminal.printed(view())
        elif self.format is Format.JSON:
            print(to_json(data), flush=True)
        elif self.format is Format.MD and markdown is not None:
            print(markdown().rstrip("\n"), flush=True)
        else:
            print(TEXT[self.format](rows() if rows is not None else [data]), flush=True)

    def show_result(self, result: Found, view: Callable[[Found], RenderableType]) -> None:
        """Prints what was found or answered, whichever format is asked for."""
        self.show(
            result.to_dict(),
            lambda: view(result),
            rows=result.to_rows,
            markdown=result.to_markdown,
        )


def _common_options(
    library: Annotated[
        Path | None, typer.Option("--library", "-L", metavar="DIR", help="The library's folder.")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Settings; else newscite.toml or config.toml here."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="As --format json.")] = False,
    format: Annotated[Format, typer.Option(help="How to print the result.")] = Format.TABLE,
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
    countries: Annotated[
        list[str], typer.Option("--country", help="Of an outlet there: KZ, Kazakhstan, ...")
    ] = [],  # noqa: B006
    categories: Annotated[
        list[str], typer.Option("--category", help="Of this category, or with this tag.")
    ] = [],  # noqa: B006
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
        if not outputs:
            return cls({})
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
        if not self.endings:
            return
        from ui.page.render import WRITERS

        for path, ending in self.endings.items():
            try:
                path.write_bytes(WRITERS[ending](result))
            except OSError as error:
                raise InputError(f"Cannot write {path}: {error.strerror}.") from error


class Plain(TyperCommand):
    """A command whose help names its arguments without the types of Python that typer sets behind."""

    def format_options(self, ctx: Any, formatter: Any) -> None:
        listed: dict[str, list[tuple[str, str]]] = {"Arguments": [], "Options": []}
        for parameter in self.get_params(ctx):
            if (record := parameter.get_help_record(ctx)) is not None:
                argument = parameter.param_type_name == "argument"
                name = record[0].split(" <")[0] if argument else record[0]
                listed["Arguments" if argument else "Options"].append((name, record[1]))
        for heading, rows in listed.items():
            if rows:
                with formatter.section(heading):
                    formatter.write_dl(rows)


Command = Callable[..., int]


def command(function: Command) -> Command:
    """Makes a function a command of its name; the options of its `run`, `filters` and `exports`
    are the same for all."""
    app.command(function.__name__.strip("_"), cls=Plain)(_runner(function))
    return function


def subcommand(of: typer.Typer, name: str) -> Callable[[Command], Command]:
    """Makes a function a command of a group."""

    def register(function: Command) -> Command:
        of.command(name, cls=Plain)(_runner(function))
        return function

    return register


def _runner(function: Command) -> Callable[..., None]:
    """The function as typer takes it, with all its options in its signature."""
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
        library, config, as_json, format = (given.pop(name) for name in common)
        shared = Run(library, config, Format.JSON if as_json else format)
        if chosen:
            given["filters"] = {name: given.pop(name) for name in chosen}
        if written:
            given["exports"] = Exports.to(given.pop("export"))
        raise typer.Exit(function(shared, **given))

    del run.__dict__["__wrapped__"]
    parameters = [_worded(option) for option in options]
    run.__dict__["__signature__"] = inspect.Signature(parameters)
    run.__annotations__ = {option.name: option.annotation for option in options}
    return run


def _worded(option: inspect.Parameter) -> inspect.Parameter:
    """The parameter with a word for its value in the help: "OUTLET" rather than the name of a type."""
    kind, info = get_args(option.annotation)[:2]
    if info.metavar is None and not _is_choice(kind):
        declared = (info.default, *(info.param_decls or ()))
        names = [name for name in declared if isinstance(name, str) and name.startswith("--")]
        word = names[0].strip("-") if names else option.name
        info.metavar = "N" if int in (kind, *get_args(kind)) else word.replace("_", "-").upper()
    return option.replace(kind=inspect.Parameter.KEYWORD_ONLY)


def _is_choice(kind: Any) -> bool:
    return kind is bool or (isinstance(kind, type) and issubclass(kind, Enum))
