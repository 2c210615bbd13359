"""Hunts patterns that backtrack, with strings made to hang each of them.

In: patterns as arguments; without any, those of the whole program. Out: as JSON, how many were tried,
and for each that hung its name and the string. A process of its own: see `limited`.

A pattern that backtracks takes years over a few hundred characters of the right kind. From each
pattern's own parse tree come strings that begin to match it, repeat what it repeats, and break off.
"""

from __future__ import annotations

import ast
import importlib
import json
import pkgutil
import random
import re
import re._constants as sre  # type: ignore[import-untyped]
import re._parser as parser  # type: ignore[import-untyped]
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import index
import rag
import ui
from index.languages.late import Late

ROOT = Path(__file__).parent.parent
LENGTH = 1000
SECONDS = 0.5
"""Of processor time, for all matches in a string of that length: a linear pattern takes .0001."""

ROUNDS = 3
CHARACTERS = " \ta1.,-<>\"'/=:;年月日中一二十第()（）「」[]*_#`~A\nйZ0|&%$"
FUNCTIONS = ("match", "search", "sub", "findall", "finditer", "fullmatch", "split")
REPEATS = (sre.MAX_REPEAT, sre.MIN_REPEAT, sre.POSSESSIVE_REPEAT)

Choice = Callable[[Any], Any]


class SlowError(Exception):
    """Processor time is up."""


def patterns() -> dict[tuple[str | bytes, int], str]:
    """Every pattern: those that modules hold, and literals given to functions of `re`."""
    found: dict[tuple[str | bytes, int], str] = {}
    for package in (index, rag, ui):
        for each in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for name, value in vars(importlib.import_module(each.name)).items():
                for pattern in _held(value, set()):
                    found.setdefault((pattern.pattern, pattern.flags), f"{each.name}.{name}")
    for file in (f for package in ("index", "rag", "ui") for f in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if _is_call(node):
                literal = node.args[0].value  # type: ignore[attr-defined]
                found.setdefault((literal, 0), f"{file.name}:{node.lineno}")  # type: ignore[attr-defined]
    return found


def _is_call(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and isinstance(node.func.value, ast.Name)
        and node.func.value.id == "re"
        and node.func.attr in FUNCTIONS
        and bool(node.args)
        and isinstance(node.args[0], ast.Constant)
    )


def _held(value: object, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    if id(value) in seen:
        return
    seen.add(id(value))
    if isinstance(value, Late):
        yield re.compile(value.source, value.flags_asked)
    elif isinstance(value, re.Pattern):
        yield value
    elif isinstance(value, dict):
        for item in [*value.keys(), *value.values()]:
            yield from _held(item, seen)
    elif isinstance(value, tuple | list | set | frozenset):
        for item in value:
            yield from _held(item, seen)


def _is_in(character: str, items: Any) -> bool:
    inside, negated = False, False
    for kind, value in items:
        if kind is sre.NEGATE:
            negated = True
        elif kind is sre.LITERAL:
            inside |= ord(character) == value
        elif kind is sre.RANGE:
            inside |= value[0] <= ord(character) <= value[1]
        elif kind is sre.CATEGORY:
            inside |= re.match(_CATEGORIES[value], character) is not None
    return inside != negated


_CATEGORIES = {
    sre.CATEGORY_DIGIT: r"\d", sre.CATEGORY_SPACE: r"\s", sre.CATEGORY_WORD: r"\w",
    sre.CATEGORY_NOT_DIGIT: r"\D", sre.CATEGORY_NOT_SPACE: r"\S", sre.CATEGORY_NOT_WORD: r"\W",
}  # fmt: skip


def sample(tree: Any, choose: Choice) -> str:
    """A string that the tree, or nearly, matches."""
    out = ""
    for kind, value in tree:
        if kind is sre.LITERAL:
            out += chr(value)
        elif kind is sre.NOT_LITERAL:
            out += "x" if value != ord("x") else "y"
        elif kind is sre.ANY:
            out += "a"
        elif kind is sre.IN:
            out += choose(_members(value) or [""])
        elif kind in REPEATS:
            out += "".join(sample(value[2], choose) for _ in range(max(value[0], 1)))
        elif kind is sre.SUBPATTERN:
            out += sample(value[3], choose)
        elif kind is sre.ATOMIC_GROUP:
            out += sample(value, choose)
        elif kind is sre.BRANCH:
            out += sample(choose(value[1]), choose)
    return out


def _members(items: Any) -> list[str]:
    return [c for c in CHARACTERS if _is_in(c, items)] or [
        chr(value if kind is sre.LITERAL else value[0])
        for kind, value in items
        if kind in (sre.LITERAL, sre.RANGE)
    ]


def repeated(tree: Any, before: str, choose: Choice) -> Iterator[tuple[str, Any]]:
    """What the tree repeats often, each with a string that leads to it."""
    for kind, value in tree:
        if kind in REPEATS:
            if value[1] is sre.MAXREPEAT or value[1] >= 8:
                yield before, value[2]
            yield from repeated(value[2], before, choose)
        elif kind is sre.SUBPATTERN:
            yield from repeated(value[3], before, choose)
        elif kind is sre.ATOMIC_GROUP:
            yield from repeated(value, before, choose)
        elif kind is sre.BRANCH:
            for branch in value[1]:
                yield from repeated(branch, before, choose)
        elif kind in (sre.ASSERT, sre.ASSERT_NOT):
            yield from repeated(value[1], before, choose)
        before += sample([(kind, value)], choose)


def attacks(tree: Any, seed: int) -> set[str]:
    """Strings of LENGTH characters that may hang a pattern."""
    chance = random.Random(seed)  # noqa: S311  not for secrets
    parts = {("", c, "\x00") for c in (" ", "\t", "a", "1", "\n", "中", "<a", "1.", "a ")}
    for turn in range(ROUNDS):
        choose: Choice = chance.choice if turn else (lambda items: items[0])
        parts.add(("", sample(tree, choose), "\x00"))
        for before, body in repeated(tree, "", choose):
            once = sample(body, choose) or "a"
            parts |= {
                (before, once, "\x00"),
                (before, once + sample(body, choose), "!"),
                ("", before + once, "\x00"),
            }
    return {a + b * (LENGTH // len(b)) + c for a, b, c in parts if b}


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Raises SlowError after so much processor time; `re` looks for signals while it matches.

    For a process without other threads only: all of them count, and a signal that comes late is
    raised wherever the program then is.
    """

    def stop(*_: object) -> None:
        raise SlowError

    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def hangs(pattern: str | bytes, flags: int) -> str:
    """A string that the pattern takes too long over; "" if none of those tried does."""
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    tree = parser.parse(text, flags if isinstance(pattern, str) else flags & ~re.UNICODE)
    compiled: re.Pattern[Any] = re.compile(pattern, flags)
    for attack in attacks(tree, len(text)):
        try:
            with limited(SECONDS):
                for _ in compiled.finditer(
                    attack if isinstance(pattern, str) else attack.encode("utf-8")
                ):
                    pass
        except SlowError:
            return attack
    return ""


def hunt(found: dict[tuple[str | bytes, int], str]) -> dict[str, str]:
    """The patterns that hang, each with a string that hangs it."""
    return {name: hung for key, name in found.items() if (hung := hangs(*key))}


if __name__ == "__main__":
    asked = {(pattern, int(re.UNICODE)): pattern for pattern in sys.argv[1:]} or patterns()
    sys.stdout.write(json.dumps({"tried": len(asked), "hung": hunt(asked)}))
