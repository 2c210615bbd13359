"""What speaks against a claim, in words of its language."""

from __future__ import annotations

from collections.abc import Iterator

from index.languages.pack import text_of
from rag.check.weighing import STEP, STRIDE, Features

FAR = 0.55
"""Less nearness is a reason by itself: nine in ten true sentences are nearer (tuning/support.py)."""

TURNED = {
    "opposites": "opposites",
    "swapped": "swapped",
    "negation_added": "denial",
    "denial": "denial",
}
"""Kinds of reasons for which something seems to be turned round, each with what that is: a word, who did
it to whom, or a denial that the claim has."""


def say(reason: str, language: str, *details: str) -> str:
    words: str = text_of("words", language)["reasons"][reason]
    return words.format(*details)


def reasons(found: Features, language: str) -> Iterator[str]:
    return (say(kind, language, *details) for kind, *details in against(found))


def against(found: Features) -> Iterator[tuple[str, ...]]:
    """What speaks against a claim: of what kind it is, and in what."""
    for gap in found.numbers:
        yield "number", gap.text
    for name in dict.fromkeys(found.names):
        yield "name", name
    denies = found.undenied >= STEP
    for kind, holds in (
        ("negation_added", found.negation_added),
        ("negation_dropped", found.negation_dropped),
        ("denial", denies and not (found.negation_added or found.negation_dropped)),
        ("opposites", bool(found.opposites) or found.contrary >= STEP),
        ("swapped", found.swapped or found.crossed >= STRIDE),
    ):
        if holds:
            yield (kind,)
    if found.nearness < FAR:
        yield ("far",)
