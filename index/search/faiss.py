"""Vectors on disk, searched by inner product with FAISS: one partition for each language.

In: rows of a `Changes` source (the store): row numbers, languages, fp16 vectors. Out: the rows
nearest to a vector, within a language, optionally only among allowed rows. The files are a cache:
they carry the build and generation they reflect and their checksums; whatever is missing,
damaged or behind is read from the store again.

A partition is a few segments on disk, memory-mapped and never changed, and a small tail in memory
that holds the rows added since. Row numbers only grow, so that every segment is sorted by row.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.search.durable_files import STATE_FILE, file_checksum, replace_file
from index.search.faiss_segments import (
    COARSE,
    WORTH_WRITING,
    Segment,
    as_it_is,
    coarse_index,
    flat_index,
    load_faiss,
    merge_plan,
)
from index.search.protocol import NOTHING, Changes, Found, best

if TYPE_CHECKING:
    from numpy.typing import NDArray

CANDIDATES_PER_HIT = 20
"""How many candidates of the coarse index are ranked by their exact vectors for each hit wanted. Recall of the
100 nearest of 100,000 vectors: .962 with 5 candidates, .993 with 10, .998 with 15, .999 with 20."""

TAIL_ROWS = 20_000
"""A longer tail is written to disk. Reading this many rows from the store takes about 0.1 s."""

LEAST_CANDIDATES_PER_HIT = 2
"""Every segment is asked for at least this many candidates, however small it is."""


class VectorIndex:
    """All partitions of a library's vectors. Not safe to search while it refreshes."""

    def __init__(self, folder: Path, exact_below: int, *, tail_rows: int = TAIL_ROWS) -> None:
        self.folder = folder
        self._exact_below = exact_below
        self._tail_rows = tail_rows
        self.forget()

    def forget(self) -> None:
        """Drops what is in memory; the next `refresh` reads the files again."""
        self.generation = -1
        self._build = ""
        self._row = 0
        self._stamp = b""
        self._segments: dict[str, list[Segment]] = {}
        self._tails: dict[str, Segment] = {}

    def current(self, changes: Changes) -> bool:
        return self._build == changes.build and self.generation == changes.generation

    def languages(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for language, segment in self._all():
            counts[language] = counts.get(language, 0) + segment.live
        return {language: count for language, count in counts.items() if count}

    def search(
        self,
        vector: NDArray[np.float32],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        """The rows of a language with the highest inner product with `vector` [d]."""
        segments = [segment for of_it, segment in self._all() if of_it == language]
        if not segments or limit < 1 or (allowed is not None and not len(allowed)):
            return NOTHING
        load_faiss().omp_set_num_threads(1)  # a second thread makes a single query slower
        lookup = None
        if allowed is not None:
            lookup = np.zeros(int(allowed[-1]) + 2, np.bool_)  # the last one stays False
            lookup[allowed] = True
        total = sum(len(segment.rows) for segment in segments)
        parts = []
        for segment in segments:
            # Without a filter the hits are spread over the segments; with one they may all be in one.
            share = 1.0 if lookup is not None else len(segment.rows) / total
            candidates = max(CANDIDATES_PER_HIT * share, LEAST_CANDIDATES_PER_HIT) * limit
            parts.append(segment.search(vector, limit, lookup, int(candidates)))
        rows, scores = zip(*parts, strict=True)
        return best(np.concatenate(rows), np.concatenate(scores), limit)

    def refresh(self, changes: Changes, *, write: bool) -> None:
        """Catches up with the store; with `write`, also writes a long tail to disk."""
        build, generation = changes.build, changes.generation
        if self._build != build or (
            not write and self._tail_length() > self._tail_rows and self._stamp != self._on_disk()
        ):
            self.forget()
            self._build = build
            self._load(generation)
        removed = changes.removed_since(self.generation)
        for chunk in changes.vectors_since(self._row):
            languages = np.array(chunk.languages)
            for language in dict.fromkeys(chunk.languages):
                of_it = languages == language
                vectors = chunk.vectors[of_it]
                if language not in self._tails:
                    self._tails[language] = Segment(
                        np.empty(0, np.int64), flat_index(vectors.shape[1])
                    )
                self._tails[language].append(chunk.rows[of_it], vectors)
            self._row = int(chunk.rows[-1])
            if write and self._tail_length() > self._tail_rows:
                self.write()
        for language, segment in self._all():
            if language in removed:
                segment.kill(np.array(removed[language], np.int64))
        self.generation = generation

    def flush(self) -> None:
        """Writes the files if enough rows are new or gone, if the files on disk are of no use, or if a coarse
        index is missing."""
        segments = [segment for _, segment in self._all()]
        changed = self._tail_length() + sum(segment.gone for segment in segments)
        enough = changed > WORTH_WRITING * sum(len(segment.rows) for segment in segments)
        if enough or self._stamp != self._on_disk() or self._lacks_coarse():
            self.write()

    def _lacks_coarse(self) -> bool:
        """True where a language has become large, or an earlier version wrote its files."""
        return any(
            segment.long and segment.coarse is None
            for segments in self._segments.values()
            if sum(segment.live for segment in segments) > self._exact_below
            for segment in segments
        )

    def write(self) -> None:
        """Writes the tails as segments, merged with small segments, then replaces the state file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        segments: dict[str, list[Segment]] = {}
        for language in dict.fromkeys(language for language, _ in self._all()):
            plan = merge_plan(self._segments.get(language, []), self._tails.get(language))
            large = sum(segment.live for group in plan for segment in group) > self._exact_below
            segments[language] = [
                group[0] if as_it_is(group, large) else self._write_segment(language, group, large)
                for group in plan
                if any(segment.live for segment in group)
            ]
        entries = {language: [s.entry for s in listed] for language, listed in segments.items()}
        state = {"build": self._build, "row": self._row, "segments": entries}
        self._stamp = json.dumps(state).encode()
        replace_file(self.folder / STATE_FILE, self._stamp)
        self._segments, self._tails = segments, {}
        self._discard()

    def problems(self, changes: Changes) -> list[str]:
        """Differences between what can be found and what the store holds."""
        found: list[str] = []
        if self._on_disk():
            try:
                self._read_files(self._on_disk(), changes.generation)
            except _UNUSABLE as error:
                found.append(f"The vector files in {self.folder} are damaged: {error}.")
        nothing = [np.empty(0, np.int64)]
        mine = np.concatenate([segment.live_rows for _, segment in self._all()] or nothing)
        theirs = np.concatenate([chunk.rows for chunk in changes.vectors_since(0)] or nothing)
        if not np.array_equal(np.sort(mine), theirs):
            found.append("The vector index does not hold the same passages as the library.")
        return found

    def clear(self) -> None:
        """Forgets everything, on disk too."""
        self.forget()
        (self.folder / STATE_FILE).unlink(missing_ok=True)
        self._discard()

    # -- files --------------------------------------------------------------------------------

    def _all(self) -> Iterator[tuple[str, Segment]]:
        for language, segments in self._segments.items():
            for segment in segments:
                yield language, segment
        yield from self._tails.items()

    def _tail_length(self) -> int:
        return sum(len(tail.rows) for tail in self._tails.values())

    def _on_disk(self) -> bytes:
        path = self.folder / STATE_FILE
        return path.read_bytes() if path.exists() else b""

    def _load(self, generation: int) -> None:
        """Reads the files; starts from nothing where they cannot be used."""
        for _ in range(3):  # a writer may replace files while they are opened
            try:
                stamp = self._on_disk()
                self._row, self._segments = self._read_files(stamp, generation)
            except _UNUSABLE:
                continue
            self._stamp = stamp
            entries = [segment.entry for _, segment in self._all() if segment.entry is not None]
            self.generation = min((entry["generation"] for entry in entries), default=0)
            return
        self.generation = 0

    def _read_files(self, stamp: bytes, generation: int) -> tuple[int, dict[str, list[Segment]]]:
        """The last row and the segments by language that a state file lists."""
        state = json.loads(stamp)
        entries = [entry for listed in state["segments"].values() for entry in listed]
        if state["build"] != self._build or any(e["generation"] > generation for e in entries):
            raise ValueError("they belong to another state of the library")
        return state["row"], {
            language: [self._read_segment(entry) for entry in listed]
            for language, listed in state["segments"].items()
        }

    def _read_segment(self, entry: dict[str, Any]) -> Segment:
        faiss = load_faiss()
        for name, checksum in entry["files"].items():
            if file_checksum(self.folder / name) != checksum:
                raise ValueError(f"{name} has changed")
        exact, rows, *more = (str(self.folder / name) for name in entry["files"])
        coarse = [name for name in more if name.endswith(COARSE)]  # else of an earlier version
        segment = Segment(
            np.load(rows, allow_pickle=False),
            faiss.read_index(exact, faiss.IO_FLAG_MMAP_IFC),
            faiss.read_index(coarse[0], faiss.IO_FLAG_MMAP_IFC) if coarse else None,
            entry,
        )
        if segment.exact.ntotal != len(segment.rows):
            raise ValueError(f"{exact} does not fit {rows}")
        return segment

    def _write_segment(self, language: str, group: list[Segment], large: bool) -> Segment:
        """Writes the live rows of consecutive segments as one segment, and opens it."""
        merged = Segment(np.empty(0, np.int64), flat_index(group[0].exact.d))
        for segment in group:
            alive = slice(None) if segment.dead is None else ~segment.dead
            merged.append(segment.live_rows, segment.vectors[alive])
        stem = f"{language}-{merged.rows[0]}-{merged.rows[-1]}-{self.generation}"
        names = [f"{stem}.faiss", f"{stem}.rows.npy"]
        self._write_index(merged.exact, names[0])
        with (self.folder / names[1]).open("wb") as file:
            np.save(file, merged.rows)
            file.flush()
            os.fsync(file.fileno())
        if large and merged.long:
            names.append(stem + COARSE)
            self._write_index(coarse_index(merged.vectors), names[2])
        files = {name: file_checksum(self.folder / name) for name in names}
        return self._read_segment({"generation": self.generation, "files": files})

    def _write_index(self, index: Any, name: str) -> None:
        path = self.folder / name
        try:
            load_faiss().write_index(index, str(path))
        except RuntimeError as error:
            raise OSError(f"could not write {path}: {str(error).splitlines()[0]}") from error
        with path.open("rb+") as file:
            os.fsync(file.fileno())

    def _discard(self) -> None:
        """Deletes the files that belong to no segment."""
        entries = [segment.entry for _, segment in self._all() if segment.entry is not None]
        names = {name for entry in entries for name in entry["files"]}
        for path in self.folder.glob("*"):
            if path.name not in names and path.name != STATE_FILE:
                # Windows does not delete files that are mapped; a later write does.
                with suppress(PermissionError):
                    path.unlink()


_UNUSABLE = (OSError, ValueError, KeyError, TypeError, RuntimeError)
"""What reading a damaged file can raise (RuntimeError comes from FAISS)."""
