"""A question in the other languages of a library, for a second probe in each of them.

In: a question, an LLM. Out: its translations. The embedder finds a passage in another language by
what it is about; the translation adds the words and the form in which it may say so.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from index.languages.names import Names
from index.languages.text import detect, primary
from rag.llm.localizing import localized
from rag.llm.prompts import QUESTIONS_TRANSLATED, question_messages
from rag.llm.streaming import stream

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.core.llms import LLM

LONGEST = 4
"""A reply of more than so many times the question's length is no translation of it."""

MOST_TOKENS = 96


def translations(
    question: str, languages: Iterable[str], names: Sequence[Names], llm: LLM
) -> list[str]:
    """The question in each of the languages but its own; only those that came out as such.

    Names are carried over first. Raises ModelError where the LLM fails.
    """
    own = primary(detect(question))
    others = dict.fromkeys(map(primary, languages))
    texts = []
    for other in (other for other in others if other != own and other in QUESTIONS_TRANSLATED):
        messages = question_messages(localized(question, other, question, names), other)
        text = _reply(llm, messages, LONGEST * len(question)).strip()
        if text and "\n" not in text and primary(detect(text)) == other:
            texts.append(text)
    return texts


def _reply(llm: LLM, messages: Sequence[ChatMessage], longest: int) -> str:
    """What the LLM says; "" as soon as that is too long, as when it answers or never ends."""
    reply = ""
    with closing(stream(llm, messages, max_tokens=MOST_TOKENS)) as pieces:
        for piece in pieces:
            reply += piece
            if len(reply) > longest:
                return ""
    return reply
