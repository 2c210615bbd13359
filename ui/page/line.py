"""The line in front of the LLM: first come, first served, and everyone sees their place.

In: who wants the LLM. Out: a `Ticket` that says when it is their turn. Nothing else of the page
waits here: searching and showing evidence need no LLM.
"""

from __future__ import annotations

import threading
from types import TracebackType
from typing import Self


class Line:
    """Lets `at_once` have the LLM at a time."""

    def __init__(self, at_once: int = 1) -> None:
        self._at_once = at_once
        self._moved = threading.Condition()
        self._waiting: list[Ticket] = []

    def enter(self) -> Ticket:
        """A place at the end; leave it by closing the ticket."""
        with self._moved:
            ticket = Ticket(self)
            self._waiting.append(ticket)
            return ticket

    def place(self, ticket: Ticket) -> int:
        """How many are before it; 0 when it is its turn."""
        with self._moved:
            return max(0, self._waiting.index(ticket) - self._at_once + 1)

    def wait(self, ticket: Ticket, seconds: float) -> int:
        """Waits until the line moves, but not longer than that; the place then."""
        with self._moved:
            if self.place(ticket):
                self._moved.wait(seconds)
            return self.place(ticket)

    def leave(self, ticket: Ticket) -> None:
        with self._moved:
            if ticket in self._waiting:
                self._waiting.remove(ticket)
                self._moved.notify_all()


class Ticket:
    """A place in the line; a context that leaves it at the end."""

    def __init__(self, line: Line) -> None:
        self._line = line

    @property
    def place(self) -> int:
        """How many are before it; 0 when it is its turn."""
        return self._line.place(self)

    def wait(self, seconds: float) -> int:
        """Waits until the line moves, but not longer than that; the place then."""
        return self._line.wait(self, seconds)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._line.leave(self)
