"""A model's folder: its prompts, and the fingerprint that a library is built with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.config import EmbedderSettings
from index.embed.models.model_folder import ModelFolder
from index.errors import ModelError


def model(folder: Path, **settings: str) -> ModelFolder:
    folder.mkdir(exist_ok=True)
    (folder / "model.safetensors").write_bytes(b"weights")
    return ModelFolder(EmbedderSettings(model=str(folder), **settings))  # type: ignore[arg-type]


def test_the_settings_prompts_win_over_the_models_and_these_over_its_familys(
    tmp_path: Path,
) -> None:
    family = model(tmp_path / "my-e5-small")
    assert family.prompts == ("query: ", "passage: ")
    own = tmp_path / "other-e5"
    own.mkdir()
    prompts = {"prompts": {"query": "ask: ", "document": "text: "}}
    (own / "config_sentence_transformers.json").write_text(json.dumps(prompts), encoding="utf-8")
    assert model(own).prompts == ("ask: ", "text: ")
    assert model(own, query_prompt="", passage_prompt="p: ").prompts == ("", "p: ")


def test_the_fingerprint_follows_the_weights_and_the_prompts(tmp_path: Path) -> None:
    first = model(tmp_path / "a").fingerprint
    assert model(tmp_path / "b").fingerprint == first
    assert model(tmp_path / "a", query_prompt="ask: ").fingerprint != first
    (tmp_path / "a" / "model.safetensors").write_bytes(b"Weights")
    assert ModelFolder(EmbedderSettings(model=str(tmp_path / "a"))).fingerprint != first


def test_a_folder_without_weights_and_one_that_is_not_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="No weights"):
        _ = ModelFolder(EmbedderSettings(model=str(tmp_path))).fingerprint
    with pytest.raises(ModelError, match=r"Check embedder\.model"):
        _ = ModelFolder(EmbedderSettings(model=str(tmp_path / "none"))).folder
