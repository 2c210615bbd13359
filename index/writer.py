"""The one writer of a library: a lock on its folder, and a note that names who holds it.

In: a folder, and the wish to write. Out: the lock, after a short wait, or a LibraryError that names
the other writer and says whether it still runs. The system frees the lock of a process that dies.
`can_write` says beforehand whether the folder can be written to at all.
"""

from __future__ import annotations

import json
import os
import socket
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LibraryError
from index.wording import Wording, of_system

LOCK_FILE = "writer.lock"
HOLDER_FILE = "writer.json"

WAIT_SECONDS = 5.0
"""How long a writer waits for another one, which often is done soon."""

OWNER_ONLY = 0o700
"""A library may hold what only its owner may read."""

ROOM_BYTES = 100_000
"""With less room on the disk a library is opened for reading only: SQLite alone needs 32 kB."""


def runs(process: int) -> bool:
    """Whether a process of this machine runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True


class Writer:
    """Who may write to a library: one thread of one process at a time."""

    def __init__(self, folder: Path, wait: float = WAIT_SECONDS) -> None:
        self._folder = folder
        self._wait = wait
        self._lock = FileLock(folder / LOCK_FILE, thread_local=False)
        self._thread = threading.Lock()

    @property
    def busy(self) -> bool:
        """Whether this process writes."""
        return self._thread.locked()

    @contextmanager
    def if_free(self) -> Iterator[bool]:
        """The lock, if nobody holds it; else False, at once."""
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            yield False
            return
        try:
            yield True
        finally:
            self._lock.release()

    @contextmanager
    def held(self) -> Iterator[None]:
        """The lock, after a wait of some seconds at most. Raises LibraryError where it is not had."""
        until = time.monotonic() + self._wait
        if not self._thread.acquire(timeout=self._wait):
            raise LibraryError(
                "busy_here", "The library is being changed by this program. Wait until it is done."
            )
        try:
            with self._locked(until):
                yield
        finally:
            self._thread.release()

    @contextmanager
    def _locked(self, until: float) -> Iterator[None]:
        try:
            self._lock.acquire(timeout=max(0.0, until - time.monotonic()))
        except Timeout as error:
            raise LibraryError(self._refusal()) from error
        try:
            note = {"process": os.getpid(), "host": socket.gethostname(), "since": utc_now()}
            (self._folder / HOLDER_FILE).write_text(json.dumps(note))
            try:
                yield
            finally:
                (self._folder / HOLDER_FILE).unlink(missing_ok=True)
        finally:
            self._lock.release()

    def _refusal(self) -> str:
        try:
            note = json.loads((self._folder / HOLDER_FILE).read_text())
            process, host, since = int(note["process"]), str(note["host"]), str(note["since"])
        except (OSError, ValueError, KeyError, TypeError):
            return Wording(
                "busy",
                "The library at {folder} is being written to by another process. "
                "Wait until it is done, then try again.",
                folder=self._folder,
            )
        named = {"folder": self._folder, "process": process, "host": host, "since": since}
        if host == socket.gethostname() and not runs(process):
            return Wording(
                "busy_dead",
                "The library at {folder} was being written to by process {process} on {host} since "
                "{since}, which is dead, and its lock is still held: by a process it started, or by "
                "the file system. End that process, or delete {lock}; everything reported as added "
                "is safe.",
                lock=self._folder / LOCK_FILE,
                **named,
            )
        return Wording(
            "busy_with",
            "The library at {folder} is being written to by process {process} on {host} since "
            "{since}. Wait until it is done, then try again.",
            **named,
        )


def utc_now() -> str:
    """ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def can_write(folder: Path) -> bool:
    """Makes the folder if it can, for its owner only; False where nothing can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=OWNER_ONLY)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(bytes(ROOM_BYTES))
        return True
    except OSError as error:
        if not _is_folder(folder):
            raise LibraryError(
                "no_folder",
                "Cannot make a library at {folder}: {error}.",
                folder=folder,
                error=of_system(error),
            ) from error
        return False


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name too long
        return False
