"""Vectors on disk, searched by inner product with FAISS: one partition for each language.

In: rows of a `Changes` source (the store): row numbers, languages, fp16 vectors. Out: the rows
nearest to a vector, within a language, optionally only among allowed rows. The files are a cache:
they carry the build and generation they reflect and their checksums; whatever is missing,
damaged or behind comes from the store again.

A partition is a few frozen segments, memory-mapped from disk, and a small tail in memory that holds
what came since. Row numbers only ever grow, so each is sorted by row and needs no map from row to
position. Large ones get a RaBitQ index (Gao and Long, 2024, "RaBitQ: Quantizing High-Dimensional
Vectors with a Theoretical Error Bound for Approximate Nearest Neighbor Search") whose candidates
are ranked again by the exact vectors.
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from index.store.rows import TextRow, VectorRows

if TYPE_CHECKING:
    from numpy.typing import NDArray

CANDIDATES_PER_HIT = 10
"""How many RaBitQ candidates are ranked exactly for each hit wanted. Of 130 k neighbours of real
passages, the 100 nearest to real questions: recall .989 with 3, .996 with 5, .9995 with 10; of
670 k in four segments .983 with 5."""

CODE_BITS = 2
"""Bits a component of a passage keeps in RaBitQ. With 1, and 10 candidates a hit, recall is .977 and
a search a tenth faster; 3 and more take several times as long."""

TRAINING_ROWS = 50_000
"""RaBitQ learns no more than the mean vector; these are plenty."""

QUERY_BITS = 4
"""Bits a component of the query keeps in RaBitQ; with 8 recall is the same, and a search slower."""

TAIL_ROWS = 20_000
"""A longer tail is written out; reading so many rows from the store takes about 0.1 s."""

WORTH_WRITING = 0.1
"""At the end of a change, files are written if so large a share of them would be new or gone."""

LEAST_CANDIDATES_PER_HIT = 2
"""Fewer are not asked of any segment, however small its share of a language's passages."""

SCANNED_ROWS = 50_000
"""A segment no longer than this is always searched exactly: RaBitQ is no faster on so few."""

SEGMENT_ROWS = 300_000
"""Segments are merged up to this size, which bounds the memory a merge takes."""

STATE_FILE = "state.json"

Found = tuple["NDArray[np.int64]", "NDArray[np.float32]"]
"""Row numbers and scores, best first."""


class Changes(Protocol):
    """What an index asks of the store to catch up with it."""

    @property
    def build(self) -> str: ...
    @property
    def generation(self) -> int: ...
    def vectors_since(self, row: int) -> Iterator[VectorRows]: ...
    def texts_since(self, row: int) -> Iterator[TextRow]: ...
    def removed_since(self, generation: int) -> Mapping[str, list[int]]: ...


class PassageIndex(Protocol):
    """Where a library searches its vectors and terms: files beside it, or a server.

    Scores only compare within one call. `language` is a primary language ("zh" for both
    scripts); `allowed` are the row numbers to search among, ascending; None is all.
    """

    def current(self, changes: Changes) -> bool:
        """True if everything the store holds can be found."""
        ...

    def refresh(self, changes: Changes, *, write: bool) -> None:
        """Catches up with the store; only with `write` does it touch files or servers."""
        ...

    def refresh_privately(self, changes: Changes) -> None:
        """Catches up where nothing shared may be written: with copies of its own if need be."""
        ...

    def search_vectors(
        self,
        vector: NDArray[np.float32],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        """The rows nearest to `vector` [d] by inner product."""
        ...

    def search_terms(
        self,
        terms: Mapping[str, float],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        """The rows that hold the most telling of the weighted terms, by BM25."""
        ...

    def languages(self) -> dict[str, int]:
        """Searchable rows by primary language."""
        ...

    def problems(self, changes: Changes) -> list[str]:
        """What is wrong with the index, checked thoroughly; empty if nothing is."""
        ...

    def clear(self) -> None:
        """Forgets everything, on disk too; `refresh` builds it anew."""
        ...

    def flush(self) -> None:
        """Called at the end of a change: what is worth writing is on disk when it returns."""
        ...

    def close(self) -> None: ...


NOTHING: Found = (np.empty(0, np.int64), np.empty(0, np.float32))


@dataclass(slots=True)
class _Segment:
    """Rows in ascending order and the index over their vectors, in the same order."""

    rows: NDArray[np.int64]
    exact: Any
    """The FAISS index whose codes are the vectors as fp16."""
    coarse: Any = None
    """The RaBitQ index of a large segment."""
    entry: dict[str, Any] | None = None
    """How the state file names it; None for a tail."""
    dead: NDArray[np.bool_] | None = None
    """Which positions are removed; None while none is."""

    @property
    def live(self) -> int:
        return len(self.rows) - self.gone

    @property
    def gone(self) -> int:
        return 0 if self.dead is None else int(self.dead.sum())

    @property
    def live_rows(self) -> NDArray[np.int64]:
        return self.rows if self.dead is None else self.rows[~self.dead]

    @property
    def vectors(self) -> NDArray[np.float16]:
        """[n, d], a view into the index."""
        size = len(self.rows) * self.exact.d
        if not size:
            return np.empty((0, self.exact.d), np.float16)
        codes = _faiss().rev_swig_ptr(self.exact.codes.data(), 2 * size)
        view: NDArray[np.float16] = codes.view(np.float16).reshape(len(self.rows), -1)
        return view

    def append(self, rows: NDArray[np.int64], vectors: NDArray[np.float16]) -> None:
        _add(self.exact, vectors)
        self.rows = np.concatenate([self.rows, rows])
        if self.dead is not None:
            self.dead = np.concatenate([self.dead, np.zeros(len(rows), np.bool_)])

    def kill(self, rows: NDArray[np.int64]) -> None:
        """Takes these of its rows out of every search."""
        gone = np.isin(self.rows, rows, assume_unique=True)
        if gone.any():
            self.dead = gone if self.dead is None else self.dead | gone

    def search(
        self,
        vector: NDArray[np.float32],
        limit: int,
        lookup: NDArray[np.bool_] | None,
        candidates: int,
    ) -> Found:
        """The best rows among those that `lookup`, by row number, says True to.

        `candidates`: how many RaBitQ finds, to be ranked exactly.
        """
        faiss = _faiss()
        mask = None if self.dead is None else ~self.dead
        if lookup is not None:
            allowed = lookup[np.minimum(self.rows, len(lookup) - 1)]
            mask = allowed if mask is None else mask & allowed
        if not len(self.rows) or (mask is not None and not mask.any()):
            return NOTHING
        # The packed bits must outlive the search: the selector keeps only a pointer to them.
        bits = None if mask is None else np.packbits(mask, bitorder="little")
        chosen = None if bits is None else faiss.IDSelectorBitmap(bits)
        query = np.ascontiguousarray(vector[None], np.float32)
        if self.coarse is None:
            params = faiss.SearchParameters(sel=chosen)
            scores, at = self.exact.search(query, min(limit, len(self.rows)), params=params)
            found = at[0] >= 0
            return self.rows[at[0][found]], scores[0][found]
        wanted = min(candidates, len(self.rows))
        params = faiss.RaBitQSearchParameters(sel=chosen, qb=QUERY_BITS)
        at = self.coarse.search(query, wanted, params=params)[1][0]
        at = np.sort(at[at >= 0])  # in the order of the file
        return best(self.rows[at], self.vectors[at].astype(np.float32) @ query[0], limit)


class VectorIndex:
    """All partitions of a library's vectors. Not safe to search while it refreshes."""

    def __init__(self, folder: Path, exact_below: int, *, tail_rows: int = TAIL_ROWS) -> None:
        self.folder = folder
        self._exact_below = exact_below
        self._tail_rows = tail_rows
        self.forget()

    def forget(self) -> None:
        """Drops what is in memory; `refresh` reads it again."""
        self.generation = -1
        self._build = ""
        self._row = 0
        self._stamp = b""
        self._segments: dict[str, list[_Segment]] = {}
        self._tails: dict[str, _Segment] = {}

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
        _faiss().omp_set_num_threads(1)  # a second thread makes a single query slower
        lookup = None
        if allowed is not None:
            lookup = np.zeros(int(allowed[-1]) + 2, np.bool_)  # the last one stays False
            lookup[allowed] = True
        total = sum(len(segment.rows) for segment in segments)
        parts = []
        for segment in segments:
            # What a filter allows may all be in one segment; else hits are spread over them.
            share = 1.0 if lookup is not None else len(segment.rows) / total
            candidates = max(CANDIDATES_PER_HIT * share, LEAST_CANDIDATES_PER_HIT) * limit
            parts.append(segment.search(vector, limit, lookup, int(candidates)))
        rows, scores = zip(*parts, strict=True)
        return best(np.concatenate(rows), np.concatenate(scores), limit)

    def refresh(self, changes: Changes, *, write: bool) -> None:
        """Catches up with the store; with `write`, writes out a tail that has grown long."""
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
                    self._tails[language] = _Segment(np.empty(0, np.int64), _flat(vectors.shape[1]))
                self._tails[language].append(chunk.rows[of_it], vectors)
            self._row = int(chunk.rows[-1])
            if write and self._tail_length() > self._tail_rows:
                self.write()
        for language, segment in self._all():
            if language in removed:
                segment.kill(np.array(removed[language], np.int64))
        self.generation = generation

    def flush(self) -> None:
        """Writes the files, unless what is new or gone is too little to be worth it."""
        segments = [segment for _, segment in self._all()]
        changed = self._tail_length() + sum(segment.gone for segment in segments)
        enough = changed > WORTH_WRITING * sum(len(segment.rows) for segment in segments)
        if enough or self._stamp != self._on_disk():  # unusable files are not left lying about
            self.write()

    def write(self) -> None:
        """Turns the tails into segments, merged with small ones, then replaces the state file."""
        self.folder.mkdir(parents=True, exist_ok=True)
        segments: dict[str, list[_Segment]] = {}
        for language in dict.fromkeys(language for language, _ in self._all()):
            plan = _merge_plan(self._segments.get(language, []), self._tails.get(language))
            large = sum(segment.live for group in plan for segment in group) > self._exact_below
            segments[language] = [
                group[0] if _as_it_is(group, large) else self._write_segment(language, group, large)
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

    def _all(self) -> Iterator[tuple[str, _Segment]]:
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
        """Takes the files as the starting point, or nothing where they cannot be used."""
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

    def _read_files(self, stamp: bytes, generation: int) -> tuple[int, dict[str, list[_Segment]]]:
        """The last row in the files that a state file lists, and their segments by language."""
        state = json.loads(stamp)
        entries = [entry for listed in state["segments"].values() for entry in listed]
        if state["build"] != self._build or any(e["generation"] > generation for e in entries):
            raise ValueError("they belong to another state of the library")
        return state["row"], {
            language: [self._read_segment(entry) for entry in listed]
            for language, listed in state["segments"].items()
        }

    def _read_segment(self, entry: dict[str, Any]) -> _Segment:
        faiss = _faiss()
        for name, checksum in entry["files"].items():
            if file_checksum(self.folder / name) != checksum:
                raise ValueError(f"{name} has changed")
        exact, rows, *coarse = (str(self.folder / name) for name in entry["files"])
        segment = _Segment(
            np.load(rows, allow_pickle=False),
            faiss.read_index(exact, faiss.IO_FLAG_MMAP_IFC),
            faiss.read_index(coarse[0], faiss.IO_FLAG_MMAP_IFC) if coarse else None,
            entry,
        )
        if segment.exact.ntotal != len(segment.rows):
            raise ValueError(f"{exact} does not fit {rows}")
        return segment

    def _write_segment(self, language: str, group: list[_Segment], large: bool) -> _Segment:
        """Writes the live rows of consecutive segments as one, and opens it."""
        faiss = _faiss()
        dimension = group[0].exact.d
        merged = _Segment(np.empty(0, np.int64), _flat(dimension))
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
        if large and len(merged.rows) > SCANNED_ROWS:
            names.append(f"{stem}.rabitq.faiss")
            coarse = faiss.IndexRaBitQ(dimension, faiss.METRIC_INNER_PRODUCT, CODE_BITS)
            step = max(1, len(merged.rows) // TRAINING_ROWS)
            coarse.train(merged.vectors[::step].astype(np.float32))
            for at in range(0, len(merged.rows), TRAINING_ROWS):
                coarse.add(merged.vectors[at : at + TRAINING_ROWS].astype(np.float32))
            self._write_index(coarse, names[2])
        files = {name: file_checksum(self.folder / name) for name in names}
        return self._read_segment({"generation": self.generation, "files": files})

    def _write_index(self, index: Any, name: str) -> None:
        path = self.folder / name
        try:
            _faiss().write_index(index, str(path))
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
                # Windows keeps files that are mapped; a later write deletes them.
                with suppress(PermissionError):
                    path.unlink()


_UNUSABLE = (OSError, ValueError, KeyError, TypeError, RuntimeError)
"""What reading files gone bad can raise: the system, numpy and json, FAISS (RuntimeError)."""


def replace_file(path: Path, content: bytes) -> None:
    """Writes a file so that it is either the old one or the new one, whatever happens."""
    temporary = path.with_name(path.name + ".new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def file_checksum(path: Path) -> int:
    checksum = 0
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            checksum = zlib.crc32(block, checksum)
    return checksum


def best(rows: NDArray[np.int64], scores: NDArray[np.float32], limit: int) -> Found:
    """The highest scores and their rows, best first; the earlier row where scores are equal."""
    order = np.lexsort((rows, -scores))[:limit]
    return rows[order], scores[order]


def _merge_plan(segments: list[_Segment], tail: _Segment | None) -> list[list[_Segment]]:
    """Consecutive segments to write as one, so that sizes fall steeply from first to last."""
    groups = [[segment] for segment in (*segments, *([tail] if tail is not None else []))]
    while len(groups) > 1:
        before, last = (sum(segment.live for segment in group) for group in groups[-2:])
        if before > 2 * last or before + last > SEGMENT_ROWS:
            break
        groups[-2:] = [groups[-2] + groups[-1]]
    return groups


def _as_it_is(group: list[_Segment], large: bool) -> bool:
    """True if a group needs no writing: one segment with few rows gone, searched as it should."""
    segment = group[0]
    if len(group) > 1 or segment.entry is None:
        return False
    slow = large and segment.coarse is None and len(segment.rows) > SCANNED_ROWS
    return not slow and segment.gone <= WORTH_WRITING * len(segment.rows)


def _faiss() -> Any:
    """FAISS, imported when first needed: it takes 0.1 s."""
    import faiss

    return faiss


def _flat(dimension: int) -> Any:
    faiss = _faiss()
    quantizer = faiss.ScalarQuantizer.QT_fp16
    return faiss.IndexScalarQuantizer(dimension, quantizer, faiss.METRIC_INNER_PRODUCT)


def _add(index: Any, vectors: NDArray[np.float16]) -> None:
    """Adds fp16 vectors [n, d] as they are: they are the index's own codes."""
    if not len(vectors):
        return
    codes = np.ascontiguousarray(vectors).view(np.uint8).reshape(len(vectors), -1)
    index.add_sa_codes(codes)
