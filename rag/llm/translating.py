"""Translates a question into the other languages of a library, which are then searched with it.

In: a question, an LLM. Out: translations. The embedder finds passages in another language by their
subject; a translation adds the words that they may use.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from index.languages.names import Names
from index.languages.text import detect, primary
from rag.llm.localizing import localized
from rag.llm.prompts import question_messages, translated_into
from rag.llm.streaming import stream

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.core.llms import LLM

LONGEST = 4
"""A reply that is longer than the question by more than this factor is no translation."""

MOST_TOKENS = 96


def translations(
    question: str, languages: Iterable[str], names: Sequence[Names], llm: LLM
) -> list[str]:
    """The question in each of these languages but its own; a reply in another language is left out.

    Names are translated by tables, before the LLM reads the question. Raises ModelError where the
    LLM fails.
    """
    own = primary(detect(question))
    others = dict.fromkeys(map(primary, languages))
    texts = []
    for other in (other for other in others if other != own and translated_into(other)):
        messages = question_messages(localized(question, other, question, names), other)
        text = _reply(llm, messages, LONGEST * len(question)).strip()
        if text and "\n" not in text and primary(detect(text)) == other:
            texts.append(text)
    return texts


def _reply(llm: LLM, messages: Sequence[ChatMessage], longest: int) -> str:
    """The LLM's reply; "" as soon as it is too long, because it is an answer or has no end."""
    reply = ""
    with closing(stream(llm, messages, max_tokens=MOST_TOKENS)) as pieces:
        for piece in pieces:
            reply += piece
            if len(reply) > longest:
                return ""
    return reply
