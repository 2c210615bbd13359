"""MCP: what an assistant learns and gets, by the SDK's own client over both transports."""

from __future__ import annotations

import json
import logging
import os
import shutil
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from mcp import Client, MCPError, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult

import newscite
from index.config import load_settings
from tests.toy import ToyEmbedder
from ui.access import Accounts, passwords
from ui.mcp.server import SCHEME, make_server
from ui.serving import served

PATIENCE = 60.0
"""Seconds that a client waits: a busy machine is slow, not wrong."""

ROOT = Path(__file__).parent.parent
QUESTION = "為什麼哈薩克關閉駐俄貿易代表處?"
READING = {
    *("search_passages", "ask", "get_article", "check_claim", "compare", "timeline"),
    "library_status",
}
CHANGING = {"add_articles", "remove_article"}
SETTINGS = {"llm": {"model": "none"}, "answer": {"abstain_below": 0}}

WITH_THE_TOY = (
    "import newscite; from tests.toy import ToyEmbedder; from ui.cli import main; "
    "newscite.open_embedder = lambda settings: ToyEmbedder(); main()"
)


@pytest.fixture
def folder(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "library"))


@pytest.fixture
def library(folder: Path) -> Iterator[newscite.Library]:
    settings = load_settings(None, **SETTINGS, api={"mcp_changes": True})
    with newscite.Library.open(folder, settings, ToyEmbedder()) as library:
        yield library


def with_client(client: Client, use: Callable[[Client], Awaitable[Any]]) -> Any:
    async def run() -> Any:
        async with client:
            return await use(client)

    return anyio.run(run)


def over_stdio(folder: Path, *options: str) -> Client:
    command = ["-c", WITH_THE_TOY, "mcp", "--library", str(folder), *options]
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "NEWSCITE_LLM__MODEL": "none",
        "NEWSCITE_ANSWER__ABSTAIN_BELOW": "0",
    }
    return Client(
        StdioServerParameters(command=sys.executable, args=command, env=environment, cwd=folder)
    )


@asynccontextmanager
async def over_http(url: str, token: str = "") -> AsyncIterator[Client]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with (
        httpx.AsyncClient(headers=headers, timeout=PATIENCE) as http,
        Client(streamable_http_client(f"{url}mcp", http_client=http)) as client,
    ):
        yield client


async def names(client: Client) -> set[str]:
    return {tool.name for tool in (await client.list_tools()).tools}


def data(result: CallToolResult) -> Any:
    assert not result.is_error, result.content
    assert json.loads(result.content[0].text) == result.structured_content  # type: ignore[union-attr]
    return result.structured_content


async def quotes_and_texts(client: Client) -> list[tuple[str, str]]:
    """Each quote of an answer, and what stands at its address where it says."""
    answer = data(await client.call_tool("ask", {"question": QUESTION}))
    found = []
    for cited in answer["citations"]:
        contents = (await client.read_resource(cited["address"])).contents
        text = contents[0].text  # type: ignore[union-attr]
        found.append((cited["quote"], text[cited["start"] : cited["end"]]))
    return found


@pytest.mark.slow
def test_stdio_reads_only_and_every_quote_stands_at_its_address(folder: Path) -> None:
    async def use(client: Client) -> None:
        assert "verbatim" in (client.instructions or "")
        assert await names(client) == READING
        pairs = await quotes_and_texts(client)
        assert pairs and all(quote == there for quote, there in pairs)

    with_client(over_stdio(folder), use)


@pytest.mark.slow
def test_stdio_changes_where_that_is_allowed(folder: Path) -> None:
    async def use(client: Client) -> None:
        assert await names(client) == READING | CHANGING
        sent = [{"text": "Turkmenistan opens a new gas pipeline to the south this week."}]
        assert data(await client.call_tool("add_articles", {"articles": sent}))["articles"] == 1
        found = data(await client.call_tool("search_passages", {"question": "gas pipeline"}))
        address = found["passages"][0]["address"]
        removed = data(await client.call_tool("remove_article", {"article_id": address}))
        assert len(removed["articles"]) == 1

    with_client(over_stdio(folder, "--allow-changes"), use)


def test_http_gives_the_same_and_takes_part_in_the_servers_logins(
    library: newscite.Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)  # as Gradio sets it for the whole server
    monkeypatch.setattr(passwords, "COST", 2**4)
    accounts = Accounts(library.path)
    made = {}
    for role in ("reader", "editor"):
        accounts.add_user(role, "a long password", role)
        made[role] = accounts.create_token(role)[1]

    async def use(url: str) -> None:
        async with over_http(url, made["reader"]) as client:
            assert await names(client) == READING
            pairs = await quotes_and_texts(client)
            assert pairs and all(quote == there for quote, there in pairs)
        async with over_http(url, made["editor"]) as client:
            assert await names(client) == READING | CHANGING
        async with httpx.AsyncClient(timeout=PATIENCE) as http:
            refused = await http.post(f"{url}mcp", json={})
            assert refused.status_code == 401
            assert "newscite token create" in refused.json()["detail"]

    with served(library, "127.0.0.1", 0) as url:
        anyio.run(use, url)
    assert not [record for record in caplog.records if record.name.startswith("mcp")]


def test_the_filters_are_pythons(library: newscite.Library) -> None:
    async def use(client: Client) -> None:
        only = {"languages": ["zh-Hans"], "published_after": "2022"}
        asked = {"question": "铁路", "only": only}
        found = data(await client.call_tool("search_passages", asked))["passages"]
        assert [passage["language"] for passage in found] == ["zh-Hans"]

    with_client(Client(make_server(library)), use)


def test_a_filter_in_the_wrong_place_is_not_left_out(library: newscite.Library) -> None:
    async def use(client: Client) -> None:
        for tool, own in (
            ("search_passages", "question"),
            ("ask", "question"),
            ("timeline", "topic"),
        ):
            failed = await client.call_tool(tool, {own: "铁路", "published_after": "2022"})
            assert failed.is_error and "inside only" in failed.content[0].text  # type: ignore[union-attr]
        for tool in (await client.list_tools()).tools:
            assert tool.input_schema["additionalProperties"] is False
        assert not (await client.call_tool("library_status", {})).is_error

    with_client(Client(make_server(library)), use)


def test_what_goes_wrong_is_reported_with_the_cure(library: newscite.Library) -> None:
    async def use(client: Client) -> None:
        for tool, given, cure in (
            ("search_passages", {"question": "x", "only": {"as_of": "soon"}}, "2023-03-01"),
            ("ask", {"question": "?"}, "Ask something"),
            ("compare", {"question": "?"}, "Ask something"),
            ("get_article", {"article_id": "nosuch"}, "search_passages"),
        ):
            failed = await client.call_tool(tool, given)
            assert failed.is_error and cure in failed.content[0].text  # type: ignore[union-attr]
        with pytest.raises(MCPError):
            await client.read_resource(f"{SCHEME}nosuch")

    with_client(Client(make_server(library)), use)


def test_long_articles_come_in_parts(
    library: newscite.Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.mcp.server.TEXT_CHARS", 20)
    article = next(iter(library.articles()))

    async def use(client: Client) -> None:
        start, text = 0, ""
        while start is not None:
            given = {"article_id": article.id, "start": start}
            part = data(await client.call_tool("get_article", given))
            start, text = part.get("next_start"), text + part["text"]
        assert text == article.text

    with_client(Client(make_server(library)), use)


def test_compare_timeline_status_and_the_list(
    library: newscite.Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("compare", "findings"):  # a toy has no background to be near
        monkeypatch.setattr(f"rag.analysis.{module}.ON_SUBJECT", -10.0)
    monkeypatch.setattr("rag.analysis.timeline.NEAR_TOPIC", -10.0)

    async def use(client: Client) -> None:
        compared = data(await client.call_tool("compare", {"question": QUESTION, "by": "language"}))
        assert len(compared["groups"]) > 1 and compared["citations"][0]["address"]
        events = data(await client.call_tool("timeline", {"topic": "铁路"}))
        assert events["events"] and events["citations"][0]["quote"]
        state = data(await client.call_tool("library_status", {}))
        assert state["articles"] == 4 and "path" not in state
        listed = (await client.read_resource("newscite://articles")).contents[0]
        assert len(json.loads(listed.text)) == 4  # type: ignore[union-attr]

    with_client(Client(make_server(library)), use)
