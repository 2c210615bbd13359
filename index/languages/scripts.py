"""The two scripts of Chinese: which characters belong to one of them, and texts put into the other.

In: texts in either script. Out: texts in the one asked for (by phrases, with OpenCC), or tables for
matching character by character. The tables ship as a file, because making them takes longer than most
commands should; `python -m index.languages.shipped` writes it again.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import opencc

FILE = "scripts.txt"


class ScriptTables(NamedTuple):
    """What folding and telling the scripts apart needs."""

    to_simplified: dict[int, str]
    """Traditional -> Simplified, by code point."""
    traditional: frozenset[str]
    """Characters that only Traditional Chinese has."""
    simplified: frozenset[str]


@cache
def converter(name: str) -> opencc.OpenCC:
    """OpenCC's conversion of that name: "t2s", "s2t", "s2tw"."""
    import opencc

    return opencc.OpenCC(name)


@cache
def script_tables() -> ScriptTables:
    """The tables as they ship."""
    text = files("index.languages").joinpath("data", FILE).read_text(encoding="utf-8")
    folded, folds, traditional, simplified = text.splitlines()
    to_simplified = {ord(c): s for c, s in zip(folded, folds, strict=True)}
    return ScriptTables(to_simplified, frozenset(traditional), frozenset(simplified))


def written_tables() -> str:
    """OpenCC's tables as the file has them. They hold the characters that fold and what they fold to,
    then the characters that only Traditional Chinese has and those that only Simplified has."""
    han = [chr(code) for code in chain(range(0x3400, 0x4DC0), range(0x4E00, 0xA000))]
    text = "\n".join(han)
    simplified = converter("t2s").convert(text).split("\n")
    traditional = converter("s2t").convert(text).split("\n")
    folds = [(c, s) for c, s in zip(han, simplified, strict=True) if s != c]
    only_traditional = [c for c, _ in folds]
    only_simplified = [c for c, t in zip(han, traditional, strict=True) if t != c]
    both = {*only_traditional} & {*only_simplified}
    rows = (
        only_traditional,
        [s for _, s in folds],
        [c for c in only_traditional if c not in both],
        [c for c in only_simplified if c not in both],
    )
    return "".join("".join(row) + "\n" for row in rows)
