"""How fast, how large, how exact: searching libraries of growing size.

Usage: python benchmarks/search.py DATA [--sizes 10000 200000 1000000] [--work FOLDER]

DATA is a folder with `crud_news_sample.jsonl` ("text"), `drcd_dev.jsonl` ("questions") and
`nomiracl_dev.jsonl` ("lang", "question", "passages"). Their passages are embedded with the offline
embedder; libraries of each size are then filled with synthetic neighbours of them (the vector
turned by about 20 degrees, half of the text from another passage), two thirds Chinese and a third
English. Each library is opened and searched in a process of its own, which reports:

open      seconds to open it, after the imports
dense     p50 / p95 milliseconds of a vector search for 100 passages of a language
terms     the same for BM25
filtered  both, among the tenth of the passages that a filter on the outlet allows
select    finding those, the first time and for another filter later
hydrate   100 passages with their articles and vectors
whole     what a question costs beyond embedding it, from its text to ten hits
cpu       the same in processor time, which other programs on the machine disturb less
embed     p50 of embedding it, to compare with
private   bytes of the process's own memory a passage, above the same with an empty library
mapped    bytes a passage of files mapped into memory, which the system takes back when it must
recall    of the 10 and 100 nearest, against exact search
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, TypeVar

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np

from index.config import EmbedderSettings, Settings
from index.embed.embedder import open_embedder
from index.embed.language_offsets import find_offsets
from index.embed.models.bundled import EMBEDDER_NAME
from index.embed.passages import split_article
from index.languages.terms import is_character, terms
from index.library import Library
from index.records import Article, Passage, Sentence
from index.store.filters import Filter
from index.store.store import Store
from rag.retrieve.retriever import Retriever
from tests.toy import ToyEmbedder

if TYPE_CHECKING:
    from numpy.typing import NDArray

Query = TypeVar("Query")
Asked: TypeAlias = "tuple[NDArray[np.float32], dict[str, float]]"
"""A question's vector and its terms."""

REAL_PASSAGES = 1500
"""Real passages embedded, for each language."""

QUERIES = 100
TURN = 0.36
"""Length of the random vector added to a unit vector: tan(20 degrees)."""

ARTICLE_PASSAGES = 8
OUTLETS = 10


class PreparedEmbedder(ToyEmbedder):
    """Has the vectors of the questions, and the offsets of the offline embedder."""

    name = EMBEDDER_NAME
    dimension = 384

    def __init__(self, prepared: Mapping[str, NDArray[np.float32]]) -> None:
        super().__init__()
        self._prepared = prepared

    def embed_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        whole = self._prepared[texts[0]]  # the parts of a question follow it
        return np.stack([self._prepared.get(text, whole) for text in texts])


def main() -> None:
    parser = argparse.ArgumentParser(description="Speed, memory and recall of search by size.")
    parser.add_argument("data", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 200_000, 1_000_000])
    parser.add_argument("--work", type=Path, help="keeps the libraries here for the next run")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure, given.work)))
        return
    needed = ("crud_news_sample.jsonl", "drcd_dev.jsonl", "nomiracl_dev.jsonl")
    missing = [name for name in needed if not (given.data / name).is_file()]
    if missing:
        sys.exit(f"{given.data} has no {', '.join(missing)}.")
    with tempfile.TemporaryDirectory() as temporary:
        work = given.work or Path(temporary)
        work.mkdir(parents=True, exist_ok=True)
        embed(given.data, work)
        print(
            f"{'passages':>9} {'open':>6} {'dense':>13} {'terms':>13} {'filtered':>13} "
            f"{'select':>13} {'hydrate':>13} {'whole':>13} {'cpu':>13} {'embed':>6} {'private':>7} "
            f"{'mapped':>7} "
            f"{'recall':>12} {'disk':>8}"
        )
        baseline: list[float] = []
        for size in [0, *given.sizes]:
            folder = work / f"library-{size}"
            if not Library.exists(folder):
                fill(folder, size, work)
            command = [sys.executable, __file__, "-", "--measure", folder, "--work", work]
            run = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)  # noqa: S603
            figures = json.loads(run.stdout)
            if size == 0:
                baseline = figures["memory"]
            else:
                show(size, figures, baseline)


def show(size: int, figures: dict[str, list[float]], baseline: list[float]) -> None:
    def pair(name: str) -> str:
        return "{:.1f} / {:.1f}".format(*figures[name])

    private, mapped = ((a - b) / size for a, b in zip(figures["memory"], baseline, strict=True))
    print(
        f"{size:>9} {figures['open'][0]:>5.2f}s {pair('dense'):>13} {pair('terms'):>13} "
        f"{pair('filtered'):>13} {pair('select'):>13} {pair('hydrate'):>13} {pair('whole'):>13} "
        f"{pair('cpu'):>13} {figures['embed'][0]:>6.1f} {private:>6.0f}B {mapped:>6.0f}B "
        f"{figures['recall'][0]:.3f} {figures['recall'][1]:.3f} {figures['disk'][0] / 2**20:>6.0f}MB",
        flush=True,
    )


# -- making libraries -----------------------------------------------------------------------------


def embed(data: Path, work: Path) -> None:
    """Writes real passages and questions with their vectors to `work`."""
    if (work / "real.npz").exists():
        return
    settings = Settings().split
    chinese: list[str] = []
    for line in (data / "crud_news_sample.jsonl").open(encoding="utf-8"):
        article = Article(json.loads(line)["text"], language="zh-Hans")
        chinese += [passage.text for passage in split_article(article, "", settings)]
    wiki = [json.loads(line) for line in (data / "nomiracl_dev.jsonl").open(encoding="utf-8")]
    english = [text for item in wiki if item["lang"] == "en" for text in item["passages"]]
    drcd = [json.loads(line) for line in (data / "drcd_dev.jsonl").open(encoding="utf-8")]
    chance = random.Random(0)  # noqa: S311
    texts = {
        "zh": chance.sample(chinese, min(len(chinese), REAL_PASSAGES)),
        "en": chance.sample(english, min(len(english), REAL_PASSAGES)),
        "query_zh": [item["questions"][0]["question"] for item in drcd[:QUERIES]],
        "query_en": [item["question"] for item in wiki if item["lang"] == "en"][:QUERIES],
    }
    embedder = open_embedder(EmbedderSettings())
    vectors = {}
    for name, listed in texts.items():
        if name.startswith("query"):
            vectors[name] = embedder.embed_queries(listed)
        else:
            vectors[name] = embedder.embed_passages(listed, [[] for _ in listed]).passages
    (work / "real.json").write_text(json.dumps(texts), encoding="utf-8")
    np.savez(
        work / "real.npz",
        zh=vectors["zh"],
        en=vectors["en"],
        query_zh=vectors["query_zh"],
        query_en=vectors["query_en"],
    )


def fill(folder: Path, size: int, work: Path) -> None:
    """A library of `size` neighbours of the real passages."""
    texts = json.loads((work / "real.json").read_text(encoding="utf-8"))
    vectors = dict(np.load(work / "real.npz"))
    folder.mkdir(exist_ok=True)
    store = Store(folder, writable=True)
    with store.transaction():
        store.set_meta(fingerprint=ToyEmbedder().fingerprint, embedder="toy")
        source = store.put_source("synthetic", "synthetic", "", "", "")
    chance = np.random.default_rng(size)
    for first in range(0, size, 1000 * ARTICLE_PASSAGES):
        with store.transaction():
            for at in range(first, min(size, first + 1000 * ARTICLE_PASSAGES), ARTICLE_PASSAGES):
                language = "en" if (at // ARTICLE_PASSAGES) % 3 == 2 else "zh"
                put_article(store, source, at, language, texts[language], vectors[language], chance)
    store.close()
    Library.open(folder, Settings(), ToyEmbedder()).close()


def put_article(
    store: Store,
    source: int,
    at: int,
    language: str,
    texts: Sequence[str],
    vectors: NDArray[np.float32],
    chance: np.random.Generator,
) -> None:
    chosen = chance.integers(len(texts), size=(ARTICLE_PASSAGES, 2))
    parts = [texts[a][: len(texts[a]) // 2] + texts[b][len(texts[b]) // 2 :] for a, b in chosen]
    article = Article(
        "\n".join(parts),
        title=str(at),
        outlet=f"outlet {at // ARTICLE_PASSAGES % OUTLETS}",
        language="zh-Hans" if language == "zh" else language,
        published=f"20{at % 20:02}-01-01",
    )
    number = store.insert_article(str(at), article, "2026-01-01T00:00:00Z")
    store.link(source, number, 1)
    noise = chance.standard_normal((ARTICLE_PASSAGES, vectors.shape[1]), np.float32)
    turned = vectors[chosen[:, 0]] + TURN * noise / np.sqrt(vectors.shape[1])
    turned /= np.linalg.norm(turned, axis=1, keepdims=True)
    passages, embeddings = [], []
    start = 0
    for n, part in enumerate(parts):
        end = start + len(part)
        middle = (start + end) // 2
        spans = (Sentence(start, middle), Sentence(middle, end))
        passages.append(Passage(str(at), start, end, part, spans, article.language))
        key = (at + n).to_bytes(16, "little")
        embeddings.append(store.insert_embedding(key, turned[n], turned[[n, n]]))
        start = end + 1
    store.insert_passages(number, passages, embeddings)


# -- measuring them -------------------------------------------------------------------------------


def measure(folder: Path, work: Path) -> dict[str, list[float]]:
    """The figures of one library; in a fresh process, so that memory is its own."""
    texts = json.loads((work / "real.json").read_text(encoding="utf-8"))
    vectors = dict(np.load(work / "real.npz"))
    offsets, balance = find_offsets(PreparedEmbedder({})), Settings().retrieve.language_balance
    queries: dict[str, list[Asked]] = {
        language: list(
            zip(
                [
                    offsets.centred_query(vector, language, balance)  # as the retriever searches
                    for vector in vectors[f"query_{language}"]
                ],
                (telling_terms(q, language) for q in texts[f"query_{language}"]),
                strict=True,
            )
        )
        for language in ("zh", "en")
    }
    prepared = {
        text.strip(): vector
        for name in ("query_zh", "query_en")
        for text, vector in zip(texts[name], vectors[name], strict=True)
    }
    del vectors
    import faiss  # noqa: F401  # its import is not the library's opening
    import tantivy  # noqa: F401

    began = time.perf_counter()
    library = Library.open(folder, Settings(), PreparedEmbedder(prepared))
    figures = {"open": [time.perf_counter() - began]}
    retriever = Retriever(library, library.settings)
    questions: dict[str, list[str]] = {
        language: texts[f"query_{language}"] for language in ("zh", "en")
    }
    if not library.languages():
        percentiles(questions, lambda text, _: retriever.search(text))
        return {"memory": memory()}
    outlet = Filter(outlets="outlet 3")
    selecting = []
    for filter_ in (outlet, Filter(outlets="outlet 4", published_after="2003")):
        began = time.perf_counter()
        library.select(filter_)
        selecting.append(1000 * (time.perf_counter() - began))
    figures["select"] = selecting
    allowed = library.select(outlet)
    runs: dict[str, Callable[[Asked, str], object]] = {
        "dense": lambda q, language: library.search_vectors(q[0], language, 100),
        "terms": lambda q, language: library.search_terms(q[1], language, 100),
        "filtered": lambda q, language: (
            library.search_vectors(q[0], language, 100, allowed),
            library.search_terms(q[1], language, 100, allowed),
        ),
        "hydrate": lambda q, language: library.passages(
            library.search_vectors(q[0], language, 100)[0].tolist()
        ),
    }
    for name, run in runs.items():
        figures[name] = percentiles(queries, run)
    figures["whole"] = percentiles(questions, lambda text, _: retriever.search(text))
    figures["cpu"] = percentiles(
        questions, lambda text, _: retriever.search(text), time.process_time
    )
    figures["memory"] = memory()
    dense_p50 = figures["dense"][0]
    figures["hydrate"] = [value - dense_p50 for value in figures["hydrate"]]
    figures["recall"] = recall(library, queries)
    figures["disk"] = [library.status().bytes]
    library.close()
    embedder = open_embedder(EmbedderSettings())
    embedder.embed_queries(["warm"])
    figures["embed"] = percentiles(
        {"zh": texts["query_zh"]}, lambda text, _: embedder.embed_queries([text])
    )
    return figures


def telling_terms(question: str, language: str) -> dict[str, float]:
    """What the retriever looks for by BM25, but for other forms of names."""
    return dict.fromkeys((t for t in terms(question, language) if not is_character(t)), 1.0)


def percentiles(
    queries: Mapping[str, Sequence[Query]],
    run: Callable[[Query, str], object],
    clock: Callable[[], float] = time.perf_counter,
) -> list[float]:
    """p50 and p95 in milliseconds, after one warm-up round of ten."""
    taken = []
    for language, listed in queries.items():
        for query in listed[:10]:
            run(query, language)
        for query in listed:
            began = clock()
            run(query, language)
            taken.append(1000 * (clock() - began))
    return [float(value) for value in np.percentile(taken, (50, 95))]


def recall(library: Library, queries: Mapping[str, Sequence[Asked]]) -> list[float]:
    """Share of the exact 10 and 100 nearest that a search finds."""
    shares: list[list[float]] = [[], []]
    chunks = list(library._store.vectors_since(0))
    for language, listed in queries.items():
        asked = np.stack([query[0] for query in listed])
        rows: NDArray[np.int64] = np.zeros((len(asked), 0), np.int64)
        best: NDArray[np.float32] = np.zeros((len(asked), 0), np.float32)
        for chunk in chunks:
            of_it = np.array(chunk.languages) == language
            scores = asked @ chunk.vectors[of_it].astype(np.float32).T
            best = np.concatenate([best, scores], axis=1)
            rows = np.concatenate(
                [rows, np.broadcast_to(chunk.rows[of_it], (len(asked), of_it.sum()))], axis=1
            )
            top = np.argsort(-best, axis=1, kind="stable")[:, :100]
            best = np.take_along_axis(best, top, axis=1)
            rows = np.take_along_axis(rows, top, axis=1)
        for n, (vector, _) in enumerate(listed):
            found = library.search_vectors(vector, language, 100)[0].tolist()
            for share, limit in zip(shares, (10, 100), strict=True):
                share.append(len(set(found[:limit]) & set(rows[n, :limit].tolist())) / limit)
    return [float(np.mean(share)) for share in shares]


def memory() -> list[float]:
    """Resident bytes of this process: its own, and of mapped files; unknown outside Linux."""
    status = Path("/proc/self/status")
    if not status.exists():
        return [float("nan")] * 2
    lines = dict(line.split(":", 1) for line in status.read_text().splitlines())
    return [1024.0 * int(lines[name].split()[0]) for name in ("RssAnon", "RssFile")]


if __name__ == "__main__":
    main()
