"""Reads passages for what they report: their sentences with dates, and those without one.

In: hits. Out: the sentences of each hit's passage that report something, as `Reported`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.embed.passages import passage_language
from index.languages.pack import either, packs
from index.languages.text import is_question, seen
from index.records import Sentence
from rag.analysis.dates import DatedPart, Reported
from rag.analysis.event_dates import event_dates, last_year, written_on
from rag.results.hits import Hit

_SENTENCE = re.compile(
    r"[^。！？!?]+(?:[。！？]+[”’」』）)]*|[!?]+[\"”’)]*\s|[!?。]*$)|[。！？!?]+"
)
_STATEMENT = re.compile(r"[.。！!][\"”’」』）)]*$")
"""The end of a sentence that is no heading, caption or question."""
_GOING_ON = re.compile(either(pack.pages.going_on for pack in packs()), re.IGNORECASE)
"""Words by which a sentence describes a state rather than an event."""


def read(hits: Sequence[Hit]) -> list[tuple[Reported, ...]]:
    """What the passage of each hit reports, in order."""
    articles = {hit.article.id: hit.article for hit in hits}
    dated = {id: written_on(seen(one.text), one.published) for id, one in articles.items()}
    return [tuple(_reported(hit, dated[hit.article.id])) for hit in hits]


def _reported(hit: Hit, dated: str) -> Iterator[Reported]:
    year: int | None = None
    for span in hit.passage.sentences:
        for sentence in _sentences(hit.article.text, span):
            text = seen(hit.article.text[sentence.start : sentence.end])
            found = event_dates(text, dated, year)
            year = last_year(text) or year
            if is_question(text):
                continue  # it asks what happened
            if found or (_STATEMENT.search(text) and not _GOING_ON.search(text)):
                dates = tuple(DatedPart(one.when, one.part_start, one.part_end) for one in found)
                yield Reported(sentence, passage_language(text, hit.passage.language), dates)


def _sentences(text: str, span: Sentence) -> Iterator[Sentence]:
    """Cuts a sentence at every full stop, because a date belongs to nothing before it."""
    for match in _SENTENCE.finditer(text, span.start, span.end):
        start, end = match.span()
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        if start < end:
            yield Sentence(start, end)
