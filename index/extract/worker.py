"""The process in which files are read: `python -c` starts it, `index/extract/isolated.py` talks with it.

In, on standard input: pickled jobs, a source and the settings each. Out, on standard output: pickled
messages, the articles and rejections of each job in order. It limits its own processor time and
memory before it looks at a file; where a limit is reached the system ends it, whatever C code it is
in. It ends by itself when its parent is gone, or has had nothing to read for a while.
"""

from __future__ import annotations

import os
import pickle
import signal
import sys
import threading
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from index.config import LoadSettings
from index.errors import NewsciteError
from index.extract.articles import extract_articles
from index.read.sources import Source, load_pages
from index.read.streams import MB, Meter
from index.records import Article, LeftOut, Rejection
from index.wording import Wording

try:
    import resource
except ImportError:  # Windows: the parent watches the clock
    resource = None  # type: ignore[assignment]

HAS_LIMITS = resource is not None
"""Whether the system can limit a process's processor time."""

IDLE_SECONDS = 120.0
"""A worker without work leaves; the next addition starts another."""

SECONDS_PER_MB = 10.0
"""Processor time that a file may take beyond `load.seconds`, for each megabyte after the first. A
scanned page of 300 kB takes some 2 seconds; text takes 0.2 seconds for a megabyte."""

MEMORY_PER_BYTE = 8
"""Memory that a file may take beyond `load.memory_mb`, for each of its bytes: the tree of a page is
six times as large as its markup."""

SCAN_SECONDS = 60.0
SCAN_MB = 1500
"""Processor time that each page read by OCR may take, and memory all of them may. On two cores a page
takes some 8 seconds and 900 MB."""

MOST_REJECTIONS = 20
"""Rejections of one source that are reported one by one; of the rest only their number is."""


KEPT_SHARE = 0.6
"""A worker that holds more than this share of `load.memory_mb` after a file is replaced."""


@dataclass(frozen=True, slots=True)
class Job:
    """A source to be read."""

    number: int
    source: Source
    settings: LoadSettings


@dataclass(frozen=True, slots=True)
class Message:
    """What the worker says of a job: that it begins, an article or a rejection, or that it is over."""

    number: int
    item: Article | Rejection | None = None
    share: float = 0.0
    """How much of the source is read."""
    over: bool = False
    scans: bool = False
    """A page of it is about to be read by OCR."""


@dataclass(frozen=True, slots=True)
class Unread(Rejection):
    """A source that could not be read to its end: it may still hold the articles that it held
    before."""


def allowed_seconds(source: Source, settings: LoadSettings) -> float:
    """Processor time a source may take."""
    return settings.seconds + SECONDS_PER_MB * max(0.0, source.size / MB - 1)


def allowed_bytes(source: Source, settings: LoadSettings) -> int:
    """Memory the process may take while it reads a source."""
    return settings.memory_mb * MB + MEMORY_PER_BYTE * source.size


def memory_of(process: int) -> int:
    """Bytes of memory that a process uses now; 0 where the system does not say."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, ValueError, IndexError):
        return 0
    return pages * resource.getpagesize()


def holds_little(process: int, settings: LoadSettings) -> bool:
    """Whether a process may read one more file."""
    return memory_of(process) <= KEPT_SHARE * settings.memory_mb * MB


def read_source(
    source: Source, settings: LoadSettings, meter: Meter
) -> Iterator[Article | Rejection]:
    """A source's articles; where reading it fails, the reason is the last that comes.

    Any error that a reader lets through becomes a rejection: it must not cost the other files.
    """
    left_out: Counter[str] = Counter()
    try:
        for page in load_pages(source, settings, meter):
            if isinstance(page, Rejection):
                yield page
            else:
                left_out.update(page.left_out)
                yield from extract_articles(page, settings, left_out)
    except (OSError, ValueError, NewsciteError) as error:
        why = error.message if isinstance(error, NewsciteError) else str(error)
        yield Unread(source.name, Wording("unreadable", "Cannot be read: {error}", error=why))
    except MemoryError:
        yield Unread(
            source.name,
            Wording(
                "unreadable_memory", "Cannot be read: it takes more memory than load.memory_mb."
            ),
        )
    except Exception as error:  # noqa: BLE001  reported, with its type, as the file's fault
        yield Unread(
            source.name,
            Wording(
                "unreadable",
                "Cannot be read: {error}",
                error=f"{type(error).__name__}: {str(error)[:300]}",
            ),
        )
    yield from (LeftOut(source.name, what, count=n) for what, n in left_out.items())


def summed(name: str, items: Iterator[Article | Rejection]) -> Iterator[Article | Rejection]:
    """The items, with only the number of the rejections after the first few."""
    rejected = 0
    for item in items:
        rejected += isinstance(item, Rejection) and not isinstance(item, LeftOut)
        if rejected <= MOST_REJECTIONS or type(item) is not Rejection:
            yield item
    if rejected > MOST_REJECTIONS:
        more = rejected - MOST_REJECTIONS
        yield Rejection(
            name,
            Wording(
                "more_rejected", "{n} more parts of it were rejected; the first are listed.", n=more
            ),
        )


def main() -> None:
    """Reads jobs until there are no more."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent to act on
    jobs, out = sys.stdin.buffer, _private_output()
    idle = _Idle()
    try:
        while True:
            idle.begin()
            job = pickle.load(jobs)  # noqa: S301  from the parent
            idle.end()
            _do(job, out)
            if not holds_little(os.getpid(), job.settings):
                os._exit(0)  # the next file shall not be blamed for what this one left
    except (EOFError, BrokenPipeError):
        os._exit(0)  # the parent is gone; so is what the interpreter would flush to it


def _do(job: Job, out: IO[bytes]) -> None:
    _send(out, Message(job.number))
    _limit(job)

    def allow_scan() -> None:
        _send(out, Message(job.number, None, meter.share, scans=True))
        _limit(job, scan=True)

    meter = Meter(scanning=allow_scan)
    for item in summed(job.source.name, read_source(job.source, job.settings, meter)):
        _send(out, Message(job.number, item, meter.share))
    _send(out, Message(job.number, None, 1.0, over=True))


def _send(out: IO[bytes], message: Message) -> None:
    pickle.dump(message, out, pickle.HIGHEST_PROTOCOL)
    out.flush()


def _private_output() -> IO[bytes]:
    """Standard output for messages only: what a library prints goes where standard error goes."""
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return out


def _limit(job: Job, scan: bool = False) -> None:
    """Tells the system to end this process when the job takes too long, and to refuse it memory
    beyond its limit."""
    if resource is None:
        return
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = used.ru_utime + used.ru_stime + allowed_seconds(job.source, job.settings)
    seconds += SCAN_SECONDS if scan else 0
    most = allowed_bytes(job.source, job.settings) + (SCAN_MB * MB if scan else 0)
    _lower(resource.RLIMIT_CPU, int(seconds) + 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_DATA, 2 * most)


def _lower(kind: int, value: int) -> None:
    """Sets a soft limit; the hard one stays, so that the next file can be given more."""
    _, most = resource.getrlimit(kind)
    value = value if most == resource.RLIM_INFINITY else min(value, most)
    resource.setrlimit(kind, (value, most))


class _Idle:
    """Ends the process when it waits too long for a job."""

    def __init__(self) -> None:
        self._timer: threading.Timer | None = None

    def begin(self) -> None:
        self._timer = threading.Timer(IDLE_SECONDS, os._exit, (0,))
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
