"""LLMs outside this process: hosted ones, servers at a url, any LLM class of LlamaIndex.

In: settings. Out: a LlamaIndex `LLM`. Opening one sends no request, so that a server that is down
costs an answer its draft, but not its evidence.
"""

from __future__ import annotations

import importlib
import os
import re
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import httpx
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
)
from llama_index.core.llms import LLM, CustomLLM
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from pydantic import PrivateAttr

from index.config import LLMSettings
from index.errors import ConfigError, ModelError
from index.wording import Wording

HOSTED = {
    "openai": ("https://api.openai.com/v1", "OPENAI_API_KEY"),
    "anthropic": ("", "ANTHROPIC_API_KEY"),
    "ollama": ("http://127.0.0.1:11434", ""),
}
"""Provider prefixes: the default url, and the environment variable that holds the key."""

SERVERS_CURE = Wording(
    "servers_cure", "Install the clients with: pip install -e '.[servers]' (in newscite's folder)"
)

FIRST_WAIT = 0.5
MOST_WAIT = 8.0
"""Seconds before the first retry, and the most before any retry. The wait doubles each time, as in
OpenAI's client."""

PASSING = frozenset((408, 409, 429, 500, 502, 503, 504, 529))
"""Status codes after which a retry may succeed."""


def hosted_llm(provider: str, name: str, settings: LLMSettings) -> LLM:
    """A model of a provider; raises ConfigError where no model, no key or an unknown model is named."""
    base, variable = HOSTED[provider]
    variable = settings.api_key_env or variable
    if not name:
        raise ConfigError(f"llm.model is {settings.model!r}: write the model behind the colon.")
    if provider == "openai":
        return _openai_like(base, name, _key(variable), settings)
    if provider == "ollama":
        return _ollama(str(settings.options.get("base_url", base)), name, settings)
    llm = _made(
        class_of("llama_index.llms.anthropic", "Anthropic"),
        settings,
        model=name,
        api_key=_key(variable),
        timeout=settings.timeout_seconds,
        max_retries=settings.retries,
        max_tokens=settings.max_tokens,
        temperature=settings.temperature,
    )
    try:
        _ = llm.metadata
    except ValueError as error:
        raise ConfigError(
            "llm_unknown",
            "The installed client does not know the model {name}: check llm.model, or "
            "get a newer one with: pip install --upgrade llama-index-llms-anthropic",
            name=name,
        ) from error
    return llm


def server_llm(base: str, settings: LLMSettings) -> LLM:
    """A server at a url. Where no model is named, the server is asked for it at the first use."""
    key = _key(settings.api_key_env) or "none"

    def opened() -> LLM:
        name = settings.name or _first_model(base, key, settings.timeout_seconds)
        return _openai_like(base, name, key, settings)

    return opened() if settings.name else AtFirstUse(base, opened)


def llm_of_class(dotted: str, settings: LLMSettings) -> LLM:
    """An LLM of a class by its full name, such as "llama_index.llms.groq.Groq"."""
    module, _, name = dotted.rpartition(".")
    given: dict[str, str] = {}
    if settings.api_key_env:
        given["api_key"] = _key(settings.api_key_env)
    if settings.name:
        given["model"] = settings.name
    package = re.sub(r"[._]", "-", module) if module.startswith("llama_index.") else module
    kind = class_of(module, name, f"Install it with: pip install {package}")
    if not (isinstance(kind, type) and issubclass(kind, LLM)):
        raise ConfigError(
            "llm_class",
            "llm.model is {name}, which is no LLM class of LlamaIndex.",
            name=repr(dotted),
        )
    return _made(kind, settings, **given)


class AtFirstUse(CustomLLM):
    """An LLM that is opened at its first use, and at the next use again if that failed."""

    url: str
    _open: Callable[[], LLM] = PrivateAttr()
    _opening: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _opened: LLM | None = PrivateAttr(default=None)

    def __init__(self, url: str, open: Callable[[], LLM]) -> None:
        super().__init__(url=url)
        self._open = open

    @property
    def llm(self) -> LLM:
        """Raises ModelError where it cannot be opened."""
        with self._opening:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    @property
    def metadata(self) -> LLMMetadata:
        if self._opened is None:
            return LLMMetadata(model_name=self.url, is_chat_model=True)
        return self._opened.metadata

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        return self.llm.chat(messages, **kwargs)

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        return self.llm.stream_chat(messages, **kwargs)

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        return self.llm.complete(prompt, formatted, **kwargs)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        return self.llm.stream_complete(prompt, formatted, **kwargs)


def _ollama(base: str, name: str, settings: LLMSettings) -> LLM:
    client = class_of("ollama", "Client")
    return _made(
        class_of("llama_index.llms.ollama", "Ollama"),
        settings,
        model=name,
        base_url=base,
        client=client(
            host=base,
            timeout=settings.timeout_seconds,
            transport=_Retrying(settings.retries),
        ),
        context_window=settings.context_tokens,
        temperature=settings.temperature,
        additional_kwargs={"num_predict": settings.max_tokens},
    )


class _Retrying(httpx.HTTPTransport):
    """Retries where a server is down or overloaded, and waits longer each time. Ollama's client does
    not retry."""

    def __init__(self, retries: int) -> None:
        super().__init__()
        self._retries = retries

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        for attempt in range(self._retries):
            try:
                response = super().handle_request(request)
            except httpx.TransportError:
                pass
            else:
                if response.status_code not in PASSING:
                    return response
                response.close()
            time.sleep(min(FIRST_WAIT * 2**attempt, MOST_WAIT))
        return super().handle_request(request)


def _openai_like(base: str, name: str, key: str, settings: LLMSettings) -> LLM:
    return _made(
        class_of("llama_index.llms.openai_like", "OpenAILike"),
        settings,
        model=name,
        api_base=base,
        api_key=key,
        is_chat_model=True,
        context_window=settings.context_tokens,
        max_tokens=settings.max_tokens,
        temperature=settings.temperature,
        timeout=settings.timeout_seconds,
        max_retries=settings.retries,
    )


def _first_model(base: str, key: str, timeout: float) -> str:
    """The name of the first model an OpenAI-compatible server offers."""
    url = f"{base.rstrip('/')}/models"
    try:
        reply = httpx.get(url, headers={"Authorization": f"Bearer {key}"}, timeout=timeout)
        reply.raise_for_status()
        name: str = reply.json()["data"][0]["id"]
    except (httpx.HTTPError, ValueError, LookupError, TypeError) as error:
        reason = str(error).partition("\n")[0]
        raise ModelError(
            "llm_list",
            "No list of models at {url}: {reason}. Is the server running, does llm.model "
            "end in /v1, and is llm.api_key_env set if it wants a key? llm.name names "
            "the model instead.",
            url=url,
            reason=reason,
        ) from error
    return name


def _made(kind: type[LLM], settings: LLMSettings, **given: Any) -> LLM:
    """An LLM of a class; llm.options win over the other settings."""
    try:
        return kind(**{**given, **settings.options})
    except (TypeError, ValueError) as error:
        raise ConfigError(
            "llm_options",
            "{model}: {kind} does not take its llm settings or options: {error}.",
            model=settings.model,
            kind=kind.__name__,
            error=error,
        ) from error


def _key(variable: str) -> str:
    key = os.environ.get(variable, "") if variable else ""
    if variable and not key:
        raise ConfigError(
            "llm_key",
            "The LLM needs a key: set the environment variable {variable}.",
            variable=variable,
        )
    return key


def class_of(module: str, name: str, cure: str = SERVERS_CURE) -> Any:
    """A class of a package that may not be installed."""
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ModelError(
            "llm_import",
            "{name} cannot be imported: {error}. {cure}",
            name=f"{module}.{name}",
            error=error,
            cure=cure,
        ) from error
