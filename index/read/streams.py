"""A named run of bytes on its way to becoming pages, and the limits it has to keep.

In: files, archive members, downloads. Out: `Blob`s, and copies of streams that never grow beyond
what the settings allow (a zip bomb is stopped while it unpacks, not after).
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import PurePosixPath
from typing import IO, Any
from urllib.parse import urlsplit

from index.config import LoadSettings
from index.errors import InputError

MB = 1024 * 1024
CHUNK = 256 * 1024
MEMORY = 8 * MB
"""Unpacked members up to this size stay in memory; larger ones go to a temporary file."""

MAX_DEPTH = 4
"""Archives within archives are opened down to this depth."""


@dataclass(slots=True)
class Budget:
    """How many bytes may still be unpacked from one source."""

    left: int

    def spend(self, size: int) -> None:
        """Raises InputError when nothing is left."""
        self.left -= size
        if self.left < 0:
            raise InputError("archive_large", "The archive unpacks to more than max_archive_mb.")


@dataclass(slots=True)
class Meter:
    """How far the reading of a source is."""

    passed: float = 0.0
    """The share of the source that has been read, where no open stream knows it."""
    reading: Blob | None = None
    scanning: Callable[[], None] = lambda: None
    """Called before a page is read by OCR, which takes more time and memory than text does."""

    @property
    def share(self) -> float:
        """How much of the source has been read, from 0 to 1."""
        return self.passed if self.reading is None else self.reading.reached


@dataclass(frozen=True, slots=True)
class Blob:
    """A file, an archive's member or a download: its name and its bytes."""

    name: str
    stream: IO[bytes]
    """Seekable, at its start."""
    settings: LoadSettings
    budget: Budget
    content_type: str = ""
    """As a server or archive states it, e.g. "text/html; charset=gbk"."""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    part: str = ""
    depth: int = 0
    """How many archives it stands in."""
    span: tuple[float, float] = (0.0, 1.0)
    """Which part of its source it is."""
    meter: Meter = field(default_factory=Meter)
    """The source's; the innermost blob that is being read moves it."""
    size: int = field(init=False)

    def __post_init__(self) -> None:
        self.stream.seek(0, os.SEEK_END)
        object.__setattr__(self, "size", self.stream.tell())
        self.stream.seek(0)

    @property
    def label(self) -> str:
        """What a rejection calls it."""
        return f"{self.name}:{self.part}" if self.part else self.name

    @property
    def suffix(self) -> str:
        """The ending of its file name, lower case."""
        path = self.part if "://" in self.part else self.name
        if "://" in path:
            path = urlsplit(path).path
        return PurePosixPath(path).suffix.lower()

    @property
    def reached(self) -> float:
        """How far into its source its stream stands, from 0 to 1."""
        return self.at(self.stream.tell(), self.size)

    def at(self, done: int, of: int) -> float:
        """Where in its source `done` of its `of` parts end, from 0 to 1."""
        start, end = self.span
        return start + (end - start) * min(1.0, done / max(of, 1))

    def begin(self) -> None:
        """From now on the meter follows its stream."""
        self.meter.passed, self.meter.reading = self.span[0], self

    def count(self, done: int, of: int) -> None:
        """For what is read at once and then taken apart: `done` of `of` records have been handled."""
        self.meter.passed, self.meter.reading = self.at(done, of), None

    def finish(self) -> None:
        """It is read to its end."""
        self.meter.passed, self.meter.reading = self.span[1], None

    def read(self) -> bytes:
        return self.stream.read()

    def member(self, stream: IO[bytes], **changes: Any) -> Blob:
        """A member of this archive, which has been read up to the end of the member."""
        start = self.meter.passed
        span = start, max(start, self.reached)
        return replace(self, stream=stream, depth=self.depth + 1, span=span, **changes)

    def check_depth(self) -> None:
        """Raises InputError where archives are nested too deep."""
        if self.depth >= MAX_DEPTH:
            raise InputError(
                "archive_deep", "Archives nested more than {most} deep.", most=MAX_DEPTH
            )


@cache
def hush(library: str) -> None:
    """Keeps what a library logs about broken input off the terminal, unless logging is set up."""
    logging.getLogger(library).addHandler(logging.NullHandler())


def spool(stream: IO[bytes], settings: LoadSettings, budget: Budget) -> IO[bytes]:
    """A seekable copy of what unpacks from `stream`; the caller closes it.

    Raises InputError as soon as it grows beyond max_file_mb, or the whole beyond max_archive_mb.
    """
    copy: IO[bytes] = tempfile.SpooledTemporaryFile(MEMORY)  # noqa: SIM115 - handed to the caller
    size = 0
    try:
        while chunk := stream.read(CHUNK):
            size += len(chunk)
            budget.spend(len(chunk))
            if size > settings.max_file_mb * MB:
                raise InputError(
                    "unpacks_file",
                    "Unpacks to more than max_file_mb = {mb}.",
                    mb=settings.max_file_mb,
                )
            copy.write(chunk)
    except BaseException:
        copy.close()
        raise
    copy.seek(0)
    return copy
