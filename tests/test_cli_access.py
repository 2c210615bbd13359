"""The commands user and token, and the server without a page."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.test_cli import ROOT, Cli, cli, filled  # noqa: F401  # fixtures
from tests.test_mcp import WITH_THE_TOY
from ui.access import Accounts, passwords


@pytest.fixture(autouse=True)
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "COST", 2**4)


def test_users_and_tokens_are_made_listed_and_ended(cli: Cli, tmp_path: Path) -> None:  # noqa: F811
    assert cli("user", "list").out == "No users yet.\n"
    assert cli("user", "add", "ann", "--role", "editor", stdin="a long password\n").code == 0
    assert [user["name"] for user in cli("user", "list", "--json").json["users"]] == ["ann"]
    made = cli("token", "create", "ann", "--role", "reader")
    accounts = Accounts(tmp_path / "library")
    user = accounts.user_of(made.out.strip())
    assert user is not None and not user.may_edit and "this once" in made.err
    token = cli("token", "list", "--json").json["tokens"][0]["id"]
    assert cli("token", "withdraw", token).code == 0
    assert accounts.user_of(made.out.strip()) is None
    assert cli("user", "remove", "ann").code == 0
    assert cli("user", "remove", "ann").code == 2


@pytest.mark.slow
def test_serve_without_page_answers_until_it_is_stopped(built: Path) -> None:
    command = [sys.executable, "-c", WITH_THE_TOY, "serve", "--no-page", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(
        [*command, "--library", str(built)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None and server.stderr is not None
        url = server.stdout.readline().split()[3]
        assert httpx.get(f"{url}api/v1/status").json()["articles"] == 4
        foreign = {"Host": "evil.example"}
        assert httpx.get(f"{url}api/v1/status", headers=foreign).status_code == 421
        assert httpx.get(url).status_code == 404
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
        assert server.stderr.read() == ""


def test_beyond_this_machine_a_server_without_users_is_refused(filled: Cli) -> None:  # noqa: F811
    result = filled("serve", "--no-page", "--host", "0.0.0.0", "--port", "0")  # noqa: S104
    assert (result.code, result.out) == (2, "")
