"""The passages of a library and their vectors; what the indexes ask for.

A vector is stored once for each text, for as long as any passage has that text. The indexes ask for
the rows after row r, and for the rows removed after generation g.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.halves import floats
from index.records import Passage
from index.store.articles import ArticleTable
from index.store.database import LISTED, listed
from index.store.packing import pack_spans, quantise, unpack_spans, unpack_vectors
from index.store.rows import StoredArticle, StoredPassage, TextRow, VectorRows, partition

if TYPE_CHECKING:
    from numpy.typing import NDArray

CHUNK_ROWS = 2000


class PassageTable(ArticleTable):
    """The passages of a library."""

    def __init__(self, folder: Path, *, writable: bool) -> None:
        super().__init__(folder, writable=writable)
        self._loose: set[int] = set()
        """Embeddings whose passages were removed in this transaction."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing: what it holds is on disk when it ends. Drops vectors that no passage uses."""
        try:
            with super().transaction():
                yield
                self._drop_unused(self._loose)
        finally:
            self._loose = set()

    def embeddings(self, keys: Iterable[bytes]) -> dict[bytes, int]:
        """The numbers of those embeddings that are stored already, by key."""
        found: dict[bytes, int] = {}
        wanted = list(dict.fromkeys(keys))
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ", ".join("?" * len(part))
            rows = self._all(f"SELECT key, number FROM embeddings WHERE key IN ({marks})", part)
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
                (article, p.start, p.end, p.language, pack_spans(p), embedding)
                for p, embedding in zip(passages, embeddings, strict=True)
            ),
        )

    def remove_articles(self, numbers: Sequence[int]) -> int:
        """Removes articles with their passages; returns how many passages that were."""
        removed = self.remove_passages(numbers)
        self._run(f"DELETE FROM articles WHERE number IN {LISTED}", (listed(numbers),))
        return removed

    def remove_passages(self, articles: Sequence[int]) -> int:
        """Removes the passages of articles; returns how many. Their vectors go at the end of the
        transaction, unless another passage uses them by then."""
        of_them = f"FROM passages WHERE article IN {LISTED}"
        chosen = (listed(articles),)
        self._loose.update(n for (n,) in self._all(f"SELECT embedding {of_them}", chosen))
        self._run(
            f"INSERT INTO removed SELECT row, language, ? {of_them}",
            (self.generation, *chosen),
        )
        return self._run(f"DELETE {of_them}", chosen)

    def passages(self, rows: Sequence[int]) -> list[StoredPassage]:
        """The passages of these rows, in the order given, without removed ones. Before one is shown, its
        article must be found to be `as_stored`, which takes longer than all the rest."""
        records = self._all(
            "SELECT p.row, p.article, p.start, p.end, p.language, p.sentences, e.vector, s.vectors "
            "FROM passages p JOIN embeddings e ON e.number = p.embedding "
            "JOIN sentence_vectors s ON s.embedding = p.embedding "
            f"WHERE p.row IN {LISTED}",
            (listed(int(row) for row in rows),),
        )
        if not records:
            return []
        articles = self._articles_by_number(record[1] for record in records)
        with self._whole():
            return self._stored(rows, records, articles)

    def _stored(
        self,
        rows: Sequence[int],
        records: list[tuple[Any, ...]],
        articles: dict[int, StoredArticle],
    ) -> list[StoredPassage]:
        dense = floats(np.frombuffer(b"".join(r[6] for r in records), np.float16))
        dense = dense.reshape(len(records), -1)
        fine = unpack_vectors(b"".join(r[7] for r in records), dense.shape[1])
        found: dict[int, StoredPassage] = {}
        at = 0
        for n, (row, number, start, end, language, packed, _, _) in enumerate(records):
            spans = unpack_spans(packed, start)
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
        """Deletes all passages, which will be made anew; indexes made from them become void."""
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
            with self._whole():
                vectors = np.frombuffer(b"".join(r[2] for r in records), np.float16)
                chunk = VectorRows(
                    np.array([r[0] for r in records], np.int64),
                    [partition(r[1]) for r in records],
                    vectors.reshape(len(records), -1),
                )
            yield chunk
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

    def _drop_unused(self, embeddings: Iterable[int]) -> None:
        self._run(
            f"DELETE FROM embeddings WHERE number IN {LISTED} AND "
            "NOT EXISTS (SELECT 1 FROM passages WHERE embedding = embeddings.number)",
            (listed(embeddings),),
        )
