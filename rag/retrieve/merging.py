"""Ranked passages of several languages and queries -> one ranking, in which a reprint counts once.

In: `Candidate`s of each language, best first. Out: all of them in one order: no language is ahead by
being itself, reprints stand behind the first that says it, outlets may be mixed.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from index.languages.text import fold
from rag.question.query import TRANSLATED
from rag.retrieve.score import Candidate

if TYPE_CHECKING:
    from index.store.rows import StoredArticle


BALANCE_STEP = 0.2
"""Deviations a language gains for each hit by which it is behind another. Of 0, .1, .2, .4: on a
parallel Chinese-English pool the question's own language gets .51 to .58 of the first ten with
this, .50 to .66 without; a difference of one deviation still outweighs five hits."""

OUTLET_STEP = 3
"""Ranks a hit falls for each earlier hit of its outlet, when outlets are to be diverse."""


def merge(by_language: dict[str, list[Candidate]], limit: int) -> list[Candidate]:
    """One ranking from one a language; each keeps its order.

    The next best key wins, and a language that is behind in number gains a little: where passages
    are about as good, languages take turns.
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
    """The candidates of a language by their mean key for a question and for its translation."""
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
    """Candidates with their reprints behind the best of them.

    A passage of a near duplicate stays if it says what the first article does not.
    """
    kept: list[tuple[Candidate, list[StoredArticle]]] = []
    by_group: dict[str, list[tuple[Candidate, list[StoredArticle]]]] = {}
    for candidate in ranked:
        article = candidate.stored.article
        told = by_group.setdefault(article.group, [])
        first = next(
            (
                (other, twins)
                for other, twins in told
                if other.stored.article.id != article.id
                and _says(other.stored.article, _best_sentence(candidate))
            ),
            None,
        )
        if first is None:
            kept.append((candidate, []))
            told.append(kept[-1])
        elif all(twin.id != article.id for twin in first[1]):
            first[1].append(article)
    return [(candidate, tuple(twins)) for candidate, twins in kept]


def _says(article: StoredArticle, sentence: str) -> bool:
    return fold(sentence) in fold(article.text)


def _best_sentence(candidate: Candidate) -> str:
    span = candidate.stored.passage.sentences[candidate.best]
    return candidate.stored.article.text[span.start : span.end]


def take_turns(rankings: Sequence[list[Candidate]]) -> list[Candidate]:
    """The rankings of the question and its parts as one: each one's best, then each one's next."""
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
    seen: dict[str, int] = {}
    places = []
    for rank, (candidate, _) in enumerate(chosen):
        outlet = candidate.stored.article.outlet
        places.append(rank + OUTLET_STEP * seen.get(outlet, 0))
        seen[outlet] = seen.get(outlet, 0) + bool(outlet)
    order = sorted(range(len(chosen)), key=places.__getitem__)
    return [chosen[i] for i in order]
