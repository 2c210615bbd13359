"""How the page looks and moves: contrast, focus, what jumps while it streams, words in every language."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from llama_index.core.base.llms.types import CompletionResponse
from playwright.sync_api import Browser, Page, expect

import newscite
from tests.browser.conftest import (
    QUESTION,
    TABS,
    Open,
    Shared,
    ask,
    go_to,
    highlighted,
    markers,
    new_context,
    shown_answer,
)
from tests.browser.test_page import SlowLLM
from tests.conftest import ARTICLES
from ui.page.tabs.ask import DRAFT_SECONDS

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
FITS = (Path(__file__).parent / "fits.js").read_text(encoding="utf-8")
AT_ONCE = """addEventListener("DOMContentLoaded", () => document.head.append(Object.assign(
  document.createElement("style"), { textContent: "* { transition: none !important; }" })))"""
"""Colours change slowly otherwise."""
SHIFTS = """() => {
  window.shifts = [];
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
      const moved = shift.sources.map((source) => source.node).filter((node) => node && node.isConnected);
      if (moved.length) window.shifts.push([shift.startTime, moved.map((node) =>
        `${node.className || node.nodeName}: ${(node.textContent || "").slice(0, 40)}`)]);
    }
  }).observe({ type: "layout-shift", buffered: false });
}"""


def too_faint(page: Page) -> list[Any]:
    """Texts on the page with less contrast than WCAG 2.2 AA asks for (1.4.3), by day and by night."""
    faint: list[Any] = []
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        faint += page.evaluate(CONTRAST)
    return faint


GO_ON = threading.Event()


class DraftingLLM(SlowLLM):
    """Writes two sentences, one of which no article has; the second once the test lets it go on."""

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> Iterator[CompletionResponse]:
        for word in ["Officials", "say", "the", "move", "saves", "money."]:
            time.sleep(
                2 * DRAFT_SECONDS
            )  # each word is shown: what comes sooner waits for the next
            yield CompletionResponse(text="", delta=f"{word} ")
        GO_ON.wait(60)
        yield CompletionResponse(text="", delta="The zebra number 77 dances on Mars every day.")


def test_contrast_is_aa_on_every_tab(library: newscite.Library, show: Open) -> None:
    page = show(library)
    page.add_init_script(AT_ONCE)
    page.reload()
    expect(page.locator(".nc-notice")).to_be_visible()
    assert too_faint(page) == []  # an empty library, an empty conversation
    library.add_articles(ARTICLES)
    library.__dict__["llm"] = DraftingLLM()
    GO_ON.set()
    page.reload()
    ask(page, "Why does Kazakhstan close its trade office?")
    expect(page.locator(".nc-lacking")).to_be_visible()
    page.locator(".nc-export summary").click()
    assert too_faint(page) == []  # evidence; an answer with a sentence that nothing supports
    markers(page).first.click()
    page.wait_for_selector("#nc-panel mark.nc-quote")
    markers(page).first.hover()
    assert too_faint(page) == []  # an article; a preview of its words
    library.__dict__["llm"] = None
    go_to(page, "search")
    page.fill("#nc-q", "trade office")
    page.keyboard.press("Enter")
    page.locator(".nc-result input").first.check()
    assert too_faint(page) == []
    go_to(page, "timeline")
    page.fill("#nc-timeline-box textarea", "trade office")
    page.click("#nc-timeline")
    page.wait_for_selector("#nc-timeline-result .nc-message, #nc-timeline-result .nc-failure")
    assert too_faint(page) == []
    go_to(page, "check")
    page.fill("#nc-check-box textarea", "Kazakhstan opens its trade office in Russia in 1999.")
    page.click("#nc-check")
    page.wait_for_selector(".nc-claim")
    assert too_faint(page) == []
    go_to(page, "library")
    page.wait_for_selector(".nc-table")
    page.click("#nc-choices > button")
    page.click("#nc-add > button")
    assert too_faint(page) == []
    page.locator("[data-edit]").first.click()
    page.wait_for_selector("#nc-dialog[open]")
    assert too_faint(page) == []


def test_narrow_screens_fold_away_what_has_no_room(library: newscite.Library, show: Open) -> None:
    library.add_articles(ARTICLES)
    page = show(library)
    country = page.locator(".nc-table th.nc-col-country")
    page.set_viewport_size({"width": 1024, "height": 768})
    go_to(page, "library")
    expect(country).to_be_visible()
    page.locator(".nc-table a.cite").first.click()  # the panel takes its room
    expect(country).to_be_hidden()
    page.set_viewport_size({"width": 390, "height": 844})
    go_to(page, "ask")
    expect(page.locator("#nc-find")).to_be_hidden()
    page.click("[data-list]")
    expect(page.locator("#nc-find")).to_be_visible()


def test_nothing_jumps_while_an_answer_streams(library: newscite.Library, show: Open) -> None:
    library.add_articles(ARTICLES)
    library.__dict__["llm"] = DraftingLLM()
    GO_ON.clear()
    page = show(library)
    page.evaluate(SHIFTS)
    ask(page, "Why does Kazakhstan close its trade office?")
    draft = page.locator(".nc-draft")
    expect(draft).to_contain_text("saves")
    question, began = page.locator(".nc-question"), draft.bounding_box()
    asked = question.bounding_box()
    card = page.locator(".nc-card").nth(1).bounding_box()
    assert began and asked and card
    GO_ON.set()
    expect(page.locator(".nc-lacking")).to_be_visible()
    ended, still = page.locator(".nc-answer").bounding_box(), question.bounding_box()
    assert ended and still
    assert abs(ended["y"] - began["y"]) < 2  # the answer stands where its draft stood
    assert abs(still["y"] - asked["y"]) < 2
    assert page.locator(".nc-card").nth(1).bounding_box() == card
    # only what stands below the answer moved: nobody was reading that yet
    moved = page.evaluate("window.shifts.flatMap((shift) => shift[1])")
    assert [one for one in moved if re.search("nc-(card|question|answer|draft|panel)", one)] == []


def test_a_new_question_comes_to_the_top_and_focus_is_seen(page: Page) -> None:
    for answers in (1, 2, 3):
        ask(page, QUESTION)
        expect(page.locator(".nc-message")).to_have_count(answers)
    chat = page.locator("#nc-chat [role=log]").bounding_box()
    last = page.locator(".nc-question").last.bounding_box()
    assert chat and last
    assert 0 <= last["y"] - chat["y"] < 60
    for selector in ("#nc-new", "#nc-find", "#nc-list a[data-open]", "[data-help]", "a.vote"):
        page.locator(selector).first.focus()
        page.keyboard.press("Shift")  # focus by keyboard is what is to be seen
        seen = page.evaluate(
            "() => { const s = getComputedStyle(document.activeElement);"
            " return s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2 }"
        )
        assert seen, selector


LEFT_IN_ENGLISH = re.compile(r"[A-Za-z]{3,}")
NAMES = re.compile(
    r"newscite|toy|python|English|\.txt|trade|railway|kazakhstan|LLM|Markdown|HTML|Word|JSON|BibTeX|RIS|CSL|Reuters|Jane Roe|url|Enter|Esc|FOLDER"
    r"|Kazakhstan\b.*|[Oo]fficials.*|UTF|\bEN\b"
)


SIZES = ((1440, 900), (1024, 768), (390, 844))
FOUND_WORDS = {"en-US": "Search", "zh-TW": "搜尋", "zh-CN": "搜索", "ru-RU": "Поиск"}


def test_each_tab_fits_each_screen_in_each_language(shared: Shared, chromium: Browser) -> None:
    wrong = [
        (locale, *found) for locale in FOUND_WORDS for found in swept(chromium, shared.url, locale)
    ]
    assert wrong == []


def swept(chromium: Browser, url: str, locale: str) -> Iterator[tuple[Any, ...]]:
    """What does not fit, and English words before a reader of another language, on each tab."""
    context = new_context(chromium, locale)
    page = context.new_page()
    page.goto(url)
    expect(page.locator("#nc-tabs [role=tab]").nth(1)).to_have_text(FOUND_WORDS[locale])
    page.wait_for_selector("#nc-words", state="attached")
    yield from looked_at(page, "first")
    ask(page, QUESTION)
    shown_answer(page)
    markers(page).first.click()
    highlighted(page)
    page.click("#nc-choices > button")
    for name in TABS:
        go_to(page, name)
        if name == "search":
            page.fill("#nc-q", QUESTION)
            page.keyboard.press("Enter")
            page.locator(".nc-result input").first.check()
        elif name == "check":
            page.fill("#nc-check-box textarea", QUESTION)
            page.click("#nc-check")
            page.wait_for_selector(".nc-claim")
        elif name == "library":
            page.wait_for_selector(".nc-table")
            page.click("#nc-add > button")
        elif name != "ask":
            expect(page.locator(f"[data-kind={name}] .nc-hint")).to_be_visible()
        yield from looked_at(page, name)
    page.click("[data-help]")
    yield from looked_at(page, "keys")
    context.close()


def looked_at(page: Page, name: str) -> Iterator[tuple[Any, ...]]:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        yield from ((name, width, *found) for found in page.evaluate(FITS))
    page.set_viewport_size({"width": SIZES[0][0], "height": SIZES[0][1]})
    expect(page.locator("#nc-tabs .overflow-menu > button")).to_be_hidden()  # all tabs are back
    said = page.evaluate(
        "() => [document.body.innerText, ...[...document.querySelectorAll('[title], [aria-label],"
        " [placeholder]')].filter((e) => e.checkVisibility()).flatMap((e) =>"
        " [e.title, e.ariaLabel, e.placeholder])].filter(Boolean).join('\\n')"
    )
    if page.evaluate("navigator.language") != "en-US":
        yield from ((name, word) for word in LEFT_IN_ENGLISH.findall(NAMES.sub("", said)))
