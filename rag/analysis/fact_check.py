"""A text -> for each of its sentences what the articles say: so, otherwise, in part, or nothing.

In: a claim or several, a retriever, a filter. Out: a `FactCheck`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.config import Settings
from index.errors import InputError
from index.languages.text import is_question, sentences
from index.records import Sentence
from index.report import Progress, ProgressCallback
from index.store.filters import Filter
from rag.analysis.checked import MOST_CHARS, MOST_CLAIMS, CheckedClaim, FactCheck
from rag.analysis.claim_lookup import Articles
from rag.llm.meanwhile import OpensLLM
from rag.question.asked_in import asked_in
from rag.question.typed import typed
from rag.results.hits import Citation
from rag.results.numbering import Numbering

if TYPE_CHECKING:
    from rag.results.sources import Source
    from rag.retrieve.retriever import Retriever

LEAST_LETTERS = 6


def check(
    text: str,
    retriever: Retriever,
    settings: Settings,
    llm: OpensLLM,
    *,
    filter: Filter | None = None,
    progress: ProgressCallback | None = None,
) -> FactCheck:
    """Checks each sentence of a text against the articles. An LLM that cannot be opened, or that fails, is
    done without.

    Raises InputError on an empty or too long text, or a bad filter.
    """
    for event in check_stream(text, retriever, settings, llm, filter=filter):
        if isinstance(event, FactCheck):
            return event
        if progress is not None:
            progress(event)
    raise TypeError("the events end with what was found")


def check_stream(
    text: str,
    retriever: Retriever,
    settings: Settings,
    llm: OpensLLM,
    *,
    filter: Filter | None = None,
) -> Iterator[Progress | FactCheck]:
    """`check`, as it happens: how many sentences are done, at last what was found."""
    began = time.perf_counter()
    language = asked_in(text, retriever.library)
    claims = _claims(text, language)
    articles = Articles(retriever, settings, llm, filter)
    numbering = Numbering()
    checked: list[CheckedClaim] = []
    for done, span in enumerate(claims):
        yield Progress(done, len(claims))
        checked.append(_checked(articles, text, span, numbering))
    yield FactCheck(
        text,
        language,
        tuple(checked),
        numbering.all(),
        retriever.library.embedder.name,
        {"total": time.perf_counter() - began},
    )


def _claims(text: str, language: str) -> list[Sentence]:
    """The sentences of a text. Raises InputError where there are none, or too many, and on bytes that are no
    text."""
    if not any(c.isalnum() for c in typed(text)):
        raise InputError("no_claim", "There is no claim to check. Give a sentence.")
    found = sentences(text, language) if len(text) <= MOST_CHARS else []
    if not 0 < len(found) <= MOST_CLAIMS:
        raise InputError(
            "claims_many",
            "At most {claims} sentences of {chars} characters in all are checked at "
            "once. Give the text in parts.",
            claims=MOST_CLAIMS,
            chars=MOST_CHARS,
        )
    return found


def _checked(articles: Articles, text: str, span: Sentence, numbering: Numbering) -> CheckedClaim:
    words = text[span.start : span.end]
    if sum(map(str.isalpha, words)) < LEAST_LETTERS or is_question(words):
        return CheckedClaim(words, span.start, span.end, "no claim")
    found = articles.look_up(words)

    def cited(sources: Sequence[Source]) -> tuple[Citation, ...]:
        numbers = dict.fromkeys(numbering.cite(source.hit, source.span) for source in sources)
        return tuple(numbering.all()[number - 1] for number in numbers)

    return CheckedClaim(
        words,
        span.start,
        span.end,
        found.verdict,
        found.score,
        cited(found.supporting),
        cited(found.against),
        found.differs,
        found.reasons,
    )
