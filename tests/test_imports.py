"""Who may import whom, and that importing newscite is cheap and does nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FORBIDDEN = {"index": {"rag", "ui", "newscite"}, "rag": {"ui", "newscite"}}
ONLY_IN = {"gradio": {"ui/chat.py"}}
HEAVY = ("torch", "transformers", "sentence_transformers", "llama_index", "gradio", "xllamacpp")


def imported(file: Path) -> set[str]:
    """The top-level names a file imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{file} imports relatively"
            names.add(node.module.split(".")[0])
    return names


MODULES = sorted((*ROOT.glob("index/**/*.py"), *ROOT.glob("rag/**/*.py"), *ROOT.glob("ui/**/*.py")))


@pytest.mark.parametrize("file", MODULES, ids=lambda file: str(file.relative_to(ROOT)))
def test_import_rule(file: Path) -> None:
    where = file.relative_to(ROOT)
    names = imported(file)
    assert not names & FORBIDDEN.get(where.parts[0], set())
    for name, files in ONLY_IN.items():
        assert name not in names or where.as_posix() in files


def test_import_loads_nothing_heavy_and_prints_nothing() -> None:
    code = (
        "import sys; before = dict(__import__('os').environ); import newscite; "
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]; "
        "assert not loaded, loaded; assert dict(__import__('os').environ) == before"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys; from ui.cli import main; sys.argv = ['newscite', '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"loaded = [name for name in {(*HEAVY, 'numpy', 'faiss')!r} if name in sys.modules]\n"
        "assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "search" in done.stdout
