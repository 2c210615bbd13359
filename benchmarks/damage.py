"""Every file of a library damaged, one after another, in ten ways: reported or mended, and no changed words quoted.

    python benchmarks/damage.py            # 785 damaged libraries

A library of the seeds and more is copied, one of its files damaged, and the copy opened in a process of
its own, searched, asked, and its articles quoted; where nothing was said, `verify` is asked. Prints for
each way what became of it: "whole" (nothing to notice: the same is found), "said" (an error of ours, or a
problem that `verify` names), "lost" (less was found, and nothing said), "changed" (words quoted that no
article has), "crashed" (another exception, or the process died). Ends with 1 on any of the last three.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import faiss  # noqa: F401  # here, for every process that is forked
import tantivy  # noqa: F401

import newscite
from index.config import load_settings
from index.errors import NewsciteError
from index.records import Article
from tests.toy import ToyEmbedder, vector

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTIONS = (
    "哈薩克 貿易代表處 關閉",
    "Xi Jinping Kazakhstan support",
    "俄朝 貿易額",
    "railway report 7",
)
CURRENT, OLDER = "current", "older"
SECONDS = 60.0
BLOCK = 4096

Damage = Callable[[Path, Path, random.Random], object]
"""Damages a file, given its older state and chance."""


def _changed(change: Callable[[bytearray, random.Random], object]) -> Damage:
    def damage(path: Path, older: Path, chance: random.Random) -> None:
        data = bytearray(path.read_bytes())
        if data:
            change(data, chance)
        path.write_bytes(data)

    return damage


def _flip(data: bytearray, chance: random.Random) -> None:
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _flip_many(data: bytearray, chance: random.Random) -> None:
    for _ in range(20):
        _flip(data, chance)


def _overwrite(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data))
    data[at : at + 64] = chance.randbytes(len(data[at : at + 64]))


def _zero(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(0, len(data), BLOCK)
    data[at : at + BLOCK] = bytes(len(data[at : at + BLOCK]))


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data)) :]


def _longer(data: bytearray, chance: random.Random) -> None:
    data += chance.randbytes(100)


def _older(path: Path, older: Path, chance: random.Random) -> None:
    if older.exists():
        shutil.copyfile(older, path)


WAYS: dict[str, Damage] = {
    "a bit flipped": _changed(_flip),
    "20 bits flipped": _changed(_flip_many),
    "64 bytes overwritten": _changed(_overwrite),
    "a block zeroed": _changed(_zero),
    "cut": _changed(_cut),
    "longer": _changed(_longer),
    "emptied": lambda path, *_: path.write_bytes(b""),
    "deleted": lambda path, *_: path.unlink(),
    "noise": lambda path, _, chance: path.write_bytes(chance.randbytes(5000)),
    "an older one": _older,
}


def opened(folder: Path) -> newscite.Library:
    settings = load_settings(
        None,
        llm={"model": "none"},
        retrieve={"translate": False},
        reader={"model": "none"},
        answer={"abstain_below": 0, "cache": False},
    )
    return newscite.Library.open(folder, settings, ToyEmbedder())


def build(root: Path) -> None:
    """A library, and beside it the same before the last articles came."""
    folder = root / CURRENT
    with opened(folder) as library:
        library.add([SEEDS])
        library.add_articles(
            Article(
                f"Railway report {n} of many. It goes on for {n} days. " * 4, title=f"Report {n}"
            )
            for n in range(20)
        )
    shutil.copytree(folder, root / OLDER)
    with opened(folder) as library:
        library.add_articles(
            Article(f"Harvest report {n} of many. It took {n} weeks. " * 4, title=f"Harvest {n}")
            for n in range(20)
        )
        library.search("warm", 1)


def seen(folder: Path) -> dict[str, object]:
    """What a user of the library finds in it."""
    with opened(folder) as library:
        texts = {article.id: article.text for article in library.articles()}
        hits = [[hit.passage.id for hit in library.search(each, 10)] for each in QUESTIONS]
        quotes = [
            hit.passage.text for each in QUESTIONS for hit in library.search(each, 10)
        ]  # of the stored article
        for each in QUESTIONS[:2]:
            quotes += [citation.quote for citation in library.ask(each).citations]
        problems = list(library.verify().problems)
    return {"texts": texts, "hits": hits, "quotes": quotes, "problems": problems}


def became(folder: Path, whole: dict[str, object], older: dict[str, object]) -> tuple[str, str]:
    """What became of a damaged library, and how that was said."""
    try:
        found = json.loads(json.dumps(seen(folder)))
    except NewsciteError as error:
        return "said", str(error)
    original = "\n".join(whole["texts"].values())  # type: ignore[attr-defined]
    if any(quote not in original for quote in found["quotes"]):
        return "changed", str(next(quote for quote in found["quotes"] if quote not in original))
    if found["problems"]:
        return "said", found["problems"][0]
    for state in (whole, older):  # an older database is a library: what it has is served whole
        if found["texts"] == state["texts"] and found["hits"] == state["hits"]:
            return "whole", ""
    return "lost", str([len(each) for each in found["hits"]])


def apart(act: Callable[[], tuple[str, str]]) -> tuple[str, str]:
    """Acts in a process of its own: what it says, or that it died or hangs."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        os.close(reading)
        try:
            outcome = act()
        except BaseException as error:  # noqa: BLE001  # that is what is looked for
            outcome = "crashed", f"{type(error).__name__}: {error}"
        os.write(writing, json.dumps([outcome[0], outcome[1][:2000]]).encode())
        os._exit(0)
    os.close(writing)
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        if os.waitpid(process, os.WNOHANG)[0]:
            break
        time.sleep(0.005)
    else:
        os.kill(process, 9)
        os.waitpid(process, 0)
    with os.fdopen(reading) as told_by:
        said = told_by.read()
    what, how = json.loads(said) if said else ("crashed", "the process died")
    return what, how


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--most", type=int, default=785)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="print each damage and what it became")
    given = parser.parse_args()
    vector("warm")
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        build(root)
        whole, older = (
            json.loads(json.dumps(seen(shutil.copytree(root / name, root / f"{name}-seen"))))
            for name in (CURRENT, OLDER)
        )
        files = sorted(
            path.relative_to(root / CURRENT)
            for path in (root / CURRENT).rglob("*")
            if path.is_file() and path.suffix != ".lock"
        )
        print(f"{len(files)} files: {', '.join(map(str, files))}")
        for number in range(given.most):
            chance = random.Random(f"{given.seed} {number}")  # noqa: S311  not for secrets
            file = Path("library.db") if number % 4 == 0 else files[number % len(files)]
            way = list(WAYS)[
                number // 4 % len(WAYS) if number % 4 == 0 else number // len(files) % len(WAYS)
            ]
            copy = root / "copy"
            shutil.rmtree(copy, ignore_errors=True)
            shutil.copytree(root / CURRENT, copy)
            WAYS[way](copy / file, root / OLDER / file, chance)
            what, how = apart(lambda: became(root / "copy", whole, older))
            counts[way][what] += 1
            if given.show or what in ("lost", "changed", "crashed"):
                print(f"{file}, {way}: {what} {how}", flush=True)
    total: Counter[str] = Counter()
    for way, of_way in counts.items():
        total += of_way
        print(f"{way:22}", ", ".join(f"{what} {count}" for what, count in of_way.most_common()))
    print(f"{sum(total.values())} damaged:", dict(total))
    raise SystemExit(bool(total["lost"] + total["changed"] + total["crashed"]))


if __name__ == "__main__":
    main()
