"""Several readers at one desk: all find before anyone's is read; what was read is marked."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import cast

import pytest
from gradio import Request

import newscite
from index.config import load_settings
from index.errors import LibraryError
from rag.answer.ask import Evidence, Final, Reading
from rag.evidence.reader import Reading as Read
from rag.evidence.reader import Text
from tests.conftest import ARTICLES
from tests.toy import ToyEmbedder
from ui.page.calls import Calls
from ui.page.desk import Desk, Unread
from ui.page.draw import articles
from ui.page.tabs.library import LibraryTab

QUESTION = "Why does Kazakhstan close its trade office?"


class SlowReader:
    """A slow reader: the line with "saves money" answers, and these are the words that answer."""

    def __init__(self) -> None:
        self.at_once = self.most_at_once = 0

    def answers(self, question: str, texts: Sequence[Text]) -> list[Read]:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        time.sleep(0.1)
        self.at_once -= 1
        return [self._read(text) for text in texts]

    def _read(self, text: Text) -> Read:
        sure = ["saves money" in text.body[start:end] for start, end in text.sentences]
        at = text.body.find("saves money")
        words = (at, at + len("saves money")) if any(sure) else None
        return Read(tuple(5.0 if one else -5.0 for one in sure), words)


@pytest.fixture
def reader(monkeypatch: pytest.MonkeyPatch) -> SlowReader:
    reader = SlowReader()
    monkeypatch.setattr("rag.answer.binder.open_reader", lambda settings: reader)
    return reader


@pytest.fixture
def desk(tmp_path: Path, reader: SlowReader) -> Iterator[Desk]:
    settings = load_settings(None, llm={"model": "none"}, retrieve={"translate": False})
    with newscite.Library.open(tmp_path / "library", settings, ToyEmbedder()) as library:
        library.add_articles(ARTICLES)
        with closing(Desk(library, Calls(lambda _: True))) as desk:
            yield desk


def test_everyone_sees_evidence_before_it_is_read_one_after_the_other(
    desk: Desk, reader: SlowReader
) -> None:
    kinds: list[type] = []
    waited: list[int] = []

    def ask(n: int) -> None:
        for event in desk.ask(f"{QUESTION} {n}", [], {}):
            kinds.append(type(event))
            if isinstance(event, Unread):
                waited.append(event.place)

    threads = [threading.Thread(target=ask, args=(n,)) for n in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kinds.count(Evidence) == kinds.count(Final) == 5
    read = [n for n, kind in enumerate(kinds) if kind is Reading]
    assert kinds[: read[1]].count(Evidence) == 5
    assert reader.most_at_once == 1


def test_who_leaves_while_waiting_lets_the_next_one_read(desk: Desk) -> None:
    ahead = desk.reading.enter()
    waiting = desk.ask(QUESTION, [], {})
    assert isinstance(next(waiting), Evidence)
    assert isinstance(next(waiting), Unread)
    waiting.close()
    ahead.__exit__(None, None, None)
    assert [type(event) for event in desk.ask(QUESTION, [], {})][-1] is Final


def test_what_was_read_is_marked_where_it_stands(desk: Desk) -> None:
    events = list(desk.ask(QUESTION, [], {}))
    (found,) = (event.hits for event in events if isinstance(event, Evidence))
    (read,) = (event.hits for event in events if isinstance(event, Reading))
    assert [hit.rank for hit in read] == [hit.rank for hit in found]  # none has moved
    (likely,) = articles.answering(read)
    text = likely.article.text
    assert likely.words
    assert text[likely.words.start : likely.words.end] == "saves money"
    assert text[likely.best_sentence.start : likely.best_sentence.end].endswith("saves money.")
    shown = articles.evidence(read, "t", "en")
    assert f'<a data-card="{likely.rank}"' in shown
    assert "saves money</mark>" in shown and "nc-said" in shown
    final = events[-1]
    assert isinstance(final, Final)
    assert final.answer.hits == read  # kept, and shown again when the conversation is opened


def test_what_breaks_adding_off_is_told_and_can_be_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def locked(*_: object, **__: object) -> None:
        raise LibraryError("Another process writes. Wait until it is done.")

    monkeypatch.setattr(desk.library, "add", locked)
    shown = list(LibraryTab(desk, local=True).retry(["a.txt"], cast("Request", None)))
    assert "Wait until it is done" in shown[-1][0]
    assert "data-retry" in shown[-1][0]
