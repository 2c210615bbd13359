"""Right passages first, across languages and scripts: newscite beside LlamaIndex and txtai.

    python benchmarks/retrieval.py DATA_FOLDER [--no-peers] [--model fast] [--every 1]

DATA_FOLDER holds JSON Lines: files with a paragraph in several languages a line
({"zh": ..., "en": ..., "questions": [{"zh": ..., "en": ...}]}, as XQuAD), and others with a
paragraph and its questions a line ({"context": ..., "questions": [{"question": ...}]}, as DRCD).
Each paragraph is an article of a library that is opened, filled and searched as a user does it.
The peers read the same embedder, in float32, as newscite does: the files hold float16, in which a
CPU is several times slower. They are installed into an environment of their own in the user's
cache, once. With --every 4 only each fourth question is asked.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

import newscite
from benchmarks.figures import records
from index.embed.models import bundled
from index.languages.text import detect, primary, to_script

TOP = 10
PLACE = "https://paragraphs.example/"
PEERS = (
    "torch<2.14",
    "llama-index-core>=0.14,<0.15",
    "llama-index-embeddings-huggingface",
    "llama-index-retrievers-bm25",
    "txtai",
)
OURS = "newscite"
OURS_ALONE = "own language only"


@dataclass(frozen=True)
class Question:
    text: str
    language: str
    gold: Mapping[str, int]
    """Index of the right paragraph in each language that has it."""


@dataclass
class Pool:
    """Paragraphs, and questions that each have a right one among them."""

    name: str
    paragraphs: list[str] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def add(self, text: str, language: str) -> int:
        self.paragraphs.append(text)
        self.languages.append(language)
        return len(self.paragraphs) - 1


Rankings = list[list[int]]
"""For each question the indices of paragraphs, best first."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--model", default="fast", help="embedder.model, for newscite")
    parser.add_argument("--every", type=int, default=1, help="asks only each so many-th question")
    arguments = parser.parse_args()
    pools = read_pools(arguments.data, arguments.every)
    if not pools:
        sys.exit(f"No questions in {arguments.data}: see the top of {__file__} for the files.")
    results = [run_newscite(pool, arguments.model) for pool in pools]
    if not arguments.no_peers:
        for mine, theirs in zip(results, run_peers(pools), strict=True):
            mine.update(theirs)
    for pool, by_system in zip(pools, results, strict=True):
        print(table(pool, by_system))


# -- data ------------------------------------------------------------------------------------------


def read_pools(folder: Path, every: int = 1) -> list[Pool]:
    pools = []
    for path in sorted(folder.glob("*.jsonl")):
        rows = records(path)
        if rows and is_parallel(rows[0]):
            pools.append(parallel_pool(path.stem, rows, every))
        elif rows and "context" in rows[0] and "questions" in rows[0]:
            pools += script_pools(path.stem, rows, every)
    return pools


def is_parallel(record: Mapping[str, Any]) -> bool:
    """Whether a paragraph and its first question are there in the same languages."""
    tags = {
        tag for tag, text in record.items() if tag not in {"title", "id"} and isinstance(text, str)
    }
    asked = record.get("questions") or [{}]
    return len(tags) > 1 and isinstance(asked[0], dict) and tags <= asked[0].keys()


def parallel_pool(name: str, records: Sequence[Mapping[str, Any]], every: int) -> Pool:
    pool = Pool(name)
    chosen = cycle(range(every))
    for record in records:
        texts = {k: v for k, v in record.items() if isinstance(v, str)}
        gold = {language: pool.add(text, detect(text)) for language, text in texts.items()}
        for question in record["questions"]:
            if next(chosen) == 0:
                pool.questions += [Question(question[tag], tag, gold) for tag in gold]
    return pool


def script_pools(name: str, records: Sequence[Mapping[str, Any]], every: int) -> list[Pool]:
    """The paragraphs as they are and in the other script, each asked in both scripts."""
    own = detect("".join(str(record["context"]) for record in records[:20]))
    scripts = ("zh-Hant", "zh-Hans") if primary(own) == "zh" else (own,)
    pools = []
    for script in scripts:
        pool = Pool(f"{name}, paragraphs in {script}")
        chosen = cycle(range(every))
        for record in records:
            text = str(record["context"])
            at = pool.add(text if script == own else to_script(text, script), script)
            for question in record["questions"]:
                asked = question["question"]
                if next(chosen) == 0:
                    pool.questions += [
                        Question(asked if s == own else to_script(asked, s), s, {s: at})
                        for s in scripts
                    ]
        pools.append(pool)
    return pools


# -- systems ---------------------------------------------------------------------------------------


def run_newscite(pool: Pool, model: str) -> dict[str, Rankings]:
    mixed = len({primary(language) for language in pool.languages}) > 1
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "paragraphs.jsonl"
        with file.open("w", encoding="utf-8") as lines:
            for i, (text, language) in enumerate(zip(pool.paragraphs, pool.languages, strict=True)):
                article = {"text": text, "language": language, "url": f"{PLACE}{i}"}
                lines.write(json.dumps(article) + "\n")
        with newscite.open(Path(folder) / "library", embedder={"model": model}) as library:
            report = library.add(file)
            if report.articles < len(pool.paragraphs):
                print(f"{len(pool.paragraphs) - report.articles} paragraphs are not in the library")

            def ranking(question: Question, only: Sequence[str] = ()) -> list[int]:
                hits = library.search(question.text, TOP, languages=only)
                return [int(hit.article.url.removeprefix(PLACE)) for hit in hits]

            results = {OURS: [ranking(question) for question in pool.questions]}
            if mixed:
                results[OURS_ALONE] = [ranking(q, [primary(q.language)]) for q in pool.questions]
    return results


def run_peers(pools: Sequence[Pool]) -> list[dict[str, Rankings]]:
    from sentence_transformers import SentenceTransformer

    script = Path(__file__).with_name("peers.py")
    with tempfile.TemporaryDirectory() as model:
        files = str(bundled.embedder_folder())
        SentenceTransformer(files, model_kwargs={"dtype": "float32"}).save(model)
        task = {
            "model": model,
            "pools": [
                {"paragraphs": pool.paragraphs, "questions": [q.text for q in pool.questions]}
                for pool in pools
            ],
        }
        run = subprocess.run(  # noqa: S603  # our own script
            [peer_python(), script],
            input=json.dumps(task),
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
    by_peer: dict[str, list[Rankings]] = json.loads(run.stdout)
    return [{peer: pools[i] for peer, pools in by_peer.items()} for i in range(len(pools))]


def peer_python() -> Path:
    """Python of the environment that has the peers; made at the first run."""
    folder = bundled.cache_folder() / "peers"
    python = folder / "bin" / "python"
    marker = folder / "installed"
    if not marker.exists():
        venv.create(folder, with_pip=True, clear=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", *PEERS], check=True)  # noqa: S603
        marker.touch()
    return python


# -- figures ---------------------------------------------------------------------------------------


def table(pool: Pool, by_system: Mapping[str, Rankings]) -> str:
    tags = list(dict.fromkeys(question.language for question in pool.questions))
    mixed = len(pool.questions[0].gold) > 1
    lines = [
        f"\n{pool.name}: {len(pool.paragraphs)} paragraphs, {len(pool.questions)} questions",
        f"{'':34}" + "".join(f"{system:>20}" for system in by_system),
    ]
    for measure, of in (MIXED if mixed else {"right first": right_first}).items():
        for tag in tags:
            cells = []
            for rankings in by_system.values():
                figures = [
                    of(question, ranking, pool)
                    for question, ranking in zip(pool.questions, rankings, strict=True)
                    if question.language == tag
                ]
                cells.append(f"{sum(figures) / len(figures):20.3f}")
            lines.append(f"{f'{measure}, {tag}':34}" + "".join(cells))
    return "\n".join(lines)


def right_first(question: Question, ranking: Sequence[int], pool: Pool) -> float:
    return float(bool(ranking) and ranking[0] in question.gold.values())


def other_in_top(question: Question, ranking: Sequence[int], pool: Pool) -> float:
    others = {at for tag, at in question.gold.items() if tag != question.language}
    return float(bool(others & set(ranking)))


def own_share(question: Question, ranking: Sequence[int], pool: Pool) -> float:
    own = [primary(pool.languages[at]) == primary(question.language) for at in ranking]
    return sum(own) / max(1, len(own))


def own_first(question: Question, ranking: Sequence[int], pool: Pool) -> float:
    """The right paragraph is the first of those in the question's own language."""
    own = [at for at in ranking if primary(pool.languages[at]) == primary(question.language)]
    return float(bool(own) and own[0] == question.gold[question.language])


MIXED = {
    "other language in top 10": other_in_top,
    "right in either first": right_first,
    "own language's share": own_share,
    "right first within own": own_first,
}


if __name__ == "__main__":
    main()
