"""The form that a reply must have, as a grammar that llama.cpp holds each token to.

In: a language. Out: a GBNF grammar. A small LLM that reads Chinese to answer in English falls back
into Chinese halfway, or the other way round; a grammar leaves it no such token, so that it says the
word in the language it answers in. What it says is not made true by its form.
"""

from __future__ import annotations

from index.languages.pack import pack_of


def reply_grammar(language: str) -> str:
    """Text of one language, in any script of Chinese; "" for languages without a rule."""
    pack = pack_of(language)
    return pack.reply if pack else ""
