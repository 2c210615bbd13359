"""Sentences that give orders to whatever model reads them, rather than tell news to a reader.

In: a sentence of an article. Out: whether it does. Such a sentence is shown and found like any other
one, but it carries no claim of an answer: an LLM that obeyed it must not have it to cite. Of 37,000
sentences of news and encyclopedias none is taken for one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.languages.text import fold

_SAY = "(?:say|reply|respond|answer|output|print|write|repeat|include|add|cite)"
_REPLY = "(?:answer|reply|response|output)"
_BEGINS = r"(?:^|[.:;,!?\"'“]\s*|\b(?:now|please|always|only|must|you)\s+)"

_ORDERS = re.compile(
    "|".join((
        # What came before, or stands elsewhere, is not to count.
        r"\b(?:ignore|disregard|forget|override)\W+(?:\w+\W+){0,4}?(?:instruction|prompt|rule|excerpt|article)s?\b",
        # The model is addressed, or told what it is.
        r"\b(?:system|developer) (?:prompt|message|instruction)s?\b",
        r"\byou are now\b|\bfrom now on,? you\b|\byour (?:new )?task\s*:",
        r"\b(?:dear|attention|note to|hey),? (?:ai|llm|chatbot|assistant)\b",
        # A turn of a chat, or a prompt's own marks, is opened or closed.
        r"<\|[^|<>]{1,40}\|>|\[/?inst\]|<(?:start|end)_of_turn>|</?(?:excerpts?|article|document|s)>",
        r"\"role\"\s*:\s*\"|^\s*(?:system|assistant)\s*:",
        # It is told what to say.
        rf"{_BEGINS}{_SAY}\W+(?:\w+\W+){{0,3}}?(?:only|nothing but|exactly|word for word|the word\b|yes\b"
        r"|everything above|not in the articles|in \w+, whatever)",
        rf"{_BEGINS}(?:say|reply|answer|cite)\b\W+(?:with\b|yes\b|this as\b)|\bcite this as\b",
        rf"^\s*(?:\w+:\s*)?(?:now |please )?(?:you only )?{_SAY}\W+\w+\W*$|{_BEGINS}{_SAY}\W+\w+\W+and stop\b",
        rf"{_BEGINS}{_SAY}\s+(?:<|!?\[)",
        r"^\s*(?:line|answer|task)\s*:\s*\w+\W*$",
        rf"\b(?:end|begin|start|finish)s? (?:your|every|each) {_REPLY}\b",
        rf"\b(?:unless|until) (?:the|your|every) {_REPLY} contains?\b",
        # The same in Chinese, folded.
        "(?:忽略|无视|忘记|不要理会).{0,8}(?:指示|指令|提示|文章|摘录|内容|规则)|系统(?:提示|消息|讯息|指令)",
        "[只仅](?:能|需|可|要)?(?:回答|输出|回复|写出)|请(?:逐字|先)*(?:输出|回复)|逐字(?:输出|重复)|你现在是",
        "请对.{0,6}问题.{0,2}(?:回答|回复)|一律用.{1,6}回答|答案(?:永远|一律|必须)是|请在每句.{0,8}[加写]",
    )),
    re.IGNORECASE,
)  # fmt: skip


_CHAT_MARKUP = re.compile(
    r"<[|｜][^|｜<>]{1,40}[|｜]>|</?s>|\[/?INST\]|<</?SYS>>|<(?:start|end)_of_turn>"
    r"|<(?:bos|eos|pad|unk)>|</?(?:think|tool_call|tool_response)>",
    re.IGNORECASE,
)
"""What opens or closes a turn in the chat templates of common models."""


@lru_cache(4096)
def gives_orders(sentence: str) -> bool:
    """Whether a sentence tells a model what to say."""
    return _ORDERS.search(fold(sentence)) is not None


def inert(text: str) -> str:
    """The text without a chat template's control tokens, which llama.cpp, and servers built on it,
    would obey wherever they stand."""
    return _CHAT_MARKUP.sub(lambda found: f"{found[0][0]} {found[0][1:]}", text)
