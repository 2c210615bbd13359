"""A topic -> what happened when, across articles and languages, each event cited.

In: a topic, a retriever, a filter. Out: a `Timeline` of `Event`s in the order in which they happened,
which is not the order in which they were reported. No LLM is needed: an event is a sentence of an
article, together with the sentences of other articles that report the same event.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embed.kept import Kept
from index.embed.sentence_vectors import Vectors
from index.languages.relative_days import day_of
from index.languages.text import primary, seen
from index.records import Sentence
from index.store.filters import Filter
from rag.analysis.dates import BASES, EventDate, published_date
from rag.analysis.events import Event, Mention, Timeline
from rag.analysis.reported import Reports
from rag.question.asked_in import asked_in
from rag.results.hits import ON_SUBJECT, Hit
from rag.results.numbering import Numbering

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.retrieve.retriever import Retriever

EVENTS = 30
SEARCHED = 100
"""How many passages are read for dates."""

NEAR_TOPIC = 2.5
"""How near the topic an event must be, in deviations above unrelated news, if its passage is barely
on the subject (tuning/same_event.py). In a stronger passage less is enough: "the two signed a
treaty" names nobody."""

HIT_SHARE = 0.75
"""Weight of the passage's strength beside that nearness (tuning/same_event.py)."""

SAME_EVENT = {"same language": 0.70, "across languages": 0.58}
SAME_EVENT_AND_DAY = {"same language": 0.62, "across languages": 0.53}
"""Cosines from which two sentences report the same event, and where they are of the same day
(tuning/same_event.py)."""

NEAR_UNDATED = 3.5
"""The same as NEAR_TOPIC for a sentence without a date, about which less is known
(tuning/same_event.py)."""

UNDATED_PASSAGES = 3
"""How many passages of an article, best first, are searched for a sentence without a date."""

REPORTED_WITHIN = 7
"""An article without dates can report an event that happened at most this many days before it."""


def timeline(
    topic: str,
    retriever: Retriever,
    *,
    limit: int = EVENTS,
    filter: Filter | None = None,
) -> Timeline:
    """The events of a topic: the nearest to it, at most `limit`. No LLM is used.

    An article on the topic that gives no date has one event: its best sentence, on the day the
    article was published. The date of such an event has the basis "published". Raises InputError on
    an empty topic or a bad filter.
    """
    began = time.perf_counter()
    library = retriever.library
    language = asked_in(topic, library)
    kept = Kept(library.path)
    vectors = Vectors(library.embedder, library.path, kept=kept)
    hits = [hit for hit in retriever.search(topic, SEARCHED, filter) if hit.strength >= ON_SUBJECT]

    # 1. The sentences of passages on the topic, and their dates.
    reports = Reports(hits, kept)
    near = _near(list(_dated(hits, reports)), topic, vectors)
    mentions = [one for _, one in near if one.relevance >= NEAR_TOPIC]
    mentions += _undated(hits, reports, mentions, topic, vectors)

    # 2. Sentences that report the same event make a story; the nearest to the topic are kept.
    stories = _merge(mentions)
    stories.sort(key=lambda story: max(one.relevance for one in story), reverse=True)

    # 3. The stories become events, in the order of their dates.
    citations = Numbering()
    chosen = sorted(stories[:limit], key=lambda story: _order(_best_date(story)))
    events = [_event(story, language, citations) for story in chosen]
    return Timeline(
        topic,
        language,
        tuple(events),
        citations.all(),
        library.embedder.name,
        {"total": time.perf_counter() - began},
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Report:
    """A sentence, or a part of one, with the date of what it reports."""

    hit: Hit
    span: Sentence
    text: str
    language: str
    when: EventDate
    relevance: float = 0.0
    vector: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))

    @property
    def quote(self) -> str:
        return seen(self.hit.article.text[self.span.start : self.span.end])


def _dated(hits: Iterable[Hit], reports: Reports) -> Iterator[_Report]:
    """The dates of the hits' sentences, each sentence once."""
    met: set[tuple[str, int]] = set()
    for hit in hits:
        for one in reports.of(hit):
            if (hit.article.id, one.span.start) in met:
                continue
            met.add((hit.article.id, one.span.start))
            text = seen(hit.article.text[one.span.start : one.span.end])
            for part in one.dates:
                said = text[part.start : part.end].strip()
                yield _Report(hit, one.span, said, one.language, part.when)


def _near(mentions: Sequence[_Report], topic: str, vectors: Vectors) -> list[tuple[float, _Report]]:
    """How near each is to the topic, by itself or with its whole sentence; each gets its vector, and its
    relevance, which counts the strength of its passage too."""
    if not mentions:
        return []
    languages = [one.language for one in mentions]
    question = vectors.question(topic)
    matrix = vectors.sentences([one.text for one in mentions], languages)
    whole = vectors.sentences([one.quote for one in mentions], languages)
    nearness = np.maximum(
        vectors.nearness(question, matrix, languages), vectors.nearness(question, whole, languages)
    )
    return [
        (
            float(near),
            replace(one, relevance=float(near) + HIT_SHARE * one.hit.strength, vector=vector),
        )
        for one, near, vector in zip(mentions, nearness, matrix, strict=True)
    ]


def _undated(
    hits: Sequence[Hit],
    reports: Reports,
    mentions: Sequence[_Report],
    topic: str,
    vectors: Vectors,
) -> list[_Report]:
    """For each article without a dated event near its own day, its sentence nearest to the topic."""
    read = Counter(one.hit.article.id for one in mentions if _is_news(one))
    for article in read:
        read[article] = UNDATED_PASSAGES
    plain: list[_Report] = []
    for hit in hits:
        when = published_date(hit.article.published)
        read[hit.article.id] += 1
        if when is None or read[hit.article.id] > UNDATED_PASSAGES:
            continue
        for one in reports.of(hit):
            if not one.dates:
                text = seen(hit.article.text[one.span.start : one.span.end])
                plain.append(_Report(hit, one.span, text, one.language, when))
    reported: dict[str, _Report] = {}
    for near, found in sorted(_near(plain, topic, vectors), key=lambda pair: -pair[0]):
        if near >= NEAR_UNDATED:
            reported.setdefault(found.hit.article.id, found)
    return list(reported.values())


def _is_news(one: _Report) -> bool:
    """Whether an event happened within some days of its article, and so is its news."""
    published = day_of(one.hit.article.published)
    return published is not None and abs((published - one.when.last).days) <= REPORTED_WITHIN


# -- one event ------------------------------------------------------------------------------------


def _merge(mentions: Sequence[_Report]) -> list[list[_Report]]:
    """Groups that report the same event; the first of a group is the nearest to the topic, and all others
    are compared with it."""
    stories: list[list[_Report]] = []
    for one in sorted(mentions, key=lambda one: one.relevance, reverse=True):
        story = next((story for story in stories if _same_event(story[0], one)), None)
        if story is None:
            stories.append([one])
        elif all((o.hit.article.id, o.span) != (one.hit.article.id, one.span) for o in story):
            story.append(one)
    return stories


def _same_event(one: _Report, other: _Report) -> bool:
    day = _same_time(one.when, other.when)
    if day is None or one.when.since != other.when.since:
        return False
    if one.hit.article.id == other.hit.article.id:  # an article reports one thing after another
        if one.when.iso != other.when.iso:
            return False
        day = False
    least = SAME_EVENT_AND_DAY if day else SAME_EVENT
    same = primary(one.language) == primary(other.language)
    near = float(one.vector @ other.vector)
    return near >= least["same language" if same else "across languages"]


def _same_time(one: EventDate, other: EventDate) -> bool | None:
    """True if both are the same day or the next; False if they could be; None if they cannot."""
    if "published" in (one.basis, other.basis):
        early, late = sorted((one, other), key=lambda when: when.basis == "published")
        return False if -1 <= (late.first - early.last).days <= REPORTED_WITHIN else None
    apart = max((one.first - other.last).days, (other.first - one.last).days)
    if one.span == other.span == 1:
        return True if apart <= 1 else None
    return False if apart <= 0 and max(one.span, other.span) <= 366 else None


def _best_date(story: Sequence[_Report]) -> EventDate:
    """The best date of a story: one from a text rather than the day of the report, then the most exact,
    then a stated one."""
    return min(
        (one.when for one in story),
        key=lambda when: (when.basis == "published", when.span, BASES.index(when.basis)),
    )


def _order(when: EventDate) -> tuple[Any, ...]:
    return when.first, -when.span, when.basis == "published"


def _event(story: Sequence[_Report], language: str, citations: Numbering) -> Event:
    """The event of a story. A sentence that has its date and the topic's language comes first, if there is
    one."""
    when = _best_date(story)
    ordered = sorted(
        story,
        key=lambda one: (
            one.when != when,
            primary(one.language) != primary(language),
            -one.relevance,
        ),
    )
    mentions = tuple(
        Mention(citations.cite(one.hit, one.span), one.when, one.text, one.language)
        for one in ordered
    )
    published = [day_of(one.hit.article.published) for one in story if one.when == when]
    # "will vote this autumn" is planned, even if it is said in autumn
    by = when.last if when.ahead else when.first
    planned = all(day is not None and day < by for day in published)
    return Event(when, mentions, planned)
