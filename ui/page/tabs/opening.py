"""What the page shows when it is opened, when something on it is, and when its reader chooses.

In: the page's address, what the browser remembers, the reader's choices. Out: the values of the
page's components, in the order in which app.py names them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr

from ui.page.calls import Reader
from ui.page.desk import Desk
from ui.page.draw import answers, articles, frame
from ui.page.layout import RESULTS, Parts
from ui.page.place import place
from ui.page.tabs import choices
from ui.page.tabs.ask import Ask, box
from ui.page.tabs.panel import Panel
from ui.page.tabs.results import Results
from ui.page.tabs.welcome import examples


class Opening:
    """Answers the page's events that show what is there already."""

    def __init__(self, desk: Desk, panel: Panel, ask: Ask, results: Results) -> None:
        self.desk = desk
        self.panel = panel
        self.ask = ask
        self.results = results

    def opened(self, remembered: dict[str, Any] | None, request: gr.Request) -> tuple[Any, ...]:
        """What the page shows first: what its address names, in the reader's language."""
        reader = self.desk.calls.reader(request)
        named = dict(request.query_params)
        chosen = remembered or {}
        lists = choices.updates(self.desk.library, chosen, reader.language)
        after, before = chosen.get("after", ""), chosen.get("before", "")
        # This may arrive after the reader began to type a date: one that is not remembered is left alone.
        dates = (after or gr.skip(), before or gr.skip())
        kept = {**dict(zip(choices.LISTS, (one["value"] for one in lists), strict=True))}
        return (
            frame.bridge(reader),
            *self._facts(reader),
            *lists,
            *dates,
            self._chosen({**kept, "after": after, "before": before}, reader),
            *self._opened(named.get("c", ""), reader, named),
        )

    def _facts(self, reader: Reader) -> tuple[str, str]:
        """(head, what an empty library offers)."""
        state = self.desk.library.status()
        empty = frame.empty(reader) if not state.articles else ""
        return frame.head(state, self.desk.library, reader), empty

    def _opened(self, name: str, reader: Reader, named: dict[str, str]) -> tuple[Any, ...]:
        """(chat, conversation, panel, a box and a result for each of `RESULTS`, place, tabs)."""
        known = self.desk.conversations.get(name, reader.name) if name else None
        turn, citation = named.get("t", ""), named.get("n", "")
        panel = articles.hint(reader.language, "gone" if name and not known else "evidence_hint")
        if citation and known:
            panel = self.panel.open(reader, f"c-{turn}-{citation}")["html"]
        elif "p" in named:
            panel = self.panel.open(reader, f"p-{named['p']}")["html"]
        elif known and known.kind == "ask":
            panel = self._latest_evidence(name, turn, reader) or panel
        if known and known.kind != "ask":
            shown = self.results.opened(name, reader)
            here = place(reader, name, turn, tab=known.kind, citation=citation)
            others = self._results({known.kind: shown})
            return ([], "", panel, *others, here, gr.update(selected=known.kind))
        welcome = answers.welcome(reader.language)
        offered = examples(self.desk.library, reader)
        chat = gr.update(placeholder=welcome, examples=offered)
        conversation = gr.skip()
        if name:  # else this may arrive after a question was asked, whose conversation it would end
            chat["value"] = self.ask.opened(name, reader) if known else []
            conversation = name if known else ""
        tab = named.get("tab", "ask") if named.get("tab") in Parts.TABS else "ask"
        here = place(reader, name if known else "", turn, tab=tab, citation=citation)
        return (chat, conversation, panel, *self._results({}), here, gr.update(selected=tab))

    def _results(self, shown: Mapping[str, tuple[str, str]]) -> Iterator[Any]:
        """A box and a result for each tab that has both; those that are not shown stay as they are."""
        for kind in RESULTS:
            yield from shown.get(kind, (gr.skip(), gr.skip()))

    def _latest_evidence(self, conversation: str, turn: str, reader: Reader) -> str:
        """The evidence of the turn that is named, or of the last; "" where there is none."""
        turns = self.desk.turns.of(conversation, reader.name)
        chosen = next((one for one in turns if one.name == turn), turns[-1] if turns else None)
        if chosen is None or not chosen.hits:
            return ""
        return articles.evidence(chosen.hits, chosen.name, chosen.language)

    def reopened(self, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        """A conversation picked from the list; as `_opened`."""
        reader = self.desk.calls.reader(request)
        return self._opened(str(event._data.get("name", "")), reader, {})

    def cleared(self, request: gr.Request) -> tuple[Any, ...]:
        """(chat, conversation, box, panel, place) for a new conversation."""
        reader = self.desk.calls.reader(request)
        return [], "", box(), articles.hint(reader.language), place(reader)

    def narrowed(self, request: gr.Request, *given: Any) -> tuple[Any, ...]:
        """(lists, remembered, chosen) after the reader has chosen."""
        reader = self.desk.calls.reader(request)
        *lists, after, before = given
        chosen = dict(zip(choices.LISTS, lists, strict=True))
        shown = choices.updates(self.desk.library, chosen, reader.language)
        kept = dict(zip(choices.LISTS, (one["value"] for one in shown), strict=True))
        dates = {"after": after or "", "before": before or ""}
        kept |= {name: date for name, date in dates.items() if choices.is_date(date)}
        return (*shown, kept, self._chosen(kept, reader))

    def _chosen(self, kept: dict[str, Any], reader: Reader) -> str:
        return frame.chosen(kept, choices.summary(kept, reader.language))

    def refreshed(self, request: gr.Request, *given: Any) -> tuple[Any, ...]:
        """(chat, head, empty, lists, remembered, chosen) after articles were added or removed."""
        reader = self.desk.calls.reader(request)
        offered = gr.update(examples=examples(self.desk.library, reader))
        return (offered, *self._facts(reader), *self.narrowed(request, *given))
