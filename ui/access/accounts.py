"""The users of a library and their tokens, in a small SQLite file in its folder.

In: names, passwords, tokens. Out: the `User` they belong to. Passwords are stored hashed and
tokens are shown once: who reads the file can log in with neither. Every call opens the file anew,
so that what a command withdraws is refused by a running server at once.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from index.errors import InputError, LibraryError
from ui.access.passwords import hash_password, is_password
from ui.access.rate import Rate

FILE_NAME = "access.db"
NAME = re.compile(r"[\w.@-]{1,64}")
TOKEN_PREFIX = "newscite_"  # noqa: S105  # lets people and scanners see what a leaked string is
TOKEN_BYTES = 32

TRIES_SECONDS = 300.0
TRIES_BY_ADDRESS = 10
"""Wrong passwords from one address before it has to wait; one more every 30 s."""
TRIES_BY_NAME = 50
"""Wrong passwords for one name from everywhere. More, so that nobody can easily lock out another.
"""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS users (
    name TEXT PRIMARY KEY, password TEXT NOT NULL, role TEXT NOT NULL, created TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
    id TEXT PRIMARY KEY, hash BLOB NOT NULL UNIQUE, label TEXT NOT NULL, role TEXT NOT NULL,
    user TEXT NOT NULL REFERENCES users (name) ON DELETE CASCADE,
    created TEXT NOT NULL, expires TEXT NOT NULL
) STRICT;
"""


class Role(StrEnum):
    """What somebody may do: a reader asks and reads, an editor also adds, changes and removes."""

    READER = "reader"
    EDITOR = "editor"


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who may use the library."""

    name: str
    role: Role
    created: str = ""

    @property
    def may_edit(self) -> bool:
        return self.role is Role.EDITOR

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is listed: never the token itself."""

    id: str
    """Its first characters, enough to know it by and to withdraw it."""
    label: str
    role: Role
    user: str
    created: str
    expires: str
    """When it stops working; "" for never."""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


class LoginError(InputError):
    """A name and password that do not belong together, or too many tries."""

    def __init__(self, message: str, wait: float = 0.0) -> None:
        super().__init__(message)
        self.wait = wait
        """Seconds until another try is heard."""


class Accounts:
    """The users and tokens of the library in a folder."""

    def __init__(self, folder: str | Path) -> None:
        self.path = Path(folder).expanduser() / FILE_NAME
        self._by_address = Rate(TRIES_BY_ADDRESS, TRIES_SECONDS)
        self._by_name = Rate(TRIES_BY_NAME, TRIES_SECONDS)

    # -- users --------------------------------------------------------------------------------

    def users(self) -> list[User]:
        """All users by name; none means that nobody has to log in."""
        rows = self._rows("SELECT name, role, created FROM users ORDER BY name")
        return [User(name, Role(role), created) for name, role, created in rows]

    def user(self, name: str) -> User | None:
        """The user of that name."""
        rows = self._rows("SELECT name, role, created FROM users WHERE name = ?", name)
        return next((User(name, Role(role), made) for name, role, made in rows), None)

    def add_user(
        self, name: str, password: str, role: Role | str = Role.READER, *, replace: bool = False
    ) -> User:
        """A new user, or with `replace` a new password and role for one there is.

        Raises InputError for a name or password that cannot be one, or a name that is taken.
        """
        if not NAME.fullmatch(name):
            raise InputError(
                f"{name!r} cannot be a user's name: use up to 64 letters, digits, . @ _ and -."
            )
        user = User(name, _role(role), _now())
        hashed = hash_password(password)
        again = "UPDATE SET password = excluded.password, role = excluded.role"
        if not self._change(
            "INSERT INTO users VALUES (?, ?, ?, ?) ON CONFLICT DO "  # noqa: S608  # two constants
            + (again if replace else "NOTHING"),
            *(user.name, hashed, user.role, user.created),
        ):
            raise InputError(
                f"There is a user {name!r} already. Use --replace to give them another password."
            )
        return user

    def remove_user(self, name: str) -> None:
        """Removes a user with all their tokens. Raises InputError where there is none."""
        if not self.path.exists() or not self._change("DELETE FROM users WHERE name = ?", name):
            raise InputError(f"There is no user {name!r}. See: newscite user list")

    def login(self, name: str, password: str, address: str = "") -> User:
        """The user of this name and password; `address` is where they try it from.

        Raises LoginError, the same for an unknown name as for a wrong password.
        """
        limits = ((self._by_name, name), (self._by_address, address))
        wait = max(rate.wait(key) for rate, key in limits)
        if wait > 0:
            raise LoginError(f"Too many tries. Wait {wait:.0f} seconds, then try again.", wait)
        rows = self._rows("SELECT password FROM users WHERE name = ?", name)
        known = is_password(password, rows[0][0] if rows else _nobody())
        user = self.user(name) if known and rows else None
        if user is None:
            for rate, key in limits:
                rate.take(key)
            raise LoginError("The name or the password is wrong.")
        for rate, key in limits:
            rate.forget(key)
        return user

    # -- tokens -------------------------------------------------------------------------------

    def create_token(
        self, user: str, label: str = "", role: Role | str | None = None, days: int | None = None
    ) -> tuple[Token, str]:
        """A token of a user, and the string that is shown this once.

        It has the user's role or a lesser one, and ends after `days` if they are given. Raises
        InputError where there is no such user, or they may do less than the token should.
        """
        owner = self.user(user)
        if owner is None:
            raise InputError(f"There is no user {user!r}. Make one with: newscite user add {user}")
        allowed = owner.role if role is None else _role(role)
        if allowed is Role.EDITOR and not owner.may_edit:
            raise InputError(f"{user} is a reader: a token of theirs cannot be an editor's.")
        secret = TOKEN_PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
        expires = _now(timedelta(days=days)) if days is not None else ""
        digest = _digest(secret)
        token = Token(digest.hex()[:8], label, allowed, user, _now(), expires)
        self._change(
            "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?)",
            *(token.id, digest, label, token.role, user, token.created, expires),
        )
        return token, secret

    def tokens(self) -> list[Token]:
        """All tokens, oldest first."""
        rows = self._rows(
            "SELECT id, label, role, user, created, expires FROM tokens ORDER BY created, id"
        )
        return [Token(id_, label, Role(role), *rest) for id_, label, role, *rest in rows]

    def withdraw_token(self, token_id: str) -> None:
        """Makes a token void. Raises InputError where there is none."""
        if not self.path.exists() or not self._change("DELETE FROM tokens WHERE id = ?", token_id):
            raise InputError(f"There is no token {token_id!r}. See: newscite token list")

    def user_of(self, secret: str) -> User | None:
        """Whose token this is, with the role of the token; None for one that is void."""
        rows = self._rows(
            "SELECT users.name, users.role, tokens.role, users.created FROM tokens "
            "JOIN users ON users.name = tokens.user "
            "WHERE hash = ? AND (expires = '' OR expires > ?)",
            *(_digest(secret), _now()),
        )
        for name, of_user, of_token, created in rows:
            return User(name, min(Role(of_user), Role(of_token), key=_RANKS.index), created)
        return None

    # -- the file -----------------------------------------------------------------------------

    def _rows(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        if not self.path.exists():  # nobody was ever added: asking must make no file
            return []
        with self._connection() as connection:
            return connection.execute(sql, values).fetchall()

    def _change(self, sql: str, *values: Any) -> int:
        """How many rows it changed."""
        if not self.path.exists():
            self._create()
        with self._connection() as connection, connection:
            connection.executescript(_SCHEMA)
            return connection.execute(sql, values).rowcount

    def _create(self) -> None:
        """An empty file that only its owner can read."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            os.close(os.open(self.path, os.O_CREAT | os.O_WRONLY, 0o600))
        except OSError as error:
            raise LibraryError(
                f"Cannot write {self.path}: {error.strerror}. Check the folder's permissions."
            ) from error

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        try:
            with closing(sqlite3.connect(self.path, timeout=10)) as connection:
                connection.execute("PRAGMA foreign_keys = ON")
                yield connection
        except sqlite3.Error as error:
            raise LibraryError(
                f"The users in {self.path} cannot be read or written: {error}. Mend the disk, or "
                "delete the file and add the users again with: newscite user add"
            ) from error


_RANKS = list(Role)


@cache
def _nobody() -> str:
    """What a password is compared with where there is no such user, so that this takes as long."""
    return hash_password(secrets.token_hex())


def _role(name: Role | str) -> Role:
    try:
        return Role(name)
    except ValueError as error:
        raise InputError(f"There is no role {name!r}: use {' or '.join(Role)}.") from error


def _digest(secret: str) -> bytes:
    """What is stored of a token: it is random and long, so that a fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _now(later: timedelta = timedelta()) -> str:
    return (datetime.now(UTC) + later).isoformat(timespec="seconds")
