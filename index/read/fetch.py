"""A url the user gave -> its bytes, without reaching into the user's own network.

In: an http(s) url. Out: a `Download`. On every hop of a redirect the host is resolved once, refused
unless all its addresses are public, and connected to at the very address that was checked, so that
a name which answers differently the second time (DNS rebinding) gains nothing. Proxies from the
environment are not used: they would connect to addresses that were never checked.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urljoin, urlsplit, urlunsplit

import httpcore

from index.config import LoadSettings
from index.errors import InputError
from index.read.streams import MB

MAX_REDIRECTS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_HEADERS: Mapping[bytes | str, bytes | str] = {
    "User-Agent": "newscite (reads single pages that its user names)",
    "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
    "Accept-Encoding": "identity",
}


@dataclass(frozen=True, slots=True)
class Download:
    """What came back."""

    url: str
    """Where it was found in the end, after redirects."""
    content: bytes
    content_type: str


def fetch(url: str, settings: LoadSettings) -> Download:
    """The content of a url. Raises InputError with the reason when it cannot or may not be had."""
    url = ascii_url(url)
    backend = _CheckedBackend(time.monotonic() + settings.url_timeout_seconds)
    try:
        with httpcore.ConnectionPool(network_backend=backend) as pool:
            for _ in range(MAX_REDIRECTS + 1):
                step = _request(pool, url, settings)
                if isinstance(step, Download):
                    return step
                url = step
    except (httpcore.TimeoutException, TimeoutError) as error:
        raise InputError(
            "url_slow", "Took longer than {seconds} seconds.", seconds=settings.url_timeout_seconds
        ) from error
    except (httpcore.NetworkError, httpcore.ProtocolError, httpcore.UnsupportedProtocol) as error:
        raise InputError(
            "url_failed", "Cannot be fetched: {error}.", error=error or type(error).__name__
        ) from error
    raise InputError("redirects", "More than {most} redirects.", most=MAX_REDIRECTS)


def _request(pool: httpcore.ConnectionPool, url: str, settings: LoadSettings) -> Download | str:
    """The download, or the url it redirects to."""
    check_url(url)
    with pool.stream("GET", url, headers=_HEADERS) as response:
        headers = {
            name.lower(): value.decode("utf-8", "replace") for name, value in response.headers
        }
        location = headers.get(b"location", "")
        if response.status in _REDIRECTS and location:
            return ascii_url(urljoin(url, location))
        if response.status != 200:
            raise InputError("url_status", "The server answered {status}.", status=response.status)
        content = bytearray()
        limit = settings.url_max_mb * MB
        for chunk in response.iter_stream():
            content += chunk
            if len(content) > limit:
                raise InputError(
                    "url_large", "Larger than url_max_mb = {mb}.", mb=settings.url_max_mb
                )
        body = _decompressed(bytes(content), headers.get(b"content-encoding", ""), limit)
    return Download(url, body, headers.get(b"content-type", ""))


def ascii_url(url: str) -> str:
    """A url as it travels: the host in IDNA, other letters percent-encoded."""
    try:
        parts = urlsplit(url.strip())
        netloc = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except (ValueError, UnicodeError) as error:
        raise InputError("url_wrong", "Not a url: {error}.", error=error) from error
    path, query = (quote(part, safe="/%:=&?~+!$,;'@()*[]|") for part in (parts.path, parts.query))
    return urlunsplit((parts.scheme, netloc, path, query, ""))


def check_url(url: str) -> None:
    """Raises InputError for what is no plain web address."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise InputError("url_wrong", "Not a url: {error}.", error=error) from error
    if parts.scheme not in ("http", "https"):
        raise InputError(
            "url_scheme", "Only http and https urls are read, not {scheme}:.", scheme=parts.scheme
        )
    if not host or port == 0 or any(c <= " " for c in url):
        raise InputError("url_not", "Not a url: copy it from the address bar of a browser.")
    if "@" in parts.netloc:
        raise InputError("url_password", "A url with a user name or password is not read.")


def _decompressed(content: bytes, encoding: str, limit: int) -> bytes:
    """What a server compressed without being asked to; never more than the limit."""
    if encoding.lower() in ("", "identity"):
        return content
    if encoding.lower() not in ("gzip", "x-gzip", "deflate"):
        raise InputError(
            "url_compressed",
            "Compressed as {encoding}, which was not asked for.",
            encoding=encoding,
        )
    try:
        unpacked = zlib.decompressobj(zlib.MAX_WBITS | 32).decompress(content, limit + 1)
    except zlib.error as error:
        raise InputError("url_compression", "Broken compression: {error}.", error=error) from error
    if len(unpacked) > limit:
        raise InputError(
            "url_unpacks", "Unpacks to more than {mb} MB (url_max_mb).", mb=limit // MB
        )
    return unpacked


class _CheckedBackend(httpcore.NetworkBackend):
    """Connects to public addresses only, and to nothing after the deadline."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        address = public_address(host, port)
        stream = httpcore.SyncBackend().connect_tcp(address, port, _left(self._deadline))
        return _TimedStream(stream, self._deadline)


class _TimedStream(httpcore.NetworkStream):
    """A connection on which every step has the time that is left in all, however slow the drip."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: float) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _left(self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _left(self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, _left(self._deadline))
        return _TimedStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def public_address(host: str, port: int) -> str:
    """An address of `host` to connect to. Raises InputError unless all of them are public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(
            "host_unknown",
            "The host {host} is not found: {error}. Check its name.",
            host=host,
            error=getattr(error, "strerror", None) or error,
        ) from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_public(address):
            raise InputError(
                "host_private",
                "{host} is at {address}, which is not on the public internet. Save the page "
                "and add the file.",
                host=host,
                address=address,
            )
    if not addresses:
        raise InputError("host_address", "The host {host} has no address.", host=host)
    return addresses[0]


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_public(address: str) -> bool:
    """Whether an IP address is one that anyone on the internet can reach."""
    ip = ipaddress.ip_address(address.split("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if not embedded and ip in _NAT64:
            embedded = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if embedded:
            return is_public(str(embedded))
    return ip.is_global and not ip.is_multicast
