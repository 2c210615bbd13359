"""Conversations are kept whole, belong to one reader, and come back with the articles of today."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

import newscite
from index.config import load_settings
from rag.answer.answer import Answer
from rag.export.whole import Conversation
from tests.conftest import ARTICLES
from tests.toy import ToyEmbedder
from ui.page.kept import keeping
from ui.page.kept.collected import collected_questions
from ui.page.kept.conversations import Conversations
from ui.page.kept.turns import Turns
from ui.page.line import Line

QUESTION = "為什麼哈薩克關閉駐俄貿易代表處?"


@pytest.fixture
def answer(tmp_path: Path) -> tuple[newscite.Library, Answer]:
    settings = load_settings(None, llm={"model": "none"}, answer={"abstain_below": 0})
    library = newscite.Library.open(tmp_path / "library", settings, ToyEmbedder())
    library.add_articles(ARTICLES)
    return library, library.ask(QUESTION)


def test_results_come_back_as_they_were(answer: tuple[newscite.Library, Answer]) -> None:
    library, given = answer
    results = (given, library.compare(QUESTION), library.timeline("铁路"), library.check(QUESTION))
    for result in results:
        record = keeping.write(result)
        assert ARTICLES[0].text not in record  # texts are in the library
        assert keeping.read(record, library.article) == result
    library.remove(given.citations[0].article.id)
    again = keeping.read(keeping.write(given), library.article)
    assert again is not None
    assert again.citations[0].article.text == ""
    assert again.citations[0].quote == given.citations[0].quote
    assert keeping.read('{"kind": "answer", "result": {"words": 1}}', library.article) is None
    library.close()


def test_turns_survive_and_belong_to_their_owner(
    tmp_path: Path, answer: tuple[newscite.Library, Answer]
) -> None:
    library, given = answer
    kept = Conversations(tmp_path)
    turns = Turns(library, kept)
    name = kept.begin("ann", "ask", QUESTION)
    turn = turns.begin(QUESTION, name, "ann")
    turns.end(turn, given)
    kept.vote(turn.name, False, " 31 years ")
    kept.close()

    kept = Conversations(tmp_path)  # another day
    turns = Turns(library, kept)
    again = turns.get(turn.name, "ann")
    assert again is not None and again.result == given and again.good is False
    assert turns.get(turn.name, "bob") is None
    assert kept.get(name, "bob") is None
    assert [one.word for one in kept.voted()] == ["31 years"]
    assert [one.id for one in kept.listed("ann", "ask", "貿易 哈薩克")] == [name]
    assert kept.listed("ann", "ask", "100%") == []
    assert kept.listed("bob", "ask") == []
    (question,) = collected_questions(tmp_path)
    assert (question.text, question.answer_any) == (QUESTION, (("31 years",),))
    kept.vote(turn.name, True, "")
    (question,) = collected_questions(tmp_path)
    assert question.evidence[0] == ("a.txt", given.citations[0].quote)
    assert not kept.rename(name, "bob", "x")
    assert kept.rename(name, "ann", "  Trade \n offices ")
    assert kept.listed("ann", "ask")[0].title == "Trade offices"
    assert not kept.delete(name, "bob")
    assert kept.delete(name, "ann")
    assert list(kept.voted()) == []
    kept.close()
    library.close()


def test_a_whole_conversation_is_cited_through(answer: tuple[newscite.Library, Answer]) -> None:
    library, given = answer
    whole = Conversation("Both", "zh-Hant", (given, given))
    numbers = [citation.n for citation in whole.citations]
    assert numbers == list(range(1, 2 * len(given.citations) + 1))
    text = whole.to_markdown()
    assert text.count(QUESTION) == 2
    assert f"[{numbers[-1]}]" in text
    library.close()


def test_the_line_lets_one_after_the_other_in() -> None:
    line = Line(1)
    order: list[str] = []
    inside = threading.Event()
    done = threading.Event()

    def take(name: str) -> None:
        with line.enter() as ticket:
            inside.set()
            while ticket.wait(0.05):
                pass
            order.append(name)
            if name == "first":
                done.wait(5)

    first = threading.Thread(target=take, args=("first",))
    first.start()
    inside.wait(5)
    with line.enter() as second:
        assert second.place == 1
        with line.enter() as third:
            assert third.place == 2
            done.set()
            first.join()
            assert second.wait(1) == 0
            assert third.place == 1
        assert order == ["first"]
