"""kill -9 of `newscite add` and of the page's server during an upload, at random moments.

    python benchmarks/kills.py                      # 150 of each
    python benchmarks/kills.py --command 20 --page 0 --seed 2

After every kill the library is opened: what was acknowledged before is there, nothing is there twice,
`verify` finds nothing wrong. After every few kills the same is added once more, to the end: all of it
is there, once. Prints the figures; ends with 1 where anything was lost. A toy embedder stands in for the
real one, which is loaded long before anything is written; processes are forked to spare the imports.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).parent.parent))

import faiss  # noqa: F401  # here, for every process that is forked
import httpx
import tantivy  # noqa: F401

import newscite
import ui.cli
import ui.page.app
from index.config import load_settings
from index.embed import embedder
from tests.toy import ToyEmbedder, vector

FILES = 12
KILLS_OF_ONE = 4
"""After so many kills of adding the same files, they are added to the end."""
LONGEST = 60.0
PLACES = ("Oslo", "Lima", "Quito", "Hanoi", "Accra", "Cairo", "Delhi", "Seoul", "Tokyo", "Paris")


def story(chance: random.Random) -> str:
    number = chance.randrange(10**9)
    said = " ".join(
        f"In {chance.choice(PLACES)} {chance.randrange(10**4)} people heard of it on day {n}."
        for n in range(8)
    )
    return f"Report {number}\n\nThe railway of {number} was opened on Wednesday. {said}\n"


@dataclass
class Tally:
    """What was killed and found."""

    library: Path
    acknowledged: set[str] = field(default_factory=set)
    """Names of files that adding was reported of."""
    kills: int = 0
    lost: int = 0
    twice: int = 0
    unsound: int = 0
    incomplete: int = 0
    finished: int = 0
    """Ended before they could be killed."""

    def check(self) -> None:
        """Opens the library as the next user would."""
        if not (self.library / "library.db").exists() and not self.acknowledged:
            return
        with opened(self.library) as library:
            found = Counter(Path(article.file).name for article in library.articles())
            self.lost += len(self.acknowledged - found.keys())
            self.twice += sum(count - 1 for count in found.values())
            self.unsound += not library.verify().sound

    def complete(self, names: set[str]) -> None:
        """After adding to the end: all of it is there."""
        self.acknowledged |= names
        before = self.lost
        self.check()
        self.incomplete += self.lost - before
        self.lost = before

    @property
    def bad(self) -> int:
        return self.lost + self.twice + self.unsound + self.incomplete

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.finished} ended before: {self.lost} acknowledged articles lost, "
            f"{self.twice} twice, {self.unsound} libraries unsound, {self.incomplete} not completed; "
            f"{len(self.acknowledged)} articles at the end"
        )


def opened(folder: Path) -> newscite.Library:
    settings = load_settings(None, llm={"model": "none"}, retrieve={"translate": False})
    return newscite.Library.open(folder, settings, ToyEmbedder())


def forked(act: Callable[[], object], output: Path) -> int:
    """A process that acts and ends; what it prints goes to a file."""
    process = os.fork()
    if process:
        return process
    code = 1
    try:
        stream = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(stream, 1)
        os.dup2(stream, 2)
        act()
        code = 0
    except SystemExit as end:
        code = int(end.code or 0)
    finally:
        sys.stdout.flush()
        os._exit(code)


def killed(process: int, seconds: float) -> bool:
    """Kills a process after so long; whether it was still running."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if os.waitpid(process, os.WNOHANG)[0]:
            return False
        time.sleep(0.002)
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)
    return True


def written(folder: Path, chance: random.Random) -> set[str]:
    folder.mkdir(parents=True)
    names = {f"{folder.name}-{n}.txt" for n in range(FILES)}
    for name in names:
        (folder / name).write_text(story(chance))
    return names


def kill_command(root: Path, kills: int, chance: random.Random) -> Tally:
    """Kills `newscite add FOLDER`."""
    tally = Tally(root / "library")

    def add() -> None:
        sys.argv = ["newscite", "add", str(folder), "--library", str(tally.library), "--json"]
        ui.cli.main()

    longest, rounds = 2.0, 0
    while tally.kills < kills:
        rounds += 1
        folder = root / f"r{rounds}"
        names = written(folder, chance)
        for _ in range(KILLS_OF_ONE):
            if killed(forked(add, root / "out"), chance.uniform(0, longest)):
                tally.kills += 1
            else:
                tally.finished += 1
                tally.acknowledged |= names
            tally.check()
            if tally.kills == kills:
                break
        began = time.monotonic()
        process = forked(add, root / "out")
        if os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) != 0:
            tally.incomplete += 1
            print((root / "out").read_text()[-2000:], file=sys.stderr)
        longest = max(0.3, (longest + time.monotonic() - began) / 2)
        tally.complete(names)
    return tally


class Browser:
    """Does what the page does in a browser, by the requests that it makes."""

    def __init__(self, url: str) -> None:
        self._http = httpx.Client(base_url=url, timeout=LONGEST)
        self._http.get("/").raise_for_status()
        config = self._http.get("/config").raise_for_status().json()
        self._functions = config["dependencies"]
        self._session = secrets.token_hex(6)

    def close(self) -> None:
        self._http.close()

    def upload(self, files: list[Path]) -> bool:
        """Uploads files and adds them; whether the page then said how many were added."""
        sent = [("files", (file.name, file.read_bytes(), "text/plain")) for file in files]
        answer = self._http.post("/gradio_api/upload", files=sent).raise_for_status()
        data = [
            {"path": path, "orig_name": file.name, "meta": {"_type": "gradio.FileData"}}
            for path, file in zip(answer.json(), files, strict=True)
        ]
        function = next(
            one for one in self._functions if any(event == "upload" for _, event in one["targets"])
        )
        asked = {"data": [data, ""], "fn_index": function["id"], "session_hash": self._session}
        self._http.post("/gradio_api/queue/join", json=asked).raise_for_status()
        where = f"/gradio_api/queue/data?session_hash={self._session}"
        with self._http.stream("GET", where) as events:
            for line in events.iter_lines():
                message: dict[str, Any] = json.loads(line[6:]) if line.startswith("data: ") else {}
                if message.get("msg") == "process_completed":
                    return bool(message["success"])
        return False


def address(output: Path) -> str:
    """The address that the server printed."""
    until = time.monotonic() + LONGEST
    while time.monotonic() < until:
        if output.exists() and (lines := output.read_text().split()) and "/" in lines[0]:
            return lines[0]
        time.sleep(0.01)
    raise TimeoutError(output.read_text())


def kill_page(root: Path, kills: int, chance: random.Random) -> Tally:
    """Kills the page's server while files are uploaded to it and added."""
    tally = Tally(root / "library")
    output = root / "out"

    def serve() -> None:
        with opened(tally.library) as library:
            ui.page.app.serve(
                library, "127.0.0.1", 0, browser=False, ready=lambda url: print(url, flush=True)
            )

    def life(files: list[Path], seconds: float | None) -> bool:
        """A server that files are sent to, killed after so long; whether it said that all is added."""
        output.unlink(missing_ok=True)
        process = forked(serve, output)
        done = False
        with closing(Browser(address(output))) as browser:
            killer = os.fork() if seconds is not None else 0
            if seconds is not None and not killer:
                time.sleep(seconds)
                os.kill(process, signal.SIGKILL)
                os._exit(0)
            with suppress(httpx.HTTPError):
                done = browser.upload(files)
        if killer:
            os.waitpid(killer, 0)
        else:
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        return done

    longest, rounds = 1.0, 0
    while tally.kills < kills:
        rounds += 1
        folder = root / f"r{rounds}"
        names = written(folder, chance)
        files = sorted(folder.iterdir())
        for _ in range(KILLS_OF_ONE):
            done = life(files, chance.uniform(0, longest))
            tally.kills += 1
            tally.finished += done
            tally.acknowledged |= names if done else set()
            tally.check()
            if tally.kills == kills:
                break
        began = time.monotonic()
        tally.incomplete += not life(files, None)
        longest = max(0.3, (longest + time.monotonic() - began) / 2)
        tally.complete(names)
    return tally


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--command", type=int, default=150, help="kills of `newscite add`")
    parser.add_argument("--page", type=int, default=150, help="kills of the page's server")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    vector("warm")
    os.environ["NEWSCITE_LLM__MODEL"] = "none"
    bad = 0
    for name, kill, kills in (
        ("newscite add", kill_command, given.command),
        ("an upload to the page", kill_page, given.page),
    ):
        with (
            patch.object(embedder, "open_embedder", lambda *_, **__: ToyEmbedder()),
            patch.object(newscite, "open_embedder", lambda *_, **__: ToyEmbedder()),
            tempfile.TemporaryDirectory() as root,
        ):
            os.environ["TMPDIR"] = tempfile.tempdir = root
            tally = kill(Path(root), kills, random.Random(given.seed))  # noqa: S311  not for secrets
            tempfile.tempdir = None
            del os.environ["TMPDIR"]
        print(f"{name}: {tally}", flush=True)
        bad += tally.bad
    raise SystemExit(bool(bad))


if __name__ == "__main__":
    main()
