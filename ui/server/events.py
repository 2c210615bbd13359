"""A generator that works in this process -> the same events for an asynchronous server.

In: a generator as `Library.ask_stream` returns it. Out: its events, each computed in a thread so
that nobody else waits; whatever happens, the generator is closed, which stops the LLM.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator
from typing import TypeVar

import anyio
from anyio.to_thread import run_sync

Event = TypeVar("Event")


async def in_threads(events: Generator[Event, None, None]) -> AsyncGenerator[Event, None]:
    """The events, as they come."""
    try:
        while (event := await run_sync(next, events, None)) is not None:
            yield event
    finally:
        with anyio.CancelScope(shield=True):
            await run_sync(events.close)
