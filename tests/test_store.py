"""The database: whole transactions, what readers see, vectors as they went in."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.embed.unit import unit
from index.errors import LibraryError
from index.records import Article, Passage, Sentence
from index.store.packing import embedding_key, quantise, unpack_vectors
from index.store.rows import partition
from index.store.store import Store
from tests.conftest import ARTICLES
from tests.toy import vector

NOW = "2026-01-01T00:00:00Z"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path, writable=True)
    yield store
    store.close()


def put(store: Store, article: Article, *, source: str = "s") -> int:
    """Stores an article as one passage of one sentence."""
    number = store.insert_article(article.id, article, NOW)
    end = len(article.text)
    passage = Passage(article.id, 0, end, article.text, (Sentence(0, end),), article.language)
    key = embedding_key("toy", article.text, [(0, end)])
    vectors = vector(article.text)
    known = store.embeddings([key]).get(key)
    embedding = known or store.insert_embedding(key, vectors, vectors[None])
    store.insert_passages(number, [passage], [embedding])
    store.link(store.put_source(source, source, "d", "", NOW), number, 1)
    return number


def test_an_article_comes_back_as_it_went_in(store: Store) -> None:
    article = Article(
        "Text with a \0 and 😀.",
        title="T",
        published="2023-03-01",
        language="en",
        tags=("a", "ü"),
        metadata={"n": 1, "deep": {"x": [1, None]}},
        guessed=frozenset(("title",)),
        page_start=3,
        page_end=40,
    )
    with store.transaction():
        put(store, article)
    stored = store.article(article.id)
    assert stored is not None
    for name in Article.__dataclass_fields__:
        assert getattr(stored, name) == getattr(article, name), name
    assert (stored.id, stored.added, stored.group) == (article.id, NOW, article.id)
    assert list(store.articles()) == [stored]


def test_passages_come_back_in_the_order_asked_with_their_vectors(store: Store) -> None:
    with store.transaction():
        for article in ARTICLES:
            put(store, article)
    passages = store.passages([3, 1, 99, 2])
    assert [passage.row for passage in passages] == [3, 1, 2]
    for passage in passages:
        article = passage.article
        assert article.text[passage.passage.start : passage.passage.end] == passage.passage.text
        assert passage.vector == pytest.approx(vector(article.text), abs=1e-3)
        (kept,) = unit(passage.sentence_vectors[:1].astype(np.float32))
        assert kept == pytest.approx(vector(article.text), abs=0.01)


def test_a_failed_transaction_leaves_nothing(store: Store) -> None:
    before = store.generation
    with pytest.raises(RuntimeError), store.transaction():
        put(store, ARTICLES[0])
        raise RuntimeError
    assert store.generation == before
    assert store.count("articles") == store.count("embeddings") == 0
    with store.transaction():
        put(store, ARTICLES[0])
    assert store.generation == before + 1


def test_another_connection_sees_whole_transactions(store: Store, tmp_path: Path) -> None:
    reader = Store(tmp_path, writable=False)
    with store.transaction():
        put(store, ARTICLES[0])
        assert reader.count("articles") == 0
    assert reader.count("articles") == 1
    assert reader.generation == store.generation
    reader.close()


def test_a_removed_article_takes_everything_with_it(store: Store) -> None:
    with store.transaction():
        first, _ = put(store, ARTICLES[0]), put(store, ARTICLES[2])
    generation = store.generation
    with store.transaction():
        assert store.remove_articles([first]) == 1
    assert store.article(ARTICLES[0].id) is None
    assert store.passages([1, 2])[0].article.id == ARTICLES[2].id
    assert store.removed_since(generation) == {"zh": [1]}
    assert store.removed_since(store.generation) == {}
    for table in ("texts", "passages", "embeddings", "sentence_vectors", "source_articles"):
        assert store.count(table) == 1, table


def test_vectors_shared_by_two_articles_stay_while_one_is_left(store: Store) -> None:
    text = ARTICLES[2].text
    with store.transaction():
        one = put(store, Article(text, title="one", language="en"))
        put(store, Article(text, title="two", language="en"))
    assert store.count("embeddings") == 1
    with store.transaction():
        store.remove_articles([one])
    assert len(store.passages([2])) == 1


def test_row_numbers_are_never_used_again(store: Store) -> None:
    with store.transaction():
        number = put(store, ARTICLES[0])
    with store.transaction():
        store.remove_articles([number])
        put(store, ARTICLES[2])
    assert [row.row for row in store.texts_since(0)] == [2]


def test_what_came_since(store: Store) -> None:
    with store.transaction():
        for article in ARTICLES:
            put(store, article)
    (chunk,) = store.vectors_since(1)
    assert chunk.rows.tolist() == [2, 3, 4]
    assert chunk.languages == ["zh", "en", "ru"]
    assert [row.text for row in store.texts_since(2)] == [a.text for a in ARTICLES[2:]]


def test_orphans_are_articles_without_a_source(store: Store) -> None:
    with store.transaction():
        number = put(store, ARTICLES[0], source="one")
        store.link(store.put_source("two", "two", "d", "", NOW), number, 1)
    for key, orphans in (("one", []), ("two", [number])):
        source = store.source(key)
        assert source is not None
        with store.transaction():
            assert store.remove_source(source.number) == [number]
        assert store.orphans([number]) == orphans


def test_threads_share_a_store(store: Store) -> None:
    with store.transaction():
        for article in ARTICLES:
            put(store, article)
    results: list[int] = []

    def read() -> None:
        results.extend(len(store.passages([1, 2, 3, 4])) for _ in range(50))

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    for n in range(20):
        with store.transaction():
            put(store, Article(f"Another text {n}.", language="en"))
    for thread in threads:
        thread.join()
    assert results == [4] * 200


def test_quantised_vectors_keep_their_direction() -> None:
    made = np.random.default_rng(0).standard_normal((50, 384), np.float32)
    made /= np.linalg.norm(made, axis=1, keepdims=True)
    back = unit(unpack_vectors(quantise(made), 384).astype(np.float32))
    assert (made * back).sum(axis=1).min() > 0.9995
    assert not unpack_vectors(quantise(np.zeros((1, 8), np.float32)), 8).any()
    assert unpack_vectors(quantise(np.zeros((0, 8), np.float32)), 8).shape == (0, 8)


@pytest.mark.parametrize(
    ("language", "expected"),
    [("zh-Hant", "zh"), ("EN", "en"), ("", "und"), ("../etc", "und"), ("日本", "und")],
)
def test_partitions_are_safe_names(language: str, expected: str) -> None:
    assert partition(language) == expected


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "library.db").write_bytes(b"This is not SQLite." * 100)
    with pytest.raises(LibraryError, match=r"library\.db cannot be used.*restore it"):
        Store(tmp_path, writable=True)


def test_a_library_of_a_later_version_is_refused(store: Store, tmp_path: Path) -> None:
    store.set_meta(schema=999)
    with pytest.raises(LibraryError, match="Update newscite"):
        Store(tmp_path, writable=False)


def test_there_must_be_a_library_to_read(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="There is no library"):
        Store(tmp_path / "nowhere", writable=False)
