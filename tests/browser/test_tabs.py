"""Conversations, search, choices, comparing, timelines, checking, the keyboard, in a real browser."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser, Page, expect

import newscite
from index.records import Article
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
from tests.browser.test_page import FINISH, SlowLLM
from tests.conftest import ARTICLES
from ui.page.kept.collected import collected_questions

TRADE = (
    *(replace(article, tags=("trade",)) for article in ARTICLES[:1]),
    *ARTICLES[1:],
    Article(
        "Astana said on Monday that the trade office in Moscow would close. Nobody was surprised.",
        title="Astana closes an office",
        outlet="Tengrinews",
        author="Jane Roe",
        published="2021-05-03",
        url="https://tengrinews.kz/1",
        language="en",
        tags=("trade",),
        file="e.txt",
        metadata={"country": "Kazakhstan", "category": "Business"},
    ),
)


def home(page: Page) -> str:
    return page.url.split("?")[0]


# Conversations


def test_a_conversation_survives_reload_and_another_browser_and_can_be_managed(
    library: newscite.Library, show: Open, chromium: Browser
) -> None:
    library.add_articles(ARTICLES)
    page = show(library)
    ask(page, QUESTION)
    quote = shown_answer(page)["citations"][0]["quote"]
    markers(page).first.click()
    expect(page).to_have_url(re.compile(r"\?c=\w+&t=\w+&n=1"))
    page.reload()  # the address opens conversation, answer and citation again
    expect(page.locator(".nc-question")).to_have_text(QUESTION)
    assert highlighted(page) == quote
    address = page.url

    other = chromium.new_context(locale="en-US").new_page()
    other.goto(address)
    assert highlighted(other) == quote
    other.goto(home(page))
    other.locator("#nc-list a[data-open]").click()
    expect(other.locator(".nc-question")).to_have_text(QUESTION)
    ask(other, "那俄方呢?")  # and it goes on there
    expect(other.locator(".nc-message")).to_have_count(2)

    for ending in (".md", ".html", ".docx"):
        other.locator("#nc-list button[data-more]").click()
        with other.expect_download() as download:
            other.locator(f"#nc-dialog button[value='{ending}']").click()
        if ending == ".docx":
            with ZipFile(download.value.path()) as document:
                assert quote in document.read("word/footnotes.xml").decode()
        else:
            assert QUESTION in download.value.path().read_text(encoding="utf-8")
    other.locator("#nc-list button[data-more]").click()
    other.locator("#nc-dialog button[value=rename]").click()
    other.fill("#nc-dialog input", "Trade offices")
    other.keyboard.press("Enter")
    expect(other.locator("#nc-list a[data-open]")).to_have_text("Trade offices")
    other.fill("#nc-find", "nowhere")
    expect(other.locator("#nc-list a[data-open]")).to_have_count(0)
    other.fill("#nc-find", "貿易")
    expect(other.locator("#nc-list a[data-open]")).to_have_count(1)
    other.locator("#nc-list button[data-more]").click()
    other.locator("#nc-dialog button[value=delete]").click()
    other.locator("#nc-dialog button[value=delete]").click()
    expect(other.locator("#nc-list a[data-open]")).to_have_count(0)
    expect(other.locator(".nc-question")).to_have_count(0)
    other.goto(address)
    expect(other.locator("#nc-panel")).to_contain_text("not here any more")
    other.context.close()


def test_the_quote_of_an_article_that_was_changed_or_has_gone_is_kept(
    library: newscite.Library, show: Open, tmp_path: Path
) -> None:
    file = tmp_path / "office.txt"
    file.write_text(ARTICLES[0].text, encoding="utf-8")
    library.add(file)
    page = show(library)
    ask(page, QUESTION)
    cited = shown_answer(page)["citations"][0]
    markers(page).first.click()
    highlighted(page)
    query = page.url.split("?")[1]
    again = show(library)  # newscite started anew: the address still opens the citation
    again.goto(f"{home(again)}?{query}")
    assert highlighted(again) == cited["quote"]
    file.write_text("哈薩克政府後來說,貿易代表處並未關閉。", encoding="utf-8")
    library.add(file)
    page.reload()
    expect(page.locator("#nc-panel .nc-notice")).to_contain_text("文章已變更或已不在資料庫中")
    assert highlighted(page) == cited["quote"]


def test_votes_are_kept_with_a_word_and_become_questions(page: Page, shared: Shared) -> None:
    ask(page, QUESTION)
    shown_answer(page)
    page.locator("a.vote[href$='-down']").click()
    page.fill("#nc-dialog input", "31 years")
    page.keyboard.press("Enter")
    expect(page.locator("a.vote.nc-voted")).to_have_count(1)
    page.reload()
    expect(page.locator("a.vote.nc-voted[href$='-down']")).to_have_count(1)
    (collected,) = collected_questions(shared.library.path)
    assert (collected.text, collected.answer_any) == (QUESTION, (("31 years",),))


def test_an_answer_is_copied_and_has_an_address(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    quote = shown_answer(page)["citations"][0]["quote"]
    copied = {}
    for what in ("copy", "link"):
        page.locator(f"a.export[href$='-{what}']").click()
        expect(page.locator(f"a.export[href$='-{what}']")).to_have_text("已複製")
        copied[what] = page.evaluate("navigator.clipboard.readText()")
    assert quote in copied["copy"]
    page.goto(copied["link"])
    expect(page.locator(".nc-question")).to_have_text(QUESTION)
    expect(page.locator(".nc-card mark.nc-best").first).to_be_visible()


def test_new_conversation_leaves_the_old_one_in_the_list(page: Page) -> None:
    page.get_by_text("貿易代表處?", exact=True).click()
    expect(page.locator(".nc-message")).to_have_count(1)
    page.click("#nc-new")
    expect(page.locator(".nc-welcome")).to_be_visible()
    expect(page.locator(".nc-message")).to_have_count(0)
    page.locator("#nc-list a[data-open]", has_text="貿易代表處?").first.click()
    expect(page.locator(".nc-message")).to_have_count(1)


def test_a_question_that_was_not_answered_is_in_the_box_again(
    library: newscite.Library, show: Open
) -> None:
    library.add_articles(ARTICLES)
    FINISH.clear()
    library.__dict__["llm"] = SlowLLM()
    page = show(library)
    ask(page, QUESTION)
    expect(page.locator(".nc-draft")).to_contain_text("word")
    page.reload()
    box = page.locator("#nc-box textarea")
    expect(box).to_have_value(QUESTION)
    FINISH.set()
    library.__dict__["llm"] = None
    box.press("Enter")
    expect(page.locator(".nc-message:not(.nc-meanwhile)")).to_have_count(1)
    page.wait_for_function("!sessionStorage.getItem('newscite-unanswered')")  # told just after
    page.reload()
    expect(page.locator(".nc-message")).to_have_count(1)
    expect(box).to_have_value("")
    page.context.set_offline(True)  # the server is gone
    ask(page, "And now?")
    expect(page.get_by_test_id("toast-text")).to_contain_text("Is it running?")
    with page.expect_navigation():
        page.context.set_offline(False)
    expect(box).to_have_value("And now?")


# Search


def test_search_has_facets_dates_marks_and_an_export(library: newscite.Library, show: Open) -> None:
    library.add_articles([*TRADE, replace(ARTICLES[2], outlet="Copy Times", file="f.txt")])
    page = show(library)
    go_to(page, "search")
    page.fill("#nc-q", "Kazakhstan trade office")
    page.keyboard.press("Enter")
    expect(page.locator(".nc-result")).to_have_count(5)
    assert page.locator(".nc-result mark.nc-best").count() >= 5
    assert page.locator(".nc-result mark.nc-word").count() >= 1
    page.get_by_label("Kazakhstan 1").check()
    expect(page.locator(".nc-result")).to_have_count(1)
    expect(page.locator(".nc-result h3")).to_have_text("Astana closes an office")
    page.get_by_label("Kazakhstan 1").uncheck()
    expect(page.locator(".nc-result")).to_have_count(5)
    page.select_option("#nc-sort", "date")
    expect(page.locator(".nc-result h3").first).to_have_text("Kazakhstan closes trade office")

    first, last = page.locator(".nc-bar").first, page.locator(".nc-bar[data-month='2022-09']")
    first.hover(position={"x": 1, "y": 50})
    page.mouse.down()
    last.hover(position={"x": 1, "y": 50})
    page.mouse.up()
    expect(page.locator(".nc-result")).to_have_count(2)
    page.click("[data-clear=months]")
    expect(page.locator(".nc-result")).to_have_count(5)

    page.locator(".nc-result input[data-mark]").first.check()
    page.locator(".nc-result input[data-mark]").nth(1).check()
    page.click("#nc-marked [data-do=export]")
    with page.expect_download() as download:
        page.locator("#nc-dialog button[value='.md']").click()
    text = download.value.path().read_text(encoding="utf-8")
    assert "Kazakhstan closes trade office" in text
    assert text.count("\n> ") == 2
    page.locator(".nc-result h3 a").first.click()
    highlighted(page)
    expect(page).to_have_url(re.compile(r"tab=search&p="))
    page.click(".nc-twins summary")
    page.click(".nc-twins a.cite")
    expect(page.locator("#nc-panel .nc-file")).to_have_text(re.compile("[cf]\\.txt"))


# Choices


def test_choices_narrow_each_other_hold_everywhere_and_are_remembered(
    library: newscite.Library, show: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.analysis.timeline.NEAR_TOPIC", -10.0)  # a toy has no background
    monkeypatch.setattr("rag.analysis.compare.ON_SUBJECT", -10.0)
    library.add_articles(TRADE)
    page = show(library)
    page.click("#nc-choices > button")
    page.locator("#nc-countries input").click()
    page.get_by_role("option", name="Kazakhstan (1)").click()
    page.keyboard.press("Escape")
    page.locator("#nc-outlets input").click()
    expect(page.get_by_role("option")).to_have_text([re.compile(r"Tengrinews \(1\)")])
    page.keyboard.press("Escape")
    ask(page, QUESTION)
    page.wait_for_selector(".nc-card")
    expect(page.locator(".nc-card h3 a")).to_have_text(["Astana closes an office"])
    go_to(page, "search")
    page.fill("#nc-q", "trade office")
    page.keyboard.press("Enter")
    expect(page.locator(".nc-result")).to_have_count(1)
    for name, shown in (
        ("compare", ".nc-columns section"),
        ("timeline", ".nc-lanes:visible .nc-lane"),
    ):
        go_to(page, name)
        page.fill(f"#nc-{name}-box textarea", "trade office")
        page.click(f"#nc-{name}")
        expect(page.locator(shown)).to_have_count(1)
        expect(page.locator(shown)).to_contain_text("Tengrinews")
    go_to(page, "library")
    expect(page.locator(".nc-table tbody tr")).to_have_count(1)
    page.goto(home(page) + "?tab=library")
    expect(page.locator(".nc-table tbody tr")).to_have_count(1)


# Comparing, timelines


def test_compare_puts_outlets_side_by_side_with_working_citations(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.analysis.compare.ON_SUBJECT", -10.0)  # a toy has no background
    go_to(page, "compare")
    page.fill("#nc-compare-box textarea", QUESTION)
    page.click("#nc-compare")
    expect(page.locator(".nc-columns section")).to_have_count(4)
    result = shown_answer(page, "#nc-compare-result")
    assert {group["name"] for group in result["groups"]} == {a.outlet for a in ARTICLES}
    markers(page, "#nc-compare-result").first.click()
    quote = highlighted(page)
    assert quote in {cited["quote"] for cited in result["citations"]}
    page.reload()
    expect(page.locator(".nc-columns section")).to_have_count(4)
    assert highlighted(page) == quote
    page.goto(home(page) + "?tab=compare")  # what was made before is listed below
    page.locator("[data-kind=compare] a[data-open]").click()
    expect(page.locator(".nc-columns section")).to_have_count(4)
    page.locator("[data-kind=compare] [data-more]").click()
    with page.expect_download() as download:
        page.locator("#nc-dialog button[value='.html']").click()
    assert quote in download.value.path().read_text(encoding="utf-8")
    page.locator("[data-kind=compare] [data-more]").click()
    page.locator("#nc-dialog button[value=delete]").click()
    page.locator("#nc-dialog button[value=delete]").click()
    expect(page.locator("[data-kind=compare]")).to_contain_text("side by side")


def test_timeline_is_a_picture_with_working_citations(
    page: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.analysis.timeline.NEAR_TOPIC", -10.0)
    go_to(page, "timeline")
    page.fill("#nc-timeline-box textarea", "铁路")
    page.click("#nc-timeline")
    expect(page.locator(".nc-event").first).to_be_visible()
    result = shown_answer(page, "#nc-timeline-result")
    assert page.locator(".nc-event").count() == len(result["events"])
    dots = page.locator(".nc-lanes:visible .nc-dot")
    assert dots.count() >= len(result["events"])
    dots.first.hover()
    expect(page.locator("#nc-tip")).to_be_visible()
    dots.first.click()
    assert highlighted(page) in {cited["quote"] for cited in result["citations"]}
    canvas = page.locator(".nc-canvas")
    before = canvas.bounding_box()
    page.click("[data-zoom=in]")
    after = canvas.bounding_box()
    assert before and after and after["width"] > 1.9 * before["width"]
    page.click("[data-lanes=language]")
    expect(page.locator(".nc-lanes:visible .nc-lane").first).to_contain_text("文")


def test_a_sentence_is_checked_with_quotes_that_open(page: Page) -> None:
    go_to(page, "check")
    page.fill("#nc-check-box textarea", "Kazakhstan will close its trade office in Russia. Why?")
    page.click("#nc-check")
    expect(page.locator(".nc-claim")).to_have_count(2)
    result = shown_answer(page, "#nc-check-result")
    assert [claim["verdict"] for claim in result["claims"]] == ["supported", "no claim"]
    markers(page, "#nc-check-result").first.click()
    assert highlighted(page) == result["claims"][0]["for"][0]["quote"]
    page.reload()
    expect(page.locator(".nc-claim")).to_have_count(2)


# A hand on the keyboard, a reader's language, a reader's role


def test_keyboard(page: Page) -> None:
    ask(page, QUESTION)
    quotes = [cited["quote"] for cited in shown_answer(page)["citations"]]
    expect(page.locator("#nc-status")).to_have_text("The answer is there.")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    expect(markers(page).first).to_be_focused()
    page.keyboard.press("Enter")
    assert highlighted(page) == quotes[0]
    page.keyboard.press("Escape")
    expect(page.locator("#nc-right")).to_be_hidden()
    page.keyboard.press("?")
    expect(page.locator("#nc-dialog dt")).to_have_count(5)
    page.keyboard.press("Escape")
    expect(page.locator("#nc-dialog")).to_be_hidden()
    expect(markers(page).first).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#nc-box textarea")).to_be_focused()


def test_a_closed_dialog_takes_no_focus_from_what_has_got_it_since(page: Page) -> None:
    box = page.locator("#nc-box textarea")
    page.locator("#nc-tab-ask-button").focus()
    page.keyboard.press("?")
    expect(page.locator("#nc-dialog dt")).to_have_count(5)
    page.evaluate(
        """() => new Promise((closed) => {
            const dialog = document.querySelector("#nc-dialog");
            dialog.addEventListener("close", closed);
            dialog.close();
            document.querySelector("#nc-box textarea").focus();
        })"""
    )
    expect(box).to_be_focused()


def test_who_logs_in_as_a_reader_changes_nothing_and_sees_only_their_own(
    library: newscite.Library, show: Open, chromium: Browser
) -> None:
    from ui.access import Accounts

    library.add_articles(ARTICLES)
    accounts = Accounts(library.path)
    accounts.add_user("ann", "password of ann", "editor")
    accounts.add_user("bob", "password of bob", "reader")
    url = ""
    for name in ("ann", "bob"):
        page = chromium.new_context(locale="en-US").new_page()
        if not url:
            url = show(library, waits=False).url
        page.goto(url)
        page.get_by_label("username").fill(name)
        page.get_by_label("password").fill(f"password of {name}")
        page.get_by_role("button", name="Login").click()
        page.wait_for_selector("#nc-words", state="attached")
        expect(page.locator(".nc-head")).to_contain_text(name)
        expect(page.locator("#nc-list a[data-open]")).to_have_count(0)
        ask(page, QUESTION)
        shown_answer(page)
        go_to(page, "library")
        page.wait_for_selector(".nc-table")
        assert page.locator("[data-edit]").count() == (4 if name == "ann" else 0)
        page.context.close()
