"""A quote in the reader's language: translated by the LLM, and held against the original.

In: words of an article, the language wanted, an LLM. Out: a `Translation`, with every number, date
and name that one side has and the other has not: what a machine drops or changes is seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.errors import ModelError
from index.languages.names import Name, Names, alike
from index.languages.numbers.stated import missing, quantities
from index.languages.text import primary, seen, squeeze, to_script
from rag.llm.localizing import localized
from rag.llm.prompts import translate_messages
from rag.llm.streaming import name_of, stream

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

TOKENS_A_CHARACTER = 1.5
LEAST_TOKENS = 64
"""A translation may have this many tokens, and TOKENS_A_CHARACTER more for each character of the
original (tuning/tokens.py)."""


@dataclass(frozen=True, slots=True)
class Translation:
    """What a machine made of a quote."""

    text: str
    language: str
    llm: str
    differs: tuple[tuple[str, str], ...] = ()
    """(original, translation) of each number, date or name that only one of them has; "" for none."""


def translate(
    quote: str, dated: str, language: str, names: Sequence[Names], llm: LLM
) -> Translation:
    """The quote in a language. Raises ModelError where the LLM fails or says nothing."""
    quote = seen(quote)
    text = localized(quote, language, quote, names)
    messages = translate_messages(text, language)
    with closing(stream(llm, messages, max_tokens=most_tokens(text))) as pieces:
        said = squeeze("".join(pieces))
    if not said:
        raise ModelError(
            "no_translation", "The LLM {llm} gave no translation. Try again.", llm=name_of(llm)
        )
    said = to_script(said, language)
    return Translation(said, language, name_of(llm), differences(quote, said, dated, names))


def most_tokens(text: str) -> int:
    """How long a translation of a text may become."""
    return LEAST_TOKENS + int(TOKENS_A_CHARACTER * len(text))


def differences(
    quote: str, translation: str, dated: str, names: Sequence[Names]
) -> tuple[tuple[str, str], ...]:
    """The numbers, dates and names that only one of the two has."""
    dropped = [gap.text for gap in missing(quote, [(translation, dated)])]
    added = [gap.text for gap in missing(translation, [(quote, dated)])]
    there, here = _names(quote, names), _names(translation, names)
    dropped += [name.text for name in there if not any(alike(name, other) for other in here)]
    added += [name.text for name in here if not any(alike(name, other) for other in there)]
    return (
        *((text, "") for text in dict.fromkeys(dropped)),
        *(("", text) for text in dict.fromkeys(added)),
    )


def _names(text: str, tables: Sequence[Names]) -> list[Name]:
    """The names of a text; the unit of an amount is no name."""
    amounts = quantities(text)
    return [
        name
        for table in tables
        for name in table.find(text)
        if not any(amount.start <= name.start < amount.end for amount in amounts)
    ]


def is_foreign(language: str, reader: str) -> bool:
    """Whether a reader of one language needs a translation of the other."""
    return primary(language) != primary(reader)
