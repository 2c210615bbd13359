"""Files read in another process, so that none of them can stop this one or take its memory.

In: sources, one after the other. Out: their articles and rejections, as `worker.read_source` gives
them. A worker that takes too long, too much memory, or crashes, is ended and replaced; the file it
was at is rejected with the reason. While one file is taken in, the worker reads the next.
"""

from __future__ import annotations

import atexit
import os
import pickle
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import IO

from index.config import LoadSettings
from index.errors import LibraryError
from index.extract.worker import (
    HAS_LIMITS,
    SCAN_MB,
    SCAN_SECONDS,
    Job,
    Message,
    Unread,
    allowed_bytes,
    allowed_seconds,
    holds_little,
    memory_of,
)
from index.read.sources import Source
from index.read.streams import MB, Meter
from index.records import Article, Rejection
from index.wording import Wording

AHEAD = 4
"""Files that the worker is sent before they are asked for."""

WAITING = 32
"""At most this many messages wait here; then the worker waits."""

LOOK_SECONDS = 0.05
"""How often the worker's memory is looked at while it is waited for."""

PATIENCE = 20.0 if HAS_LIMITS else 2.0
START_SECONDS = 60.0
"""A worker is ended if it is silent for this many times its limit of processor time and its time to
start: then it sleeps. Where the system enforces the limit, the factor is large, so that a busy
machine is not taken for a sleeping worker."""

TRIES = 3
"""A worker that ends before it began a job is replaced this many times; then reading fails."""

_START = "import sys; sys.path[:] = sys.argv[1:]; from index.extract.worker import main; main()"


class Readers:
    """Reads sources in a worker; `expect` what is coming, then `read` each in that order."""

    def __init__(self, settings: LoadSettings) -> None:
        self._settings = settings
        self._worker = _take(settings)
        self._coming: deque[Source] = deque()
        self._sent: deque[Job] = deque()
        self._number = 0

    def __enter__(self) -> Readers:
        return self

    def __exit__(self, *_: object) -> None:
        """Keeps the worker for the next addition, unless it is still at something."""
        if self._sent:
            self._worker.end()
        else:
            _keep(self._worker)

    def expect(self, sources: Sequence[Source]) -> None:
        """These sources will be read, in this order."""
        self._coming.extend(sources)

    def read(self, source: Source, meter: Meter) -> Iterator[Article | Rejection]:
        """A source's articles, and why it or a part of it was rejected; moves `meter` along."""
        job = self._job(source)
        begun = False
        for _ in range(TRIES):
            while (message := self._worker.receive(self._sent)) is not None:
                begun = True
                meter.passed, meter.reading = message.share, None
                if message.item is not None:
                    yield message.item
                if message.over:
                    self._sent.popleft()
                    return
            reason = self._worker.end(job)
            if begun:
                self._sent.popleft()
            self._restart()
            if begun:
                yield Unread(source.name, reason)
                return
        raise LibraryError(
            "reader_ends",
            "The process that reads files ends as soon as it starts: {reason} Is memory "
            "free, and newscite whole? Try: newscite doctor",
            reason=reason,
        )

    def _job(self, source: Source) -> Job:
        """The source's job, sent to the worker with some of those that follow."""
        if not self._sent:
            if self._coming and self._coming[0] is source:
                self._coming.popleft()
            self._send(source)
        while self._coming and len(self._sent) < AHEAD and self._coming[0].path is not None:
            self._send(self._coming.popleft())
        job = self._sent[0]
        if job.source is not source:
            raise ValueError(f"{source.name} is not the source that was expected")
        return job

    def _send(self, source: Source) -> None:
        self._number += 1
        job = Job(self._number, source, self._settings)
        self._sent.append(job)
        self._worker.send(job)

    def _restart(self) -> None:
        """Another worker, with the jobs that the last one did not come to."""
        self._worker = _Worker()
        for job in self._sent:
            self._worker.send(job)


class _Worker:
    """One process, and the thread that takes in what it says."""

    def __init__(self) -> None:
        path = [os.path.abspath(entry) for entry in sys.path]  # noqa: PTH100  no Path for ""
        try:
            self._process = subprocess.Popen(  # noqa: S603  this Python, and words of our own
                [sys.executable, "-I", "-c", _START, *path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ONE_THREAD},
            )
        except OSError as error:
            raise LibraryError(
                "reader_start", "Cannot start a process to read files in: {error}.", error=error
            ) from error
        self.owner = os.getpid()
        self._jobs, self._out = self._process.stdin, self._process.stdout
        self._said: queue.Queue[Message | None] = queue.Queue(WAITING)
        self._ending = threading.Event()
        self._reason = ""
        self._scans = False
        self._looked = 0.0
        self._listener = threading.Thread(target=self._listen, args=(self._out,), daemon=True)
        self._listener.start()

    @property
    def runs(self) -> bool:
        return self._process.poll() is None

    def is_free(self, settings: LoadSettings) -> bool:
        """Whether it holds so little memory that no file will be blamed for what earlier ones left."""
        return holds_little(self._process.pid, settings)

    def send(self, job: Job) -> None:
        """Gives it a job. If the worker has left, that shows when its messages are asked for."""
        assert self._jobs is not None  # noqa: S101  a pipe was asked for
        with suppress(BrokenPipeError):
            pickle.dump(job, self._jobs, pickle.HIGHEST_PROTOCOL)
            self._jobs.flush()

    def receive(self, sent: Sequence[Job]) -> Message | None:
        """Its next message; None when it has ended. Ends the worker where it takes too much."""
        began = time.monotonic()
        while True:
            if time.monotonic() - self._looked > LOOK_SECONDS:
                self._looked = time.monotonic()
                self._look(sent, self._looked - began)
            try:
                return self._said.get(timeout=LOOK_SECONDS)
            except queue.Empty:
                continue

    def _look(self, sent: Sequence[Job], waited: float) -> None:
        most = max(allowed_bytes(job.source, job.settings) for job in sent)
        most += SCAN_MB * MB if self._scans else 0
        if memory_of(self._process.pid) > most:
            self._kill(
                Wording(
                    "reader_memory",
                    "Takes more than {mb} MB of memory to read (load.memory_mb).",
                    mb=most // MB,
                )
            )
        allowed = max(allowed_seconds(job.source, job.settings) for job in sent)
        allowed += SCAN_SECONDS if self._scans else 0
        seconds = START_SECONDS + PATIENCE * allowed
        if waited > seconds:
            self._kill(
                Wording(
                    "reader_silent",
                    "The reader said nothing for {seconds} seconds (load.seconds).",
                    seconds=f"{seconds:.0f}",
                )
            )

    def _kill(self, reason: str) -> None:
        self._reason = self._reason or reason
        self._process.kill()

    def end(self, job: Job | None = None) -> str:
        """Ends the worker, if this job has not ended it; returns why it ended."""
        if job is None:
            self._process.kill()
        code = self._leave()
        return self._reason or _explained(code, job)

    def leave(self) -> None:
        """Lets it end by itself: it has nothing to do."""
        with suppress(OSError):
            if self._jobs is not None:
                self._jobs.close()
        self._leave()

    def _leave(self) -> int:
        self._ending.set()
        code = self._process.wait()
        self._listener.join()
        for pipe in (self._jobs, self._out):
            with suppress(OSError):  # what it was to read, and never will
                if pipe is not None:
                    pipe.close()
        return code

    def _listen(self, out: IO[bytes]) -> None:
        message: Message | None
        while True:
            try:
                message = pickle.load(out)  # noqa: S301  from our own process
            except Exception:  # noqa: BLE001  cut off in the middle: it has ended
                message = None
            self._scans = self._scans or (message is not None and message.scans)
            while not self._ending.is_set():
                try:
                    self._said.put(message, timeout=LOOK_SECONDS)
                    break
                except queue.Full:
                    continue
            if message is None or self._ending.is_set():
                return


def _explained(code: int, job: Job | None) -> str:
    if code == -getattr(signal, "SIGXCPU", 0) and job is not None:
        seconds = allowed_seconds(job.source, job.settings)
        return Wording(
            "reader_slow",
            "Takes longer than {seconds} seconds to read (load.seconds).",
            seconds=f"{seconds:.0f}",
        )
    if code == -9:
        return Wording(
            "reader_killed", "The system ended the process that read it, perhaps as memory ran out."
        )
    if code < 0:
        return Wording(
            "reader_crashed",
            "The process that read it crashed ({signal}).",
            signal=signal.Signals(-code).name,
        )
    return Wording("reader_ended", "The process that read it ended (exit code {code}).", code=code)


_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
"""Nothing in the worker computes enough for a second thread, and each thread's buffers count as
memory."""

_kept: list[_Worker] = []
_keeping = threading.Lock()


def _take(settings: LoadSettings) -> _Worker:
    """The worker that an earlier addition left, perhaps under settings that allow more, or a new one."""
    with _keeping:
        while _kept:
            worker = _kept.pop()
            if worker.owner == os.getpid() and worker.runs and worker.is_free(settings):
                return worker
            if worker.owner == os.getpid():
                worker.leave()
    return _Worker()


def _keep(worker: _Worker) -> None:
    with _keeping:
        if not _kept:
            _kept.append(worker)
            return
    worker.leave()


@atexit.register
def _leave() -> None:
    with _keeping:
        for worker in _kept:
            if worker.owner == os.getpid():
                worker.leave()
        _kept.clear()
