"""BM25 over folded terms with Tantivy: one index for each language.

In: rows of a `Changes` source (the store): row numbers, languages, texts. Out: the rows that match
weighted terms best, within a language, optionally only among allowed rows. Each language has an
index of its own, so that document frequencies and lengths are those of the language. The files
are a cache: they carry the build and generation they reflect, and are checked against Tantivy's own
checksums when they are opened; whatever is missing, damaged or behind is read from the store again.
"""

from __future__ import annotations

import json
import shutil
import struct
import zlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import LibraryError
from index.languages.terms import TERMS_VERSION, terms
from index.search.durable_files import STATE_FILE, file_checksum, replace_file
from index.search.protocol import NOTHING, Changes, Found
from index.store.rows import partition

if TYPE_CHECKING:
    from numpy.typing import NDArray

WRITER_BYTES = 64_000_000
"""Memory for terms before Tantivy writes a segment; it accepts no less than 15 MB."""

TERM_SET_SHARE = 0.05
"""Where a filter allows a smaller share of the rows than this, the query lists them. Where it allows
more, the query runs without the filter, for ever more hits, until enough of them are allowed."""

META = "meta.json"
"""Tantivy's list of segments, replaced by each of its commits."""

SEGMENT_FILES = (".fast", ".fieldnorm", ".idx", ".pos", ".store", ".term")
"""Endings of the files that every Tantivy segment has."""

LEFTOVERS = frozenset((*SEGMENT_FILES, ".del"))

_TOKENIZER = "folded"
_FOOTER = struct.Struct("<II")
_FOOTER_MAGIC = 1337


class TermIndex:
    """All languages' terms of a library. Not safe to search while it refreshes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.forget()

    def forget(self) -> None:
        """Drops what is in memory; the next `refresh` opens the files again."""
        self.generation = -1
        self._build = ""
        self._row = 0
        self._indexes: dict[str, _LanguageIndex] = {}
        self._stamp = b""

    def current(self, changes: Changes) -> bool:
        return self._build == changes.build and self.generation == changes.generation

    def search(
        self,
        weights: Mapping[str, float],
        language: str,
        limit: int,
        allowed: NDArray[np.int64] | None = None,
    ) -> Found:
        """The rows of a language that match the weighted terms best (BM25, k1 1.2, b 0.75)."""
        index = self._indexes.get(language)
        if index is None or not weights or limit < 1 or (allowed is not None and not len(allowed)):
            return NOTHING
        with panics_told():
            return index.search(weights, limit, allowed)

    def refresh(self, changes: Changes, *, write: bool) -> None:
        """Catches up with the store; without `write`, only as far as the files on disk go."""
        build, generation = changes.build, changes.generation
        self._read(build, generation)
        if write and not self.current(changes):
            if self._build != build:
                self.clear()
                self._build, self._row, self.generation = build, 0, 0
            with panics_told():
                self._write(changes, generation)

    def problems(self, changes: Changes) -> list[str]:
        """Differences between what can be found and what the store holds."""
        found: list[str] = []
        for language in self._indexes:
            try:
                verify_files(self.folder / language)
            except _UNUSABLE as error:
                found.append(f"The term files in {self.folder / language} are damaged: {error}.")
        wanted: dict[str, int] = {}
        for row in changes.texts_since(0):
            language = partition(row.language)
            wanted[language] = wanted.get(language, 0) + 1
        if not found and self.languages() != wanted:
            found.append("The term index does not hold the same passages as the library.")
        return found

    def languages(self) -> dict[str, int]:
        counts = {language: index.rows for language, index in self._indexes.items()}
        return {language: count for language, count in counts.items() if count}

    def clear(self) -> None:
        """Forgets everything, on disk too."""
        self.forget()
        if self.folder.exists():
            (self.folder / STATE_FILE).unlink(missing_ok=True)
            shutil.rmtree(self.folder)

    def _read(self, build: str, generation: int) -> None:
        """Opens the files on disk if they are newer than those in memory, and sound."""
        for _ in range(3):  # a writer may replace files while they are opened
            try:
                with panics_told():
                    self._open(build, generation)
            except _UNUSABLE:
                self.forget()
                continue
            return

    def _open(self, build: str, generation: int) -> None:
        stamp = (self.folder / STATE_FILE).read_bytes()
        if stamp == self._stamp and self._build == build:
            return
        state = json.loads(stamp)
        same = (state["build"], state["terms"]) == (build, TERMS_VERSION)
        if not same or state["generation"] > generation:
            raise ValueError("the terms belong to another state of the library")
        for language, checksum in state["languages"].items():
            if language in self._indexes and self._build == build:
                self._indexes[language].reload()
            else:
                verify_files(self.folder / language, checksum)
                self._indexes[language] = _LanguageIndex(self.folder / language)
        self._build, self._stamp = build, stamp
        self._row, self.generation = state["row"], state["generation"]

    def _write(self, changes: Changes, generation: int) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        writers: dict[str, Any] = {}
        last = self._row
        try:
            for text in changes.texts_since(self._row):
                language = partition(text.language)
                if language not in writers:
                    writers[language] = self._writer(language)
                words = terms(text.text, text.language)
                writers[language].add_document(self._indexes[language].document(text.row, words))
                last = text.row
            for language, rows in changes.removed_since(self.generation).items():
                if language in self._indexes:
                    if language not in writers:
                        writers[language] = self._writer(language)
                    among = self._indexes[language].among(rows)
                    writers[language].delete_documents_by_query(among)
            self._write_state(self._row, self.generation, unsure=writers)
            for writer in writers.values():
                writer.commit()
                writer.wait_merging_threads()
        except ValueError as error:  # what Tantivy raises when the disk refuses
            raise OSError(f"could not write {self.folder}: {error}") from error
        for language in writers:
            self._indexes[language].reload()
        self._write_state(last, generation)
        self._row, self.generation = last, generation

    def _write_state(self, row: int, generation: int, unsure: Collection[str] = ()) -> None:
        """Writes the state file: up to which row the files go, and the checksum of each language that is
        not being written."""
        languages = {
            language: None if language in unsure else file_checksum(self.folder / language / META)
            for language in sorted(self._indexes)
        }
        state = {
            "build": self._build, "terms": TERMS_VERSION, "generation": generation, "row": row,
            "languages": languages,
        }  # fmt: skip
        self._stamp = json.dumps(state).encode()
        replace_file(self.folder / STATE_FILE, self._stamp)

    def _writer(self, language: str) -> Any:
        if language not in self._indexes:
            folder = self.folder / language
            if folder.exists():  # left by a writer that was killed before it wrote the state
                shutil.rmtree(folder)
            folder.mkdir()
            self._indexes[language] = _LanguageIndex(folder)
        # A writer that was killed may have left files, and rows that the state does not count.
        remove_leftovers(self.folder / language)
        index = self._indexes[language]
        writer = index.index.writer(WRITER_BYTES, 1)
        writer.delete_documents_by_query(index.after(self._row))
        return writer


class _LanguageIndex:
    """One Tantivy index: a number and the terms of each row."""

    def __init__(self, folder: Path) -> None:
        import tantivy

        self.tantivy = tantivy
        builder = tantivy.SchemaBuilder()
        builder.add_unsigned_field("row", indexed=True, fast=True)
        builder.add_text_field("terms", tokenizer_name=_TOKENIZER, index_option="freq")
        self.schema = builder.build()
        self.index = tantivy.Index(self.schema, str(folder))
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.index.register_tokenizer(_TOKENIZER, analyzer)
        self.reload()

    def reload(self) -> None:
        self.index.reload()
        self.searcher = self.index.searcher()

    @property
    def rows(self) -> int:
        return int(self.searcher.num_docs)

    def document(self, row: int, words: list[str]) -> Any:
        document = self.tantivy.Document()
        document.add_unsigned("row", row)
        document.add_text("terms", " ".join(words))
        return document

    def among(self, rows: Sequence[int]) -> Any:
        """A query that matches these rows. (Tantivy's Python binding silently ignores it when an
        integer is to be deleted by term.)"""
        return self.tantivy.Query.term_set_query(self.schema, "row", rows)

    def after(self, row: int) -> Any:
        """A query that matches all later rows."""
        kind = self.tantivy.FieldType.Unsigned
        return self.tantivy.Query.range_query(self.schema, "row", kind, row, include_lower=False)

    def _of_term(self, term: str, weight: float) -> Any:
        make = self.tantivy.Query
        query = make.term_query(self.schema, "terms", term, "freq")
        return query if weight == 1 else make.boost_query(query, weight)

    def search(
        self, weights: Mapping[str, float], limit: int, allowed: NDArray[np.int64] | None
    ) -> Found:
        make, occur = self.tantivy.Query, self.tantivy.Occur
        query = make.boolean_query(
            [(occur.Should, self._of_term(term, weight)) for term, weight in weights.items()]
        )
        if allowed is None:
            return self._hits(query, limit)
        if len(allowed) < TERM_SET_SHARE * self.rows:
            among = make.const_score_query(self.among(allowed.tolist()), 0.0)
            return self._hits(make.boolean_query([(occur.Must, query), (occur.Must, among)]), limit)
        depth = limit + 2 * limit * self.rows // len(allowed)  # few rows may be of this language
        while True:
            rows, scores = self._hits(query, depth)
            at = np.minimum(np.searchsorted(allowed, rows), len(allowed) - 1)
            found = np.flatnonzero(allowed[at] == rows)[:limit]
            if len(found) == limit or depth >= self.rows:
                return rows[found], scores[found]
            depth *= 4

    def _hits(self, query: Any, limit: int) -> Found:
        most = min(limit, self.rows)  # Tantivy makes room for as many, and panics at none
        hits = self.searcher.search(query, most, count=False).hits if most > 0 else ()
        if not hits:
            return NOTHING
        scores, addresses = zip(*hits, strict=True)
        rows = self.searcher.fast_field_values("row", list(addresses))
        return np.array(rows, np.int64), np.array(scores, np.float32)


class PanicError(LibraryError, ValueError):
    """Rust code panicked."""


@contextmanager
def panics_told() -> Iterator[None]:
    """Raises PanicError where Rust panics: its own error is not an `Exception`, so that `except
    Exception` would miss it."""
    try:
        yield
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise PanicError(
            "terms_failed",
            "The term index failed: {error}. Try: newscite verify --repair",
            error=error,
        ) from error


_UNUSABLE = (OSError, ValueError, KeyError, TypeError)
"""What reading a damaged file can raise (ValueError comes from json and Tantivy)."""


def verify_files(folder: Path, meta_checksum: int | None = None) -> None:
    """Checks a Tantivy index against the checksums in its files' footers.

    Raises OSError or ValueError where a file of a live segment is missing or damaged, or where the
    checksum of the file that lists the segments is another than `meta_checksum`.
    """
    if meta_checksum not in (None, file_checksum(folder / META)):
        raise ValueError(f"{META} has changed")
    for name in segment_files(folder):
        data = (folder / name).read_bytes()
        length, magic = _FOOTER.unpack(data[-_FOOTER.size :].rjust(_FOOTER.size, b"\0"))
        body = len(data) - _FOOTER.size - length
        if magic != _FOOTER_MAGIC or body < 0:
            raise ValueError(f"{name} is cut short")
        footer = json.loads(data[body : body + length])
        if zlib.crc32(data[:body]) != footer["crc"]:
            raise ValueError(f"{name} has changed")


def remove_leftovers(folder: Path) -> None:
    """Deletes the files of segments that are not live. A killed writer leaves such files, and Tantivy
    fails when it wants to write a file that is already there."""
    live = set(segment_files(folder))
    for path in folder.iterdir():
        if path.suffix in LEFTOVERS and path.name not in live:
            path.unlink()


def segment_files(folder: Path) -> list[str]:
    """Names of the files of a Tantivy index's live segments."""
    names = []
    for segment in json.loads((folder / META).read_bytes())["segments"]:
        stem = segment["segment_id"].replace("-", "")
        names += [f"{stem}{suffix}" for suffix in SEGMENT_FILES]
        if segment["deletes"]:
            names.append(f"{stem}.{segment['deletes']['opstamp']}.del")
    return names
