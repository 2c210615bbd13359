"""Makes a follow-up question self-contained: "And Uzbekistan?" after a question on trade offices.

In: a question and the questions before it. Out: the question with what it leaves out. An LLM completes
it; without one, rules do, which only add the subject of the last question.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.errors import ModelError
from index.languages import late
from index.languages.names import known_names
from index.languages.pack import either, packs
from index.languages.text import HAN, blank, detect, primary
from rag.llm.streaming import stream
from rag.question.query import REFERS

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

SHORT_WIDTH = 8
"""A question of fewer words than this (two Chinese characters count as one) may be incomplete."""

TURNS = 3
"""How many earlier questions the LLM sees."""

PROMPT = (
    "Rewrite the last question so that it can be understood without the earlier ones. Keep its "
    "language and its meaning, replace pronouns by what they stand for, add nothing else. Reply "
    "with the question alone.\n\nEarlier questions:\n{history}\n\nLast question: {question}\n"
    "Rewritten question:"
)

_CONTINUES = late.pattern(
    rf"^\s*(?:{either(pack.asking.continues for pack in packs())})(?![^\W\d_{HAN}])", re.IGNORECASE
)


def complete_follow_up(question: str, history: Sequence[str], llm: LLM | None = None) -> str:
    """The question, self-contained; unchanged where it is already, or where it is the first one.

    Where an LLM fails, the rules are used.
    """
    earlier = [text for text in history if text.strip()]
    if not earlier or not _leans_on_others(question):
        return question
    if llm is not None:
        rewritten = _rewritten(question, earlier[-TURNS:], llm)
        if rewritten:
            return rewritten
    return _with_subject(question, earlier[-1])


def _leans_on_others(question: str) -> bool:
    if _CONTINUES.search(question):
        return True
    refers = REFERS.search(question)
    if refers is None:
        return _width(question) < SHORT_WIDTH / 2
    return not known_names().find(
        question[: refers.start()]
    )  # otherwise the pronoun refers to that name


def _with_subject(question: str, last: str) -> str:
    """Puts the last question before the new one: retrieval needs the words, not the grammar."""
    return f"{last.strip()}{blank(detect(question))}{question.strip()}"


def _rewritten(question: str, history: Sequence[str], llm: LLM) -> str:
    """The LLM's version; "" where it failed or wrote something else than a question."""
    from llama_index.core.llms import ChatMessage

    listed = "\n".join(f"- {text}" for text in history)
    message = ChatMessage(content=PROMPT.format(history=listed, question=question))
    try:
        text = "".join(stream(llm, [message])).strip()
    except ModelError:
        return ""
    line = text.splitlines()[0].strip(' "「」“”') if text else ""
    same_language = primary(detect(line)) == primary(detect(question))
    longest = 2 * (len(question) + max(map(len, history)))
    return line if line and same_language and len(line) <= longest else ""


def _width(text: str) -> float:
    characters = len(re.findall(f"[{HAN}]", text))
    return characters / 2 + len(re.findall(rf"[^\W\d_{HAN}]+|\d+", text))
