"""The connection to a library's SQLite file: statements, transactions, and the `meta` table.

Threads share one connection under a lock; an error of SQLite becomes a LibraryError. Readers in
other processes see a transaction as a whole or not at all.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
import struct
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from index.errors import LibraryError
from index.languages.categories import categories_of
from index.languages.countries import country_of
from index.languages.text import fold
from index.store.schema import CHECKS, CORRECTIONS, SCHEMA, SCHEMA_VERSION

FILE_NAME = "library.db"

FUNCTIONS = (
    ("country_of", 2, country_of),
    ("categories_of", 2, categories_of),
    ("folded", 1, fold),
)
"""What SQLite is taught, to filter and to count by."""

DERIVED = ("vectors", "terms", "counts.db")
"""What lies beside the database of a library that has held something."""

DAMAGED = (ValueError, TypeError, KeyError, IndexError, struct.error)
"""What can be raised when a damaged row is decoded."""

LISTED = "(SELECT value FROM json_each(?))"
"""A list as one SQL parameter, made by `listed`."""


class Database:
    """A library's database: its statements, its transactions, its `meta` table."""

    def __init__(self, folder: Path, *, writable: bool) -> None:
        self.path = folder / FILE_NAME
        self._lock = threading.RLock()
        if writable and not self.path.exists():
            _check_new(self.path)
        self._db = _connect(self.path, writable)
        for name, count, function in FUNCTIONS:
            self._db.create_function(name, count, function, deterministic=True)
        try:
            if writable:
                self._create()
                self._run(CORRECTIONS)
                self._run(CHECKS)
            if self.meta("schema") != str(SCHEMA_VERSION):
                raise LibraryError(
                    "database_version",
                    "{path} is not a library this version of newscite can read. Update newscite, "
                    "or make a new library.",
                    path=self.path,
                )
        except LibraryError:
            self.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def _create(self) -> None:
        if self._one("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
            return
        _check_new(self.path)
        with self._atomic():
            if self._one("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
                return  # another process was quicker
            for statement in SCHEMA.split(";")[:-1]:
                self._run(statement)
            self.set_meta(
                schema=SCHEMA_VERSION,
                id=secrets.token_hex(8),
                generation=0,
                build=secrets.token_hex(8),
            )

    def meta(self, key: str, default: str = "") -> str:
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return str(row[0]) if row else default

    def set_meta(self, **values: str | int) -> None:
        self._many("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    @property
    def id(self) -> str:
        """The library's name for good, wherever its folder is; a copy of the folder has the same."""
        return self.meta("id", self.build)  # a library made by an early version has none

    @property
    def generation(self) -> int:
        """Number of transactions so far."""
        return int(self.meta("generation"))

    @property
    def state(self) -> tuple[str, int]:
        """Build and generation: it changes with everything that the library holds."""
        known = dict(self._all("SELECT key, value FROM meta WHERE key IN ('build', 'generation')"))
        return known.get("build", ""), int(known["generation"])

    @property
    def build(self) -> str:
        """Changes with a rebuild, which gives rows a new meaning: indexes of another build are void."""
        return self.meta("build")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what it holds is on disk when it ends. Raises the generation."""
        with self._atomic():
            self.set_meta(generation=self.generation + 1)
            yield

    def count(self, table: str) -> int:
        row = self._one(f"SELECT count(*) FROM {table}")
        return int(row[0]) if row else 0

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT."""
        return self._all(sql, values)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Runs a statement inside the caller's transaction; how many rows it changed."""
        return self._run(sql, values)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._many(sql, rows)

    @contextmanager
    def _atomic(self) -> Iterator[None]:
        with self._using() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one thread at a time; its errors become LibraryErrors."""
        with self._lock:
            try:
                yield self._db
            except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter: SQL or names damaged
                raise _broken(self.path, error) from error

    @contextmanager
    def _whole(self) -> Iterator[None]:
        """Rows are decoded within; a row that cannot be becomes a LibraryError."""
        try:
            yield
        except DAMAGED as error:
            raise LibraryError(
                "database_damaged",
                "The library database {path} is damaged: {error}. Run newscite verify, which "
                "names what is; restore the file from a copy, or remove and add what it "
                "names.",
                path=self.path,
                error=error,
            ) from error

    def _one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        with self._using() as db:
            row: tuple[Any, ...] | None = db.execute(sql, values).fetchone()
            return row

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._using() as db:
            return db.execute(sql, values).fetchall()

    def _run(self, sql: str, values: Sequence[Any] = ()) -> int:
        with self._using() as db:
            return db.execute(sql, values).rowcount

    def _many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._using() as db:
            db.executemany(sql, rows)

    def _pages(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Rows of a query on a table with `number`, without an open read transaction."""
        last = 0
        while rows := self._all(f"{sql} WHERE number > ? ORDER BY number LIMIT 1000", (last,)):
            yield from rows
            last = rows[-1][0]


def _check_new(path: Path) -> None:
    """Raises LibraryError where a database is about to be made beside the remains of another."""
    left = [name for name in DERIVED if (path.parent / name).exists()]
    if left:
        raise LibraryError(
            "database_gone",
            "{path} is gone or empty, but what was derived from it is still there "
            "({left}): this was a library. Restore {name} from a copy; or, to make a new "
            "library here, first delete what is left of the old one.",
            path=path,
            left=", ".join(left),
            name=path.name,
        )


def listed(values: Iterable[int | str]) -> str:
    return json.dumps(list(values))


def _connect(path: Path, writable: bool) -> sqlite3.Connection:
    try:
        if writable:
            path.touch(0o600)  # what SQLite puts beside it gets the same permissions
            return _durable(_opened(path, "mode=rwc"))
        if not path.is_file():
            raise LibraryError(
                "no_library",
                "There is no library at {folder}. Add something to make one.",
                folder=path.parent,
            )
        try:
            return _opened(path, "mode=ro")
        except sqlite3.OperationalError:
            # A folder that cannot be written to has no place for SQLite's shared-memory file;
            # without a write-ahead log beside it, the database is complete and can do without.
            log = path.with_name(path.name + "-wal")
            if log.exists() and log.stat().st_size:
                raise
            return _opened(path, "mode=ro&immutable=1")
    except (sqlite3.Error, UnicodeDecodeError, OSError) as error:
        raise _broken(path, error) from error


def _opened(path: Path, options: str) -> sqlite3.Connection:
    """A connection to a file that is a database: SQLite itself looks at it only when asked something."""
    db = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?{options}",
        uri=True,
        timeout=30,
        isolation_level=None,
        check_same_thread=False,
    )
    try:
        db.execute("SELECT 1 FROM sqlite_master").fetchone()
    except (sqlite3.Error, UnicodeDecodeError):
        db.close()
        raise
    return db


def _durable(db: sqlite3.Connection) -> sqlite3.Connection:
    """The connection, set so that what it has committed outlives a crash."""
    try:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = FULL")
        db.execute("PRAGMA foreign_keys = ON")
    except sqlite3.Error:
        db.close()
        raise
    return db


def _broken(path: Path, error: Exception) -> LibraryError:
    return LibraryError(
        "database_unusable",
        "The library database {path} cannot be used: {error}. Nothing reported as "
        "added is lost by this. If another program has it locked, end that; make "
        "sure that there is room on the disk; if the file is damaged, restore it "
        "from a copy, or add the articles to a new library.",
        path=path,
        error=error,
    )
