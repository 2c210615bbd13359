"""The wheel is whole: sub-packages, words, weights and styles are in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
RUN = "import index; from ui.cli import main; assert {site!r} in index.__file__; main()"


@pytest.mark.slow
def test_what_is_installed_from_the_wheel_adds_and_searches(tmp_path: Path) -> None:
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    source, built, site = tmp_path / "source", tmp_path / "built", tmp_path / "site"
    source.mkdir()  # building leaves files beside the code
    for name in ("pyproject.toml", "README.md", "LICENSE", "newscite.py"):
        shutil.copy(ROOT / name, source)
    for name in ("index", "rag", "ui"):
        shutil.copytree(ROOT / name, source / name)
    subprocess.run([*pip, "wheel", "--no-deps", "-w", built, source], check=True, cwd=tmp_path)
    (wheel,) = built.iterdir()
    subprocess.run([*pip, "install", "--no-deps", "--target", site, wheel], check=True)
    environment = {**os.environ, "PYTHONPATH": str(site)}
    command = [sys.executable, "-c", RUN.format(site=str(site))]

    def newscite(*arguments: str) -> str:
        done = subprocess.run(
            [*command, *arguments], env=environment, cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    assert "search" in newscite("--help")
    newscite("add", str(ROOT / "seeds"), "--library", "mine")
    assert "貿易代表處" in newscite("search", "Kazakhstan trade office", "--library", "mine")
    environment["NEWSCITE_LLM__MODEL"] = "none"
    question = "哈薩克斯坦駐俄貿易代表處關閉前存續了多少年?"
    assert "31" in newscite("ask", question, "--library", "mine")  # read by the reader's weights
