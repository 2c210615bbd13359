"""A question -> the passages that answer it, in whatever language they are.

`Retriever.search` is the story, in numbered stages. Languages are searched and ranked apart, and
merged by scores from which what the embedder and BM25 give a language for free has been taken out.
As a LlamaIndex retriever it gives nodes with ids, offsets and metadata.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle

from index.config import Settings
from index.embed.language_offsets import find_offsets
from index.embed.sentence_vectors import Vectors
from index.errors import InputError
from index.languages.names import Name, Names, bracket_aliases, known_names, learned_groups
from index.languages.number_variants import number_variants
from index.languages.pinyin import Spelling, in_characters, in_pinyin, surname
from index.languages.text import detect, fold, primary
from index.library import Library
from index.store.filters import Filter
from rag.question.query import Probe, Wanted, question_parts, want
from rag.results.hits import Hits
from rag.retrieve.confidence import confidence
from rag.retrieve.merging import both, collapse, diverse, merge, take_turns
from rag.retrieve.reporting import asked_terms, make_hit, make_node, searched_texts
from rag.retrieve.rerank import Reranker, rerank
from rag.retrieve.score import Candidate, heading, score_passages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.search.protocol import Found
    from index.store.rows import StoredPassage

READ = 30
"""Passages of each language that are read sentence by sentence; with 40 as many right ones are
first, and a search takes a tenth longer."""

LEXICAL_START = 0.2
"""The best BM25 score as a cosine, when passages to read are chosen."""

LEARN_AT_MOST = 20_000
"""Articles up to which names in brackets are learned when the library is opened."""

SPELLING_PASSAGES = 16
"""Passages that are looked through for another spelling of a Chinese name. Names are rare words:
the first few that BM25 finds have it, if any has; others have it in their headline or byline."""

QUESTION_LIMIT = 4000


class _Scope:
    """What one search may look at, and the passages it has read so far."""

    def __init__(self, library: Library, depth: int, allowed: NDArray[np.int64] | None) -> None:
        self.read = depth
        """Passages of each language to read."""
        self.allowed = allowed
        self._library = library
        self._known: dict[int, StoredPassage] = {}

    def passages(self, rows: Iterable[int]) -> list[StoredPassage]:
        """`Library.passages`, which reads each only once."""
        wanted = list(rows)
        if missing := [row for row in wanted if row not in self._known]:
            self._known |= {stored.row: stored for stored in self._library.passages(missing)}
        return [self._known[row] for row in wanted if row in self._known]


class Retriever(BaseRetriever):
    """Searches a library. Safe to share between threads that only search."""

    def __init__(
        self,
        library: Library,
        settings: Settings,
        reranker: Reranker | None = None,
    ) -> None:
        super().__init__()
        self.library = library
        self.settings = settings
        self.reranker = reranker
        self._offsets = find_offsets(library.embedder, library.path)
        self._learned: tuple[int, Names] | None = None
        self.vectors = Vectors(library.embedder, library.path)
        """Of sentences, for who answers from the hits."""

    def search(
        self,
        question: str,
        limit: int | None = None,
        filter: Filter | None = None,
        translations: Sequence[str] = (),
    ) -> Hits:
        """The passages that answer best, best first. Raises InputError on a useless question.

        A language that the question has been translated into is searched with both.
        """
        began = time.perf_counter()
        question = _checked(question)
        limit = limit or self.settings.retrieve.limit

        # 1. What is asked: the question, its parts, the names in it.
        texts = [question, *question_parts(question)]
        allowed = self.library.select(filter or Filter())
        scope = _Scope(self.library, max(READ, 2 * limit), allowed)
        probes = self._probes(texts, scope)
        translated = self._translated(translations, scope)

        # 2. In each language: candidates by vector and by term, read and ranked.
        # 3. Merged so that no language is ahead by being itself.
        found = [self._by_language(probe, scope) for probe in probes]
        for probe in translated:
            for language, ranked in self._by_language(probe, scope).items():
                found[0][language] = both(found[0][language], ranked)
        rankings = [merge(by_language, 3 * limit) for by_language in found]
        ranked = take_turns(rankings)

        # 4. Read by a cross-encoder, if there is one.
        if self.reranker is not None:
            ranked = rerank(self.reranker, question, ranked, self.settings.rerank.candidates)

        # 5. Reprints are one source; outlets may be mixed.
        chosen = (
            collapse(ranked)
            if self.settings.retrieve.collapse_duplicates
            else [(candidate, ()) for candidate in ranked]
        )
        if self.settings.retrieve.diversify_outlets:
            chosen = diverse(chosen)

        # 6. Hits, with why they were found.
        asked = asked_terms(probes[0])
        hits = [
            make_hit(rank, candidate, twins, asked)
            for rank, (candidate, twins) in enumerate(chosen[:limit], 1)
        ]
        return Hits(
            question,
            tuple(hits),
            tuple(searched_texts([*probes, *translated])),
            confidence(probes[0], [candidate for candidate, _ in chosen[:limit]]),
            time.perf_counter() - began,
            tuple(probe.text for probe in translated),
        )

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [make_node(hit) for hit in self.search(query_bundle.query_str)]

    # -- the stages -------------------------------------------------------------------------------

    def _translated(self, texts: Sequence[str], scope: _Scope) -> list[Probe]:
        """Probes for translations of the question, each of its own language only."""
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
            probes.append(Probe(text, language, vector, self._names_in(text, near, scope), near))
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
        """The passages of a language worth reading: near by vector, by terms, or by both."""
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

    def _names_in(self, text: str, near: Mapping[str, Found], scope: _Scope) -> list[Name]:
        """Names and numbers of a text; the articles' own names first, then those known anyway."""
        known = known_names(frozenset(near), self.settings.retrieve.aliases)
        found = [*known.find(text), *self.learned_names().find(text)]
        found += self._spelled_otherwise(text, near, scope)
        found += [
            Name(name.text, name.start, name.end, families)
            for name in found
            if (families := tuple(filter(None, map(surname, name.forms))))
        ]
        return [*found, *number_variants(text)]

    def _spelled_otherwise(self, text: str, near: Mapping[str, Found], scope: _Scope) -> list[Name]:
        """Chinese names that articles write in the other script: 徐博 where a question has Xu Bo."""
        chinese = primary(detect(text)) == "zh"
        found: list[Name] = []
        for language in near:
            if (language == "zh") is chinese:
                continue
            spellings = in_characters(text, language) if chinese else in_pinyin(text)
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
        """Those spellings that articles in a language have, with what stands there."""
        searched = frozenset[str]().union(*(spelling.terms for spelling in spellings))
        if not searched:
            return
        rows, _ = self.library.search_terms(
            dict.fromkeys(sorted(searched), 1.0), language, SPELLING_PASSAGES
        )
        looked_through = scope.passages({*rows.tolist(), *near.tolist()})
        texts = [f"{heading(stored)}\n{stored.passage.text}" for stored in looked_through]
        folded = [fold(text) for text in texts]
        for spelling in spellings:
            forms = {
                fold(form): form
                for text, plain in zip(texts, folded, strict=True)
                for form in spelling.find(text, plain)
            }
            if forms:
                yield Name(spelling.text, spelling.start, spelling.end, tuple(forms.values()))

    def learned_names(self) -> Names:
        """Names that stand in brackets behind others in the articles."""
        generation = self.library.generation
        if self._learned is None or self._learned[0] != generation:
            pairs: list[tuple[str, str]] = []
            if self.library.status().articles <= LEARN_AT_MOST:
                for article in self.library.articles():
                    pairs += bracket_aliases(article.text)
            self._learned = generation, Names(learned_groups(pairs))
        return self._learned[1]


# -- what is reported ------------------------------------------------------------------------------


def _checked(question: str) -> str:
    text = question.strip()
    if not any(c.isalnum() for c in text):
        raise InputError("The question is empty. Ask something.")
    if len(text) > QUESTION_LIMIT:
        raise InputError(f"The question is longer than {QUESTION_LIMIT} characters. Shorten it.")
    return text
