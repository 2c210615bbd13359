"""Splits and embeds every article of a library anew.

In: the store, an embedder, how to split. Out: the same articles with other passages and vectors. Until all
is done the store stays as it was; vectors that are ready are kept, so that an interrupted rebuild goes on
where it stopped. The caller holds the writer's lock.
"""

from __future__ import annotations

from index.config import SplitSettings
from index.embed.passages import split_article
from index.embed.protocol import Embedder
from index.passage_vectors import BATCH_PASSAGES, embed_missing, embedding_keys, store_embeddings
from index.records import Passage
from index.report import Progress, ProgressCallback
from index.store.store import Store


def rebuild(
    store: Store, embedder: Embedder, settings: SplitSettings, progress: ProgressCallback | None
) -> None:
    """Embeds all articles, batch by batch, then replaces all passages in one transaction."""
    _embed_all(store, embedder, settings, progress)
    with store.transaction():
        store.begin_build(embedder.fingerprint, embedder.name)
        for article in store.articles():
            passages = split_article(article, article.id, settings)
            keys = embedding_keys(embedder, passages)
            vectors = embed_missing(store, embedder, passages, keys)
            numbers = store_embeddings(store, keys, vectors)
            store.insert_passages(article.number, passages, numbers)
        store.drop_unused_embeddings()


def _embed_all(
    store: Store, embedder: Embedder, settings: SplitSettings, progress: ProgressCallback | None
) -> None:
    """Stores the vectors of all articles, each batch in a transaction."""
    total = store.count("articles")
    batch: list[Passage] = []
    for done, article in enumerate(store.articles(), 1):
        batch += split_article(article, article.id, settings)
        if len(batch) < BATCH_PASSAGES and done < total:
            continue
        keys = embedding_keys(embedder, batch)
        vectors = embed_missing(store, embedder, batch, keys)
        with store.transaction():
            store_embeddings(store, keys, vectors)
        batch = []
        if progress is not None:
            progress(Progress(done, total, done, source=article.file))
