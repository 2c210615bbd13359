"""Has files read by the process of `worker`, and starts it again when a file has ended it.

In: a kind of file and its bytes. Out: what the worker answers. Raises InputError for a file it
refuses, that it does not survive, or that takes it too long.
"""

from __future__ import annotations

import atexit
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import InputError
from index.read.paged.worker import read_frame, write_frame

PAGE_SECONDS = 180
"""For one page; OCR of a newspaper page takes a minute on a slow machine."""


class Reader:
    """The process, and one request at a time."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()

    def read(
        self, kind: str, data: bytes, max_chars: int, progress: Callable[[int, int], None]
    ) -> dict[str, Any]:
        """What the worker makes of a file; `progress` is told each page of how many."""
        with self._lock:
            process = self._running()
            request = json.dumps({"kind": kind, "max_chars": max_chars}).encode()
            try:
                return self._ask(process, request, data, progress)
            except BaseException:
                self._end()
                raise

    def _ask(
        self,
        process: subprocess.Popen[bytes],
        request: bytes,
        data: bytes,
        progress: Callable[[int, int], None],
    ) -> dict[str, Any]:
        requests, answers = process.stdin, process.stdout
        if requests is None or answers is None:
            raise RuntimeError("The pipes of the reading process are missing.")
        late = threading.Event()

        def give_up() -> None:
            late.set()
            process.kill()

        while True:
            timer = threading.Timer(PAGE_SECONDS, give_up)
            timer.start()
            try:
                if request:
                    write_frame(requests, request)
                    write_frame(requests, data)
                    request = b""
                answer = read_frame(answers)
            except BrokenPipeError:
                answer = None
            finally:
                timer.cancel()
            if answer is None:
                raise InputError(
                    f"A page took longer than {PAGE_SECONDS} seconds to read."
                    if late.is_set()
                    else "Damaged, or made to break what reads it: print it to a new PDF and add that."
                )
            result: dict[str, Any] = json.loads(answer)
            if "done" not in result:
                return result
            progress(result["done"], result["of"])

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            root = str(Path(__file__).resolve().parents[3])
            path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
            self._process = subprocess.Popen(
                [sys.executable, "-m", "index.read.paged.worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, "PYTHONPATH": path},
            )
        return self._process

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            self._end()

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


READER = Reader()
atexit.register(READER.close)
