"""The Search tab: passages with the sentence that answers, facets, dates, marking and exporting.

In: a question, the reader's choices, and what was picked among the facets. Out: HTML of the results
and of the facets beside them; the marked passages as a file. No LLM is used.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock
from typing import Any

from index.errors import InputError
from index.languages.categories import categories
from index.languages.countries import country
from index.languages.text import detect
from index.store.rows import StoredArticle
from rag.answer.answer import Answer, AnswerSentence
from rag.results.hits import Citation, Hit, Hits
from ui.page.calls import Reader
from ui.page.desk import Desk
from ui.page.draw import search as draw
from ui.page.render import WRITERS
from ui.page.tabs import choices
from ui.page.tabs.panel import saved

FOUND = 60
"""Passages a search shows."""

REMEMBERED = 32
"""Searches whose passages are remembered while facets are picked."""

FACETS = ("countries", "outlets", "languages", "categories", "authors")
"""Fields of `Filter` that can be picked among what was found."""

MARKED = 200
"""Passages that are exported at once."""

Picked = dict[str, list[str]]


class Search:
    """Answers the Search tab's calls."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._found: OrderedDict[str, Hits] = OrderedDict()
        self._lock = Lock()

    def search(
        self,
        reader: Reader,
        question: str,
        chosen: dict[str, Any],
        picked: Picked,
        months: list[str],
        sort: str,
    ) -> dict[str, Any]:
        """The results, and the facets of all that was found before any was picked."""
        self.desk.searchable.wait()
        wide = self._hits(question, choices.as_given(chosen))
        hits = (
            self._narrowed(reader, question, chosen, picked, months) if picked or months else wide
        )
        shown = (
            sorted(hits, key=lambda hit: hit.article.published, reverse=True)
            if sort == "date"
            else hits
        )
        counts = {
            name: _counted([hit for hit in wide if _passes(hit, picked, months, but=name)], name)
            for name in FACETS
        }
        dated = [hit for hit in wide if _passes(hit, picked, [], but="")]
        return {
            "html": draw.results(shown, detect(question), reader.language, hits.seconds),
            "facets": draw.histogram(
                [hit.article.published for hit in dated], months, reader.language
            )
            + draw.facets(counts, picked, reader.language),
        }

    def _narrowed(
        self,
        reader: Reader,
        question: str,
        chosen: dict[str, Any],
        picked: Picked,
        months: list[str],
    ) -> Hits:
        filters = choices.as_given(chosen)
        for name, values in picked.items():
            if name not in FACETS:
                raise InputError(reader.say["bad_call"])
            if values:
                filters[name] = values
        if months:
            filters["published_after"], filters["published_before"] = min(months), max(months)
        return self._hits(question, filters)

    def _hits(self, question: str, filters: Mapping[str, Any]) -> Hits:
        key = repr((question, sorted(filters.items()), self.desk.library.generation))
        with self._lock:
            if key in self._found:
                return self._found[key]
        hits = self.desk.library.search(question, FOUND, **filters)
        with self._lock:
            self._found[key] = hits
            while len(self._found) > REMEMBERED:
                self._found.popitem(last=False)
        return hits

    def export_marked(
        self, reader: Reader, question: str, marked: list[str], ending: str
    ) -> dict[str, Any]:
        """The marked passages, each quoted and cited, as a file."""
        if ending not in WRITERS:
            raise InputError(reader.say["bad_call"])
        citations = self._citations(marked[:MARKED])
        if not citations:
            raise InputError(reader.say["none_marked"])
        sentences = tuple(
            AnswerSentence(citation.quote, (citation.n,), True, 1.0) for citation in citations
        )
        title = question.strip() or reader.say["marked"]
        language = detect(title) if question.strip() else reader.language
        answer = Answer(
            title, language, False, sentences, citations, Hits(title), "extractive", "",
        )  # fmt: skip
        return saved(title, ending, WRITERS[ending](answer))

    def _citations(self, marked: Sequence[str]) -> tuple[Citation, ...]:
        """Marked spans ("article-from-to") as citations; those of articles that are gone fall out."""
        citations: list[Citation] = []
        for reference in dict.fromkeys(marked):
            name, start, end = reference.split("-")
            article = self.desk.library.article(name)
            if article is not None:
                quote = article.text[int(start) : int(end)]
                citations.append(
                    Citation(len(citations) + 1, quote, int(start), int(end), "", article)
                )
        return tuple(citations)


def _values(article: StoredArticle, name: str) -> list[str]:
    """What an article has in a field of `Filter`."""
    if name == "countries":
        return [country(article.metadata.get("country"), article.url)]
    if name == "categories":
        return categories(article.tags, article.metadata)
    field = {"outlets": "outlet", "languages": "language", "authors": "author"}[name]
    return [getattr(article, field)]


def _counted(hits: Sequence[Hit], name: str) -> dict[str, int]:
    """Passages by what their article has in a field, most first."""
    counts: dict[str, int] = {}
    for hit in hits:
        for value in _values(hit.article, name):
            if value:
                counts[value] = counts.get(value, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: -item[1]))


def _passes(hit: Hit, picked: Picked, months: Sequence[str], but: str) -> bool:
    """Whether a hit has what is picked, in all facets but one."""
    published = hit.article.published
    if months and not (published and min(months) <= published[: len(min(months))] <= max(months)):
        return False
    return all(
        name == but or not values or set(values) & set(_values(hit.article, name))
        for name, values in picked.items()
        if name in FACETS
    )
