"""Adds articles to a library: they are collected, split, embedded and stored a batch at a time.

In: sources and their articles, in order. Out: rows in the store, and entries for the report. A
batch is one transaction; what is in it is reported once it is on disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from index.config import SplitSettings
from index.embed.passages import split_article
from index.embed.protocol import Embedder
from index.languages.text import detect
from index.passage_vectors import BATCH_PASSAGES, embed_missing, embedding_keys, store_embeddings
from index.read.streams import Meter
from index.records import Article, LeftOut, Passage, Rejection
from index.report import AddReport, Entry, Progress, ProgressCallback
from index.store import corrections, date_orders
from index.store.duplicates import Grouper
from index.store.rows import StoredSource
from index.store.store import Store
from index.wording import Wording
from index.writer import utc_now

if TYPE_CHECKING:
    from index.passage_vectors import Vectors

FIRST_BATCH_PASSAGES = 32
"""Passages in the first batch; each further batch holds twice as many as the one before. The first
batch is small so that a progress bar moves after seconds. That costs padding: 18 % with 32
passages, 7 % with 128."""

BATCH_ARTICLES = 1000
"""Articles in a batch that needs no embedding."""

ALREADY_THERE = "Already in the library."
UNCHANGED = "Unchanged."
NO_ARTICLE = Wording("no_article", "No article was found in it.")
NO_TEXT = Wording("no_text", "An article without text.")
NOT_UNICODE = Wording("not_unicode", "An article with characters that are not valid Unicode.")
TEXTS = (
    "text", "title", "author", "outlet", "published", "language", "url", "canonical_url", "file",
)  # fmt: skip


@dataclass(slots=True)
class Work:
    """A source that is being added, and what happened to it so far."""

    key: str
    name: str
    digest: str
    known: StoredSource | None
    size: int = 0
    """Bytes of the source; `meter` counts how many of them were read."""
    meter: Meter = field(default_factory=Meter)
    keep: bool = False
    """True if the source keeps articles that it held before and that do not occur in it again."""
    number: int = 0
    new: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    repeated: list[str] = field(default_factory=list)
    """Ids of its articles, by what became of them."""
    passages: int = 0
    rejections: list[Rejection] = field(default_factory=list)

    @property
    def held(self) -> int:
        return len(self.new) + len(self.updated) + len(self.repeated)


@dataclass(slots=True)
class _Fresh:
    """An article that has to be split and embedded."""

    passages: list[Passage]
    keys: list[bytes]


class Adder:
    """Takes articles in and stores them in batches; the caller holds the writer's lock."""

    def __init__(
        self,
        store: Store,
        embedder: Embedder,
        split: SplitSettings,
        stored: Callable[[], None],
        progress: ProgressCallback | None = None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._split = split
        self._stored = stored
        """Called after each transaction; updates the indexes from time to time."""
        self._progress = progress
        self._groups = Grouper(store)
        self._round = store.generation + 1
        self._pending: list[tuple[Work, Article | None]] = []
        self._fresh: dict[str, _Fresh] = {}
        self._fresh_passages = 0
        self._sites: set[str] = set()
        """Sites of the batch whose dates may be read both ways."""
        self._batch = FIRST_BATCH_PASSAGES
        self._current: Work | None = None
        self._read = 0
        self._added: list[Entry] = []
        self._updated: list[Entry] = []
        self._skipped: list[Entry] = []
        self._rejected: list[Entry] = []
        self._left_out: list[Entry] = []
        self._articles = self._passages = self._embedded = self._held = 0
        self._done = 0
        self._total: int | None = None
        self._size = 0

    def report(self, seconds: float, removed: Iterable[Entry] = ()) -> AddReport:
        """Stores what is pending; returns what happened to everything so far."""
        return AddReport(
            tuple(self._added),
            tuple(self._updated),
            tuple(self._skipped),
            tuple(self._rejected),
            tuple(removed),
            self._articles,
            self._passages,
            self._embedded,
            seconds,
            tuple(self._left_out),
        )

    def expect(self, sources: int, size: int) -> None:
        """States how many sources are still to come, and their bytes."""
        self._total, self._size, self._read = self._done + sources, size, 0
        self._tell([])

    def begin(self, key: str, name: str, digest: str, size: int = 0, *, keep: bool = False) -> Work:
        """Starts a source: `put` its articles next, then `finish` it."""
        self._current = Work(key, name, digest, self._store.source(key), size, keep=keep)
        return self._current

    def put(self, work: Work, article: Article) -> None:
        """Adds an article to the current batch."""
        if not isinstance(article, Article):
            reason = Wording(
                "not_an_article",
                "A {kind}, which is no Article. Make one of it: newscite.Article(text, title).",
                kind=type(article).__name__,
            )
            work.rejections.append(Rejection(work.name, reason))
            return
        if field := _no_text(article):
            reason = Wording(
                "not_a_text",
                'An article whose {field} is no text. Give "" for what is not known.',
                field=field,
            )
            work.rejections.append(Rejection(work.name, reason))
            return
        if not article.language:
            guessed = article.guessed | {"language"}
            article = replace(article, language=detect(article.text), guessed=guessed)
        article_id = article.id
        known = self._store.find_article(article_id)
        if article_id not in self._fresh and (known is None or known[1] != article.language):
            unicode = _is_unicode(article)
            passages = split_article(article, article_id, self._split) if unicode else []
            if not passages:
                work.rejections.append(Rejection(work.name, NO_TEXT if unicode else NOT_UNICODE))
                return
            self._fresh[article_id] = _Fresh(passages, embedding_keys(self._embedder, passages))
            self._fresh_passages += len(passages)
        self._pending.append((work, article))
        full = min(self._batch, BATCH_PASSAGES)
        if self._fresh_passages >= full or len(self._pending) >= BATCH_ARTICLES:
            self.flush()

    def finish(self, work: Work) -> None:
        """Ends a source: articles that it no longer holds are removed with its batch."""
        self._pending.append((work, None))
        self._current = None
        self._read += work.size

    def skip(self, entry: Entry) -> None:
        """Reports a source that need not be read."""
        self._done += 1
        self._skipped.append(entry)

    def refuse(self, rejection: Rejection) -> None:
        """Reports what could not even be opened."""
        if isinstance(rejection, LeftOut):
            self._left_out.append(_left_out(rejection))
            return
        self._done += 1
        self._rejected.append(Entry(rejection.source, 0, rejection.reason))

    def flush(self) -> None:
        """Embeds and stores what is pending in one transaction, then reports it."""
        if not self._pending:
            return
        fresh = self._fresh.values()
        embedded = embed_missing(
            self._store,
            self._embedder,
            [passage for item in fresh for passage in item.passages],
            [key for item in fresh for key in item.keys],
        )
        now = utc_now()
        dropped: list[int] = []
        with self._store.transaction():
            for work, article in self._pending:
                if not work.number:
                    work.number = self._store.put_source(work.key, work.name, "", "", now)
                if article is None:
                    dropped += self._close(work, now)
                else:
                    self._store_article(work, article, embedded, now)
            date_orders.settle(self._store, self._sites)
            self._sites.clear()
            remove_orphans(self._store, self._groups, dropped)
            self._store.set_meta(added=now)
        pending, self._pending = self._pending, []
        self._fresh = {}
        self._fresh_passages = 0
        self._batch *= 2
        self._embedded += len(embedded)
        self._stored()
        self._tell(pending)

    def _store_article(
        self, work: Work, article: Article, embedded: dict[bytes, Vectors], now: str
    ) -> None:
        article_id = article.id
        article = corrections.corrected(self._store, article_id, article)
        known = self._store.find_article(article_id)
        if known is None:
            number = self._store.insert_article(article_id, article, now)
            work.passages += self._store_passages(number, self._fresh[article_id], embedded)
            self._groups.place(number, article_id, article.text)
            work.new.append(article_id)
        else:
            number, language = known
            held = self._store.is_linked(work.number, number)
            if held and self._store.update_article(number, article):
                work.updated.append(article_id)
                if (
                    language != article.language
                ):  # its passages belong to another partition of the indexes now
                    self._store.remove_passages([number])
                    self._store_passages(number, self._fresh[article_id], embedded)
            else:
                work.repeated.append(article_id)
        self._store.link(work.number, number, self._round)
        self._sites |= {date_orders.site_of(article)} - {""}

    def _store_passages(self, number: int, fresh: _Fresh, embedded: dict[bytes, Vectors]) -> int:
        embeddings = store_embeddings(self._store, fresh.keys, embedded)
        self._store.insert_passages(number, fresh.passages, embeddings)
        return len(fresh.passages)

    def _close(self, work: Work, now: str) -> list[int]:
        """Stores a finished source; returns the numbers of the articles that it no longer holds."""
        complete = work.held > 0 and all(item.meant for item in work.rejections)
        self._store.put_source(
            work.key,
            work.name,
            work.digest if complete else "",
            next((r.reason for r in work.rejections if not isinstance(r, LeftOut)), ""),
            now,
        )
        if work.keep or not work.held:
            return []
        return self._store.unlink_old(work.number, self._round)

    def _tell(self, stored: list[tuple[Work, Article | None]]) -> None:
        """Adds what is now on disk to the report, and calls the progress callback."""
        finished = [work for work, article in stored if article is None]
        for work in finished:
            changed = work.known is not None and work.known.digest != ""
            if work.new or work.updated:
                entries = self._updated if changed else self._added
                entries.append(_held(work.name, [*work.new, *work.updated]))
            if work.repeated:
                self._skipped.append(_held(work.name, work.repeated, ALREADY_THERE))
            left_out = [item for item in work.rejections if isinstance(item, LeftOut)]
            rejected = [item for item in work.rejections if not isinstance(item, LeftOut)]
            if not work.held and not rejected:
                rejected.append(Rejection(work.name, NO_ARTICLE))
            self._rejected += [Entry(item.source, 0, item.reason) for item in rejected]
            self._left_out += map(_left_out, left_out)
            self._articles += len(work.new)
            self._passages += work.passages
        self._done += len(finished)
        if self._progress is not None:
            ids = [article.id for _, article in stored if article is not None]
            self._held += len(ids)
            counts = self._done, self._total, self._held, self._passages
            name = stored[-1][0].name if stored else ""
            self._progress(Progress(*counts, name, tuple(dict.fromkeys(ids)), self._share()))

    def _share(self) -> float | None:
        """Share of the expected bytes that are read and stored."""
        if not self._size:
            return None
        current = self._current
        read = self._read + (current.size * current.meter.share if current is not None else 0)
        return read / self._size


def _held(source: str, ids: Sequence[str], reason: str = "") -> Entry:
    return Entry(source, len(ids), reason, article_ids=tuple(ids))


def _left_out(item: LeftOut) -> Entry:
    return Entry(item.source, 0, item.reason, item.count)


def remove_orphans(store: Store, groups: Grouper, numbers: Sequence[int]) -> tuple[list[str], int]:
    """Removes the articles among these that no source holds any more, and regroups the rest.
    Returns their ids, and how many passages were removed.
    """
    orphans = store.orphans(numbers)
    if not orphans:
        return [], 0
    ids, touched = store.article_ids(orphans), store.groups_of(orphans)
    passages = store.remove_articles(orphans)
    groups.regroup(touched)
    return ids, passages


def _no_text(article: Article) -> str:
    """The first field of an article made in Python that should be text and is not; "" if all are."""
    return next((name for name in TEXTS if not isinstance(getattr(article, name), str)), "")


def _is_unicode(article: Article) -> bool:
    """False for a text with lone surrogates, which cannot be stored as UTF-8."""
    try:
        "".join(getattr(article, name) for name in TEXTS).encode()
    except UnicodeEncodeError:
        return False
    return True
