"""Servers for tests, on loopback: milvus-lite as a process of its own; a remote LLM service."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

START_SECONDS = 120.0


class MilvusServer:
    """Keeps its data in a folder, so that it can be stopped and started again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.uri = f"http://127.0.0.1:{self.port}"
        self.start()

    def start(self) -> None:
        command = [str(Path(sys.executable).with_name("milvus-lite")), "server"]
        where = ["--data-dir", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)]
        self._process = subprocess.Popen([*command, *where], stdout=subprocess.DEVNULL)
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        self.kill()
        raise TimeoutError("milvus-lite did not start")

    def kill(self) -> None:
        """As a power cut would."""
        self._process.kill()
        self._process.wait()


@dataclass(frozen=True)
class Reply:
    """What a `Remote` answers to one request."""

    body: str = ""
    status: int = 200
    hangs: bool = False
    """It never comes."""


@dataclass(frozen=True)
class Request:
    """What a `Remote` was asked."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass
class Remote:
    """A service on the network: gives its replies one after another, the last again and again."""

    replies: list[Reply]
    asked: list[Request] = field(default_factory=list, init=False)

    def __enter__(self) -> Remote:
        remote = self
        self._closing = threading.Event()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                remote._answer(self)

            do_POST = do_GET  # noqa: N815  the name is http.server's

            def log_message(self, format: str, *args: Any) -> None:
                """Tests are quiet."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, request: BaseHTTPRequestHandler) -> None:
        length = int(request.headers.get("Content-Length", 0))
        body = json.loads(request.rfile.read(length) or "null")
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.asked.append(Request(request.path, headers, body))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if reply.hangs:
            self._closing.wait()
            return
        data = reply.body.encode()
        stream = reply.body.startswith(("event:", "data:"))
        request.send_response(reply.status)
        request.send_header(
            "Content-Type", f"{'text/event-stream' if stream else 'application/json'}"
        )
        request.send_header("Content-Length", str(len(data)))
        request.end_headers()
        request.wfile.write(data)
