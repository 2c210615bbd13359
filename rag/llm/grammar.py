"""The form that a reply must have, as a grammar that llama.cpp holds each token to.

In: an LLM and a language. Out: the options of a call, with a GBNF grammar. A small LLM that reads Chinese to
answer in English falls back into Chinese halfway, or the other way round; a grammar leaves it no such token, so
that it says the word in the language it answers in. What it says is not made true by its form.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.languages.pack import pack_of

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


def held_to(language: str, llm: LLM) -> dict[str, Any]:
    """What holds an LLM in this process to text of one language, in any script of Chinese; nothing for other LLMs,
    and for languages without a rule."""
    from rag.llm.llama_cpp import LlamaCpp

    grammar = reply_grammar(language)
    return {"grammar": grammar} if isinstance(llm, LlamaCpp) and grammar else {}


def reply_grammar(language: str) -> str:
    """Text of one language, in any script of Chinese; "" for languages without a rule."""
    pack = pack_of(language)
    return pack.reply if pack else ""
