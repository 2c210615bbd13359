"""The page under several readers, its search, its table over many articles, and its first paint.

    python benchmarks/page.py                      # 1,000 articles, 20 readers; a table of 100,000 rows
    python benchmarks/page.py --articles 10000 --only search

Prints how long readers wait for evidence while a slow LLM answers one after another,
what 500 questions leave in memory, how long a search takes, how long a page of the table takes to
make, and when a browser paints. Times on the wall need an idle machine; processor time is printed
beside them.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata
from llama_index.core.llms import CustomLLM

import newscite
from index.config import load_settings
from index.embed.embedder import open_embedder
from index.records import Article
from index.store.filters import Filter
from rag.answer.ask import Evidence
from ui.page import desk
from ui.page.app import launch
from ui.page.calls import Calls, Reader
from ui.page.desk import Desk
from ui.page.tabs import choices
from ui.page.tabs.library import LibraryTab
from ui.page.tabs.search import Search

OUTLETS = ("Reuters", "BBC", "Tengrinews", "The Astana Times", "TASS")
HOSTS = ("www.reuters.com", "www.bbc.co.uk", "tengrinews.kz", "astanatimes.com", "tass.ru")
PARTS = ("paint", "search", "timeline", "readers", "memory", "table")
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0].startTime"
TOPICS = ("trade office", "railway", "oil exports", "border talks", "water treaty", "power plant")


class Unhurried(CustomLLM):
    """Takes two seconds for an answer."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="unhurried", context_window=4096)

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return CompletionResponse(text="")

    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        time.sleep(2)
        yield CompletionResponse(text="", delta="Kazakhstan closed its trade office.")


def article(n: int) -> Article:
    topic, at = TOPICS[n % len(TOPICS)], n % len(OUTLETS)
    return Article(
        f"Kazakhstan and its neighbours spoke about the {topic} for the {n}th time. Officials said "
        f"that {n % 97} million tenge were at stake. A decision is expected in month {n % 12 + 1}.",
        title=f"Talks on the {topic}, number {n}",
        outlet=OUTLETS[at],
        url=f"https://{HOSTS[at]}/{n}",
        published=f"{2018 + n % 7}-{n % 12 + 1:02d}-{n % 28 + 1:02d}",
        language="en",
        tags=(topic.split()[0],),
    )


def timed(act: Callable[[], Any]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


def share(times: list[float], part: float) -> float:
    return sorted(times)[min(len(times) - 1, int(part * len(times)))]


def several_readers(library: newscite.Library, readers: int) -> None:
    """All ask at once; only one has the LLM."""
    desk.REMOTE_AT_ONCE = 1
    library.__dict__["llm"] = Unhurried()
    served = Desk(library, Calls(lambda _: True))
    waited: list[float] = []
    answers: list[object] = []
    used = time.process_time()

    def ask(n: int) -> None:
        began = time.perf_counter()
        question = f"What was said about the {TOPICS[n % len(TOPICS)]} for the {n}th time?"
        first = True
        for event in served.ask(question, [], {}):
            if first and isinstance(event, Evidence):
                waited.append(time.perf_counter() - began)
                first = False
            last = event
        answers.append(last)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(readers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    used = time.process_time() - used
    print(
        f"{readers} readers at once, one LLM: evidence after {share(waited, 0.5):.2f} s (median), "
        f"{share(waited, 0.95):.2f} s (p95); {len(answers)} answered; {used / readers:.2f} s of "
        "processor time each"
    )
    served.close()


def many_questions(library: newscite.Library) -> None:
    """500 questions one after another, answered without an LLM."""
    served = Desk(library, Calls(lambda _: True))
    library.__dict__["llm"] = None
    held = [memory()]
    for n in range(500):
        list(served.ask(f"What about {TOPICS[n % len(TOPICS)]} {n}?", [], {}))
        if n % 100 == 99:
            held.append(memory())
    print(f"500 questions, memory held after each 100: {', '.join(f'{m:.0f}' for m in held)} MB")
    served.close()


def timelines(library: newscite.Library, articles: int) -> None:
    """A timeline of each topic, then the same once more, when the library keeps what its passages report."""
    for name in ("the first time", "again"):
        used = []
        for topic in TOPICS:
            began = time.process_time()
            library.timeline(topic)
            used.append(time.process_time() - began)
        print(
            f"timeline over {articles:,} articles, {name}: {share(used, 0.5):.2f} s of processor "
            f"time (median), {max(used):.2f} s at most"
        )


def memory() -> float:
    """MB that this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 1e6


def search(library: newscite.Library, articles: int) -> None:
    """The Search tab's own call, facets and all."""
    tab = Search(Desk(library, Calls(lambda _: True)))
    tab.desk.searchable.set()
    walls, used = [], []
    for n in range(20):
        began = time.process_time()
        question = f"{TOPICS[n % 6]} talks {n}"
        walls.append(timed(lambda q=question: tab.search(Reader(), q, {}, {}, [], "fit")))  # type: ignore[misc]
        used.append(time.process_time() - began)
    print(
        f"search of {articles:,} articles: {share(walls, 0.5):.2f} s (median), "
        f"{share(walls, 0.95):.2f} s (p95); {share(used, 0.5):.2f} s of processor time"
    )
    tab.desk.close()


def first_paint(library: newscite.Library) -> None:
    """When Chromium paints the page for the first time, and when what it says is there."""
    from playwright.sync_api import sync_playwright

    blocks, url = launch(library, "127.0.0.1", 0)
    with sync_playwright() as playwright:
        path = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        paints, ready = [], []
        for _ in range(5):
            page = browser.new_page()
            began = time.perf_counter()
            page.goto(url)
            page.wait_for_selector(".nc-head")
            ready.append(time.perf_counter() - began)
            paints.append(page.evaluate(FIRST_PAINT) / 1000)
            page.close()
        browser.close()
    print(
        f"first paint: {share(paints, 0.5):.2f} s (median of 5), {max(paints):.2f} s at most; "
        f"all of the page after {share(ready, 0.5):.2f} s"
    )
    blocks.close(verbose=False)


def table(library: newscite.Library, rows: int) -> None:
    """Articles straight into the store: the table reads no passages."""
    store = library._store
    with store.transaction():
        for n in range(rows):
            one = article(n + 10_000_000)
            store.insert_article(one.id, one, "2026-01-01T00:00:00Z")
    tab = LibraryTab(Desk(library, Calls(lambda _: True)), local=True)
    reader = Reader()
    for name, given in (
        ("first page", {}),
        ("last page", {"page": rows // 50 - 1}),
        ("by title", {"sort": "title", "descending": False}),
        ("by country", {"sort": "country"}),
        ("with words", {"words": "number 10000500"}),
        ("of a country", {"chosen": {"countries": ["KZ"]}}),
    ):
        asked = {"chosen": {}, **given}
        seconds = timed(lambda asked=asked: tab.table(reader, **asked))  # type: ignore[misc]
        print(f"table of {rows:,}, {name}: {seconds:.2f} s")
    print(f"lists of choices: {timed(lambda: choices.updates(library, {}, 'en')):.2f} s")
    print(f"the same again: {timed(lambda: choices.updates(library, {}, 'en')):.3f} s")
    print(f"counts: {library.catalog.counts('country', Filter(languages=['en']))}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1000)
    parser.add_argument("--readers", type=int, default=20)
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument(
        "--library", type=Path, help="a folder to keep it in, filled at the first run"
    )
    given = parser.parse_args()
    settings = load_settings(None, llm={"model": "none"}, retrieve={"translate": False})
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(settings.embedder)
        place = given.library or Path(folder) / "library"
        with newscite.Library.open(place, settings, embedder) as library:
            if set(given.only) - {"table"} and not library.status().articles:
                library.add_articles(map(article, range(given.articles)))
            library.warm_up()  # as the page does when it starts
            if "paint" in given.only:
                first_paint(library)
            if "search" in given.only:
                search(library, given.articles)
            if "timeline" in given.only:
                timelines(library, given.articles)
            if "readers" in given.only:
                several_readers(library, given.readers)
            if "memory" in given.only:
                many_questions(library)
            if "table" in given.only:
                table(library, given.rows)


if __name__ == "__main__":
    main()
