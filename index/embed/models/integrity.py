"""Whether unpacked weights are still what was unpacked: size and sampled blocks, at every start.

In: a file or folder of weights. Out: a mark beside it, made when it is unpacked; and whether the
weights still agree with it. Sampling 16 MB takes a few hundredths of a second; hashing all of a
gigabyte would take longer than some answers.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

SAMPLES = 256
SAMPLE_BYTES = 65_536
"""In a file of 1.1 GB every 4 MB one block is sampled. A single damaged block may lie between two
samples; a longer damaged stretch hardly can."""

SUFFIXES = (".gguf", ".safetensors", ".json")


def mark_whole(target: Path) -> None:
    """Writes down what the weights are now; they were checked by their full hash just before."""
    _mark(target).write_text(sampled_digest(target))


def is_whole(target: Path) -> bool:
    """True if the weights agree with their mark; False if they don't, or have none."""
    try:
        return _mark(target).read_text() == sampled_digest(target)
    except OSError:
        return False


def sampled_digest(target: Path) -> str:
    """A hash over the sizes of a file, or a folder's files, and over blocks all through them."""
    digest = hashlib.sha256()
    files = sorted(target.rglob("*")) if target.is_dir() else [target]
    for path in files:
        if path.suffix in SUFFIXES and path.is_file():
            size = path.stat().st_size
            digest.update(f"{path.name} {size} ".encode())
            with path.open("rb") as file:
                for at in _places(size):
                    file.seek(at)
                    digest.update(file.read(SAMPLE_BYTES))
    return digest.hexdigest()


def _places(size: int) -> list[int]:
    """Where blocks start: the first, the last, and others evenly between."""
    if size <= SAMPLES * SAMPLE_BYTES:
        return list(range(0, size, SAMPLE_BYTES))
    return [(size - SAMPLE_BYTES) * n // (SAMPLES - 1) for n in range(SAMPLES)]


def _mark(target: Path) -> Path:
    return target.with_name(f"{target.name}.digest")
