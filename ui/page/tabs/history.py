"""The list of conversations: find, open, rename, delete, export whole.

In: calls of the script. Out: HTML of the list, a whole conversation as a file.
"""

from __future__ import annotations

from typing import Any

from index.errors import InputError
from rag.export.whole import Conversation as Document
from ui.page.calls import Reader
from ui.page.desk import Desk
from ui.page.draw import conversations as draw
from ui.page.kept.conversations import Kind
from ui.page.render import WRITERS
from ui.page.tabs.panel import saved


class History:
    """Answers the list's calls."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def conversations(
        self, reader: Reader, kind: Kind, words: str = "", current: str = ""
    ) -> dict[str, Any]:
        """The list, the latest first; where there are none yet, what the tab is for."""
        listed = self.desk.conversations.listed(reader.name, kind, words)
        if not listed:
            none = "none_found" if words else "none_yet" if kind == "ask" else f"{kind}_hint"
            return {"html": draw.none(reader.say[none])}
        head = "" if kind == "ask" else reader.say["earlier"]
        return {"html": draw.listed(listed, current, head, reader.say)}

    def rename_conversation(self, reader: Reader, name: str, title: str) -> dict[str, Any]:
        self._known(self.desk.conversations.rename(name, reader.name, title), reader)
        return {"said": reader.say["renamed"]}

    def delete_conversation(self, reader: Reader, name: str) -> dict[str, Any]:
        self._known(self.desk.conversations.delete(name, reader.name), reader)
        self.desk.turns.forget(name)
        return {"said": reader.say["deleted"]}

    def export_conversation(self, reader: Reader, name: str, ending: str) -> dict[str, Any]:
        """All its answers as one document, cited through."""
        known = self.desk.conversations.get(name, reader.name)
        if known is None or ending not in WRITERS:
            raise InputError(reader.say["gone"])
        results = [turn.result for turn in self.desk.turns.of(name, reader.name) if turn.result]
        if not results:
            raise InputError(reader.say["gone"])
        whole = Document(known.title, results[0].language, tuple(results))
        return saved(known.title, ending, WRITERS[ending](whole))

    def _known(self, done: bool, reader: Reader) -> None:
        if not done:
            raise InputError(reader.say["gone"])
