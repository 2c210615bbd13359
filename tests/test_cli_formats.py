"""What commands print, for people and for programs; config and doctor; completion."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from index.shown import table
from rag.results.text import quoted
from tests.test_cli import ROOT, Cli, cli, filled  # noqa: F401  # fixtures
from ui import formats
from ui.prose import Prose, breaks

QUESTION = "為什麼哈薩克關閉駐俄貿易代表處?"


def test_json_lines_are_a_line_for_each_hit(filled: Cli) -> None:  # noqa: F811
    hits = filled("search", QUESTION, "--json").json["hits"]
    lines = filled("search", QUESTION, "--format", "jsonl").out.splitlines()
    assert [json.loads(line)["passage_id"] for line in lines] == [h["passage_id"] for h in hits]


def test_an_answer_is_one_line_and_its_citations_are_rows(filled: Cli) -> None:  # noqa: F811
    (line,) = filled("ask", QUESTION, "--format", "jsonl").out.splitlines()
    answer = json.loads(line)
    rows = list(csv.DictReader(io.StringIO(filled("ask", QUESTION, "--format", "csv").out)))
    cited = {citation["n"]: citation["quote"] for citation in answer["citations"]}
    assert rows and all(row["quote"] == cited[int(row["n"])] for row in rows)


@pytest.mark.parametrize("command", ["search", "ask", "check", "compare", "timeline"])
def test_markdown_names_the_question(filled: Cli, command: str) -> None:  # noqa: F811
    assert filled(command, QUESTION, "--format", "md").out.startswith("# ")


def test_every_command_has_every_format(filled: Cli) -> None:  # noqa: F811
    for format in formats.Format:
        for command in (("status",), ("config",), ("verify",), ("user", "list")):
            result = filled(*command, "--format", format)
            assert (result.code == 0 and result.out.strip()) or command == ("user", "list")
            assert "\x1b" not in result.out


def test_cells_that_a_spreadsheet_would_run_are_text() -> None:
    rows = [{"a": "=HYPERLINK(1)", "b": -5, "c": [1, "|"]}, {"a": "plain", "d": True}]
    read = list(csv.reader(io.StringIO(formats.to_csv(rows))))
    assert read[1] == ["'=HYPERLINK(1)", "-5", '[1, "|"]', ""]
    assert table([{"a": "x|y<z"}]).splitlines()[-1] == "| x\\|y\\<z |"


def test_what_is_piped_has_whole_lines_and_no_colours(filled: Cli) -> None:  # noqa: F811
    lines = filled("search", "Kazakhstan trade office").out.splitlines()
    assert any("Officials say the move saves money." in line for line in lines)
    assert all(line == line.rstrip() and "\x1b" not in line for line in lines)


def test_words_among_chinese_characters_are_not_cut() -> None:
    text = "哈薩克斯坦Kazakhstan政府宣布關閉trade office,並說Правительство экономит。"
    for width in range(14, 40):
        parts = lines(text, width)
        assert "".join(parts) == text
        assert all(cell_len(part.rstrip()) <= width for part in parts)
        joined = "\n".join(parts)
        assert all(word in joined for word in ("Kazakhstan", "office", "Правительство"))
        assert not any(part.startswith(("。", ",")) for part in parts)


def lines(text: str, width: int) -> list[str]:
    starts = [0, *breaks(text, width)]
    return [text[a:b] for a, b in zip(starts, [*starts[1:], len(text)], strict=True)]


@given(st.text(max_size=60), st.integers(2, 30))
def test_no_character_is_lost_when_lines_break(text: str, width: int) -> None:
    assert "".join(lines(text, width)) == text
    out = io.StringIO()
    Console(file=out, width=width, color_system=None).print(Prose(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "“plain”"),
        ("“all of it”", "“all of it”"),
        ("「全部」", "「全部」"),
        ("he said “no” twice", "he said “no” twice"),
        ('it ends "so"', 'it ends "so"'),
    ],
)
def test_quotation_marks_are_not_doubled(text: str, shown: str) -> None:
    assert quoted(text) == shown


def test_config_says_where_each_setting_comes_from(
    cli: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    Path("config.toml").write_text(
        '[embedder]\nmodel = "best"\n[llm.options]\nkey = "secret"\n', encoding="utf-8"
    )
    monkeypatch.setenv("NEWSCITE_RETRIEVE__LIMIT", "7")
    shown = cli("config", "--json")
    found = {row["setting"]: (row["value"], row["from"]) for row in shown.json["settings"]}
    assert found["embedder.model"] == ("best", str(Path.cwd() / "config.toml"))
    assert found["retrieve.limit"] == (7, "NEWSCITE_RETRIEVE__LIMIT")
    assert found["page.port"] == (7860, "default")
    assert "secret" not in shown.out


def test_doctor_says_what_to_do(
    filled: Cli,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("NEWSCITE_LLM__MODEL", "/no/such/model.gguf")
    monkeypatch.setenv("NEWSCITE_EMBEDDER__MODEL", "/no/such/folder")
    ill = filled("doctor", "--json")
    found = {check["name"]: check for check in ill.json["checks"]}
    assert ill.code == 3
    assert found["versions"]["state"] == "good"
    assert found["LLM"]["state"] == "bad" and "/no/such/model.gguf" in found["LLM"]["cure"]
    assert found["embedder"]["cure"] and found["library"]["cure"]


def test_adding_nothing_makes_no_library(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    (tmp_path / "empty").mkdir()
    for name in ("nosuch", "empty"):
        result = cli("add", name, "--json")
        assert result.code == 1 and result.json["rejected"][0]["source"] == name
    assert not (tmp_path / "library").exists()


@pytest.mark.parametrize("option", ["-h", "--help"])
def test_short_and_long_help(cli: Cli, option: str) -> None:  # noqa: F811
    for command in ((), ("ask",), ("user",), ("user", "add")):
        assert "Usage:" in cli(*command, option).out


def test_help_begins_with_what_one_does_first(cli: Cli) -> None:  # noqa: F811
    listed = cli("--help").out.partition("Commands:")[2]
    places = [listed.index(f"\n  {name} ") for name in ("add", "search", "serve", "doctor")]
    assert places == sorted(places)


@pytest.mark.parametrize("option", ["-V", "--version"])
def test_it_tells_its_version(cli: Cli, option: str) -> None:  # noqa: F811
    assert cli(option) == (0, f"newscite {version('newscite')}\n", "")


def test_the_shell_can_complete() -> None:
    asked = {"_NEWSCITE_COMPLETE": "complete_bash", "COMP_WORDS": "newscite se", "COMP_CWORD": "1"}
    code = "import sys; sys.argv[0] = 'newscite'; from ui.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, **asked}, cwd=ROOT, capture_output=True
    )
    assert done.stdout.split() == [b"search", b"serve"]


def test_options_of_all_commands_may_stand_before_the_command(
    filled: Cli,  # noqa: F811
    tmp_path: Path,
) -> None:
    behind = filled("status", "--library", "library", "--json")
    assert behind.code == 0
    assert filled("--library", "library", "--json", "status").json == behind.json
    assert filled("-L", str(tmp_path / "library"), "search", "trade office", "--json").code == 0
    assert "no library at elsewhere" in filled("--library=elsewhere", "status").err
    assert filled("--format", "jsonl", "search", "--", "-a").err.startswith("newscite: ") is False


def test_help_speaks_of_no_types(cli: Cli) -> None:  # noqa: F811
    for command in (("ask",), ("add",), ("token", "create"), ("export",)):
        told = cli(*command, "--help").out
        assert not re.search(r"<\w+\[|<str>|<int", told), told
    assert "--outlet OUTLET" in cli("ask", "-h").out
