"""No pattern of the program takes long over a string made to hang it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from index.languages.dates.publication_dates import find_dates

HUNT = Path(__file__).with_name("pattern_hunt.py")

needs_timers = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no such timers there")


def hunt(*patterns: str) -> Any:
    """What `pattern_hunt.py` found, run by itself: other tests' threads would use up its time."""
    run = subprocess.run(
        [sys.executable, str(HUNT), *patterns],
        cwd=HUNT.parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@needs_timers
def test_no_pattern_hangs() -> None:
    found = hunt()
    assert found["tried"] > 250
    assert found["hung"] == {}


@needs_timers
def test_the_hunt_finds_what_backtracks() -> None:
    backtracking = [
        r"(?:a+)+b",
        r"\s*,?\s*(?:at\s)?\s*\(?\s*\d",
        r"(?:[A-Z][\w-]*(?:[ -][A-Z][\w-]*)*)+$",
    ]
    assert set(hunt(*backtracking)["hung"]) == set(backtracking)


def test_a_date_made_to_hang_is_read() -> None:
    for gap in (" ", "\t", "\n"):
        assert find_dates("March 1, 2023" + gap * 600 + "!")[0].iso == "2023-03-01"
        assert find_dates("2023年3月1日" + gap * 600 + "(")[0].iso == "2023-03-01"
