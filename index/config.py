"""config.toml (and NEWSCITE_* environment variables) -> typed `Settings`.

Every setting has its default here and its explanation in the project's config.toml; a test keeps
the two the same. Unknown keys and bad values are refused by name. Environment variables win over
the file: `NEWSCITE_EMBEDDER__MODEL=best` sets `model` in `[embedder]`.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
    TomlConfigSettingsSource,
)

from index.errors import ConfigError

_PREFIX, _NESTED = "NEWSCITE_", "__"
"""NEWSCITE_EMBEDDER__MODEL names `model` in `[embedder]`."""


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LoadSettings(_Section):
    """What may come in, and how large."""

    max_file_mb: int = Field(200, ge=1)
    max_archive_mb: int = Field(2000, ge=1)
    max_article_chars: int = Field(2_000_000, ge=1000)
    seconds: float = Field(15.0, gt=0)
    memory_mb: int = Field(400, ge=100)
    url_timeout_seconds: float = Field(20.0, gt=0)
    url_max_mb: int = Field(20, ge=1)
    columns: dict[str, str] = Field(default_factory=dict)


class SplitSettings(_Section):
    """How articles become passages; widths count a Chinese character as 1, other letters as 0.4."""

    passage_width: int = Field(300, ge=40, le=2000)
    overlap_sentences: int = Field(0, ge=0, le=3)


class EmbedderSettings(_Section):
    """Which embedder, and how it runs."""

    model: str = "fast"
    device: str = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    batch_tokens: int = Field(4096, ge=128)
    query_prompt: str | None = None
    passage_prompt: str | None = None


class StoreSettings(_Section):
    """Where vectors and terms are searched."""

    vectors: Literal["faiss", "milvus"] = "faiss"
    uri: str = ""
    collection: str = Field("", pattern=r"^([A-Za-z_][A-Za-z0-9_]{0,254})?$")
    exact_below: int = Field(50_000, ge=0)

    @model_validator(mode="after")
    def _names_a_server(self) -> Self:
        if self.vectors == "milvus" and not re.fullmatch(r"https?://[^@]+", self.uri):
            raise ValueError(
                'for milvus, uri must be like "http://127.0.0.1:19530", without user or password'
            )
        return self


class RetrieveSettings(_Section):
    """How a question is matched with passages."""

    limit: int = Field(10, ge=1, le=1000)
    candidates: int = Field(100, ge=10, le=10_000)
    language_balance: float = Field(1.0, ge=0, le=2)
    lexical: bool = True
    collapse_duplicates: bool = True
    diversify_outlets: bool = False
    translate: bool = True
    aliases: Path | None = None


class ReaderSettings(_Section):
    """What reads the passages found for the sentences that answer."""

    model: str = "auto"
    search: bool = True


class LLMSettings(_Section):
    """Which LLM writes answers."""

    model: str = "auto"
    name: str = ""
    api_key_env: str = ""
    context_tokens: int = Field(4096, ge=1024)
    max_tokens: int = Field(384, ge=16)
    temperature: float = Field(0.0, ge=0, le=2)
    threads: int = Field(0, ge=0)
    timeout_seconds: float = Field(120.0, gt=0)
    retries: int = Field(2, ge=0, le=10)
    options: dict[str, Any] = Field(default_factory=dict)


class AnswerSettings(_Section):
    """How evidence becomes an answer."""

    evidence_tokens: int = Field(450, ge=100)
    abstain_below: float = Field(0.2, ge=0, le=1)
    support_at_least: float = Field(0.5, ge=0, le=1)
    judge: str = ""
    strict: bool = False
    cache: bool = True


class PageSettings(_Section):
    """The chat page."""

    host: str = "127.0.0.1"
    port: int = Field(7860, ge=0, le=65535)
    names: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()


class ApiSettings(_Section):
    """The HTTP API and MCP, beside the page."""

    max_request_mb: int = Field(20, ge=1, le=30)
    requests_per_minute: int = Field(240, ge=1)
    answers_per_minute: int = Field(30, ge=1)
    mcp_changes: bool = False


class Settings(BaseSettings):
    """All settings. Build with `load_settings`, or directly from keyword arguments in tests."""

    model_config = SettingsConfigDict(
        extra="forbid", frozen=True, env_prefix=_PREFIX, env_nested_delimiter=_NESTED
    )

    library: Path = Path("library")
    load: LoadSettings = LoadSettings()
    split: SplitSettings = SplitSettings()
    embedder: EmbedderSettings = EmbedderSettings()
    store: StoreSettings = StoreSettings()
    retrieve: RetrieveSettings = RetrieveSettings()
    reader: ReaderSettings = ReaderSettings()
    llm: LLMSettings = LLMSettings()
    answer: AnswerSettings = AnswerSettings()
    page: PageSettings = PageSettings()
    api: ApiSettings = ApiSettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        sources: tuple[PydanticBaseSettingsSource, ...] = (init_settings, env_settings)
        if settings_cls.model_config.get("toml_file"):
            return (*sources, TomlConfigSettingsSource(settings_cls))
        return sources


DEFAULT_FILES = ("newscite.toml", "config.toml")


def find_config(folder: Path) -> Path | None:
    """The configuration file newscite uses when none is named, if `folder` has one."""
    return next((folder / name for name in DEFAULT_FILES if (folder / name).is_file()), None)


def load_settings(path: str | Path | None = None, **overrides: Any) -> Settings:
    """Settings from a TOML file (None: defaults), the environment, and keyword overrides.

    Raises ConfigError naming the file and the key when something is unknown or out of range.
    """
    config = {**Settings.model_config}
    if path is not None:
        file = Path(path)
        if not file.is_file():
            raise ConfigError(f"No configuration file at {file}. Check --config.")
        config["toml_file"] = file
    bound = type("Settings", (Settings,), {"model_config": SettingsConfigDict(**config)})  # type: ignore[typeddict-item]
    where = f"{path}" if path is not None else "the settings"
    variables = [name for name in os.environ if name.upper().startswith(_PREFIX)]
    for name in variables:
        section, nested, _ = name.upper().removeprefix(_PREFIX).partition(_NESTED)
        if nested and section.lower() not in Settings.model_fields:
            raise ConfigError(
                f"In the environment: unknown setting {name} (see config.toml for all)."
            )
    try:
        settings: Settings = bound(**overrides)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{where} is not valid TOML: {error}.") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"{where} is not UTF-8 text. Save it as UTF-8.") from error
    except SettingsError as error:
        value = getattr(error.__cause__, "doc", None)
        named = next((name for name in variables if os.environ[name] == value), "a variable")
        raise ConfigError(
            f"In the environment: {named} sets a section or a table, and so must be JSON. "
            "To set one value, name it, as in NEWSCITE_LLM__MODEL=none."
        ) from error
    except ValidationError as error:
        raise ConfigError(f"In {where}: {_explain(error)}.") from error
    return settings


def _explain(error: ValidationError) -> str:
    problems = []
    for item in error.errors():
        key = ".".join(str(part) for part in item["loc"])
        if item["type"] == "extra_forbidden":
            problems.append(f"unknown setting {key!r} (see config.toml for all of them)")
        else:
            problems.append(f"{key!r} is {item['input']!r}: {item['msg']}")
    return "; ".join(problems)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it holds, and who set it."""

    name: str
    """As in "embedder.model"."""
    value: Any
    origin: str
    """The file or environment variable it comes from; "default" where nobody set it."""


def explain_settings(path: str | Path | None = None) -> list[Setting]:
    """Every setting with its value and where that comes from. Raises ConfigError as loading does."""
    settings = load_settings(path)
    given = tomllib.loads(Path(path).read_text(encoding="utf-8")) if path is not None else {}
    environment = {name.upper() for name in os.environ}
    listed: list[Setting] = []

    def add(names: tuple[str, ...], value: Any, in_file: bool) -> None:
        variables = [_PREFIX + _NESTED.join(names[: n + 1]).upper() for n in range(len(names))]
        variable = next((one for one in reversed(variables) if one in environment), "")
        origin = variable or (str(path) if in_file else "default")
        listed.append(Setting(".".join(names), value, origin))

    for section in Settings.model_fields:
        value, in_file = getattr(settings, section), given.get(section)
        if isinstance(value, BaseModel):
            for key in type(value).model_fields:
                add((section, key), getattr(value, key), key in (in_file or {}))
        else:
            add((section,), value, in_file is not None)
    return listed
