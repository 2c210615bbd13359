"""What a question is pinned to, its names and dates, and whether an excerpt is about them.

In: a question and a sentence of a hit, in whatever languages. Out: how many names of the question are
nowhere near the sentence, and whether its dates are those asked for. A language model, large or small, takes
a good answer about another country, or another year, for the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.languages.dates.relative_days import day_of
from index.languages.names import Name, Names, alike, known_names, names_in, unplaced
from index.languages.numbers.quantity import Day
from index.languages.numbers.stated import days
from index.languages.pack import pack_of
from index.languages.text import detect, fold_script, is_spaced, primary, seen
from index.records import Article
from rag.llm.localizing import localized
from rag.results.hits import Hit

REPORTED_FOR = 10
"""So many days an article looks back: on the third of March it still reports what happened in February."""

_BETWEEN_AUTHORS = re.compile("[、,，;；/&]")


@dataclass(frozen=True, slots=True)
class Anchors:
    """How a sentence stands to the names and dates of a question."""

    unnamed: int = 0
    """Names of the question that its passage and headline lack, and are not its outlet or author."""
    dated: int = 0
    """1 with a date of the question, -1 with other dates only, 0 where either has none."""


def held(asked: str, article: Article) -> str:
    """The words of a question or claim that an article's own date, outlet and authors make true; "" if none.

    A text hardly ever says when, where and by whom it was published. The reader, which does not see that,
    takes it that a text without the year asked for tells of another year.
    """
    publishers = map(str.strip, (article.outlet, *_BETWEEN_AUTHORS.split(article.author)))
    named = [name for name in publishers if name and _names_publisher(asked, name)]
    return " ".join([*held_dates(asked, article.published), *named])


def _names_publisher(asked: str, name: str) -> bool:
    """Whether a text has the whole name of an outlet or author: no AP in Japan, no Time in a first time, and no
    outlet that calls itself Vietnam, which would make its articles ones about Vietnam."""
    edge = r"\b" if is_spaced(name) else ""
    whole = f"{edge}{re.escape(fold_script(name))}{edge}"
    in_haste = re.IGNORECASE if asked == asked.lower() else re.NOFLAG
    found = re.search(whole, fold_script(asked), in_haste)
    return bool(found) and all(known.text != name for known in known_names().find(name))


def held_dates(asked: str, published: str) -> list[str]:
    """The words for days, months and years in which an article appeared, or that it still reports."""
    return [asked[day.start : day.end] for day in days(asked) if _reported(day, published)]


def _reported(asked: Day, published: str) -> bool:
    appeared = day_of(published)
    if appeared is None or asked.year is None:
        return False
    last = appeared.toordinal()
    told = map(date.fromordinal, range(max(1, last - REPORTED_FOR + 1), last + 1))
    return any(day.isoformat().startswith(asked.iso()) for day in told)


class Pinned:
    """A question's names and dates, found once."""

    def __init__(self, question: str, tables: Sequence[Names]) -> None:
        self._question, self._tables = question, tables
        self._names = names_in(question, tables)
        self._days = days(question)
        self._around: dict[str, list[Name]] = {}

    def localized(self, language: str) -> str:
        """The question with its names, dates and large numbers as passages of a language write them.

        The reader knows few names in two languages: of 金砖国家 it finds no word in a question about BRICS,
        and takes it that the passage is about something else.
        """
        pack = pack_of(language)
        if pack is None or primary(detect(self._question)) == language:
            return self._question
        text = self._question
        for day in reversed(self._days):
            if day.month is not None and not day.resolved:
                written = pack.dates.written(day.year, day.month, day.day)
                text = text[: day.start] + written + text[day.end :]
        return localized(text, language, text, self._tables)

    def anchors(self, hit: Hit, text: str) -> Anchors:
        """How a sentence of a hit stands to them: the names are looked for around it, the dates in it."""
        if not self._names and not self._days:
            return Anchors()
        passage = hit.passage
        if passage.id not in self._around:
            true = held(self._question, hit.article)
            around = f"{true}\n{hit.article.title}\n{unplaced(seen(passage.text))}"
            self._around[passage.id] = names_in(around, self._tables)
        named = self._around[passage.id]
        unnamed = sum(not any(alike(name, other) for other in named) for name in self._names)
        return Anchors(unnamed, self._dated(text, hit.article.published))

    def of_another_time(self, hit: Hit) -> list[bool]:
        """Which sentences of a hit have dates, and none that is asked for."""
        text, published = hit.article.text, hit.article.published
        return [
            self._dated(text[span.start : span.end], published) < 0
            for span in hit.passage.sentences
        ]

    def _dated(self, text: str, dated: str) -> int:
        dates = days(text, dated) if self._days else []
        if not dates:
            return 0
        same = any(one.within(other) or other.within(one) for one in self._days for other in dates)
        return 1 if same else -1
