"""What the API answers, for its description: the shapes that the results' `to_dict` have.

The results are sent as they are; these describe them. A test holds each against real results.
Fields may be added to them, so that clients must let pass what they do not know.
"""

from __future__ import annotations

from pydantic import BaseModel, Field, JsonValue

from rag.analysis.checked import Differing, FoundOut
from rag.analysis.comparison import Kind


class Twin(BaseModel):
    """A reprint that counts as the same source."""

    article_id: str
    outlet: str
    file: str


class Hit(BaseModel):
    """A passage found."""

    passage_id: str
    article_id: str
    score: float
    rank: int
    file: str
    title: str
    outlet: str
    author: str
    published: str = Field(description="ISO 8601, a date or a date and time; empty if unknown.")
    url: str
    language: str
    start: int = Field(description="Offsets into the article's text, in Unicode code points.")
    end: int
    text: str
    best_sentence: str
    reasons: dict[str, JsonValue]
    duplicates: list[Twin]


class Hits(BaseModel):
    """Passages, best first."""

    question: str
    searched: list[str]
    confidence: float
    hits: list[Hit]
    seconds: float


class Citation(BaseModel):
    """The exact words of an article: its text from `start` to `end` is `quote`."""

    n: int
    quote: str
    start: int
    end: int
    passage_id: str
    article_id: str
    title: str
    outlet: str
    author: str
    published: str
    url: str
    language: str
    file: str
    also_in: list[Twin]


class Sentence(BaseModel):
    """A sentence of an answer."""

    text: str
    citations: list[int] = Field(description="Numbers (`n`) of the citations that carry it.")
    supported: bool = Field(description="Whether the articles carry it; if not, don't rely on it.")
    support: float
    reasons: list[str]


class AnswerSide(BaseModel):
    """What some of the sources say, where sources disagree on what is asked."""

    citations: list[int]
    outlets: list[str]
    newest: str = Field(description="The latest date of an article that says so, ISO 8601.")
    independent: int = Field(
        description="Sources that neither reprint one another nor come from one outlet."
    )


class Answer(BaseModel):
    """An answer whose every supported sentence cites the exact words of an article."""

    question: str
    asked: str
    language: str
    abstained: bool = Field(description="True where the articles don't answer the question.")
    text: str
    sentences: list[Sentence]
    citations: list[Citation]
    hits: list[Hit]
    confidence: float
    sides: list[AnswerSide] = Field(
        description="What each side says, that of the answer first; none where sources agree."
    )
    searched: list[str]
    llm: str
    embedder: str
    seconds: dict[str, float]
    notes: list[str]


class Group(BaseModel):
    """What one outlet, country, language, period or author says."""

    name: str
    articles: int
    answer: Answer


class Side(BaseModel):
    """A sentence of one group."""

    group: str
    citation: int
    quote: str


class Finding(BaseModel):
    """How two sentences stand to each other."""

    kind: Kind
    sides: list[Side]
    details: list[list[str]]


class Comparison(BaseModel):
    """The groups' answers side by side, and how they stand to each other."""

    question: str
    language: str
    by: str
    abstained: bool
    groups: list[Group]
    findings: list[Finding]
    citations: list[Citation]
    left_out: list[str]
    llm: str
    embedder: str
    seconds: dict[str, float]


class Difference(BaseModel):
    """What a claim says otherwise than an article."""

    kind: Differing
    claim: str
    article: str = Field(description="Empty where the article has nothing in its place.")


class CheckedClaim(BaseModel):
    """A sentence, and what the articles say of it."""

    text: str
    start: int = Field(description="Offsets into the text that was checked.")
    end: int
    verdict: FoundOut
    score: float = Field(description="Support, from 0 to 1.")
    supporting: list[Citation] = Field(alias="for")
    against: list[Citation]
    differs: list[Difference]
    reasons: list[str]


class FactCheck(BaseModel):
    """The sentences of a text, each with what the articles say of it."""

    text: str
    language: str
    claims: list[CheckedClaim]
    embedder: str
    seconds: dict[str, float]


class Dated(BaseModel):
    """Something that happened, and when."""

    date: str = Field(description="ISO 8601: a day, month or year, or an interval with a slash.")
    text: str
    language: str


class Mention(Dated):
    """An event as one cited sentence reports it."""

    citation: int


class Event(Dated):
    """Something that happened."""

    planned: bool
    citations: list[int]
    mentions: list[Mention]


class Timeline(BaseModel):
    """The events of a topic, oldest first."""

    topic: str
    language: str
    events: list[Event]
    citations: list[Citation]
    embedder: str
    seconds: dict[str, float]


class Row(BaseModel):
    """An article in a list, without its text."""

    id: str
    title: str
    outlet: str
    country: str
    published: str
    language: str
    author: str
    tags: list[str]
    url: str
    file: str
    source: str = Field(description="The file or url it was added from.")
    reprints: int
    added: str
    guessed: list[str] = Field(description="Fields that were inferred, not stated.")
    corrected: list[str] = Field(description="Fields that were set right by hand.")


class Listing(BaseModel):
    """A page of the list of articles."""

    rows: list[Row]
    total: int = Field(description="Articles on all pages.")


class Article(BaseModel):
    """An article with its text."""

    id: str
    title: str
    author: str
    outlet: str
    published: str
    url: str
    language: str
    file: str
    tags: list[str]
    guessed: list[str] = Field(description="Fields that were inferred, not stated.")
    added: str
    group: str = Field(description="The article it is a reprint of, or its own id.")
    text: str
    metadata: dict[str, JsonValue]


class Entry(BaseModel):
    """A source, and what became of it."""

    source: str
    articles: int
    reason: str
    count: int = 1
    article_ids: list[str] = Field(
        [], description="Of the articles that are in the library now; none of what was rejected."
    )


class AddReport(BaseModel):
    """What became of everything that was to be added."""

    added: list[Entry]
    updated: list[Entry]
    skipped: list[Entry]
    rejected: list[Entry]
    removed: list[Entry]
    articles: int
    passages: int
    embedded: int
    seconds: float
    left_out: list[Entry] = []


class RemoveReport(BaseModel):
    """What was removed."""

    articles: list[str]
    passages: int
    missing: list[str]
    seconds: float


class Status(BaseModel):
    """The library at a glance."""

    articles: int
    passages: int
    languages: dict[str, int]
    outlets: dict[str, int]
    sources: int
    groups: int
    earliest: str
    latest: str
    added: str
    bytes: int
    embedder: str
    generation: int
    llm: str
    version: str


class Reading(BaseModel):
    """The sentences that answer most likely, best first, and how probable it is that they do."""

    sentences: list[str]
    belief: float


class Draft(BaseModel):
    """A piece of the unchecked draft."""

    text: str


EVENTS: dict[str, str] = {
    "evidence": "Hits",
    "reading": "Reading",
    "draft": "Draft",
    "answer": "Answer",
    "error": "Problem",
}
"""Events of the stream of an answer, and what each carries as JSON."""
