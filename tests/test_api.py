"""The HTTP API: what it answers, to whom, how it refuses, and that its description is true."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import anyio
import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel

import newscite
from index.config import ApiSettings, load_settings
from index.errors import LibraryError, ModelError
from rag.answer.ask import Draft
from tests.toy import ToyEmbedder
from ui.access import Accounts, passwords
from ui.api import asking, schemas
from ui.api.app import PREFIX, make_api
from ui.api.callers import Gate

CLAIM = "Kazakhstan will close its trade office in Russia."
QUESTION = "為什麼哈薩克關閉駐俄貿易代表處?"

Api = Callable[..., TestClient]


@pytest.fixture
def served(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[newscite.Library]:
    """The library of the four articles, with the toy embedder and no LLM."""
    for module in ("compare", "findings"):  # a toy has no background to be near
        monkeypatch.setattr(f"rag.analysis.{module}.ON_SUBJECT", -10.0)
    settings = load_settings(None, llm={"model": "none"}, answer={"abstain_below": 0})
    folder = shutil.copytree(built, tmp_path / "library")
    with newscite.Library.open(folder, settings, ToyEmbedder()) as library:
        yield library


@pytest.fixture
def api(served: newscite.Library) -> Api:
    """A client of the library's API."""

    def client(token: str = "", *, login: bool = False, **limits: int) -> TestClient:
        settings = ApiSettings(**limits)
        served.settings = served.settings.model_copy(update={"api": settings})
        app = make_api(served, Gate(Accounts(served.path), settings, login=login))
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return TestClient(
            app, f"http://test{PREFIX}", headers=headers, raise_server_exceptions=False
        )

    return client


@pytest.fixture
def tokens(served: newscite.Library, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """A reader's token and an editor's."""
    monkeypatch.setattr(passwords, "COST", 2**4)
    accounts = Accounts(served.path)
    made = {}
    for role in ("reader", "editor"):
        accounts.add_user(role, "a long password", role)
        made[role] = accounts.create_token(role)[1]
    return made


def test_search_gives_what_python_gives(api: Api, served: newscite.Library) -> None:
    body = {"question": QUESTION, "limit": 2, "languages": ["zh"], "published_after": "2023"}
    answered = api().post("search", json=body).json()
    found = served.search(QUESTION, 2, languages=["zh"], published_after="2023").to_dict()
    assert answered | {"seconds": 0} == found | {"seconds": 0}
    assert [hit["file"] for hit in answered["hits"]] == ["a.txt"]


def test_every_quote_stands_in_the_article_where_it_says(api: Api) -> None:
    client = api()
    answer = client.post("ask", json={"question": QUESTION}).json()
    assert answer["citations"] and not answer["abstained"]
    for cited in answer["citations"]:
        article = client.get(f"articles/{cited['article_id']}").json()
        assert article["text"][cited["start"] : cited["end"]] == cited["quote"]


def test_follow_ups_compare_and_timeline(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("rag.analysis.timeline.NEAR_TOPIC", -10.0)
    client = api()
    history = [{"question": QUESTION, "answer": "為了節省開支。"}]
    followed = client.post("ask", json={"question": "那俄方呢?", "history": history}).json()
    assert followed["asked"] != "那俄方呢?"
    compared = client.post("compare", json={"question": QUESTION, "by": "language", "most": 2})
    assert len(compared.json()["groups"]) == 2
    assert client.post("timeline", json={"topic": "铁路"}).json()["events"]


def events(text: str) -> list[tuple[str, Any]]:
    """Name and data of server-sent events."""
    sent = [block.split("\n") for block in text.strip().split("\n\n")]
    return [
        (name.removeprefix("event: "), json.loads(data.removeprefix("data: ")))
        for name, data in sent
    ]


def test_the_stream_ends_with_what_ask_answers(api: Api) -> None:
    client = api()
    streamed = client.post("ask/stream", json={"question": QUESTION})
    assert streamed.headers["content-type"].startswith("text/event-stream")
    sent = events(streamed.text)
    assert sent[0][0] == "evidence"
    name, answer = sent[-1]
    again = client.post("ask", json={"question": QUESTION}).json()
    assert name == "answer" and answer["sentences"] == again["sentences"]


def test_a_failure_on_the_way_is_the_streams_last_event_and_the_generator_is_closed() -> None:
    closed: list[bool] = []

    def failing() -> Generator[Any, None, None]:
        try:
            yield Draft("so far")
            raise ModelError("No model. Install one.")
        finally:
            closed.append(True)

    async def read() -> str:
        stream = failing()
        return "".join([sent async for sent in asking._streamed(next(stream), stream)])

    sent = events(anyio.run(read))
    assert [name for name, _ in sent] == ["draft", "error"]
    assert sent[-1][1]["detail"] == "No model. Install one." and closed


def test_leaving_a_stream_stops_the_generator() -> None:
    closed: list[bool] = []

    def endless() -> Generator[Any, None, None]:
        try:
            while True:
                yield Draft("more")
        finally:
            closed.append(True)

    async def leave() -> None:
        stream = endless()
        sent = asking._streamed(next(stream), stream)
        await anext(sent)
        await sent.aclose()  # type: ignore[attr-defined]  # it is an async generator

    anyio.run(leave)
    assert closed


def test_articles_are_added_read_and_removed(api: Api) -> None:
    client = api()
    text = "Uzbekistan opens a railway museum in Tashkent. Entry is free on Sundays."
    markup = "<p>Kyrgyzstan counts its glaciers again this year.</p><script>alert(1)</script>"
    sent = [
        {"text": text, "title": "Museum", "tags": ["culture"], "metadata": {"desk": 7}},
        {"html": markup, "outlet": "24.kg"},
        {"title": "nothing else"},
    ]
    added = client.post("articles", json={"articles": sent})
    assert added.status_code == 201 and added.json()["articles"] == 2
    (rejected,) = added.json()["rejected"]
    assert (rejected["source"], rejected["reason"]) == ("sent:3", "An article without text.")
    assert not rejected["article_ids"]
    ids = {entry["source"]: entry["article_ids"] for entry in added.json()["added"]}
    assert list(ids) == ["sent:1", "sent:2"]
    again = client.post(
        "articles", json={"articles": [*sent[1::-1], {"text": "A new one."}]}
    ).json()
    assert [entry["article_ids"] for entry in again["skipped"]] == [ids["sent:2"], ids["sent:1"]]
    assert [entry["source"] for entry in again["added"]] == ["sent:3"]
    found = client.post("search", json={"question": "railway museum", "tags": ["culture"]}).json()
    (hit,) = found["hits"]
    article = client.get(f"articles/{ids['sent:1'][0]}").json()
    assert (
        article["id"] == hit["article_id"]
        and article["text"] == text
        and article["metadata"]["desk"] == 7
    )
    assert client.delete(f"articles/{hit['article_id']}").json()["articles"] == [article["id"]]
    for method in ("get", "delete"):
        assert client.request(method, f"articles/{article['id']}").status_code == 404


def test_articles_are_listed_by_filters_words_and_order(api: Api) -> None:
    client = api()
    first = client.get("articles", params={"sort": "title", "descending": False, "limit": 2}).json()
    rest = client.get(
        "articles", params={"sort": "title", "descending": False, "limit": 2, "offset": 2}
    ).json()
    assert first["total"] == 4 and len({row["id"] for row in first["rows"] + rest["rows"]}) == 4
    chosen = {"languages": ["zh", "en"], "published_after": "2023", "words": "Kazakhstan"}
    assert [row["outlet"] for row in client.get("articles", params=chosen).json()["rows"]] == [
        "Reuters"
    ]
    assert client.get("articles", params={"language": "zh"}).status_code == 422


def test_an_article_is_set_right_by_hand(api: Api, tokens: dict[str, str]) -> None:
    client = api(tokens["editor"])
    row = client.get("articles", params={"words": "Reuters"}).json()["rows"][0]
    right = {"outlet": "Reuters Asia", "country": "KZ", "tags": ["trade"]}
    assert client.patch(f"articles/{row['id']}", json=right).json()["outlet"] == "Reuters Asia"
    (now,) = client.get(
        "articles", params={"countries": ["KZ"], "outlets": ["Reuters Asia"]}
    ).json()["rows"]
    assert now["corrected"] == ["country", "outlet", "tags"] and now["tags"] == ["trade"]
    assert client.patch(f"articles/{row['id']}", json={}).status_code == 422
    assert client.patch(f"articles/{row['id']}", json={"published": "soon"}).status_code == 422
    assert client.patch("articles/nosuch", json=right).status_code == 404
    reader = api(tokens["reader"])
    assert reader.patch(f"articles/{row['id']}", json=right).status_code == 403


def test_status_shows_no_path(api: Api, tmp_path: Path) -> None:
    state = api().get("status").json()
    assert state["articles"] == 4 and state["embedder"] == "toy"
    assert str(tmp_path) not in json.dumps(state)


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "cure"),
    [
        ("POST", "search", {"question": "  "}, 422, "Ask something"),
        ("POST", "ask", {"question": "x", "published_after": "yesterday"}, 422, "2023-03-01"),
        ("POST", "ask/stream", {"question": "?"}, 422, "Ask something"),
        ("POST", "ask", {"question": "x", "outlet": ["typo"]}, 422, "openapi.json"),
        ("POST", "ask", {"question": "\ud800"}, 422, "openapi.json"),
        ("POST", "compare", {"question": "x", "by": "colour"}, 422, "openapi.json"),
        ("POST", "articles", {"articles": []}, 422, "openapi.json"),
        ("GET", "articles/nosuch", None, 404, "may have been removed"),
        ("GET", "nosuch", None, 404, "openapi.json"),
        ("DELETE", "search", None, 405, "openapi.json"),
    ],
)
def test_what_is_wrong_is_a_problem_that_names_the_cure(
    api: Api, method: str, path: str, body: Any, status: int, cure: str
) -> None:
    content = None if body is None else json.dumps(body).encode()
    refused = api().request(
        method, path, content=content, headers={"Content-Type": "application/json"}
    )
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert (refused.status_code, problem["status"]) == (status, status)
    assert problem["type"].startswith("urn:newscite:problem:") and problem["title"]
    assert cure in problem["detail"]


@pytest.mark.parametrize(
    ("error", "status", "detail"),
    [(LibraryError("Locked. Wait."), 503, "Locked. Wait."), (ZeroDivisionError("secret"), 500, "")],
)
def test_what_fails_is_a_problem_and_faults_tell_no_details(
    api: Api,
    served: newscite.Library,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    status: int,
    detail: str,
) -> None:
    def fail(*_: Any, **__: Any) -> None:
        raise error

    monkeypatch.setattr(served, "search", fail)
    failed = api().post("search", json={"question": "x"})
    assert failed.status_code == status and detail in failed.json()["detail"]
    assert "secret" not in failed.text


def test_with_users_a_token_is_wanted_and_readers_change_nothing(
    api: Api, tokens: dict[str, str]
) -> None:
    sent = {"articles": [{"text": "Tajikistan exports more electricity than last year."}]}
    for client, status in (
        (api(), 401),
        (api("newscite_guessed"), 401),
        (api(tokens["reader"]), 403),
        (api(tokens["editor"]), 201),
    ):
        refused = client.post("articles", json=sent)
        assert refused.status_code == status
        if status == 401:
            assert refused.headers["www-authenticate"].startswith("Bearer")
            assert "newscite token create" in refused.json()["detail"]
    assert api(tokens["reader"]).post("search", json={"question": "x"}).status_code == 200


def test_beyond_this_machine_a_token_is_wanted_even_without_users(api: Api) -> None:
    assert api(login=True).get("status").status_code == 401


def test_a_withdrawn_token_is_refused_at_once(
    api: Api, tokens: dict[str, str], served: newscite.Library
) -> None:
    client = api(tokens["reader"])
    assert client.get("status").status_code == 200
    accounts = Accounts(served.path)
    for token in accounts.tokens():
        accounts.withdraw_token(token.id)
    assert client.get("status").status_code == 401


def test_rates_are_limited_by_user_and_say_when_to_go_on(api: Api, tokens: dict[str, str]) -> None:
    client = api(tokens["reader"], requests_per_minute=4, answers_per_minute=2)
    asked = [client.post("ask", json={"question": "x"}) for _ in range(3)]
    assert [one.status_code for one in asked] == [200, 200, 429]
    wait = int(asked[-1].headers["retry-after"])
    assert wait > 0 and f"Wait {wait} seconds" in asked[-1].json()["detail"]
    assert [client.get("status").status_code for _ in range(2)] == [200, 429]


def test_who_does_not_send_json_is_told_how(api: Api) -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    refused = api().post("search", content=b'{"question": "x"}', headers=form)
    assert refused.status_code == 422
    assert "Content-Type: application/json" in refused.json()["detail"]
    wrong = api().post("search", json={"question": 1}).json()["detail"]
    assert "Content-Type" not in wrong


def test_guessing_tokens_is_limited(api: Api, tokens: dict[str, str]) -> None:
    client = api("newscite_guessed")
    assert {client.get("status").status_code for _ in range(30)} == {401, 429}


def test_a_request_that_is_too_large_is_refused_however_it_is_sent(api: Api) -> None:
    client = api(max_request_mb=1)
    large = json.dumps({"question": "x" * 1_500_000}).encode()
    pieces = (large[at : at + 1000] for at in range(0, len(large), 1000))
    for content in (large, pieces):
        refused = client.post("search", content=content)
        assert refused.status_code == 413 and "send less" in refused.json()["detail"]


@pytest.mark.parametrize(
    "name",
    ["Hits", "Answer", "FactCheck", "Comparison", "Timeline", "Status", "Article", "Listing"],
)
def test_the_description_names_every_field_that_is_sent(
    api: Api, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("rag.analysis.timeline.NEAR_TOPIC", -10.0)
    client = api()
    hits = client.post("search", json={"question": QUESTION}).json()
    sent = {
        "Hits": lambda: hits,
        "Answer": lambda: client.post("ask", json={"question": QUESTION}).json(),
        "FactCheck": lambda: client.post("check", json={"claim": CLAIM}).json(),
        "Comparison": lambda: client.post("compare", json={"question": QUESTION}).json(),
        "Timeline": lambda: client.post("timeline", json={"topic": "铁路"}).json(),
        "Status": lambda: client.get("status").json(),
        "Listing": lambda: client.get("articles").json(),
        "Article": lambda: client.get(f"articles/{hits['hits'][0]['article_id']}").json(),
    }[name]()
    described: BaseModel = getattr(schemas, name).model_validate(sent)
    assert described.model_dump(mode="json").keys() >= sent.keys()
