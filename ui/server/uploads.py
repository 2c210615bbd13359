"""Uploaded files: kept where only this user can read them, and only until they are added.

Out: a folder for them, which Gradio gets before it starts, and the removal of what is done
with. What a killed server left is removed by the next one.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from index.writer import runs

PREFIX = "newscite-uploads-"

CHECK_SECONDS = 600
KEPT_SECONDS = 3600
"""Files that were uploaded and never added go after an hour."""


def make_folder() -> Path:
    """A new folder for uploads that nobody else can look into, for as long as this program runs;
    leftovers of dead ones go."""
    remove_leftovers(Path(tempfile.gettempdir()))
    folder = tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return Path(folder)


def remove_leftovers(parent: Path) -> None:
    """Removes the folders of this user's servers that run no longer."""
    for folder in parent.glob(f"{PREFIX}*-*"):
        process = folder.name.removeprefix(PREFIX).partition("-")[0]
        with suppress(OSError):  # another server was quicker
            if process.isdecimal() and _is_mine(folder) and not runs(int(process)):
                shutil.rmtree(folder)


def discard(paths: Iterable[str | Path], folder: Path) -> None:
    """Deletes uploaded files, with the folder that Gradio made for each; never a file elsewhere."""
    folder = folder.resolve()
    for path in (Path(path).resolve() for path in paths):
        if path.is_relative_to(folder):
            path.unlink(missing_ok=True)
            with suppress(OSError):  # it holds another file still
                if path.parent != folder:
                    path.parent.rmdir()


def _is_mine(folder: Path) -> bool:
    return not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid()
