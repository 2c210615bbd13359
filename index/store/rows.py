"""What the store gives: articles, passages, sources, and rows for the indexes. Plain data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.languages.text import primary
from index.records import Article, Passage

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class StoredArticle(Article):
    """An article as the library holds it."""

    id: str = ""  # computed in Article, looked up here
    added: str = ""
    """When it came into the library, ISO 8601 in UTC."""
    group: str = ""
    """Id of the earliest article of its near duplicates; its own id when there are none."""
    number: int = 0
    digest: str = ""
    """Of all that was stored of it; "" where an early version stored it."""

    def to_dict(self) -> dict[str, Any]:
        """What is known of it, and its text; offsets of citations count in that."""
        known = {name: getattr(self, name) for name in _FIELDS}
        return {
            **known,
            "tags": list(self.tags),
            "guessed": sorted(self.guessed),
            "metadata": dict(self.metadata),
            "text": self.text,
        }


_FIELDS = (
    *("id", "title", "author", "outlet", "published", "url", "language", "file"),
    *("group", "added"),
)


@dataclass(frozen=True, slots=True, eq=False)
class StoredPassage:
    """A passage as the library holds it, with its article and vectors."""

    row: int
    passage: Passage
    article: StoredArticle
    vector: NDArray[np.float32]
    """[d], L2-normalised."""
    sentence_vectors: NDArray[np.int8]
    """[k, d], one for each of `passage.sentences`: directions, whose lengths mean nothing."""

    @property
    def group(self) -> str:
        return self.article.group


@dataclass(frozen=True, slots=True)
class StoredSource:
    """A file or url as it was when it was last added."""

    number: int
    key: str
    name: str
    digest: str
    """Hash of its content; "" if it must be read again even where the content is the same."""
    reason: str
    """Why the source or a part of it was rejected; "" if nothing was."""


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


def partition(language: str) -> str:
    """The part of the indexes a passage belongs to: its primary language, "zh" for both scripts.

    A tag that is no language gives "und", because partitions name folders.
    """
    name = primary(language).lower()
    return name if name.isascii() and name.isalpha() and len(name) <= 8 else "und"
