"""A question -> what each outlet (or country, language, period, author) answers, side by side.

In: a question, a retriever, an LLM or none. Out: a `Comparison`: for each group that has something
on the question its own cited `Answer`, made of its articles alone, and `Finding`s: sentences of two
groups that agree, that give different numbers, or that take opposite sides, both cited. A report
that several outlets reprint counts once, for the one it was found in.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from index.config import Settings
from index.embed.passages import passage_language
from index.embed.sentence_vectors import Vectors
from index.errors import InputError, ModelError
from index.languages.names import known_names
from index.languages.numbers import quantities
from index.languages.quantity import Quantity
from index.languages.text import detect, fold, primary
from index.report import Progress, ProgressCallback
from index.store.filters import Filter
from index.store.rows import StoredArticle
from rag.answer.answer import Answer, runs
from rag.answer.ask import ask, searched_languages
from rag.check.checker import Checker, Statement
from rag.check.opposites import axes, denies, may_deny
from rag.export.documents import Block, Document, Run, heading, labels, note
from rag.export.markdown import to_markdown
from rag.llm.streaming import name_of
from rag.llm.translating import translations
from rag.results.hits import ON_SUBJECT, Citation, Hit, Hits
from rag.results.numbering import Numbering, cite

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from rag.retrieve.retriever import Retriever

By = Literal["outlet", "country", "language", "period", "author"]
BY: tuple[By, ...] = ("outlet", "country", "language", "period", "author")

MOST_GROUPS = 4
"""Each costs an answer."""

SEARCHED = 60
"""Passages that are looked through for groups."""

STATEMENTS = 8
"""Sentences of a group that are held against those of the others."""

SAME_CLAIM = {"same language": 0.76, "across languages": 0.63}
"""Cosines from which two sentences make one claim, which they can agree on, or not. Of other
sentences of the same report (NTREX, 40 documents, Chinese and English) .01 reach them, most of them
headline and first sentence; of translations .80. At .66 and .56 .03 do, but nearly all of the
numbers that then differ count other things."""

STANCES = frozenset(
    (
        *("amount", "stance", "reply", "permission", "membership", "troops", "strength"),
        *("law", "truth", "outcome", "profit", "gate"),
    )
)
"""The opposites (rag/check/opposites.py) that are a position; before and after, north and south, he and
she stand side by side in sentences that agree."""

SHOWN = 5
"""Findings of each kind, the nearest pairs first."""

YEARS_BY_MONTH = 2
"""Articles within so many calendar years are compared by month, others by year."""

_GENERIC_DOMAINS = frozenset(("ai", "cc", "co", "eu", "fm", "io", "me", "tv", "ws"))
"""Country domains that outlets anywhere use."""

Kind = Literal["agree", "differ", "contradict"]


@dataclass(frozen=True, slots=True)
class Group:
    """What one outlet, country, language, period or author says."""

    name: str
    """"" where the articles do not tell."""
    answer: Answer
    """Its citations are numbered through the whole comparison."""
    articles: int
    """Articles on the question, reprints not counted."""

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "articles": self.articles, "answer": self.answer.to_dict()}


@dataclass(frozen=True, slots=True)
class Side:
    """A sentence of one group."""

    group: str
    citation: int
    quote: str

    def to_dict(self) -> dict[str, Any]:
        return {"group": self.group, "citation": self.citation, "quote": self.quote}


@dataclass(frozen=True, slots=True)
class Finding:
    """Two sentences on the same matter, and how they stand to each other."""

    kind: Kind
    """They say the same; they give different numbers; they take opposite sides."""
    sides: tuple[Side, Side]
    details: tuple[tuple[str, str], ...] = ()
    """The numbers that differ, as each side writes them."""

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "sides": [side.to_dict() for side in self.sides],
            "details": [list(pair) for pair in self.details],
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """The answers of the groups, and where they agree, differ and contradict each other."""

    question: str
    language: str
    by: By
    groups: tuple[Group, ...]
    findings: tuple[Finding, ...]
    citations: tuple[Citation, ...]
    left_out: tuple[str, ...]
    """Further groups with articles on the question, which were not asked."""
    llm: str
    embedder: str
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def abstained(self) -> bool:
        """Whether no group answers."""
        return all(group.answer.abstained for group in self.groups)

    def to_dict(self) -> dict[str, Any]:
        return {
            "question": self.question,
            "language": self.language,
            "by": self.by,
            "abstained": self.abstained,
            "groups": [group.to_dict() for group in self.groups],
            "findings": [finding.to_dict() for finding in self.findings],
            "citations": [citation.to_dict() for citation in self.citations],
            "left_out": list(self.left_out),
            "llm": self.llm,
            "embedder": self.embedder,
            "seconds": {name: round(value, 3) for name, value in self.seconds.items()},
        }

    def to_markdown(self) -> str:
        """The answers one below the other, the findings, and the quotes with their sources."""
        return to_markdown(self)

    def document(self) -> Document:
        """The answers one below the other, then the findings, as blocks of text."""
        say = labels(self.language)
        blocks: list[Block] = []
        for group in self.groups:
            title = group_title(group.name, group.articles, self.language)
            blocks += [heading(title), Block("text", runs(group.answer))]
            blocks += [note(said) for said in group.answer.notes]
        for kind in ("agree", "differ", "contradict"):
            found = [finding for finding in self.findings if finding.kind == kind]
            if found:
                blocks.append(heading(say[kind]))
            blocks += [Block("item", finding_runs(one, self.language)) for one in found]
        if self.left_out:
            names = ", ".join(group_name(name, self.language) for name in self.left_out)
            blocks.append(note(f"{say['left_out']}: {names}"))
        if not self.groups:
            blocks.append(Block("text", (Run(say["no_groups"]),)))
        return Document(self.question, self.language, tuple(blocks), self.citations)


def group_name(name: str, language: str) -> str:
    """The name of a group of a comparison, in words where the articles tell none."""
    return name or labels(language)["unknown"]


def group_title(name: str, articles: int, language: str) -> str:
    """The same with how many articles it has on the question."""
    space = "" if language.startswith("zh") else " "
    what = labels(language)["article_read" if articles == 1 else "articles_read"]
    return f"{group_name(name, language)} ({articles}{space}{what})"


def finding_runs(finding: Finding, language: str) -> tuple[Run, ...]:
    """Both sides of a finding, each quoted and cited."""
    parts: list[Run] = []
    for at, side in enumerate(finding.sides):
        said = ", ".join(pair[at] for pair in finding.details)
        name = group_name(side.group, language) + (f" ({said})" if said else "")
        parts += [Run(f"{name}:", strong=True), Run(f"“{side.quote}”", (side.citation,))]
    return tuple(parts)


def compare(
    question: str,
    retriever: Retriever,
    llm: LLM | None,
    settings: Settings,
    *,
    by: By = "outlet",
    most: int = MOST_GROUPS,
    filter: Filter | None = None,
    progress: ProgressCallback | None = None,
) -> Comparison:
    """Asks each group by itself, at most `most` of them, those with the best passages first.

    Raises InputError on an unknown `by`, an empty question or a bad filter.
    """
    events = compare_stream(question, retriever, llm, settings, by=by, most=most, filter=filter)
    for event in events:
        if isinstance(event, Comparison):
            return event
        if progress is not None:
            progress(event)
    raise TypeError("compare_stream ends with the comparison")


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
    """`compare`, told as it happens: how many groups have answered, at last the comparison.

    Closing the iterator stops before the next group.
    """
    if by not in BY:
        raise InputError(f"Cannot compare by {by!r}: use one of {', '.join(BY)}.")
    began = time.perf_counter()
    language = detect(question)

    # 1. The groups that have something on the question; an LLM translates it once for all of them.
    translated = _translations(question, retriever, llm, settings, filter)
    found = retriever.search(question, SEARCHED, filter, translated or ())
    by_name = _groups([hit for hit in found if hit.strength >= ON_SUBJECT], by, language)
    names = list(by_name)[:most]

    # 2. The answer of each, from its own articles.
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

    # 3. Their sentences held against each other.
    vectors = Vectors(retriever.library.embedder, retriever.library.path)
    languages = frozenset(retriever.library.languages())
    checker = Checker(known_names(languages, settings.retrieve.aliases), reads=vectors)
    told = [_told(group, vectors) for group in groups]
    findings = _findings(told, checker, settings.answer.support_at_least, numbering)
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


def _translations(
    question: str,
    retriever: Retriever,
    llm: LLM | None,
    settings: Settings,
    filter: Filter | None,
) -> list[str] | None:
    """The question in the other languages that are searched; None where it is not translated, or
    the LLM fails: each group's answer then says so."""
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
    """The hits of each group, the one with the best hit first; a reprint is with its first hit."""
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
    """Of the outlet: what the article's own data say, else the country domain of its url."""
    stated = article.metadata.get("country")
    if isinstance(stated, str) and stated.strip():
        return stated.strip()
    domain = (urlsplit(article.url).hostname or "").rpartition(".")[2]
    if len(domain) != 2 or domain in _GENERIC_DOMAINS:
        return ""
    from babel import Locale

    locale = Locale.parse(language.replace("-", "_")) if language != "und" else Locale("en")
    code = "GB" if domain == "uk" else domain.upper()
    return str(locale.territories.get(code, ""))


def _only(hits: Sequence[Hit], name: str, by: By, given: Filter | None) -> Filter:
    """What lets only the articles of a group through, of those the user's filter lets through."""
    within = given or Filter()
    if by in {"outlet", "country"}:
        outlets = tuple(dict.fromkeys(hit.article.outlet for hit in hits))
        return replace(within, outlets=outlets)
    if by == "author":
        return replace(within, authors=(name,))
    if by == "language":
        return replace(within, languages=(name,))
    if not name:  # nothing filters for articles without a date
        return replace(within, groups=tuple({hit.article.group for hit in hits}))
    ends = [end for end in (within.published_before, within.as_of) if end]
    return replace(
        within,
        published_after=max(within.published_after, name),
        published_before=name,
        as_of=min(ends, default=""),
    )


def _renumbered(answer: Answer, hits: Sequence[Hit], numbering: Numbering) -> Answer:
    """The answer with numbers of the whole comparison, and the reprints its filter left out."""
    reprints: dict[str, dict[str, StoredArticle]] = {}
    for hit in hits:
        twins = reprints.setdefault(hit.article.group, {})
        twins.update((twin.id, twin) for twin in (hit.article, *hit.duplicates))
    new: dict[int, int] = {}
    cited: list[Citation] = []
    for citation in answer.citations:
        words = fold(citation.quote)
        also_in = tuple(
            twin
            for twin in reprints.get(citation.article.group, {}).values()
            if twin.id != citation.article.id and words in fold(twin.text)
        )
        whole = replace(citation, also_in=also_in or citation.also_in)
        new[citation.n] = numbering.number(whole)
        cited.append(replace(whole, n=new[citation.n]))
    sentences = tuple(
        replace(sentence, citations=tuple(dict.fromkeys(new[n] for n in sentence.citations)))
        for sentence in answer.sentences
    )
    return replace(answer, sentences=sentences, citations=tuple(cited))


# -- findings -------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """A sentence of a group, ready to be compared."""

    group: str
    citation: Citation
    statement: Statement

    @property
    def text(self) -> str:
        return self.citation.quote


def _told(group: Group, vectors: Vectors) -> list[_Told]:
    """What the group's answer cites, and the best sentences of its passages; none if it has no
    answer."""
    if group.answer.abstained:
        return []
    quotes = list(_quotes(group.answer.citations, group.answer.hits))[:STATEMENTS]
    languages = [passage_language(c.quote, c.article.language) for c, _ in quotes]
    matrix = vectors.sentences([citation.quote for citation, _ in quotes], languages)
    return [
        _Told(
            group.name,
            citation,
            Statement(
                citation.quote,
                language,
                vector,
                citation.article.published,
                f"{citation.article.title}\n{around}",
            ),
        )
        for (citation, around), language, vector in zip(quotes, languages, matrix, strict=True)
    ]


def _quotes(citations: Iterable[Citation], hits: Hits) -> Iterator[tuple[Citation, str]]:
    """(citation, the text around it), each sentence once, as far as it says something."""
    seen: set[tuple[str, int]] = set()
    passages = {hit.passage.id: hit.passage.text for hit in hits}
    cited = [(citation, passages.get(citation.passage_id, "")) for citation in citations]
    best = [
        (cite(hit, hit.best_sentence), hit.passage.text)
        for hit in hits
        if hit.strength >= ON_SUBJECT
    ]
    for citation, around in (*cited, *best):
        place = (citation.article.id, citation.start)
        if place not in seen:
            seen.add(place)
            yield citation, around


def _findings(
    told: Sequence[Sequence[_Told]], checker: Checker, least: float, numbering: Numbering
) -> list[Finding]:
    """The nearest pairs of each kind; a sentence is in one finding of a kind only."""
    pairs: list[tuple[float, Kind, _Told, _Told, tuple[tuple[str, str], ...]]] = []
    for group, others in combinations(told, 2):
        for one in group:
            for other in others:
                if one.citation.article.group == other.citation.article.group:
                    continue  # reprints of one report
                kind, details = relation(one.statement, other.statement, checker, least)
                if kind is not None:
                    near = float(one.statement.vector @ other.statement.vector)
                    pairs.append((near, kind, one, other, details))
    pairs.sort(key=lambda pair: pair[0], reverse=True)
    findings: list[Finding] = []
    for kind in ("agree", "differ", "contradict"):
        used: set[int] = set()
        for _, other_kind, one, other, details in pairs:
            if other_kind != kind or {id(one), id(other)} & used or len(used) >= 2 * SHOWN:
                continue
            used |= {id(one), id(other)}
            sides = (_side(one, numbering), _side(other, numbering))
            findings.append(Finding(kind, sides, details))
    return findings


def relation(
    one: Statement, other: Statement, checker: Checker, least: float
) -> tuple[Kind | None, tuple[tuple[str, str], ...]]:
    """How two sentences that make one claim stand to each other, and the numbers that differ.

    They differ where numbers of one kind do; they contradict if one denies what the other says, or
    takes the other side of an opposite; else they agree where either carries the other (the
    support check of rag/check/checker.py, at `least`). None where nothing can be told.
    """
    same = primary(one.language) == primary(other.language)
    least_near = SAME_CLAIM["same language" if same else "across languages"]
    if float(one.vector @ other.vector) < least_near:
        return None, ()
    if details := differing(one.text, other.text):
        return "differ", details
    if _opposed(one.text, other.text):
        return "contradict", ()
    if denies(one.text) != denies(other.text):
        return None, ()
    score = max(checker.check(one, [other]).score, checker.check(other, [one]).score)
    return ("agree" if score >= least else None), ()


def _opposed(one: str, other: str) -> bool:
    if (denies(one) and not may_deny(other)) or (denies(other) and not may_deny(one)):
        return True
    sides, others = axes(one), axes(other)
    return any(way and others.get(axis) == -way for axis, way in sides.items() if axis in STANCES)


def differing(one: str, other: str) -> tuple[tuple[str, str], ...]:
    """Numbers of one kind (percent, dollars, people, kilometres, ...) that the two texts have
    each one of, and that are not equal, as each writes them."""
    mine, theirs = _single(one), _single(other)
    return tuple(
        (one[number.start : number.end], other[theirs[kind].start : theirs[kind].end])
        for kind, number in mine.items()
        if kind in theirs and not (number.equals(theirs[kind]) or theirs[kind].equals(number))
    )


def _single(text: str) -> dict[str, Quantity]:
    """Kinds of which a text has one number, with that number."""
    by_kind: dict[str, list[Quantity]] = {}
    for quantity in quantities(text):
        if quantity.sure:
            by_kind.setdefault(quantity.kind, []).append(quantity)
    return {kind: found[0] for kind, found in by_kind.items() if len(found) == 1}


def _side(told: _Told, numbering: Numbering) -> Side:
    return Side(told.group, numbering.number(told.citation), told.citation.quote)
