"""Hits -> the sentences an answer can be made of, and the excerpts the LLM reads.

In: the hits of a question. Out: a `Source` for every sentence of the hits, with its own vector, and
of these the few `Excerpt`s most likely to answer. A sentence embedded by itself finds answers
better than its mean within the passage, so sentences are embedded when they are needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from index.embed.passages import HEADING_WIDTH, passage_language, printed_width
from index.embed.sentence_vectors import Vectors
from index.languages.text import detect, fold, primary
from index.records import Sentence
from rag.question.answer_forms import form_bonus
from rag.question.query import TRANSLATED
from rag.results.hits import Hit, Hits
from rag.results.sources import Excerpt, Source

HIT_SHARE = 0.75
"""Weight of the hit's own score beside the sentence's nearness, both in standard deviations. On 53
questions about news the answering sentence is among the first eight as often with .5 to 1."""

CARRIED_OVER = 0.4
"""Of the nearness by which the sentence before is ahead, what a sentence gains: "We will support it",
behind "Xi pledged to protect the country". Of 0, .2, .4 and .6, on 53 questions about news: the
answering sentence among the first four for 46, 47, 48, 48, among the first eight for 50, 51, 51, 50."""

LEAST_LETTERS = 6
"""Shorter sentences (a date line, a number) carry nothing that can be cited."""

HAN_TOKENS = 0.75
OTHER_TOKENS = 0.27
HEADING_TOKENS = 25
"""Tokens of a Han character, of another one, and of an excerpt's heading, as Qwen2.5 counts."""


MOST_LISTED = 200
"""Tokens of a list that is read as one."""

TOLD_TWICE = 0.7
"""Cosine from which two sentences tell the same. Read once, on 53 questions about news the answering
sentence is among the first four for 51, where it was for 48; from .65 for 50, from .75 for 49."""

_ITEM = re.compile(
    r"首先|其次|再[次者]|最后|此外|另外|同时|[一二三四五]是|第[一二三四五]|其[一二三四五]|[一二三四五\d][、.)]|[-•·]"
    r"|一方面|另一方面|first|second|third|finally|lastly|also|moreover|in addition"
)


def gather(hits: Hits, vectors: Vectors) -> list[Source]:
    """The sentences of the hits, each once, in the order of the hits and of their texts."""
    found: dict[tuple[str, int], tuple[Hit, Sentence, str]] = {}
    for hit in hits:
        for span in hit.passage.sentences:
            text = hit.article.text[span.start : span.end]
            if sum(map(str.isalpha, text)) >= LEAST_LETTERS:
                found.setdefault((hit.article.id, span.start), (hit, span, text))
    if not found:
        return []
    rows = list(found.values())
    languages = [passage_language(text, hit.passage.language) for hit, _, text in rows]
    matrix = vectors.sentences([text for *_, text in rows], languages)
    nearness = vectors.nearness(vectors.question(hits.question), matrix, languages)
    for translation in hits.translations:
        own = np.array([primary(language) for language in languages]) == primary(
            detect(translation)
        )
        translated = vectors.nearness(vectors.question(translation), matrix, languages)
        nearness[own] = (1 - TRANSLATED) * nearness[own] + TRANSLATED * translated[own]
    for at in range(len(rows) - 1, 0, -1):
        if rows[at][0].passage.id == rows[at - 1][0].passage.id:
            nearness[at] += CARRIED_OVER * max(0.0, float(nearness[at - 1] - nearness[at]))
    bonuses = [form_bonus(hits.question, text) for *_, text in rows]
    return [
        Source(
            hit,
            span,
            text,
            language,
            vector,
            float(near) + HIT_SHARE * hit.strength + bonus,
            bonus,
        )
        for (hit, span, text), language, vector, near, bonus in zip(
            rows, languages, matrix, nearness, bonuses, strict=True
        )
    ]


def is_heading(source: Source) -> bool:
    """Whether a sentence is a short line by itself that does not end as a sentence does."""
    article, span = source.hit.article.text, source.span
    alone = article[: span.start][-1:] in ("", "\n") and article[span.end :][:1] in ("", "\n")
    ends = source.text.rstrip("\"'”’」』）) ").endswith(tuple(".!?。！？…:："))
    return alone and not ends and printed_width(source.text) <= HEADING_WIDTH


def candidates(sources: Sequence[Source], limit: int) -> list[Excerpt]:
    """The sentences most likely to answer, each with the list it opens, those of an article together.

    "For three reasons:" says nothing without what follows, nor do the reasons without it. What is
    told twice is taken once.
    """
    runs = _with_their_lists(sources)
    runs.sort(key=lambda run: max(source.relevance for source in run), reverse=True)
    chosen: list[list[Source]] = []
    for run in runs:
        if len(chosen) == limit:
            break
        if len(run) > 1 or not any(_same(run[0], other) for each in chosen for other in each):
            chosen.append(run)
    first: dict[str, int] = {}
    for place, run in enumerate(chosen):
        first.setdefault(run[0].hit.article.id, place)
    together = sorted(chosen, key=lambda run: first[run[0].hit.article.id])
    return [Excerpt(number, tuple(run)) for number, run in enumerate(together, 1)]


def _same(source: Source, other: Source) -> bool:
    return fold(source.text) == fold(other.text) or float(source.vector @ other.vector) > TOLD_TWICE


def _with_their_lists(sources: Sequence[Source]) -> list[list[Source]]:
    runs: list[list[Source]] = []
    for at, source in enumerate(sources):
        if runs and at and _together(sources, at - 1, at) and _belongs(runs[-1], source):
            runs[-1].append(source)
        else:
            runs.append([source])
    return runs


def is_list(excerpt: Excerpt) -> bool:
    """Whether an excerpt is a list, with the sentence that opens it."""
    return len(excerpt.sources) > 1 and _opens_list(excerpt.sources[0])


def _opens_list(source: Source) -> bool:
    return source.text.rstrip('"”’」』').endswith((":", "："))


def _belongs(run: Sequence[Source], source: Source) -> bool:
    """Whether a sentence is an item of the list that a run of sentences opens."""
    if not _opens_list(run[0]):
        return False
    if len(run) == 1:
        return tokens_of(run[0].text + source.text) <= MOST_LISTED
    listed = sum(tokens_of(each.text) for each in run) + tokens_of(source.text)
    return listed <= MOST_LISTED and _ITEM.match(fold(source.text)) is not None


def choose(sources: Sequence[Source], tokens: int) -> list[Excerpt]:
    """The most relevant sentences with their neighbours, as many as `tokens` hold, as excerpts.

    Excerpts come best first, the sentences within one in the order of the article.
    """
    place = {id(source): at for at, source in enumerate(sources)}
    chosen: dict[int, float] = {}
    used = 0.0
    for source in sorted(sources, key=lambda s: s.relevance, reverse=True):
        at = place[id(source)]
        for near in (at, at - 1, at + 1):
            if near in chosen or not _together(sources, at, near):
                continue
            cost = tokens_of(sources[near].text)
            if not any(
                _together(sources, near, other) for other in (near - 1, near + 1) if other in chosen
            ):
                cost += HEADING_TOKENS
            if used + cost > tokens and chosen:
                continue
            used += cost
            chosen[near] = max(source.relevance, sources[near].relevance)
    runs: list[list[int]] = []
    for at in sorted(chosen):
        if runs and runs[-1][-1] == at - 1 and _together(sources, at - 1, at):
            runs[-1].append(at)
        else:
            runs.append([at])
    runs.sort(key=lambda run: max(chosen[at] for at in run), reverse=True)
    return [Excerpt(number, tuple(sources[at] for at in run)) for number, run in enumerate(runs, 1)]


def _together(sources: Sequence[Source], at: int, other: int) -> bool:
    """Whether two places in the list are the same passage."""
    return 0 <= other < len(sources) and sources[other].hit.passage.id == sources[at].hit.passage.id


def tokens_of(text: str) -> float:
    """About how many tokens an LLM reads a text as."""
    han = sum(c >= "\u2e80" for c in text)
    return HAN_TOKENS * han + OTHER_TOKENS * (len(text) - han)
