"""Ranked passages of several languages and queries -> one ranking, in which a reprint counts once.

In: `Candidate`s of each language, best first. Out: all of them in one order, each with the articles
that reprint it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from index.languages.text import fold, seen
from rag.question.query import TRANSLATED
from rag.retrieve.score import Candidate

if TYPE_CHECKING:
    from index.store.rows import StoredArticle


BALANCE_STEP = 0.2
"""What a language gains, in deviations, for each hit by which it is behind another language
(tuning/retrieval.py)."""

OUTLET_STEP = 3
"""Where outlets are to be mixed, a hit falls by so many ranks for each earlier hit of its outlet."""


def merge(by_language: dict[str, list[Candidate]], limit: int) -> list[Candidate]:
    """The rankings of all languages as one; the order within a language stays.

    The best next key wins. A language with fewer hits so far gains a little, so that languages take
    turns where their passages are about as good.
    """
    waiting = {language: list(reversed(ranked)) for language, ranked in by_language.items()}
    shown = dict.fromkeys(waiting, 0)
    merged: list[Candidate] = []
    while len(merged) < limit and any(waiting.values()):
        most = max(shown.values())
        language = max(
            (language for language in waiting if waiting[language]),
            key=lambda one: waiting[one][-1].key + BALANCE_STEP * (most - shown[one]),
        )
        merged.append(waiting[language].pop())
        shown[language] += 1
    return merged


def both(ranked: Sequence[Candidate], translated: Sequence[Candidate]) -> list[Candidate]:
    """The candidates of a language, by the mean of their keys for a question and for its translation."""
    keys = {candidate.stored.row: candidate.key for candidate in ranked}
    least = min(keys.values(), default=0.0)
    floor = min((candidate.key for candidate in translated), default=0.0)
    merged = {candidate.stored.row: candidate for candidate in (*ranked, *translated)}
    own = {candidate.stored.row: candidate.key for candidate in translated}
    for row, candidate in merged.items():
        candidate.key = (1 - TRANSLATED) * keys.get(row, least) + TRANSLATED * own.get(row, floor)
    return sorted(merged.values(), key=lambda candidate: candidate.key, reverse=True)


def collapse(
    ranked: Iterable[Candidate],
) -> list[tuple[Candidate, tuple[StoredArticle, ...]]]:
    """Candidates, each with the articles that reprint it; the reprints are no longer candidates.

    A passage of a near duplicate stays if its best sentence is not in the first article.
    """
    kept: list[tuple[Candidate, list[StoredArticle]]] = []
    by_group: dict[str, list[tuple[Candidate, list[StoredArticle]]]] = {}
    for candidate in ranked:
        article = candidate.stored.article
        earlier = by_group.setdefault(article.group, [])
        first = next(
            (
                (other, twins)
                for other, twins in earlier
                if other.stored.article.id != article.id
                and _says(other.stored.article, _best_sentence(candidate))
            ),
            None,
        )
        if first is None:
            kept.append((candidate, []))
            earlier.append(kept[-1])
        elif all(twin.id != article.id for twin in first[1]):
            first[1].append(article)
    return [(candidate, tuple(twins)) for candidate, twins in kept]


def _says(article: StoredArticle, sentence: str) -> bool:
    return fold(seen(sentence)) in fold(seen(article.text))


def _best_sentence(candidate: Candidate) -> str:
    span = candidate.stored.passage.sentences[candidate.best]
    return candidate.stored.article.text[span.start : span.end]


def take_turns(rankings: Sequence[list[Candidate]]) -> list[Candidate]:
    """The rankings of the question and its parts as one: the best of each, then the next of each."""
    if len(rankings) == 1:
        return rankings[0]
    merged: dict[int, Candidate] = {}
    for rank in range(max(map(len, rankings))):
        for ranking in rankings:
            if rank < len(ranking):
                merged.setdefault(ranking[rank].stored.row, ranking[rank])
    return list(merged.values())


def diverse(
    chosen: Sequence[tuple[Candidate, tuple[StoredArticle, ...]]],
) -> list[tuple[Candidate, tuple[StoredArticle, ...]]]:
    """The same in an order that does not let one outlet have all the first places."""
    seen: dict[str, int] = {}
    places = []
    for rank, (candidate, _) in enumerate(chosen):
        outlet = candidate.stored.article.outlet
        places.append(rank + OUTLET_STEP * seen.get(outlet, 0))
        seen[outlet] = seen.get(outlet, 0) + bool(outlet)
    order = sorted(range(len(chosen)), key=places.__getitem__)
    return [chosen[i] for i in order]
