"""Hostile files against the program that reads them: 25 kinds, eight of each.

Usage: python benchmarks/attacks.py [--each 8] [--keep FOLDER]

Every file is added with a good one beside it, through the process that reads files. A line for each
kind: the most processor time (with the start of the process, and the good file) and memory that one of
its files took, the time on the clock, what became of the largest, and whether the good file was read.
Limits: 20 seconds of processor time, 500 MB. Ends with 1 where one is not kept.
"""

from __future__ import annotations

import argparse
import bz2
import gzip
import io
import json
import resource
import sys
import tarfile
import tempfile
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from index.config import LoadSettings
from index.extract import isolated
from index.extract.isolated import Readers
from index.extract.worker import memory_of
from index.read.sources import Source, find_sources
from index.read.streams import MB, Meter
from index.records import Article, Rejection

SECONDS, MEMORY = 20.0, 500 * MB
GOOD = (
    "Kazakhstan closed its trade office in Moscow after 31 years, officials said on Wednesday. " * 4
)

Made = tuple[str, bytes]


def _text(body: str, ending: str = "txt") -> Made:
    return ending, body.encode()


def _html(body: str) -> Made:
    return _text(
        f"<html><head><title>T</title></head><body>{body}<p>{GOOD}</p></body></html>", "html"
    )


def _zip(members: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return data.getvalue()


def _nested_zip(depth: int, width: int, size: int) -> bytes:
    data = _zip({f"{n}.txt": b"a" * size for n in range(width)})
    for _ in range(depth):
        data = _zip({f"{n}.zip": data for n in range(width)})
    return data


def _tar(count: int) -> bytes:
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as archive:
        for n in range(count):
            archive.addfile(tarfile.TarInfo(f"{n}.txt"))
    return data.getvalue()


def _mail(headers: str, body: str) -> Made:
    return _text(
        f"From: a@b.org\nTo: c@d.org\nSubject: S\nDate: x\n{headers}\n\n{body}\n{GOOD}", "eml"
    )


def _warc(header: str) -> bytes:
    return f"WARC/1.0\r\nWARC-Type: response\r\n{header}\r\nContent-Length: 5\r\n\r\nhello\r\n\r\n".encode()


KINDS: dict[str, Callable[[int], Made]] = {
    "date and blanks": lambda n: _text(f"Title\n\nMarch 1, 2023{' ' * 300 * n}x\n\n{GOOD}"),
    "chinese date and blanks": lambda n: _text(f"标题\n\n2023年3月1日{'　' * 300 * n}(\n\n{GOOD}"),
    "headings with tabs": lambda n: _text(f"# a{chr(9) * 20_000 * n}x\n\n{GOOD}", "md"),
    "brackets in markdown": lambda n: _text("[" * 30_000 * n + f"\n\n{GOOD}", "md"),
    "style tags in mail": lambda n: _mail("Content-Type: text/html", "<style " * 20_000 * n),
    "long from line": lambda n: (
        "mbox",
        b"From " + b"a" * 100_000 * n + b"\nSubject: x\n\n" + GOOD.encode(),
    ),
    "header without an end": lambda n: _mail("X: " + "a=?b?" * 20_000 * n, ""),
    "mime within mime": lambda n: _mail(
        "",
        "".join(
            f'Content-Type: multipart/mixed; boundary="{i}"\n\n--{i}\n' for i in range(300 * n)
        ),
    ),
    "attributes": lambda n: _html("<p " + " ".join(f"a{i}=1" for i in range(8_000 * n)) + ">x</p>"),
    "deep tags": lambda n: _html("<div>" * 20_000 * n),
    "many tags": lambda n: _html("<b>x</b>" * 30_000 * n),
    "open comments": lambda n: _html("<!--" * 40_000 * n),
    "entities": lambda n: _html("&amp" * 60_000 * n),
    "tables in tables": lambda n: _html("<table><tr><td>" * 2_000 * n + "x"),
    "quotes in csv": lambda n: _text("text,title\n" + '"a""' * 30_000 * n, "csv"),
    "delimiters in csv": lambda n: _text(",;|\t" * 20_000 * n + "\nx", "csv"),
    "rows of nothing": lambda n: _text("{}\n" * 100_000 * n, "jsonl"),
    "deep json": lambda n: _text("[" * 100_000 * n, "json"),
    "lists packed": lambda n: ("json.gz", gzip.compress(b"[" + b"[]," * 2_000_000 * n + b"[]]")),
    "nothing packed": lambda n: ("txt.bz2", bz2.compress(bytes(60 * MB * n))),
    "zips of zips": lambda n: ("zip", _nested_zip(3, 2 + n, 100_000)),
    "tar of nothing": lambda n: ("tar", _tar(2_000 * n)),
    "warc headers": lambda n: (
        "warc",
        _warc("X: " + "a" * 100_000 * n + "\r\n" + ":\r\n" * 5_000 * n),
    ),
    "lines": lambda n: _text("Mr. A\n" * 12_000 * n),
    "one long word": lambda n: _text("a" * 200_000 * n + "\n\n" + "中" * 200_000 * n),
}


@contextmanager
def _watched(readers: Readers) -> Iterator[list[int]]:
    """The most memory that the reading process took: a list of one number, which the caller reads."""
    most, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.02):
            most[0] = max(most[0], memory_of(readers._worker._process.pid))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def _processor_seconds() -> float:
    """Of all processes that were started here and have ended."""
    isolated._leave()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _attack(bad: Source, good: Source) -> tuple[float, int, str, bool, float]:
    """Processor time and memory for a bad file, what became of it, whether the good one was read, and
    seconds on the clock."""
    before = _processor_seconds()
    with Readers(LoadSettings()) as readers, _watched(readers) as most:
        readers.expect([bad, good])
        began = time.perf_counter()
        items = list(readers.read(bad, Meter()))
        took = time.perf_counter() - began
        read = any(isinstance(item, Article) for item in readers.read(good, Meter()))
    reasons = [item.reason for item in items if isinstance(item, Rejection)]
    became = reasons[-1][:60] if reasons else f"{len(items)} read"
    return _processor_seconds() - before, most[0], became, read, took


def main() -> None:
    parser = argparse.ArgumentParser(description="Hostile files against the reading process.")
    parser.add_argument("--each", type=int, default=8, help="files of each kind")
    parser.add_argument("--keep", type=Path, help="a folder to keep them in")
    given = parser.parse_args()
    kept, fine = 0, True
    print(f"{'kind':26} {'seconds':>8} {'clock':>6} {'MB':>5}  others  what became of the largest")
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.keep or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "good.jsonl").write_text(json.dumps({"text": GOOD}))
        for kind, make in KINDS.items():
            results = []
            for n in range(1, given.each + 1):
                ending, content = make(n)
                path = folder / f"{kind.replace(' ', '-')}-{n}.{ending}"
                path.write_bytes(content)
                found = [*find_sources([path, folder / "good.jsonl"], LoadSettings())]
                bad, good = (each for each in found if isinstance(each, Source))
                results.append(_attack(bad, good))
                if given.keep is None:
                    path.unlink()
            slowest, largest = max(r[0] for r in results), max(r[1] for r in results)
            whole = all(r[3] for r in results)
            kept += sum(r[0] <= SECONDS and r[1] <= MEMORY and r[3] for r in results)
            fine = fine and whole and slowest <= SECONDS and largest <= MEMORY
            print(
                f"{kind:26} {slowest:8.1f} {max(r[4] for r in results):6.1f} {largest // MB:5}  {'read' if whole else 'LOST':6}  "
                f"{results[-1][2]}",
                flush=True,
            )
    print(f"{kept} of {len(KINDS) * given.each} within {SECONDS:.0f} s and {MEMORY // MB} MB")
    sys.exit(not fine)


if __name__ == "__main__":
    main()
