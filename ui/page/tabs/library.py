"""The Library tab: a table of all articles, one opened, corrected, removed; more added.

In: the reader's choices, words, an order, a page's number. Out: HTML of one page of the table,
whatever the library's size. Adding shows how far it is and, at the end, what was rejected and why.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import gradio as gr

from index.errors import InputError, NewsciteError
from index.report import AddReport, Progress
from ui.page.calls import Reader
from ui.page.desk import Desk
from ui.page.draw import answers, frame
from ui.page.draw import library as draw
from ui.page.files.originals import drop_uploads, keep_uploads
from ui.page.render import heading_of
from ui.page.tabs import choices

State = Progress | AddReport | NewsciteError | None
"""How far adding is; what came of it; or None where it ended by a fault of ours."""

ROWS = 50
"""Of a page of the table."""


class LibraryTab:
    """Answers the Library tab's calls."""

    def __init__(self, desk: Desk, *, local: bool) -> None:
        self.desk = desk
        self._local = local
        """Whether only this machine reaches the page, so that its files may be named by path."""

    def table(
        self,
        reader: Reader,
        chosen: dict[str, Any],
        words: str = "",
        sort: str = "added",
        descending: bool = True,
        page: int = 0,
    ) -> dict[str, Any]:
        """A page of the table; of an empty library, what to do first."""
        if not self.desk.library.status().articles:
            return {"html": frame.empty(reader)}
        listing = self.desk.library.listing(
            words,
            sort=sort,
            descending=descending,
            offset=max(0, page) * ROWS,
            limit=ROWS,
            **choices.as_given(chosen),
        )
        untitled = (self.desk.library.article(row.id) for row in listing.rows if not row.title)
        openings = {article.id: heading_of(article) for article in untitled if article}
        return {"html": draw.table(listing, sort, descending, page, ROWS, reader, openings)}

    def details(self, reader: Reader, article: str) -> dict[str, Any]:
        """What is known of an article, for the form in which it is corrected."""
        known = self.desk.library.article(article)
        if known is None:
            raise InputError(reader.say["article_gone"])
        return {
            "fields": {
                "title": known.title,
                "outlet": known.outlet,
                "author": known.author,
                "published": known.published,
                "country": str(known.metadata.get("country", "")),
                "tags": ", ".join(known.tags),
            }
        }

    def correct(self, reader: Reader, article: str, fields: dict[str, str]) -> dict[str, Any]:
        """Sets right what differs from what is known."""
        known = self.details(reader, article)["fields"]
        changed = {name: value for name, value in fields.items() if value != known.get(name)}
        if changed:
            self.desk.library.correct(article, **changed)
        return {"said": reader.say["corrected"]}

    def remove(self, reader: Reader, articles: list[str]) -> dict[str, Any]:
        """Removes articles."""
        library = self.desk.library
        known = [article for name in articles if (article := library.article(name))]
        files = {key for article in known for key in library.sources_of(article)}
        report = library.remove(articles)
        drop_uploads(library, files)
        return {"said": reader.say["removed"].format(n=len(report.articles))}

    def add(
        self, uploads: list[str] | None, named: str | None, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        """Yields (report, named, targets): how far it is, at last what became of everything."""
        reader = self.desk.calls.reader(request)
        try:
            targets = self._targets(reader, uploads, named)
        except NewsciteError as error:
            yield answers.failure(error.message, reader.language), gr.skip(), gr.skip()
            return
        yield from self.retry([str(target) for target in targets], request)

    def retry(self, targets: list[str], request: gr.Request) -> Iterator[tuple[Any, ...]]:
        """Adds what was named before once more; what is unchanged is skipped."""
        reader = self.desk.calls.reader(request)
        if not targets or not reader.may_edit:
            yield gr.skip(), gr.skip(), gr.skip()
            return
        states: queue.Queue[State] = queue.Queue()
        threading.Thread(target=self._added, args=(targets, states), daemon=True).start()
        yield draw.adding(None, reader.language), gr.skip(), targets
        while isinstance(state := states.get(), Progress):
            yield draw.adding(state, reader.language), gr.skip(), gr.skip()
        if isinstance(state, AddReport):
            yield draw.added(state, reader.language), "", gr.skip()
        else:
            why = state.message if state else reader.say["unexpected"]
            yield draw.broken(why, reader.language), gr.skip(), gr.skip()

    def _added(self, targets: list[str], states: queue.Queue[State]) -> None:
        """Adds in a thread of its own: who closes the page does not break it off."""
        try:
            states.put(self.desk.library.add(targets, progress=states.put))
        except NewsciteError as error:
            states.put(error)
        finally:
            states.put(None)

    def _targets(
        self, reader: Reader, uploads: list[str] | None, named: str | None
    ) -> list[str | Path]:
        if not reader.may_edit:
            raise InputError(reader.say["editors_only"])
        lines = [line.strip() for line in (named or "").splitlines() if line.strip()]
        if not self._local and any("://" not in line for line in lines):
            raise InputError(reader.say["no_paths"])
        return [*keep_uploads(self.desk.library, uploads or []), *lines]
