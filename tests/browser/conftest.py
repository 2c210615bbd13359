"""Chromium, and the page served from this process."""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Error,
    Locator,
    Page,
    expect,
    sync_playwright,
)

import newscite
from index.config import load_settings
from tests.conftest import ARTICLES
from tests.toy import ToyEmbedder

PATIENCE = 60_000
"""Milliseconds: a busy machine is slow, not wrong."""

LOOPBACK = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}  # noqa: S104  # compared, not bound
NAMES = ("chromium", "chromium-browser", "google-chrome")
MISSING = "The browser tests need Chromium. Type: sudo apt-get install chromium"

Open = Callable[..., Page]

QUESTION = "為什麼哈薩克關閉駐俄貿易代表處?"
TABS = ("ask", "search", "compare", "timeline", "check", "library")


def ask(page: Page, question: str) -> None:
    page.fill("#nc-box textarea", question)
    page.keyboard.press("Enter")


def go_to(page: Page, tab: str) -> None:
    button = page.locator(f"#nc-tab-{tab}-button")
    if not button.count():  # no room for it: Gradio puts it into a menu
        page.locator("#nc-tabs .overflow-menu > button").click()
        seen = [one for one in TABS if page.locator(f"#nc-tab-{one}-button").count()]
        place = [one for one in TABS if one not in seen].index(tab)
        button = page.locator("#nc-tabs .overflow-dropdown button").nth(place)
    button.click()
    expect(page.locator(f"#nc-tab-{tab}")).to_be_visible()


def shown_answer(page: Page, where: str = "#nc-chat") -> dict[str, Any]:
    """The latest answer, waited for and downloaded as JSON."""
    message = page.locator(f"{where} .nc-message:not(.nc-meanwhile)").last
    message.wait_for()
    # the end of a turn draws its message once more, which would close what is opened before
    expect(page.locator("#nc-box button.stop-button")).to_have_count(0)
    message.locator(".nc-export summary").click()
    with page.expect_download() as download:
        message.locator("a.export[href$='-json']:not([href$='csl.json'])").click()
    answer: dict[str, Any] = json.loads(download.value.path().read_text(encoding="utf-8"))
    return answer


def highlighted(page: Page) -> str:
    """The words highlighted in the panel, once they are in view."""
    marks = page.locator("#nc-panel mark.nc-quote")
    expect(marks.first).to_be_in_viewport()
    return "\n".join(marks.all_text_contents())


def markers(page: Page, where: str = "#nc-chat") -> Locator:
    return page.locator(f"{where} .nc-message").last.locator(".nc-sentence a.cite")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # Gradio leaves an event loop and its sockets to the garbage collector, and calls
            # pandas in ways that newer ones warn of.
            for ignored in ("ignore::ResourceWarning", "ignore::DeprecationWarning"):
                item.add_marker(pytest.mark.filterwarnings(ignored))


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, NAMES)), None)
        try:
            browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        except Error:
            if os.environ.get("CI"):
                pytest.fail(MISSING)
            pytest.skip(MISSING)
        expect.set_options(timeout=PATIENCE)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
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


def toy_library(folder: Path) -> newscite.Library:
    """An empty library with the toy embedder and no LLM."""
    settings = load_settings(
        None,
        llm={"model": "none"},
        answer={"abstain_below": 0},  # a toy is never confident
        retrieve={"translate": False},  # and translates nothing
        page={"examples": ["貿易代表處?"]},
    )
    return newscite.Library.open(folder, settings, ToyEmbedder())


@pytest.fixture
def library(tmp_path: Path) -> Iterator[newscite.Library]:
    """A library of the test's own."""
    with toy_library(tmp_path / "library") as library:
        yield library


def new_context(chromium: Browser, locale: str = "en-US") -> BrowserContext:
    context = chromium.new_context(locale=locale, viewport={"width": 1400, "height": 900})
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    context = new_context(chromium)
    yield context
    context.close()


@dataclass(frozen=True)
class Shared:
    """A library of four articles that no test changes, and its page."""

    library: newscite.Library
    url: str
    context: BrowserContext


@pytest.fixture(scope="package")
def shared(tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Shared]:
    from ui.page.app import launch

    with toy_library(tmp_path_factory.mktemp("shared") / "library") as library:
        library.add_articles(ARTICLES)
        blocks, url = launch(library, "127.0.0.1", 0)
        context = new_context(chromium)
        yield Shared(library, url, context)
        context.close()
        blocks.close(verbose=False)


@pytest.fixture
def page(shared: Shared) -> Iterator[Page]:
    """The shared library's page, as on a first visit."""
    page = shared.context.new_page()
    page.goto(shared.url)
    page.wait_for_selector("#nc-words", state="attached")
    yield page
    page.evaluate("localStorage.clear()")
    page.close()


@pytest.fixture
def show(context: BrowserContext) -> Iterator[Open]:
    """Serves a library and opens its page."""
    from ui.page.app import launch

    served = []

    def open_(library: newscite.Library, *, waits: bool = True) -> Page:
        blocks, url = launch(library, "127.0.0.1", 0)
        served.append(blocks)
        page = context.new_page()
        page.goto(url)
        if waits:
            page.wait_for_selector(".nc-head")
            page.wait_for_selector("#nc-words", state="attached")
        return page

    yield open_
    for page in context.pages:
        page.close()
    for blocks in served:
        try:
            blocks.close(verbose=False)
        except RuntimeError:  # Gradio closed its pages while one left by itself: all have left now
            blocks.close(verbose=False)
    with suppress(ResourceWarning):
        gc.collect()
