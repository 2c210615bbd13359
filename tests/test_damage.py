"""A library whose files were damaged, emptied or deleted: said, and nothing else quoted."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

import newscite
from index.config import load_settings
from index.errors import LibraryError, NewsciteError
from index.writer import HOLDER_FILE, LOCK_FILE, Writer
from tests.conftest import ARTICLES
from tests.toy import ToyEmbedder

ROOT = Path(__file__).parent.parent
SETTINGS = load_settings(None, llm={"model": "none"}, retrieve={"translate": False})


def opened(folder: Path, **options: bool) -> newscite.Library:
    return newscite.Library.open(folder, SETTINGS, ToyEmbedder(), **options)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A library of the four ARTICLES, closed."""
    with opened(tmp_path / "library") as library:
        library.add_articles(ARTICLES)
    return tmp_path / "library"


def test_no_changed_byte_of_the_database_is_quoted(folder: Path, tmp_path: Path) -> None:
    whole = (folder / "library.db").read_bytes()
    texts = {article.text for article in ARTICLES}
    chance = random.Random(5)  # noqa: S311  not for secrets
    at_text = [whole.index(article.text[40:48].encode()) for article in ARTICLES]
    said = 0
    for at in [*at_text, *(chance.randrange(len(whole)) for _ in range(40))]:
        copy = tmp_path / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(folder, copy)
        damaged = bytearray(whole)
        damaged[at] ^= 0x15
        (copy / "library.db").write_bytes(damaged)
        try:
            with opened(copy) as library:
                for article in ARTICLES:
                    for hit in library.search(article.text[:60], 10):
                        assert hit.article.text in texts
                        assert hit.passage.text in hit.article.text
        except NewsciteError:
            said += 1
    assert said >= len(at_text)


def test_a_changed_article_is_named_with_the_cure(folder: Path) -> None:
    path = folder / "library.db"
    data = path.read_bytes()
    word = ARTICLES[2].text[40:48].encode()
    path.write_bytes(data.replace(word, word[:-1] + b"~"))
    with opened(folder) as library:
        changed = ARTICLES[2].id
        (problem,) = library.verify().problems
        assert changed in problem
        with pytest.raises(LibraryError, match=f"newscite remove {changed}"):
            library.article(changed)
        library.remove(changed)
        assert library.verify().sound


def test_a_correction_by_hand_is_no_damage(folder: Path) -> None:
    with opened(folder) as library:
        library.correct(ARTICLES[0].id, title="Another title", outlet="Another outlet")
        assert library.verify().sound
        article = library.article(ARTICLES[0].id)
        assert article is not None
        assert article.title == "Another title"


@pytest.mark.parametrize("harm", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_database_that_is_gone_is_no_new_library(
    folder: Path, harm: Callable[[Path], object]
) -> None:
    for path in folder.glob("library.db*"):
        if path.name != "library.db":
            path.unlink()
    harm(folder / "library.db")
    with pytest.raises(LibraryError, match="gone or empty"):
        opened(folder)
    with suppress(LibraryError), opened(folder, read_only=True):
        pytest.fail("opened what is gone")
    shutil.rmtree(folder / "vectors")
    shutil.rmtree(folder / "terms")
    (folder / "counts.db").unlink(missing_ok=True)
    with opened(folder) as library:  # what was left is deleted: now it may be made anew
        assert library.status().articles == 0


def test_a_writer_waits_a_little_for_another(tmp_path: Path) -> None:
    first, second = Writer(tmp_path), Writer(tmp_path)
    entered, done = threading.Event(), []

    def write() -> None:
        with first.held():
            entered.set()
            time.sleep(0.2)
            done.append("first")

    thread = threading.Thread(target=write)
    thread.start()
    entered.wait()
    with second.held():
        done.append("second")
    thread.join()
    assert done == ["first", "second"]
    assert not (tmp_path / HOLDER_FILE).exists()


def test_a_second_writer_learns_of_the_first(tmp_path: Path) -> None:
    with (
        Writer(tmp_path).held(),
        pytest.raises(LibraryError, match=f"process {os.getpid()} on"),
        Writer(tmp_path, wait=0.05).held(),
    ):
        pytest.fail("two write")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="locks there are not inherited")
def test_a_dead_writer_is_named_as_dead(tmp_path: Path) -> None:
    """Its lock outlives it where a process it started holds the file."""
    child = subprocess.Popen(
        [sys.executable, "-c", "import fcntl, sys; f = open(sys.argv[1], 'a'); "
         "fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()",
         str(tmp_path / LOCK_FILE)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    with child:
        assert child.stdout is not None
        child.stdout.readline()
        note = {"process": 4194305, "host": socket.gethostname(), "since": "2026-01-01T00:00:00Z"}
        (tmp_path / HOLDER_FILE).write_text(json.dumps(note))
        with (
            pytest.raises(LibraryError, match=r"4194305.*is dead"),
            Writer(tmp_path, wait=0.05).held(),
        ):
            pytest.fail("two write")
        child.kill()


def command(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """The command line in a process of its own."""
    run = "from ui.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", run, *arguments],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        **options,
    )  # type: ignore[call-overload, no-any-return]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no full device there")
def test_output_that_cannot_be_written_is_said() -> None:
    with Path("/dev/full").open("w") as full:
        done = command("--help", stdout=full)
    assert done.returncode == 3
    assert done.stderr.startswith("newscite: No space left")
    assert done.stderr.count("\n") == 1


def test_output_that_nobody_reads_ends_quietly() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    done = command("--help", stdout=writing)
    os.close(writing)
    assert done.stderr == ""
    assert done.returncode in (0, 1)  # click has its own way with such a pipe


@pytest.mark.parametrize(
    "arguments",
    [
        ["status", "--library", "x" * 300],
        ["status", "--library", "/nonexistent/library"],
        ["status", "--config", "x" * 300],
        ["add", "seeds", "--library", "/dev/null/library"],
    ],
)
def test_paths_that_cannot_be_are_errors_of_ours(arguments: list[str]) -> None:
    done = command(*arguments, stdout=subprocess.DEVNULL)
    assert done.returncode in (2, 3)
    assert done.stderr.startswith("newscite: ")
    assert "Traceback" not in done.stderr
