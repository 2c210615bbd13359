"""Which LLM writes answers: settings -> a LlamaIndex `LLM`, or None for extractive answers.

llama.cpp runs in-process (llama_cpp.py); servers and hosted models come through LlamaIndex
(servers.py).
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from index.config import LLMSettings
from index.embed.models import bundled
from index.errors import ConfigError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


def open_llm(settings: LLMSettings) -> LLM | None:
    """The LLM that the settings name; None for "none", and for "auto" where none is installed.

    Raises ConfigError where the name makes no sense and ModelError where the model is not there.
    """
    model = settings.model.strip()
    if model == "none" or (model == "auto" and not bundled_runs()):
        return None

    # LlamaIndex takes a second to import, which answers in quotes have no use for.
    from rag.llm.llama_cpp import LlamaCpp
    from rag.llm.servers import HOSTED, hosted_llm, llm_of_class, server_llm

    if model in {"auto", "bundled"}:
        return LlamaCpp.from_settings(bundled.llm_file(), settings)
    if model.lower().endswith(".gguf"):
        return LlamaCpp.from_settings(Path(model).expanduser(), settings)
    if "@" in model.partition("://")[2].partition("/")[0]:
        raise ConfigError(
            "llm.model is an address with a password in it, which would be shown in answers. Put the "
            "key into an environment variable, and its name into llm.api_key_env."
        )
    if model.startswith(("http://", "https://")):
        return server_llm(model, settings)
    provider, colon, name = model.partition(":")
    if colon and provider in HOSTED:
        return hosted_llm(provider, name, settings)
    if "." in model and ":" not in model and "/" not in model:
        return llm_of_class(model, settings)
    raise ConfigError(
        f"llm.model is {model!r}: it must be auto, none, bundled, a .gguf file, a server's url, "
        "openai:NAME, ollama:NAME, anthropic:NAME, or the full name of a LlamaIndex LLM class."
    )


def bundled_runs() -> bool:
    """Whether the offline LLM and llama.cpp are installed."""
    return find_spec("xllamacpp") is not None and bundled.has_llm()
