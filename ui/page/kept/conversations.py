"""Conversations, kept in a database beside the library: what was asked, answered and thought of it.

In: turns as they end, by their owner. Out: the same again after a reload, a restart or in another
browser, by an id nobody can guess. A conversation is of one kind: questions asked one after
another, one comparison, one timeline, or one text that was checked. Results are kept as `ui.page.kept.keeping` writes them.
"""

from __future__ import annotations

import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from index.errors import LibraryError
from index.store.catalog import like

FILE_NAME = "conversations.db"
LISTED = 200
"""Conversations a list shows; older ones are found by searching."""

TITLE_CHARS = 120

Kind = Literal["ask", "compare", "timeline", "check"]

_SCHEMA = """
CREATE TABLE IF NOT EXISTS conversations (
    id TEXT PRIMARY KEY, owner TEXT NOT NULL, kind TEXT NOT NULL, title TEXT NOT NULL,
    made TEXT NOT NULL, changed TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS conversations_owner ON conversations (owner, kind, changed);
CREATE TABLE IF NOT EXISTS turns (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    conversation TEXT NOT NULL REFERENCES conversations ON DELETE CASCADE,
    question TEXT NOT NULL, language TEXT NOT NULL, text TEXT NOT NULL, record TEXT NOT NULL,
    at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS turns_conversation ON turns (conversation, number);
CREATE TABLE IF NOT EXISTS votes (
    turn TEXT PRIMARY KEY REFERENCES turns (id) ON DELETE CASCADE,
    good INTEGER NOT NULL, word TEXT NOT NULL, at TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS translations (
    key TEXT PRIMARY KEY, record TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation as a list shows it."""

    id: str
    owner: str
    kind: str
    title: str
    changed: str
    """ISO 8601 in UTC."""
    turns: int = 0


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A finished turn: the question, and the result as it was kept."""

    id: str
    conversation: str
    question: str
    language: str
    text: str
    record: str
    good: bool | None = None
    """What a reader thought of it; None where nobody said."""
    word: str = ""


class Conversations:
    """The conversations of all readers of one library; safe to share between threads."""

    def __init__(self, folder: Path, *, writable: bool = True) -> None:
        self._path = str(folder / FILE_NAME) if writable else ":memory:"
        self._lock = threading.RLock()
        with self._said():
            self._db = sqlite3.connect(
                self._path, timeout=30, isolation_level=None, check_same_thread=False
            )
            self._db.execute("PRAGMA journal_mode = WAL")
            self._db.execute("PRAGMA foreign_keys = ON")
            self._db.executescript(_SCHEMA)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # -- conversations ----------------------------------------------------------------------------

    def begin(self, owner: str, kind: Kind, title: str) -> str:
        """A new conversation; its id."""
        name, now = secrets.token_hex(8), _now()
        values = (name, owner, kind, _title(title), now, now)
        with self._said():
            # Evidence comes after this: the disk is waited for only when there is an answer to keep.
            self._db.execute("PRAGMA synchronous = NORMAL")
            try:
                self._db.execute("INSERT INTO conversations VALUES (?, ?, ?, ?, ?, ?)", values)
            finally:
                self._db.execute("PRAGMA synchronous = FULL")
        return name

    def get(self, name: str, owner: str) -> Conversation | None:
        """The conversation, if it is this owner's."""
        rows = self._rows(f"{_LISTING} WHERE c.id = ? AND c.owner = ?", (name, owner))
        return Conversation(*rows[0]) if rows else None

    def listed(self, owner: str, kind: Kind, words: str = "") -> list[Conversation]:
        """An owner's conversations, the latest first; those that have the words where given."""
        condition, values = "c.owner = ? AND c.kind = ?", [owner, kind]
        for word in words.split():
            condition += (
                " AND (c.title LIKE ? ESCAPE '\\' OR EXISTS (SELECT 1 FROM turns t WHERE "
                "t.conversation = c.id AND t.question || ' ' || t.text LIKE ? ESCAPE '\\'))"
            )
            values += [like(word)] * 2
        rows = self._rows(
            f"{_LISTING} WHERE {condition} ORDER BY c.changed DESC, c.rowid DESC LIMIT {LISTED}",
            values,
        )
        return [Conversation(*row) for row in rows]

    def rename(self, name: str, owner: str, title: str) -> bool:
        """Gives it another title; False where there is no such conversation of this owner."""
        if not title.strip():
            return False
        return self._run(
            "UPDATE conversations SET title = ? WHERE id = ? AND owner = ?",
            (_title(title), name, owner),
        )

    def delete(self, name: str, owner: str) -> bool:
        """Forgets it with all its turns."""
        return self._run("DELETE FROM conversations WHERE id = ? AND owner = ?", (name, owner))

    # -- turns ------------------------------------------------------------------------------------

    def keep(self, turn: KeptTurn) -> None:
        """Adds a finished turn to its conversation, if that was not deleted meanwhile."""
        now = _now()
        with self._said(), self._db:
            self._db.execute("BEGIN")
            self._db.execute(
                "INSERT INTO turns (id, conversation, question, language, text, record, at) "
                "SELECT ?, id, ?, ?, ?, ?, ? FROM conversations WHERE id = ?",
                (
                    *(turn.id, turn.question, turn.language, turn.text, turn.record, now),
                    turn.conversation,
                ),
            )
            self._db.execute(
                "UPDATE conversations SET changed = ? WHERE id = ?", (now, turn.conversation)
            )

    def turns(self, conversation: str) -> list[KeptTurn]:
        """A conversation's turns, in order."""
        rows = self._rows(f"{_TURNS} WHERE t.conversation = ? ORDER BY t.number", (conversation,))
        return [_turn(row) for row in rows]

    def turn(self, name: str, owner: str) -> KeptTurn | None:
        """A turn of one of this owner's conversations."""
        rows = self._rows(
            f"{_TURNS} JOIN conversations c ON c.id = t.conversation WHERE t.id = ? AND c.owner = ?",
            (name, owner),
        )
        return _turn(rows[0]) if rows else None

    # -- what readers thought -----------------------------------------------------------------------

    def vote(self, turn: str, good: bool, word: str) -> None:
        """Remembers what a reader thinks of an answer; the last word counts."""
        self._run(
            "INSERT OR REPLACE INTO votes SELECT id, ?, ?, ? FROM turns WHERE id = ?",
            (int(good), word.strip(), _now(), turn),
        )

    def voted(self) -> Iterator[KeptTurn]:
        """The turns that a reader has judged, the oldest first."""
        yield from map(_turn, self._rows(f"{_TURNS} WHERE v.turn IS NOT NULL ORDER BY t.number"))

    # -- translations -----------------------------------------------------------------------------

    def translation(self, key: str) -> str:
        """A translation as it was kept; "" where there is none."""
        rows = self._rows("SELECT record FROM translations WHERE key = ?", (key,))
        return str(rows[0][0]) if rows else ""

    def keep_translation(self, key: str, record: str) -> None:
        self._run("INSERT OR REPLACE INTO translations VALUES (?, ?)", (key, record))

    # -- plumbing ---------------------------------------------------------------------------------

    @contextmanager
    def _said(self) -> Iterator[None]:
        """One thread at a time, and SQLite's errors as ours."""
        with self._lock:
            try:
                yield
            except sqlite3.Error as error:
                raise LibraryError(
                    "conversations",
                    "The conversations in {path} cannot be used: {error}. The articles are not "
                    "touched by this. Make room on the disk, or move the file away to begin anew.",
                    path=self._path,
                    error=error,
                ) from error

    def _run(self, sql: str, values: Sequence[Any]) -> bool:
        with self._said():
            return self._db.execute(sql, values).rowcount > 0

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._said():
            return self._db.execute(sql, values).fetchall()


_LISTING = (
    "SELECT c.id, c.owner, c.kind, c.title, c.changed, "
    "(SELECT count(*) FROM turns t WHERE t.conversation = c.id) FROM conversations c"
)
_TURNS = (
    "SELECT t.id, t.conversation, t.question, t.language, t.text, t.record, v.good, v.word "
    "FROM turns t LEFT JOIN votes v ON v.turn = t.id"
)


def _turn(row: Sequence[Any]) -> KeptTurn:
    name, conversation, question, language, text, record, good, word = row
    vote = None if good is None else bool(good)
    return KeptTurn(name, conversation, question, language, text, record, vote, word or "")


def _title(text: str) -> str:
    return " ".join(text.split())[:TITLE_CHARS]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds")
