"""MCP over HTTP: the same tools for assistants that reach the server by its address.

In: requests to /mcp, with `Authorization: Bearer TOKEN` where the library has users. Out: what the
SDK's streamable HTTP transport answers. Readers get the tools that read; editors those that change
something too, where `api.mcp_changes` allows it.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from mcp.server.transport_security import TransportSecuritySettings
from starlette.datastructures import Headers

from ui.api.callers import Gate
from ui.api.problems import RefusedError, refusal
from ui.mcp.server import make_server

if TYPE_CHECKING:
    from mcp.server.mcpserver import MCPServer
    from starlette.types import ASGIApp, Receive, Scope, Send

    from newscite import Library
    from ui.access import User

PATH = "/mcp"
MB = 1_000_000


class McpOverHttp:
    """An ASGI application; `running` must surround all requests."""

    def __init__(self, library: Library, gate: Gate) -> None:
        self._gate = gate
        self._reading = make_server(library)
        self._changing = make_server(library, allow_changes=library.settings.api.mcp_changes)
        # The SDK tells of each start and end of a session; Gradio lets all INFO through.
        logging.getLogger("mcp").setLevel(logging.WARNING)
        most = library.settings.api.max_request_mb * MB
        self._apps = {server: _app(server, most) for server in (self._reading, self._changing)}

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While it lasts, requests are answered."""
        async with AsyncExitStack() as stack:
            for server in self._apps:
                await stack.enter_async_context(server.session_manager.run())
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            user = await run_sync(self._admit, Headers(scope=scope), scope.get("client"))
        except RefusedError as error:
            await refusal(error)(scope, receive, send)
            return
        server = self._changing if user.may_edit else self._reading
        await self._apps[server](scope, receive, send)

    def _admit(self, headers: Headers, client: tuple[str, int] | None) -> User:
        kind, _, token = headers.get("authorization", "").partition(" ")
        address = client[0] if client else ""
        user = self._gate.caller(token.strip() if kind.lower() == "bearer" else None, address)
        self._gate.count(user, address, answer=False)
        return user


def _app(server: MCPServer, most: int) -> ASGIApp:
    """Without sessions, so that a restart of the server is not noticed. Names and origins of
    requests are checked by the guard in front of the whole server."""
    return server.streamable_http_app(
        streamable_http_path=PATH,
        stateless_http=True,
        max_request_body_size=most,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),
    )
