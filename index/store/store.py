"""SQLite: sources, articles, passages and their vectors. The one source of truth of a library.

In: articles with their passages and vectors, in transactions that raise the library's generation.
Out: the same again, by id, by row, or "what came since row r and generation g", which is what the
vector and term indexes derived from it ask for. Nothing here knows of those indexes.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import numpy as np

from index.errors import LibraryError
from index.languages.text import primary
from index.records import Article, Passage, Sentence

if TYPE_CHECKING:
    from numpy.typing import NDArray

SCHEMA_VERSION = 1
FILE_NAME = "library.db"
CHUNK_ROWS = 2000
CACHED_ARTICLES = 512
KEY_BYTES = 16

_SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sources (
    number INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
    digest TEXT NOT NULL, reason TEXT NOT NULL, seen TEXT NOT NULL);
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT NOT NULL,
    author TEXT NOT NULL, outlet TEXT NOT NULL, published TEXT NOT NULL, url TEXT NOT NULL,
    canonical_url TEXT NOT NULL, language TEXT NOT NULL, file TEXT NOT NULL, tags TEXT NOT NULL,
    metadata TEXT NOT NULL, guessed TEXT NOT NULL, page_start INTEGER NOT NULL,
    page_end INTEGER NOT NULL, added TEXT NOT NULL, story TEXT NOT NULL);
CREATE INDEX articles_story ON articles (story);
CREATE TABLE texts (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, text TEXT NOT NULL);
CREATE TABLE source_articles (
    source INTEGER NOT NULL REFERENCES sources ON DELETE CASCADE,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    round INTEGER NOT NULL, PRIMARY KEY (source, article)) WITHOUT ROWID;
CREATE INDEX source_articles_article ON source_articles (article);
CREATE TABLE embeddings (
    number INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL);
CREATE TABLE sentence_vectors (
    embedding INTEGER PRIMARY KEY REFERENCES embeddings ON DELETE CASCADE, vectors BLOB NOT NULL);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    start INTEGER NOT NULL, end INTEGER NOT NULL, language TEXT NOT NULL,
    sentences BLOB NOT NULL, embedding INTEGER NOT NULL REFERENCES embeddings);
CREATE INDEX passages_article ON passages (article);
CREATE INDEX passages_embedding ON passages (embedding);
CREATE TABLE removed (
    row INTEGER PRIMARY KEY, language TEXT NOT NULL, generation INTEGER NOT NULL);
CREATE INDEX removed_generation ON removed (generation);
CREATE TABLE signatures (band INTEGER NOT NULL,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    PRIMARY KEY (band, article)) WITHOUT ROWID;
CREATE INDEX signatures_article ON signatures (article);
"""

_ARTICLE_FIELDS = tuple(f.name for f in fields(Article) if f.name != "text")
_LISTED = "(SELECT value FROM json_each(?))"
"""A list as one SQL parameter, made by `_listed`."""

_COLUMNS = ", ".join(f"a.{name}" for name in _ARTICLE_FIELDS)


@dataclass(frozen=True, slots=True)
class StoredArticle(Article):
    """An article as the library holds it."""

    id: str = ""  # computed in Article, looked up here
    added: str = ""
    """When it came into the library, ISO 8601 in UTC."""
    group: str = ""
    """Id of the earliest article of its near duplicates; its own id when there are none."""
    number: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class StoredPassage:
    """A passage as the library holds it, with its article and vectors."""

    row: int
    passage: Passage
    article: StoredArticle
    vector: NDArray[np.float32]
    """[d], L2-normalised."""
    sentence_vectors: NDArray[np.float32]
    """[k, d], one for each of `passage.sentences`, L2-normalised."""

    @property
    def group(self) -> str:
        return self.article.group


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A file or url as it was last added."""

    number: int
    key: str
    name: str
    digest: str
    """Hash of its content; "" if it has to be read again whatever its content."""
    reason: str
    """Why it, or a part of it, was rejected; "" if nothing was."""


@dataclass(frozen=True, slots=True)
class VectorRows:
    """Rows as a vector index takes them: row numbers (ascending), languages, fp16 [n, d]."""

    rows: NDArray[np.int64]
    languages: list[str]
    vectors: NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class TextRow:
    """A row as a term index takes it."""

    row: int
    language: str
    text: str


class Store:
    """One library's database. One connection, shared by threads under a lock.

    Readers in other processes see each transaction as a whole or not at all.
    """

    def __init__(self, folder: Path, *, writable: bool) -> None:
        self.path = folder / FILE_NAME
        self._lock = threading.RLock()
        self._db = _connect(self.path, writable)
        self._articles: dict[int, StoredArticle] = {}
        """Articles by number, the last read of them remembered until the library changes."""
        self._cached_generation = -1
        self._loose: set[int] = set()
        """Embeddings whose passages were removed in this transaction."""
        try:
            if writable:
                self._create()
            if self.meta("schema") != str(SCHEMA_VERSION):
                raise LibraryError(
                    f"{self.path} is not a library this version of newscite can read. "
                    "Update newscite, or make a new library."
                )
        except LibraryError:
            self.close()
            raise

    def close(self) -> None:
        with self._lock:
            self._db.close()

    # -- meta ---------------------------------------------------------------------------------

    def _create(self) -> None:
        if self._one("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
            return
        with self._atomic():
            if self._one("SELECT 1 FROM sqlite_master WHERE name = 'meta'"):
                return  # another process was quicker
            for statement in _SCHEMA.split(";")[:-1]:
                self._run(statement)
            self.set_meta(
                schema=SCHEMA_VERSION,
                id=secrets.token_hex(8),
                generation=0,
                build=secrets.token_hex(8),
            )

    @contextmanager
    def _atomic(self) -> Iterator[None]:
        with self._using() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    def meta(self, key: str, default: str = "") -> str:
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return str(row[0]) if row else default

    def set_meta(self, **values: str | int) -> None:
        self._many("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())

    @property
    def id(self) -> str:
        """Names the library for good, wherever its folder is; a copy of the folder has it too."""
        return self.meta("id", self.build)  # libraries made before there was one

    @property
    def generation(self) -> int:
        """Number of transactions so far."""
        return int(self.meta("generation"))

    @property
    def build(self) -> str:
        """Changes when rows get new meaning (a rebuild): indexes of another build are void."""
        return self.meta("build")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk when it ends; raises the generation."""
        try:
            with self._atomic():
                self.set_meta(generation=self.generation + 1)
                yield
                self._drop_unused(self._loose)
        finally:
            self._loose = set()

    # -- sources ------------------------------------------------------------------------------

    def source(self, key: str) -> StoredSource | None:
        row = self._one(
            "SELECT number, key, name, digest, reason FROM sources WHERE key = ?", (key,)
        )
        return StoredSource(*row) if row else None

    def sources(self) -> Iterator[StoredSource]:
        for row in self._pages("SELECT number, key, name, digest, reason FROM sources"):
            yield StoredSource(*row)

    def put_source(self, key: str, name: str, digest: str, reason: str, seen: str) -> int:
        """The number of the source, new or updated."""
        row = self._one(
            "INSERT INTO sources (key, name, digest, reason, seen) VALUES (?, ?, ?, ?, ?) "
            "ON CONFLICT (key) DO UPDATE SET name = excluded.name, digest = excluded.digest, "
            "reason = excluded.reason, seen = excluded.seen "
            "RETURNING number",
            (key, name, digest, reason, seen),
        )
        assert row is not None  # noqa: S101  # RETURNING always gives the row
        return int(row[0])

    def link(self, source: int, article: int, round_: int) -> None:
        self._run(
            "INSERT OR REPLACE INTO source_articles VALUES (?, ?, ?)", (source, article, round_)
        )

    def unlink_old(self, source: int, round_: int) -> list[int]:
        """Drops the source's links to articles that were not met in this round; their numbers."""
        return self._unlink("source = ? AND round <> ?", (source, round_))

    def unlink_article(self, article: int) -> list[int]:
        """Drops an article's links, and has its sources read again when they are added again."""
        self._run(
            "UPDATE sources SET digest = '' WHERE number IN "
            "(SELECT source FROM source_articles WHERE article = ?)",
            (article,),
        )
        self._unlink("article = ?", (article,))
        return [article]

    def remove_source(self, source: int) -> list[int]:
        """Drops a source; the numbers of the articles it held."""
        unlinked = self._unlink("source = ?", (source,))
        self._run("DELETE FROM sources WHERE number = ?", (source,))
        return unlinked

    def orphans(self, numbers: Iterable[int]) -> list[int]:
        """Those of the articles that no source holds."""
        rows = self._all(
            f"SELECT number FROM articles WHERE number IN {_LISTED} AND NOT EXISTS "  # noqa: S608
            "(SELECT 1 FROM source_articles WHERE article = articles.number)",
            (_listed(numbers),),
        )
        return [number for (number,) in rows]

    def _unlink(self, condition: str, values: Sequence[Any]) -> list[int]:
        unlinked = self._all(f"SELECT article FROM source_articles WHERE {condition}", values)  # noqa: S608
        self._run(f"DELETE FROM source_articles WHERE {condition}", values)  # noqa: S608
        return [number for (number,) in unlinked]

    def is_linked(self, source: int, article: int) -> bool:
        return bool(
            self._one(
                "SELECT 1 FROM source_articles WHERE source = ? AND article = ?", (source, article)
            )
        )

    def held_by(self, source: int) -> int:
        """How many articles a source holds."""
        row = self._one("SELECT count(*) FROM source_articles WHERE source = ?", (source,))
        return int(row[0]) if row else 0

    def articles_of_file(self, file: str) -> list[int]:
        """Numbers of the articles shown under this file name."""
        return [n for (n,) in self._all("SELECT number FROM articles WHERE file = ?", (file,))]

    def find_sources(self, selector: str) -> list[StoredSource]:
        """Sources whose key or name is `selector`."""
        rows = self._all(
            "SELECT number, key, name, digest, reason FROM sources WHERE key = ? OR name = ?",
            (selector, selector),
        )
        return [StoredSource(*row) for row in rows]

    # -- articles -----------------------------------------------------------------------------

    def find_article(self, article_id: str) -> tuple[int, str] | None:
        """Number and language of an article, if it is in the library."""
        return self._one("SELECT number, language FROM articles WHERE id = ?", (article_id,))

    def article_ids(self, numbers: Iterable[int]) -> list[str]:
        rows = self._all(
            f"SELECT id FROM articles WHERE number IN {_LISTED}",  # noqa: S608
            (_listed(numbers),),
        )
        return [article_id for (article_id,) in rows]

    def groups_of(self, numbers: Iterable[int]) -> list[str]:
        """Groups of near duplicates that these articles belong to."""
        rows = self._all(
            f"SELECT DISTINCT story FROM articles WHERE number IN {_LISTED}",  # noqa: S608
            (_listed(numbers),),
        )
        return [group for (group,) in rows]

    def insert_article(self, article_id: str, article: Article, added: str) -> int:
        """Puts a new article in, alone in its group; its number."""
        names = (*_ARTICLE_FIELDS, "id", "added", "story")
        row = self._one(
            f"INSERT INTO articles ({', '.join(names)}) "  # noqa: S608
            f"VALUES ({', '.join('?' * len(names))}) RETURNING number",
            (*_article_row(article), article_id, added, article_id),
        )
        assert row is not None  # noqa: S101  # RETURNING always gives the row
        self._run("INSERT INTO texts VALUES (?, ?)", (row[0], article.text))
        return int(row[0])

    def update_article(self, number: int, article: Article) -> bool:
        """Brings what is known about an article up to date; True if anything was new."""
        row = _article_row(article)
        if row == self._one(f"SELECT {_COLUMNS} FROM articles a WHERE number = ?", (number,)):  # noqa: S608
            return False
        names = ", ".join(f"{name} = ?" for name in _ARTICLE_FIELDS)
        self._run(f"UPDATE articles SET {names} WHERE number = ?", (*row, number))  # noqa: S608
        return True

    def remove_articles(self, numbers: Sequence[int]) -> int:
        """Removes articles with all that belongs to them; how many passages that were."""
        removed = self.remove_passages(numbers)
        self._run(f"DELETE FROM articles WHERE number IN {_LISTED}", (_listed(numbers),))  # noqa: S608
        return removed

    def remove_passages(self, articles: Sequence[int]) -> int:
        """Removes the passages of articles, and at the end of the transaction the vectors that
        nobody else uses by then; how many passages."""
        of_them = f"FROM passages WHERE article IN {_LISTED}"
        chosen = (_listed(articles),)
        self._loose.update(n for (n,) in self._all(f"SELECT embedding {of_them}", chosen))
        self._run(
            f"INSERT INTO removed SELECT row, language, ? {of_them}",
            (self.generation, *chosen),
        )
        return self._run(f"DELETE {of_them}", chosen)

    def _drop_unused(self, embeddings: Iterable[int]) -> None:
        self._run(
            f"DELETE FROM embeddings WHERE number IN {_LISTED} AND "  # noqa: S608
            "NOT EXISTS (SELECT 1 FROM passages WHERE embedding = embeddings.number)",
            (_listed(embeddings),),
        )

    def article(self, article_id: str) -> StoredArticle | None:
        row = self._one("SELECT number FROM articles WHERE id = ?", (article_id,))
        return self._articles_by_number(row).get(row[0]) if row else None

    def articles(self) -> Iterator[StoredArticle]:
        """All articles in the order they were added, a few at a time in memory."""
        last = 0
        while rows := self._all(
            f"SELECT {_COLUMNS}, a.id, a.added, a.story, a.number, t.text "  # noqa: S608
            "FROM articles a JOIN texts t ON t.article = a.number "
            "WHERE a.number > ? ORDER BY a.number LIMIT 100",
            (last,),
        ):
            yield from map(_stored_article, rows)
            last = rows[-1][-2]

    def _articles_by_number(self, numbers: Iterable[int]) -> dict[int, StoredArticle]:
        """Those of the articles that there are."""
        wanted = set(numbers)
        with self._lock:
            generation = self.generation
            if generation != self._cached_generation:
                self._articles.clear()
                self._cached_generation = generation
            found = {n: self._articles[n] for n in wanted & self._articles.keys()}
            if len(found) < len(wanted):
                rows = self._all(
                    f"SELECT {_COLUMNS}, a.id, a.added, a.story, a.number, t.text "  # noqa: S608
                    f"FROM articles a JOIN texts t ON t.article = a.number WHERE a.number IN {_LISTED}",
                    (_listed(wanted - found.keys()),),
                )
                read = {article.number: article for article in map(_stored_article, rows)}
                found |= read
                self._articles |= read
                for number in list(self._articles)[:-CACHED_ARTICLES]:
                    del self._articles[number]
        return found

    def article_text(self, number: int) -> str:
        row = self._one("SELECT text FROM texts WHERE article = ?", (number,))
        return str(row[0]) if row else ""

    # -- passages and vectors -----------------------------------------------------------------

    def embeddings(self, keys: Iterable[bytes]) -> dict[bytes, int]:
        """Numbers of those of the embeddings that are stored already."""
        found: dict[bytes, int] = {}
        wanted = list(dict.fromkeys(keys))
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ", ".join("?" * len(part))
            rows = self._all(f"SELECT key, number FROM embeddings WHERE key IN ({marks})", part)  # noqa: S608
            found.update(rows)
        return found

    def insert_embedding(
        self, key: bytes, vector: NDArray[np.float32], sentences: NDArray[np.float32]
    ) -> int:
        """Stores a passage's vector [d] as fp16 and its sentences' [k, d] as int8."""
        row = self._one(
            "INSERT INTO embeddings (key, vector) VALUES (?, ?) RETURNING number",
            (key, vector.astype(np.float16).tobytes()),
        )
        assert row is not None  # noqa: S101  # RETURNING always gives the row
        self._run("INSERT INTO sentence_vectors VALUES (?, ?)", (row[0], quantise(sentences)))
        return int(row[0])

    def insert_passages(
        self, article: int, passages: Sequence[Passage], embeddings: Sequence[int]
    ) -> None:
        self._many(
            "INSERT INTO passages (article, start, end, language, sentences, embedding) "
            "VALUES (?, ?, ?, ?, ?, ?)",
            (
                (article, p.start, p.end, p.language, _pack_spans(p), embedding)
                for p, embedding in zip(passages, embeddings, strict=True)
            ),
        )

    def passages(self, rows: Sequence[int]) -> list[StoredPassage]:
        """The passages with these row numbers, in the order given; removed ones are left out."""
        records = self._all(
            "SELECT p.row, p.article, p.start, p.end, p.language, p.sentences, e.vector, s.vectors "
            "FROM passages p JOIN embeddings e ON e.number = p.embedding "
            "JOIN sentence_vectors s ON s.embedding = p.embedding "
            "WHERE p.row IN (SELECT value FROM json_each(?))",
            (_listed(int(row) for row in rows),),
        )
        if not records:
            return []
        articles = self._articles_by_number(record[1] for record in records)
        dense = np.frombuffer(b"".join(r[6] for r in records), np.float16).astype(np.float32)
        dense = dense.reshape(len(records), -1)
        fine = dequantise(b"".join(r[7] for r in records), dense.shape[1])
        found: dict[int, StoredPassage] = {}
        at = 0
        for n, (row, number, start, end, language, packed, _, _) in enumerate(records):
            spans = _unpack_spans(packed, start)
            article = articles.get(number)
            if article is not None:  # else removed between the two statements
                text = article.text[start:end]
                passage = Passage(article.id, start, end, text, spans, language, article.title)
                vectors = fine[at : at + len(spans)]
                found[row] = StoredPassage(row, passage, article, dense[n], vectors)
            at += len(spans)
        return [found[int(row)] for row in rows if int(row) in found]

    def article_passages(self, article: int) -> list[int]:
        """Row numbers of an article's passages, in the order of the text."""
        return [
            row
            for (row,) in self._all(
                "SELECT row FROM passages WHERE article = ? ORDER BY start", (article,)
            )
        ]

    def passage_spans(self, article: int) -> list[tuple[int, int]]:
        """Where an article's passages start and end, in the order of the text."""
        rows = self._all(
            "SELECT start, end FROM passages WHERE article = ? ORDER BY start", (article,)
        )
        return [(start, end) for start, end in rows]

    def begin_build(self, fingerprint: str, embedder: str) -> None:
        """Empties the passages, to be filled anew; whatever was made from them is void."""
        self._run("DELETE FROM passages")
        self._run("DELETE FROM removed")
        self.set_meta(build=secrets.token_hex(8), fingerprint=fingerprint, embedder=embedder)

    def drop_unused_embeddings(self) -> None:
        self._run("DELETE FROM embeddings WHERE number NOT IN (SELECT embedding FROM passages)")

    def vectors_since(self, row: int) -> Iterator[VectorRows]:
        """Vectors of rows after `row`, ascending, in chunks."""
        while records := self._all(
            "SELECT p.row, p.language, e.vector FROM passages p "
            "JOIN embeddings e ON e.number = p.embedding WHERE p.row > ? ORDER BY p.row LIMIT ?",
            (row, CHUNK_ROWS),
        ):
            vectors = np.frombuffer(b"".join(r[2] for r in records), np.float16)
            yield VectorRows(
                np.array([r[0] for r in records], np.int64),
                [partition(r[1]) for r in records],
                vectors.reshape(len(records), -1),
            )
            row = records[-1][0]

    def texts_since(self, row: int) -> Iterator[TextRow]:
        """Texts of rows after `row`, ascending."""
        while records := self._all(
            "SELECT row, article, start, end, language FROM passages WHERE row > ? "
            "ORDER BY row LIMIT ?",
            (row, CHUNK_ROWS),
        ):
            article, text = -1, ""
            for row, number, start, end, language in records:  # the last row read
                if number != article:
                    article, text = number, self.article_text(number)
                yield TextRow(row, language, text[start:end])

    def removed_since(self, generation: int) -> dict[str, list[int]]:
        """Rows removed after `generation`, by primary language."""
        removed: dict[str, list[int]] = {}
        for row, language in self._all(
            "SELECT row, language FROM removed WHERE generation > ?", (generation,)
        ):
            removed.setdefault(partition(language), []).append(row)
        return removed

    def count(self, table: str) -> int:
        row = self._one(f"SELECT count(*) FROM {table}")  # noqa: S608
        return int(row[0]) if row else 0

    def query(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT."""
        return self._all(sql, values)

    def execute(self, sql: str, values: Sequence[Any] = ()) -> int:
        """Runs a statement inside the caller's transaction; how many rows it changed."""
        return self._run(sql, values)

    def execute_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        self._many(sql, rows)

    # -- plumbing -----------------------------------------------------------------------------

    @contextmanager
    def _using(self) -> Iterator[sqlite3.Connection]:
        """The connection, for one thread at a time; its errors are ours."""
        with self._lock:
            try:
                yield self._db
            except sqlite3.Error as error:
                raise _broken(self.path, error) from error

    def _one(self, sql: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        with self._using() as db:
            row: tuple[Any, ...] | None = db.execute(sql, values).fetchone()
            return row

    def _all(self, sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        with self._using() as db:
            return db.execute(sql, values).fetchall()

    def _run(self, sql: str, values: Sequence[Any] = ()) -> int:
        with self._using() as db:
            return db.execute(sql, values).rowcount

    def _many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._using() as db:
            db.executemany(sql, rows)

    def _pages(self, sql: str) -> Iterator[tuple[Any, ...]]:
        """Rows of a query on a table with `number`, without an open read transaction."""
        last = 0
        while rows := self._all(f"{sql} WHERE number > ? ORDER BY number LIMIT 1000", (last,)):
            yield from rows
            last = rows[-1][0]


def partition(language: str) -> str:
    """The part of the indexes a passage belongs to: its primary language, "zh" for both scripts.

    "und" for a tag that is none: partitions name folders.
    """
    name = primary(language).lower()
    return name if name.isascii() and name.isalpha() and len(name) <= 8 else "und"


def embedding_key(fingerprint: str, text: str, spans: Sequence[tuple[int, int]]) -> bytes:
    """What makes two embeddings the same: the embedder, the text, where its sentences are."""
    digest = hashlib.blake2b(repr((fingerprint, spans)).encode(), digest_size=KEY_BYTES)
    digest.update(text.encode("utf-8", "surrogatepass"))
    return digest.digest()


def quantise(vectors: NDArray[np.float32]) -> bytes:
    """L2-normalised float32 [k, d] -> int8 [k, d] as bytes, each vector scaled to fill the range.

    The scale is not kept: `dequantise` normalises.
    """
    peaks = np.abs(vectors).max(axis=1, initial=0)
    return (
        np.rint(vectors * (127 / np.where(peaks == 0, 1, peaks))[:, None]).astype(np.int8).tobytes()
    )


def dequantise(data: bytes, dimension: int) -> NDArray[np.float32]:
    """The inverse of `quantise`, to within half a step: float32 [k, d], L2-normalised."""
    vectors = np.frombuffer(data, np.int8).reshape(-1, dimension).astype(np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    norms[norms == 0] = 1
    normalised: NDArray[np.float32] = vectors / norms
    return normalised


def _connect(path: Path, writable: bool) -> sqlite3.Connection:
    def connect(options: str) -> sqlite3.Connection:
        db = sqlite3.connect(
            f"file:{quote(str(path.absolute()))}?{options}",
            uri=True,
            timeout=30,
            isolation_level=None,
            check_same_thread=False,
        )
        try:
            db.execute("SELECT 1 FROM sqlite_master").fetchone()
            if writable:
                db.execute("PRAGMA journal_mode = WAL")
                db.execute("PRAGMA synchronous = FULL")
                db.execute("PRAGMA foreign_keys = ON")
        except sqlite3.Error:
            db.close()
            raise
        return db

    try:
        if writable:
            return connect("mode=rwc")
        if not path.is_file():
            raise LibraryError(f"There is no library at {path.parent}. Add something to make one.")
        try:
            return connect("mode=ro")
        except sqlite3.OperationalError:
            # A folder that cannot be written to has no place for SQLite's shared-memory file;
            # without a write-ahead log beside it, the database is complete and can do without.
            log = path.with_name(path.name + "-wal")
            if log.exists() and log.stat().st_size:
                raise
            return connect("mode=ro&immutable=1")
    except sqlite3.Error as error:
        raise _broken(path, error) from error


def _broken(path: Path, error: sqlite3.Error) -> LibraryError:
    return LibraryError(
        f"The library database {path} cannot be used: {error}. Nothing reported as added is lost "
        "by this. Make sure that there is room on the disk; if the file is damaged, restore it "
        "from a copy, or add the articles to a new library."
    )


def _listed(values: Iterable[int | str]) -> str:
    return json.dumps(list(values))


def _article_row(article: Article) -> tuple[Any, ...]:
    values = {name: getattr(article, name) for name in _ARTICLE_FIELDS}
    values["tags"] = json.dumps(list(article.tags), ensure_ascii=False)
    values["metadata"] = json.dumps(dict(article.metadata), ensure_ascii=False, default=str)
    values["guessed"] = json.dumps(sorted(article.guessed))
    return tuple(values.values())


def _stored_article(row: Sequence[Any]) -> StoredArticle:
    values: dict[str, Any] = dict(zip(_ARTICLE_FIELDS, row, strict=False))
    article_id, added, story, number, text = row[len(_ARTICLE_FIELDS) :]
    tags, metadata, guessed = values["tags"], values["metadata"], values["guessed"]
    values["tags"] = () if tags == "[]" else tuple(json.loads(tags))
    values["metadata"] = {} if metadata == "{}" else json.loads(metadata)
    values["guessed"] = frozenset(() if guessed == "[]" else json.loads(guessed))
    return StoredArticle(
        text=text, id=article_id, added=added, group=story, number=number, **values
    )


def _pack_spans(passage: Passage) -> bytes:
    spans = [(s.start - passage.start, s.end - passage.start) for s in passage.sentences]
    return np.array(spans, np.int32).tobytes()


def _unpack_spans(data: bytes, start: int) -> tuple[Sentence, ...]:
    ends = [start + offset for offset in memoryview(data).cast("i")]
    return tuple(map(Sentence, ends[::2], ends[1::2]))
