"""The doors beside the page on one server: the HTTP API and MCP, or these alone.

In: an open library and where to listen. Out: ASGI middleware that answers /api/v1 and /mcp and hands
everything else on to the page; or a server of the two without a page.
"""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn
from starlette.responses import PlainTextResponse

from index.errors import ConfigError
from ui.access import Accounts
from ui.api.app import PREFIX, make_api
from ui.api.callers import Gate
from ui.mcp.http import PATH, McpOverHttp
from ui.server.guard import Guard, check_exposed, is_loopback

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

    from newscite import Library

STARTS_SECONDS = 30.0


class Doors:
    """ASGI middleware: the API and MCP of a library in front of `app`.

    `host` is the address that is listened on: where others reach it, they need a token.
    """

    def __init__(self, app: ASGIApp, library: Library, host: str) -> None:
        self._app = app
        gate = Gate(Accounts(library.path), library.settings.api, login=not is_loopback(host))
        self._api = make_api(library, gate)
        self._mcp = McpOverHttp(library, gate)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            async with self._mcp.running():
                await self._app(scope, receive, send)
        elif scope["type"] != "http":
            await self._app(scope, receive, send)
        elif scope["path"].startswith(f"{PREFIX}/"):
            await self._api(scope, receive, send)
        elif scope["path"] == PATH:
            await self._mcp(scope, receive, send)
        else:
            await self._app(scope, receive, send)


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    """What stands where the page would."""
    if scope["type"] == "lifespan":
        while True:
            step = (await receive())["type"]
            await send({"type": f"{step}.complete"})
            if step == "lifespan.shutdown":
                return
    said = f"This server has no page. Its API is described at {PREFIX}/openapi.json."
    await PlainTextResponse(said, 404)(scope, receive, send)


@contextmanager
def served(library: Library, host: str, port: int) -> Iterator[str]:
    """Serves the API and MCP without the page, from a thread; gives its address.

    Raises ConfigError where the address cannot be had, or others could come in without a token.
    """
    check_exposed(host, login=bool(Accounts(library.path).users()))
    app = Guard(Doors(_nothing, library, host), host, library.settings.page.names)
    with listening(host, port) as listener:
        config = uvicorn.Config(app, log_level="warning", server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        try:
            yield f"http://{_shown(host)}:{listener.getsockname()[1]}/"
        finally:
            server.should_exit = True
            thread.join(STARTS_SECONDS)


def serve(library: Library, host: str, port: int, ready: Callable[[str], None]) -> None:
    """The same until Ctrl-C, or until the process is asked to end; calls `ready` with the address."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with served(library, host, port) as url:
        ready(url)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


def listening(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes any free one."""
    try:
        kind = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=kind, backlog=2048)
    except OSError as error:
        raise ConfigError(
            f"Cannot listen on {host}:{port}: {error.strerror}. Try: newscite serve --port 0"
        ) from error


def _shown(host: str) -> str:
    return f"[{host}]" if ":" in host else host
