"""A timeline: events in the order of their dates, each with all sentences that report it. Plain data,
with its Markdown and its `Document`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from index.frames import to_frame
from index.shown import Shown
from rag.analysis.dates import EventDate
from rag.export.documents import Block, Document, Run, labels
from rag.export.markdown import to_markdown
from rag.results.hits import Citation

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True)
class Mention:
    """What one sentence of an article says about an event."""

    citation: int
    when: EventDate
    text: str
    """The part of the cited sentence that the date belongs to: the whole sentence if it has one date."""
    language: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "citation": self.citation,
            "text": self.text,
            "language": self.language,
            **_date_dict(self.when),
        }


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, with all its mentions; the first one is shown."""

    when: EventDate
    mentions: tuple[Mention, ...]
    planned: bool = False
    """It was reported before it was to happen; the articles may not say whether it did."""

    @property
    def text(self) -> str:
        return self.mentions[0].text

    @property
    def language(self) -> str:
        return self.mentions[0].language

    @property
    def citations(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(mention.citation for mention in self.mentions))

    def to_dict(self) -> dict[str, Any]:
        return {
            **_date_dict(self.when),
            "planned": self.planned,
            "text": self.text,
            "language": self.language,
            "citations": list(self.citations),
            "mentions": [mention.to_dict() for mention in self.mentions],
        }


@dataclass(frozen=True, slots=True)
class Timeline(Shown):
    """The events of a topic, oldest first."""

    topic: str
    language: str
    events: tuple[Event, ...]
    citations: tuple[Citation, ...]
    embedder: str
    seconds: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        return {
            "topic": self.topic,
            "language": self.language,
            "events": [event.to_dict() for event in self.events],
            "citations": [citation.to_dict() for citation in self.citations],
            "embedder": self.embedder,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
        }

    def to_markdown(self) -> str:
        """The events with their dates, then the citations as a numbered list of quotes."""
        return to_markdown(self)

    def document(self) -> Document:
        """The events with their dates as blocks of text."""
        blocks = [Block("item", event_runs(event, self.language)) for event in self.events]
        if not blocks:
            blocks.append(Block("text", (Run(labels(self.language)["no_events"]),)))
        return Document(self.topic, self.language, tuple(blocks), self.citations)

    def to_rows(self) -> list[dict[str, Any]]:
        """Plain data, one row a mention of an event: its date, its words, where they stand."""
        cited = {citation.n: citation for citation in self.citations}
        return [
            {
                "event": number,
                **_date_dict(mention.when),
                "text": mention.text,
                "quote": cited[mention.citation].quote,
                "outlet": cited[mention.citation].article.outlet,
                "published": cited[mention.citation].article.published,
                "title": cited[mention.citation].article.title,
                "url": cited[mention.citation].article.url,
                "file": cited[mention.citation].article.file,
            }
            for number, event in enumerate(self.events, 1)
            for mention in event.mentions
        ]

    def to_pandas(self) -> pd.DataFrame:
        """One row a mention of an event: its date, its words, where they stand."""
        return to_frame(self.to_rows())


def event_runs(event: Event, language: str) -> tuple[Run, ...]:
    """An event with its date."""
    date = date_words(event.when, language)
    if event.planned:
        date += f" [{labels(language)['planned']}]"
    return Run(date, strong=True), Run(event.text, event.citations)


def date_words(when: EventDate, language: str) -> str:
    """An event's date for display: "since 2022-02-24", "2022-09-06 – 2022-09-20 (近日)"."""
    say = labels(language)
    text = when.iso.replace("/", " – ")
    if when.basis == "published":
        return f"{text} ({say['reported']})"
    if when.since:
        text = f"{say['since']} {text}"
    return f"{text} ({when.said})" if when.basis == "relative" else text


def _date_dict(when: EventDate) -> dict[str, Any]:
    return {
        "date": when.iso,
        "precision": when.precision,
        "basis": when.basis,
        "said": when.said,
        "since": when.since,
    }
