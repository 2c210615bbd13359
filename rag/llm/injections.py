"""Sentences that give orders to whatever model reads them, rather than tell news to a reader.

In: a sentence of an article. Out: whether it does. Such a sentence is shown and found like any other
one, but it carries no claim of an answer: an LLM that obeyed it must not have it to cite. Of 37,000
sentences of news and encyclopedias none is taken for one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.languages.pack import packs
from index.languages.text import fold

_ORDERS = re.compile(
    "|".join(order for pack in packs() for order in pack.asking.orders), re.IGNORECASE
)


_CHAT_MARKUP = re.compile(
    r"<[|｜][^|｜<>]{1,40}[|｜]>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>"
    r"|<(?:bos|eos|pad|unk)>|</?(?:think|tool_call|tool_response)>",
    re.IGNORECASE,
)
"""What opens or closes a turn in the chat templates of common models."""


@lru_cache(4096)
def gives_orders(sentence: str) -> bool:
    """Whether a sentence gives an order to a model."""
    return _ORDERS.search(fold(sentence)) is not None


def inert(text: str) -> str:
    """The text without a chat template's control tokens, which llama.cpp, and servers built on it,
    would obey wherever they stand."""
    return _CHAT_MARKUP.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)
