"""The reply of any LLM, piece by piece.

In: an LLM and chat messages. Out: pieces of text. A failure of any LLM becomes a `ModelError`.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelError
from index.wording import Wording
from rag.llm.injections import inert

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.core.llms import LLM


def name_of(llm: LLM | None) -> str:
    """The name of an LLM for display: that of its model, or "extractive" for none."""
    if llm is None:
        return "extractive"
    name = llm.metadata.model_name
    return Path(name).stem if name.endswith(".gguf") else name


def stream(
    llm: LLM, messages: Sequence[ChatMessage], *, max_tokens: int | None = None, **options: Any
) -> Generator[str, None, None]:
    """The LLM's reply as pieces of text; `max_tokens` limits this reply. Closing the iterator stops the
    LLM.

    Whatever goes wrong inside is raised as a ModelError that names the model and a cure.
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
            "llm_failed",
            'The LLM {llm} failed: {error} ({kind}). {cure} llm.model = "none" answers '
            "without an LLM.",
            llm=name_of(llm),
            error=str(error).rstrip("."),
            kind=type(error).__name__,
            cure=_cure(error),
        ) from error


def _limited(llm: LLM, most: int) -> tuple[LLM, dict[str, int]]:
    """The LLM to ask, and the options of the call, for a reply of at most so many tokens.

    LlamaIndex's OpenAI client ignores the limit of a call, and Ollama's client takes none: a copy of
    the LLM with that limit is asked instead. A model that thinks before it replies keeps its own
    limit, since its thoughts count too and could leave no room for the reply.
    """
    from rag.llm.llama_cpp import LlamaCpp
    from rag.llm.servers import AtFirstUse

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
    """Whether the LLM is known to think before it replies."""
    if any(getattr(llm, how, None) for how in ("thinking", "thinking_dict", "reasoning_effort")):
        return True
    if not hasattr(llm, "reasoning_effort"):  # not a client of OpenAI
        return False
    from rag.llm.servers import class_of

    return llm.metadata.model_name in class_of("llama_index.llms.openai.utils", "O1_MODELS")


def _inert(message: ChatMessage) -> ChatMessage:
    return type(message)(role=message.role, content=inert(message.content or ""))


def _cure(error: Exception) -> str:
    """What the user can do about a failed request."""
    import httpx

    status = getattr(error, "status_code", None)
    if status in {401, 403}:
        return Wording(
            "llm_cure_key",
            "The key was refused: check the environment variable that llm.api_key_env names.",
        )
    if status == 404:
        return Wording(
            "llm_cure_name", "Check the model's name: llm.model, or llm.name for a server's url."
        )
    if status == 429:
        return Wording(
            "llm_cure_many", "Too many requests, or none left: wait, or raise llm.retries."
        )
    if "context" in str(error) and status == 400:
        return Wording(
            "llm_cure_context", "Lower answer.evidence_tokens, or give the server a larger context."
        )
    if "timeout" in type(error).__name__.casefold():
        return Wording("llm_cure_timeout", "Is the server overloaded? Raise llm.timeout_seconds.")
    if isinstance(error, OSError | httpx.TransportError) or "Connection" in type(error).__name__:
        return Wording("llm_cure_running", "Is the server running at the url of llm.model?")
    return Wording("llm_cure_check", "Check llm.model, the server and the key.")
