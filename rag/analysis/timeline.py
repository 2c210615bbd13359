"""A topic -> what happened when, across articles and languages, each event cited.

In: a topic, a retriever, a filter. Out: a `Timeline` of `Event`s in the order in which they happened,
which is not the order in which they were reported. No LLM is needed: an event is a sentence of an
article, together with the sentences of other articles that report the same event.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embed.kept import Kept
from index.embed.sentence_vectors import Vectors
from index.languages.dates.relative_days import day_of
from index.languages.names import known_names
from index.languages.text import primary, seen
from index.records import Sentence
from index.store.filters import Filter
from rag.analysis.dates import BASES, EventDate, published_date
from rag.analysis.events import Event, Mention, Timeline
from rag.analysis.reported import Reports
from rag.question.asked_in import asked_in
from rag.results.hits import Hit
from rag.results.numbering import Numbering
from rag.retrieve.retriever import checked

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from rag.retrieve.retriever import Retriever

EVENTS = 30
SEARCHED = 100
"""How many passages are read for dates."""

NEAR_TOPIC = 4.0
"""How relevant the sentence of an event must be (these four: tuning/timeline.py): the sum of how near it is to
the topic and to what the topic says beside names, in deviations above unrelated news, and of its
passage's strength. In a stronger passage less is enough: "the two signed a treaty" names nobody."""

BELOW_BEST = 4.0
"""How far its relevance may lie below that of the most relevant sentence: what merely names the same
country is left out where others tell of the topic, and stays where none does better."""

RELEVANT = 8.0
"""From this relevance on nothing is left out, however near the best is: a topic may be a headline,
and its own article nearer than all others can be."""

HIT_SHARE = 0.75
"""Weight of the passage's strength in that sum."""

SAME_EVENT = {"same language": 0.70, "across languages": 0.58}
SAME_EVENT_AND_DAY = {"same language": 0.62, "across languages": 0.53}
"""Cosines from which two sentences report the same event, and where they are of the same day
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
    asked = vectors.questions(readings(checked(topic), retriever))
    hits = retriever.search(topic, SEARCHED, filter)

    # 1. The sentences of passages on the topic, and their dates.
    reports = Reports(hits, kept)
    dated = [*_relevant(_dated(hits, reports), asked, vectors)]
    news = Counter(one.hit.article.id for one in dated if _is_news(one))
    undated = [*_relevant(_undated(hits, reports, news), asked, vectors)]
    mentions = _near_enough(dated, undated)

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


def readings(topic: str, retriever: Retriever) -> list[str]:
    """The topic, and what it says beside names: all that tells "Kazakhstan trade office" from whatever else
    there is of Kazakhstan. Twice the topic where that is nothing, or all."""
    library = retriever.library
    known = known_names(frozenset(library.languages()), library.settings.retrieve.aliases)
    left = topic
    for name in [*known.find(topic), *retriever.learned_names().find(topic)]:
        left = left[: name.start] + " " * len(name.text) + left[name.end :]
    left = " ".join(left.split())
    return [topic, left if any(c.isalnum() for c in left) else topic]


def _relevant(
    reports: Iterable[_Report], asked: Sequence[NDArray[np.float32]], vectors: Vectors
) -> Iterator[_Report]:
    """Each with its vector, and its relevance to what is asked, by itself or with its whole sentence."""
    given = list(reports)
    if not given:
        return
    languages = [one.language for one in given]
    parts = vectors.sentences([one.text for one in given], languages)
    whole = vectors.sentences([one.quote for one in given], languages)
    nearness = sum(
        np.maximum(
            vectors.nearness(question, parts, languages),
            vectors.nearness(question, whole, languages),
        )
        for question in asked
    )
    for one, near, vector in zip(given, np.asarray(nearness), parts, strict=True):
        yield replace(one, relevance=float(near) + HIT_SHARE * one.hit.strength, vector=vector)


def _near_enough(dated: Sequence[_Report], undated: Sequence[_Report]) -> list[_Report]:
    """Those that tell of the topic; of the undated the best of each article."""
    best = max((one.relevance for one in chain(dated, undated)), default=0.0)
    least = max(NEAR_TOPIC, min(best - BELOW_BEST, RELEVANT))
    reported: dict[str, _Report] = {}
    for one in sorted(undated, key=lambda one: -one.relevance):
        reported.setdefault(one.hit.article.id, one)
    return [one for one in chain(dated, reported.values()) if one.relevance >= least]


def _undated(hits: Sequence[Hit], reports: Reports, news: Mapping[str, int]) -> Iterator[_Report]:
    """The sentences without a date in the best passages of each article, on the day it was published;
    of none that has news with a date."""
    read: Counter[str] = Counter(dict.fromkeys(news, UNDATED_PASSAGES))
    for hit in hits:
        when = published_date(hit.article.published)
        read[hit.article.id] += 1
        if when is None or read[hit.article.id] > UNDATED_PASSAGES:
            continue
        for one in reports.of(hit):
            if not one.dates:
                text = seen(hit.article.text[one.span.start : one.span.end])
                yield _Report(hit, one.span, text, one.language, when)


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
