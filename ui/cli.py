"""The command line: `newscite add | remove | status | search | ask | ...`.

In: what the user typed. Out: the commands of ui/commands/ run, and our own errors as one line and an
exit code.
"""

from __future__ import annotations

import io
import os
import sys
from contextlib import suppress
from typing import NoReturn

from index.errors import ConfigError, InputError, NewsciteError
from ui.command import BROKEN, DONE, MISUSE, app
from ui.commands import library, questions  # noqa: F401  # each adds its own, and help lists them so

# isort: split
from ui.commands import serving  # noqa: F401

# isort: split
from ui.commands import access, helping, measuring  # noqa: F401


def main() -> None:
    """Runs the command line; our own errors become one line and an exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a redirected stream may have any encoding
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    # NumPy's products are small here: handing them to other threads takes longer than they do.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        try:
            app(arranged(sys.argv[1:]))
        finally:
            sys.stdout.flush()  # else the interpreter would report a full disk as it ends
    except NewsciteError as error:
        _end(str(error), MISUSE if isinstance(error, ConfigError | InputError) else BROKEN)
    except KeyboardInterrupt:
        _end("Stopped.", INTERRUPTED)
    except BrokenPipeError:  # who read the output has read enough, as `head` does
        _end("", DONE)
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        _end(
            f"{error.strerror or error}{where}. Check the path, its permissions and the disk.",
            BROKEN,
        )


SHARED = {"--library": 1, "-L": 1, "--config": 1, "--format": 1, "--json": 0}
"""The options of all commands, and how many words each takes."""


def arranged(words: list[str]) -> list[str]:
    """What was typed, with options of all commands behind the command, where they belong: many
    programs take them before it."""
    at = 0
    while at < len(words) and (name := words[at].split("=")[0]) in SHARED:
        at += 1 + ("=" not in words[at]) * SHARED[name]
    before, rest = words[:at], words[at:]
    if not rest or rest[0].startswith("-"):
        return words
    end = rest.index("--") if "--" in rest else len(rest)
    return [*rest[:end], *before, *rest[end:]]


def _end(said: str, code: int) -> NoReturn:
    """Ends the program with one line of words. What is left to be written has nowhere to go."""
    if said:
        with suppress(OSError):
            print(f"newscite: {said}", file=sys.stderr)
    with suppress(OSError):
        sys.stdout.flush()
        sys.exit(code)
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    sys.exit(code)


INTERRUPTED = 130
"""As shells have it: 128 and the number of the signal."""
