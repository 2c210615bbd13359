"""Questions and what came of them: those of this moment in memory, finished ones in the database.

In: a question, asked within a conversation. Out: its `Turn`, by an id nobody can guess, for as long
as the conversation is kept.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from index.languages.text import detect
from rag.analysis.comparison import Comparison
from rag.analysis.events import Timeline
from rag.answer.answer import Answer
from rag.export.documents import Result
from rag.results.hits import Hits
from ui.page.kept import keeping
from ui.page.kept.conversations import Conversations, KeptTurn
from ui.words import said

if TYPE_CHECKING:
    from newscite import Library

IN_MEMORY = 200
"""This many turns are kept in memory, so that one of their citations opens without the database."""


@dataclass
class Turn:
    """One question and what has come of it so far."""

    name: str
    conversation: str
    owner: str
    question: str
    language: str
    hits: Hits | None = None
    draft: str = ""
    result: Result | None = None
    good: bool | None = None
    stopped: bool = False
    opened: bool = False
    """Whether its reader has opened something in the panel, which then stays."""
    ended: threading.Event = field(default_factory=threading.Event)
    """Set when nothing more of it will be shown."""


class Turns:
    """The turns of all conversations of one library."""

    def __init__(self, library: Library, kept: Conversations) -> None:
        self._library = library
        self._kept = kept
        self._turns: OrderedDict[str, Turn] = OrderedDict()
        self._lock = threading.Lock()

    def begin(self, question: str, conversation: str, owner: str) -> Turn:
        """A new turn of a conversation; nothing of it is kept before it ends."""
        return self._remember(
            Turn(secrets.token_hex(8), conversation, owner, question, detect(question))
        )

    def end(self, turn: Turn, result: Result) -> None:
        """Keeps what came of a turn."""
        turn.result = result
        text = result.text if isinstance(result, Answer) else _said(result)
        record = keeping.write(result)
        self._kept.keep(
            KeptTurn(turn.name, turn.conversation, turn.question, turn.language, text, record)
        )

    def get(self, name: str, owner: str) -> Turn | None:
        """A turn of this owner's."""
        with self._lock:
            turn = self._turns.get(name)
        if turn is not None:
            return turn if turn.owner == owner else None
        kept = self._kept.turn(name, owner)
        return self._remember(self._opened(kept, owner)) if kept else None

    def latest(self, conversation: str, owner: str) -> Turn | None:
        """The turn of a conversation that was begun last, if it is in memory."""
        with self._lock:
            mine = [
                turn
                for turn in self._turns.values()
                if turn.conversation == conversation and turn.owner == owner
            ]
        return mine[-1] if mine else None

    def of(self, conversation: str, owner: str) -> list[Turn]:
        """The finished turns of a conversation, in order."""
        return [self._opened(kept, owner) for kept in self._kept.turns(conversation)]

    def history(self, conversation: str) -> list[tuple[str, str]]:
        """The (question, answer) pairs of a conversation."""
        return [(kept.question, kept.text) for kept in self._kept.turns(conversation)]

    def forget(self, conversation: str) -> None:
        """Drops what is in memory of a deleted conversation."""
        with self._lock:
            for name in [n for n, turn in self._turns.items() if turn.conversation == conversation]:
                del self._turns[name]

    def _opened(self, kept: KeptTurn, owner: str) -> Turn:
        result = keeping.read(kept.record, self._library.article)
        turn = Turn(kept.id, kept.conversation, owner, kept.question, kept.language)
        turn.result, turn.good, turn.draft = result, kept.good, kept.text
        turn.hits = result.hits if isinstance(result, Answer) else None
        turn.ended.set()
        return turn

    def _remember(self, turn: Turn) -> Turn:
        with self._lock:
            self._turns[turn.name] = turn
            while len(self._turns) > IN_MEMORY:
                self._turns.popitem(last=False)
        return turn


def noted(given: Answer, language: str) -> Answer:
    """The answer, its notes in the language of who asked: they are kept as they were read."""
    return replace(given, notes=tuple(said(note, language) for note in given.notes))


def noted_groups(given: Comparison, language: str) -> Comparison:
    """The comparison, the notes of its answers as `noted`."""
    groups = (replace(each, answer=noted(each.answer, language)) for each in given.groups)
    return replace(given, groups=tuple(groups))


def _said(result: Result) -> str:
    """What a comparison or a timeline says, to be searched in."""
    if isinstance(result, Timeline):
        return " ".join(event.text for event in result.events)
    groups: Sequence[Answer] = [group.answer for group in getattr(result, "groups", ())]
    return " ".join(answer.text for answer in groups)
