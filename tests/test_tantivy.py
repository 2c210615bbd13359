"""BM25 over folded terms: scripts meet, languages apart, filters inside the search."""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from index.languages.terms import terms
from index.search.tantivy import SEGMENT_FILES, TermIndex, verify_files
from index.store.rows import TextRow, VectorRows


class Rows:
    """A `Changes` of plain texts."""

    build = "build"

    def __init__(self, texts: Mapping[int, tuple[str, str]]) -> None:
        self.texts = dict(texts)
        self.generation = 1
        self.gone: list[tuple[int, int, str]] = []

    def add(self, row: int, language: str, text: str) -> None:
        self.generation += 1
        self.texts[row] = (language, text)

    def remove(self, row: int) -> None:
        self.generation += 1
        self.gone.append((self.generation, row, self.texts.pop(row)[0]))

    def texts_since(self, row: int) -> Iterator[TextRow]:
        for number, (language, text) in sorted(self.texts.items()):
            if number > row:
                yield TextRow(number, language, text)

    def removed_since(self, generation: int) -> dict[str, list[int]]:
        removed: dict[str, list[int]] = {}
        for at, row, language in self.gone:
            if at > generation:
                removed.setdefault(language.split("-")[0], []).append(row)
        return removed

    def vectors_since(self, row: int) -> Iterator[VectorRows]:
        raise NotImplementedError


ROWS = {
    1: ("zh-Hant", "哈薩克關閉駐俄貿易代表處"),
    2: ("zh-Hans", "哈萨克斯坦与中国签署铁路协议"),
    3: ("en", "Kazakhstan closes its trade offices in Russia"),
    4: ("en", "The railway agreement was signed in Tashkent for 2,500,000 dollars"),
    5: ("ru", "Казахстан закрывает торговое представительство"),
}


def search(
    index: TermIndex, query: str, language: str, limit: int = 5, **given: object
) -> list[int]:
    weights = dict.fromkeys(terms(query, language), 1.0)
    return index.search(weights, language, limit, **given)[0].tolist()  # type: ignore[arg-type]


@pytest.fixture
def rows() -> Rows:
    return Rows(ROWS)


@pytest.fixture
def index(tmp_path: Path, rows: Rows) -> TermIndex:
    index = TermIndex(tmp_path / "terms")
    index.refresh(rows, write=True)
    return index


def test_scripts_and_forms_meet(index: TermIndex) -> None:
    assert search(index, "哈萨克 贸易代表处", "zh")[0] == 1
    assert search(index, "哈薩克斯坦 鐵路協議", "zh")[0] == 2
    assert search(index, "CLOSING OFFICE", "en") == [3]
    assert search(index, "2,500,000", "en") == [4]


def test_each_language_is_searched_alone(index: TermIndex) -> None:
    assert search(index, "Казахстан Kazakhstan", "ru") == [5]
    assert search(index, "Kazakhstan", "fr") == []
    assert index.languages() == {"zh": 2, "en": 2, "ru": 1}


def test_weights_decide(index: TermIndex) -> None:
    for heavy, first in (("trade", 3), ("railway", 4)):
        weights = dict.fromkeys([*terms("trade", "en"), *terms("railway", "en")], 0.1)
        weights[terms(heavy, "en")[0]] = 2.0
        assert index.search(weights, "en", 1)[0].tolist() == [first]


@pytest.mark.parametrize("allowed", [[2], [2, 4, 9], []])
def test_only_allowed_rows_are_found(index: TermIndex, allowed: list[int]) -> None:
    found = search(index, "哈薩克", "zh", allowed=np.array(allowed, np.int64))
    assert found == [row for row in allowed if row == 2]


def test_a_filter_ranks_as_if_there_were_nothing_else(tmp_path: Path) -> None:
    """Both ways of filtering, listing the rows and searching on until enough are allowed."""
    many = {n: ("en", f"trade {'office ' * (n % 7)} number {n}") for n in range(1, 2001)}
    index = TermIndex(tmp_path / "terms")
    index.refresh(Rows(many), write=True)
    weights = {"trade": 1.0, "offic": 1.0}
    everything = index.search(weights, "en", 2000)[0]
    for step in (2, 700):
        allowed = np.arange(1, 2001, step, dtype=np.int64)
        rows, scores = index.search(weights, "en", 20, allowed)
        wanted = [row for row in everything.tolist() if row in set(allowed.tolist())]
        unfiltered = dict(zip(*index.search(weights, "en", 2000), strict=True))
        assert len(rows) == min(20, len(allowed))
        assert [unfiltered[row] for row in rows] == pytest.approx(
            [unfiltered[row] for row in wanted[:20]], abs=1e-5
        )
        assert scores.tolist() == pytest.approx([unfiltered[row] for row in rows], abs=1e-5)


def test_what_is_added_and_removed_later(index: TermIndex, rows: Rows) -> None:
    rows.add(6, "en", "Kazakhstan again")
    rows.remove(3)
    index.refresh(rows, write=True)
    assert search(index, "Kazakhstan", "en") == [6]


def test_another_reader_sees_what_a_writer_wrote(
    tmp_path: Path, index: TermIndex, rows: Rows
) -> None:
    reader = TermIndex(tmp_path / "terms")
    reader.refresh(rows, write=False)
    assert search(reader, "Kazakhstan", "en") == [3]
    rows.add(6, "en", "Kazakhstan Kazakhstan")
    rows.add(7, "fr", "Le Kazakhstan")
    index.refresh(rows, write=True)
    reader.refresh(rows, write=False)
    assert reader.current(rows)
    assert set(search(reader, "Kazakhstan", "en")) == {3, 6}
    assert search(reader, "Kazakhstan", "fr") == [7]


def test_rows_written_before_a_crash_are_not_doubled(tmp_path: Path, rows: Rows) -> None:
    folder = tmp_path / "terms"
    index = TermIndex(folder)
    index.refresh(rows, write=True)
    before = (folder / "state.json").read_bytes()
    rows.add(6, "en", "Kazakhstan again")
    index.refresh(rows, write=True)
    state = before.decode().replace(str(index_checksum(before)), "null")
    (folder / "state.json").write_text(state)  # as if killed before the state was replaced
    again = TermIndex(folder)
    again.refresh(rows, write=True)
    assert again.languages() == {"zh": 2, "en": 3, "ru": 1}
    assert again.problems(rows) == []


def test_files_left_by_a_killed_writer_are_no_obstacle(tmp_path: Path, rows: Rows) -> None:
    """Tantivy names a file of deletions by a count that starts again where the last commit was."""
    folder, killed = tmp_path / "terms", tmp_path / "killed"
    TermIndex(folder).refresh(rows, write=True)
    shutil.copytree(folder, killed)
    rows.remove(3)
    TermIndex(killed).refresh(rows, write=True)
    (left,) = killed.rglob("*.del")
    shutil.copy(left, folder / "en")
    index = TermIndex(folder)
    index.refresh(rows, write=True)
    assert search(index, "Kazakhstan", "en") == []
    assert search(index, "railway", "en") == [4]


def index_checksum(state: bytes) -> int:
    checksum: int = json.loads(state)["languages"]["en"]
    return checksum


def test_a_filter_searches_on_until_enough_is_allowed(tmp_path: Path) -> None:
    many = {n: ("en", "trade " * (2 if n <= 1000 else 1) + f"number {n}") for n in range(1, 2001)}
    index = TermIndex(tmp_path / "terms")
    index.refresh(Rows(many), write=True)
    worst = np.arange(1001, 2001, 7, dtype=np.int64)
    assert len(index.search({"trade": 1.0}, "en", 5, worst)[0]) == 5


def test_every_byte_of_a_segment_counts(tmp_path: Path, index: TermIndex) -> None:
    folder = tmp_path / "copy"  # the index has its own files mapped: cutting them short kills it
    shutil.copytree(tmp_path / "terms" / "en", folder)
    for path in [path for path in folder.iterdir() if path.suffix in SEGMENT_FILES]:
        original = path.read_bytes()
        body = original.index(b'{"version"')
        for at in range(0, body, max(1, body // 20)):
            path.write_bytes(original[:at] + bytes([original[at] ^ 1]) + original[at + 1 :])
            with pytest.raises(ValueError, match="has changed"):
                verify_files(folder)
        path.write_bytes(original)
    verify_files(folder)


def test_damage_is_found_and_mended(tmp_path: Path) -> None:
    rows = Rows({row: given for row, given in ROWS.items() if given[0] == "en"})
    sound = tmp_path / "terms"
    TermIndex(sound).refresh(rows, write=True)
    names = [path.relative_to(sound) for path in sound.rglob("*") if path.is_file()]
    names = [name for name in names if name.suffix != ".lock"]
    assert len(names) == 9
    for number, name in enumerate(names):
        original = (sound / name).read_bytes()
        middle = len(original) // 2
        flipped = original[:middle] + bytes([original[middle] ^ 0xFF]) + original[middle + 1 :]
        for content in (flipped, original[:middle], b""):
            folder = tmp_path / f"damaged-{number}-{len(content)}"
            shutil.copytree(sound, folder)
            (folder / name).write_bytes(content)
            mended = TermIndex(folder)
            mended.refresh(rows, write=True)
            assert search(mended, "Kazakhstan", "en") == [3], name
            assert mended.problems(rows) == []
