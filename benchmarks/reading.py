"""How often the first quote answers, and whether the reader knows when none does.

    python benchmarks/reading.py DATA [--each 20] [--keep FILE]

DATA holds nyt_questions_dev.jsonl, drcd_dev.jsonl, xquad_ru_dev.jsonl, bipar_cross_dev.jsonl and
nomiracl_dev.jsonl. Each
question is asked, without an LLM, of a library of all articles of its set (XQuAD and BiPaR: of those in
one language). --each says how many questions of each pair of languages of XQuAD; DRCD gets four times, NYT
eight times as many. Prints for each set the share whose first sentence answers, and whose best three do;
what each signal adds to the first; and the area under the ROC curve of the belief that the articles answer,
against questions whose article is left out, or, of NoMIRACL, whose passages do not answer. --keep writes what was read, for tuning/relevance.py.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from itertools import chain
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from benchmarks.figures import area, records, shown
from benchmarks.questions import Asked, Libraries, about_seeds, of_nomiracl, of_sets
from index.config import EmbedderSettings
from index.embed.embedder import open_embedder
from rag.answer.binder import Binder
from rag.evidence.relevance import WEIGHTS, Weights
from rag.results.sources import Signals

FIRST = 3


@dataclass(frozen=True)
class Read:
    """The sentences of a question's hits: their signals, and whether each answers."""

    kind: str
    question: str
    answerable: bool
    belief: float
    signals: tuple[Signals, ...]
    answers: tuple[bool, ...]

    def places(self, weights: Weights = WEIGHTS) -> list[int]:
        """The sentences, most relevant first."""
        relevance = [weights.weigh(signals) for signals in self.signals]
        return sorted(range(len(relevance)), key=relevance.__getitem__, reverse=True)

    def first_answers(self, weights: Weights = WEIGHTS) -> bool:
        return any(self.answers[place] for place in self.places(weights)[:1])


def kept(path: Path) -> list[Read]:
    """What was read, from a file that --keep wrote."""
    return [
        Read(
            **{
                **record,
                "signals": tuple(Signals(**signals) for signals in record["signals"]),
                "answers": tuple(record["answers"]),
            }
        )
        for record in records(path)
    ]


def read(asked: Asked) -> Read:
    library = asked.library
    hits = library.search(asked.question)
    found = Binder(library.retriever, library.settings, hits).read(hits)
    return Read(
        asked.kind,
        asked.question,
        asked.answerable,
        found.belief,
        tuple(source.signals for source in found.sources),
        tuple(map(asked.answers, found.sources)),
    )


def read_all(data: Path, each: int) -> list[Read]:
    rows = []
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(EmbedderSettings())
        with Libraries(Path(folder), embedder) as libraries:
            for asked in chain(
                about_seeds(libraries),
                of_sets(data, libraries, each),
                of_nomiracl(data, libraries, 4 * each),
            ):
                rows.append(read(asked))
                if len(rows) % 50 == 0:
                    print(f"{len(rows)} questions read", file=sys.stderr, flush=True)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--each", type=int, default=20)
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    rows = read_all(arguments.data, arguments.each)
    if arguments.keep:
        lines = [json.dumps(asdict(row), ensure_ascii=False) for row in rows]
        arguments.keep.write_text("\n".join(lines), encoding="utf-8")
    report(rows)


def report(rows: Sequence[Read]) -> None:
    print(f"{'':14} {'first':>12} {'of three':>9}   n")
    for kind in dict.fromkeys(row.kind for row in rows):
        asked = [row for row in rows if row.kind == kind and row.answerable]
        if kind.startswith("nomiracl"):
            continue
        three = [any(row.answers[place] for place in row.places()[:FIRST]) for row in asked]
        first = [row.first_answers() for row in asked]
        print(f"{kind:14} {shown(first)} {np.mean(three):9.3f} {len(asked):3}")
    asked = [row for row in rows if row.answerable and not row.kind.startswith("nomiracl")]
    print(f"\nfirst of all {len(asked)}: {shown([r.first_answers() for r in asked])}; without")
    for field in fields(Weights):
        less = replace(WEIGHTS, **{field.name: 0.0})
        lost, won = changed(asked, less)
        print(
            f"  {field.name:10} {shown([r.first_answers(less) for r in asked])}  {lost} lost, {won} won"
        )
    print("\nbelief, area under the ROC curve")
    for kind in dict.fromkeys(row.kind.split()[0] for row in rows):
        some = [row for row in rows if row.kind.split()[0] == kind]
        print(
            f"  {kind:12} {area([row.belief for row in some], [row.answerable for row in some]):.3f} of {len(some)}"
        )


def changed(rows: Iterable[Read], weights: Weights) -> tuple[int, int]:
    """Questions whose first sentence answers with WEIGHTS only, and with other weights only."""
    pairs = [(row.first_answers(), row.first_answers(weights)) for row in rows]
    return sum(a and not b for a, b in pairs), sum(b and not a for a, b in pairs)


if __name__ == "__main__":
    main()
