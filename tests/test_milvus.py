"""Milvus: the same results as files give, filters, damage, servers that go away, others' data.

tests/test_library.py, test_filters.py and test_retrieve.py run on it too.
"""

import json
import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pymilvus
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.config import Settings, StoreSettings, load_settings
from index.errors import ConfigError, LibraryError
from index.library import Library
from index.records import Article
from index.search import milvus_collection, term_counts
from index.search.files import LocalIndex
from index.search.milvus import MilvusIndex
from index.search.milvus_collection import row_filters
from index.store.rows import TextRow
from rag.results.hits import Hit
from rag.retrieve.retriever import Retriever
from tests import test_vectors
from tests.conftest import ARTICLES
from tests.servers import MilvusServer
from tests.test_library import embedded_text, found
from tests.test_vectors import QUERY, language_of, random_vectors
from tests.toy import ToyEmbedder

ROOT = Path(__file__).parent.parent
QUESTIONS = [
    json.loads(line)["question"]
    for line in (ROOT / "tests/data/seed_questions.jsonl").read_text(encoding="utf-8").splitlines()
]

Open = Callable[..., Library]

pytestmark = pytest.mark.slow


class Rows(test_vectors.Rows):
    """Random vectors, and texts in which every third row speaks of trade, some more than others."""

    def texts_since(self, row: int) -> Iterator[TextRow]:
        for number in self.rows[self.rows > row].tolist():
            words = f"{'trade ' * (number % 3)} office {'and more ' * (number % 11)} {number}"
            yield TextRow(number, language_of(number), words)


@pytest.fixture
def store(milvus: MilvusServer) -> StoreSettings:
    return StoreSettings(vectors="milvus", uri=milvus.uri)


@pytest.fixture
def client(milvus: MilvusServer) -> Iterator[pymilvus.MilvusClient]:
    client = pymilvus.MilvusClient(milvus.uri)
    yield client
    client.close()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[MilvusServer]:
    """A server that a test may kill."""
    server = MilvusServer(tmp_path / "server")
    yield server
    server.kill()


def collection_of(library: Library) -> str:
    return f"newscite_{library._store.id}"


# -- the same results ------------------------------------------------------------------------------


def test_the_seeds_give_the_same_hits_in_the_same_order(
    tmp_path: Path, store: StoreSettings, embedder: ToyEmbedder
) -> None:
    answers: list[list[Sequence[Hit]]] = []
    for kind in (StoreSettings(), store):
        settings = Settings(store=kind)
        with Library.open(tmp_path / "lib", settings, embedder) as library:
            library.add(ROOT / "seeds")
            retriever = Retriever(library, settings)
            answers.append([retriever.search(question).hits for question in QUESTIONS])
    for local, server in zip(*answers, strict=True):
        assert [hit.passage.id for hit in local] == [hit.passage.id for hit in server]
        # Of the passages only just read another may be in the comparison: Tantivy rounds lengths.
        assert [h.score for h in local] == pytest.approx([h.score for h in server], abs=0.002)
    assert sum(map(len, answers[0])) > 100


def test_terms_score_as_they_do_in_files(tmp_path: Path, store: StoreSettings) -> None:
    """Tantivy rounds the length of a passage; nothing else differs."""
    rows = Rows(400)
    local, server = LocalIndex(tmp_path, 10**6), MilvusIndex(tmp_path, store, tmp_path.name)
    weights = {"trade": 1.0, "offic": 0.5, "399": 2.0}
    scores = []
    for index in (local, server):
        index.refresh(rows, write=True)
        scores.append(dict(zip(*index.search_terms(weights, "zh", 400), strict=True)))
        index.close()
    assert scores[0].keys() == scores[1].keys()
    assert [scores[1][row] for row in scores[0]] == pytest.approx([*scores[0].values()], rel=0.05)


@pytest.mark.parametrize("exact_below", [10**6, 0])
def test_filters_are_exact_however_many_rows_they_allow(
    tmp_path: Path, store: StoreSettings, monkeypatch: pytest.MonkeyPatch, exact_below: int
) -> None:
    monkeypatch.setattr(milvus_collection, "LISTED_ROWS", 200)
    settings = store.model_copy(update={"exact_below": exact_below})
    rows = Rows(1200)
    index = MilvusIndex(tmp_path, settings, tmp_path.name)
    index.refresh(rows, write=True)
    index.flush()
    removed = rows.nearest(QUERY, "zh", 5)
    rows.remove(*removed)
    rows.add(100)
    index.refresh(rows, write=True)
    index.flush()
    everything = dict(zip(*index.search_terms({"trade": 1.0}, "zh", 2000), strict=True))
    chance = np.random.default_rng(3)
    for share in (0.0, 0.002, 0.1, 0.5, 0.9, 1.0):
        allowed = np.flatnonzero(chance.random(1400) < share).astype(np.int64)
        kept = set(allowed.tolist())
        nearest, _ = index.search_vectors(QUERY, "zh", 10, allowed)
        assert nearest.tolist() == rows.nearest(QUERY, "zh", 10, kept)
        found, scores = index.search_terms({"trade": 1.0}, "zh", 2000, allowed)
        assert set(found.tolist()) == everything.keys() & kept
        assert scores.tolist() == pytest.approx([everything[row] for row in found.tolist()])
    assert index.problems(rows) == []
    index.close()


def test_large_libraries_are_searched_approximately(
    tmp_path: Path, store: StoreSettings, client: pymilvus.MilvusClient
) -> None:
    settings = store.model_copy(update={"exact_below": 1000})
    rows = Rows(900)
    index = MilvusIndex(tmp_path, settings, tmp_path.name)
    for kind in ("FLAT", "HNSW"):
        index.refresh(rows, write=True)
        index.flush()
        assert client.describe_index(index._collection.name, "vector")["index_type"] == kind
        rows.add(900)
    reader = MilvusIndex(tmp_path, settings, tmp_path.name)
    rows.add(200)
    index.refresh(rows, write=True)
    reader.refresh(rows, write=False)
    hits = [
        len({*reader.search_vectors(query, "zh", 10)[0]} & {*rows.nearest(query, "zh", 10)})
        for query in random_vectors(20, seed=7).astype(np.float32)
    ]
    assert np.mean(hits) / 10 > 0.98
    index.close()
    reader.close()


@given(st.sets(st.integers(1, 300)), st.integers(1, 40), st.integers(1, 8))
def test_row_filters_allow_what_they_should(rows: set[int], listed: int, ranges: int) -> None:
    allowed = np.array(sorted(rows), np.int64)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(milvus_collection, "LISTED_ROWS", listed)
        patch.setattr(milvus_collection, "RANGES", ranges)
        expressions = row_filters(allowed)
    passed = [row for row in range(302) for each in expressions if eval(each, {"row": row})]  # noqa: S307
    assert sorted(passed) == allowed.tolist()


# -- libraries that move and change ----------------------------------------------------------------


def test_a_library_moves_over_and_back(tmp_path: Path, store: StoreSettings) -> None:
    embedder = ToyEmbedder()
    for kind in (StoreSettings(), store, StoreSettings(), store):
        with Library.open(tmp_path / "lib", Settings(store=kind), embedder) as library:
            library.add_articles([replace(ARTICLES[2], file=kind.vectors), *ARTICLES])
            assert len(found(library, ARTICLES[2].text)) == 1
            library.remove(ARTICLES[2].id)
            assert found(library, ARTICLES[2].text) == set()
            assert library.verify().sound
    assert embedder.embedded == 4 + 3  # the removed one, again


def test_a_copy_of_a_library_never_shows_the_others_passages(
    open_library: Open, library: Library, tmp_path: Path
) -> None:
    library.close()
    shutil.copytree(tmp_path / "lib", tmp_path / "copy")
    texts = [f"The reactor of {place} opens." for place in ("Osh", "Naryn")]
    for folder, text in zip(("lib", "copy"), texts, strict=True):
        with open_library(tmp_path / folder) as opened:
            opened.add_articles([Article(text, language="en", file=folder)])
            assert folder in found(opened, text)
    with open_library() as opened:
        rows, _ = opened.search_vectors(QUERY, "en", 10)
        assert {p.article.file for p in opened.passages(rows)} == {"c.txt", "lib"}
        assert "lib" in found(opened, texts[0])
        assert opened.verify().sound


def test_an_older_database_put_back_is_searched_as_it_is(
    open_library: Open, library: Library, tmp_path: Path
) -> None:
    library.close()
    shutil.copytree(tmp_path / "lib", tmp_path / "backup")
    with open_library() as later:
        later.add_articles([replace(ARTICLES[2], text="A museum opens.", file="e.txt")])
        later.remove("a.txt")
    shutil.rmtree(tmp_path / "lib")
    shutil.move(tmp_path / "backup", tmp_path / "lib")
    with open_library() as restored:
        assert restored.languages() == {"zh": 2, "en": 1, "ru": 1}
        assert found(restored, ARTICLES[0].text, "zh") >= {"a.txt"}
        assert restored.verify().sound


def test_terms_are_counted_anew_when_many_passages_are_gone(
    tmp_path: Path, store: StoreSettings
) -> None:
    rows = Rows(300)
    index = MilvusIndex(tmp_path, store, tmp_path.name)
    index.refresh(rows, write=True)
    (before,) = index.search_terms({"trade": 1.0}, "en", 1)[1]
    rows.remove(*(row for row in range(10, 301) if row % 3))  # "trade" is rare now
    index.refresh(rows, write=True)  # what is gone is known here,
    rows.add(2)
    index.refresh(rows, write=True)  # and counted here
    (tmp_path / "fresh").mkdir()
    fresh = MilvusIndex(tmp_path / "fresh", store, f"{tmp_path.name}_fresh")
    fresh.refresh(rows, write=True)
    (after,), (right,) = (i.search_terms({"trade": 1.0}, "en", 1)[1] for i in (index, fresh))
    assert after == pytest.approx(right, rel=0.1)
    assert after > 3 * before
    index.close()
    fresh.close()


# -- damage ----------------------------------------------------------------------------------------


def test_verify_finds_what_is_missing_changed_or_too_much_and_mends_it(
    library: Library, client: pymilvus.MilvusClient
) -> None:
    name = collection_of(library)
    (first,) = client.get(name, ids=[1], output_fields=["*"])
    damages: list[Callable[[], object]] = [
        lambda: client.delete(name, ids=[2]),
        lambda: client.upsert(name, [{**first, "vector": np.roll(first["vector"], 1)}]),
        lambda: client.upsert(name, [{**first, "language": "fr"}]),
        lambda: client.upsert(name, [{**first, "row": 99}]),
    ]
    for damage in damages:
        damage()
        report = library.verify()
        assert len(report.problems) == 1
        assert name in report.problems[0]
        assert library.verify(repair=True).sound
        assert library.verify().problems == ()
        assert library.languages() == {"zh": 2, "en": 1, "ru": 1}
    assert found(library, ARTICLES[2].text) == {"c.txt"}


@pytest.mark.parametrize("damage", ["missing", "nonsense", "cut"])
def test_damaged_counts_are_made_again_and_a_reader_says_how(
    open_library: Open, library: Library, tmp_path: Path, damage: str
) -> None:
    library.close()
    path = tmp_path / "lib" / term_counts.FILE_NAME
    content = {"missing": None, "nonsense": b"nonsense" * 999, "cut": path.read_bytes()[:5000]}
    path.unlink()
    if (left := content[damage]) is not None:
        path.write_bytes(left)
    with pytest.raises(LibraryError, match="newscite verify --repair"):
        found(open_library(read_only=True), ARTICLES[2].text)
    with open_library() as mended:
        assert mended.verify(repair=True).sound
        assert found(mended, ARTICLES[2].text) == {"c.txt"}


def test_a_reader_goes_on_with_what_there_is_while_the_collection_lags(
    open_library: Open, library: Library, tmp_path: Path
) -> None:
    """As when the writer was killed between the database and the server."""
    library.close()
    with Library.open(tmp_path / "lib", Settings(), ToyEmbedder()) as elsewhere:
        elsewhere.remove("b.txt")
        elsewhere.add_articles([replace(ARTICLES[2], text="A museum opens.", file="e.txt")])
    with open_library(read_only=True) as reader:
        assert found(reader, embedded_text(ARTICLES[2])) == {"c.txt"}
        assert "b.txt" not in found(reader, ARTICLES[1].text, "zh")
    with open_library() as writer:
        assert "e.txt" in found(writer, "A museum opens.")
        assert writer.verify().sound


# -- servers that are not there, and what belongs to others ----------------------------------------


def test_a_server_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_server: MilvusServer
) -> None:
    for name in ("CONNECT_SECONDS", "SEARCH_SECONDS", "WRITE_SECONDS"):
        monkeypatch.setattr(milvus_collection, name, 2.0)
    settings = Settings(store=StoreSettings(vectors="milvus", uri=own_server.uri))
    cure = rf"(?s)Milvus at {own_server.uri} failed.*Start the server.*faiss"
    with Library.open(tmp_path / "lib", settings, ToyEmbedder()) as library:
        library.add_articles(ARTICLES[2:3])
        own_server.kill()
        with pytest.raises(LibraryError, match=cure):
            found(library, ARTICLES[2].text)
        with pytest.raises(LibraryError, match=cure):
            library.add_articles(ARTICLES)
        with pytest.raises(LibraryError, match=cure):
            Library.open(tmp_path / "lib", settings, ToyEmbedder())
        own_server.start()
        assert found(library, ARTICLES[2].text) == {"c.txt"}
        library.add_articles(ARTICLES)
        assert library.languages() == {"zh": 2, "en": 1, "ru": 1}
        assert library.verify().sound


def test_a_server_killed_while_articles_are_added(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, own_server: MilvusServer
) -> None:
    for name in ("CONNECT_SECONDS", "SEARCH_SECONDS", "WRITE_SECONDS"):
        monkeypatch.setattr(milvus_collection, name, 2.0)
    monkeypatch.setattr("index.library.REFRESH_SECONDS", 0.0)
    monkeypatch.setattr("index.adding.BATCH_PASSAGES", 1)
    settings = Settings(store=StoreSettings(vectors="milvus", uri=own_server.uri))
    reported: list[str] = []

    def articles() -> Iterator[Article]:
        for n in range(20):
            if n == 9:
                own_server.kill()
            yield Article(f"Report {n} on the railway.", language="en", file=f"{n}.txt")

    with (
        Library.open(tmp_path / "lib", settings, ToyEmbedder()) as library,
        pytest.raises(LibraryError, match="Nothing reported as added is lost"),
    ):
        library.add_articles(articles(), progress=lambda now: reported.extend(now.article_ids))
    own_server.start()
    with Library.open(tmp_path / "lib", settings, ToyEmbedder()) as library:
        assert {*reported} <= {article.id for article in library.articles()}
        assert library.languages()["en"] == library.status().articles
        assert library.verify().sound


def test_a_server_that_lost_its_data_is_filled_again(
    tmp_path: Path, own_server: MilvusServer
) -> None:
    settings = Settings(store=StoreSettings(vectors="milvus", uri=own_server.uri))
    with Library.open(tmp_path / "lib", settings, ToyEmbedder()) as library:
        library.add_articles(ARTICLES)
    own_server.kill()
    shutil.rmtree(own_server.folder)
    own_server.start()
    with pytest.raises(LibraryError, match="newscite verify --repair"):
        Library.open(tmp_path / "lib", settings, ToyEmbedder(), read_only=True)
    with Library.open(tmp_path / "lib", settings, ToyEmbedder()) as library:
        assert found(library, ARTICLES[2].text) == {"c.txt"}


def test_what_belongs_to_others_is_not_touched(
    tmp_path: Path, library: Library, store: StoreSettings, client: pymilvus.MilvusClient
) -> None:
    client.create_collection("others", dimension=4)
    client.insert("others", [{"id": 1, "vector": [1.0, 0.0, 0.0, 0.0]}])
    for name in ("others", collection_of(library)):
        settings = Settings(store=store.model_copy(update={"collection": name}))
        with pytest.raises(LibraryError, match=r"belongs to something else.*store\.collection"):
            Library.open(tmp_path / "second", settings, ToyEmbedder())
    assert client.get("others", ids=[1])
    assert found(library, ARTICLES[2].text) == {"c.txt"}
    client.drop_collection("others")
    settings = Settings(store=store.model_copy(update={"collection": "others"}))
    with Library.open(tmp_path / "second", settings, ToyEmbedder()) as second:
        second.add_articles(ARTICLES)
        assert client.has_collection("others")
        assert found(second, ARTICLES[2].text) == {"c.txt"}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('vectors = "milvus"', "127.0.0.1:19530"),
        ('vectors = "milvus"\nuri = "news.db"', "127.0.0.1:19530"),
        ('vectors = "milvus"\nuri = "http://root:secret@host:19530"', "without user or password"),
        ('collection = "no spaces"', "collection"),
    ],
)
def test_settings_that_cannot_work_are_refused(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "config.toml"
    path.write_text(f"[store]\n{text}")
    with pytest.raises(ConfigError, match=problem):
        load_settings(path)
