"""The Library tab in a real browser: adding, correcting, removing; a first visit; originals."""

from __future__ import annotations

import json
from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import expect

import newscite
from tests.browser.conftest import Open, go_to
from tests.conftest import ARTICLES
from tests.documents import make_pdf


def test_library_is_filtered_sorted_corrected_and_thinned(
    library: newscite.Library, show: Open
) -> None:
    library.add_articles(
        replace(ARTICLES[0], title=f"Number {n:03d}", text=f"{ARTICLES[0].text} {n}", file=f"{n}")
        for n in range(60)
    )
    page = show(library)
    go_to(page, "library")
    rows = page.locator(".nc-table tbody tr")
    expect(rows).to_have_count(50)
    page.click("[data-page='1']")
    expect(rows).to_have_count(10)
    page.click("[data-sort=title]")
    expect(rows.first).to_contain_text("Number 000")
    page.fill("#nc-filter", "number 017")
    expect(rows).to_have_count(1)
    rows.first.locator("a.cite").click()
    expect(page.locator("#nc-panel h2")).to_have_text("Number 017")
    page.locator("[data-edit]").click()
    page.fill("#nc-dialog input[name=title]", "Seventeen")
    page.fill("#nc-dialog input[name=country]", "Kazakhstan")
    page.fill("#nc-dialog input[name=published]", "yesterday")
    page.locator("#nc-dialog button[value=save]").click()
    expect(page.locator("#nc-dialog .nc-failure")).to_contain_text("yesterday")
    page.fill("#nc-dialog input[name=published]", "2024-05-01")  # the rest is as it was typed
    page.locator("#nc-dialog button[value=save]").click()
    page.fill("#nc-filter", "Seventeen")
    expect(rows).to_have_count(1)
    expect(rows.first).to_contain_text("Kazakhstan ✎")
    (article,) = (one for one in library.articles() if one.title == "Seventeen")
    assert article.metadata["corrected"] == ["country", "published", "title"]
    rows.first.locator("input").check()
    page.click("[data-remove]")
    page.locator("#nc-dialog button[value=remove]").click()
    expect(page.locator("#nc-table")).to_contain_text("No article fits")
    expect(page.locator(".nc-head")).to_contain_text("59 articles")
    library.add_articles([newscite.Article("Rain fell in the north on Monday.", file="all.jsonl")])
    page.fill("#nc-filter", "all.jsonl")
    expect(rows.locator("a.cite")).to_have_text("Rain fell in the north on Monday.")


def test_empty_library_says_how_to_fill_it_and_takes_files_and_folders(
    library: newscite.Library, show: Open, tmp_path: Path
) -> None:
    page = show(library)
    expect(page.locator(".nc-notice")).to_contain_text("newscite add")
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(json.dumps({"text": ARTICLES[0].text, "title": ARTICLES[0].title}))
    bad.write_text("{broken")
    page.click(".nc-first-add")
    page.locator("#nc-add input[type=file]").set_input_files([good, bad])
    expect(page.locator(".nc-report")).to_contain_text("Added 1 articles.")
    expect(page.locator(".nc-report")).to_contain_text("bad.jsonl")
    expect(page.locator(".nc-head")).to_contain_text("1 articles")
    expect(page.locator(".nc-notice")).to_have_count(0)
    page.click("[data-retry]")
    expect(page.locator(".nc-report")).to_contain_text("Already in the library: 1")
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "c.jsonl").write_text(json.dumps({"text": ARTICLES[2].text, "title": "More"}))
    page.fill("#nc-named textarea", f"{folder}\nhttp://127.0.0.1:9/page.html")
    page.click("#nc-add-go")
    expect(page.locator(".nc-report")).to_contain_text("Save the page and add the file")
    expect(page.locator(".nc-head")).to_contain_text("2 articles")
    page.locator(".nc-table a.cite", has_text="More").click()
    with page.context.expect_page() as opened:
        page.locator("#nc-panel a.nc-original").click()
    expect(opened.value.locator("body")).to_contain_text("trade office")


def test_a_first_visit_can_try_the_examples(library: newscite.Library, show: Open) -> None:
    page = show(library)
    page.click("[data-examples]")
    expect(page.locator("#nc-dialog")).to_contain_text("Four invented articles")
    page.locator("#nc-dialog button").click()
    expect(page.locator(".nc-head")).to_contain_text("4 articles")
    expect(page.locator(".nc-notice")).to_have_count(0)
    assert {one.language for one in library.articles()} == {"en", "ru", "zh-Hans", "zh-Hant"}


def test_a_pdf_shows_the_found_words_marked_on_its_page(
    library: newscite.Library, show: Open, tmp_path: Path
) -> None:
    lines = ["Rain fell in the north.", "The trade office was closed on Monday."]
    (tmp_path / "paper.pdf").write_bytes(make_pdf([["The first page."], lines]))
    library.add(tmp_path / "paper.pdf")
    page = show(library)
    go_to(page, "search")
    page.fill("#nc-q", "trade office closed")
    page.keyboard.press("Enter")
    page.locator(".nc-result h3 a").click()
    with page.context.expect_page() as opened:
        page.locator("#nc-panel a.nc-original").click()
    marks = opened.value.locator("figure mark")
    expect(marks.first).to_be_in_viewport()
    expect(opened.value.locator("nav")).to_contain_text("Page 2 of 2")
    picture = Image.open(BytesIO(marks.last.screenshot())).convert("RGB")
    red, green, blue = (sorted(picture.getdata(band))[picture.width * picture.height // 2] for band in range(3))  # fmt: skip
    assert red > 200 and green > 180 and blue < 160  # yellow, as one sees it
    assert min(picture.getdata(0)) < 80  # and the words under it
