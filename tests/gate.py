"""The quality gate: retrieval, evidence and quoted answers must not fall below pinned floors.

    python tests/gate.py            measures, and fails below a floor
    python tests/gate.py --raise    also raises the floors to what is measured
    python tests/gate.py --lower    pins what is measured, lower or not

It asks the questions in tests/data of the articles in seeds/, with the bundled embedder and reader and
without an LLM. A floor is a number of questions, pinned in tests/data/floors.toml: lowering one takes
`--lower` and shows in the diff. Where the embedder rounds otherwise on another processor, a question may
change sides, so a floor is pinned one question below what was measured. Quotes are verbatim without
exception. The file also holds a digest of questions and articles: figures on other data do not compare.

The idea is that of trafilatura's tests/eval_gate.py.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent.parent))

import newscite
from rag.answer.ask import Final, Reading, ask_stream
from rag.evaluate.evaluation import Outcome, Question, judge, overlaps_gold, read_questions
from rag.results.sources import Excerpt

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
QUESTIONS = tuple(
    ROOT / f"tests/data/{name}_questions.jsonl" for name in ("seed", "more", "russian")
)
FLOORS = ROOT / "tests/data/floors.toml"
MARGIN = 1
"""A floor is so many questions below what was measured when it was pinned."""

EXACT = "quotes verbatim"
"""The measure that has no margin."""

HEAD = """\
# The floors of `make gate`: of how many questions, at least how many. Written by tests/gate.py.
"""


@dataclass(frozen=True, slots=True)
class Count:
    """Of `of` questions, `right` are as they should be."""

    right: int
    of: int


Figures = Mapping[str, Mapping[str, Count]]
"""A group of questions -> a measure -> how many."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was read and answered."""

    outcome: Outcome
    excerpts: Sequence[Excerpt]


@dataclass(frozen=True, slots=True)
class Pinned:
    """What floors.toml holds."""

    data: str
    """Digest of the data they were measured on."""
    floors: Figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    change = parser.add_mutually_exclusive_group()
    change.add_argument("--raise", dest="higher", action="store_true", help="raise floors")
    change.add_argument("--lower", action="store_true", help="pin what is measured, lower or not")
    arguments = parser.parse_args()
    figures = measured(ask_all(questions()))
    pinned = read(FLOORS) if FLOORS.exists() else Pinned("", {})
    print(table(figures, pinned.floors))
    if arguments.lower or arguments.higher:
        floors = floors_of(figures) if arguments.lower else highest(pinned.floors, figures)
        data = digest() if arguments.lower else pinned.data
        FLOORS.write_text(written(Pinned(data, floors)), encoding="utf-8")
        pinned = read(FLOORS)
    problems = failures(figures, pinned, digest())
    print(*problems, sep="\n", file=sys.stderr)
    return 1 if problems else 0


def questions() -> list[Question]:
    return [question for file in QUESTIONS for question in read_questions(file)]


def ask_all(asked: Sequence[Question]) -> list[Asked]:
    """Asks each question as a user without an LLM does."""
    with (
        tempfile.TemporaryDirectory() as folder,
        newscite.open(folder, llm={"model": "none"}) as library,
    ):
        library.add(SEEDS)
        return [ask_one(library, question) for question in asked]


def ask_one(library: newscite.Library, question: Question) -> Asked:
    excerpts: Sequence[Excerpt] = ()
    for event in ask_stream(question.text, library.retriever, None, library.settings):
        if isinstance(event, Reading):
            excerpts = event.excerpts
        elif isinstance(event, Final):
            return Asked(judge(question, event.answer), excerpts)
    raise AssertionError("an answer ends with Final")


def measured(asked: Sequence[Asked]) -> dict[str, dict[str, Count]]:
    """The figures of all questions, of those across languages, and of each language asked in."""
    groups = {"all": list(asked)}
    groups["across languages"] = [one for one in asked if one.outcome.question.cross_language]
    for one in asked:
        groups.setdefault(one.outcome.question.language, []).append(one)
    return {name: counts(group) for name, group in groups.items()}


def counts(asked: Sequence[Asked]) -> dict[str, Count]:
    answerable = [one for one in asked if one.outcome.question.answerable]
    others = [one for one in asked if not one.outcome.question.answerable]

    def of_answerable(holds: Iterable[bool]) -> Count:
        return Count(sum(holds), len(answerable))

    found = {
        f"evidence in top {k}": of_answerable(
            (one.outcome.rank or k + 1) <= k for one in answerable
        )
        for k in (1, 5, 10)
    }
    return found | {
        "first sentence answers": of_answerable(gold(one, 1) for one in answerable),
        "an excerpt answers": of_answerable(gold(one, len(one.excerpts)) for one in answerable),
        "answers right": of_answerable(one.outcome.right for one in answerable),
        "first quote right": of_answerable(any(one.outcome.cited[:1]) for one in answerable),
        "a quote right": of_answerable(any(one.outcome.cited) for one in answerable),
        "unanswerable refused": Count(sum(o.outcome.answer.abstained for o in others), len(others)),
        EXACT: Count(sum(one.outcome.verbatim for one in asked), len(asked)),
    }


def gold(asked: Asked, excerpts: int) -> bool:
    """Whether the best sentence of one of the first excerpts is in the gold evidence."""
    best = (
        max(excerpt.sources, key=lambda source: source.relevance)
        for excerpt in asked.excerpts[:excerpts]
    )
    return any(
        overlaps_gold(asked.outcome.question, one.hit.article, one.span.start, one.span.end)
        for one in best
    )


def floors_of(figures: Figures) -> dict[str, dict[str, Count]]:
    """The floors under what was measured."""
    return {
        group: {
            measure: Count(max(0, count.right - (0 if measure == EXACT else MARGIN)), count.of)
            for measure, count in counted.items()
        }
        for group, counted in figures.items()
    }


def highest(floors: Figures, figures: Figures) -> dict[str, dict[str, Count]]:
    """The pinned floors, each raised where more was measured; none is lowered."""
    new = floors_of(figures)
    return {
        group: {
            measure: max(floor, new[group][measure], key=lambda count: count.right)
            for measure, floor in counted.items()
        }
        for group, counted in floors.items()
    }


def failures(figures: Figures, pinned: Pinned, data: str) -> list[str]:
    """What is wrong, a line each; nothing where the gate is passed."""
    if data != pinned.data:
        return [
            "The questions or the articles are not those that the floors were measured on. "
            "Type: python tests/gate.py --lower"
        ]
    return [
        f"{group}: {measure} fell to {figures[group][measure].right} of {floor.of}, "
        f"below its floor of {floor.right}. Mend it, or type: python tests/gate.py --lower"
        for group, counted in pinned.floors.items()
        for measure, floor in counted.items()
        if figures[group][measure].right < floor.right
    ]


def digest() -> str:
    """Of the data that is measured on: its names and contents."""
    files = [*QUESTIONS, *sorted(SEEDS.iterdir())]
    whole = hashlib.sha256()
    for file in files:
        whole.update(file.name.encode() + b"\0" + hashlib.sha256(file.read_bytes()).digest())
    return whole.hexdigest()


def read(file: Path) -> Pinned:
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    data = table.pop("data")
    return Pinned(
        data,
        {
            group: {measure: Count(*pair) for measure, pair in counted.items()}
            for group, counted in table.items()
        },
    )


def written(pinned: Pinned) -> str:
    lines = [HEAD, f'data = "{pinned.data}"\n']
    for group, counted in pinned.floors.items():
        lines.append(f'\n["{group}"]\n')
        lines += [
            f'"{name}" = [{one.right}, {one.of}]\n' for name, one in counted.items() if one.of
        ]
    return "".join(lines)


def table(figures: Figures, floors: Figures) -> str:
    lines = [f"{'':26}" + "".join(f"{group:>20}" for group in figures)]
    for measure in figures["all"]:
        cells = []
        for group, counted in figures.items():
            floor = floors.get(group, {}).get(measure)
            at_least = f" (>= {floor.right})" if floor else ""
            cells.append(f"{counted[measure].right}/{counted[measure].of}{at_least}")
        lines.append(f"{measure:26}" + "".join(f"{cell:>20}" for cell in cells))
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
