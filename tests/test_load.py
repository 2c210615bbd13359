"""What the user names -> sources: files, folders, globs, standard input; and what is refused."""

import hashlib
import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from index.config import LoadSettings
from index.read.sources import Source, find_sources, load_pages
from index.records import Page, Rejection

SETTINGS = LoadSettings()


def names(targets: list[str | Path], settings: LoadSettings = SETTINGS) -> list[str]:
    return [found.name for found in find_sources(targets, settings) if isinstance(found, Source)]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.txt",
        "a.txt",
        "sub/c.html",
        "sub/deep/d.md",
        ".hidden/x.txt",
        ".secret",
        "pic.png",
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(name)
    (tmp_path / "page.html").write_text("page")
    (tmp_path / "page_files").mkdir()
    (tmp_path / "page_files" / "ad.html").write_text("advert")
    return tmp_path


def test_folders_are_read_recursively_and_in_order(folder: Path) -> None:
    assert names([folder]) == ["a.txt", "b.txt", "page.html", "c.html", "d.md"]


def test_globs(folder: Path) -> None:
    assert names([f"{folder}/*.txt"]) == ["a.txt", "b.txt"]
    assert names([f"{folder}/**/*.html"]) == ["page.html", "ad.html", "c.html"]


def test_a_source_named_twice_comes_once(folder: Path) -> None:
    assert names([folder / "a.txt", folder, str(folder / "a.txt")]).count("a.txt") == 1


def test_key_and_digest_identify_file_and_content(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (source,) = find_sources(["a.txt"], SETTINGS)
    assert isinstance(source, Source)
    assert source.key == str(folder / "a.txt")
    assert source.digest == hashlib.sha256(b"a.txt").hexdigest()


def test_a_link_back_into_the_folder_ends(folder: Path) -> None:
    (folder / "sub" / "loop").symlink_to(folder, target_is_directory=True)
    assert names([folder]).count("a.txt") == 1


def test_what_is_not_there_says_so() -> None:
    (found,) = find_sources(["/nowhere/at/all.txt"], SETTINGS)
    assert isinstance(found, Rejection)
    assert "No such file" in found.reason


@pytest.mark.parametrize("target", ["x" * 5000, "with\x00null", ""])
def test_odd_names_are_refused_not_raised(target: str) -> None:
    found = [f for f in find_sources([target], SETTINGS) if isinstance(f, Rejection)]
    assert target == "" or found


def test_too_large_a_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"x" * (1024 * 1024 + 1))
    (found,) = find_sources([tmp_path / "big.txt"], LoadSettings(max_file_mb=1))
    assert isinstance(found, Rejection)
    assert "max_file_mb" in found.reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_an_unreadable_file_does_not_stop_the_others(folder: Path) -> None:
    (folder / "a.txt").chmod(0)
    found = list(find_sources([folder], SETTINGS))
    assert isinstance(found[0], Rejection)
    assert next(f.name for f in found[1:] if isinstance(f, Source)) == "b.txt"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (found,) = find_sources([tmp_path / "pipe.txt"], SETTINGS)
    assert isinstance(found, Rejection)


def test_a_file_that_vanishes_is_a_rejection(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("here")
    (source,) = find_sources([file], SETTINGS)
    assert isinstance(source, Source)
    file.unlink()
    (page,) = load_pages(source, SETTINGS)
    assert isinstance(page, Rejection)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    data = b'{"text": "Kazakhstan closed it."}\n{"text": "Officials said so."}\n'
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    (source,) = find_sources(["-"], SETTINGS)
    assert isinstance(source, Source)
    pages = [page for page in load_pages(source, SETTINGS) if isinstance(page, Page)]
    assert [page.text for page in pages] == ["Kazakhstan closed it.", "Officials said so."]
    assert pages[0].source == "standard input"


def test_two_standard_inputs_are_two_sources(monkeypatch: pytest.MonkeyPatch) -> None:
    keys = set()
    for text in (b"one", b"two"):
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))
        keys |= {s.key for s in find_sources(["-"], SETTINGS) if isinstance(s, Source)}
    assert len(keys) == 2


def test_a_file_is_read_where_it_was_named_whatever_the_folder_is_by_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.txt").write_text("A story of some length, in a file.")
    monkeypatch.chdir(tmp_path)
    (source,) = find_sources(["a.txt"], LoadSettings())
    monkeypatch.chdir("/")
    assert isinstance(source, Source)
    with source.open() as stream:
        assert stream.read().startswith(b"A story")
