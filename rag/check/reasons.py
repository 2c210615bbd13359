"""What speaks against a claim, in words of its language."""

from __future__ import annotations

from collections.abc import Iterator

from index.languages.pack import text_of
from rag.check.weighing import STEP, STRIDE, Features

FAR = 0.55
"""Less nearness is a reason by itself: nine in ten true sentences are nearer (tuning/support.py)."""


def say(reason: str, language: str, *details: str) -> str:
    words: str = text_of("words", language)["reasons"][reason]
    return words.format(*details)


def reasons(found: Features, language: str) -> Iterator[str]:
    for gap in found.numbers:
        yield say("number", language, gap.text)
    for name in dict.fromkeys(found.names):
        yield say("name", language, name)
    denies = found.undenied >= STEP
    for reason, holds in (
        ("negation_added", found.negation_added),
        ("negation_dropped", found.negation_dropped),
        ("denial", denies and not (found.negation_added or found.negation_dropped)),
        ("opposites", bool(found.opposites) or found.contrary >= STEP),
        ("swapped", found.swapped or found.crossed >= STRIDE),
    ):
        if holds:
            yield say(reason, language)
    if found.nearness < FAR:
        yield say("far", language)
