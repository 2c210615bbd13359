"""The tables that ship are what CLDR, OpenCC and the packs give today."""

from __future__ import annotations

import re
from importlib.resources import files

from index.languages import scripts, shipped
from index.languages.late import pattern

AGAIN = "run: python -m index.languages.shipped"


def shipped_text(name: str) -> str:
    return files("index.languages").joinpath("data", name).read_text(encoding="utf-8")


def test_names_that_ship_are_those_of_cldr_and_the_packs() -> None:
    assert shipped_text(shipped.FILE) == shipped.written_names(), AGAIN
    assert shipped.shipped_names(["en", "zh-Hant"])[: len(shipped.named())] == shipped.named()


def test_another_language_brings_its_names() -> None:
    groups = {group[0]: group for group in shipped.shipped_names(["kk"])}
    assert "Қазақстан" in next(group for group in groups.values() if "Kazakhstan" in group)


def test_script_tables_that_ship_are_those_of_opencc() -> None:
    assert shipped_text(scripts.FILE) == scripts.written_tables(), AGAIN


def test_a_late_pattern_is_as_the_compiled_one() -> None:
    late, compiled = pattern(r"(?P<a>x)|Y", re.IGNORECASE), re.compile(r"(?P<a>x)|Y", re.IGNORECASE)
    assert late.sub("-", "axby") == compiled.sub("-", "axby") == "a-b-"
    assert (late.groupindex, late.flags) == (compiled.groupindex, compiled.flags)
    assert late.pattern == compiled.pattern
