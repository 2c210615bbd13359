"""A url the user gave -> its bytes, without reaching into the user's own network.

In: an http(s) url. Out: a `Download`. Every hop of a redirect is resolved once, refused unless all
its addresses are public, and connected to at the very address that was checked, so that a name
which answers differently the second time (DNS rebinding) gains nothing.
"""

from __future__ import annotations

import ipaddress
import socket
import time
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx

from index.blobs import MB
from index.config import LoadSettings
from index.errors import InputError

MAX_REDIRECTS = 5
USER_AGENT = "newscite (reads single pages its user names)"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class Download:
    """What came back."""

    url: str
    """Where it was found in the end, after redirects."""
    content: bytes
    content_type: str


def fetch(url: str, settings: LoadSettings) -> Download:
    """The content of a url. Raises InputError with the reason when it cannot or may not be had."""
    deadline = time.monotonic() + settings.url_timeout_seconds
    # Proxies from the environment would connect to addresses that were never checked.
    with httpx.Client(trust_env=False, follow_redirects=False) as client:
        for _ in range(MAX_REDIRECTS + 1):
            step = _request(client, url, settings, deadline)
            if isinstance(step, Download):
                return step
            url = step
    raise InputError(f"More than {MAX_REDIRECTS} redirects.")


def _request(
    client: httpx.Client, url: str, settings: LoadSettings, deadline: float
) -> Download | str:
    """The download, or the url it redirects to."""
    try:
        target = httpx.URL(url)
    except (httpx.InvalidURL, ValueError) as error:
        raise InputError(f"Not a url: {error}.") from error
    if target.scheme not in ("http", "https") or not target.host:
        raise InputError(f"Only http and https urls are read, not {target.scheme}:.")
    if target.userinfo:
        raise InputError("A url with a user name or password is not read.")
    port = target.port or (443 if target.scheme == "https" else 80)
    address = public_address(target.host, port)
    headers = {
        "Host": target.netloc.decode("ascii"),
        "User-Agent": USER_AGENT,
        "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
        "Accept-Encoding": "identity",  # what is compressed could grow beyond the limit at once
    }
    request = client.build_request(
        "GET",
        target.copy_with(host=address),
        headers=headers,
        extensions={"sni_hostname": target.host},  # the certificate is that of the name
        timeout=max(0.1, deadline - time.monotonic()),
    )
    try:
        response = client.send(request, stream=True)
        try:
            location = response.headers.get("location", "")
            if response.status_code in _REDIRECTS and location:
                return urljoin(url, location)
            if response.status_code != 200:
                raise InputError(f"The server answered {response.status_code}.")
            content = _body(response, settings, deadline)
        finally:
            response.close()
    except (httpx.HTTPError, httpx.StreamError) as error:
        raise InputError(f"Cannot be fetched: {error or type(error).__name__}.") from error
    return Download(url, content, response.headers.get("content-type", ""))


def _body(response: httpx.Response, settings: LoadSettings, deadline: float) -> bytes:
    content = bytearray()
    for chunk in response.iter_bytes():
        content += chunk
        if len(content) > settings.url_max_mb * MB:
            raise InputError(f"Larger than url_max_mb = {settings.url_max_mb}.")
        if time.monotonic() > deadline:
            raise InputError(f"Took longer than {settings.url_timeout_seconds} seconds.")
    return bytes(content)


def public_address(host: str, port: int) -> str:
    """An address of `host` to connect to. Raises InputError if any of its addresses is not public."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"The host {host} is not found: {error}.") from error
    addresses = [str(entry[4][0]) for entry in found]
    for address in addresses:
        if not is_public(address):
            raise InputError(f"{host} is at {address}, which is not on the public internet.")
    if not addresses:
        raise InputError(f"The host {host} has no address.")
    return addresses[0]


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


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
