"""What is kept beside a library may be lost at any moment, and is never wrong."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from index.embed import kept
from index.embed.kept import FILE_NAME, Kept, key_of


def test_what_was_put_is_there_for_the_next_process(tmp_path: Path) -> None:
    Kept(tmp_path).put({"a": b"1", "b": b"2"})
    Kept(tmp_path).put({"a": b"3"})
    assert Kept(tmp_path).get(["a", "b", "c"]) == {"a": b"3", "b": b"2"}
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


def test_keys_depend_on_each_text_and_where_it_ends() -> None:
    assert key_of("ab", "c") == key_of("ab", "c")
    assert len({key_of("ab", "c"), key_of("a", "bc"), key_of("abc"), key_of("c", "ab")}) == 4


def test_a_value_that_changed_on_disk_is_not_given(tmp_path: Path) -> None:
    Kept(tmp_path).put({"a": b"1", "b": b"2"})
    with closing(sqlite3.connect(tmp_path / FILE_NAME)) as db, db:
        db.execute("UPDATE kept SET value = x'39' WHERE key = 'a'")
    assert Kept(tmp_path).get(["a", "b"]) == {"b": b"2"}


@pytest.mark.parametrize("damage", [b"no database", b"SQLite format 3\0" + b"\xff" * 5000])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / FILE_NAME
    for change in (lambda: Kept(tmp_path).get(["a"]), lambda: Kept(tmp_path).put({"a": b"1"})):
        file.write_bytes(damage)
        change()
        assert not file.exists()
    Kept(tmp_path).put({"a": b"1"})
    assert Kept(tmp_path).get(["a"]) == {"a": b"1"}


def test_the_oldest_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 2)
    for name in "abc":
        Kept(tmp_path).put({name: name.encode()})
    assert Kept(tmp_path).get("abc").keys() == {"b", "c"}


def test_without_a_folder_or_a_right_to_write_nothing_is_kept(tmp_path: Path) -> None:
    Kept(None).put({"a": b"1"})
    Kept(None).clear()
    assert Kept(None).get(["a"]) == {}
    Kept(tmp_path).put({})
    assert not (tmp_path / FILE_NAME).exists()
    nowhere = tmp_path / "gone"
    Kept(nowhere).put({"a": b"1"})
    assert Kept(nowhere).get(["a"]) == {} and not nowhere.exists()


def test_a_writer_that_takes_long_is_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Kept(tmp_path).put({"a": b"1"})
    monkeypatch.setattr(kept, "WAIT_SECONDS", 0.01)
    with closing(sqlite3.connect(tmp_path / FILE_NAME, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert Kept(tmp_path).get(["a"]) == {}
        Kept(tmp_path).put({"a": b"2"})
    assert Kept(tmp_path).get(["a"]) == {"a": b"1"}
