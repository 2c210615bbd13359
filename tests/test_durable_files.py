"""Files that a crash leaves whole."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from index.search.durable_files import file_checksum, replace_file


def test_file_is_replaced_and_nothing_else_is_left(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    for content in (b"old", b"new"):
        replace_file(path, content)
        assert path.read_bytes() == content
    assert [file.name for file in tmp_path.iterdir()] == ["state.json"]


def test_old_content_stays_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "state.json"
    replace_file(path, b"old")

    def full(_: int) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        replace_file(path, b"new")
    assert path.read_bytes() == b"old"


def test_checksum_sees_one_changed_byte_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "vectors"
    content = bytearray(os.urandom((1 << 20) + 3))
    path.write_bytes(content)
    before = file_checksum(path)
    assert file_checksum(path) == before
    for at in (0, 1 << 20, len(content) - 1):
        changed = bytearray(content)
        changed[at] ^= 1
        path.write_bytes(changed)
        assert file_checksum(path) != before
