"""A progress bar that works where it is asked for: in a notebook's cell, else on a terminal.

In: a word for what is done. Out: a callback for `Library.add` and others that tell how far they are.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from html import escape
from importlib import import_module
from typing import Any

from index.report import Progress, ProgressCallback

EVERY_SECONDS = 0.2


@contextmanager
def progress(verb: str) -> Iterator[ProgressCallback]:
    """The callback; the bar goes when the work is over."""
    if not in_notebook():
        from ui import terminal

        with terminal.progress(verb) as callback:
            yield callback
        return
    ipython: Any = import_module("IPython.display")  # a notebook has it; others need not
    shown = ipython.display(ipython.HTML(_bar(verb, None)), display_id=True)
    last = 0.0

    def report(state: Progress) -> None:
        nonlocal last
        if time.monotonic() - last > EVERY_SECONDS:
            last = time.monotonic()
            shown.update(ipython.HTML(_bar(verb, state)))

    try:
        yield report
    finally:
        shown.update(ipython.HTML(""))


def in_notebook() -> bool:
    """Whether a cell of a notebook is being run."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return shell is not None and hasattr(shell, "kernel")


def _bar(verb: str, state: Progress | None) -> str:
    share = "" if state is None or state.share is None else f' value="{state.share:.3f}"'
    said = "" if state is None else f"{state.articles} articles {escape(state.source)}"
    return f"<label>{escape(verb)} <progress{share}></progress> {said}</label>"
