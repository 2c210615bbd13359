"""Translates a question, or a claim, into the other languages of a library, which are then searched with it.

In: a question, an LLM, what was found first. Out: translations. The embedder finds passages in another
language by their subject; a translation adds the words that they may use. A small LLM calls a power bank
电源银行; beside articles that write 充电宝 it does not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, Any

from index.languages.answer_forms import asks_alike
from index.languages.names import Names, alike, names_in
from index.languages.numbers.stated import missing
from index.languages.text import detect, is_question, is_spaced, primary
from rag.llm.grammar import held_to
from rag.llm.injections import gives_orders
from rag.llm.localizing import localized
from rag.llm.prompts import question_messages, translate_messages, translated_into
from rag.llm.streaming import stream
from rag.results.sources import Source

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.core.llms import LLM

LONGEST = 4
"""A reply that is longer than the question by more than this factor is no translation."""

MOST_TOKENS = 96

SHOWN = 3
"""Passages of which the LLM is shown the sentence that answers most likely, for its words."""

SHOWN_CHARACTERS, SHOWN_LETTERS = 60, 160
"""As much of each, in a language that puts no spaces between words, and in others."""


def translations(
    question: str,
    languages: Iterable[str],
    names: Sequence[Names],
    llm: LLM,
    sources: Sequence[Source] = (),
) -> list[str]:
    """The question in each of these languages but its own; a reply in another language is left out.

    Names are translated by tables, before the LLM reads the question. `sources` are sentences found for it,
    whose words the translation uses where it says the same as without. What asks for something else is left out,
    too. Raises ModelError where the LLM fails.
    """
    texts = []
    for other in _others(question, languages):
        asked = localized(question, other, question, names)
        text = ""
        if shown := _shown(sources, other):
            text = _translation(question, other, question_messages(asked, other, shown), llm)
        if not text or not says_the_same(text, question, names):
            text = _translation(question, other, question_messages(asked, other), llm)
        if text and asks_alike(question, text):
            texts.append(text)
    return texts


def claims_translated(
    claim: str, languages: Iterable[str], names: Sequence[Names], llm: LLM
) -> list[str]:
    """A claim in each of these languages but its own. Raises ModelError where the LLM fails."""
    texts = []
    for other in _others(claim, languages):
        messages = translate_messages(localized(claim, other, claim, names), other)
        if text := _translation(claim, other, messages, llm):
            texts.append(text)
    return texts


def _others(text: str, languages: Iterable[str]) -> list[str]:
    own = primary(detect(text))
    others = dict.fromkeys(map(primary, languages))
    return [other for other in others if other != own and translated_into(other)]


def _shown(sources: Sequence[Source], language: str) -> list[str]:
    """Of the passages in a language that answer most likely, the beginning of the sentence that does."""
    best: dict[str, str] = {}
    for source in sorted(sources, key=lambda source: -source.relevance):
        passage = source.hit.passage
        if primary(passage.language) == language and not gives_orders(source.text):
            most = SHOWN_LETTERS if is_spaced(source.text) else SHOWN_CHARACTERS
            best.setdefault(passage.id, source.text[:most])
    return list(best.values())[:SHOWN]


def says_the_same(text: str, question: str, names: Sequence[Names]) -> bool:
    """Whether a translation has the names, numbers and dates of a question, no others, and asks for what that asks
    for. What an LLM translates beside articles may become what these say."""
    here, there = names_in(question, names), names_in(text, names)
    return (
        (is_question(text) or not is_question(question))
        and asks_alike(question, text)
        and not missing(text, [(question, "")])
        and not missing(question, [(text, "")])
        and all(any(alike(name, other) for other in there) for name in here)
        and all(any(alike(name, other) for other in here) for name in there)
    )


def _translation(question: str, language: str, messages: Sequence[ChatMessage], llm: LLM) -> str:
    """The LLM's reply, if it can be the question in a language; else ""."""
    text = _reply(llm, messages, LONGEST * len(question), held_to(language, llm)).strip()
    return text if "\n" not in text and primary(detect(text)) == language else ""


def _reply(
    llm: LLM, messages: Sequence[ChatMessage], longest: int, options: Mapping[str, Any]
) -> str:
    """The LLM's reply; "" as soon as it is too long, because it is an answer or has no end."""
    reply = ""
    with closing(stream(llm, messages, max_tokens=MOST_TOKENS, **options)) as pieces:
        for piece in pieces:
            reply += piece
            if len(reply) > longest:
                return ""
    return reply
