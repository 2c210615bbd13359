"""What all tabs of the page share: the library, the conversations, the line for the LLM, the panel.

In: an open library. Out: the `Desk` that each tab is given.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.errors import NewsciteError
from index.store.filters import Filter
from rag.answer.answer import Answer
from rag.answer.ask import Event, Evidence, Final, ask_stream
from rag.llm.llama_cpp import LlamaCpp
from ui.page.calls import Calls
from ui.page.kept.conversations import Conversations
from ui.page.kept.turns import Turns
from ui.page.line import Line

if TYPE_CHECKING:
    from newscite import Library

REMOTE_AT_ONCE = 8
"""Questions that a remote LLM is asked at the same time; one in this process answers one."""

MOVES_SECONDS = 1.0
"""Whoever waits for the LLM sees their place at least this often, so that stopping works too."""

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Unread:
    """What was found is read after what so many others have found."""

    place: int


@dataclass(frozen=True)
class InLine:
    """Others have the LLM: so many readers come before this one. Meanwhile the articles are quoted."""

    answer: Answer
    place: int


class Desk:
    """What all tabs of the page share."""

    def __init__(self, library: Library, calls: Calls) -> None:
        self.library = library
        self.calls = calls
        self.conversations = Conversations(library.path, writable=library.writable)
        self.turns = Turns(library, self.conversations)
        in_process = isinstance(library.llm, LlamaCpp)
        self.line = Line(1 if in_process else REMOTE_AT_ONCE)
        self.reading = Line()
        """Reading takes all processors: one question is read at a time, and what others have found is
        shown to them meanwhile."""
        self.searchable = threading.Event()

    def close(self) -> None:
        self.conversations.close()

    def warm_up(self) -> None:
        """Loads the models while the reader is still typing; a failure is shown when they ask."""
        try:
            if self.library.status().articles:
                self.library.search("newscite", 1)
            self.searchable.set()
            self.library.warm_up()
            if isinstance(self.library.llm, LlamaCpp):
                self.library.llm.warm_up()
        except NewsciteError as error:
            logger.info("warming up failed: %s", error)
        finally:
            self.searchable.set()

    def ask(
        self, question: str, history: list[tuple[str, str]], filters: dict[str, Any]
    ) -> Generator[Event | InLine | Unread, None, None]:
        """`Library.ask_stream` for one of many: evidence at once, then the reader and the LLM in turn.

        Whoever has to wait sees their place, and meanwhile what the articles say in their own words.
        """
        stream = self.library.ask_stream(question, history=history, **filters)
        if self.library.llm is None:
            with closing(stream):
                yield from self._read_in_turn(stream)
            return
        with closing(stream), self.line.enter() as ticket:
            if ticket.place:
                quoted = None
                for event in self._read_in_turn(self._quoted(question, history, filters)):
                    if isinstance(event, Final):
                        quoted = event.answer
                    else:
                        yield event
                while (place := ticket.wait(MOVES_SECONDS)) and quoted is not None:
                    yield InLine(quoted, place)
                yield from stream  # what was read is remembered
            else:
                yield from self._read_in_turn(stream)

    def _read_in_turn(self, events: Iterator[Event]) -> Generator[Event | Unread, None, None]:
        """The events, the reader's turn waited for: all searching comes before any reading."""
        with ExitStack() as turn:
            for event in events:
                turn.close()
                yield event
                if isinstance(event, Evidence) and event.hits and event.hits[0].answers is None:
                    ticket = turn.enter_context(self.reading.enter())
                    while place := ticket.wait(MOVES_SECONDS):
                        yield Unread(place)

    def _quoted(
        self, question: str, history: list[tuple[str, str]], filters: dict[str, Any]
    ) -> Iterator[Event]:
        """The events of answering without an LLM."""
        return ask_stream(
            question,
            self.library.retriever,
            None,
            self.library.settings,
            filter=Filter.of(filters),
            history=history,
        )
