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
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from index.config import Settings
from index.embed.language_offsets import find_offsets
from index.embed.sentence_vectors import Vectors
from index.errors import InputError
from index.languages.names import Name, Names, bracket_aliases, known_names, learned_groups
from index.languages.number_variants import number_variants
from index.languages.pinyin import Spelling, in_characters, in_pinyin, surname
from index.languages.terms import find_terms, is_character, terms
from index.languages.text import detect, fold, primary
from index.library import Library
from index.store.filters import Filter
from rag.question.query import TRANSLATED, Probe, Wanted, question_parts, want
from rag.results.hits import Hit, Hits
from rag.retrieve.confidence import confidence
from rag.retrieve.rerank import Reranker, rerank
from rag.retrieve.score import Candidate, heading, score_passages

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from index.records import Passage
    from index.search.protocol import Found
    from index.store.rows import StoredArticle, StoredPassage

READ = 30
"""Passages of each language that are read sentence by sentence; with 40 as many right ones are
first, and a search takes a tenth longer."""

LEXICAL_START = 0.2
"""The best BM25 score as a cosine, when passages to read are chosen."""

BALANCE_STEP = 0.2
"""Deviations a language gains for each hit by which it is behind another. Of 0, .1, .2, .4: on a
parallel Chinese-English pool the question's own language gets .51 to .58 of the first ten with
this, .50 to .66 without; a difference of one deviation still outweighs five hits."""

OUTLET_STEP = 3
"""Ranks a hit falls for each earlier hit of its outlet, when outlets are to be diverse."""

LEARN_AT_MOST = 20_000
"""Articles up to which names in brackets are learned when the library is opened."""

SPELLING_PASSAGES = 16
"""Passages that are looked through for another spelling of a Chinese name. Names are rare words:
the first few that BM25 finds have it, if any has; others have it in their headline or byline."""

ON_SUBJECT_KEY, SPREAD = 4.0, 1.5
"""The key, in deviations above unrelated news, of the least passage on a subject, and how many
deviations make one of a hit's strength."""

TERMS_SHOWN = 12
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
        ranked = _take_turns(rankings)

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
            chosen = _diverse(chosen)

        # 6. Hits, with why they were found.
        asked = _asked(probes[0])
        hits = [
            _hit(rank, candidate, twins, asked)
            for rank, (candidate, twins) in enumerate(chosen[:limit], 1)
        ]
        return Hits(
            question,
            tuple(hits),
            tuple(_searched([*probes, *translated])),
            confidence(probes[0], [candidate for candidate, _ in chosen[:limit]]),
            time.perf_counter() - began,
            tuple(probe.text for probe in translated),
        )

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return [_node(hit) for hit in self.search(query_bundle.query_str)]

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


def merge(by_language: dict[str, list[Candidate]], limit: int) -> list[Candidate]:
    """One ranking from one a language; each keeps its order.

    The next best key wins, and a language that is behind in number gains a little: where passages
    are about as good, languages take turns.
    """
    waiting = {language: list(reversed(ranked)) for language, ranked in by_language.items()}
    shown = dict.fromkeys(waiting, 0)
    merged: list[Candidate] = []
    while len(merged) < limit and any(waiting.values()):
        most = max(shown.values())
        language = max(
            (language for language in waiting if waiting[language]),
            key=lambda one: waiting[one][-1].key + BALANCE_STEP * (most - shown[one]),
        )
        merged.append(waiting[language].pop())
        shown[language] += 1
    return merged


def both(ranked: Sequence[Candidate], translated: Sequence[Candidate]) -> list[Candidate]:
    """The candidates of a language by their mean key for a question and for its translation."""
    keys = {candidate.stored.row: candidate.key for candidate in ranked}
    least = min(keys.values(), default=0.0)
    floor = min((candidate.key for candidate in translated), default=0.0)
    merged = {candidate.stored.row: candidate for candidate in (*ranked, *translated)}
    own = {candidate.stored.row: candidate.key for candidate in translated}
    for row, candidate in merged.items():
        candidate.key = (1 - TRANSLATED) * keys.get(row, least) + TRANSLATED * own.get(row, floor)
    return sorted(merged.values(), key=lambda candidate: candidate.key, reverse=True)


def collapse(
    ranked: Iterable[Candidate],
) -> list[tuple[Candidate, tuple[StoredArticle, ...]]]:
    """Candidates with their reprints behind the best of them.

    A passage of a near duplicate stays if it says what the first article does not.
    """
    kept: list[tuple[Candidate, list[StoredArticle]]] = []
    by_group: dict[str, list[tuple[Candidate, list[StoredArticle]]]] = {}
    for candidate in ranked:
        article = candidate.stored.article
        told = by_group.setdefault(article.group, [])
        first = next(
            (
                (other, twins)
                for other, twins in told
                if other.stored.article.id != article.id
                and _says(other.stored.article, _best_sentence(candidate))
            ),
            None,
        )
        if first is None:
            kept.append((candidate, []))
            told.append(kept[-1])
        elif all(twin.id != article.id for twin in first[1]):
            first[1].append(article)
    return [(candidate, tuple(twins)) for candidate, twins in kept]


def _says(article: StoredArticle, sentence: str) -> bool:
    return fold(sentence) in fold(article.text)


def _best_sentence(candidate: Candidate) -> str:
    span = candidate.stored.passage.sentences[candidate.best]
    return candidate.stored.article.text[span.start : span.end]


def _take_turns(rankings: Sequence[list[Candidate]]) -> list[Candidate]:
    """The rankings of the question and its parts as one: each one's best, then each one's next."""
    if len(rankings) == 1:
        return rankings[0]
    merged: dict[int, Candidate] = {}
    for rank in range(max(map(len, rankings))):
        for ranking in rankings:
            if rank < len(ranking):
                merged.setdefault(ranking[rank].stored.row, ranking[rank])
    return list(merged.values())


def _diverse(
    chosen: Sequence[tuple[Candidate, tuple[StoredArticle, ...]]],
) -> list[tuple[Candidate, tuple[StoredArticle, ...]]]:
    seen: dict[str, int] = {}
    places = []
    for rank, (candidate, _) in enumerate(chosen):
        outlet = candidate.stored.article.outlet
        places.append(rank + OUTLET_STEP * seen.get(outlet, 0))
        seen[outlet] = seen.get(outlet, 0) + bool(outlet)
    order = sorted(range(len(chosen)), key=places.__getitem__)
    return [chosen[i] for i in order]


# -- what is reported ------------------------------------------------------------------------------


def _hit(rank: int, candidate: Candidate, twins: tuple[StoredArticle, ...], asked: _Asked) -> Hit:
    passage = candidate.stored.passage
    return Hit(
        rank,
        strength(candidate.key),
        passage,
        candidate.stored.article,
        passage.sentences[candidate.best],
        {
            "dense": round(candidate.dense, 2),
            "lexical": round(candidate.coverage, 2),
            "terms": _matched(asked, passage),
            "names": candidate.names,
        },
        twins,
        candidate.stored.row,
    )


def strength(key: float) -> float:
    """How far a key is above that of the least passage on the subject, 1 for each SPREAD."""
    return (key - ON_SUBJECT_KEY) / SPREAD


_Asked = tuple[str, frozenset[str]]
"""The primary language of a question, and its terms but for single characters."""


def _asked(probe: Probe) -> _Asked:
    telling = (t for t in terms(probe.text, probe.language) if not is_character(t))
    return primary(probe.language), frozenset(telling)


def _matched(asked: _Asked, passage: Passage) -> list[str]:
    """The words of a passage that the question has too, as written there, longest first."""
    language, wanted = asked
    if primary(passage.language) != language:
        return []
    words: dict[str, str] = {}
    for start, end in find_terms(passage.text, language, wanted):
        word = passage.text[start:end]
        words.setdefault(fold(word), word)
    return sorted(words.values(), key=len, reverse=True)[:TERMS_SHOWN]


def _searched(probes: Sequence[Probe]) -> list[str]:
    """The texts that were searched for, and how names in the question were widened."""
    names = (
        f"{name.text} = {' = '.join(form for form in name.forms[:4] if form != name.text)}"
        for name in probes[0].names
        if len(name.forms) > 1
    )
    return [*(probe.text for probe in probes), *dict.fromkeys(names)]


def _node(hit: Hit) -> NodeWithScore:
    article = hit.article
    node = TextNode(
        id_=hit.passage.id,
        text=hit.passage.text,
        start_char_idx=hit.passage.start,
        end_char_idx=hit.passage.end,
        metadata={
            "article_id": article.id,
            "title": article.title,
            "outlet": article.outlet,
            "author": article.author,
            "published": article.published,
            "url": article.url,
            "file": article.file,
            "language": hit.passage.language,
        },
    )
    return NodeWithScore(node=node, score=hit.score)


def _checked(question: str) -> str:
    text = question.strip()
    if not any(c.isalnum() for c in text):
        raise InputError("The question is empty. Ask something.")
    if len(text) > QUESTION_LIMIT:
        raise InputError(f"The question is longer than {QUESTION_LIMIT} characters. Shorten it.")
    return text
