"""The form that a reply must have, as a grammar that llama.cpp holds each token to.

In: a language. Out: a GBNF grammar. A small LLM that reads Chinese to answer in English falls back
into Chinese halfway, or the other way round; a grammar leaves it no such token, so that it says the
word in the language it answers in. What it says is not made true by its form.
"""

from __future__ import annotations

from index.languages.text import primary

_EAST_ASIAN = (
    r"\u1100-\u11FF\u2E80-\u9FFF\uA960-\uA97F\uAC00-\uD7FF\uF900-\uFAFF\uFE30-\uFE4F\uFF00-\uFFEF"
)
_CYRILLIC = r"\u0400-\u052F"

_CHINESE = r"""
root ::= other+ (latin other+)* latin? | latin other+ (latin other+)* latin?
latin ::= [A-Z] [A-Za-z]* | [a-z] [a-z]?
other ::= [^A-Za-z\u0400-\u052F\u3040-\u30FF\uAC00-\uD7FF]
"""
"""Words in Latin letters are names or short units: 卡林(Erlan Karin), CPC, 5 km."""


def reply_grammar(language: str) -> str:
    """Text of one language, in any script of Chinese; "" for languages without a rule."""
    match primary(language):
        case "en":
            return rf"root ::= [^{_EAST_ASIAN}{_CYRILLIC}]+"
        case "ru":
            return rf"root ::= [^{_EAST_ASIAN}]+"
        case "zh":
            return _CHINESE.strip()
    return ""
