"""newscite from Python: open a library, add articles, search it, ask it.

    import newscite
    library = newscite.open("my-library")
    library.add("seeds/")
    answer = library.ask("Why did Kazakhstan close its trade office?")

Nothing heavy is imported, and no model loaded, before it is needed.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index import library as _library
from index.config import Settings, find_config, load_settings
from index.embed.embedder import open_embedder
from index.errors import ConfigError, InputError, LibraryError, ModelError, NewsciteError
from index.records import Article, Passage, Sentence
from index.report import AddReport, Progress, ProgressCallback, RemoveReport, Status, VerifyReport
from index.store.filters import Filter, at_least_one
from index.store.rows import StoredArticle
from rag.answer.answer import Answer, AnswerSentence, AnswerSide
from rag.results.hits import Citation, Hit, Hits

if TYPE_CHECKING:
    from langchain_core.retrievers import BaseRetriever as LangChainRetriever
    from llama_index.core.llms import LLM
    from llama_index.core.retrievers import BaseRetriever as LlamaIndexRetriever

    from index.store.catalog import Listing
    from rag.analysis.checked import FactCheck
    from rag.analysis.comparison import By, Comparison
    from rag.analysis.events import Timeline
    from rag.answer.ask import Event
    from rag.answer.cache import AnswerCache
    from rag.frameworks.llama_index import LibraryQueryEngine
    from rag.retrieve.retriever import Retriever

__all__ = [
    "AddReport",
    "Answer",
    "AnswerSentence",
    "AnswerSide",
    "Article",
    "Citation",
    "ConfigError",
    "Filter",
    "Hit",
    "Hits",
    "InputError",
    "Library",
    "LibraryError",
    "ModelError",
    "NewsciteError",
    "Passage",
    "Progress",
    "RemoveReport",
    "Sentence",
    "Settings",
    "Status",
    "StoredArticle",
    "VerifyReport",
    "open",
    "progress",
]


class Library(_library.Library):
    """A library that can be searched and asked. Open one with `newscite.open`.

    The filters of `search`, `ask` and `ask_stream` are the fields of `Filter`, by name:
    `published_after="2022"`, `languages=["zh"]`, `outlets=["Reuters"]`, ...
    """

    @cached_property
    def retriever(self) -> Retriever:
        """Finds passages; a LlamaIndex retriever."""
        from rag.retrieve.retriever import Retriever

        return Retriever(self, self.settings)

    @cached_property
    def llm(self) -> LLM | None:
        """The LLM the settings name, opened at first use; None where answers are extractive."""
        from rag.llm.opening import open_llm

        return open_llm(self.settings.llm)

    @cached_property
    def _answers(self) -> AnswerCache:
        from rag.answer.cache import AnswerCache

        return AnswerCache()

    def warm_up(self) -> None:
        """Loads what searching and reading need (some 3 s), so that no question waits for it. For a program
        that answers many; the LLM is loaded when it is first asked.

        Raises ModelError where a model is not to be had.
        """
        from rag.answer.ask import ask

        if warm_up := getattr(self.embedder, "warm_up", None):
            warm_up()
        if self.status().articles:
            ask("newscite", self.retriever, None, self.settings)

    def search(self, question: str, limit: int | None = None, **filters: Any) -> Hits:
        """The passages that answer a question best, in any language, best first.

            hits = library.search("trade office", limit=5, published_after="2022", languages=["zh"])
            hits[0].passage.text, hits[0].article.outlet, hits[0].score
            hits.to_pandas()

        `limit` is retrieve.limit of the settings unless given. Hits that are nearly as strong as the
        first are read, and come in the order in which they answer. Raises InputError on a bad filter or
        a limit below 1.
        """
        from rag.evidence.first_hits import search

        return search(question, self.retriever, self.settings, limit, Filter.of(filters))

    def ask(
        self, question: str, *, history: Sequence[tuple[str, str]] = (), **filters: Any
    ) -> Answer:
        """An answer in the language of the question, every supported sentence cited.

            answer = library.ask("為什麼哈薩克關閉駐俄貿易代表處?")
            answer.text, answer.abstained
            for citation in answer.citations:
                assert citation.article.text[citation.start : citation.end] == citation.quote

        `history` holds the earlier (question, answer) pairs of a conversation, so that "and
        Uzbekistan?" is understood. Raises InputError on a bad filter, ModelError where a model is
        not to be had.
        """
        from rag.answer.ask import final

        return final(self.ask_stream(question, history=history, **filters))

    def ask_stream(
        self, question: str, *, history: Sequence[tuple[str, str]] = (), **filters: Any
    ) -> Generator[Event, None, None]:
        """`ask`, as it happens: the evidence, pieces of the draft, the answer.

            from rag.answer.ask import Evidence, Final
            for event in library.ask_stream("Why did Kazakhstan close its trade office?"):
                if isinstance(event, Evidence):
                    print(len(event.hits), "passages")
                elif isinstance(event, Final):
                    print(event.answer.text)

        Closing the generator stops the LLM. Both wait while models work: where an event loop must go
        on meanwhile, call `await asyncio.to_thread(library.ask, question)`.
        """
        from rag.answer.ask import ask_stream

        filter = Filter.of(filters)
        events = ask_stream(
            question,
            self.retriever,
            lambda: self.llm,
            self.settings,
            filter=filter,
            history=history,
        )
        if self.settings.answer.cache:
            key = (question.strip(), tuple(history), repr(filter), self.generation)
            events = self._answers.through(key, events)
        yield from events

    def check(
        self, claim: str, *, progress: ProgressCallback | None = None, **filters: Any
    ) -> FactCheck:
        """What the articles say of a claim, or of each sentence of a text, in any language.

            checked = library.check("Kazakhstan's trade office in Russia existed for 13 years.")
            for claim in checked.claims:
                claim.verdict, claim.score, claim.differs
                [citation.quote for citation in (*claim.supporting, *claim.against)]

        `verdict` is "supported", "contradicted", "partly" (articles speak of it and lack a part),
        "not found" or "no claim" (a question, a number by itself). The LLM writes nothing; it is asked
        whether passages say the claim, and one in this process who did what to whom. Raises InputError
        on an empty text, one of more than 50 sentences, or a bad filter.
        """
        from rag.analysis.fact_check import check

        return check(
            claim,
            self.retriever,
            self.settings,
            lambda: self.llm,
            filter=Filter.of(filters),
            progress=progress,
        )

    def check_stream(
        self, claim: str, **filters: Any
    ) -> Generator[Progress | FactCheck, None, None]:
        """`check`, as it happens: how many sentences are done, at last what was found."""
        from rag.analysis.fact_check import check_stream

        yield from check_stream(
            claim, self.retriever, self.settings, lambda: self.llm, filter=Filter.of(filters)
        )

    def compare(
        self,
        question: str,
        *,
        by: By = "outlet",
        most: int | None = None,
        progress: ProgressCallback | None = None,
        **filters: Any,
    ) -> Comparison:
        """What each outlet answers, side by side, and where they agree, differ and contradict.

            comparison = library.compare("Why did Kazakhstan close its trade office?", by="language")
            [(group.name, group.answer.text) for group in comparison.groups]

        `by` may also be "country", "language", "period" or "author"; `most` groups are asked, four
        unless given. Raises InputError on a bad `by` or filter.
        """
        from rag.analysis.compare import final

        return final(self.compare_stream(question, by=by, most=most, **filters), progress)

    def compare_stream(
        self, question: str, *, by: By = "outlet", most: int | None = None, **filters: Any
    ) -> Generator[Progress | Comparison, None, None]:
        """`compare`, as it happens: how far it is, at last the comparison."""
        from rag.analysis.compare import MOST_GROUPS, compare_stream

        yield from compare_stream(
            question,
            self.retriever,
            self.llm,
            self.settings,
            by=by,
            most=MOST_GROUPS if most is None else most,
            filter=Filter.of(filters),
        )

    def counts(self, field: str, **filters: Any) -> dict[str, int]:
        """Articles by country, language, outlet, category, author or month, most first.

            library.counts("outlet", languages=["zh"])

        Narrowed by filters: `library.counts("outlet", countries=["KZ"])`. Raises InputError on an
        unknown field or a bad filter.
        """
        return self.catalog.counts(field, Filter.of(filters))

    def listing(
        self,
        words: str = "",
        *,
        sort: str = "added",
        descending: bool = True,
        offset: int = 0,
        limit: int = 50,
        **filters: Any,
    ) -> Listing:
        """A page of the library's table: rows without their texts, and how many there are in all.

        `words` must be in title, outlet, author, file or url. Raises InputError on an unknown
        order or a bad filter.
        """
        return self.catalog.page(
            Filter.of(filters), words, sort=sort, descending=descending, offset=offset, limit=limit
        )

    def timeline(self, topic: str, limit: int | None = None, **filters: Any) -> Timeline:
        """What happened when: dated events of a topic across articles and languages, each cited.

            timeline = library.timeline("哈薩克與俄羅斯的關係")
            [(event.when.iso, event.text) for event in timeline.events]

        With more than `limit` events (30 unless given) the nearest to the topic are kept. No LLM
        is used. Raises InputError on a bad filter.
        """
        from rag.analysis.timeline import EVENTS, timeline

        return timeline(
            topic,
            self.retriever,
            limit=at_least_one(limit, EVENTS),
            filter=Filter.of(filters),
        )

    def as_retriever(self, limit: int | None = None, **filters: Any) -> LlamaIndexRetriever:
        """A retriever for LlamaIndex: nodes with scores, offsets and where they come from.

            library.as_retriever(limit=3, languages=["zh"]).retrieve("trade office")[0].score

        Raises InputError on a bad filter.
        """
        from rag.frameworks.llama_index import LibraryRetriever

        Filter.of(filters)
        return LibraryRetriever(self, limit, filters)

    def as_query_engine(self, **filters: Any) -> LibraryQueryEngine:
        """A query engine for LlamaIndex: the answer, and its quotes as source nodes.

            response = library.as_query_engine().query("Why did Kazakhstan close its trade office?")
            [node.text for node in response.source_nodes]

        Raises InputError on a bad filter.
        """
        from rag.frameworks.llama_index import LibraryQueryEngine

        Filter.of(filters)
        return LibraryQueryEngine(self, filters)

    def as_langchain_retriever(
        self, limit: int | None = None, **filters: Any
    ) -> LangChainRetriever:
        """A retriever for LangChain. Raises InputError where langchain-core is not installed."""
        _need("langchain_core", "langchain")
        from rag.frameworks.langchain import LibraryRetriever

        Filter.of(filters)
        return LibraryRetriever(library=self, limit=limit, filters=filters)

    def as_haystack_retriever(self, limit: int | None = None, **filters: Any) -> Any:
        """A component for Haystack. Raises InputError where haystack-ai is not installed."""
        _need("haystack", "haystack")
        from rag.frameworks.haystack import LibraryRetriever

        Filter.of(filters)
        return LibraryRetriever(self, limit, filters)


def progress(verb: str = "Working") -> AbstractContextManager[ProgressCallback]:
    """A progress bar, in a notebook or on a terminal, for what takes a `progress` callback.

        with newscite.progress("Adding") as bar:
            library.add("seeds/", progress=bar)

    The bar goes when the work is over.
    """
    from ui.notebook import progress as bar

    return bar(verb)


def open(
    path: str | Path | None = None,
    config: str | Path | None = None,
    *,
    create: bool = True,
    read_only: bool = False,
    check_embedder: bool = True,
    **settings: Any,
) -> Library:
    """Opens the library in a folder, or makes a new one there.

    `config` is a TOML file; without it newscite.toml or config.toml of the current folder is read
    if there is one. Keyword arguments win over it, key by key:
    `newscite.open("my-library", llm={"model": "ollama:qwen3:8b"})`. `path` is the settings'
    `library` unless given. Without `check_embedder` a library built by another embedder is opened
    too, to be looked through or rebuilt. Raises ConfigError, or LibraryError where the folder holds
    no usable library.
    """
    configured = load_settings(config or find_config(Path.cwd()), **settings)
    where = configured.library if path is None else path
    if not create and not Library.exists(where):
        raise LibraryError(f"There is no library at {where}. Make one with: newscite add PATH")
    return Library.open(
        where,
        configured,
        open_embedder(configured.embedder),
        read_only=read_only,
        check_embedder=check_embedder,
    )


def _need(module: str, extra: str) -> None:
    if find_spec(module) is None:
        raise InputError(
            f"{module} is not installed: pip install -e '.[{extra}]' (in newscite's folder)"
        )
