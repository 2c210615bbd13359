"""How often something may be tried, and how large a request may be."""

from __future__ import annotations

import anyio
import pytest
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive, Scope, Send

from ui.access import rate
from ui.access.rate import Rate
from ui.api.limits import BodyLimit


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_who_tries_too_often_waits_until_the_bucket_fills_again() -> None:
    clock = Clock()
    tries = Rate(2, 60.0, clock)
    assert [tries.take("a"), tries.take("a")] == [0.0, 0.0]
    assert tries.take("a") == pytest.approx(30)
    assert tries.take("b") == 0  # others do not wait
    clock.now = 30
    assert tries.wait("a") == 0
    assert tries.take("a") == 0


def test_a_login_that_succeeds_gives_all_tries_back() -> None:
    tries = Rate(1, 60.0, Clock())
    tries.take("a")
    tries.forget("a")
    assert tries.take("a") == 0


def test_of_too_many_addresses_the_longest_silent_is_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(rate, "KEYS_KEPT", 2)
    tries = Rate(1, 60.0, Clock())
    for key in "abc":
        tries.take(key)
    assert tries.wait("a") == 0 and tries.wait("c") > 0


async def read_all(scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive()).get("more_body"):
        pass


def asked(*parts: bytes) -> None:
    """Sends a body in parts through a limit of ten bytes."""
    waiting = list(parts)

    async def receive() -> Message:
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Message) -> None: ...

    anyio.run(BodyLimit(read_all, 10), {"type": "http"}, receive, send)


def test_a_body_that_grows_too_large_in_parts_is_refused() -> None:
    asked(b"12345", b"12345")
    with pytest.raises(HTTPException, match="larger than 10 bytes") as refused:
        asked(b"12345", b"12345", b"6")
    assert refused.value.status_code == 413
