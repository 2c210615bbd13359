"""The command line: results, JSON, exit codes, errors."""

from __future__ import annotations

import io
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import newscite
from index import adding
from index.report import Progress
from tests.conftest import ARTICLES
from tests.toy import ToyEmbedder
from ui import terminal
from ui.cli import main

ROOT = Path(__file__).parent.parent


class Result(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


Cli = Callable[..., Result]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command line in an empty folder, with the toy embedder and no LLM."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSCITE_LLM__MODEL", "none")
    monkeypatch.setenv("NEWSCITE_ANSWER__ABSTAIN_BELOW", "0")  # a toy is never confident
    monkeypatch.setattr(newscite, "open_embedder", lambda settings: ToyEmbedder(settings.model))

    def run(*arguments: str, stdin: str = "") -> Result:
        monkeypatch.setattr(sys, "argv", ["newscite", *arguments])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        with pytest.raises(SystemExit) as end:
            main()
        return Result(int(end.value.code or 0), *capsys.readouterr())

    return run


@pytest.fixture
def filled(cli: Cli, tmp_path: Path) -> Cli:
    """The same, with the four articles added."""
    lines = [
        {
            "text": article.text,
            "title": article.title,
            "outlet": article.outlet,
            "author": article.author,
            "published": article.published,
            "language": article.language,
        }
        for article in ARTICLES
    ]
    text = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    (tmp_path / "news.jsonl").write_text(text, encoding="utf-8")
    assert cli("add", "news.jsonl").code == 0
    return cli


def test_add_reports_what_was_added_then_what_is_unchanged(filled: Cli) -> None:
    assert filled("status", "--json").json["articles"] == 4
    again = filled("add", "news.jsonl", "--json")
    assert again.code == 0
    assert again.json["added"] == []
    assert again.json["skipped"][0]["source"] == "news.jsonl"


def test_add_says_why_a_source_was_rejected(cli: Cli) -> None:
    result = cli("add", "nowhere.txt")
    assert result.code == 1
    assert "nowhere.txt: No such file or folder." in result.out


def test_add_json_is_only_json(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(f"{ARTICLES[2].title}\n\n{ARTICLES[2].text}\n" * 3)
    result = cli("add", "a.txt", "--json", "--library", "elsewhere")
    assert set(result.json) >= {"added", "updated", "skipped", "rejected", "seconds", "passages"}
    assert result.err == ""
    assert (tmp_path / "elsewhere").is_dir()


def test_add_goes_on_where_it_was_stopped(cli: Cli, tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"{n}. {ARTICLES[0].text}"}) for n in range(40)]
    (tmp_path / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(adding, "embedding_keys", stop_after(20, adding.embedding_keys))
        stopped = cli("add", "news.jsonl")
    assert (stopped.code, stopped.out) == (130, "")
    assert "goes on from there" in stopped.err
    assert cli("status", "--json").json["articles"] == 16
    assert cli("add", "news.jsonl", "--json").json["articles"] == 24


def stop_after(calls: int, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, until somebody presses Ctrl-C."""
    left = iter(range(calls))

    def run(*given: Any) -> Any:
        if next(left, None) is None:
            raise KeyboardInterrupt
        return function(*given)

    return run


def test_progress_shows_rate_and_time_left_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(screen, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.setenv("NO_COLOR", "1")
    with terminal.progress("Adding") as report:
        for share in (0.0, 0.2, 0.4):
            report(Progress(0, 1, int(share * 300), read=share))
    last = screen.getvalue().split("Adding")[-1]
    assert re.search(r" 40% 120 articles, \d+\.\d/s 0:00:00 left 0:00:0\d", last)


def test_status_shows_the_library(filled: Cli) -> None:
    result = filled("status")
    assert result.code == 0
    assert "2022-09-20 to 2023-03-02" in result.out
    assert "Reuters 1" in result.out


def test_search_finds_and_filters(filled: Cli) -> None:
    found = filled("search", "Kazakhstan trade office", "--language", "en", "--json")
    assert found.code == 0
    assert [hit["outlet"] for hit in found.json["hits"]] == ["Reuters"]
    late = filled("search", "貿易代表處", "--published-after", "2030", "--json")
    assert (late.code, late.json["hits"]) == (1, [])


def test_search_shows_passages_with_their_sources(filled: Cli) -> None:
    result = filled("search", "Kazakhstan trade office", "-n", "1")
    assert "Kazakhstan closes trade office" in result.out
    assert "Reuters, Jane Roe, 2023-03-02" in result.out


def test_ask_json_is_the_contract(filled: Cli, tmp_path: Path) -> None:
    result = filled("ask", "為什麼哈薩克關閉駐俄貿易代表處?", "--json")
    given = result.json
    assert set(given) >= {
        *("question", "language", "abstained", "text", "sentences", "citations", "hits"),
        *("llm", "embedder", "seconds"),
    }
    assert given["language"] == "zh-Hant"
    assert result.code == int(given["abstained"])
    with newscite.open(tmp_path / "library") as library:
        for cited in given["citations"]:
            article = library.article(cited["article_id"])
            assert article is not None
            assert article.text[cited["start"] : cited["end"]] == cited["quote"]


def test_ask_prints_the_answer_with_its_sources(filled: Cli) -> None:
    result = filled("ask", "為什麼哈薩克關閉駐俄貿易代表處?")
    assert "[1]" in result.out
    assert "中央社" in result.out


def test_ask_of_an_empty_library_abstains(filled: Cli) -> None:
    filled("remove", "news.jsonl")
    result = filled("ask", "anything?", "--json")
    assert result.code == 1
    assert result.json["abstained"]


def test_control_characters_do_not_reach_the_terminal(cli: Cli, tmp_path: Path) -> None:
    line = {
        "text": "Evil \x1b]0;owned\x07 \x1b[2J text of an article. " * 4,
        "title": "\x1b[31mred",
    }
    (tmp_path / "evil.jsonl").write_text(json.dumps(line) + "\n")
    cli("add", "evil.jsonl")
    for command in ("search", "ask"):
        assert "\x1b" not in cli(command, "evil text").out


def test_chat_remembers_and_ends_with_the_input(filled: Cli) -> None:
    result = filled("chat", "--json", stdin="為什麼哈薩克關閉貿易代表處?\n那俄方呢?\n")
    decoder = json.JSONDecoder()
    first, end = decoder.raw_decode(result.out)
    second, _ = decoder.raw_decode(result.out[end:].lstrip())
    assert result.code == 0
    assert [first["question"], second["question"]] == ["為什麼哈薩克關閉貿易代表處?", "那俄方呢?"]


def test_export_writes_every_format(filled: Cli, tmp_path: Path) -> None:
    names = ["a.md", "a.html", "a.docx", "a.json", "a.bib", "a.ris", "a.csl.json"]
    result = filled("export", "為什麼哈薩克關閉駐俄貿易代表處?", *names, "--json")
    assert result.json == {"written": names}
    assert all((tmp_path / name).stat().st_size for name in names)
    assert json.loads((tmp_path / "a.csl.json").read_text())[0]["type"] == "article-newspaper"
    assert "abstained" in json.loads((tmp_path / "a.json").read_text())


def test_compare_shows_every_outlet_and_exports(
    filled: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("compare", "findings"):  # a toy has no background to be near
        monkeypatch.setattr(f"rag.analysis.{module}.ON_SUBJECT", -10.0)
    names = ["c.md", "c.html", "c.docx", "c.json", "c.bib"]
    exports = [word for name in names for word in ("--export", name)]
    result = filled(
        "compare", "為什麼哈薩克關閉駐俄貿易代表處?", "--groups", "2", *exports, "--json"
    )
    assert result.code == 0
    assert len(result.json["groups"]) == 2
    assert result.json == json.loads((tmp_path / "c.json").read_text())
    assert all((tmp_path / name).stat().st_size for name in names)
    shown = filled("compare", "為什麼哈薩克關閉駐俄貿易代表處?", "--by", "language")
    assert "zh-Hant" in shown.out and "[1]" in shown.out
    assert filled("compare", "x", "--by", "colour").code == 2


def test_timeline_lists_events_and_exports(
    filled: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.analysis.timeline.NEAR_TOPIC", -10.0)
    result = filled("timeline", "铁路", "--export", "t.docx", "--export", "t.ris", "--json")
    assert result.code == 0
    assert {event["date"] for event in result.json["events"]} >= {"2023", "2023-03-02"}
    assert all((tmp_path / name).stat().st_size for name in ("t.docx", "t.ris"))
    shown = filled("timeline", "铁路").out
    assert "2023 (明年)" in shown and "预定" in shown
    assert filled("timeline", "铁路", "--after", "2030").code == 1


@pytest.mark.parametrize("command", ["export", "check", "compare", "timeline"])
@pytest.mark.parametrize(("name", "why"), [("a.xyz", "must be one of .*docx"), ("no/a.md", "no")])
def test_what_cannot_be_written_is_refused_before_the_work(
    command: str, name: str, why: str, filled: Cli, tmp_path: Path
) -> None:
    outputs = ["good.md", name]
    given = outputs if command == "export" else [w for o in outputs for w in ("--export", o)]
    result = filled(command, "鐵路", *given)
    assert result.code == 2
    assert re.search(why, result.err)
    assert not (tmp_path / "good.md").exists()


def test_eval_against_another_configuration(filled: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSCITE_ANSWER__ABSTAIN_BELOW")  # a toy, never confident, then abstains
    questions = [
        {"id": str(n), "lang": "en", "question": text, "answerable": False}
        for n, text in enumerate(("Who won?", "Who lost?", "Why?"))
    ]
    Path("questions.jsonl").write_text("\n".join(map(json.dumps, questions)))
    Path("bold.toml").write_text("[answer]\nabstain_below = 0\n")
    paired = ("eval", "questions.jsonl", "--against", "bold.toml", "--limit", "2")
    result = filled(*paired, "--json").json
    assert result["questions"] == 2
    refused = {"one": 1.0, "other": 0.0, "low": -1.0, "high": -1.0}
    assert result["measures"]["unanswerable refused"] == refused
    assert "95 % interval" in filled(*paired).out
    assert filled("eval", "questions.jsonl", "--against", "nowhere.toml").code == 2


def test_calibrate_fits_a_library_to_languages(filled: Cli, tmp_path: Path) -> None:
    (tmp_path / "parallel").mkdir()
    for language, words in (("en", "Talks on trade were held"), ("zh", "雙方舉行了貿易會談")):
        lines = "".join(f"{words} {n}.\n" for n in range(240))
        (tmp_path / "parallel" / f"{language}.txt").write_text(lines, encoding="utf-8")
    assert filled("calibrate", "parallel", "--json").json == {"languages": ["en", "zh"]}
    assert filled("search", "Kazakhstan trade office").code == 0
    assert filled("calibrate", "nowhere").code == 2


def test_eval_measures_a_file_of_questions(filled: Cli, tmp_path: Path) -> None:
    gold = {"file": filled("search", "铁路", "--json").json["hits"][0]["file"]}
    questions = [
        {
            "id": "1",
            "lang": "zh-Hans",
            "question": "中国与乌兹别克斯坦签署什么协议?",
            "answerable": True,
            "evidence": [gold | {"quote": "签署铁路协议"}],
            "answer_any": [["铁路"]],
        },
        {"id": "2", "lang": "en", "question": "Who won?", "answerable": False},
    ]
    Path("questions.jsonl").write_text("\n".join(map(json.dumps, questions)))
    measures = filled("eval", "questions.jsonl", "--json").json["measures"]
    assert measures["all"]["questions"] == 2
    assert measures["zh-Hans"]["quotes verbatim"] == 1
    assert "evidence in top 5" in filled("eval", "questions.jsonl").out
    Path("broken.jsonl").write_text("{}")
    assert filled("eval", "broken.jsonl").code == 2


def test_remove_by_file_and_by_id(filled: Cli) -> None:
    hit = filled("search", "铁路", "--json").json["hits"][0]
    assert filled("remove", hit["article_id"], "--json").json["articles"] == [hit["article_id"]]
    assert filled("remove", "news.jsonl").code == 0
    gone = filled("remove", "news.jsonl")
    assert gone.code == 1
    assert "Not in the library: news.jsonl" in gone.out


def test_verify_finds_damage_and_repairs_it(filled: Cli, tmp_path: Path) -> None:
    assert filled("verify").code == 0
    derived = [
        path
        for path in (tmp_path / "library").rglob("*")
        if path.is_file() and path.parent != tmp_path / "library"
    ]
    assert derived
    for path in derived:
        path.write_bytes(b"not an index")
    assert filled("verify", "--repair", "--json").json["sound"]
    assert filled("verify").code == 0
    assert filled("search", "Kazakhstan trade office").code == 0


def test_another_embedder_is_refused_until_a_rebuild(filled: Cli) -> None:
    other = ("--config", "other.toml")
    Path("other.toml").write_text('[embedder]\nmodel = "another"\n')
    refused = filled("search", "trade", *other)
    assert refused.code == 3
    assert "newscite rebuild" in refused.err
    assert filled("status", *other).code == 0
    assert filled("rebuild", *other).code == 0
    assert filled("search", "trade office", *other).code == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ("status",),
        ("search", "x"),
        ("ask", "x"),
        ("remove", "x"),
        ("rebuild",),
        ("verify", "--repair"),
        ("export", "x", "a.md"),
        ("compare", "x"),
        ("timeline", "x"),
        ("check", "x"),
    ],
)
def test_missing_library_is_one_clear_line_and_no_new_folder(
    cli: Cli, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    result = cli(*arguments, "--library", "typo", "--json")
    assert (result.code, result.out) == (3, "")
    assert result.err.startswith("newscite: ")
    assert result.err.count("\n") == 1
    assert "typo" in result.err
    assert not (tmp_path / "typo").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("search",),
        ("search", "x", "--no-such-option"),
        ("no-such-command",),
        ("search", "x", "--published-after", "yesterday"),
        ("search", "x", "--limit", "0"),
        ("search", "x", "--config", "nowhere.toml"),
        ("export", "x", "answer.pdf"),
        ("timeline", "x", "--export", "timeline.pdf"),
        ("compare", "x", "--groups", "0"),
        ("export", "x", "no/such/folder/answer.md"),
    ],
)
def test_wrong_use(filled: Cli, arguments: tuple[str, ...]) -> None:
    result = filled(*arguments)
    assert result.code == 2
    assert result.out == ""
    assert "Traceback" not in result.err


@pytest.mark.parametrize("command", ["search", "ask", "check", "compare", "timeline"])
def test_bytes_that_are_no_text_are_refused_with_the_cure(filled: Cli, command: str) -> None:
    typed = "哈薩克 貿易".encode("gbk").decode(
        "utf-8", "surrogateescape"
    )  # as the terminal sends them
    result = filled(command, typed)
    assert (result.code, "UTF-8" in result.err) == (2, True), result.err


def test_model_that_is_not_there(filled: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCITE_LLM__MODEL", "/no/such/model.gguf")
    for arguments in (("ask", "貿易代表處?"), ("serve", "--port", "0")):
        result = filled(*arguments, "--json")
        assert (result.code, result.out) == (3, "")
        assert "/no/such/model.gguf" in result.err


def test_taken_port_is_one_clear_line(filled: Cli) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        result = filled("serve", "--port", str(taken.getsockname()[1]))
    assert (result.code, result.out) == (2, "")
    assert "--port 0" in result.err


def test_closed_pipe_is_no_traceback(tmp_path: Path) -> None:
    environment = os.environ | {"PYTHONUNBUFFERED": "1"}
    command = [sys.executable, "-c", "from ui.cli import main; main()", "--help"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, env=environment
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert b"Traceback" not in process.stderr.read()
