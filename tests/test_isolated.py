"""Files read in another process: limits of time and memory, crashes, and what others see of them."""

from __future__ import annotations

import gzip
import json
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import newscite
from index.config import LoadSettings, load_settings
from index.extract import isolated, worker
from index.extract.isolated import Readers
from index.extract.worker import Unread
from index.read.sources import Source, find_sources
from index.read.streams import Meter
from index.records import Article, Rejection
from tests.toy import ToyEmbedder

STORY = "The railway to {} carried {} thousand people last year, officials said on Tuesday."

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="limits are those of POSIX")


@pytest.fixture(autouse=True)
def _own_worker() -> Iterator[None]:
    """No worker of another test, which may have grown."""
    isolated._leave()
    yield
    isolated._leave()


def good(path: Path, articles: int = 1) -> Path:
    lines = (json.dumps({"text": STORY.format(f"town {n}", n)}) for n in range(articles))
    path.write_text("\n".join(lines))
    return path


def slow(path: Path) -> Path:
    """Takes seconds to read, as each of its many lines is wrong."""
    path.write_text("{}\n" * 400_000)
    return path


def greedy(path: Path) -> Path:
    """30 kB that become ten million lists."""
    path.write_bytes(gzip.compress(b"[" + b"[]," * 10_000_000 + b"[]]"))
    return path


def sources(*paths: Path) -> list[Source]:
    found = list(find_sources(list(paths), LoadSettings()))
    assert all(isinstance(source, Source) for source in found)
    return found  # type: ignore[return-value]


def read(readers: Readers, source: Source) -> list[Article | Rejection]:
    return list(readers.read(source, Meter()))


def reasons(items: list[Article | Rejection]) -> str:
    return " ".join(item.reason for item in items if isinstance(item, Rejection))


def test_a_file_that_takes_too_long_is_given_up_and_the_next_one_read(tmp_path: Path) -> None:
    bad, fine = sources(slow(tmp_path / "a.jsonl"), good(tmp_path / "b.jsonl"))
    with Readers(LoadSettings(seconds=0.01)) as readers:
        readers.expect([bad, fine])
        items = read(readers, bad)
        assert isinstance(items[-1], Unread)
        assert "load.seconds" in items[-1].reason
        (article,) = read(readers, fine)
    assert isinstance(article, Article)


def test_a_file_that_takes_too_much_memory_is_given_up(tmp_path: Path) -> None:
    bad, fine = sources(greedy(tmp_path / "a.json.gz"), good(tmp_path / "b.jsonl"))
    with Readers(LoadSettings(memory_mb=100)) as readers:
        readers.expect([bad, fine])
        assert "load.memory_mb" in reasons(read(readers, bad))
        (article,) = read(readers, fine)
    assert isinstance(article, Article)


def test_a_crash_costs_the_rest_of_its_file_only(tmp_path: Path) -> None:
    bad, fine = sources(good(tmp_path / "a.jsonl", 2000), good(tmp_path / "b.jsonl", 3))
    with Readers(LoadSettings()) as readers:
        readers.expect([bad, fine])
        reading = readers.read(bad, Meter())
        items = [next(reading)]
        os.kill(readers._worker._process.pid, signal.SIGSEGV)
        items += reading
        assert "SIGSEGV" in reasons(items)
        assert 1 <= sum(isinstance(item, Article) for item in items) < 2000
        assert len(read(readers, fine)) == 3


def test_a_worker_that_has_left_is_replaced(tmp_path: Path) -> None:
    paths = [good(tmp_path / f"{n}.jsonl") for n in range(3)]
    first, second, third = sources(*paths)
    with Readers(LoadSettings()) as readers:
        assert len(read(readers, first)) == 1
        before = readers._worker._process.pid
        readers._worker._process.kill()
        readers._worker._process.wait()
        readers.expect([second, third])
        assert len(read(readers, second)) == 1
        assert len(read(readers, third)) == 1
        assert readers._worker._process.pid != before


def test_a_worker_that_holds_much_is_not_kept_for_settings_that_allow_less(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (source,) = sources(good(tmp_path / "a.jsonl"))
    monkeypatch.setattr(worker, "KEPT_SHARE", 0.1)  # here alone, not in the worker's own process
    processes = []
    for most in (4000, 4000, 100):
        with Readers(LoadSettings(memory_mb=most)) as readers:
            assert len(read(readers, source)) == 1
            processes.append(readers._worker._process.pid)
    assert processes[0] == processes[1] != processes[2]


def test_the_worker_is_kept_for_the_next_addition(tmp_path: Path) -> None:
    (source,) = sources(good(tmp_path / "a.jsonl"))
    processes = set()
    for _ in range(2):
        with Readers(LoadSettings()) as readers:
            read(readers, source)
            processes.add(readers._worker._process.pid)
    assert len(processes) == 1


def test_one_that_is_broken_off_leaves_no_worker_behind(tmp_path: Path) -> None:
    (source,) = sources(good(tmp_path / "a.jsonl", 5000))
    with Readers(LoadSettings()) as readers:
        next(readers.read(source, Meter()))
        process = readers._worker._process
    assert process.returncode is not None
    assert not isolated._kept


def test_many_rejections_are_summed(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("{}\n" * 1000 + json.dumps({"text": STORY.format("Osh", 5)}))
    (source,) = sources(path)
    with Readers(LoadSettings()) as readers:
        items = read(readers, source)
    assert sum(isinstance(item, Article) for item in items) == 1
    assert len(items) == 1 + worker.MOST_REJECTIONS + 1
    assert f"{1000 - worker.MOST_REJECTIONS} more parts" in reasons(items[-1:])


def test_an_unforeseen_error_is_reported_for_its_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Iterator[Article]:
        raise KeyError("of a parser")
        yield

    monkeypatch.setattr(worker, "load_pages", broken)
    (source,) = sources(good(tmp_path / "a.jsonl"))
    (item,) = worker.read_source(source, LoadSettings(), Meter())
    assert isinstance(item, Unread)
    assert "KeyError" in item.reason


def test_the_progress_of_a_file_is_reported(tmp_path: Path) -> None:
    (source,) = sources(good(tmp_path / "a.jsonl", 50))
    meter = Meter()
    with Readers(LoadSettings()) as readers:
        shares = [meter.share for _ in readers.read(source, meter)]
    assert shares == sorted(shares)
    assert meter.share == 1.0


def test_others_in_a_folder_are_unharmed(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    slow(folder / "a.jsonl")
    greedy(folder / "b.json.gz")
    good(folder / "c.jsonl", 3)
    settings = load_settings(None, llm={"model": "none"}, load={"seconds": 0.01, "memory_mb": 100})
    with newscite.Library.open(tmp_path / "library", settings, ToyEmbedder()) as library:
        report = library.add(folder)
        assert report.articles == 3
        assert {entry.source.partition(":")[0] for entry in report.rejected} == {
            "a.jsonl", "b.json.gz"
        }  # fmt: skip


def test_a_worker_without_a_parent_leaves(tmp_path: Path) -> None:
    (source,) = sources(good(tmp_path / "a.jsonl"))
    with Readers(LoadSettings()) as readers:
        read(readers, source)
        process = readers._worker._process
    isolated._leave()
    assert process.returncode == 0
    until = time.monotonic() + 10
    while time.monotonic() < until and worker.memory_of(process.pid):
        time.sleep(0.01)
    assert not worker.memory_of(process.pid)
