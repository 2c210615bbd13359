"""Whether a store is sound: every check that the data itself allows.

In: a store. Out: the problems found, each with what to do about it.
"""

from __future__ import annotations

import numpy as np

from index.errors import LibraryError
from index.store.store import Store

NORM_TOLERANCE = 0.01
"""A stored fp16 vector's length differs from 1 by less than .001."""

_CURE = "Remove it and add it again."


def check_store(store: Store) -> list[str]:
    """Problems of the database: its pages, the articles' hashes, passages' spans and vectors."""
    try:
        pages = [line for (line,) in store.query("PRAGMA integrity_check") if line != "ok"]
        if pages:
            return [f"The database is damaged: {pages[0]}. Restore {store.path} from a copy."]
        return [*_check_articles(store), *_check_vectors(store)]
    except LibraryError as error:
        return [str(error)]


def _check_articles(store: Store) -> list[str]:
    problems = [
        f"Article {article_id} ({file}) has changed. {_CURE}"
        for article_id, file in store.changed_articles()
    ]
    for article in store.articles():
        spans = store.passage_spans(article.number)
        if not spans or any(not 0 <= start < end <= len(article.text) for start, end in spans):
            problems.append(
                f"Article {article.id} ({article.file}) has no usable passages. {_CURE}"
            )
    return problems


def _check_vectors(store: Store) -> list[str]:
    width = 0
    for chunk in store.vectors_since(0):
        width = width or chunk.vectors.shape[1]
        norms = np.linalg.norm(chunk.vectors.astype(np.float32), axis=1)
        if chunk.vectors.shape[1] != width or not np.allclose(norms, 1, atol=NORM_TOLERANCE):
            return ["Some vectors are damaged. Run: newscite rebuild"]
    return []
