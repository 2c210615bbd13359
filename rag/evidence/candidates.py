"""Hits -> the sentences an answer can be made of, and the excerpts an LLM reads.

In: the hits of a question. Out: a `Source` for every sentence of the hits, with its own vector and how
likely it answers, and of these the few `Excerpt`s to answer from. A sentence embedded by itself is
compared better than its mean within the passage, so sentences are embedded when they are needed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.embed.passages import HEADING_WIDTH, passage_language, printed_width
from index.embed.sentence_vectors import Vectors
from index.languages.answer_forms import announces_reasons, asked_forms, gives_reason
from index.languages.names import Names, unplaced
from index.languages.pack import either, packs
from index.languages.text import detect, fold, is_question, primary, seen, seen_spans, sentences
from index.records import Sentence
from rag.evidence.names_and_dates import Pinned, held
from rag.evidence.opening import AnswerReader
from rag.evidence.reader import Reading, Text
from rag.evidence.relevance import WEIGHTS
from rag.question.query import TRANSLATED
from rag.results.hits import Hit, Hits
from rag.results.sources import Excerpt, Signals, Source

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAY_ANSWER, OLDER = 5.0, 4.0
"""Where the latest is asked for: a sentence may answer if its log-odds are at most MAY_ANSWER
below the best. It loses OLDER if another that may answer is from a newer article (these and those of
excerpts: tuning/answering.py)."""

MARGIN = 1.6
"""How much less likely than the best a further sentence may be, in log-odds."""

MOST = 3
"""Excerpts to answer from."""

MOST_BEFORE = 400
"""Characters in which the sentence before a passage is looked for."""

LEAST_LETTERS = 6
"""Shorter sentences (a date line, a number) carry nothing that can be cited."""

HAN_TOKENS, CYRILLIC_TOKENS, OTHER_TOKENS = 0.77, 0.37, 0.22
"""Tokens that Qwen2.5 reads a character as (tuning/tokens.py)."""

HEADING_TOKENS = 25
"""The same of an excerpt's heading: its number, title, outlet and date."""


MOST_LISTED = 200
"""Tokens of a list that is read as one."""

SAID_TWICE = 0.7
"""From this cosine on two sentences say the same, and one of them is enough. Then the answering
sentence is among the first four for 51 of 53 questions about news, without this for 48; with .65
for 50, with .75 for 49."""

_ITEM = re.compile(rf"\d[、.)]|[-•·]|{either(pack.asking.item for pack in packs())}")


def gather(
    hits: Hits, vectors: Vectors, reader: AnswerReader | None, tables: Sequence[Names] = ()
) -> list[Source]:
    """The sentences of the hits, each once, in the order of the hits and of their texts."""
    found: dict[tuple[str, int], tuple[Hit, Sentence, str]] = {}
    for hit in hits:
        for span in hit.passage.sentences:
            text = seen(hit.article.text[span.start : span.end])
            if sum(map(str.isalpha, text)) >= LEAST_LETTERS:
                found.setdefault((hit.article.id, span.start), (hit, span, text))
    if not found:
        return []
    rows = list(found.values())
    languages = [passage_language(text, hit.passage.language) for hit, _, text in rows]
    matrix = vectors.sentences([text for *_, text in rows], languages)
    nearness = _nearness(hits, vectors, matrix, languages)
    pinned = Pinned(hits.question, tables)
    answers = read(hits, reader, pinned)
    sources = []
    for place, ((hit, span, text), language) in enumerate(zip(rows, languages, strict=True)):
        as_read = answers.get((hit.article.id, span.start), UNREAD)
        anchors = pinned.anchors(hit, text)
        announces = announces_reasons(hits.question, text)
        signals = Signals(
            as_read.answers,
            float(nearness[place]),
            hit.strength,
            gives_reason(hits.question, text),
            announces,
            anchors.unnamed,
            0.0 if announces else as_read.named,  # "it did so for three reasons" names nobody
            anchors.dated,
            is_question(text),
        )
        relevance = WEIGHTS.weigh(signals)
        sources.append(
            Source(hit, span, text, language, matrix[place], signals, relevance, as_read.words)
        )
    return newest_first(sources) if "latest" in asked_forms(hits.question) else sources


def newest_first(sources: Sequence[Source]) -> list[Source]:
    """The sentences; less likely those of an article that is older than another that may answer."""
    best = max(source.relevance for source in sources)
    likely = [source for source in sources if source.relevance >= best - MAY_ANSWER]
    newest = max(source.hit.article.published[:10] for source in likely)
    return [
        replace(source, relevance=source.relevance - OLDER)
        if "" < source.hit.article.published[:10] < newest
        else source
        for source in sources
    ]


class AsRead(NamedTuple):
    """What the reader says of a sentence."""

    answers: float = 0.0
    words: Sentence | None = None
    """Those that answer, of the best sentence of each passage alone."""
    named: float = 0.0
    """As `Reading.named` of its passage, if that is in the question's language: across languages names that the reader
    does not know are taken for others (area under the ROC curve .70 for .85)."""


UNREAD = AsRead()


def read(hits: Hits, reader: AnswerReader | None, pinned: Pinned) -> dict[tuple[str, int], AsRead]:
    """How each sentence was read, by its article and where it begins."""
    if reader is None:
        return {}
    readings = dict[int, Reading]()
    asked_in = primary(detect(hits.question))
    for language, theirs in _by_language(hits):
        asked = pinned.localized(language)
        some = _of_their_time(asked, [hits[at] for at in theirs], reader, pinned)
        readings |= zip(theirs, some, strict=True)
    for translation in hits.translations:
        language = primary(detect(translation))
        theirs = dict(_by_language(hits)).get(language, [])
        again = _of_their_time(translation, [hits[at] for at in theirs], reader, pinned)
        for at, reading in zip(theirs, again, strict=True):
            readings[at] = _read_twice(readings[at], reading)
    found: dict[tuple[str, int], AsRead] = {}
    for at, hit in enumerate(hits):
        reading, begin = readings[at], hit.passage.start
        said = Sentence(*(begin + at for at in reading.words)) if reading.words else None
        named = reading.named if primary(hit.passage.language) == asked_in else 0.0
        for span, score in zip(hit.passage.sentences, reading.sentences, strict=True):
            own = said if said and span.start <= said.start < span.end else None
            found.setdefault((hit.article.id, span.start), AsRead(score, own, named))
    return found


def _by_language(hits: Sequence[Hit]) -> list[tuple[str, list[int]]]:
    """The places of the hits of each language."""
    places: dict[str, list[int]] = {}
    for at, hit in enumerate(hits):
        places.setdefault(primary(hit.passage.language), []).append(at)
    return list(places.items())


def _of_their_time(
    asked: str, hits: Sequence[Hit], reader: AnswerReader, pinned: Pinned
) -> list[Reading]:
    """The readings of the hits, each with what its article makes true of the question's own words. A sentence
    that names another time than the question is read without them."""
    readings = reader.answers(asked, [_as_read(hit, asked) for hit in hits])
    others = [pinned.of_another_time(hit) if held(asked, hit.article) else [] for hit in hits]
    again = [at for at, other in enumerate(others) if any(other)]
    plain = reader.answers(asked, [_as_read(hits[at]) for at in again])
    for at, reading in zip(again, plain, strict=True):
        rows = zip(others[at], reading.sentences, readings[at].sentences, strict=True)
        scores = tuple(without if other else with_ for other, without, with_ in rows)
        readings[at] = replace(readings[at], sentences=scores)
    return readings


def _read_twice(asked: Reading, translated: Reading) -> Reading:
    """One reading of a text that was read with the question and with its translation. On 150 XQuAD questions
    across languages the area under the ROC curve of the best score is then .90, with the question alone .87."""
    pairs = zip(asked.sentences, translated.sentences, strict=True)
    means = tuple((1 - TRANSLATED) * a + TRANSLATED * b for a, b in pairs)
    return replace(translated, sentences=means, words=translated.words or asked.words)


def marked(hits: Hits, sources: Sequence[Source]) -> Hits:
    """The hits as they were read: the best sentence of each is the one that answers most likely, with
    its words that do."""
    best: dict[str, Source] = {}
    for source in sources:
        name = source.hit.passage.id
        if name not in best or source.relevance > best[name].relevance:
            best[name] = source

    def as_read(hit: Hit) -> Hit:
        one = best.get(hit.passage.id)
        if one is None:
            return hit
        return replace(hit, best_sentence=one.span, words=one.words, answers=one.signals.answers)

    return replace(hits, hits=tuple(map(as_read, hits)))


def _as_read(hit: Hit, question: str = "") -> Text:
    """A hit's passage, with its headline and the sentence before it; in the headline, too, what the
    question says of when, where and by whom it was published, if that is so."""
    passage, start = hit.passage, hit.passage.start
    before = hit.article.text[max(0, start - MOST_BEFORE) : start]
    last = sentences(before, passage.language)[-1:]
    spans = [(span.start - start, span.end - start) for span in passage.sentences]
    body, places = seen_spans(passage.text, spans)
    before_it = unplaced(seen(before[last[0].start : last[0].end])) if last else ""
    headline = f"{held(question, hit.article)} {hit.article.title}".strip()
    return Text(unplaced(body), tuple(places), headline, before_it)


def _nearness(
    hits: Hits, vectors: Vectors, matrix: NDArray[np.float32], languages: Sequence[str]
) -> NDArray[np.float32]:
    nearness = vectors.nearness(vectors.question(hits.question), matrix, languages)
    for translation in hits.translations:
        own = np.array([primary(language) for language in languages]) == primary(
            detect(translation)
        )
        translated = vectors.nearness(vectors.question(translation), matrix, languages)
        nearness[own] = (1 - TRANSLATED) * nearness[own] + TRANSLATED * translated[own]
    return nearness


def is_heading(hit: Hit, span: Sentence) -> bool:
    """Whether a sentence is a short line by itself that does not end as a sentence does."""
    article = hit.article.text
    text = article[span.start : span.end]
    alone = article[: span.start][-1:] in ("", "\n") and article[span.end :][:1] in ("", "\n")
    ends = text.rstrip("\"'”’」』）) ").endswith(tuple(".!?。！？…:："))
    return alone and not ends and printed_width(text) <= HEADING_WIDTH


def answering(sources: Sequence[Source]) -> list[Excerpt]:
    """The sentences that answer most likely, best first, each with the list it opens.

    "For three reasons:" says nothing without what follows, nor do the reasons without it. What is
    reported twice is taken once.
    """
    runs = _with_their_lists(sources)
    runs.sort(key=lambda run: max(source.relevance for source in run), reverse=True)
    chosen: list[list[Source]] = []
    least = max((source.relevance for run in runs[:1] for source in run), default=0.0) - MARGIN
    for run in runs:
        if len(chosen) == MOST or max(source.relevance for source in run) < least:
            break
        if len(run) > 1 or not any(_same(run[0], other) for each in chosen for other in each):
            chosen.append(run)
    return [Excerpt(number, tuple(run)) for number, run in enumerate(chosen, 1)]


def _same(source: Source, other: Source) -> bool:
    return fold(source.text) == fold(other.text) or float(source.vector @ other.vector) > SAID_TWICE


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
    cyrillic = sum("\u0400" <= c <= "\u04ff" for c in text)
    others = len(text) - han - cyrillic
    return HAN_TOKENS * han + CYRILLIC_TOKENS * cyrillic + OTHER_TOKENS * others
