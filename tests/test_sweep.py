"""What the tuning scripts share: a constant held at another value, and what that changes."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from index.store import duplicates
from rag.question import query
from rag.retrieve import merging
from tuning.sweep import Constant, around, held, sweep, verdict


def test_a_constant_has_another_value_wherever_it_was_imported_and_then_its_own_again() -> None:
    constant = Constant("rag.question.query", "TRANSLATED", ())
    before = query.TRANSLATED
    with held(constant, 0.9):
        assert query.TRANSLATED == merging.TRANSLATED == 0.9
    assert query.TRANSLATED == merging.TRANSLATED == before


def test_a_constant_is_put_back_when_measuring_fails() -> None:
    before = duplicates.CONTAINED
    with (
        pytest.raises(ZeroDivisionError),
        held(Constant("index.store.duplicates", "CONTAINED", ()), 0.0),
    ):
        raise ZeroDivisionError
    assert before == duplicates.CONTAINED


def test_whole_numbers_are_tried_as_whole_numbers() -> None:
    (shortest,) = around("index.store.duplicates", "SHORTEST", by=(0.5, 1, 2))
    assert shortest.values == (10, 40)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (np.zeros(50), "no item changes"),
        (np.array([1.0, -1.0] * 25), "chance"),
        (np.array([1.0] * 49 + [0.0]), "BETTER"),
        (np.array([-1.0] * 49 + [0.0]), "worse"),
    ],
)
def test_a_change_is_named_only_beyond_its_error(change: np.ndarray, said: str) -> None:
    assert said in verdict(change)


def test_only_the_constants_named_are_tried(capsys: pytest.CaptureFixture[str]) -> None:
    constants = around("index.store.duplicates", "CONTAINED", "SHORTEST", by=(0.5,))
    sweep(constants, lambda: np.array([duplicates.CONTAINED, 1.0]), "CONTAINED")
    out = capsys.readouterr().out
    assert "CONTAINED" in out and "SHORTEST" not in out and "2 items" in out


ROOT = Path(__file__).parent.parent
SCRIPTS = {file.name for file in (ROOT / "tuning").glob("*.py")} - {
    "__init__.py",
    "__main__.py",
    "data.py",
    "sweep.py",
}


def test_every_script_that_the_code_names_is_there() -> None:
    named = {
        script
        for package in ("index", "rag", "ui")
        for file in (ROOT / package).rglob("*.py")
        for script in re.findall(r"tuning/(\w+\.py)", file.read_text(encoding="utf-8"))
    }
    assert named and named <= SCRIPTS


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_every_script_is_in_the_documentation(script: str) -> None:
    assert f"tuning/{script}" in (ROOT / "docs" / "tuning.md").read_text(encoding="utf-8")
