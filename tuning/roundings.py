"""How far two roundings of one number lie apart: index/languages/numbers/quantity.py.

    python -m tuning roundings DATA

DATA holds the NTREX files and `crud_news_sample.jsonl`. The numbers of four digits and more in them are written as
a reporter rounds them: to three digits; to two or one behind "about"; and wrongly, one step further on, or behind "about" as the
rounding of a number with another first or second digit. Prints which share of each is taken for the number, and
how many numbers of a line of NTREX its translation is said to lack: some are rounded or converted there.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from benchmarks.figures import records
from index.languages.numbers.quantity import Quantity, same_value
from index.languages.numbers.stated import missing, quantities
from tuning.data import NEWS, Document, arguments, documents
from tuning.sweep import Constant, held

MODULE = "index.languages.numbers.quantity"
CONSTANTS = (
    Constant(MODULE, "LEAST_ROUNDED", (2, 4, 9)),
    Constant(MODULE, "ROUGH_ROUNDING", (0.0, 0.03, 0.05, 0.1, 0.2)),
    Constant(MODULE, "UNIT_ROUNDING", (0.0, 1e-9, 1e-3)),
)
LEAST_DIGITS = 4
PAIRS = (("en", "zh-Hans"), ("zh-Hant", "en"), ("en", "ru"), ("ru", "zh-Hans"))

Change = Callable[[float, random.Random], float]


def rounded(value: float, digits: int) -> float:
    return float(f"{value:.{digits - 1}e}")


def step(value: float, digits: int) -> float:
    """What the last of so many digits counts."""
    return float(10.0 ** (int(f"{value:e}".split("e")[1]) - digits + 1))


def beside(value: float, chance: random.Random) -> float:
    """The rounding to three digits, one step further on."""
    return rounded(value, 3) + chance.choice((-1, 1)) * step(value, 3)


def another(value: float, chance: random.Random) -> float:
    """The rounding of a number whose first or second digit is another one."""
    place = chance.choice((1, 2))
    digit = int(value / step(value, place)) % 10
    others = [other for other in range(place == 1, 10) if other != digit]
    return rounded(value + (chance.choice(others) - digit) * step(value, place), 2)


WRITTEN: dict[str, tuple[Change, bool, bool]] = {
    "three digits": (lambda value, _: rounded(value, 3), False, True),
    "a step further": (beside, False, False),
    "about, two digits": (lambda value, _: rounded(value, 2), True, True),
    "about, one digit": (lambda value, _: rounded(value, 1), True, True),
    "about, another": (another, True, False),
}
"""How a number is written; whether behind "about"; whether that is right."""


def main() -> None:
    given = arguments("How far two roundings of one number lie apart.")
    reports = documents(given.data)[:: given.every]
    articles = [record["text"] for record in records(given.data / NEWS)[:: 4 * given.every]]
    lines = [line for one in reports for lines in one.lines.values() for line in lines]
    numbers = list(long_numbers([*lines, *articles]))
    print(f"{len(numbers)} numbers: the share of each that is taken for the number")
    print(f"{'':24}" + "".join(f"{name:>20}" for name in WRITTEN) + f"{'lacking':>20}")
    for constant in CONSTANTS:
        print(constant)
        for value in (constant.value, *constant.values):
            with held(constant, value):
                shares = [taken(numbers, *how[:2]) for how in WRITTEN.values()]
                gone = lacking(reports)
            print(f"{value!s:>24}" + "".join(f"{share:20.3f}" for share in shares) + f"{gone:20d}")


def long_numbers(texts: Sequence[str]) -> Iterator[Quantity]:
    for text in texts:
        for found in quantities(text):
            digits = len(f"{found.value:.15g}".replace(".", "").strip("0"))
            if not found.rough and found.sure and LEAST_DIGITS <= digits < 7:
                yield found


def taken(numbers: Sequence[Quantity], change: Change, rough: bool) -> float:
    chance = random.Random(7)
    said = [
        replace(one, value=value, number=value * one.number / one.value, rough=rough)
        for one in numbers
        for value in [change(one.value, chance)]
    ]
    return sum(map(same_value, said, numbers)) / len(numbers)


def lacking(reports: Sequence[Document]) -> int:
    """Numbers of lines that their translations do not have."""
    return sum(
        len(missing(line, [(translation, "")]))
        for report in reports
        for ours, theirs in PAIRS
        for line, translation in zip(report.lines[ours], report.lines[theirs], strict=True)
    )


if __name__ == "__main__":
    main()
