"""How large a request may be: what is larger is refused before it is read to its end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send


class BodyLimit:
    """ASGI middleware; the refusal is raised where the body is read, and answered as any other."""

    def __init__(self, app: ASGIApp, most: int) -> None:
        self._app = app
        self._most = most

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        read = 0

        async def limited() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._most:
                detail = f"The request is larger than {self._most} bytes: send less at once."
                raise HTTPException(413, detail)  # FastAPI lets no other pass while it reads
            return message

        await self._app(scope, limited, send)
