"""The workflows for GitHub and the hooks before a commit: well formed, and what they run exists."""

from __future__ import annotations

import os
import re
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parent.parent
WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
TARGETS = re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"))


def workflow(file: Path) -> dict[Any, Any]:
    table: dict[Any, Any] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return table


def steps(file: Path) -> list[dict[str, Any]]:
    return [step for job in workflow(file)["jobs"].values() for step in job["steps"]]


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_has_what_github_asks_for(file: Path) -> None:
    table = workflow(file)
    assert table["name"] and table[True]  # YAML 1.1 reads the key "on" as true
    jobs = table["jobs"]
    for job in jobs.values():
        assert job["runs-on"] == "ubuntu-latest" and job["steps"]
        assert job.get("needs", next(iter(jobs))) in jobs
    for step in steps(file):
        assert ("run" in step) != ("uses" in step)
        assert "uses" not in step or re.fullmatch(r"[\w./-]+@[\w./]+", step["uses"])


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.name)
def test_what_a_workflow_runs_is_a_shell_script_and_its_targets_exist(file: Path) -> None:
    for script in (step["run"] for step in steps(file) if "run" in step):
        plain = re.sub(r"\$\{\{.*?\}\}", "value", script)
        subprocess.run(["bash", "-n", "-c", plain], check=True)
        for target in re.findall(r"make (?:[A-Z]+=\S+ )*([a-z]+)", plain):
            assert target in TARGETS


def test_every_python_that_is_promised_is_tested() -> None:
    tested = workflow(ROOT / ".github/workflows/ci.yml")["jobs"]["test"]["strategy"]["matrix"]
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["classifiers"]))
    assert tested["python"] == promised
    assert PROJECT["requires-python"] == f">={promised[0]}"


@pytest.mark.parametrize(("tag", "right"), [("v" + PROJECT["version"], True), ("v99.0", False)])
def test_a_release_is_built_only_of_the_version_it_is_tagged_with(tag: str, right: bool) -> None:
    named = steps(ROOT / ".github/workflows/release.yml")
    check = next(step["run"] for step in named if step.get("name") == "The tag is the version")
    environment = {**os.environ, "GITHUB_REF_NAME": tag}
    done = subprocess.run(["bash", "-e", "-c", check], cwd=ROOT, env=environment, check=False)
    assert (done.returncode == 0) is right


def test_the_hooks_run_what_make_check_runs() -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))
    entries = [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]]
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    check = makefile.split("check: $(DEV)", 1)[1].split("\n\n", 1)[0]
    tools = re.findall(r"\$\(BIN\)/(\w+(?: (?:check|format))?)", check)
    assert [re.match(r"\.venv/bin/(\w+(?: (?:check|format))?)", e)[1] for e in entries] == tools  # type: ignore[index]
