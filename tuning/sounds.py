"""When a name in Chinese characters and one in letters sound the same: rag/check/transcriptions.py.

    python -m tuning sounds DATA [--every 2]

DATA holds the NTREX files. A name is that of a foreign person in a Chinese line (given name, dot, family name).
Prints how many are heard in the same line in English or Russian, and how many in a line of another report that
names somebody; the same of English family names in Chinese lines. What is not heard, the check reports as
missing, so that SOUNDS_ALIKE is as high as keeps .96 of the true ones.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.languages.pack import names_of
from rag.check.claimed_names import NAMED, people_in
from rag.check.transcriptions import mentions, sounds_in_han
from tuning.data import Document, arguments, documents
from tuning.sweep import Constant, held

MODULE = "rag.check.transcriptions"
CONSTANTS = (
    Constant(MODULE, "SOUNDS_ALIKE", (0.5, 0.56, 0.68, 0.75)),
    Constant(MODULE, "LEAST_CONSONANTS", (1, 3)),
)
IN_LETTERS = ("en", "ru")
CHINESE = ("zh-Hans", "zh-Hant")
DOTTED = re.compile("[·・‧•]")
FULL_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{2,} ([A-Z][a-z]{3,})(?=[ ,.])")


@dataclass(frozen=True)
class Heard:
    """A name, the line that has it in other letters, and a line of another report."""

    name: str
    own: str
    other: str


def main() -> None:
    given = arguments("When a name in Chinese characters and one in letters sound the same.")
    reports = documents(given.data)[:: given.every]
    chinese, english = list(chinese_names(reports)), list(english_names(reports))

    print(
        f"{len(chinese)} Chinese names, {len(english)} English ones: heard where they are, and elsewhere"
    )
    for constant in CONSTANTS:
        print(constant)
        for value in (constant.value, *constant.values):
            with held(constant, value):
                figures = [*share(chinese, of_han), *share(english, sounds_in_han)]
            print(f"    {value!s:>5}  " + "  ".join(f"{figure:.3f}" for figure in figures))


def share(names: Sequence[Heard], hears: Callable[[str, str], bool]) -> tuple[float, float]:
    """The shares of names that are heard in their own lines and in others."""
    own, other = zip(
        *((hears(one.name, one.own), hears(one.name, one.other)) for one in names), strict=True
    )
    return sum(own) / len(names), sum(other) / len(names)


def of_han(name: str, text: str) -> bool:
    return mentions(text, name)


def chinese_names(reports: Sequence[Document]) -> Iterator[Heard]:
    chance = random.Random(7)
    named = {tag: lines_with(NAMED, reports, tag) for tag in IN_LETTERS}
    for report in reports:
        for tag in CHINESE:
            for at, line in enumerate(report.lines[tag]):
                for _, _, family in people_in(line, names_of(tag)):
                    for letters in IN_LETTERS:
                        own = report.lines[letters][at]
                        yield Heard(family, own, drawn(named[letters], report, chance))


def english_names(reports: Sequence[Document]) -> Iterator[Heard]:
    """Family names of lines that name one person in English, and one in Chinese."""
    chance = random.Random(7)
    for tag in CHINESE:
        named = lines_with(DOTTED, reports, tag)
        for report in reports:
            for line, english in zip(report.lines[tag], report.lines["en"], strict=True):
                people = [*people_in(line, names_of(tag))]
                full = FULL_NAME.findall(english)
                if len(people) == len(full) == 1:
                    yield Heard(full[0], line, drawn(named, report, chance))


def lines_with(
    pattern: re.Pattern[str], reports: Sequence[Document], tag: str
) -> list[tuple[str, str]]:
    """The lines that name somebody, each with its report."""
    return [(one.id, line) for one in reports for line in one.lines[tag] if pattern.search(line)]


def drawn(lines: Sequence[tuple[str, str]], report: Document, chance: random.Random) -> str:
    """A line of another report."""
    return chance.choice([line for number, line in lines if number != report.id])


if __name__ == "__main__":
    main()
