"""How the page looks and moves: contrast, focus, what jumps while it streams, words in every language."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.base.llms.types import CompletionResponse
from playwright.sync_api import Browser, Page, expect

import newscite
from tests.browser.conftest import PATIENCE, QUESTION, Open, ask, go_to, markers, shown_answer
from tests.browser.test_page import SlowLLM
from tests.conftest import ARTICLES

CONTRAST = (Path(__file__).parent / "contrast.js").read_text(encoding="utf-8")
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
    """Texts on the page with less contrast than WCAG 2.2 AA asks for (1.4.3)."""
    faint: list[Any] = page.evaluate(CONTRAST)
    return faint


GO_ON = threading.Event()


class DraftingLLM(SlowLLM):
    """Writes two sentences, one of which no article has; the second when it is told to go on."""

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> Iterator[CompletionResponse]:
        for word in ["Officials", "say", "the", "move", "saves", "money."]:
            time.sleep(0.02)
            yield CompletionResponse(text="", delta=f"{word} ")
        GO_ON.wait(60)
        yield CompletionResponse(text="", delta="The zebra number 77 dances on Mars every day.")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_aa_on_every_tab(
    library: newscite.Library, show: Open, chromium: Browser, scheme: Any
) -> None:
    url = show(library, waits=False).url
    page = chromium.new_context(locale="en-US", color_scheme=scheme).new_page()
    page.set_default_timeout(PATIENCE)
    page.set_viewport_size({"width": 1440, "height": 900})
    page.goto(url)
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
    page.context.close()


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
    # what moved was below the answer: nothing that was being read
    moved = page.evaluate("window.shifts.flatMap((shift) => shift[1])")
    assert [one for one in moved if re.search("nc-(card|question|answer|draft|panel)", one)] == []


def test_a_new_question_comes_to_the_top_and_focus_is_seen(
    library: newscite.Library, show: Open
) -> None:
    library.add_articles(ARTICLES)
    page = show(library)
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


def test_no_word_of_the_page_is_left_in_english(
    library: newscite.Library, show: Open, chromium: Browser
) -> None:
    library.add_articles(ARTICLES)
    url = show(library, waits=False).url
    left = {
        (locale, *found)
        for locale in ("zh-TW", "zh-CN", "ru-RU")
        for found in left_in_english(chromium, url, locale)
    }
    assert left == set()


def left_in_english(chromium: Browser, url: str, locale: str) -> set[tuple[str, str]]:
    """English words on each tab, for a reader of another language."""
    page = chromium.new_context(locale=locale).new_page()
    page.set_default_timeout(PATIENCE)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(url)
    page.wait_for_selector(".nc-head")
    ask(page, QUESTION)
    shown_answer(page)
    page.click("#nc-choices > button")
    left: set[tuple[str, str]] = set()
    for name in ("ask", "search", "compare", "timeline", "check", "library"):
        go_to(page, name)
        if name == "library":
            page.wait_for_selector(".nc-table")
            page.click("#nc-add > button")
        said = page.evaluate(
            "() => [document.body.innerText, ...[...document.querySelectorAll('[title], [aria-label],"
            " [placeholder]')].filter((e) => e.checkVisibility()).flatMap((e) =>"
            " [e.title, e.ariaLabel, e.placeholder])].filter(Boolean).join('\\n')"
        )
        left |= {(name, word) for word in LEFT_IN_ENGLISH.findall(NAMES.sub("", said))}
    page.context.close()
    return left
