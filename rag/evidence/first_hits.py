"""A search whose first hits come in the order in which they answer.

In: a question. Out: its hits. Those that are nearly as strong as the first have been read, as for an answer:
vectors and terms hardly tell two passages of one article apart, and a reader does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.config import Settings
from index.languages.names import Names, known_names
from index.store.filters import Filter, at_least_one
from rag.evidence.candidates import AsRead, read
from rag.evidence.names_and_dates import Pinned
from rag.evidence.opening import AnswerReader, open_reader
from rag.question.query import question_parts
from rag.results.hits import Hit, Hits

if TYPE_CHECKING:
    from rag.retrieve.retriever import Retriever

NEARLY = 0.5
"""Hits whose strength is less than this below that of the first are read."""

MOST_READ = 5

ANSWERS = 0.3
"""Weight of the log-odds that a hit answers, beside its strength (these three: tuning/first_hits.py)."""


def search(
    question: str,
    retriever: Retriever,
    settings: Settings,
    limit: int | None = None,
    filter: Filter | None = None,
) -> Hits:
    """The hits, best first. Raises InputError on an empty or endless question or a limit below 1, ModelError where the
    reader cannot be loaded."""
    limit = at_least_one(limit, settings.retrieve.limit)
    hits = retriever.search(question, max(limit, MOST_READ), filter)
    by_turns = settings.retrieve.diversify_outlets or question_parts(hits.question)
    unread = by_turns or not retriever.calibrated or not settings.reader.search
    reader = None if unread else open_reader(settings.reader)
    if reader is not None:
        languages = frozenset(retriever.library.languages())
        hits = in_order(hits, reader, [known_names(languages, settings.retrieve.aliases)])
    return replace(hits, hits=hits.hits[:limit])


def in_order(hits: Hits, reader: AnswerReader, tables: Sequence[Names] = ()) -> Hits:
    """The hits, those first that answer best among those that are nearly the strongest."""
    rivals = near(hits)
    if len(rivals) < 2:
        return hits
    answers = read(replace(hits, hits=rivals), reader, Pinned(hits.question, tables))
    as_read = [_as_read(hit, answers) for hit in rivals]
    as_read.sort(key=lambda hit: hit.strength + ANSWERS * (hit.answers or 0.0), reverse=True)
    taken = {hit.passage.id for hit in rivals}
    ordered = [*as_read, *(hit for hit in hits if hit.passage.id not in taken)]
    ranked = (replace(hit, rank=rank) for rank, hit in enumerate(ordered, 1))
    return replace(hits, hits=tuple(ranked))


def near(hits: Hits) -> tuple[Hit, ...]:
    """The first hits that are nearly the strongest."""
    return tuple(hit for hit in hits[:MOST_READ] if hits[0].strength - hit.strength < NEARLY)


def _as_read(hit: Hit, answers: Mapping[tuple[str, int], AsRead]) -> Hit:
    """A hit with the log-odds that it answers and, where it is likely that it does, the sentence that does."""
    read_here = [(answers[hit.article.id, span.start], span) for span in hit.passage.sentences]
    best, span = max(read_here, key=lambda one: one[0].answers)
    if best.answers > 0:
        hit = replace(hit, best_sentence=span, words=best.words)
    return replace(hit, answers=best.answers)
