"""Answers that were given before, as long as nothing they rest on has changed.

A key is the question, the conversation before it, the filter and the library's generation; settings
and models are the same for as long as a library is open.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Generator, Hashable
from contextlib import closing
from dataclasses import replace
from threading import Lock

from rag.answer.answer import Answer
from rag.answer.ask import Event, Evidence, Final
from rag.llm.prompts import answered_before, as_quoted

MOST_ANSWERS = 200


class AnswerCache:
    """The last answers by key; safe to share between threads."""

    def __init__(self) -> None:
        self._answers: OrderedDict[Hashable, Answer] = OrderedDict()
        self._lock = Lock()

    def through(
        self, key: Hashable, events: Generator[Event, None, None]
    ) -> Generator[Event, None, None]:
        """The events of answering; from memory, with a note that says so, where that is possible.

        An answer with a note on a passing problem, such as an LLM that failed, is not kept.
        """
        began = time.perf_counter()
        with self._lock:
            known = self._answers.get(key)
        if known is not None:
            yield Evidence(known.hits)
            seconds = {"total": time.perf_counter() - began}
            note = answered_before(known.language)
            yield Final(replace(known, seconds=seconds, notes=(*known.notes, note)))
            return
        with closing(events):
            for event in events:
                if isinstance(event, Final) and _is_final(event.answer):
                    self._keep(key, event.answer)
                yield event

    def _keep(self, key: Hashable, answer: Answer) -> None:
        with self._lock:
            self._answers[key] = answer
            while len(self._answers) > MOST_ANSWERS:
                self._answers.popitem(last=False)


def _is_final(answer: Answer) -> bool:
    return set(answer.notes) <= {as_quoted(answer.language)}
