"""Who may call the server: names, other sites, the page's own functions; and what is sent along."""

from __future__ import annotations

import asyncio
import os
import stat
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from index.errors import ConfigError
from ui.server import guard, uploads
from ui.server.guard import Guard, check_exposed

JOIN = "/gradio_api/queue/join"
HERE = "http://127.0.0.1:7860"


async def _page(request: Request) -> HTMLResponse:
    return HTMLResponse("<p>page</p>", headers={"Access-Control-Allow-Origin": "*"})


async def _function(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def _socket(socket: WebSocket) -> None:
    await socket.accept()
    await socket.close()


def _client(host: str = "127.0.0.1", *names: str, base: str = HERE) -> TestClient:
    everything = [
        Route("/", _page),
        Route("/api/v1/search", _function, methods=["GET", "POST"]),
        Route("/gradio_api/{rest:path}", _function, methods=["GET", "POST"]),
        Route("/{rest:path}", _function),
        WebSocketRoute("/socket", _socket),
    ]
    return TestClient(Guard(Starlette(routes=everything), host, names), base_url=base)


def test_own_page_calls_its_functions() -> None:
    client = _client()
    assert client.get("/").status_code == 200
    same = {"Origin": HERE, "Sec-Fetch-Site": "same-origin"}
    assert client.post(JOIN, headers=same, content=b"12345").text == "5"


def test_functions_want_the_page_first() -> None:
    client = _client()
    assert client.post(JOIN).status_code == 403
    assert client.post("/gradio_api/upload").status_code == 403
    assert client.get("/gradio_api/startup-events").status_code == 200  # Gradio asks it of itself


def test_page_of_another_run_does_not_count() -> None:
    first, second = _client(), _client()
    for name, value in first.get("/").cookies.items():
        second.cookies.set(name, value)
    assert second.post(JOIN).status_code == 403


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "127.0.0.1.evil.example", "192.0.2.1", "", "[:"]
)
def test_other_names_are_refused(host: str) -> None:
    client = _client()
    client.get("/")
    reply = client.get("/", headers={"Host": host})
    assert reply.status_code == 421
    assert "page.names" in reply.text
    assert client.post(JOIN, headers={"Host": host}).status_code == 421


@pytest.mark.parametrize("host", ["localhost:7860", "127.0.0.1", "[::1]:7860", "LOCALHOST"])
def test_names_of_this_machine(host: str) -> None:
    assert _client().get("/", headers={"Host": host}).status_code == 200


def test_names_beyond_this_machine() -> None:
    open_ = _client("0.0.0.0", "news.example.org")  # noqa: S104  # what is tested
    for host in ("192.0.2.1:7860", "news.example.org", "[2001:db8::1]"):
        assert open_.get("/", headers={"Host": host}).status_code == 200
    assert open_.get("/", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8000"},
        {"Origin": "http://localhost:7860"},  # the same machine by another name is another site
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
        {"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},  # a form
    ],
)
def test_other_sites_are_refused(headers: dict[str, str]) -> None:
    client = _client()
    client.get("/")
    assert client.post(JOIN, headers=headers).status_code == 403
    assert client.post("/api/v1/search", headers=headers).status_code == 403


def test_link_from_another_site_opens_the_page() -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    assert _client().get("/", headers=headers).status_code == 200
    framed = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert _client().get("/", headers=framed).status_code == 403


def test_sockets_are_guarded_alike() -> None:
    client = _client()
    client.get("/")
    with client.websocket_connect("/socket", headers={"Host": "127.0.0.1:7860"}):
        pass
    headers = {"Host": "127.0.0.1:7860", "Origin": "http://evil.example"}
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/socket", headers=headers):
        pass


@pytest.mark.parametrize(
    "path",
    ["/docs", "/openapi.json", "/monitoring/summary", "/gradio_api/info", "/gradio_api/run/add",
     "/gradio_api/proxy=http://evil.example", "/gradio_api/vibe-code"],
)  # fmt: skip
def test_what_the_page_has_no_use_for_is_shut(path: str) -> None:
    client = _client()
    client.get("/")
    assert client.get(path).status_code == 404


def test_a_program_is_refused_with_a_problem() -> None:
    client, path = _client(), "/api/v1/search"
    for headers, status in (
        ({"Host": "elsewhere"}, 421),
        ({"Origin": "http://elsewhere"}, 403),
        ({"Content-Length": str(guard.MAX_BODY + 1)}, 413),
    ):
        refused = client.post(path, content=b"{}", headers=headers)
        assert refused.headers["content-type"] == "application/problem+json"
        assert refused.json()["status"] == refused.status_code == status
        assert refused.json()["detail"]


def test_policies_go_with_every_reply() -> None:
    client = _client()
    for reply in (client.get("/"), client.get("/docs"), client.get("/", headers={"Host": "x"})):
        assert "frame-ancestors 'self'" in reply.headers["Content-Security-Policy"]
        assert reply.headers["X-Frame-Options"] == "SAMEORIGIN"
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert "Access-Control-Allow-Origin" not in reply.headers
    cookie = _client().get("/").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie


def test_large_bodies_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "MAX_BODY", 10)
    client = _client()
    client.get("/")
    assert client.post(JOIN, content=b"1" * 11).status_code == 413
    assert client.post("/gradio_api/upload", content=b"1" * 11).text == "11"  # Gradio limits it
    sent = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"1" * 6, "more_body": True}

    async def call() -> None:
        scope: dict[str, Any] = {
            "type": "http", "method": "POST", "path": "/api/v1/search", "query_string": b"",
            "headers": [(b"host", b"localhost"), (b"transfer-encoding", b"chunked")],
        }  # fmt: skip

        async def application(scope: Any, receive: Any, send: Any) -> None:
            while (message := await receive())["type"] == "http.request":
                sent.append(message)

        await Guard(application, "127.0.0.1")(scope, receive, receive)  # type: ignore[arg-type]

    asyncio.run(call())
    assert len(sent) == 1  # the second piece would be too much


def test_open_to_others_only_with_a_login() -> None:
    for host in ("0.0.0.0", "::", "192.0.2.1", "news.example.org"):  # noqa: S104  # what is tested
        with pytest.raises(ConfigError, match="password"):
            check_exposed(host, login=False)
        check_exposed(host, login=True)
    for host in ("127.0.0.1", "localhost", "::1", "127.1.2.3"):
        check_exposed(host, login=False)


def test_uploads_are_private_and_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads.tempfile, "tempdir", str(tmp_path))
    dead = tmp_path / f"{uploads.PREFIX}4194305-x"  # above any process id
    alive = tmp_path / f"{uploads.PREFIX}{os.getpid()}-x"
    for folder in (dead, alive):
        (folder / "part").mkdir(parents=True)
    folder = uploads.make_folder()
    assert not dead.exists()
    assert alive.exists()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    sent = folder / "1f" / "article.txt"
    sent.parent.mkdir()
    other = tmp_path / "mine.txt"
    for file in (sent, other):
        file.write_text("x")
    uploads.discard([sent, other, folder / "gone"], folder)
    assert other.exists()
    assert not list(folder.iterdir())
