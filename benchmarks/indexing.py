"""How fast articles go in: newscite beside stock LlamaIndex, txtai and the bare encoder.

    python benchmarks/indexing.py articles.jsonl [--articles 300] [--systems newscite,bare,...]

articles.jsonl (or a folder with `crud_news_sample.jsonl`) holds an article's `text` a line; a sample
is written to a folder, an article a file. Every system takes it end to end, in a process of its own,
with the same model folder; its imports and the loading of the model, which a first short text
forces, are not counted. The peers run in their own environment, which retrieval.py makes, and
compute in float32: left alone (--peers-dtype auto) they take the number format of the model's files,
float16 for the bundled one, which is slow on a CPU. Processor seconds are printed beside the elapsed
ones; on a machine that does other things too trust their ratios, with --threads 1.

newscite cleans, splits, embeds passages and their sentences, groups near duplicates, stores and
builds both indexes. The bare encoder is sentence-transformers over the very same passages, in
bfloat16 where that is native, sorted by length. LlamaIndex and txtai cut a long text off at the model's 512
tokens, txtai with whole articles: how many tokens each one reads is printed.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

SAMPLE_FILE = "crud_news_sample.jsonl"
FAISS_FOR_LLAMA_INDEX = "llama-index-vector-stores-faiss"
WARM_UP = "A first text loads the model."

Run = dict[str, Any]
"""What a system's process reports: articles, tokens, seconds, cpu, and what else it knows."""


class Clock:
    """Elapsed and processor seconds since it was made."""

    def __init__(self) -> None:
        self._began, self._cpu = time.perf_counter(), processor_seconds()

    def read(self) -> Run:
        return {
            "seconds": time.perf_counter() - self._began,
            "cpu": processor_seconds() - self._cpu,
        }


def processor_seconds() -> float:
    """Of this process and of those it started that have ended: newscite reads files in one."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def newscite(model: str, sample: Path, folder: Path) -> Run:
    """`Library.add` on the folder; then once more, and what share of the time the embedder took."""
    from index import adding, removing  # noqa: F401  # `Library.add` imports these when it is called
    from index.config import EmbedderSettings, Settings
    from index.embed.embedder import open_embedder
    from index.extract import isolated  # noqa: F401
    from index.library import Library

    embedder = open_embedder(EmbedderSettings(model=model))
    embedder.embed_passages([WARM_UP], [[(0, len(WARM_UP))]])
    inside = {"seconds": 0.0, "cpu": 0.0}
    embed = embedder.embed_passages

    def timed(*given: Any) -> Any:
        clock = Clock()
        try:
            return embed(*given)
        finally:
            for key, value in clock.read().items():
                inside[key] += value

    with (
        patch.object(embedder, "embed_passages", timed),
        Library.open(folder, Settings(), embedder) as library,
    ):
        clock = Clock()
        report = library.add(sample)
        run = clock.read()
        clock = Clock()
        library.add(sample)
        again = clock.read()
    texts = passage_texts(sample)
    return {
        **run,
        "articles": report.articles,
        "texts": len(texts),
        "tokens": count_tokens(model, texts),
        "embedding": inside["cpu"] / run["cpu"],
        "again": again["seconds"] / run["seconds"],
    }


def bare(model: str, sample: Path, folder: Path) -> Run:
    """sentence-transformers alone over the passages that newscite makes."""
    from index.config import EmbedderSettings
    from index.embed.models.sentence_transformer import SentenceEmbedder
    from index.languages.text import fold_script

    embedder = SentenceEmbedder(EmbedderSettings(model=model))
    texts = [embedder.prompts[1] + fold_script(text) for text in passage_texts(sample)]
    encoder = embedder._model
    encoder.encode([WARM_UP])
    clock = Clock()
    encoder.encode(texts, batch_size=32, normalize_embeddings=True, show_progress_bar=False)
    return {**clock.read(), "texts": len(texts), "tokens": count_tokens(model, texts)}


def passage_texts(sample: Path) -> list[str]:
    """What newscite's embedder reads of the articles: passages under their headlines."""
    from index.config import Settings
    from index.embed.passages import split_article
    from index.extract.articles import extract_articles
    from index.read.sources import Source, find_sources, load_pages
    from index.records import Article, Page

    settings = Settings()
    return [
        f"{p.title}\n{p.text}" if p.title else p.text
        for source in find_sources([sample], settings.load)
        if isinstance(source, Source)
        for page in load_pages(source, settings.load)
        if isinstance(page, Page)
        for article in extract_articles(page, settings.load)
        if isinstance(article, Article)
        for p in split_article(article, article.id, settings.split)
    ]


def llama_index(model: str, sample: Path, folder: Path, dtype: str) -> Run:
    """SentenceSplitter, HuggingFaceEmbedding, FaissVectorStore, persist; all as they come."""
    import faiss
    from llama_index.core import Document, StorageContext, VectorStoreIndex
    from llama_index.core.node_parser import SentenceSplitter
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.faiss import FaissVectorStore

    embedding = HuggingFaceEmbedding(
        model,
        query_instruction="query: ",
        text_instruction="passage: ",
        model_kwargs={"dtype": dtype},
    )
    width = len(embedding.get_text_embedding(WARM_UP))
    clock = Clock()
    documents = [Document(text=text) for text in read_texts(sample)]
    nodes = SentenceSplitter().get_nodes_from_documents(documents)
    context = StorageContext.from_defaults(vector_store=FaissVectorStore(faiss.IndexFlatL2(width)))
    index = VectorStoreIndex(nodes, storage_context=context, embed_model=embedding)
    index.storage_context.persist(str(folder))
    run = clock.read()
    tokens = count_tokens(model, [f"passage: {node.get_content()}" for node in nodes])
    return {**run, "articles": len(documents), "texts": len(nodes), "tokens": tokens}


def txtai(model: str, sample: Path, folder: Path, dtype: str) -> Run:
    """Embeddings(hybrid=True) over whole articles, and save."""
    from txtai import Embeddings

    embeddings = Embeddings(
        path=model,
        hybrid=True,
        instructions={"query": "query: ", "data": "passage: "},
        vectors={"dtype": dtype},
    )
    embeddings.transform(WARM_UP)
    clock = Clock()
    texts = read_texts(sample)
    embeddings.index(texts)
    embeddings.save(str(folder / "txtai"))
    run = clock.read()
    tokens = count_tokens(model, [f"passage: {text}" for text in texts])
    return {**run, "articles": len(texts), "texts": len(texts), "tokens": tokens}


OURS: dict[str, Callable[[str, Path, Path], Run]] = {"newscite": newscite, "bare": bare}
PEERS: dict[str, Callable[[str, Path, Path, str], Run]] = {
    "LlamaIndex": llama_index,
    "txtai": txtai,
}


def read_texts(folder: Path) -> list[str]:
    files = sorted(folder.iterdir())
    return [json.loads(file.read_text(encoding="utf-8"))["text"] for file in files]


def count_tokens(model: str, texts: Sequence[str]) -> int:
    """Tokens the model reads of these texts: no more than 512 of each."""
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    return sum(map(len, tokenizer(list(texts), truncation=True, max_length=512)["input_ids"]))


# -- the run ---------------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--systems", default=",".join((*OURS, *PEERS)))
    parser.add_argument("--peers-dtype", default="float32", help="auto: that of the files")
    parser.add_argument("--threads", type=int, help="of each system; its own choice by default")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    parser.add_argument("--model", help="an embedder's folder; the bundled one by default")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(run_one(given.one, given.model, given.data, given.peers_dtype)))
        return
    file = given.data / SAMPLE_FILE if given.data.is_dir() else given.data
    if not file.is_file():
        sys.exit(f"There is no {file}: give a JSON Lines file of articles, or its folder.")
    model = given.model or bundled_model()
    lines = file.read_text(encoding="utf-8").splitlines()
    random.Random(given.seed).shuffle(lines)  # noqa: S311
    with tempfile.TemporaryDirectory() as folder:
        samples = {size: Path(folder) / str(size) for size in sizes(given.articles)}
        for size, sample in samples.items():
            sample.mkdir()
            for number, line in enumerate(lines[:size]):
                (sample / f"{number:06}.jsonl").write_text(line, encoding="utf-8")
        runs = {}
        for name in given.systems.split(","):
            runs[name] = start(name, model, samples[given.articles], given)
            print(f"{name}: {runs[name]}", file=sys.stderr)
        print(table(runs))
        if "newscite" in runs:
            small, large = samples
            less = start("newscite", model, samples[small], given)["memory"]
            most = runs["newscite"]["memory"]
            print(f"Peak memory, MB: {less:.0f} for {small} articles, {most:.0f} for {large}")


def sizes(articles: int) -> tuple[int, int]:
    """The sizes at which memory is measured: a third of the articles, and all."""
    return max(1, articles // 3), articles


def start(name: str, model: str, sample: Path, given: argparse.Namespace) -> Run:
    """Runs one system in a process of its own, with the Python that has it."""
    python = Path(sys.executable) if name in OURS else python_of_peers()
    options = ["--model", model, "--peers-dtype", given.peers_dtype]
    command = [python, __file__, sample, "--one", name, *options]
    threads = {"OMP_NUM_THREADS": str(given.threads)} if given.threads else {}
    run = subprocess.run(  # noqa: S603
        command, stdout=subprocess.PIPE, text=True, check=True, env=os.environ | threads
    )
    result: Run = json.loads(run.stdout.splitlines()[-1])
    return result


def run_one(name: str, model: str, sample: Path, dtype: str) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        run = (
            OURS[name](model, sample, place)
            if name in OURS
            else PEERS[name](model, sample, place, dtype)
        )
    return {**run, "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def bundled_model() -> str:
    from index.embed.models import bundled

    return str(bundled.embedder_folder())


def python_of_peers() -> Path:
    """The peers' environment, with the vector store that retrieval.py does not need."""
    from benchmarks.retrieval import peer_python

    python = peer_python()
    asked = [str(python), "-c", "import llama_index.vector_stores.faiss"]
    if subprocess.run(asked, stderr=subprocess.DEVNULL, check=False).returncode:  # noqa: S603
        command = [str(python), "-m", "pip", "install", "--quiet", FAISS_FOR_LLAMA_INDEX]
        subprocess.run(command, check=True)  # noqa: S603
    return python


def table(runs: dict[str, Run]) -> str:
    ours = runs.get("newscite")
    lines = [
        f"{'':12}{'articles/s':>11}{'seconds':>9}{'cpu s':>8}{'newscite is':>13}{'by cpu':>8}"
        f"{'texts':>7}{'tokens':>9}{'MB':>7}"
    ]
    for name, run in runs.items():
        times = [f"{run[key] / ours[key]:.2f} x" if ours else "" for key in ("seconds", "cpu")]
        rate = f"{run['articles'] / run['seconds']:.2f}" if "articles" in run else ""
        lines.append(
            f"{name:12}{rate:>11}{run['seconds']:9.1f}{run['cpu']:8.1f}{times[0]:>13}{times[1]:>8}"
            f"{run['texts']:7}{run['tokens']:9}{run['memory']:7.0f}"
        )
    if ours:
        lines.append(f"Share of newscite's time spent embedding: {ours['embedding']:.1%}")
        lines.append(f"Adding the same files again: {ours['again']:.2%} of the first time")
    if ours and "bare" in runs:
        bare_cpu, bare_seconds = (runs["bare"][key] for key in ("cpu", "seconds"))
        lines.append(
            f"newscite takes {ours['seconds'] / bare_seconds:.2f} times as long as the bare "
            f"encoder ({ours['cpu'] / bare_cpu:.2f} by processor time)"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    main()
