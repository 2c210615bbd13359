"""A question -> what each outlet (or country, language, period, author) answers, side by side.

In: a question, a retriever, an LLM or none. Out: a `Comparison`: for each group with articles on the
question an `Answer` from its articles alone, and `Finding`s: pairs of sentences of two groups that
agree, that give different numbers, or that take opposite sides. A report that several outlets
reprint counts for one of them only.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.config import Settings
from index.embed.sentence_vectors import Vectors
from index.errors import InputError, ModelError
from index.languages.countries import country, country_name
from index.languages.names import known_names
from index.languages.text import detect, fold, primary, seen
from index.report import Progress, ProgressCallback
from index.store.filters import Filter
from index.store.rows import StoredArticle
from rag.analysis.comparison import BY, By, Comparison, Finding, Group
from rag.analysis.findings import find_findings, statements_of
from rag.answer.answer import Answer
from rag.answer.ask import ask, searched_languages
from rag.check.checker import Checker
from rag.check.likelier import Contrasting
from rag.llm.streaming import name_of
from rag.llm.translating import translations
from rag.question.asked_in import asked_in
from rag.results.hits import ON_SUBJECT, Citation, Hit
from rag.results.numbering import Numbering

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from rag.retrieve.retriever import Retriever

MOST_GROUPS = 4
"""How many groups are asked; each takes the time of an answer."""

SEARCHED = 60
"""How many passages are searched for groups."""

YEARS_BY_MONTH = 2
"""Where the articles are from fewer calendar years than this, they are compared by month, else by
year."""


def final(
    events: Iterable[Progress | Comparison], progress: ProgressCallback | None = None
) -> Comparison:
    """The comparison that the events end with; the others go to `progress`."""
    for event in events:
        if isinstance(event, Comparison):
            return event
        if progress is not None:
            progress(event)
    raise TypeError("the events end with a comparison")


def compare_stream(
    question: str,
    retriever: Retriever,
    llm: LLM | None,
    settings: Settings,
    *,
    by: By = "outlet",
    most: int = MOST_GROUPS,
    filter: Filter | None = None,
) -> Iterator[Progress | Comparison]:
    """Asks each group by itself, at most `most` of them, those with the best passages first. Yields how
    many groups have answered, and the comparison at last.

    Closing the iterator stops before the next group. Raises InputError on an unknown `by`, an empty
    question or a bad filter.
    """
    if by not in BY:
        raise InputError(f"Cannot compare by {by!r}: use one of {', '.join(BY)}.")
    began = time.perf_counter()
    language = asked_in(question, retriever.library)

    # 1. The groups with passages on the question, which an LLM translates once for all of them.
    translated = _translations(question, retriever, llm, settings, filter)
    found = retriever.search(question, SEARCHED, filter, translated or ())
    by_name = _groups([hit for hit in found if hit.strength >= ON_SUBJECT], by, language)
    names = list(by_name)[:most]

    # 2. The answer of each group, from its own articles.
    numbering = Numbering()
    groups: list[Group] = []
    for done, name in enumerate(names):
        yield Progress(done, len(names), source=name)
        hits = by_name[name]
        only = _only(hits, name, by, filter)
        spoken = searched_languages(retriever.library, only)
        theirs = translated and [text for text in translated if _primary(text) in spoken]
        answer = ask(question, retriever, llm, settings, filter=only, translated=theirs)
        stories = {hit.article.group for hit in hits}
        groups.append(Group(name, _renumbered(answer, hits, numbering), len(stories)))

    # 3. Their sentences, compared with each other.
    findings = _findings(groups, retriever, llm, settings, numbering)
    yield Comparison(
        question,
        language,
        by,
        tuple(groups),
        tuple(findings),
        numbering.all(),
        tuple(list(by_name)[most:]),
        name_of(llm),
        retriever.library.embedder.name,
        {"total": time.perf_counter() - began},
    )


def _findings(
    groups: Sequence[Group],
    retriever: Retriever,
    llm: LLM | None,
    settings: Settings,
    numbering: Numbering,
) -> list[Finding]:
    """Where the sentences of two groups agree or differ."""
    vectors = Vectors(retriever.library.embedder, retriever.library.path)
    languages = frozenset(retriever.library.languages())
    names = known_names(languages, settings.retrieve.aliases)
    checker = Checker(names, reads=vectors)
    contrasting = Contrasting(lambda: llm, [names])
    statements = [statements_of(group, vectors) for group in groups]
    least = settings.answer.support_at_least
    return find_findings(statements, checker, contrasting, least, numbering)


def _translations(
    question: str,
    retriever: Retriever,
    llm: LLM | None,
    settings: Settings,
    filter: Filter | None,
) -> list[str] | None:
    """The question in the other languages that are searched. None where it is not to be translated, or
    where the LLM fails: then the answer of each group says so."""
    if llm is None or not settings.retrieve.translate:
        return None
    languages = retriever.library.languages()
    names = (
        known_names(frozenset(languages), settings.retrieve.aliases),
        retriever.learned_names(),
    )
    try:
        return translations(question, searched_languages(retriever.library, filter), names, llm)
    except ModelError:
        return None


def _primary(text: str) -> str:
    return primary(detect(text))


# -- groups ---------------------------------------------------------------------------------------


def _groups(hits: Sequence[Hit], by: By, language: str) -> dict[str, list[Hit]]:
    """The hits of each group, the group with the best hit first. A reprint counts for the group of the
    first hit that has it."""
    name_of_ = _namer(hits, by, language)
    home: dict[str, str] = {}
    groups: dict[str, list[Hit]] = {}
    for hit in hits:
        name = home.setdefault(hit.article.group, name_of_(hit.article))
        if name == name_of_(hit.article):
            groups.setdefault(name, []).append(hit)
    return groups


def _namer(hits: Sequence[Hit], by: By, language: str) -> Callable[[StoredArticle], str]:
    if by == "outlet":
        return lambda article: article.outlet
    if by == "author":
        return lambda article: article.author
    if by == "language":
        return lambda article: article.language
    if by == "country":
        return lambda article: _country(article, language)
    years = {hit.article.published[:4] for hit in hits} - {""}
    width = 7 if years and int(max(years)) - int(min(years)) < YEARS_BY_MONTH else 4
    return lambda article: article.published[:width]


def _country(article: StoredArticle, language: str) -> str:
    """Of the outlet, by its name in a language."""
    return country_name(country(article.metadata.get("country"), article.url), language)


def _only(hits: Sequence[Hit], name: str, by: By, given: Filter | None) -> Filter:
    """A filter that allows only the articles of a group, among those that the user's filter allows."""
    within = given or Filter()
    if by in {"outlet", "country"}:
        outlets = tuple(dict.fromkeys(hit.article.outlet for hit in hits))
        return replace(within, outlets=outlets)
    if by == "author":
        return replace(within, authors=(name,))
    if by == "language":
        return replace(within, languages=(name,))
    if not name:  # no filter selects articles without a date
        return replace(within, groups=tuple({hit.article.group for hit in hits}))
    ends = [end for end in (within.published_before, within.as_of) if end]
    return replace(
        within,
        published_after=max(within.published_after, name),
        published_before=name,
        as_of=min(ends, default=""),
    )


def _renumbered(answer: Answer, hits: Sequence[Hit], numbering: Numbering) -> Answer:
    """The answer with citation numbers of the whole comparison, and with the reprints that its filter
    left out."""
    reprints: dict[str, dict[str, StoredArticle]] = {}
    for hit in hits:
        twins = reprints.setdefault(hit.article.group, {})
        twins.update((twin.id, twin) for twin in (hit.article, *hit.duplicates))
    new: dict[int, int] = {}
    cited: list[Citation] = []
    for citation in answer.citations:
        words = fold(seen(citation.quote))
        also_in = tuple(
            twin
            for twin in reprints.get(citation.article.group, {}).values()
            if twin.id != citation.article.id and words in fold(seen(twin.text))
        )
        whole = replace(citation, also_in=also_in or citation.also_in)
        new[citation.n] = numbering.number(whole)
        cited.append(replace(whole, n=new[citation.n]))

    def renumbered(numbers: Iterable[int]) -> tuple[int, ...]:
        return tuple(dict.fromkeys(new[n] for n in numbers))

    return replace(
        answer,
        sentences=tuple(replace(s, citations=renumbered(s.citations)) for s in answer.sentences),
        sides=tuple(replace(side, citations=renumbered(side.citations)) for side in answer.sides),
        citations=tuple(cited),
    )
