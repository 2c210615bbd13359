"""Urls: fetched within limits, and never from the user's own network."""

import gzip
import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from index.config import LoadSettings
from index.errors import InputError
from index.extract.articles import extract_articles
from index.read import fetch as fetching
from index.read.fetch import ascii_url, fetch, is_public, public_address
from index.read.sources import Source, find_sources, load_pages
from index.records import Article, Page, Rejection

PARAGRAPHS = (
    "Kazakhstan closed its trade office in Moscow after 31 years, officials said on Wednesday.",
    "The ministry did not comment on the decision, which had been expected for months by many.",
)
PAGE = (
    "<html><body><h1>Office closed</h1>"
    + "".join(f"<p>{p}</p>" for p in PARAGRAPHS)
    + "</body></html>"
)


class Handler(BaseHTTPRequestHandler):
    """A small site that moves, delays, and overfeeds."""

    seen: list[str]

    def do_GET(self) -> None:
        type(self).seen.append(self.headers["Host"])
        path = self.path
        if path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", path.removeprefix("/to/"))
            self.end_headers()
        elif path == "/loop":
            self.send_response(302)
            self.send_header("Location", "/loop")
            self.end_headers()
        elif path == "/page":
            self._send(PAGE.encode("gbk"), "text/html; charset=gbk")
        elif path == "/endless":
            self.send_response(200)
            self.end_headers()
            try:
                while True:
                    self.wfile.write(b"x" * 65536)
            except OSError:
                return
        elif path == "/slow":
            self.send_response(200)
            self.end_headers()
            try:
                for _ in range(100):
                    self.wfile.write(b"x")
                    self.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                return
        elif path == "/drip":
            try:
                for _ in range(100):
                    self.wfile.write(b"X")
                    self.wfile.flush()
                    time.sleep(0.1)
            except OSError:
                return
        elif path == "/bomb":
            self._send(gzip.compress(bytes(3 * 1024 * 1024)), "text/html", "gzip")
        else:
            self.send_error(404)

    def _send(self, body: bytes, kind: str, encoding: str = "identity") -> None:
        self.send_response(200)
        self.send_header("Content-Encoding", encoding)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Says nothing."""


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A server on this machine, with the check of addresses opened for this machine only."""
    monkeypatch.setattr(fetching, "is_public", lambda address: address == "127.0.0.1")
    Handler.seen = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_page_is_fetched_and_read(site: str) -> None:
    settings = LoadSettings()
    (source,) = find_sources([f"{site}/to//page"], settings)
    assert isinstance(source, Source)
    (page,) = load_pages(source, settings)
    assert isinstance(page, Page)
    (article,) = extract_articles(page, settings)
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Office closed", "\n".join(PARAGRAPHS))
    assert source.key == f"{site}/to//page"
    assert article.url == f"{site}/page"


@pytest.mark.parametrize(
    ("path", "settings", "reason"),
    [
        ("/missing", LoadSettings(), "404"),
        ("/loop", LoadSettings(), "redirects"),
        ("/endless", LoadSettings(url_max_mb=1), "url_max_mb"),
        ("/slow", LoadSettings(url_timeout_seconds=0.5), "seconds"),
        ("/drip", LoadSettings(url_timeout_seconds=0.5), "seconds"),
        ("/bomb", LoadSettings(url_max_mb=1), "url_max_mb"),
        ("/to/file:///etc/passwd", LoadSettings(), "Only http"),
        ("/to/http://10.0.0.1/", LoadSettings(), "not on the public internet"),
        ("/to/http://[::1]/", LoadSettings(), "not on the public internet"),
    ],
)
def test_limits(site: str, path: str, settings: LoadSettings, reason: str) -> None:
    (found,) = find_sources([site + path], settings)
    assert isinstance(found, Rejection)
    assert reason in found.reason


def test_this_machine_is_refused_by_default() -> None:
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        with pytest.raises(InputError, match="not on the public internet"):
            fetch(f"http://127.0.0.1:{server.getsockname()[1]}/", LoadSettings())
        with pytest.raises(InputError, match="not on the public internet"):
            fetch(f"http://localhost:{server.getsockname()[1]}/", LoadSettings())


def test_a_name_that_changes_its_address_is_connected_to_at_the_checked_one(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second answer of a rebinding name is never asked for."""
    answers = iter(["127.0.0.1"])
    real = socket.getaddrinfo

    def rebinding(host: Any, *args: Any, **kwargs: Any) -> Any:
        return real(next(answers) if host == "news.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", rebinding)
    port = site.rsplit(":", 1)[1]
    assert fetch(f"http://news.example:{port}/page", LoadSettings()).content
    assert Handler.seen == [f"news.example:{port}"]


def test_one_private_address_among_public_ones_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [(2, 1, 6, "", (address, 80)) for address in ("93.184.216.34", "192.168.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: entries)
    with pytest.raises(InputError, match=r"192\.168\.0\.1"):
        public_address("news.example", 80)


def test_chinese_addresses_are_encoded() -> None:
    assert ascii_url("https://新聞.tw/哈薩克?q=代表處#x") == (
        "https://xn--efvv70d.tw/%E5%93%88%E8%96%A9%E5%85%8B?q=%E4%BB%A3%E8%A1%A8%E8%99%95"
    )
    assert ascii_url("http://x.example/a%20b?c=d&e=f") == "http://x.example/a%20b?c=d&e=f"


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False), ("0.0.0.0", False), ("10.1.2.3", False), ("172.16.0.1", False),  # noqa: S104
        ("192.168.1.1", False), ("169.254.169.254", False), ("100.64.0.1", False), ("224.0.0.1", False),
        ("255.255.255.255", False), ("::", False), ("::1", False), ("fe80::1%eth0", False), ("fc00::1", False),
        ("ff02::1", False), ("::ffff:127.0.0.1", False), ("::ffff:10.0.0.1", False), ("64:ff9b::7f00:1", False),
        ("2002:7f00:1::", False), ("2001:0:7f00:1::", False),
    ],
)  # fmt: skip
def test_public_addresses(address: str, public: bool) -> None:
    assert is_public(address) is public


@pytest.mark.parametrize(
    "url",
    ["ftp://example.org/x", "file:///etc/passwd", "http://user:pass@example.org/", "http://", "http://[bad/", "gopher://x"],
)  # fmt: skip
def test_only_plain_web_urls(url: str) -> None:
    (found,) = find_sources([url], LoadSettings())
    assert isinstance(found, Rejection)
