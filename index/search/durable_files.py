"""Files of an index that a crash leaves whole: replaced at once, and checked before they are read."""

from __future__ import annotations

import os
import zlib
from pathlib import Path

STATE_FILE = "state.json"
"""In a folder of index files: which files there are, and which state of the library they reflect."""


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file so that it is either the old one or the new one, whatever happens."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def file_checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
    return checksum
