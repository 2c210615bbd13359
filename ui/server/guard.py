"""Who may call the server: a gate in front of the page and the API.

In: every HTTP and WebSocket request, before anything else sees it. Out: the request handed on, or a
refusal that says why; and on every response the headers that keep other sites out of the page.

A page of another site can send requests to a server on this machine, and by pointing its own name
at 127.0.0.1 (DNS rebinding) even read what comes back. So the server answers only to its own names,
to pages it sent itself, and the page's functions only to a browser that was sent the page.
"""

from __future__ import annotations

import ipaddress
import secrets
import socket
from collections.abc import Iterable
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.websockets import WebSocketClose

from index.errors import ConfigError

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset(("localhost", "127.0.0.1", "::1"))

READING = frozenset(("GET", "HEAD"))

PAGE_FUNCTIONS = "/gradio_api/"
"""Below it Gradio has what the page calls."""

API = "/api/"
"""Below it lies the API of newscite, each version in a folder of its own."""

REFUSED = "urn:newscite:problem:refused"

USED = (
    "queue/", "upload", "component_server", "heartbeat/", "cancel", "reset", "file=", "stream/",
)  # fmt: skip
"""What the page calls there. The rest (a proxy, editors, an overview of the functions) is shut."""

HARMLESS = ("startup-events", "theme.css", "app_id")
"""What may be asked there before the page was sent: Gradio itself does when it starts."""

SHUT = frozenset(("docs", "redoc", "openapi.json", "monitoring", "vibe", "runs"))
"""First parts of paths that Gradio serves and the page has no use for."""

MAX_BODY = 32 * 1024 * 1024
"""Bytes of a request that is no upload: a long conversation, which Gradio sends whole, is 4 MB."""

POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval'",  # Gradio's page has both
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "media-src 'self' data: blob:",
        "worker-src 'self' blob:",
        "connect-src 'self'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-src 'self' blob:",
        "frame-ancestors 'self'",
    )
)
"""Nothing is loaded from elsewhere, sent elsewhere, or shown inside another site's page."""

HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Frame-Options": "SAMEORIGIN",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
CROSS_ORIGIN = (
    "access-control-allow-origin",
    "access-control-allow-credentials",
    "access-control-allow-methods",
    "access-control-allow-headers",
)
"""These headers would let other sites read; Gradio sends them."""


def is_loopback(host: str) -> bool:
    """Whether what listens on `host` is reached from this machine only."""
    if host in LOOPBACK:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def check_exposed(host: str, *, login: bool) -> None:
    """Raises ConfigError where people on other machines could come in without a password."""
    if login or is_loopback(host):
        return
    raise ConfigError(
        f"On {host} whoever reaches this machine could read the articles, and change them, without "
        "a password. Set up a user with: newscite user add NAME. Or listen on 127.0.0.1 and come in "
        "by an SSH tunnel, or by a web server in front of it (then name it in page.names)."
    )


class Guard:
    """ASGI middleware; wraps the whole application, outermost.

    `host` is the address that is listened on, `names` are the names of the server beyond it, as a
    reverse proxy or a name server gives them out.
    """

    def __init__(self, app: ASGIApp, host: str, names: Iterable[str] = ()) -> None:
        self.app = app
        self._names = {name.lower().rstrip(".") for name in (*LOOPBACK, host, *names)}
        self._any_address = not is_loopback(host)
        if self._any_address:
            self._names.add(socket.gethostname().lower())
        self._key = secrets.token_urlsafe(24)
        self._cookie = f"newscite-{secrets.token_hex(4)}"
        """The cookie's name is new each time: cookies know no ports, and two pages must not lock
        out each other."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return
        refused = self._refusal(scope)
        if refused:
            status, reason = refused
            if scope["type"] == "websocket":
                await WebSocketClose(1008, reason)(scope, receive, send)
            else:
                await _reply(scope["path"], status, reason)(scope, receive, send)
            return
        await self.app(scope, self._limited(scope, receive), self._sending(scope, send))

    # -- what comes in ------------------------------------------------------------------------

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Status and reason, if the request is not to be answered."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not self._is_ours(host):
            return 421, (
                f"This server is not called {host!r}. If it is, add the name to page.names in "
                "config.toml."
            )
        method = scope.get("method", "GET")
        if _from_elsewhere(headers, host, scope["type"], method):
            return 403, "Another site's page sent this. newscite answers its own page only."
        if _length(headers) > MAX_BODY and not _is_upload(scope["path"]):
            return 413, f"The request is larger than {MAX_BODY} bytes: send less at once."
        return self._function_refusal(scope["path"], headers)

    def _function_refusal(self, path: str, headers: Headers) -> tuple[int, str] | None:
        if path.split("/")[1] in SHUT:
            return 404, "Not served."
        if not path.startswith(PAGE_FUNCTIONS):
            return None
        function = path.removeprefix(PAGE_FUNCTIONS)
        if function.startswith(HARMLESS):
            return None
        if not function.startswith(USED):
            return 404, "Not served."
        if not self._was_sent_the_page(headers):
            return 403, "This belongs to the page: open the page, or reload it."
        return None

    def _is_ours(self, host: str) -> bool:
        """Whether a Host header names this server. An address cannot be another site's name."""
        try:
            name = (urlsplit(f"//{host}").hostname or "").rstrip(".")
        except ValueError:
            return False
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return self._any_address

    def _was_sent_the_page(self, headers: Headers) -> bool:
        try:
            sent = SimpleCookie(headers.get("cookie", "")).get(self._cookie)
        except CookieError:
            return False
        return sent is not None and secrets.compare_digest(sent.value.encode(), self._key.encode())

    def _limited(self, scope: Scope, receive: Receive) -> Receive:
        """The request's body, cut off where it grows beyond what it may be."""
        if _is_upload(scope["path"]):
            return receive
        left = MAX_BODY

        async def limited() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body") or b"")
            return {"type": "http.disconnect"} if left < 0 else message

        return limited

    # -- what goes out ------------------------------------------------------------------------

    def _sending(self, scope: Scope, send: Send) -> Send:
        is_page = scope.get("method") == "GET" and not scope["path"].startswith(PAGE_FUNCTIONS)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name in CROSS_ORIGIN:
                    del headers[name]
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                if is_page and headers.get("content-type", "").startswith("text/html"):
                    cookie = f"{self._cookie}={self._key}; Path=/; HttpOnly; SameSite=Strict"
                    headers.append("set-cookie", cookie)
                    headers["Cache-Control"] = "no-store"
            await send(message)

        return sending


def _reply(path: str, status: int, reason: str) -> Response:
    """What who is refused is sent: a program problem details (RFC 9457), as by the API itself."""
    if not path.startswith(API):
        return PlainTextResponse(reason, status, HEADERS)
    title = HTTPStatus(status).phrase
    problem = {"type": REFUSED, "title": title, "status": status, "detail": reason}
    return JSONResponse(problem, status, HEADERS, media_type="application/problem+json")


def _from_elsewhere(headers: Headers, host: str, kind: str, method: str) -> bool:
    """Whether a page of another site sent the request.

    Browsers say so in Origin where something is sent or changed, newer ones in Sec-Fetch-Site
    always. A link from elsewhere to the page itself is fine; it can only show the page.
    """
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc.lower() != host.lower():
        return True
    if headers.get("sec-fetch-site", "none") in ("same-origin", "none"):
        return False
    shows = headers.get("sec-fetch-mode") == "navigate" and method in READING
    return kind == "websocket" or not shows


def _length(headers: Headers) -> int:
    stated = headers.get("content-length", "0")
    return int(stated) if stated.isdecimal() and len(stated) < 20 else MAX_BODY + 1


def _is_upload(path: str) -> bool:
    return path.startswith(f"{PAGE_FUNCTIONS}upload")
