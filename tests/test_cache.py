"""Answers that are given again, and those that are not."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace

from rag.answer import cache
from rag.answer.answer import Answer
from rag.answer.ask import Event, Evidence, Final, final
from rag.answer.cache import AnswerCache
from tests.samples import ANSWER, HITS


class Asking:
    """The events of an answer, and how often they were asked for and closed."""

    def __init__(self, answer: Answer = ANSWER) -> None:
        self.answer = answer
        self.asked = self.closed = 0

    def events(self) -> Generator[Event, None, None]:
        self.asked += 1
        try:
            yield Evidence(HITS)
            yield Final(self.answer)
        finally:
            self.closed += 1


def test_same_question_is_answered_once() -> None:
    kept, asking = AnswerCache(), Asking()
    first = final(kept.through("key", asking.events()))
    second = final(kept.through("key", asking.events()))
    assert first == ANSWER
    assert asking.asked == 1
    assert (second.sentences, second.citations) == (first.sentences, first.citations)
    assert len(second.notes) == len(first.notes) + 1


def test_another_key_is_another_answer() -> None:
    kept, asking = AnswerCache(), Asking()
    for generation in (1, 2):
        final(kept.through(("question", generation), asking.events()))
    assert asking.asked == 2


def test_answer_of_an_llm_that_failed_is_asked_for_again() -> None:
    kept, asking = AnswerCache(), Asking(replace(ANSWER, notes=("The LLM failed.",)))
    for _ in range(2):
        assert final(kept.through("key", asking.events())).notes == ("The LLM failed.",)
    assert asking.asked == 2


def test_who_stops_listening_stops_the_answering_and_keeps_nothing() -> None:
    kept, asking = AnswerCache(), Asking()
    events = asking.events()
    stream = kept.through("key", events)
    next(stream)
    stream.close()
    assert asking.closed == 1
    final(kept.through("key", asking.events()))
    assert asking.asked == 2


def test_the_oldest_answer_makes_room() -> None:
    kept = AnswerCache()
    askings = [Asking() for _ in range(cache.MOST_ANSWERS + 1)]
    for key, asking in enumerate(askings):
        final(kept.through(key, asking.events()))
    for key in (0, cache.MOST_ANSWERS):
        final(kept.through(key, askings[key].events()))
    assert [askings[key].asked for key in (0, cache.MOST_ANSWERS)] == [2, 1]
