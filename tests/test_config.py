"""Settings: the shipped config.toml, bad keys and values, the environment."""

from pathlib import Path

import pytest

from index.config import Settings, find_config, load_settings
from index.errors import ConfigError

ROOT = Path(__file__).parent.parent


def test_shipped_config_states_every_default() -> None:
    shipped = load_settings(ROOT / "config.toml")
    assert shipped.model_dump() == Settings().model_dump()


@pytest.mark.parametrize("section", [name for name in Settings.model_fields if name != "library"])
def test_shipped_config_mentions_every_setting(section: str) -> None:
    text = (ROOT / "config.toml").read_text(encoding="utf-8")
    fields = Settings.model_fields[section].annotation.model_fields  # type: ignore[union-attr]
    missing = [name for name in fields if name not in text]
    assert not missing


def test_unknown_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[embedder]\nmodle = 'best'\n")
    with pytest.raises(ConfigError, match=r"embedder\.modle"):
        load_settings(file)


def test_bad_value_is_named(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[retrieve]\nlimit = 0\n")
    with pytest.raises(ConfigError, match=r"retrieve\.limit"):
        load_settings(file)


def test_broken_toml_is_a_config_error(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[retrieve\n")
    with pytest.raises(ConfigError, match="not valid TOML"):
        load_settings(file)


def test_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No configuration file"):
        load_settings(tmp_path / "nowhere.toml")


def test_environment_wins_over_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[embedder]\nmodel = 'best'\ndevice = 'cpu'\n")
    monkeypatch.setenv("NEWSCITE_EMBEDDER__MODEL", "BAAI/bge-m3")
    settings = load_settings(file)
    assert settings.embedder.model == "BAAI/bge-m3"
    assert settings.embedder.device == "cpu"


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("NEWSCITE_LLM", "none"),
        ("newscite_load__columns", "headline"),
        ("NEWSCITE_EMBEDDR__MODEL", "best"),
        ("NEWSCITE_EMBEDDER__MODLE", "best"),
    ],
)
def test_variable_that_sets_nothing_is_named(
    variable: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigError, match=rf"(?i){variable}|embedder\.modle"):
        load_settings()


def test_config_in_another_encoding_says_so(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes("library = 'café'\n".encode("latin-1"))
    with pytest.raises(ConfigError, match="Save it as UTF-8"):
        load_settings(file)


def test_find_config_prefers_our_own_name(tmp_path: Path) -> None:
    assert find_config(tmp_path) is None
    (tmp_path / "config.toml").touch()
    (tmp_path / "newscite.toml").touch()
    assert find_config(tmp_path) == tmp_path / "newscite.toml"
