"""Questions with a name exchanged for another, so that the passage which answers them no longer does.

In: a question, the passage that answers it. Out: the question asked of another name of the same kind: one that
the passage has, too, the other one of the question, one from elsewhere. No passage says how many goats North Korea
sent to Russia because it says how many Russia sent to North Korea.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import combinations

from index.languages.countries import country_code
from index.languages.names import Name, alike, known_names, names_in
from index.languages.text import detect, primary
from rag.llm.localizing import form_in

MOST_EXCHANGED = 3
TOLD, ROLES, ELSEWHERE = "told", "roles", "elsewhere"


def exchanged(
    question: str, around: str, elsewhere: Sequence[Name], rng: random.Random
) -> Iterator[tuple[str, str, int, int]]:
    """The question with names exchanged: of which kind, the text, and where the new name stands."""
    tables = [known_names()]
    asked = apart(names_in(question, tables))
    others: list[Name] = []
    for name in names_in(around, tables):
        if not any(alike(name, other) for other in (*asked, *others)):
            others.append(name)
    pairs = [(a, b) for a in asked for b in others if is_country(a) == is_country(b)]
    for name, other in rng.sample(pairs, min(MOST_EXCHANGED, len(pairs))):
        yield from _put(TOLD, question, name, other)
    twos = [(a, b) for a, b in combinations(asked, 2) if not alike(a, b)]
    for a, b in rng.sample(twos, min(1, len(twos))):
        text = question[: a.start] + b.text + question[a.end : b.start] + a.text + question[b.end :]
        yield ROLES, text, a.start, a.start + len(b.text)
    for name in asked[:1]:
        far = [each for each in elsewhere if is_country(each) == is_country(name)]
        other = rng.choice(far) if far else name
        if not any(alike(other, each) for each in (*asked, *others)):
            yield from _put(ELSEWHERE, question, name, other)


def _put(kind: str, question: str, name: Name, other: Name) -> Iterator[tuple[str, str, int, int]]:
    language = primary(detect(question))
    form = other.text if primary(detect(other.text)) == language else form_in(other, language)
    if form:
        text = question[: name.start] + form + question[name.end :]
        yield kind, text, name.start, name.start + len(form)


def is_country(name: Name) -> bool:
    return any(len(code := country_code(form)) == 2 and code != form for form in name.forms)


def apart(names: Sequence[Name]) -> list[Name]:
    """The names of a text that do not overlap."""
    kept: list[Name] = []
    for name in names:
        if not kept or name.start >= kept[-1].end:
            kept.append(name)
    return kept
