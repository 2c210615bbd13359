"""What was found by comparing a claim with its sources, weighed.

In: the `Features` of a claim and its sources. Out: the log-odds that the sources say it. tuning/support.py
fits the weights.
"""

from __future__ import annotations

from dataclasses import dataclass

from index.languages.numbers.stated import Missing


@dataclass(frozen=True, slots=True)
class Features:
    """What was found by comparing a claim with its sources."""

    nearness: float
    overlap: float
    same_language: bool
    whole: bool
    """The claim is about as long as what it rests on."""
    numbers: tuple[Missing, ...]
    names: tuple[str, ...]
    """Names of the claim that neither the sources nor their context have."""
    substituted: bool
    """The sources have other names in their place."""
    negation_added: bool
    negation_dropped: bool
    negation_turned: bool
    """A source in its language denies a word that the claim does not deny, or the other way round."""
    opposites: tuple[str, ...]
    swapped: bool
    undenied: float = 0.0
    """How much nearer claim and sources are when a denial is taken out of one of them."""
    contrary: float = 0.0
    """How much nearer the sources are to the claim with a word turned into its contrary."""
    crossed: float = 0.0
    """How much more alike the words beside two names are if the names change places."""
    carried: float | None = None
    """Log-odds by the reader that the sources carry it; None where it was not asked."""


@dataclass(frozen=True, slots=True)
class Weights:
    """A logistic model of "the sources say so", one for each of two situations: the weight of
    each value that `counted` gives."""

    intercept: float
    nearness: float
    number: float
    name: float
    substituted: float
    negation_added: float
    opposite: float
    order: float
    swapped: float
    undenied: float
    contrary: float
    crosses: float
    crossed: float
    asked: float
    carried: float
    overlap: float = 0.0
    negation_dropped: float = 0.0
    negation_turned: float = 0.0


SAME_LANGUAGE = Weights(
    intercept=-2.50, nearness=5.5, overlap=0.8, number=-5.0, name=-1.2,
    substituted=-1.7, negation_added=-1.7, negation_turned=-0.8,
    opposite=-5.0, order=-2.7, swapped=-1.8, undenied=-1.3, contrary=-0.8, crosses=-0.2,
    crossed=-3.9, carried=0.5, asked=0.45,
)  # fmt: skip
CROSS_LANGUAGE = Weights(
    intercept=-1.87, nearness=7.5, number=-4.5, name=-2.3,
    substituted=-1.7, negation_added=-1.3, negation_dropped=-1.3,
    opposite=-4.5, order=-2.0, swapped=-2.5, undenied=-1.5, contrary=-0.3, crosses=-1.5,
    crossed=-2.1, carried=0.8, asked=0.43,
)  # fmt: skip
"""tuning/support.py fits them anew. On 2,560 claims its fit catches as much at as many false alarms as these, of an
earlier fit, which stay (docs/reader.md)."""

STEP = 0.01
"""A gain of nearness that counts as 1; a larger one counts as 2 at most (these three: tuning/support.py).
Across languages, 1 in 100 true sentences gains this much without a denial, and 6 in 10 of those with a
denial put in or left out."""
STRIDE = 0.025
"""The same for the words beside two names: 1 in 50 true sentences gains anything when the names
change places, and 6 in 10 of those whose names had been exchanged."""

ENOUGH = {True: 0.80, False: 0.65}
"""More nearness than this says no more: within a language, and across."""


def weigh(found: Features) -> float:
    """The log-odds that the sources carry the claim."""
    weights = SAME_LANGUAGE if found.same_language else CROSS_LANGUAGE
    return sum(float(getattr(weights, name)) * value for name, value in counted(found).items())


def counted(found: Features) -> dict[str, float]:
    """The features as the weights of the same names count them."""
    before_or_after = "time" in found.opposites
    carried = found.carried
    return {
        "intercept": 1.0,
        "nearness": min(found.nearness, ENOUGH[found.same_language]),
        "overlap": found.overlap,
        "number": float(bool(found.numbers)),
        "name": float(min(len(found.names), 2)),
        "substituted": float(found.substituted),
        "negation_added": float(found.negation_added),
        "negation_dropped": float(found.negation_dropped),
        "negation_turned": float(found.negation_turned),
        "opposite": float(any(axis != "time" for axis in found.opposites)),
        # Across languages before or after depends on which of two things is said first.
        "order": float(before_or_after and (found.same_language or found.contrary > 0)),
        "swapped": float(found.swapped),
        "undenied": _counted(found.undenied, STEP),
        "contrary": _counted(found.contrary, STEP),
        "crosses": float(found.crossed > 0),
        "crossed": _counted(found.crossed, STRIDE),
        "asked": float(carried is not None),
        "carried": carried or 0.0,
    }


def _counted(gain: float, step: float) -> float:
    return min(max(gain / step, 0.0), 2.0)
