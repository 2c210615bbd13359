"""Estimates the language offsets of an embedder from parallel text, where none are shipped.

In: an embedder, and text files in different languages, line by line translations of each other. Out:
`Offsets`, written into a library, where `find_offsets` looks. The library needs no rebuild.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embed.language_offsets import OWN_FILE, Offset, Offsets, short_name
from index.errors import InputError
from index.languages.text import blank, primary

if TYPE_CHECKING:
    from index.embed.protocol import Embedder

LEAST_LINES = 200
MOST_LINES = 2000
"""How many lines are used. Of a longer text, lines at equal distances are taken."""

CHUNK = 4
"""Lines that are joined to one passage of the cohort, so that it is about as long as a library's
passages: scores on single sentences are lower, and less so in the question's own language."""

COHORT = 128
"""Passages in a cohort. This many give the deviation to within 6 %, with an error that all
languages share."""


def calibrate_library(library: Path, embedder: Embedder, parallel: Path) -> Offsets:
    """Estimates offsets from the files in the folder `parallel`, and puts them into a library.

    Raises InputError where the folder or its files are not as `read_parallel` and `calibrate` need
    them. Some minutes for 2,000 lines in four languages on a CPU.
    """
    offsets = calibrate(embedder, read_parallel(parallel))
    offsets.save(library / OWN_FILE)
    return offsets


def calibrate(embedder: Embedder, parallel: Mapping[str, Sequence[str]]) -> Offsets:
    """Offsets from parallel text: for each language tag the same lines in the same order.

    Two tags of a language (zh-Hant, zh-Hans) make one offset. News is best: 500 lines do, 2,000 do
    better. Raises InputError where there are fewer than 200, or the languages differ in number.
    """
    lengths = {len(lines) for lines in parallel.values()}
    if len(lengths) != 1 or min(lengths) < LEAST_LINES:
        raise InputError(
            f"Language offsets need at least {LEAST_LINES} lines, as many in each language, that "
            f"translate each other; there are {_counts(parallel)}."
        )
    total = lengths.pop()
    chosen = _evenly(total, MOST_LINES)
    by_language: dict[str, list[list[str]]] = {}
    for tag, lines in parallel.items():
        by_language.setdefault(primary(tag), []).append([lines[at] for at in chosen])
    offsets = {}
    for language, texts in by_language.items():
        queries = [embedder.embed_queries(lines) for lines in texts]
        chunks = [_chunks(lines, language) for lines in texts]
        passages = [embedder.embed_passages(c, [()] * len(c)).passages for c in chunks]
        mixed = np.stack(passages, axis=1).reshape(-1, embedder.dimension)
        cohort = mixed[_evenly(len(mixed), COHORT)]
        offsets[language] = Offset(np.concatenate(queries).mean(0), mixed.mean(0), cohort)
    return Offsets(short_name(embedder), embedder.fingerprint, offsets)


def read_parallel(folder: Path) -> dict[str, list[str]]:
    """Parallel text from a folder of files named for their languages: en.txt, zh-Hant.txt, ...

    One sentence a line, in UTF-8. Raises InputError where there is none, or one cannot be read.
    """
    paths = sorted(folder.glob("*.txt"))
    if not paths:
        raise InputError(
            f"No parallel text in {folder}: it should hold one file a language, en.txt, ru.txt "
            "and so on, in which the same line says the same thing."
        )
    try:
        return {path.stem: path.read_text(encoding="utf-8").splitlines() for path in paths}
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            f"Cannot read the parallel text in {folder}: {error}. Files must be UTF-8 text."
        ) from error


def _evenly(length: int, count: int) -> list[int]:
    """`count` indices at equal distances."""
    return [int(at) for at in np.linspace(0, length - 1, min(length, count))]


def _chunks(lines: Sequence[str], language: str) -> list[str]:
    return [blank(language).join(lines[i : i + CHUNK]) for i in range(0, len(lines), CHUNK)]


def _counts(parallel: Mapping[str, Sequence[str]]) -> str:
    return ", ".join(f"{len(lines)} in {tag}" for tag, lines in parallel.items()) or "none"
