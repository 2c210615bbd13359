"""Vectors on disk: exact and approximate search, filters, removal, damage, readers and writers."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index.search import faiss_segments
from index.search.faiss import VectorIndex
from index.store.rows import TextRow, VectorRows

DIMENSION = 64


class Rows:
    """A `Changes` of random unit vectors; odd rows are Chinese, even ones English."""

    def __init__(self, count: int, build: str = "build") -> None:
        self.build = build
        self.generation = 1
        self.rows = np.arange(1, count + 1, dtype=np.int64)
        self.vectors = random_vectors(count)
        self.gone: list[tuple[int, int]] = []

    def add(self, count: int) -> None:
        self.generation += 1
        first = int(self.rows[-1]) + 1
        self.rows = np.append(self.rows, np.arange(first, first + count))
        self.vectors = np.concatenate([self.vectors, random_vectors(count, seed=first)])

    def remove(self, *rows: int) -> None:
        self.generation += 1
        self.gone += [(self.generation, row) for row in rows]
        keep = ~np.isin(self.rows, rows)
        self.rows, self.vectors = self.rows[keep], self.vectors[keep]

    def vectors_since(self, row: int) -> Iterator[VectorRows]:
        for at in range(0, len(self.rows), 700):
            chunk = slice(at, at + 700)
            later = self.rows[chunk] > row
            if later.any():
                rows = self.rows[chunk][later]
                languages = [language_of(int(row)) for row in rows]
                yield VectorRows(rows, languages, self.vectors[chunk][later])

    def removed_since(self, generation: int) -> dict[str, list[int]]:
        removed: dict[str, list[int]] = {}
        for at, row in self.gone:
            if at > generation:
                removed.setdefault(language_of(row), []).append(row)
        return removed

    def texts_since(self, row: int) -> Iterator[TextRow]:
        raise NotImplementedError

    def nearest(
        self, query: NDArray[np.float32], language: str, limit: int, allowed: set[int] | None = None
    ) -> list[int]:
        """What a search should find, by brute force."""
        scores = self.vectors.astype(np.float32) @ query
        order = self.rows[np.argsort(-scores, kind="stable")].tolist()
        return [
            row
            for row in order
            if language_of(row) == language and (allowed is None or row in allowed)
        ][:limit]


def random_vectors(count: int, seed: int = 0) -> NDArray[np.float16]:
    """Unit vectors that vary in a few directions only, as vectors of texts do."""
    directions = np.random.default_rng(1).standard_normal((12, DIMENSION), np.float32)
    made = np.random.default_rng(seed).standard_normal((count, 12), np.float32) @ directions
    return (made / np.linalg.norm(made, axis=1, keepdims=True)).astype(np.float16)


def language_of(row: int) -> str:
    return "zh" if row % 2 else "en"


QUERY = random_vectors(1, seed=99)[0].astype(np.float32)


def index_of(
    folder: Path, rows: Rows, *, exact_below: int = 10**6, write: bool = True
) -> VectorIndex:
    index = VectorIndex(folder, exact_below, tail_rows=500)
    index.refresh(rows, write=write)
    if write:
        index.flush()
    return index


def found(index: VectorIndex, limit: int = 10, language: str = "zh", **given: object) -> list[int]:
    return index.search(QUERY, language, limit, **given)[0].tolist()  # type: ignore[arg-type]


def test_finds_the_nearest_with_their_scores(tmp_path: Path) -> None:
    rows = Rows(2000)
    index = index_of(tmp_path, rows)
    for language in ("zh", "en"):
        hits, scores = index.search(QUERY, language, 10)
        assert hits.tolist() == rows.nearest(QUERY, language, 10)
        exact = rows.vectors[hits - 1].astype(np.float32) @ QUERY
        assert scores.tolist() == pytest.approx(exact.tolist(), abs=1e-4)
    assert found(index, language="fr") == []
    assert index.languages() == {"zh": 1000, "en": 1000}


def test_an_index_is_current_until_its_store_changes(tmp_path: Path) -> None:
    store, index = Rows(10), VectorIndex(tmp_path, 100)
    assert not index.current(store)
    index.refresh(store, write=True)
    assert index.current(store)
    store.add(1)
    assert not index.current(store)
    index.refresh(store, write=False)
    assert index.current(store) and not index.current(Rows(11, "another build"))


def test_asking_for_more_than_there_is(tmp_path: Path) -> None:
    rows = Rows(20)
    assert sorted(found(index_of(tmp_path, rows), limit=100)) == list(range(1, 20, 2))


@pytest.mark.parametrize("exact_below", [10**6, 0])
def test_filters_and_removal_inside_the_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, exact_below: int
) -> None:
    monkeypatch.setattr(faiss_segments, "SCANNED_ROWS", 100)
    rows = Rows(3000)
    index = index_of(tmp_path, rows, exact_below=exact_below)
    assert bool(list(tmp_path.glob("*.pq.faiss"))) == (exact_below == 0)
    first = rows.nearest(QUERY, "zh", 20)
    rows.remove(*first[:5])
    rows.add(300)
    index.refresh(rows, write=True)
    allowed = np.array(sorted({*first[:15:2], *range(3000, 3300), 10**6}), np.int64)
    most = np.setdiff1d(rows.rows, first[5:13])
    for given in (None, allowed, most):
        kept = None if given is None else set(given.tolist())
        assert found(index, allowed=given) == rows.nearest(QUERY, "zh", 10, kept)
    assert found(index, allowed=np.empty(0, np.int64)) == []
    assert found(index, allowed=np.array([2], np.int64)) == []


def test_a_coarse_index_is_made_once_a_language_is_large(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(faiss_segments, "SCANNED_ROWS", 100)
    rows = Rows(3000)
    index_of(tmp_path, rows)
    assert not list(tmp_path.glob("*.pq.faiss"))
    index = index_of(tmp_path, rows, exact_below=0)
    assert list(tmp_path.glob("*.pq.faiss"))
    assert found(index) == rows.nearest(QUERY, "zh", 10)
    written = {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    index_of(tmp_path, rows, exact_below=0)
    assert {path.name: path.stat().st_mtime_ns for path in tmp_path.iterdir()} == written


def test_approximate_recall(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faiss_segments, "SCANNED_ROWS", 100)
    rows = Rows(6000)
    index = index_of(tmp_path, rows, exact_below=0)
    hits = [
        len(set(index.search(query, "zh", 10)[0].tolist()) & set(rows.nearest(query, "zh", 10)))
        for query in random_vectors(30, seed=7).astype(np.float32)
    ]
    assert np.mean(hits) / 10 > 0.98


def test_opening_reads_files_and_the_rest_from_the_store(tmp_path: Path) -> None:
    rows = Rows(2000)
    index_of(tmp_path, rows)
    rows.add(50)
    rows.remove(1, 2, 2001)
    again = index_of(tmp_path, rows, write=False)
    assert found(again) == rows.nearest(QUERY, "zh", 10)
    assert again.problems(rows) == []
    again.refresh(rows, write=False)
    assert found(again) == rows.nearest(QUERY, "zh", 10)


def test_growing_keeps_few_segments_and_no_old_files(tmp_path: Path) -> None:
    rows = Rows(10)
    index = index_of(tmp_path, rows)
    for _ in range(40):
        rows.add(100)
        rows.remove(int(rows.rows[0]), int(rows.rows[-1]))
        index.refresh(rows, write=True)
        index.flush()
        assert found(index) == rows.nearest(QUERY, "zh", 10)
    assert index.problems(rows) == []
    assert len(list(tmp_path.glob("*.faiss"))) < 12
    assert found(index_of(tmp_path, rows, write=False)) == rows.nearest(QUERY, "zh", 10)


def test_removed_rows_stay_removed_when_their_segment_is_kept(tmp_path: Path) -> None:
    rows = Rows(2000)
    index = index_of(tmp_path, rows)
    gone = rows.nearest(QUERY, "zh", 3)
    rows.remove(*gone)
    index.refresh(rows, write=True)
    index.write()
    rows.add(10)
    for again in (index, VectorIndex(tmp_path, 10**6)):
        again.refresh(rows, write=True)
        assert not set(gone) & set(found(again))


def test_a_segment_may_lose_all_its_rows(tmp_path: Path) -> None:
    rows = Rows(40)
    index = index_of(tmp_path, rows)
    rows.remove(*range(1, 41, 2))
    rows.add(4)
    index.refresh(rows, write=True)
    index.write()
    assert index.languages() == {"en": 22, "zh": 2}
    rows.remove(*rows.rows.tolist())
    index.refresh(rows, write=True)
    index.write()
    assert index_of(tmp_path, rows, write=False).languages() == {}


def test_a_rebuilt_library_starts_from_nothing(tmp_path: Path) -> None:
    index_of(tmp_path, Rows(100))
    rows = Rows(60, build="another")
    assert index_of(tmp_path, rows).languages() == {"zh": 30, "en": 30}


def test_unusable_files_are_replaced_even_by_nothing(tmp_path: Path) -> None:
    index_of(tmp_path, Rows(100))
    emptied = Rows(1, build="another")
    emptied.remove(1)
    assert index_of(tmp_path, emptied).problems(emptied) == []


def test_files_newer_than_the_store_are_not_used(tmp_path: Path) -> None:
    """As when an older copy of the database is put back."""
    rows = Rows(100)
    rows.generation = 5
    index_of(tmp_path, rows)
    older = Rows(60)
    assert index_of(tmp_path, older, write=False).problems(older)[0].startswith("The vector files")
    assert index_of(tmp_path, older).languages() == {"zh": 30, "en": 30}


def test_damage_is_found_and_mended(tmp_path: Path) -> None:
    rows = Rows(300)
    sound = tmp_path / "sound"
    index_of(sound, rows)
    names = [path.name for path in sound.iterdir()]
    assert len(names) == 5
    for name in names:
        original = bytearray((sound / name).read_bytes())
        flipped = original.copy()
        flipped[len(original) // 2] ^= 0xFF
        for number, content in enumerate((flipped, original[:50], b"", None)):
            folder = tmp_path / f"{name}-{number}"
            shutil.copytree(sound, folder)
            (folder / name).unlink()
            if content is not None:
                (folder / name).write_bytes(content)
            mended = index_of(folder, rows)
            assert found(mended) == rows.nearest(QUERY, "zh", 10)
            assert mended.problems(rows) == []


def test_a_reader_keeps_its_files_while_a_writer_replaces_them(tmp_path: Path) -> None:
    rows = Rows(2000)
    writer = index_of(tmp_path, rows)
    reader = index_of(tmp_path, rows, write=False)
    rows.add(1500)
    writer.refresh(rows, write=True)
    writer.write()
    assert len(found(reader)) == 10
    reader.refresh(rows, write=False)
    assert found(reader) == rows.nearest(QUERY, "zh", 10)
    rows.add(10)
    reader.refresh(rows, write=False)
    assert found(reader) == rows.nearest(QUERY, "zh", 10)
