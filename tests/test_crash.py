"""kill -9 at random moments, a full disk: nothing reported is lost, nothing removed comes back.

NEWSCITE_KILLS sets how many times a process that adds, removes and rebuilds is killed.
"""

import os
import random
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.config import Settings
from index.errors import LibraryError
from index.library import Library
from index.records import Article
from tests.toy import ToyEmbedder, vector

KILLS = int(os.environ.get("NEWSCITE_KILLS", "40"))
CRASHING = Path(__file__).parent / "crashing.py"


class Reported:
    """What the library had reported to the processes before they were killed, over all their lives."""

    def __init__(self) -> None:
        self.added: set[str] = set()
        self.removed: set[str] = set()
        self.unsure: set[str] = set()
        """Being removed when the process was killed: there or not, both are right."""
        self.heard = 0

    def hear(self, line: str) -> None:
        self.heard += 1
        word, _, article_id = line.strip().partition(" ")
        if word == "added":
            self.added.add(article_id)
            self.removed.discard(article_id)
        elif word == "removing":
            self.unsure.add(article_id)
        elif word == "removed":
            self.removed.add(article_id)
            self.unsure.discard(article_id)
            self.added.discard(article_id)


def live_and_die(
    server: "subprocess.Popen[str]", seed: int, seconds: float, reported: Reported
) -> None:
    """Lets a process change the library until `seconds` after it opened it, then kills it."""
    assert server.stdin is not None
    assert server.stdout is not None
    server.stdin.write(f"{seed}\n")
    server.stdin.flush()
    first, second = server.stdout.readline(), server.stdout.readline()
    assert (first.split()[0], second) == ("process", "open\n")
    timer = threading.Timer(seconds, os.kill, (int(first.split()[1]), signal.SIGKILL))
    timer.start()
    while (line := server.stdout.readline()) != "dead\n":
        reported.hear(line)
    timer.join(1)  # the kill is heard here before the thread that sent it has ended
    assert not timer.is_alive(), "it ended before it was killed"


def check(path: Path, reported: Reported) -> None:
    """Opens the library and finds all that was reported as added, and nothing that was removed."""
    with Library.open(path, Settings(), ToyEmbedder(), check_embedder=False) as library:
        kept = {article.id: article for article in library.articles()}
        lost = reported.added - reported.unsure - kept.keys()
        assert not lost, f"lost: {lost}"
        assert not reported.removed & kept.keys()
        for article_id in random.sample(sorted(kept), min(len(kept), 12)):
            article = kept[article_id]
            title = {article.title: 1.0}
            lexical, _ = library.search_terms(title, "en", 5)
            assert article_id in {p.article.id for p in library.passages(lexical)}
            (first, *_) = library.article_rows(article)
            (passage,) = library.passages([first])
            dense, _ = library.search_vectors(vector(passage.passage.text), "en", 50)
            assert article_id in {p.article.id for p in library.passages(dense)}
        report = library.verify()
        assert report.sound, report.problems
        reported.added &= kept.keys()
        reported.unsure.clear()


@pytest.mark.skipif(os.name != "posix", reason="needs kill -9")
def test_killed_at_random_moments(tmp_path: Path) -> None:
    reported = Reported()
    chance = random.Random(KILLS)  # noqa: S311
    command = [sys.executable, str(CRASHING), str(tmp_path / "lib")]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        lives = 0
        # On a slow machine little happens in a life.
        while lives < KILLS or reported.heard <= KILLS:
            live_and_die(server, lives, chance.uniform(0, 0.4), reported)
            check(tmp_path / "lib", reported)
            lives += 1


def long_articles(count: int) -> list[Article]:
    return [
        Article(f"Report {n}. " + f"The story of {n} goes on and on. " * 60, language="en")
        for n in range(count)
    ]


LIMITED = """
import resource, signal, sys
sys.path.insert(0, {root!r})
from index.config import Settings
from index.errors import LibraryError
from index.library import Library
from tests.test_crash import long_articles
from tests.toy import ToyEmbedder
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
try:
    with Library.open({path!r}, Settings(), ToyEmbedder()) as library:
        resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))
        library.add_articles(
            long_articles(400), progress=lambda p: print(*p.article_ids, flush=True)
        )
except LibraryError as error:
    print("refused:", error, flush=True)
"""


@pytest.mark.skipif(os.name != "posix", reason="needs RLIMIT_FSIZE")
@pytest.mark.parametrize("limit", [20_000, 150_000, 400_000, 1_000_000])
def test_full_disk(tmp_path: Path, limit: int) -> None:
    """No file may grow beyond `limit`: the database or the index files hit it first."""
    path = tmp_path / "lib"
    Library.open(path, Settings(), ToyEmbedder()).close()
    root = Path(__file__).parent.parent
    script = LIMITED.format(root=str(root), path=str(path), limit=limit)
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    *stored, refused = run.stdout.splitlines()
    assert refused.startswith("refused:"), run.stdout[-500:]
    ids = {article_id for line in stored for article_id in line.split()}
    with Library.open(path, Settings(), ToyEmbedder()) as library:
        assert ids <= {article.id for article in library.articles()}
        assert library.verify().sound
        report = library.add_articles(long_articles(400))
        assert report.articles + len(ids) >= 400 or library.status().articles == 400
        assert library.verify().sound


@pytest.mark.skipif(os.name != "posix", reason="needs RLIMIT_FSIZE")
def test_searching_with_a_full_disk(tmp_path: Path, open_library: Callable[..., Library]) -> None:
    library = open_library()
    library.add_articles(long_articles(20))
    library.close()
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, limits[1]))
    try:
        again = open_library()
        dense, _ = again.search_vectors(vector("Report 3"), "en", 5)
        lexical, _ = again.search_terms({"stori": 1.0}, "en", 5)
        assert len(again.passages([*dense, *lexical])) == 10
        with pytest.raises(LibraryError, match="room"):
            again.add_articles(long_articles(30))
        (tmp_path / "lib" / "terms" / "state.json").unlink()
        with pytest.raises(LibraryError, match="Make room"):
            open_library()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert open_library().add_articles(long_articles(30)).articles == 10
