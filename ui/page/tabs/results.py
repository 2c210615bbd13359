"""The Compare, Timeline and Check tabs: a question or a text, and one result that is kept like a
conversation.

In: questions, the reader's choices. Out: the result as HTML, step by step; earlier results
can be opened again from a list.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any, cast

import gradio as gr

from index.errors import NewsciteError
from index.report import Progress
from rag.analysis.checked import FactCheck, title_of
from rag.analysis.comparison import By, Comparison
from rag.analysis.events import Timeline
from rag.export.documents import Result
from ui.page.calls import Reader
from ui.page.desk import MOVES_SECONDS, Desk
from ui.page.draw import answers
from ui.page.draw.checked import checked
from ui.page.draw.compare import comparison
from ui.page.draw.timeline import timeline
from ui.page.kept.conversations import Kind
from ui.page.kept.turns import Turn, noted_groups
from ui.page.place import place
from ui.page.tabs import choices


class Results:
    """What the buttons of these tabs do."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def compare(
        self, question: str, by: str, request: gr.Request, *chosen: Any
    ) -> Iterator[tuple[Any, ...]]:
        """Yields (result, place): how many groups have been asked, then the comparison."""

        def steps(turn: Turn) -> Iterator[str | Result]:
            with self.desk.line.enter() as ticket:
                kind = cast("By", by)  # compare_stream checks it
                while self.desk.library.llm is not None and (at := ticket.wait(MOVES_SECONDS)):
                    yield answers.waiting(turn.language, "in_line_short", str(at))
                stream = self.desk.library.compare_stream(
                    turn.question, by=kind, **choices.filters(*chosen)
                )
                yield from _progress(stream, turn.language, "comparing")

        yield from self._result("compare", question, steps, request)

    def timeline(self, topic: str, request: gr.Request, *chosen: Any) -> Iterator[tuple[Any, ...]]:
        """Yields (result, place): the timeline."""

        def steps(turn: Turn) -> Iterator[str | Result]:
            yield self.desk.library.timeline(turn.question, **choices.filters(*chosen))

        yield from self._result("timeline", topic, steps, request)

    def check(self, text: str, request: gr.Request, *chosen: Any) -> Iterator[tuple[Any, ...]]:
        """Yields (result, place): how many sentences have been checked, then what was found."""

        def steps(turn: Turn) -> Iterator[str | Result]:
            stream = self.desk.library.check_stream(turn.question, **choices.filters(*chosen))
            yield from _progress(stream, turn.language, "checking")

        yield from self._result("check", text, steps, request)

    def _result(
        self, kind: Kind, question: str, steps: Any, request: gr.Request
    ) -> Iterator[tuple[Any, ...]]:
        reader = self.desk.calls.reader(request)
        question = question.strip()
        if not question:
            yield gr.skip(), gr.skip()
            return
        conversation = self.desk.conversations.begin(reader.name, kind, title_of(question))
        turn = self.desk.turns.begin(question, conversation, reader.name)
        yield answers.waiting(turn.language, "searching"), gr.skip()
        self.desk.searchable.wait()
        try:
            with closing(steps(turn)) as states:
                for state in states:
                    if isinstance(state, str):
                        yield state, gr.skip()
                        continue
                    if isinstance(state, Comparison):
                        state = noted_groups(state, reader.language)
                    self.desk.turns.end(turn, state)
                    here = place(reader, conversation, turn.name, "answered", tab=kind)
                    yield drawn(turn), here
        except NewsciteError as error:
            self.desk.conversations.delete(conversation, reader.name)
            yield (
                answers.failure(error.message, reader.language),
                gr.skip(),
            )
        except GeneratorExit:
            self.desk.conversations.delete(conversation, reader.name)
            raise

    def opened(self, conversation: str, reader: Reader) -> tuple[str, str]:
        """(question, result) of what was made before."""
        turns = self.desk.turns.of(conversation, reader.name)
        return (turns[-1].question, drawn(turns[-1])) if turns else ("", "")


def _progress(
    stream: Generator[Progress | Result], language: str, doing: str
) -> Iterator[str | Result]:
    """How far a comparison or a check is, as its reader sees it, and the result."""
    with closing(stream):
        for event in stream:
            if isinstance(event, Progress):
                yield answers.waiting(language, doing, f"{event.done + 1}/{event.total}")
            else:
                yield event


def drawn(turn: Turn) -> str:
    """A comparison, a timeline or a checked text as its tab shows it."""
    if isinstance(turn.result, Comparison):
        return comparison(turn.result, turn.name)
    if isinstance(turn.result, Timeline):
        return timeline(turn.result, turn.name)
    if isinstance(turn.result, FactCheck):
        return checked(turn.result, turn.name)
    return answers.draft(turn.draft, turn.language, stopped=True)
