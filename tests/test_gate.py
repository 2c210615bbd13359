"""The quality gate itself: what it lets through, and that a floor never falls by itself."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests import gate
from tests.gate import EXACT, Asked, Count, Pinned, digest, failures, floors_of, highest, questions

MEASURED = {"all": {"answers right": Count(40, 53), EXACT: Count(66, 66)}}
PINNED = Pinned("the data", floors_of(MEASURED))


def figures(right: int, verbatim: int = 66) -> dict[str, dict[str, Count]]:
    return {"all": {"answers right": Count(right, 53), EXACT: Count(verbatim, 66)}}


def test_what_was_measured_passes_and_so_does_one_question_less() -> None:
    assert not failures(figures(40), PINNED, "the data")
    assert not failures(figures(39), PINNED, "the data")


def test_two_questions_less_fail_and_the_figure_is_named() -> None:
    (problem,) = failures(figures(38), PINNED, "the data")
    assert "answers right fell to 38 of 53, below its floor of 39" in problem
    assert "--lower" in problem


def test_one_quote_that_is_not_verbatim_fails() -> None:
    assert len(failures(figures(40, verbatim=65), PINNED, "the data")) == 1


def test_figures_on_other_data_do_not_compare() -> None:
    (problem,) = failures(figures(53), PINNED, "other data")
    assert "not those" in problem


def test_raising_never_lowers_a_floor() -> None:
    assert highest(PINNED.floors, figures(45))["all"]["answers right"] == Count(44, 53)
    assert highest(PINNED.floors, figures(30)) == PINNED.floors


@pytest.fixture
def floors(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of floors; what is measured is two questions below one of them."""
    file = tmp_path / "floors.toml"
    file.write_text(gate.written(replace(PINNED, data=digest())), encoding="utf-8")
    monkeypatch.setattr(gate, "FLOORS", file)
    monkeypatch.setattr(gate, "ask_all", lambda asked: list[Asked]())
    monkeypatch.setattr(gate, "measured", lambda asked: figures(38))
    return file


def run(monkeypatch: pytest.MonkeyPatch, *flags: str) -> int:
    monkeypatch.setattr(sys, "argv", ["gate.py", *flags])
    return gate.main()


@pytest.mark.parametrize("flags", [(), ("--raise",)])
def test_a_floor_stays_without_the_flag(
    floors: Path, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...]
) -> None:
    before = floors.read_text(encoding="utf-8")
    assert run(monkeypatch, *flags) == 1
    assert floors.read_text(encoding="utf-8") == before


def test_the_flag_lowers_it_where_the_diff_shows_it(
    floors: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert '"answers right" = [39, 53]' in floors.read_text(encoding="utf-8")
    assert run(monkeypatch, "--lower") == 0
    assert '"answers right" = [37, 53]' in floors.read_text(encoding="utf-8")
    assert run(monkeypatch) == 0


def test_the_pinned_floors_are_of_the_data_there_is() -> None:
    pinned = gate.read(gate.FLOORS)
    assert pinned.data == digest()
    assert pinned.floors["all"][EXACT] == Count(len(questions()), len(questions()))
