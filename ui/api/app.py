"""The HTTP API as an application: mounted beside the page, or served alone.

In: a library, and the gate that callers pass. Out: a FastAPI application under /api/v1, which
describes itself at /api/v1/openapi.json.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from ui.api import articles, asking, problems, schemas
from ui.api.limits import BodyLimit

if TYPE_CHECKING:
    from newscite import Library
    from ui.api.callers import Gate

PREFIX = "/api/v1"
MB = 1_000_000

DESCRIPTION = """\
Ask a pile of news articles in any language; every sentence of the answer cites the exact words of
an article: the text of article `article_id` from `start` to `end` is `quote`, counted in Unicode
code points.

Where the library has users, each request needs a token (`Authorization: Bearer ...`), made with
`newscite token create USER`. Errors are problem details (RFC 9457); `detail` says what to do.
Fields may be added to what is answered; what is asked may hold only the fields described here.
"""


def make_api(library: Library, gate: Gate) -> FastAPI:
    """The application; `gate` says who may call it."""
    app = FastAPI(
        title="newscite",
        version=version("newscite"),
        description=DESCRIPTION,
        docs_url=None,  # Swagger's page would be loaded from elsewhere
        redoc_url=None,
        openapi_url=f"{PREFIX}/openapi.json",
        generate_unique_id_function=_operation_id,
        separate_input_output_schemas=False,
    )
    app.state.library = library
    app.state.gate = gate
    app.add_middleware(BodyLimit, most=library.settings.api.max_request_mb * MB)
    problems.install(app)
    app.include_router(asking.router, prefix=PREFIX)
    app.include_router(articles.router, prefix=PREFIX)
    app.openapi = lambda: _described(app, login=gate.wants_token)  # type: ignore[method-assign]  # as FastAPI's docs do it
    return app


def _operation_id(route: APIRoute) -> str:
    return route.name


def _described(app: FastAPI, *, login: bool) -> dict[str, Any]:
    """The description, with the shapes that only errors and events have, and whether a token is
    wanted as things are."""
    if app.openapi_schema is None:
        app.openapi_schema = FastAPI.openapi(app)
        shapes = app.openapi_schema["components"]["schemas"]
        for shape in (problems.Problem, schemas.Reading, schemas.Draft):
            shapes[shape.__name__] = shape.model_json_schema()
        for name in ("HTTPValidationError", "ValidationError"):
            shapes.pop(name, None)
    token: list[dict[str, list[str]]] = [{"HTTPBearer": []}]
    for path in app.openapi_schema["paths"].values():
        for operation in path.values():
            operation["security"] = token if login else [{}, *token]
    return app.openapi_schema
