"""What takes long to compute and can be computed again, in a small file beside the library.

In: values, each under a key made from all that it depends on, so that it never goes stale. Out: those
that are still there. The file may be deleted at any moment, and where it cannot be read or written
nothing is kept.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

FILE_NAME = "kept.db"

MOST = 200_000
"""Values that are kept, the latest: some 200 MB."""

WAIT_SECONDS = 1.0
"""How long to wait for another process that writes; a longer wait would cost more than computing
again."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value BLOB NOT NULL,
    sum INTEGER NOT NULL) STRICT;
"""
_VALUES = "SELECT key, value, sum FROM kept WHERE key IN (SELECT value FROM json_each(?))"


def key_of(*parts: str) -> str:
    """A key for what depends on these texts alone."""
    return hashlib.blake2b(json.dumps(parts).encode(), digest_size=16).hexdigest()


class Kept:
    """The file of a library, opened anew by each call. Safe to share between threads."""

    def __init__(self, folder: Path | None) -> None:
        self._path = folder / FILE_NAME if folder is not None else None

    def get(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The values of the keys that are kept."""
        if self._path is None or not self._path.is_file():
            return {}
        try:
            with self._opened(self._path) as db:
                rows = db.execute(_VALUES, (json.dumps(list(keys)),)).fetchall()
        except sqlite3.OperationalError:  # locked, or in a folder that cannot be written to
            return {}
        except sqlite3.DatabaseError:
            self.clear()
            return {}
        return {key: value for key, value, sum_ in rows if zlib.crc32(value) == sum_}

    def put(self, values: Mapping[str, bytes]) -> None:
        """Keeps values, instead of the oldest where there are too many."""
        if self._path is None or not values:
            return
        try:
            self._path.touch(0o600)
            with self._opened(self._path) as db, db:
                db.execute(_SCHEMA)
                db.executemany(
                    "INSERT OR REPLACE INTO kept (key, value, sum) VALUES (?, ?, ?)",
                    ((key, value, zlib.crc32(value)) for key, value in values.items()),
                )
                db.execute(
                    "DELETE FROM kept WHERE number <= (SELECT max(number) FROM kept) - ?", (MOST,)
                )
        except (sqlite3.OperationalError, OSError):  # locked, no room, or not ours to write to
            return
        except sqlite3.DatabaseError:
            self.clear()

    def clear(self) -> None:
        """Forgets everything."""
        if self._path is not None:
            self._path.unlink(missing_ok=True)

    @contextmanager
    def _opened(self, path: Path) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(path, timeout=WAIT_SECONDS)) as db:
            db.execute("PRAGMA synchronous = OFF")  # what is lost is computed again
            yield db
