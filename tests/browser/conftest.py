"""Chromium, and the page served from this process."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect, sync_playwright

import newscite
from index.config import load_settings
from tests.toy import ToyEmbedder

PATIENCE = 60_000
"""Milliseconds: a busy machine is slow, not wrong."""

LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}  # noqa: S104  # compared, not bound
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "The browser tests need Chromium. Type: sudo apt-get install chromium"

Open = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # Gradio leaves an event loop and its sockets to the garbage collector, and calls
            # pandas in ways that newer ones warn of.
            for ignored in ("ignore::ResourceWarning", "ignore::DeprecationWarning"):
                item.add_marker(pytest.mark.filterwarnings(ignored))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)), None)
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error:
            if os.environ.get("CI"):
                pytest.fail(MISSING)
            pytest.skip(MISSING)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def outgoing() -> list[str]:
    """Addresses beyond this machine that Python has tried to reach or look up."""
    reached: list[str] = []

    def listen(event: str, arguments: tuple[object, ...]) -> None:
        host: object = ""
        if event == "socket.connect" and isinstance(arguments[1], tuple):
            host = arguments[1][0]
        elif event == "socket.getaddrinfo":
            host = arguments[0] or ""
        if str(host) not in LOOPBACK:
            reached.append(str(host))

    sys.addaudithook(listen)
    return reached


@pytest.fixture
def library(tmp_path: Path) -> Iterator[newscite.Library]:
    """An empty library with the toy embedder and no LLM."""
    settings = load_settings(
        None,
        llm={"model": "none"},
        answer={"abstain_below": 0},  # a toy is never confident
        retrieve={"translate": False},  # and translates nothing
        page={"examples": ["貿易代表處?"]},
    )
    with newscite.Library.open(tmp_path / "library", settings, ToyEmbedder()) as library:
        yield library


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = chromium.new_context(locale="en-US", viewport={"width": 1400, "height": 900})
    context.set_default_timeout(PATIENCE)
    expect.set_options(timeout=PATIENCE)
    yield context
    context.close()


@pytest.fixture
def show(context: BrowserContext) -> Iterator[Open]:
    """Serves a library and opens its page."""
    from ui.page.chat import launch

    served = []

    def open_(library: newscite.Library) -> Page:
        blocks, url = launch(library, "127.0.0.1", 0)
        served.append(blocks)
        page = context.new_page()
        page.goto(url)
        page.wait_for_selector(".nc-head")
        return page

    yield open_
    for page in context.pages:
        page.close()
    for blocks in served:
        try:
            blocks.close(verbose=False)
        except RuntimeError:  # a page left while gradio told its pages to leave; all are told now
            blocks.close(verbose=False)
    with suppress(ResourceWarning):
        gc.collect()
