"""Commands that fill a library and look after it: add, remove, status, verify, rebuild, calibrate."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from index.records import Rejection
from index.report import AddReport, Entry
from ui.command import BROKEN, DONE, NOTHING, STOPPED, Run, command

EMPTY = "Nothing that could be an article."


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

    if refused := _nothing_to_add(run, paths):
        report = AddReport(rejected=refused)
        run.show(asdict(report), lambda: terminal.added(report), rows=report.to_rows)
        return NOTHING
    try:
        with run.open(create=True) as library, terminal.progress("Adding") as progress:
            report = library.add(paths, sync=sync, progress=progress)
    except KeyboardInterrupt:
        print(f"newscite: {STOPPED}", file=sys.stderr)
        raise
    run.show(asdict(report), lambda: terminal.added(report), rows=report.to_rows)
    return DONE if report.added or report.updated or report.skipped or report.removed else NOTHING


def _nothing_to_add(run: Run, paths: list[str]) -> tuple[Entry, ...]:
    """Why there is nothing under the paths; empty where there is something, or a library already:
    a slip of the keyboard must not leave a folder behind."""
    from index.library import Library
    from index.read.sources import STANDARD_INPUT, find_sources

    if Library.exists(run.folder()) or any(p == STANDARD_INPUT or "://" in p for p in paths):
        return ()
    refused: list[Entry] = []
    for found in find_sources(paths, run.settings().load):
        if not isinstance(found, Rejection):
            return ()
        refused.append(Entry(found.source, 0, found.reason))
    return tuple(refused) or tuple(Entry(path, 0, EMPTY) for path in paths)


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
