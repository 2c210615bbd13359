"""What a figure becomes when a constant of the code has another value.

In: `Constant`s with values to try, and a function that measures, one figure an item (a question, a
file, a pair). Out: lines that give the figure with the value in the code and, for each other value, by
how much the mean changes, with the standard error of that change. The items are the same, so the error
is that of paired differences.
"""

from __future__ import annotations

import importlib
import math
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

OURS = ("index.", "rag.", "ui.")
SURE = 2.0
"""A change of so many standard errors is more than chance."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A constant of a module, and other values it could have."""

    module: str
    name: str
    values: tuple[object, ...]

    @property
    def value(self) -> object:
        return getattr(importlib.import_module(self.module), self.name)

    def __str__(self) -> str:
        return f"{self.module}.{self.name}"


Measure = Callable[[], NDArray[np.float64]]


@contextmanager
def held(constant: Constant, value: object) -> Iterator[None]:
    """Gives a constant another value in its module and wherever it was imported by name."""
    before = constant.value
    holders = [
        module
        for name, module in list(sys.modules.items())
        if name.startswith(OURS) and getattr(module, constant.name, None) is before
    ]
    for module in holders:
        setattr(module, constant.name, value)
    try:
        yield
    finally:
        for module in holders:
            setattr(module, constant.name, before)


def around(module: str, *names: str, by: Sequence[float] = (0.5, 2.0)) -> list[Constant]:
    """Constants with multiples of their values to try; whole numbers stay whole."""
    found = []
    for name in names:
        value = Constant(module, name, ()).value
        if not isinstance(value, int | float):
            raise TypeError(f"{module}.{name} is no number")
        tried = [type(value)(value * factor) for factor in by]
        found.append(Constant(module, name, tuple(one for one in tried if one != value)))
    return found


def sweep(constants: Iterable[Constant], measure: Measure, only: str = "") -> None:
    """Prints what other values change; of the constants named in `only`, where it names any."""
    base = measure()
    print(f"{len(base)} items, mean {base.mean():.4f} with the values in the code")
    named = set(filter(None, only.split(",")))
    for constant in constants:
        if named and constant.name not in named:
            continue
        print(f"{constant} = {constant.value}")
        for value in constant.values:
            with held(constant, value):
                change = measure() - base
            print(f"    {value!s:>12}  {verdict(change)}")
        sys.stdout.flush()


def verdict(change: NDArray[np.float64]) -> str:
    """The mean of paired differences with its error, and what that says of the value in the code."""
    mean, error = float(change.mean()), standard_error(change)
    if not change.any():
        return "no item changes"
    said = "no more than chance"
    if abs(mean) > SURE * error:
        said = "BETTER than the code" if mean > 0 else "worse"
    return f"{mean:+.4f} ± {error:.4f}  {said}"


def standard_error(values: NDArray[np.float64]) -> float:
    return float(values.std(ddof=1)) / math.sqrt(len(values)) if len(values) > 1 else math.inf
