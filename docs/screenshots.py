"""Pictures of the page, to look at it: each state at each size, light and dark, in each language.

    python docs/screenshots.py FOLDER [--sizes 1440x900 390x844] [--themes light] [--languages en] [--only ask]

In: seeds/, a few more articles, a PDF, an LLM that writes what it is told, one sentence of it invented.
Out: FOLDER/STATE-LANGUAGE-THEME-SIZE.png. Needs Chromium and the packages of the tests. A state is
reached once in each language; then the window is made smaller and the lights go out.
docs/page.png is ask-en-light-1440x900.png.
"""

from __future__ import annotations

import argparse
import html
import shutil
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata  # noqa: E402
from llama_index.core.llms import CustomLLM  # noqa: E402
from playwright.sync_api import Browser, Error, Page, sync_playwright  # noqa: E402

import newscite  # noqa: E402
from index.config import load_settings  # noqa: E402
from index.embed.embedder import open_embedder  # noqa: E402
from tests.conftest import ARTICLES  # noqa: E402
from tests.documents import make_pdf  # noqa: E402
from ui.access import Accounts  # noqa: E402
from ui.page.app import App, launch  # noqa: E402
from ui.page.calls import Reader  # noqa: E402
from ui.page.files.originals import original_file, original_link  # noqa: E402
from ui.page.tabs.translate import Translate  # noqa: E402

PATIENCE = 90_000
SIZES = ("1440x900", "1024x768", "390x844")
LOCALES = {"zh-Hant": "zh-TW", "zh-Hans": "zh-CN", "en": "en-US", "ru": "ru-RU"}
QUESTIONS = {
    "zh-Hant": "為什麼哈薩克關閉駐俄貿易代表處?",
    "zh-Hans": "为什么哈萨克斯坦关闭驻俄贸易代表处?",
    "en": "Why did Kazakhstan close its trade office in Russia?",
    "ru": "Почему Казахстан закрыл торговое представительство в России?",
}
CLAIMS = {
    "zh-Hant": "哈薩克駐俄貿易代表處存在了13年。哈薩克關閉了駐俄貿易代表處。總統訪問了巴西。",
    "zh-Hans": "哈萨克斯坦驻俄贸易代表处存在了13年。哈萨克斯坦关闭了驻俄贸易代表处。总统访问了巴西。",
    "en": "Kazakhstan's trade office in Russia existed for 13 years. Kazakhstan closed its trade "
    "office in Russia. The president flew to Brazil.",
    "ru": "Торговое представительство Казахстана в России существовало 13 лет. Казахстан закрыл "
    "торговое представительство в России. Президент вылетел в Бразилию.",
}
WRITTEN = {
    "zh-Hant": "哈薩克關閉駐俄貿易代表處有三個原因。哈國希望提高國家的自主權。總統為此訪問了巴西。",
    "zh-Hans": "哈萨克斯坦关闭驻俄贸易代表处有三个原因。哈国希望提高国家的自主权。总统为此访问了巴西。",
    "en": "Kazakhstan closed its trade office for three reasons. Officials say the move saves money. "
    "The president then flew to Brazil.",
    "ru": "Казахстан закрывает торговое представительство в России. Решение объяснили экономией. "
    "Президент затем вылетел в Бразилию.",
}


BROKEN: Any = [
    {"name": name, "mimeType": "application/octet-stream", "buffer": content}
    for name, content in {
        "report.pdf": b"%PDF-1.7 damaged",
        "empty.txt": b"",
        "table.xlsx": b"PK\x03\x04 no workbook",
        "old.doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "data.json": b'{"articles": [1, 2]}',
        "lines.jsonl": b'{"title": "no text"}\nnot json\n',
        "song.mp3": b"ID3" + bytes(200),
        "archive.rar": b"Rar!\x1a\x07\x00" + bytes(100),
        "picture.png": b"\x89PNG\r\n\x1a\n" + bytes(100),
        "feed.xml": b"<rss version='2.0'><channel><title>News</title></channel></rss>",
    }.items()
]


class Told(CustomLLM):
    """Writes what stands above for the language it is asked in."""

    language: str = "en"

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="told what to write", context_window=4096)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text=WRITTEN[self.language])

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        yield CompletionResponse(text="", delta=WRITTEN[self.language])


class Failing(Told):
    """Is not to be reached."""

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        raise ConnectionError("Connection refused")


def prepared(library: newscite.Library) -> dict[str, dict[str, str]]:
    """Asks, compares and draws in each language; the addresses of what came of it."""
    app, addresses = App(library), {}
    for language, question in QUESTIONS.items():
        made: dict[str, str] = {}
        library.__dict__["llm"] = None
        for state, result in (
            ("ask", library.ask(question)),
            ("compare", library.compare(question, by="outlet")),
            ("timeline", library.timeline(question)),
            ("check", library.check(CLAIMS[language])),
        ):
            made[state] = kept(app, state, question, result)
        library.__dict__["llm"] = Told(language=language)
        made["unsupported"] = kept(app, "ask", question, library.ask(question))
        made["translated"] = foreign(app, language)
        library.__dict__["llm"] = None
        made["pdf"] = paper(library, language)
        addresses[language] = made
    app.desk.close()
    return addresses


def kept(app: App, kind: Any, question: str, result: Any) -> str:
    conversation = app.desk.conversations.begin("", kind, question)
    turn = app.desk.turns.begin(question, conversation, "")
    app.desk.turns.end(turn, result)
    return f"?c={conversation}&t={turn.name}" + ("" if kind == "ask" else f"&tab={kind}")


def foreign(app: App, language: str) -> str:
    """An answer with quotes in another language, whose translations are remembered."""
    asked = QUESTIONS["en" if language.startswith("zh") else "zh-Hant"]
    others = ["en"] if language.startswith("zh") else ["zh"]
    answer = replace(app.library.ask(asked, languages=others), language=language)
    for cited in answer.citations:
        span = f"{cited.article.id}-{cited.start}-{cited.end}"
        Translate(app.desk).translate(Reader(language=language), span, language)
    return kept(app, "ask", QUESTIONS[language], answer) + "&n=1"


def paper(library: newscite.Library, language: str) -> str:
    """The way to the page of a PDF with words marked."""
    article = next(
        one for one in library.articles() if str(original_file(library, one)).endswith(".pdf")
    )
    start = article.text.index("The trade office")
    link = original_link(library, article, language, (start, start + 40))
    return html.unescape(link.split('href="')[1].split('"')[0])


# -- what is looked at ----------------------------------------------------------------------------


def answer(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url + made["ask"] + "&n=1")
    page.wait_for_selector("#nc-panel mark.nc-quote")


def unsupported(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url + made["unsupported"])
    page.locator("#nc-chat .nc-message").wait_for()
    page.locator("#nc-chat .nc-export summary").click()


def asking(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url)
    page.fill("#nc-box textarea", QUESTIONS[language])
    page.keyboard.press("Enter")
    page.locator("#nc-chat .nc-message").wait_for()
    page.wait_for_timeout(500)
    page.locator("#nc-chat .nc-sentence a.cite").first.hover()


def welcome(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url)
    page.wait_for_selector(".nc-welcome")
    page.click("#nc-choices > button")
    page.wait_for_timeout(400)


def error(page: Page, url: str, made: dict[str, str], language: str) -> None:
    welcome(page, url, made, language)
    page.fill("#nc-from input, #nc-from textarea", "yesterday")
    page.fill("#nc-box textarea", QUESTIONS[language])
    page.keyboard.press("Enter")
    page.wait_for_selector(".nc-failure")


def search(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(f"{url}?tab=search&q={QUESTIONS[language]}")
    page.wait_for_selector(".nc-result")
    page.locator(".nc-result input").first.check()


def compare(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url + made["compare"])
    page.wait_for_selector("#nc-compare-result .nc-message")


def timeline(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url + made["timeline"])
    page.wait_for_selector("#nc-timeline-result .nc-message")


def check(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url + made["check"])
    page.wait_for_selector("#nc-check-result .nc-message")


def library_(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(f"{url}?tab=library")
    page.wait_for_selector(".nc-table")
    page.click("#nc-add > button")
    page.locator(".nc-table a.cite").first.click()
    page.wait_for_selector("#nc-panel .nc-article")


def correct(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(f"{url}?tab=library")
    page.locator("[data-edit]").first.click()
    page.wait_for_selector("#nc-dialog[open]")


def translated(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url + made["translated"])
    page.locator("#nc-panel .nc-translate").first.click()
    page.wait_for_selector(".nc-translation p")


def pdf(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url + made["pdf"])
    page.wait_for_selector("figure mark")


def adding(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(f"{url}?tab=library")
    page.wait_for_selector(".nc-table")
    page.click("#nc-add > button")
    page.fill("#nc-named textarea", "/nowhere/at-all.html\nhttp://127.0.0.1:9/refused.html")
    page.click("#nc-add-go")
    page.wait_for_selector("[data-retry], .nc-failure")


def rejected(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(f"{url}?tab=library")
    page.wait_for_selector(".nc-table")
    page.click("#nc-add > button")
    page.wait_for_timeout(500)  # Gradio opens it, and listens then
    page.set_input_files("#nc-add input[type=file]", BROKEN)
    page.wait_for_selector("[data-retry]")


def conversations(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url + made["ask"])
    page.locator("[data-more]").first.click()


def failed(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url)
    page.fill("#nc-box textarea", QUESTIONS[language])
    page.keyboard.press("Enter")
    page.locator("#nc-chat .nc-message").wait_for()
    page.wait_for_timeout(1000)


def login(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url)
    page.wait_for_selector("input[type=password]")


def wrong(page: Page, url: str, made: dict[str, str], language: str) -> None:
    login(page, url, made, language)
    page.locator("input").first.fill("ann")
    page.locator("input[type=password]").fill("not the password")
    page.keyboard.press("Enter")
    page.wait_for_selector(".creds")


def keys(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url + made["ask"])
    page.locator("#nc-chat .nc-message").wait_for()
    page.click("[data-help]")


def first_visit(page: Page, url: str, made: dict[str, str], language: str) -> None:
    page.goto(url)
    page.wait_for_selector(".nc-notice, .nc-first")


STATES: dict[str, Callable[[Page, str, dict[str, str], str], None]] = {
    "ask": answer,
    "unsupported": unsupported,
    "asking": asking,
    "welcome": welcome,
    "error": error,
    "search": search,
    "compare": compare,
    "timeline": timeline,
    "check": check,
    "translated": translated,
    "pdf": pdf,
    "library": library_,
    "adding": adding,
    "correct": correct,
    "keys": keys,
    "conversations": conversations,
    "empty": first_visit,
    "login": login,
    "wrong": wrong,
    "rejected": rejected,
    "failed": failed,
}
ELSEWHERE = {
    "empty": "empty", "login": "login", "wrong": "login", "failed": "failing",
    "rejected": "failing",  # the last that is served: uploads go there
}  # fmt: skip
"""The library of a state, where that is not the full one."""


def pictures(
    browser: Browser, urls: dict[str, str], made: dict[str, dict[str, str]], given: Any
) -> None:
    for language in given.languages:
        context = browser.new_context(locale=LOCALES[language])
        context.set_default_timeout(PATIENCE)
        for state in given.only:
            page = context.new_page()
            page.set_viewport_size(viewport(given.sizes[0]))
            try:
                STATES[state](page, urls[ELSEWHERE.get(state, "full")], made[language], language)
            except Error as error:
                sys.stderr.write(f"{state} {language}: {error}\n")
            for size in given.sizes:
                page.set_viewport_size(viewport(size))
                with suppress(Error):  # where there is none
                    page.locator("mark.nc-quote").first.scroll_into_view_if_needed(timeout=200)
                for theme in given.themes:
                    page.emulate_media(color_scheme=theme)
                    page.wait_for_timeout(500)  # colours change slowly
                    page.screenshot(path=given.folder / f"{state}-{language}-{theme}-{size}.png")
            page.close()
        context.close()


def viewport(size: str) -> Any:
    return dict(zip(("width", "height"), map(int, size.split("x")), strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", nargs="+", default=SIZES)
    parser.add_argument("--themes", nargs="+", default=("light", "dark"))
    parser.add_argument("--languages", nargs="+", default=tuple(LOCALES))
    parser.add_argument("--only", nargs="+", default=tuple(STATES))
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    settings = load_settings(
        None,
        llm={"model": "none"},
        retrieve={"translate": False},
        answer={"cache": False},
    )
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        embedder = open_embedder(settings.embedder)
        names = ("full", "empty", "login", "failing")
        full, *others = (
            newscite.Library.open(Path(folder) / name, settings, embedder) for name in names
        )
        lines = [
            "Rain fell in the north.",
            "The trade office was closed on Monday, officials said.",
        ]
        (Path(folder) / "paper.pdf").write_bytes(make_pdf([["The first page."], lines]))
        full.add([ROOT / "seeds", Path(folder) / "paper.pdf"])
        full.add_articles(ARTICLES)
        Accounts(others[1].path).add_user("ann", "a password of ann", "editor")
        made = prepared(full)
        others[-1].add(ROOT / "seeds")
        others[-1].__dict__["llm"] = Failing()
        served = [launch(one, "127.0.0.1", 0) for one in (full, *others)]
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox"]
        )
        pictures(
            browser, {name: url for name, (_, url) in zip(names, served, strict=True)}, made, given
        )
        browser.close()
        for blocks, _ in served:
            blocks.close(verbose=False)
        for one in (full, *others):
            one.close()


if __name__ == "__main__":
    main()
