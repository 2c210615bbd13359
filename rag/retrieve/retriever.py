"""A question -> the passages that answer it, in whatever language they are.

`Retriever.search` has the numbered stages. Each language is searched and ranked by itself.
The rankings are merged by scores that are corrected for what the embedder and BM25 give to every
passage of a language, relevant or not.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from index.config import Settings
from index.embed.language_offsets import find_offsets
from index.embed.sentence_vectors import Vectors
from index.errors import InputError
from index.languages.names import (
    Name,
    Names,
    bracket_aliases,
    known_names,
    learned_groups,
    within,
)
from index.languages.numbers.number_variants import number_variants
from index.languages.pinyin import Spelling, in_characters, in_pinyin, surname
from index.languages.text import detect, fold, primary, seen
from index.library import Library
from index.store.articles import as_stored
from index.store.filters import Filter, at_least_one
from rag.question.query import Probe, Wanted, question_parts, want
from rag.question.typed import typed
from rag.results.hits import Hits
from rag.retrieve.confidence import confidence
from rag.retrieve.merging import both, collapse, diverse, merge, take_turns
from rag.retrieve.reporting import asked_terms, make_hit, searched_texts
from rag.retrieve.score import Candidate, heading, score_passages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.search.protocol import Found
    from index.store.rows import StoredPassage

READ = 30
"""Passages of each language that are read sentence by sentence (tuning/retrieval.py)."""

LEXICAL_START = 0.2
"""When passages to read are chosen, the best BM25 score counts as much as this much of a cosine
(tuning/retrieval.py)."""

LEARN_AT_MOST = 20_000
"""Names in brackets are learned from the articles of a library that has no more articles than this."""

SPELLING_PASSAGES = 16
"""Passages that are looked through for the other spelling of a Chinese name. Names are rare words: if
any passage has one, the first few that BM25 finds do."""

QUESTION_LIMIT = 4000


class _Scope:
    """What one search may look at, and a cache of the passages it has read."""

    def __init__(self, library: Library, depth: int, allowed: NDArray[np.int64] | None) -> None:
        self.read = depth
        """How many passages of each language to read."""
        self.allowed = allowed
        self._library = library
        self._known: dict[int, StoredPassage] = {}

    def passages(self, rows: Iterable[int]) -> list[StoredPassage]:
        """`Library.passages`, but each passage is read only once."""
        wanted = list(rows)
        if missing := [row for row in wanted if row not in self._known]:
            self._known |= {stored.row: stored for stored in self._library.passages(missing)}
        return [self._known[row] for row in wanted if row in self._known]


class Retriever:
    """Searches a library. Safe to share between threads that only search."""

    def __init__(self, library: Library, settings: Settings) -> None:
        self.library = library
        self.settings = settings
        self._offsets = find_offsets(library.embedder, library.path)
        self._learned: tuple[int, Names] | None = None
        self.vectors = Vectors(library.embedder, library.path)
        """Vectors of sentences, for those who answer from the hits."""

    @property
    def calibrated(self) -> bool:
        """Whether strengths compare: the embedder has language offsets."""
        return bool(self._offsets.languages)

    def search(
        self,
        question: str,
        limit: int | None = None,
        filter: Filter | None = None,
        translations: Sequence[str] = (),
    ) -> Hits:
        """The passages that answer best, best first. Raises InputError on an empty or endless question.

        `translations` are the question in other languages: each language is searched with the
        question and with its translation.
        """
        began = time.perf_counter()
        question = checked(question)
        limit = at_least_one(limit, self.settings.retrieve.limit)

        # 1. What is asked: the question, its parts, the names in it, its translations.
        texts = [question, *question_parts(question)]
        allowed = self.library.select(filter or Filter())
        scope = _Scope(self.library, max(READ, 2 * limit), allowed)
        probes = self._probes(texts, scope)
        translated = self._translated(translations, scope)

        # 2. In each language, candidates are found by vector and by term, then read and ranked.
        # 3. The languages are merged by scores that compare across languages.
        found = [self._by_language(probe, scope) for probe in probes]
        for probe in translated:
            for language, ranked in self._by_language(probe, scope).items():
                found[0][language] = both(found[0][language], ranked)
        rankings = [merge(by_language, 3 * limit) for by_language in found]
        ranked = take_turns(rankings)

        # 4. Reprints are put behind their original; outlets are mixed if so configured.
        chosen = (
            collapse(ranked)
            if self.settings.retrieve.collapse_duplicates
            else [(candidate, ()) for candidate in ranked]
        )
        if self.settings.retrieve.diversify_outlets:
            chosen = diverse(chosen)

        # 5. The best become hits, if they are what was stored, with the reasons why they were found.
        asked = asked_terms(probes[0])
        hits = []
        for rank, (candidate, twins) in enumerate(chosen[:limit], 1):
            for article in (candidate.stored.article, *twins):
                as_stored(article)
            hits.append(make_hit(rank, candidate, twins, asked))
        return Hits(
            question,
            tuple(hits),
            tuple(searched_texts([*probes, *translated])),
            confidence([candidate for candidate, _ in chosen[:limit]]),
            time.perf_counter() - began,
            tuple(probe.text for probe in translated),
            tuple(probes[0].spelled),
        )

    # -- the stages -------------------------------------------------------------------------------

    def _translated(self, texts: Sequence[str], scope: _Scope) -> list[Probe]:
        """Probes for the translations of the question, each to search its own language only."""
        languages = self.library.languages()
        return [
            probe
            for text in texts
            if (language := primary(detect(text))) in languages
            for probe in self._probes([text], scope, (language,))
        ]

    def _probes(
        self, texts: Sequence[str], scope: _Scope, languages: Iterable[str] = ()
    ) -> list[Probe]:
        depth = max(self.settings.retrieve.candidates, scope.read)
        balance = self.settings.retrieve.language_balance
        languages = tuple(languages) or tuple(self.library.languages())
        probes = []
        for text, vector in zip(texts, self.library.embedder.embed_queries(texts), strict=True):
            language = detect(text)
            centred = self._offsets.centred_query(vector, language, balance)
            near = {
                other: self.library.search_vectors(centred, other, depth, scope.allowed)
                for other in languages
            }
            known = known_names(frozenset(near), self.settings.retrieve.aliases)
            found = [*known.find(text), *self.learned_names().find(text)]
            spelled = self._spelled_otherwise(text, found, near, scope)
            names = [
                name
                for name in found
                if not any(within(name, one.start, one.end) for one in spelled)
            ]
            names = _with_surnames([*names, *spelled]) + number_variants(text)
            probes.append(Probe(text, language, vector, names, spelled, near))
        return probes

    def _by_language(self, probe: Probe, scope: _Scope) -> dict[str, list[Candidate]]:
        balance = self.settings.retrieve.language_balance
        ranked = {}
        for language in probe.near:
            wanted = want(probe, language) if self.settings.retrieve.lexical else Wanted()
            passages = self._candidates(probe, wanted, language, scope)
            ranked[language] = score_passages(
                probe, wanted, passages, language, self._offsets, balance
            )
        return ranked

    def _candidates(
        self, probe: Probe, wanted: Wanted, language: str, scope: _Scope
    ) -> list[StoredPassage]:
        """The passages of a language that are worth reading, by vector, by terms, or by both."""
        depth = max(self.settings.retrieve.candidates, scope.read)
        rows, cosines = probe.near[language]
        found = dict(zip(rows.tolist(), cosines.tolist(), strict=True))
        floor = min(found.values(), default=0.0)
        if terms := wanted.search_terms():
            rows, scores = self.library.search_terms(terms, language, depth, scope.allowed)
            for row, score in zip(rows.tolist(), scores.tolist(), strict=True):
                found[row] = found.get(row, floor) + LEXICAL_START * score / scores[0]
        best = sorted(found, key=found.__getitem__, reverse=True)[: scope.read]
        return scope.passages(best)

    def _spelled_otherwise(
        self, text: str, known: Sequence[Name], near: Mapping[str, Found], scope: _Scope
    ) -> list[Name]:
        """Chinese names that no table has and articles write in the other script: 徐博 for Xu Bo, 內江 for
        Neijiang."""
        chinese = primary(detect(text)) == "zh"
        found: list[Name] = []
        for language in near:
            if (language == "zh") is chinese:
                continue
            spellings = [
                spelling
                for spelling in (in_characters(text, language) if chinese else in_pinyin(text))
                if not any(
                    name.start < spelling.end
                    and spelling.start < name.end
                    and not within(name, spelling.start, spelling.end)
                    for name in known
                )
            ]
            nearest = near[language][0][:SPELLING_PASSAGES]
            found += self._verified(spellings, language, nearest, scope)
        return found

    def _verified(
        self,
        spellings: Sequence[Spelling],
        language: str,
        near: NDArray[np.int64],
        scope: _Scope,
    ) -> Iterator[Name]:
        """The spellings that occur in articles of a language, as they are written there."""
        if not spellings:
            return
        searched = frozenset[str]().union(*(spelling.terms for spelling in spellings))
        rows, _ = self.library.search_terms(
            dict.fromkeys(sorted(searched), 1.0), language, SPELLING_PASSAGES
        )
        looked_through = scope.passages({*rows.tolist(), *near.tolist()})
        texts = [f"{heading(stored)}\n{seen(stored.passage.text)}" for stored in looked_through]
        # A passage is folded by itself, because its ranking folds it again.
        folded = [
            f"{fold(heading(stored))}\n{seen(fold(stored.passage.text))}"
            for stored in looked_through
        ]
        for spelling in spellings:
            found = [
                each
                for text, plain in zip(texts, folded, strict=True)
                for each in spelling.find(text, plain)
            ]
            of_its_kind = [form for form, is_kind in found if is_kind]
            counts = Counter(of_its_kind or [form for form, _ in found])
            forms = list({fold(form): form for form, _ in counts.most_common()}.values())
            if forms:
                told = forms[:1] if spelling.by_itself else forms
                yield Name(spelling.text, spelling.start, spelling.end, tuple(told))

    def learned_names(self) -> Names:
        """Pairs of names that the articles themselves give, one in brackets behind the other."""
        generation = self.library.generation
        if self._learned is None or self._learned[0] != generation:
            pairs: list[tuple[str, str]] = []
            if self.library.status().articles <= LEARN_AT_MOST:
                for article in self.library.articles():
                    pairs += bracket_aliases(seen(article.text))
            self._learned = generation, Names(learned_groups(pairs))
        return self._learned[1]


def _with_surnames(names: Sequence[Name]) -> list[Name]:
    """The names, and the surnames of persons by themselves, as articles repeat them."""
    return [
        *names,
        *(
            Name(name.text, name.start, name.end, families)
            for name in names
            if (families := tuple(filter(None, map(surname, name.forms))))
        ),
    ]


def checked(question: str) -> str:
    """The question without what is not seen. Raises InputError on an empty or endless one, and on bytes
    that are no text."""
    text = seen(typed(question)).strip()
    if not any(c.isalnum() for c in text):
        raise InputError("question_empty", "The question is empty. Ask something.")
    if len(text) > QUESTION_LIMIT:
        raise InputError(
            "question_long",
            "The question is longer than {most} characters. Shorten it.",
            most=QUESTION_LIMIT,
        )
    return text
