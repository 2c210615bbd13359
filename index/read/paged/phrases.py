"""The words by which pages refer to pages, from all languages newscite knows.

In: `pages.toml` of each language pack. Out: patterns, for folded or plain text alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from index.languages.pack import either, packs, texts, words_pattern
from index.languages.text import primary


@dataclass(frozen=True, slots=True)
class Phrases:
    """Patterns of all languages."""

    page_number: re.Pattern[str]
    """A whole line that only says which page this is; matched on folded text."""
    continued_on: re.Pattern[str]
    continued_from: re.Pattern[str]
    byline: re.Pattern[str]
    """The beginning of a line below a headline that names its reporter or day."""
    kept_before: frozenset[str]
    kept_after: frozenset[str]
    """Words that keep the hyphen after or before them: long-, -based."""


@cache
def phrases() -> Phrases:
    """The phrases of every language pack; @months@ stands for the names of its months."""
    tables = texts("pages").values()
    months = {pack.code: words_pattern(pack.dates.months) for pack in packs()}

    def pattern(name: str) -> re.Pattern[str]:
        parts = (
            part.replace("@months@", months[primary(tag)])
            for tag, table in texts("pages").items()
            for part in table.get(name, ())
        )
        return re.compile(either(parts), re.IGNORECASE)

    def words(name: str) -> frozenset[str]:
        return frozenset(
            w for table in tables for part in table.get(name, ()) for w in part.split()
        )

    return Phrases(
        pattern("page_number"),
        pattern("continued_on"),
        pattern("continued_from"),
        pattern("byline"),
        words("hyphen_after"),
        words("hyphen_before"),
    )
