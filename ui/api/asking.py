"""Search, ask, check, compare and timeline over HTTP.

In: a question with filters. Out: what the result's `to_dict` gives; an answer also as a stream of
server-sent events, as it comes about.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Generator
from contextlib import aclosing
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, StreamingResponse

from index.errors import NewsciteError
from rag.answer.ask import Draft, Evidence, Final, Reading
from ui.api import schemas
from ui.api.callers import Asker, Reader
from ui.api.problems import problem_of, responses, unexpected
from ui.api.requests import Ask, Check, Compare, Search, TimelineOf, filters
from ui.server.events import in_threads

if TYPE_CHECKING:
    from newscite import Library
    from rag.answer.ask import Event

router = APIRouter(tags=["questions"])


def open_library(request: Request) -> Library:
    """The library that is served."""
    library: Library = request.app.state.library
    return library


Served = Annotated[Any, Depends(open_library)]
"""The served `newscite.Library`; to name its type to FastAPI would import all of it."""


@router.post("/search", response_model=schemas.Hits, responses=responses(400, 413))
def search(body: Search, library: Served, user: Reader) -> JSONResponse:
    """Find the passages that answer a question, best first, whatever language they are in."""
    return JSONResponse(library.search(body.question, body.limit, **filters(body)).to_dict())


@router.post("/ask", response_model=schemas.Answer, responses=responses(400, 413))
def ask(body: Ask, library: Served, user: Asker) -> JSONResponse:
    """Answer a question; every supported sentence cites the exact words of an article."""
    answer = library.ask(body.question, history=_history(body), **filters(body))
    return JSONResponse(answer.to_dict())


_STREAM: dict[str, Any] = {
    "description": "Server-sent events: "
    + ", ".join(f"`{name}` ({shape})" for name, shape in schemas.EVENTS.items())
    + ". The last is `answer` or `error`.",
    "content": {
        "text/event-stream": {
            "schema": {  # of each event
                "type": "object",
                "required": ["event", "data"],
                "properties": {
                    "event": {"enum": list(schemas.EVENTS)},
                    "data": {"type": "string", "contentMediaType": "application/json"},
                },
            },
        }
    },
}


@router.post(
    "/ask/stream",
    response_class=StreamingResponse,
    responses={200: _STREAM, **responses(400, 413)},
)
def ask_stream(body: Ask, library: Served, user: Asker) -> StreamingResponse:
    """Answer a question as it comes about: the evidence, how far it is read, pieces of the
    unchecked draft, at last the checked answer. Leaving stops the LLM."""
    events = library.ask_stream(body.question, history=_history(body), **filters(body))
    first = next(events)  # a wrong request is answered with its own status
    return StreamingResponse(
        _streamed(first, events),
        media_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


@router.post("/check", response_model=schemas.FactCheck, responses=responses(400, 413))
def check(body: Check, library: Served, user: Asker) -> JSONResponse:
    """Tell of each sentence of a text whether the articles support it, contradict it, or do not
    speak of it, with their words and what differs."""
    return JSONResponse(library.check(body.claim, **filters(body)).to_dict())


@router.post("/compare", response_model=schemas.Comparison, responses=responses(400, 413))
def compare(body: Compare, library: Served, user: Asker) -> JSONResponse:
    """What each outlet (country, language, period, author) answers, side by side, and where they
    agree, give different numbers, or contradict each other."""
    result = library.compare(body.question, by=body.by, most=body.most, **filters(body))
    return JSONResponse(result.to_dict())


@router.post("/timeline", response_model=schemas.Timeline, responses=responses(400, 413))
def timeline(body: TimelineOf, library: Served, user: Reader) -> JSONResponse:
    """What happened when: dated events of a topic across articles and languages, each cited."""
    return JSONResponse(library.timeline(body.topic, body.limit, **filters(body)).to_dict())


def _history(body: Ask) -> list[tuple[str, str]]:
    return [(turn.question, turn.answer) for turn in body.history]


async def _streamed(first: Event, events: Generator[Event, None, None]) -> AsyncIterator[str]:
    """The events as they are sent; a failure on the way is the last of them."""
    async with aclosing(in_threads(events)) as rest:
        try:
            yield _sent(*_as_sent(first))
            async for event in rest:
                yield _sent(*_as_sent(event))
        except NewsciteError as error:
            yield _sent("error", problem_of(error).model_dump())
        except Exception:
            yield _sent("error", unexpected().model_dump())
            raise


def _as_sent(event: Event) -> tuple[str, dict[str, Any]]:
    """An event's name, and what it carries."""
    if isinstance(event, Evidence):
        return "evidence", event.hits.to_dict()
    if isinstance(event, Reading):
        found = [excerpt.text for excerpt in event.excerpts]
        return "reading", {"sentences": found, "belief": round(event.belief, 3)}
    if isinstance(event, Draft):
        return "draft", {"text": event.text}
    assert isinstance(event, Final)  # noqa: S101  # there are no others
    return "answer", event.answer.to_dict()


def _sent(name: str, data: dict[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
