"""A GGUF model run by llama.cpp in this process.

In: chat messages. Out: the reply, whole or piece by piece; or the probability that it is "yes".
"""

from __future__ import annotations

import math
import os
import queue
import secrets
import socket
import tempfile
import threading
from collections.abc import AsyncGenerator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

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
from llama_index.core.llms import CustomLLM
from llama_index.core.llms.callbacks import llm_chat_callback, llm_completion_callback
from pydantic import PrivateAttr

from index.config import LLMSettings
from index.errors import ModelError
from rag.llm.injections import inert
from rag.llm.prompts import NO, YES, check_messages
from rag.results.sources import Excerpt

os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
"""llama.cpp's threads wait for each other some hundred times a token. Read when its library is loaded: they
sleep then, where by default they spin and keep each other from working as soon as anything else runs."""

ALL_LAYERS = 999

PROBE_TOKENS = 20
NEXT_TOKENS = 200
"""Likely tokens that are asked for: of a reply of one word, of a translation."""

LONGEST_SOCKET_FOLDER = 80
"""A socket's path has 104 bytes at most."""

_HAS_SOCKET_FILES = hasattr(socket, "AF_UNIX")


class LlamaCpp(CustomLLM):
    """A LlamaIndex LLM that runs a GGUF file with llama.cpp.

    The model is loaded at its first use. One request runs at a time. The prompt cache keeps the part
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
            raise ModelError(
                "llm_no_file", "There is no model file {path}. Check llm.model.", path=path
            )
        if find_spec("xllamacpp") is None:
            raise ModelError("llama_missing", "llama.cpp is not installed: pip install xllamacpp.")
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
        """Loads the model, and reads `messages` into the prompt cache, before they are needed."""
        if messages:
            self.chat(messages, max_tokens=1)
        else:
            _ = self._server

    @property
    def _server(self) -> Any:
        with self._loading:
            if self._loaded is None:
                self._loaded = self._load()
            return self._loaded

    def _params(self) -> Any:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self.path)
        params.n_ctx = self.context_tokens
        params.n_parallel = 1
        params.n_gpu_layers = ALL_LAYERS
        params.verbosity = -1
        threads = self.threads or os.cpu_count() or 1
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
        return params

    def _load(self) -> Any:
        """The model, without a port: llama.cpp wants to listen somewhere, so it is given a socket
        file that only this user can reach, and that is gone once the model is loaded."""
        import xllamacpp

        params = self._params()
        params.api_keys = [secrets.token_urlsafe(24)]
        try:
            with tempfile.TemporaryDirectory(prefix="nc-", dir=_socket_folder()) as folder:
                if _HAS_SOCKET_FILES:
                    params.hostnames = [f"{folder}/llama.sock"]
                return xllamacpp.Server(params)
        except (RuntimeError, ValueError, OSError) as error:
            raise ModelError(
                "llama_load",
                "llama.cpp could not load {path}: {error}. Is it a whole GGUF file, and is "
                "there memory enough?",
                path=self.path,
                error=error,
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
        """Runs llama.cpp in a thread, which stops at its next token once the generator is closed."""
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
            except BaseException as error:  # noqa: BLE001  the reader's thread raises it again
                pieces.put(error)

        # Waited for at exit: to end with it inside llama.cpp aborts the process.
        thread = threading.Thread(target=work, name="llama.cpp")
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

    def next_tokens(self, messages: Sequence[ChatMessage]) -> dict[str, float]:
        """The likely first tokens of the reply with their probabilities; of the reply's going on where
        the last message is what it begins with."""
        return self._probed(messages, NEXT_TOKENS)

    def yes_probability(self, messages: Sequence[ChatMessage], yes: str, no: str) -> float:
        """P(yes) / (P(yes) + P(no)) of the first token of the reply; 0.5 where neither is likely."""
        mass = {yes.casefold(): 0.0, no.casefold(): 0.0}
        for token, chance in self._probed(messages, PROBE_TOKENS).items():
            word = token.strip().casefold()
            if word in mass:
                mass[word] += chance
        total = sum(mass.values())
        return mass[yes.casefold()] / total if total else 0.5

    def _probed(self, messages: Sequence[ChatMessage], count: int) -> dict[str, float]:
        options = {"max_tokens": 1, "logprobs": True, "top_logprobs": count}
        choice = self._run(self._request(messages, options))["choices"][0]
        found = ((choice.get("logprobs") or {}).get("content") or [{}])[0].get("top_logprobs", ())
        chances: dict[str, float] = {}
        for each in found:  # two tokens can be the same text
            chances[each["token"]] = chances.get(each["token"], 0.0) + math.exp(each["logprob"])
        return chances


def _socket_folder() -> str | None:
    """Where the socket's folder is made: the system's folder for such, or one with a short name."""
    return None if len(tempfile.gettempdir()) < LONGEST_SOCKET_FOLDER else "/tmp"  # noqa: S108


def _assistant(content: str) -> ChatMessage:
    return ChatMessage(role=MessageRole.ASSISTANT, content=content)


def _delta(piece: Mapping[str, Any]) -> str:
    choices = piece.get("choices") or [{}]
    return choices[0].get("delta", {}).get("content") or ""


def _checked(reply: dict[str, Any]) -> dict[str, Any]:
    """llama.cpp reports a failure as a reply; this makes it a ModelError."""
    error = reply.get("error")
    if error is None:
        return reply
    if error.get("type") == "exceed_context_size_error":
        raise ModelError(
            "llama_context",
            "The prompt has {asked} tokens, the LLM reads {most}: raise "
            "llm.context_tokens or lower answer.evidence_tokens.",
            asked=error.get("n_prompt_tokens"),
            most=error.get("n_ctx"),
        )
    raise ModelError(
        "llama_refused",
        "llama.cpp refused the request: {error}.",
        error=error.get("message", error),
    )


def rightness(question: str, excerpts: Sequence[Excerpt], answer: str, llm: LlamaCpp) -> float:
    """How likely an answer from the excerpts is right, as the LLM that gave it sees it: P(True) of
    Kadavath et al., Language Models (Mostly) Know What They Know, 2022."""
    return llm.yes_probability(check_messages(question, excerpts, answer), YES, NO)
