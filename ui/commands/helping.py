"""What explains: config, doctor, --version."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ui.command import BROKEN, DONE, Run, app, command

HIDDEN = "(set, not shown)"


def _print_version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"newscite {version('newscite')}")
        raise typer.Exit(DONE)


@app.callback()
def _top(
    version: Annotated[
        bool,
        typer.Option(
            "--version", "-V", callback=_print_version, is_eager=True, help="Show the version."
        ),
    ] = False,
) -> None: ...


@command
def config(run: Run) -> int:
    """Show every setting, its value, and where that comes from."""
    from index.config import explain_settings
    from ui import terminal

    settings = explain_settings(run.config_file)
    rows = [
        {"setting": one.name, "value": _shown(one.name, one.value), "from": one.origin}
        for one in settings
    ]
    run.show({"settings": rows}, lambda: terminal.rows(rows), rows=lambda: rows)
    return DONE


def _shown(name: str, value: object) -> object:
    """Options of an LLM's class may hold a key."""
    if name == "llm.options" and isinstance(value, dict):
        return dict.fromkeys(value, HIDDEN)
    if isinstance(value, tuple):
        return list(value)
    return str(value) if isinstance(value, Path) else value


@command
def doctor(run: Run) -> int:
    """Check versions, models, disk, memory and the library; say what to do about what is wrong."""
    from ui import terminal
    from ui.doctor import examine

    checks = examine(run.settings(), run.folder())
    rows = [check.to_dict() for check in checks]
    run.show({"checks": rows}, lambda: terminal.checked(rows), rows=lambda: rows)
    return BROKEN if any(check.state == "bad" for check in checks) else DONE
