"""The API is what its description says: tried at random, and used by who knows nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import jsonschema_rs
import pytest

import newscite
from tests.test_mcp import QUESTION, SETTINGS
from tests.toy import ToyEmbedder
from ui.access import Accounts, passwords
from ui.serving import served

PATIENCE = 60.0
"""Seconds that a client waits: a busy machine is slow, not wrong."""

ROOT = Path(__file__).parent.parent
RATES = {"requests_per_minute": 10**6, "answers_per_minute": 10**6}
EXAMPLES = 5
"""For each operation; `--max-examples 100` by hand finds nothing either."""


@pytest.fixture
def address(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, str]]:
    """A server without a page, and an editor's token."""
    monkeypatch.setattr(passwords, "COST", 2**4)
    folder = shutil.copytree(built, tmp_path / "library")
    settings = newscite.Settings(**SETTINGS, api=RATES)
    with newscite.Library.open(folder, settings, ToyEmbedder()) as library:
        accounts = Accounts(folder)
        accounts.add_user("ann", "a long password", "editor")
        token = accounts.create_token("ann")[1]
        with served(library, "127.0.0.1", 0) as url:
            yield url, token


@pytest.mark.slow
def test_schemathesis_finds_nothing(address: tuple[str, str], tmp_path: Path) -> None:
    url, token = address
    command = [str(Path(sys.executable).with_name("schemathesis")), "--config-file"]
    command += [str(ROOT / "tests/data/schemathesis.toml"), "run", f"{url}api/v1/openapi.json"]
    command += ["--header", f"Authorization: Bearer {token}", "--max-examples", str(EXAMPLES)]
    done = subprocess.run([*command, "--no-color"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-5000:]


def test_no_client_empties_what_a_correction_leaves_out(address: tuple[str, str]) -> None:
    """Those made from the description send its defaults."""
    description = httpx.get(f"{address[0]}api/v1/openapi.json", timeout=PATIENCE).json()
    fields = description["components"]["schemas"]["Correction"]["properties"]
    assert "title" in fields and not any("default" in field for field in fields.values())


class Client:
    """What anybody could write who has only the text of the description."""

    def __init__(self, description: dict[str, Any], url: str, token: str) -> None:
        self._schemas = {"components": description["components"]}
        self._operations = {
            operation["operationId"]: (method, path, operation)
            for path, methods in description["paths"].items()
            for method, operation in methods.items()
        }
        (scheme,) = description["components"]["securitySchemes"].values()
        assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
        self._http = httpx.Client(
            base_url=url, headers={"Authorization": f"Bearer {token}"}, timeout=PATIENCE
        )

    def close(self) -> None:
        self._http.close()

    def call(self, name: str, body: Any = None, **parameters: str) -> Any:
        """Calls an operation; what is sent and what comes back is as it is described."""
        method, path, operation = self._operations[name]
        if body is not None:
            self._check(operation["requestBody"]["content"]["application/json"]["schema"], body)
        in_path = {one["name"] for one in operation.get("parameters", ()) if one["in"] == "path"}
        filled = path.format(**{key: parameters.pop(key) for key in in_path})
        answer = self._http.request(method, filled, json=body, params=parameters)
        described = operation["responses"][str(answer.status_code)]["content"]
        (kind,) = (kind for kind in described if answer.headers["content-type"].startswith(kind))
        if kind.endswith("json"):
            self._check(described[kind]["schema"], answer.json())
        return answer.json() if kind.endswith("json") else answer.text

    def _check(self, schema: Any, value: Any) -> None:
        jsonschema_rs.validate({**schema, **self._schemas}, value)


def test_a_client_written_from_the_description_works(address: tuple[str, str]) -> None:
    url, token = address
    description = httpx.get(f"{url}api/v1/openapi.json", timeout=PATIENCE).json()
    with closing(Client(description, url, token)) as client:
        use(client)


def use(client: Client) -> None:
    hits = client.call("search", {"question": QUESTION, "limit": 2, "languages": ["zh"]})["hits"]
    article = client.call("get", article_id=hits[0]["article_id"])
    assert article["text"][hits[0]["start"] : hits[0]["end"]] == hits[0]["text"]
    answer = client.call("ask", {"question": QUESTION, "history": []})
    assert answer["citations"] and client.call("status")["articles"] == 4
    assert "event: answer" in client.call("ask_stream", {"question": QUESTION})
    checked = client.call("check", {"claim": "Kazakhstan will close its trade office in Russia."})
    assert checked["claims"][0]["verdict"] == "supported" and checked["claims"][0]["for"]
    assert client.call("compare", {"question": QUESTION, "by": "language"})["groups"] is not None
    assert "events" in client.call("timeline", {"topic": QUESTION})
    text = "Tajikistan and Uzbekistan open a border crossing for lorries."
    assert client.call("add", {"articles": [{"text": text, "title": "Crossing"}]})["articles"] == 1
    assert client.call("list_articles", sort="title")["total"] == 5
    corrected = client.call("correct", {"outlet": "CNA"}, article_id=article["id"])
    assert corrected["outlet"] == "CNA"
    assert client.call("remove", article_id=article["id"])["articles"] == [article["id"]]
    assert client.call("get", article_id=article["id"])["status"] == 404
