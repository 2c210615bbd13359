"""What refits the weights finds those that made the data."""

from __future__ import annotations

import json
import random
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks.reading import Read, kept
from rag.check.weighing import Features
from rag.results.sources import Signals
from tuning import relevance, support
from tuning.answers import Outcome, report


def questions(reads: float, nears: float) -> list[Read]:
    """Questions made by known weights: the sentence with the highest weighted sum of both signals, plus noise, answers."""
    chance = random.Random(1)  # noqa: S311  not for secrets
    rows = []
    for number in range(150):
        signals = [
            Signals(chance.gauss(0, 2), chance.gauss(0, 2), chance.gauss(0, 2)) for _ in range(6)
        ]
        odds = [reads * s.answers + nears * s.nearness + chance.gauss(0, 1) for s in signals]
        answers = tuple(each == max(odds) for each in odds)
        rows.append(Read("drcd", str(number), True, 0.5, tuple(signals), answers))
    return rows


def test_a_signal_that_says_nothing_loses_its_weight(capsys: pytest.CaptureFixture[str]) -> None:
    fitted = relevance.fitted(questions(reads=1.0, nears=0.0))
    assert abs(fitted.nearness) < 0.2 * fitted.answers
    fitted = relevance.fitted(questions(reads=1.0, nears=2.0))
    assert fitted.nearness > 1.3 * fitted.answers


def test_what_was_read_is_kept(tmp_path: Path) -> None:
    rows = questions(1.0, 1.0)[:3]
    file = tmp_path / "read.jsonl"
    file.write_text("\n".join(json.dumps(asdict(row)) for row in rows), encoding="utf-8")
    assert kept(file) == rows


def test_one_true_claim_in_twenty_fails() -> None:
    chance = random.Random(2)  # noqa: S311  not for secrets
    rows = []
    for number in range(400):
        true = number % 2 == 0
        found = Features(
            nearness=0.0,
            overlap=0.0,
            same_language=True,
            whole=False,
            numbers=("7",) if not true and number % 4 == 1 else (),  # type: ignore[arg-type]
            names=(),
            substituted=False,
            negation_added=False,
            negation_dropped=False,
            negation_turned=False,
            opposites=(),
            swapped=False,
            carried=chance.gauss(1.5 if true else -1.5, 1.0),
        )
        kind = "true" if true else "number" if number % 4 == 1 else "roles"
        rows.append(support.Row(kind, "same", str(number % 20), asdict(found)))
    weights = support.fitted(rows)
    failing = support.failing([row for row in rows if row.kind == "true"], weights)
    assert 0.04 <= failing.mean() <= 0.06
    assert weights.number <= support.AT_MOST["number"]
    assert weights.carried > 0
    assert support.failing([row for row in rows if row.kind == "number"], weights).all()


def test_answers_are_trusted_by_what_separates_right_from_wrong(
    capsys: pytest.CaptureFixture[str],
) -> None:
    chance = random.Random(3)  # noqa: S311  not for secrets
    rows = []
    for number in range(60):
        right = number % 2 == 0
        word = min(0.95, max(0.05, chance.gauss(0.8 if right else 0.4, 0.1)))
        rows.append(Outcome("seeds", right, right, chance.uniform(0.2, 0.8), word))
    report(rows)
    said = capsys.readouterr().out
    areas = dict(zip(("belief", "the LLM", "both"), _areas(said), strict=True))
    assert areas["the LLM"] > 0.95
    assert areas["both"] > areas["belief"]


def _areas(said: str) -> list[float]:
    line = next(line for line in said.splitlines() if line.startswith("area"))
    return [float(word.strip(",;")) for word in line.split() if word[0].isdigit() and "." in word]
