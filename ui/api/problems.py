"""Errors of the API as problem details (RFC 9457), each with what to do about it.

In: whatever a request ended with. Out: `application/problem+json` with `type`, `title`, `status`
and `detail`; `detail` names the cure, as all messages of newscite do.
"""

from __future__ import annotations

import logging
import math
import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.routing import compile_path

from index.errors import ConfigError, InputError, LibraryError, ModelError, NewsciteError

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
JSON_TYPE = re.compile(r"(?i)\Aapplication/(?:[\w.-]+\+)?json\b")
SHOWN = 10
"""Wrong fields that are listed; with more, the first ones."""


class Problem(BaseModel):
    """Why a request was refused or failed (RFC 9457)."""

    type: str = Field(examples=["urn:newscite:problem:input"])
    title: str = Field(examples=["Unprocessable Content"])
    status: int = Field(examples=[422])
    detail: str = Field(description="What happened, and what to do about it.")


class RefusedError(Exception):
    """A request that is not carried out: its status, and why in words for the caller."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status, self.detail, self.headers = status, detail, headers


KINDS: Mapping[type[NewsciteError], tuple[str, int]] = {
    InputError: ("input", 422),
    ConfigError: ("settings", 500),
    LibraryError: ("library", 503),
    ModelError: ("model", 503),
    NewsciteError: ("newscite", 500),
}


def problem_of(error: NewsciteError) -> Problem:
    """One of our errors as a problem."""
    kind, status = next(found for of, found in KINDS.items() if isinstance(error, of))
    return _problem(kind, status, str(error))


def unexpected() -> Problem:
    """A fault of ours: its details are for the server's log, not for who called."""
    detail = "A fault in newscite. The server's log shows the details; report it with them."
    return _problem("fault", 500, detail)


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """The problems an operation may end with, for its description."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}}
        for status in sorted({*statuses, 401, 403, 422, 429, 500, 503})
    }


def install(app: FastAPI) -> None:
    """Makes the app answer every error with a problem."""
    app.add_exception_handler(NewsciteError, _on_ours)
    app.add_exception_handler(RefusedError, _on_refused)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Exception, _on_fault)


def _on_ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, NewsciteError)  # noqa: S101  # what the handler was registered for
    return _response(problem_of(error))


def _on_refused(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RefusedError)  # noqa: S101  # likewise
    return refusal(error)


def refusal(error: RefusedError) -> JSONResponse:
    """What a caller who is refused is sent."""
    return _response(_problem("refused", error.status, error.detail), error.headers)


def _on_invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101  # likewise
    wrong = [
        f"{'.'.join(str(part) for part in item['loc'])}: {item['msg']}"
        for item in error.errors()[:SHOWN]
    ]
    detail = f"The request is not as /api/v1/openapi.json describes it. {'; '.join(wrong)}."
    if not JSON_TYPE.search(request.headers.get("content-type", "application/json")):
        detail = f"Send JSON, and say so: Content-Type: application/json. {detail}"
    return _response(_problem("input", 422, detail.encode(errors="replace").decode()))


def _on_http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101  # likewise
    cures = {
        400: "The body cannot be read. Send JSON in UTF-8.",
        404: "There is nothing at this address. See /api/v1/openapi.json for those there are.",
        405: "This address knows no such method. See /api/v1/openapi.json.",
    }
    detail = cures.get(error.status_code, str(error.detail))
    headers = _allowed(request) if error.status_code == 405 else error.headers
    return _response(_problem("refused", error.status_code, detail), headers)


def _allowed(request: Request) -> dict[str, str]:
    """The header that lists the methods of an address; Starlette lists only those of its first
    route."""
    described: dict[str, dict[str, Any]] = request.app.openapi()["paths"]
    methods = {
        method.upper()
        for template, operations in described.items()
        if compile_path(template)[0].match(request.url.path)
        for method in operations
    }
    return {"Allow": ", ".join(sorted(methods))}


def _on_fault(request: Request, error: Exception) -> JSONResponse:
    logger.error("a request to %s failed", request.url.path, exc_info=error)
    return _response(unexpected())


def retry_after(seconds: float) -> dict[str, str]:
    """The header that says when to try again."""
    return {"Retry-After": str(math.ceil(seconds))}


def _problem(kind: str, status: int, detail: str) -> Problem:
    title = HTTPStatus(status).phrase
    return Problem(type=f"urn:newscite:problem:{kind}", title=title, status=status, detail=detail)


def _response(problem: Problem, headers: Mapping[str, str] | None = None) -> JSONResponse:
    return JSONResponse(problem.model_dump(), problem.status, headers, media_type=MEDIA_TYPE)
