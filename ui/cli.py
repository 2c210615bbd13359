"""The command line: `newscite add | remove | status | search | ask | ...`.

In: what the user typed. Out: the commands of ui/commands/ run, and our own errors as one line and an
exit code.
"""

from __future__ import annotations

import io
import os
import sys

from index.errors import ConfigError, InputError, NewsciteError
from ui.command import BROKEN, MISUSE, app
from ui.commands import access, helping, library, measuring, questions, serving  # noqa: F401  # they add theirs


def main() -> None:
    """Runs the command line; our own errors become one line and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a redirected stream may have any encoding
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # NumPy's products are small here: handing them to other threads takes longer than they do.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        app()
    except NewsciteError as error:
        print(f"newscite: {error}", file=sys.stderr)
        sys.exit(MISUSE if isinstance(error, ConfigError | InputError) else BROKEN)
