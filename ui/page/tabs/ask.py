"""The Ask tab: a conversation, shown as it happens; earlier ones in a list beside it.

In: questions, the reader's choices. Out: messages of the chat, the evidence for the panel, and
where the page is, for its address. Only `shown` knows which events an answer consists of.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from index.errors import NewsciteError
from rag.answer.answer import Answer
from rag.answer.ask import Draft, Evidence, Final, Reading
from ui.page.calls import Reader
from ui.page.desk import Desk, InLine, Unread
from ui.page.draw import answers, articles
from ui.page.kept.turns import Turn, noted
from ui.page.place import place
from ui.page.tabs import choices

STOP_SECONDS = 2.0
"""How long the stop button waits for the LLM's last token before the page says it stopped."""

DRAFT_SECONDS = 0.1
"""The draft is sent to the page no more often than this, however fast the LLM writes."""

Messages = list[dict[str, Any]]


class Ask:
    """What the Ask tab's buttons do."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def ask(
        self,
        question: str,
        chat: Messages,
        conversation: str,
        request: gr.Request,
        *chosen: Any,
    ) -> Iterator[tuple[Any, ...]]:
        """Yields (chat, panel, box, conversation, place)."""
        reader = self.desk.calls.reader(request)
        question = question.strip()
        if not question:
            yield (gr.skip(),) * 5
            return
        turn, chat = self._begun(question, chat, conversation, reader)
        conversation = turn.conversation
        here = place(reader, conversation, say="searching")
        yield chat, gr.skip(), box_while_asking(), conversation, here
        self.desk.searchable.wait()
        try:
            with closing(self._states(turn, choices.filters(*chosen), reader)) as shows:
                for shown, panel, said in shows:
                    if turn.stopped:
                        return
                    chat[-1] = message("assistant", shown)
                    now = place(reader, conversation, say=said) if said else gr.skip()
                    yield chat, panel, gr.skip(), gr.skip(), now
        except GeneratorExit:
            turn.stopped = True
            raise
        except NewsciteError as error:
            chat[-1] = message("assistant", answers.failure(error.message, reader.language))
            here = place(reader, conversation, say="failed")
            yield chat, gr.skip(), box(question), gr.skip(), here
            return
        finally:
            turn.ended.set()
        here = place(reader, conversation, turn.name, "answered")
        yield gr.skip(), gr.skip(), box(), gr.skip(), here

    def _begun(
        self, question: str, chat: Messages, conversation: str, reader: Reader
    ) -> tuple[Turn, Messages]:
        """A new turn of the conversation, or of a new one, and the chat with it."""
        kept = self.desk.conversations
        if not conversation or kept.get(conversation, reader.name) is None:
            conversation = kept.begin(reader.name, "ask", question)
            chat = []
        turn = self.desk.turns.begin(question, conversation, reader.name)
        asked = message("user", answers.question(question))
        return turn, [
            *chat, asked, message("assistant", answers.waiting(turn.language, "searching"))
        ]  # fmt: skip

    def _states(
        self, turn: Turn, filters: dict[str, Any], reader: Reader
    ) -> Generator[tuple[str, Any, str], None, None]:
        """(message, panel, what a screen reader says) after each event worth showing."""
        history = self.desk.turns.history(turn.conversation)
        last = 0.0
        found = ""
        with closing(self.desk.ask(turn.question, history, filters)) as stream:
            for event in stream:
                if isinstance(event, Evidence | Reading):
                    turn.hits = event.hits
                    if event.hits:
                        found = articles.first_quote(event.hits, turn.name, turn.language)
                    shown = answers.reading(turn.language, 0, found)
                    yield shown, self._panel(turn), "reading" if isinstance(event, Evidence) else ""
                elif isinstance(event, Unread):
                    yield answers.reading(turn.language, event.place, found), gr.skip(), ""
                elif isinstance(event, InLine):
                    yield answers.in_line(event.answer, turn.name, event.place), gr.skip(), ""
                elif isinstance(event, Draft):
                    turn.draft += event.text
                    if time.monotonic() - last > DRAFT_SECONDS:
                        last = time.monotonic()
                        yield answers.draft(turn.draft, turn.language), gr.skip(), ""
                elif isinstance(event, Final):
                    given = noted(event.answer, reader.language)
                    self.desk.turns.end(turn, given)
                    yield answers.answer(given, turn.name), gr.skip(), ""

    def _panel(self, turn: Turn) -> Any:
        """The evidence for the panel; nothing once the reader has opened something there."""
        if turn.opened or turn.hits is None:
            return gr.skip()
        unread = any(hit.answers is None for hit in turn.hits)
        return articles.evidence(turn.hits, turn.name, turn.language, unread=unread)

    def stopped(self, chat: Messages, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """(chat, box) after the stop button: what was written stays, marked as stopped."""
        turn = self.desk.turns.latest(conversation, self.desk.calls.reader(request).name)
        if turn is not None and turn.result is None:
            turn.stopped = True
            turn.ended.wait(STOP_SECONDS)  # else a last piece of the draft may come after this
            halted = answers.draft(turn.draft, turn.language, stopped=True)
            chat = [*chat[:-1], message("assistant", halted)]
        return chat, box()

    def failed(self, chat: Messages, conversation: str, request: gr.Request) -> tuple[Any, ...]:
        """(chat, box) after a failure that is not one of ours: the question stays in the box."""
        reader = self.desk.calls.reader(request)
        turn = self.desk.turns.latest(conversation, reader.name)
        if turn is None or turn.result is not None or turn.stopped:
            return gr.skip(), gr.skip()
        said = answers.failure(reader.say["unexpected"], reader.language)
        return [*chat[:-1], message("assistant", said)], box(turn.question)

    def opened(self, conversation: str, reader: Reader) -> Messages:
        """The messages of a conversation as it was left."""
        chat: Messages = []
        for turn in self.desk.turns.of(conversation, reader.name):
            chat.append(message("user", answers.question(turn.question)))
            chat.append(message("assistant", kept_answer(turn)))
        return chat


def kept_answer(turn: Turn) -> str:
    """A finished turn as it was, or its bare text where it cannot be read any more."""
    if isinstance(turn.result, Answer):
        return answers.answer(turn.result, turn.name, turn.good)
    return answers.draft(turn.draft, turn.language, stopped=True)


def message(role: str, content: str) -> dict[str, Any]:
    return {"role": role, "content": content}


def box(question: str = "") -> Any:
    """The question box ready for a question."""
    return gr.update(value=question, submit_btn=True, stop_btn=False)


def box_while_asking() -> Any:
    """The question box, emptied, with the stop button in it."""
    return gr.update(value="", submit_btn=False, stop_btn=True)
