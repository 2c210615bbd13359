"""What a first visit offers: questions to begin with, and where the library is empty, articles to try.

In: a library, the reader. Out: examples for the chat; a few invented articles added.
"""

from __future__ import annotations

from importlib.resources import as_file, files
from typing import TYPE_CHECKING, Any

from ui.page.calls import Reader
from ui.page.desk import Desk

if TYPE_CHECKING:
    from newscite import Library

OFFERED = 3
LOOKED_AT = 30
"""The newest articles, among which those in the reader's language are asked about first."""

LONGEST = 60
"""Characters of a title that makes a question."""


def examples(library: Library, reader: Reader) -> list[dict[str, str]]:
    """The configured questions, or questions about the newest articles."""
    questions = library.settings.page.examples or _about_newest(library, reader)
    return [{"text": question} for question in questions]


def _about_newest(library: Library, reader: Reader) -> list[str]:
    rows = library.listing(sort="published", limit=LOOKED_AT).rows
    titled = [row for row in rows if 0 < len(row.title) <= LONGEST]
    titled.sort(key=lambda row: row.language != reader.language)
    titles = dict.fromkeys(" ".join(row.title.split()) for row in titled)
    return [reader.say["example_about"].format(title=title) for title in list(titles)[:OFFERED]]


class Welcome:
    """Answers the call of who has nothing to ask about yet."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def add_examples(self, reader: Reader) -> dict[str, Any]:
        """Adds a few invented articles, one in each language."""
        with as_file(files("ui.page") / "static" / "examples.jsonl") as path:
            self.desk.library.add(path)
        return {"said": reader.say["examples_added"]}
