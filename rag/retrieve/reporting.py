"""Candidates -> hits, with why they were found."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.languages.terms import find_terms, is_character, terms
from index.languages.text import fold, primary, seen
from rag.question.query import Probe
from rag.results.hits import Hit
from rag.retrieve.score import Candidate

if TYPE_CHECKING:
    from index.records import Passage
    from index.store.rows import StoredArticle


ON_SUBJECT_KEY, SPREAD = 4.0, 1.5
"""A candidate is on the subject from this key on, in deviations above unrelated news; SPREAD
deviations more are 1 more of a hit's strength (tuning/confidence.py)."""

TERMS_SHOWN = 12


def make_hit(
    rank: int, candidate: Candidate, twins: tuple[StoredArticle, ...], asked: Asked
) -> Hit:
    """A candidate as a hit, with its reprints and what of the question it has."""
    passage = candidate.stored.passage
    return Hit(
        rank,
        strength(candidate.key),
        passage,
        candidate.stored.article,
        passage.sentences[candidate.best],
        {
            "dense": round(candidate.dense, 2),
            "lexical": round(candidate.coverage, 2),
            "terms": _matched(asked, passage),
            "names": candidate.names,
        },
        twins,
        candidate.stored.row,
    )


def strength(key: float) -> float:
    """A candidate's key as a hit's strength: 0 is barely on the subject."""
    return (key - ON_SUBJECT_KEY) / SPREAD


Asked = tuple[str, frozenset[str]]
"""The primary language of a question, and its terms without single characters."""


def asked_terms(probe: Probe) -> Asked:
    """What to look for in a passage to show why it was found."""
    telling = (t for t in terms(probe.text, probe.language) if not is_character(t))
    return primary(probe.language), frozenset(telling)


def _matched(asked: Asked, passage: Passage) -> list[str]:
    """The words that a passage shares with the question, as the passage writes them, longest first."""
    language, wanted = asked
    if primary(passage.language) != language:
        return []
    words: dict[str, str] = {}
    for start, end in find_terms(passage.text, language, wanted):
        word = seen(passage.text[start:end])
        words.setdefault(fold(word), word)
    return sorted(words.values(), key=len, reverse=True)[:TERMS_SHOWN]


def searched_texts(probes: Sequence[Probe]) -> list[str]:
    """The texts that were searched for, and the other forms of names that were searched for."""
    names = (
        f"{name.text} = {' = '.join(form for form in name.forms[:4] if form != name.text)}"
        for name in probes[0].names
        if len(name.forms) > 1
    )
    return [*(probe.text for probe in probes), *dict.fromkeys(names)]
