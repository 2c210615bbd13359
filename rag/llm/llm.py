"""Which LLM writes answers: settings -> a LlamaIndex `LLM`, or None for extractive answers.

llama.cpp runs in-process (`LlamaCpp`); servers and hosted models come through LlamaIndex. Whatever
it is, `stream` hands on its text piece by piece and turns its failures into one clear `ModelError`.
Opening one asks no server anything: one that is down costs an answer its draft, not its evidence.
"""

from __future__ import annotations

import importlib
import math
import os
import queue
import re
import threading
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
from llama_index.core.base.llms.types import (
    ChatMessage,
    ChatResponse,
    ChatResponseAsyncGen,
    ChatResponseGen,
    CompletionResponse,
    CompletionResponseGen,
    LLMMetadata,
    MessageRole,
)
from llama_index.core.llms import LLM, CustomLLM
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from pydantic import PrivateAttr

from index.config import LLMSettings
from index.embed import bundled
from index.errors import ConfigError, ModelError

HOSTED = {
    "openai": ("https://api.openai.com/v1", "OPENAI_API_KEY"),
    "anthropic": ("", "ANTHROPIC_API_KEY"),
    "ollama": ("http://127.0.0.1:11434", ""),
}
"""Provider prefixes: where they live unless told otherwise, and which variable holds the key."""

ALL_LAYERS = 999
PROBE_TOKENS = 20
SERVERS_CURE = "Install the clients with: pip install 'newscite[servers]'"

FIRST_WAIT = 0.5
MOST_WAIT = 8.0
"""Seconds before the first retry and, doubled each time, before any: as OpenAI's client waits."""

PASSING = frozenset((408, 409, 429, 500, 502, 503, 504, 529))
"""Replies of a server that may be another one a moment later."""

_CHAT_MARKUP = re.compile(
    r"<[|｜][^|｜<>]{1,40}[|｜]>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>"
    r"|<(?:bos|eos|pad|unk)>|</?(?:think|tool_call|tool_response)>",
    re.IGNORECASE,
)
"""What opens or closes a turn in the chat templates of common models."""


def open_llm(settings: LLMSettings) -> LLM | None:
    """The LLM the settings name; None for "none", or for "auto" where none is installed.

    Raises ConfigError where the name makes no sense and ModelError where the model is not there.
    """
    model = settings.model.strip()
    if model == "none" or (model == "auto" and not _bundled_runs()):
        return None
    if model in {"auto", "bundled"}:
        return LlamaCpp.from_settings(bundled.llm_file(), settings)
    if model.lower().endswith(".gguf"):
        return LlamaCpp.from_settings(Path(model).expanduser(), settings)
    if model.startswith(("http://", "https://")):
        return _server(model, settings)
    provider, colon, name = model.partition(":")
    if colon and provider in HOSTED:
        return _hosted(provider, name, settings)
    if "." in model and ":" not in model and "/" not in model:
        return _by_class(model, settings)
    raise ConfigError(
        f"llm.model is {model!r}: it must be auto, none, bundled, a .gguf file, a server's url, "
        "openai:NAME, ollama:NAME, anthropic:NAME, or the full name of a LlamaIndex LLM class."
    )


def name_of(llm: LLM | None) -> str:
    """What the user is told about which LLM wrote: its model's name, or "extractive"."""
    if llm is None:
        return "extractive"
    name = llm.metadata.model_name
    return Path(name).stem if name.endswith(".gguf") else name


def stream(
    llm: LLM, messages: Sequence[ChatMessage], *, max_tokens: int | None = None, **options: Any
) -> Generator[str, None, None]:
    """The LLM's reply as pieces of text; `max_tokens` limits this one reply. Closing the iterator
    stops the LLM.

    Raises ModelError, naming the model and a cure, whatever went wrong inside.
    """
    try:
        asked = llm
        if max_tokens is not None:
            asked, limit = _limited(llm, max_tokens)
            options |= limit
        for part in asked.stream_chat([_inert(message) for message in messages], **options):
            if part.delta:
                yield part.delta
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(
            f"The LLM {name_of(llm)} failed: {str(error).rstrip('.')} ({type(error).__name__}). "
            f'{_cure(error)} llm.model = "none" answers without an LLM.'
        ) from error


def _limited(llm: LLM, most: int) -> tuple[LLM, dict[str, int]]:
    """The LLM to ask, and what to tell it, for a reply of at most so many tokens.

    LlamaIndex's OpenAI client prefers its own limit to the call's, and Ollama's reads none: a copy
    with the limit is asked. What a model thinks counts too, and would leave it nothing to say: one
    that is known to think keeps its own limit.
    """
    if isinstance(llm, AtFirstUse):
        llm = llm.llm
    if _thinks(llm):
        return llm, {}
    if llm.class_name() == "Ollama_llm":
        own = getattr(llm, "additional_kwargs", {})
        return llm.model_copy(update={"additional_kwargs": {**own, "num_predict": most}}), {}
    if isinstance(llm, LlamaCpp) or "max_tokens" not in type(llm).model_fields:
        return llm, {"max_tokens": most}
    return llm.model_copy(update={"max_tokens": most}), {}


def _thinks(llm: LLM) -> bool:
    """Whether the LLM is known to think before it speaks."""
    if any(getattr(llm, how, None) for how in ("thinking", "thinking_dict", "reasoning_effort")):
        return True
    if not hasattr(llm, "reasoning_effort"):  # none of OpenAI's
        return False
    return llm.metadata.model_name in _client("llama_index.llms.openai.utils", "O1_MODELS")


def inert(text: str) -> str:
    """The text without a chat template's control tokens, which llama.cpp, and servers built on it,
    would obey wherever they stand."""
    return _CHAT_MARKUP.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)


def _inert(message: ChatMessage) -> ChatMessage:
    return ChatMessage(role=message.role, content=inert(message.content or ""))


def _cure(error: Exception) -> str:
    """What to do about a failed request."""
    status = getattr(error, "status_code", None)
    if status in {401, 403}:
        return "The key was refused: check the environment variable that llm.api_key_env names."
    if status == 404:
        return "Check the model's name: llm.model, or llm.name for a server's url."
    if status == 429:
        return "Too many requests, or none left: wait, or raise llm.retries."
    if "context" in str(error) and status == 400:
        return "Lower answer.evidence_tokens, or give the server a larger context."
    if "timeout" in type(error).__name__.casefold():
        return "Is the server overloaded? Raise llm.timeout_seconds."
    if isinstance(error, OSError | httpx.TransportError) or "Connection" in type(error).__name__:
        return "Is the server running at the url of llm.model?"
    return "Check llm.model, the server and the key."


def _bundled_runs() -> bool:
    return find_spec("xllamacpp") is not None and bundled.has_llm()


def _key(variable: str) -> str:
    key = os.environ.get(variable, "") if variable else ""
    if variable and not key:
        raise ConfigError(f"The LLM needs a key: set the environment variable {variable}.")
    return key


def _client(module: str, name: str, cure: str = SERVERS_CURE) -> Any:
    """A class of a package that may not be installed."""
    try:
        return getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ModelError(f"{module}.{name} cannot be imported: {error}. {cure}") from error


def _made(kind: type[LLM], settings: LLMSettings, **given: Any) -> LLM:
    """An LLM of a class; llm.options win over what the other settings say."""
    try:
        return kind(**{**given, **settings.options})
    except (TypeError, ValueError) as error:
        raise ConfigError(
            f"{settings.model}: {kind.__name__} does not take its llm settings or options: {error}."
        ) from error


def _hosted(provider: str, name: str, settings: LLMSettings) -> LLM:
    base, variable = HOSTED[provider]
    variable = settings.api_key_env or variable
    if not name:
        raise ConfigError(f"llm.model is {settings.model!r}: write the model behind the colon.")
    if provider == "openai":
        return _openai_like(base, name, _key(variable), settings)
    if provider == "ollama":
        return _ollama(str(settings.options.get("base_url", base)), name, settings)
    llm = _made(
        _client("llama_index.llms.anthropic", "Anthropic"),
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
            f"The installed client does not know the model {name}: check llm.model, or get a newer "
            "one with: pip install --upgrade llama-index-llms-anthropic"
        ) from error
    return llm


def _ollama(base: str, name: str, settings: LLMSettings) -> LLM:
    client = _client("ollama", "Client")
    return _made(
        _client("llama_index.llms.ollama", "Ollama"),
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
    """Asks again, a little later each time, where a server is down or says so: Ollama's client does
    not by itself."""

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


def _server(base: str, settings: LLMSettings) -> LLM:
    """A server at a url; which model it serves, where none is named, is asked at first use."""
    key = _key(settings.api_key_env) or "none"

    def opened() -> LLM:
        name = settings.name or _first_model(base, key, settings.timeout_seconds)
        return _openai_like(base, name, key, settings)

    return opened() if settings.name else AtFirstUse(base, opened)


def _openai_like(base: str, name: str, key: str, settings: LLMSettings) -> LLM:
    return _made(
        _client("llama_index.llms.openai_like", "OpenAILike"),
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
            f"No list of models at {url}: {reason}. Is the server running, does llm.model end in "
            "/v1, and is llm.api_key_env set if it wants a key? llm.name names the model instead."
        ) from error
    return name


def _by_class(dotted: str, settings: LLMSettings) -> LLM:
    module, _, name = dotted.rpartition(".")
    given: dict[str, str] = {}
    if settings.api_key_env:
        given["api_key"] = _key(settings.api_key_env)
    if settings.name:
        given["model"] = settings.name
    package = re.sub(r"[._]", "-", module) if module.startswith("llama_index.") else module
    kind = _client(module, name, f"Install it with: pip install {package}")
    if not (isinstance(kind, type) and issubclass(kind, LLM)):
        raise ConfigError(f"llm.model is {dotted!r}, which is no LLM class of LlamaIndex.")
    return _made(kind, settings, **given)


class AtFirstUse(CustomLLM):
    """An LLM that is opened when it is first asked; where that fails, the next time anew."""

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


class LlamaCpp(CustomLLM):
    """A GGUF model run by llama.cpp in this process.

    The model is loaded at first use. One request runs at a time; the prompt cache keeps the prefix
    that a request shares with the one before it.
    """

    path: Path
    context_tokens: int = 4096
    max_tokens: int = 384
    temperature: float = 0.0
    threads: int = 0
    _busy: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _loading: threading.Lock = PrivateAttr(default_factory=threading.Lock)
    _loaded: Any = PrivateAttr(default=None)

    @classmethod
    def from_settings(cls, path: Path, settings: LLMSettings) -> LlamaCpp:
        """Raises ModelError where the file, or llama.cpp, is missing."""
        if not path.is_file():
            raise ModelError(f"There is no model file {path}. Check llm.model.")
        if find_spec("xllamacpp") is None:
            raise ModelError("llama.cpp is not installed: pip install xllamacpp.")
        return cls(
            path=path,
            context_tokens=settings.context_tokens,
            max_tokens=settings.max_tokens,
            temperature=settings.temperature,
            threads=settings.threads,
        )

    @classmethod
    def class_name(cls) -> str:
        return "LlamaCpp"

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(
            model_name=self.path.name,
            is_chat_model=True,
            context_window=self.context_tokens,
            num_output=self.max_tokens,
        )

    def warm_up(self, messages: Sequence[ChatMessage] = ()) -> None:
        """Load the model, and read `messages` into the prompt cache, before they are needed."""
        if messages:
            self.chat(messages, max_tokens=1)
        else:
            _ = self._server

    @property
    def address(self) -> str:
        """Where llama.cpp answers as an OpenAI-compatible server, on loopback."""
        address: str = self._server.listening_address
        return address

    @property
    def _server(self) -> Any:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _load(self) -> Any:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self.path)
        params.n_ctx = self.context_tokens
        params.n_parallel = 1
        params.n_gpu_layers = ALL_LAYERS
        params.verbosity = -1
        threads = self.threads or os.cpu_count() or 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
        try:
            return xllamacpp.Server(params)
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(
                f"llama.cpp could not load {self.path}: {error}. Is it a whole GGUF file, and is "
                "there memory enough?"
            ) from error

    def _request(
        self, messages: Sequence[ChatMessage], options: Mapping[str, Any]
    ) -> dict[str, Any]:
        return {
            "messages": [
                {"role": m.role.value, "content": inert(m.content or "")} for m in messages
            ],
            "temperature": self.temperature,
            "max_tokens": self.max_tokens,
            "cache_prompt": True,
            **options,
        }

    def _run(self, request: dict[str, Any]) -> dict[str, Any]:
        with self._busy:
            reply: dict[str, Any] = self._server.handle_chat_completions(request)
        return _checked(reply)

    @llm_chat_callback()
    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        reply = self._run(self._request(messages, kwargs))
        content = reply["choices"][0]["message"]["content"] or ""
        return ChatResponse(message=_assistant(content), raw=reply)

    @llm_chat_callback()
    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        return self._stream(self._request(messages, kwargs))

    def _stream(self, request: dict[str, Any]) -> ChatResponseGen:
        """Runs llama.cpp in a thread; closing the generator stops it at its next token."""
        pieces: queue.SimpleQueue[dict[str, Any] | BaseException | None] = queue.SimpleQueue()
        stop = threading.Event()

        def receive(piece: dict[str, Any]) -> bool:
            pieces.put(piece)
            return stop.is_set()

        def work() -> None:
            try:
                with self._busy:
                    if not stop.is_set():
                        server = self._server
                        server.handle_chat_completions({**request, "stream": True}, receive)
                pieces.put(None)
            except BaseException as error:  # noqa: BLE001  raised again in the reader's thread
                pieces.put(error)

        thread = threading.Thread(target=work, name="llama.cpp", daemon=True)
        thread.start()
        text = ""
        try:
            while (piece := pieces.get()) is not None:
                if isinstance(piece, BaseException):
                    raise piece
                delta = _delta(_checked(piece))
                if delta:
                    text += delta
                    yield ChatResponse(message=_assistant(text), delta=delta, raw=piece)
        finally:
            stop.set()

    @llm_completion_callback()
    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        reply = self.chat([ChatMessage(content=prompt)], **kwargs)
        return CompletionResponse(text=reply.message.content or "", raw=reply.raw)

    @llm_completion_callback()
    def stream_complete(
        self, prompt: str, formatted: bool = False, **kwargs: Any
    ) -> CompletionResponseGen:
        for part in self.stream_chat([ChatMessage(content=prompt)], **kwargs):
            yield CompletionResponse(
                text=part.message.content or "", delta=part.delta, raw=part.raw
            )

    @llm_chat_callback()
    async def astream_chat(
        self, messages: Sequence[ChatMessage], **kwargs: Any
    ) -> ChatResponseAsyncGen:
        import asyncio

        parts = self._stream(self._request(messages, kwargs))

        async def generate() -> AsyncGenerator[ChatResponse, None]:
            try:
                while (part := await asyncio.to_thread(next, parts, None)) is not None:
                    yield part
            finally:
                parts.close()

        return generate()

    def yes_probability(self, messages: Sequence[ChatMessage], yes: str, no: str) -> float:
        """P(yes) / (P(yes) + P(no)) for the first token of the reply; 0.5 where it says neither."""
        request = self._request(
            messages, {"max_tokens": 1, "logprobs": True, "top_logprobs": PROBE_TOKENS}
        )
        first = self._run(request)["choices"][0]["logprobs"]["content"][0]["top_logprobs"]
        mass = {yes.casefold(): 0.0, no.casefold(): 0.0}
        for candidate in first:
            token = candidate["token"].strip().casefold()
            if token in mass:
                mass[token] += math.exp(candidate["logprob"])
        total = sum(mass.values())
        return mass[yes.casefold()] / total if total else 0.5


def _assistant(content: str) -> ChatMessage:
    return ChatMessage(role=MessageRole.ASSISTANT, content=content)


def _delta(piece: Mapping[str, Any]) -> str:
    choices = piece.get("choices") or [{}]
    return choices[0].get("delta", {}).get("content") or ""


def _checked(reply: dict[str, Any]) -> dict[str, Any]:
    """llama.cpp reports failures as a reply; here they become errors."""
    error = reply.get("error")
    if error is None:
        return reply
    if error.get("type") == "exceed_context_size_error":
        raise ModelError(
            f"The prompt has {error.get('n_prompt_tokens')} tokens, the LLM reads "
            f"{error.get('n_ctx')}: "
            "raise llm.context_tokens or lower answer.evidence_tokens."
        )
    raise ModelError(f"llama.cpp refused the request: {error.get('message', error)}.")
