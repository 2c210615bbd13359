"""Results that show themselves in a notebook: by their Markdown, and as HTML made from it.

In: what has a `to_markdown` that escapes the text of articles. Out: what Jupyter asks for. HTML in
the Markdown is shown as text, and only addresses that are safe to follow become links.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


class Shown:
    """Shows itself in a notebook."""

    __slots__ = ()

    def to_markdown(self) -> str:
        """What it says, as Markdown."""
        raise NotImplementedError

    def _repr_markdown_(self) -> str:
        return self.to_markdown()

    def _repr_html_(self) -> str:
        return str(_markdown().render(self.to_markdown()))


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt  # only a notebook needs it

    return MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows of plain data as a Markdown table."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    lines = [columns, ["---"] * len(columns)]
    lines += [[_cell(row.get(name, "")) for name in columns] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _cell(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=list)
    return " ".join(_MARKUP.sub(r"\\\g<0>", text).split())


_MARKUP = re.compile(r"[\\`*_\[\]<>|~&]")
