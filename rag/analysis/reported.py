"""What the passages of a library report, sentence by sentence, and when it happened.

In: a hit. Out: the sentences of its passage that give a date, with the parts that each date belongs to,
and those that report something without one. What was read once is kept beside the library.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import astuple
from datetime import date
from typing import Any

from index.embed.kept import Kept, key_of
from index.records import Sentence
from rag.analysis.dates import DatedPart, EventDate, Reported
from rag.results.hits import Hit

READING = "2"
"""Raised whenever dates or sentences are read otherwise: what was kept before is read again."""


class Reports:
    """What passages report, read from their articles or from what is kept of an earlier reading."""

    def __init__(self, hits: Sequence[Hit], kept: Kept) -> None:
        texts = {hit.article.id: key_of(hit.article.text, hit.article.published) for hit in hits}
        keys = [key_of(READING, texts[hit.article.id], _place(hit)) for hit in hits]
        found = {key: _unpacked(value) for key, value in kept.get(keys).items()}
        missing = {key: hit for key, hit in zip(keys, hits, strict=True) if key not in found}
        if missing:
            # Its patterns take a tenth of a second to compile, and most passages were read before.
            from rag.analysis.reading import read

            made = dict(zip(missing, read([*missing.values()]), strict=True))
            kept.put({key: _packed(reported) for key, reported in made.items()})
            found |= made
        self._of = {hit.passage.id: found[key] for key, hit in zip(keys, hits, strict=True)}

    def of(self, hit: Hit) -> tuple[Reported, ...]:
        """The sentences of a hit's passage that report something, in order."""
        return self._of[hit.passage.id]


def _place(hit: Hit) -> str:
    spans = [(sentence.start, sentence.end) for sentence in hit.passage.sentences]
    return json.dumps([hit.passage.language, spans])


def _packed(read: Sequence[Reported]) -> bytes:
    rows = [
        (one.span.start, one.span.end, one.language, [_row(part) for part in one.dates])
        for one in read
    ]
    return json.dumps(rows).encode()


def _row(part: DatedPart) -> tuple[Any, ...]:
    first, last, *others = astuple(part.when)
    return first.isoformat(), last.isoformat(), *others, part.start, part.end


def _unpacked(packed: bytes) -> tuple[Reported, ...]:
    return tuple(
        Reported(Sentence(start, end), language, tuple(_part(row) for row in dates))
        for start, end, language, dates in json.loads(packed)
    )


def _part(row: Sequence[Any]) -> DatedPart:
    first, last, *others, start, end = row
    return DatedPart(
        EventDate(date.fromisoformat(first), date.fromisoformat(last), *others), start, end
    )
