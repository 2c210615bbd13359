"""Patterns that are compiled when they are first used.

In: a regular expression. Out: what behaves as the compiled one. A command reads few texts of few kinds:
to compile every pattern of every language first would take it longer than its work.
"""

from __future__ import annotations

import re
from typing import Any, cast


class Late:
    """A pattern that is still to be compiled. After its first use it costs what a compiled one does."""

    def __init__(self, source: str, flags: int) -> None:
        self.source = source
        self.flags_asked = flags

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = re.compile(self.source, self.flags_asked)
        vars(self).update({each: getattr(compiled, each) for each in _HAS})
        return getattr(compiled, name)


_HAS = [name for name in dir(re.Pattern) if not name.startswith("_")]


def pattern(source: str, flags: int = 0) -> re.Pattern[str]:
    """`re.compile`, put off. Whether the expression is valid shows at its first use, or in the tests,
    which try them all."""
    return cast("re.Pattern[str]", Late(source, flags))
