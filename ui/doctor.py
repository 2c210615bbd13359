"""What a newscite that does not work may lack: versions, models, disk, memory, the library.

In: the settings and the library's folder. Out: checks, each with what was found and, where something
is wrong, what to do. Nothing is changed, and nothing beyond this machine is reached.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from index.config import Settings
from index.embed.models import bundled
from index.errors import NewsciteError

State = Literal["good", "poor", "bad"]

GB = 1_000_000_000
DISK_GB = 3.0
"""Unpacking the offline models takes 1.4 GB; adding articles some more."""
MEMORY_GB = 4.0
OLDEST = (3, 11)


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: State
    found: str
    cure: str = ""

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def examine(settings: Settings, folder: Path) -> list[Check]:
    """All checks, in the order in which things depend on each other."""
    return [
        _versions(),
        _disk("disk for the library", folder),
        _disk("disk for the models", bundled.cache_folder()),
        _memory(),
        *_models(settings),
        _library(settings, folder),
    ]


def _versions() -> Check:
    try:
        ours = version("newscite")
    except PackageNotFoundError:
        ours = "not installed"
    python = platform.python_version()
    found = f"newscite {ours}, Python {python}, {platform.system()} {platform.machine()}"
    if sys.version_info < OLDEST:
        return Check("versions", "bad", found, "Install Python 3.11 or newer.")
    return Check("versions", "good", found)


def _disk(name: str, folder: Path) -> Check:
    there = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(there).free / GB
    found = f"{free:.1f} GB free at {there}"
    if not os.access(there, os.W_OK):
        return Check(
            name, "bad", found, f"Let this user write to {there}, or choose another folder."
        )
    if free < DISK_GB:
        return Check(name, "poor", found, f"Free some: {DISK_GB:.0f} GB are wanted.")
    return Check(name, "good", found)


def _memory() -> Check:
    try:
        total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / GB
    except (ValueError, OSError, AttributeError):  # unknown on this system
        return Check("memory", "good", "unknown")
    found = f"{total:.1f} GB, {os.cpu_count()} cores"
    if total < MEMORY_GB:
        cure = (
            'Answer without an LLM (llm.model = "none"), or with one on a server: see config.toml.'
        )
        return Check("memory", "poor", found, cure)
    return Check("memory", "good", found)


def _models(settings: Settings) -> Iterator[Check]:
    embedder, llm = settings.embedder.model, settings.llm.model
    if embedder == "fast" and not bundled.has_embedder():
        yield Check("embedder", "bad", "the offline one is not installed", bundled.CURE)
    else:
        yield _tried("embedder", embedder, lambda: _open_embedder(settings))
    if llm == "none":
        yield Check("LLM", "good", "none: answers are quoted")
    elif llm == "auto" and not bundled.has_llm():
        yield Check("LLM", "poor", "none: answers are quoted, not written", bundled.CURE)
    elif llm in {"auto", "bundled"} and find_spec("xllamacpp") is None:
        yield Check("LLM", "bad", "llama.cpp is not installed", bundled.CURE)
    else:
        yield _tried("LLM", llm, lambda: _open_llm(settings))


def _open_embedder(settings: Settings) -> str:
    from index.embed.embedder import open_embedder

    embedder = open_embedder(settings.embedder)
    return f"{embedder.name}, {embedder.embed_queries(['newscite']).shape[1]} dimensions"


def _open_llm(settings: Settings) -> str:
    from rag.llm import opening
    from rag.llm.streaming import name_of

    return name_of(opening.open_llm(settings.llm))


def _library(settings: Settings, folder: Path) -> Check:
    import newscite

    if not newscite.Library.exists(folder):
        return Check("library", "good", f"none yet at {folder}: newscite add PATH makes it")

    def look() -> str:
        from index.embed.embedder import open_embedder

        embedder = open_embedder(settings.embedder)
        with newscite.Library.open(folder, settings, embedder, read_only=True) as library:
            state = library.status()
            return f"{state.articles} articles, {state.passages} passages at {folder}"

    return _tried("library", str(folder), look)


def _tried(name: str, what: str, attempt: Callable[[], str]) -> Check:
    """Good where the attempt succeeds; our errors say what to do."""
    try:
        return Check(name, "good", attempt())
    except NewsciteError as error:
        return Check(name, "bad", what, str(error))
