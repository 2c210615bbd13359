"""Nothing leaves this machine unless somebody names a url: no library that newscite uses reports home."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LISTENER = """
import os, sys
def listen(event, arguments):
    host = None
    if event == "socket.connect" and isinstance(arguments[1], tuple):
        host = arguments[1][0]
    elif event == "socket.getaddrinfo":
        host = arguments[0]
    if host not in (None, "", "localhost", "127.0.0.1", "::1"):
        with open(os.environ["REACHED"], "a") as reached:
            reached.write(f"{host}\\n")
sys.addaudithook(listen)
"""
"""Python imports it at its start, in processes of processes too; a forked one keeps the hook."""


@pytest.mark.slow
def test_no_command_reaches_beyond_this_machine(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(LISTENER, encoding="utf-8")
    reached = tmp_path / "reached"
    environment = {
        **os.environ,
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "REACHED": str(reached),
        "CI": "",
        "NEWSCITE_LLM__MODEL": "none",
    }
    place = ["--library", str(tmp_path / "library")]
    commands = (
        ["add", str(ROOT / "seeds"), *place],
        ["search", "哈薩克 貿易", *place],
        ["ask", "哈薩克為何關閉貿易辦事處？", *place],
        ["timeline", "Kazakhstan trade office", *place],
        ["check", "Kazakhstan closed its trade office.", *place],
        ["doctor", *place],
    )
    for command in commands:
        done = subprocess.run(
            [sys.executable, "-c", "from ui.cli import main; main()", *command], cwd=tmp_path, env=environment,
            capture_output=True, text=True,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    beyond = "import contextlib, socket\nwith contextlib.suppress(OSError):\n    socket.create_connection(('192.0.2.1', 9), 0.1)"
    subprocess.run([sys.executable, "-c", beyond], env=environment, check=True)
    assert set(reached.read_text(encoding="utf-8").split()) == {"192.0.2.1"}, "the listener listens"
