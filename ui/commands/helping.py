"""Commands that explain: config and doctor."""

from __future__ import annotations

from pathlib import Path

from ui.command import BROKEN, DONE, Run, command

HIDDEN = "(set, not shown)"


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
