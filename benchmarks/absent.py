"""Whether questions are refused that ask of somebody else than the articles tell of.

    python benchmarks/absent.py [DATA] [--each N] [--llm] [--show] [--keep READ]

Asks answerable questions as they are, and with a name exchanged for one of the same kind: one from elsewhere, one
that the passage which answers has, too, or the other one of the question. They are those in tests/data, of a
library of seeds/, and, with DATA, some of each data set (N times 8, 4 and 1, the last for each pair of languages),
of libraries of their paragraphs. Prints for each way and set the share that is answered all the same, that of the
questions as they are, and the area under the ROC curve of belief between the two. --llm has the offline LLM answer;
otherwise sentences are quoted. --show prints each exchanged question that is answered; --keep writes what was read,
as `reading.py` does. (A few exchanged questions have an answer: when Europe was captured, for Montreal.)
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from itertools import chain
from pathlib import Path
from types import SimpleNamespace

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import area, shown
from benchmarks.questions import Asked, Libraries, about_seeds, of_sets
from benchmarks.reading import Read, read
from index.config import EmbedderSettings, Settings
from index.embed.embedder import open_embedder
from index.languages.names import known_names
from rag.answer.ask import ask
from rag.llm.opening import open_llm
from rag.results.hits import Hit
from training.exchanged import ELSEWHERE, ROLES, TOLD, exchanged

SEED = 4
ABSENT = ["Brazil", "Poland", "Egypt", "Vietnam", "Canada", "Mongolia", "Peru", "Toyota", "Osaka"]
"""Of these the seeds say nothing."""


@dataclass(frozen=True)
class Answered:
    """A question, how it was put, what was read for it, and whether it was answered."""

    way: str
    read: Read
    belief: float
    answered: bool
    text: str


def put(asked: Asked, chance: random.Random) -> Iterator[tuple[str, Asked]]:
    """A question as it is, and with one name exchanged in up to three ways; nothing where that cannot be done."""
    told = next((hit for hit in asked.library.search(asked.question) if _tells(asked, hit)), None)
    if not (asked.answerable and told):
        return
    elsewhere = [known_names().find(name)[0] for name in ABSENT]
    around = f"{told.article.title}\n{told.passage.text}"
    ways: dict[str, list[str]] = {}
    for way, text, *_ in exchanged(asked.question, around, elsewhere, chance):
        ways.setdefault(way, []).append(text)
    if ways:
        yield "", asked
    for way, texts in ways.items():
        yield way, replace(asked, question=chance.choice(texts), answerable=False)


def _tells(asked: Asked, hit: Hit) -> bool:
    texts = (hit.article.text[span.start : span.end] for span in hit.passage.sentences)
    return any(asked.answers(SimpleNamespace(text=text)) for text in texts)  # type: ignore[arg-type]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--each", type=int, default=12)
    parser.add_argument("--llm", action="store_true")
    parser.add_argument("--show", action="store_true")
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    chance = random.Random(SEED)  # noqa: S311  not for secrets
    settings = Settings()
    llm = open_llm(settings.llm) if arguments.llm else None
    rows = []
    with (
        tempfile.TemporaryDirectory() as folder,
        Libraries(Path(folder), open_embedder(EmbedderSettings())) as libraries,
    ):
        sets = of_sets(arguments.data, libraries, arguments.each) if arguments.data else ()
        for asked in chain(about_seeds(libraries), sets):
            if asked.kind.startswith("bipar"):  # they hardly name anything that a table has
                continue
            for way, one in put(asked, chance):
                answer = ask(one.question, one.library.retriever, llm, settings)
                row = Answered(way, read(one), answer.confidence, not answer.abstained, answer.text)
                rows.append(row)
                if arguments.show and way and row.answered:
                    print(f"{way:9} {row.belief:.2f} {one.question}\n     {row.text}", flush=True)
    if arguments.keep:
        lines = [
            json.dumps({**asdict(row.read), "way": row.way}, ensure_ascii=False) for row in rows
        ]
        arguments.keep.write_text("\n".join(lines), encoding="utf-8")
    report(rows)


def report(rows: list[Answered]) -> None:
    for part in dict.fromkeys(row.read.kind.split()[0] for row in rows):
        own = [row for row in rows if row.read.kind.split()[0] == part]
        asked = [row for row in own if not row.way]
        print(f"{part:8} as it is  answered {shown([r.answered for r in asked])} of {len(asked)}")
        for way in (ELSEWHERE, TOLD, ROLES):
            changed = [row for row in own if row.way == way]
            if changed:
                both = [*asked, *changed]
                curve = area([row.belief for row in both], [not row.way for row in both])
                said = shown([row.answered for row in changed])
                print(f"{part:8} {way:9} answered {said} of {len(changed)}; area {curve:.3f}")


if __name__ == "__main__":
    main()
