"""The docstrings of the public Python API -> docs/python.md, which a test holds to them.

python docs/reference.py
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("python.md")

sys.path.insert(0, str(FILE.parent.parent))
import newscite  # noqa: E402

HEAD = "<!-- Made from the docstrings by docs/reference.py: change those, then run it. -->"
LIBRARY = (
    *("add", "add_articles", "remove", "correct", "search", "ask", "ask_stream", "check"),
    *(
        "compare",
        "check_stream",
        "compare_stream",
        "timeline",
        "status",
        "counts",
        "listing",
        "articles",
        "article",
    ),
    *("warm_up", "verify", "rebuild", "close", "as_query_engine", "as_retriever"),
    *("as_langchain_retriever", "as_haystack_retriever"),
)
"""The methods of a library that are for everybody, in the order in which they are needed."""


def reference() -> str:
    """The page."""
    functions = [n for n in newscite.__all__ if inspect.isfunction(getattr(newscite, n))]
    classes: list[type] = [getattr(newscite, n) for n in newscite.__all__ if n[0].isupper()]
    errors = [one for one in classes if issubclass(one, Exception)]
    records = [one for one in classes if is_dataclass(one)]
    parts = ["# newscite from Python", HEAD, _text(newscite.__doc__)]
    for name in functions:
        parts += _callable(f"newscite.{name}", getattr(newscite, name))
    every = "config.toml explains each; `newscite config` shows how they are set."
    parts += ["## newscite.Settings", f"{_text(newscite.Settings.__doc__)} {every}"]
    parts += ["## Library", _text(newscite.Library.__doc__)]
    for name in LIBRARY:
        if hasattr(newscite.Library, name):
            parts += _callable(f"library.{name}", getattr(newscite.Library, name), "###")
    parts.append("## What is handed on")
    for one in records:
        parts += _record(one)
    parts.append("## Errors")
    parts += [f"* `{one.__name__}`: {_text(one.__doc__)}" for one in errors]
    return "\n\n".join(parts) + "\n"


def _callable(name: str, function: Any, level: str = "##") -> list[str]:
    signature = inspect.signature(function)
    given = [one for one in signature.parameters.values() if one.name != "self"]
    said = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(signature.replace(parameters=given)))
    shown = f"{name}{said}"
    if len(shown) > 96:
        shown = _broken(name, said)
    return [f"{level} {name}", f"```python notest\n{shown}\n```", _text(function.__doc__)]


def _broken(name: str, said: str) -> str:
    """A signature over several lines, one for each parameter."""
    inside, _, returned = said[1:].rpartition(") -> ")
    parameters = re.split(r", (?![^\[(]*[\])])", inside)
    return "\n".join([f"{name}(", *(f"    {one}," for one in parameters), f") -> {returned}"])


def _record(one: type) -> list[str]:
    told = dict(_field_docs(one))
    lines = []
    for field in fields(one):
        if field.name.startswith("_"):
            continue
        more = f": {_line(told[field.name])}" if field.name in told else ""
        lines.append(f"* `{field.name}`, {_type(field.type)}{more}")
    methods = [
        f"* `{name}()`: {_line(inspect.getdoc(method) or '')}"
        for name, method in vars(one).items()
        if not name.startswith("_") and inspect.isfunction(method) and method.__doc__
    ]
    return [f"### {one.__name__}", _text(one.__doc__), "\n".join(lines + methods)]


def _field_docs(one: type) -> Iterator[tuple[str, str]]:
    """The string that follows a field in the source of its class, or of a class it comes from."""
    for part in reversed(one.__mro__[:-1]):
        if not is_dataclass(part):
            continue
        (tree,) = ast.parse(textwrap.dedent(inspect.getsource(part))).body
        body = tree.body  # type: ignore[attr-defined]  # it is a class
        for field, after in pairwise(body):
            said = after.value if isinstance(after, ast.Expr) else None
            if isinstance(field, ast.AnnAssign) and isinstance(said, ast.Constant):
                yield field.target.id, str(said.value)  # type: ignore[union-attr]  # a name


def _type(annotation: Any) -> str:
    return f"`{annotation if isinstance(annotation, str) else annotation.__name__}`"


def _line(text: str) -> str:
    return " ".join(text.split())


def _text(docstring: str | None) -> str:
    """A docstring as Markdown: what is indented in it is Python."""
    blocks = inspect.cleandoc(docstring or "").split("\n\n")
    return "\n\n".join(
        f"```python\n{textwrap.dedent(block)}\n```" if block.startswith("    ") else block
        for block in blocks
    )


if __name__ == "__main__":
    FILE.write_text(reference(), encoding="utf-8")
