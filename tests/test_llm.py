"""Every way to name an LLM, and what becomes of one that fails.

llama.cpp is the real one, in this process and over HTTP; hosted services are stood in for by a local
server that speaks their wire format.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.llms import LLM, ChatMessage

import newscite
from index.config import LLMSettings, Settings, load_settings
from index.embed.models import bundled
from index.errors import ConfigError, ModelError
from rag.llm.injections import inert
from rag.llm.llama_cpp import LlamaCpp
from rag.llm.opening import open_llm
from rag.llm.streaming import name_of, stream
from tests.conftest import ARTICLES
from tests.servers import Remote, Reply
from tests.toy import ToyEmbedder

QUESTION = "Why will Kazakhstan close its trade office?"
SAID = "Officials say the move saves money."
CAPITALS = [ChatMessage(content="Name the capitals of France, Italy and Spain.")]
HELLO = [ChatMessage(content="Hello?")]
PIECES = ("Officials say", " the move", " saves money.")


def events(*data: dict[str, Any]) -> str:
    return "".join(
        f"event: {each.get('type', 'message')}\ndata: {json.dumps(each)}\n\n" for each in data
    )


OPENAI = Reply(
    events(
        *(
            {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 1,
                "model": "m",
                "choices": [{"index": 0, "delta": {"role": "assistant", "content": piece}}],
            }
            for piece in PIECES
        )
    ).replace("event: message\n", "")
    + "data: [DONE]\n\n"
)
OLLAMA = Reply(
    "".join(
        json.dumps(
            {"model": "m", "message": {"role": "assistant", "content": piece}, "done": not piece}
        )
        + "\n"
        for piece in (*PIECES, "")
    )
)
ANTHROPIC = Reply(
    events(
        {
            "type": "message_start",
            "message": {
                "id": "1",
                "type": "message",
                "role": "assistant",
                "model": "m",
                "content": [],
                "stop_reason": None,
                "stop_sequence": None,
                "usage": {"input_tokens": 1, "output_tokens": 1},
            },
        },
        {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
        *(
            {
                "type": "content_block_delta",
                "index": 0,
                "delta": {"type": "text_delta", "text": piece},
            }
            for piece in PIECES
        ),
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 3},
        },
        {"type": "message_stop"},
    )
)
MODELS = Reply(json.dumps({"object": "list", "data": [{"id": "first"}, {"id": "second"}]}))
BUSY = Reply(json.dumps({"error": {"message": "try later"}}), 503)
HANGS = Reply(hangs=True)


def failure(status: int, message: str) -> Reply:
    return Reply(json.dumps({"error": {"message": message, "type": "error"}}), status)


@pytest.fixture
def remote() -> Iterator[Callable[..., Remote]]:
    """Starts a service with given replies."""
    started: list[Remote] = []

    def start(*replies: Reply) -> Remote:
        started.append(Remote(list(replies)).__enter__())
        return started[-1]

    yield start
    for each in started:
        each.__exit__()


@pytest.fixture(params=["openai", "ollama", "anthropic"])
def service(
    request: pytest.FixtureRequest,
    remote: Callable[..., Remote],
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., tuple[LLM, Remote]]:
    """An LLM of each kind of client, and the service that it asks. SAID is what the service answers."""
    kind: str = request.param
    good = {"openai": OPENAI, "ollama": OLLAMA, "anthropic": ANTHROPIC}[kind]

    def open_(*replies: Reply | None, **settings: Any) -> tuple[LLM, Remote]:
        server = remote(*(reply or good for reply in replies))
        monkeypatch.setenv("SECRET", "sesame")
        options: dict[str, Any] = {"timeout_seconds": 0.5, "retries": 1, **settings}
        if kind == "openai":
            options |= {"model": f"{server.url}/v1", "name": "m", "api_key_env": "SECRET"}
        elif kind == "ollama":
            options |= {"model": "ollama:m:8b", "options": {"base_url": server.url}}
        else:
            options |= {"model": "anthropic:claude-sonnet-5", "api_key_env": "SECRET"}
            options |= {"options": {"base_url": server.url}}
        llm = open_llm(LLMSettings(**options))
        assert llm is not None
        return llm, server

    return open_


def closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


# Names


def test_none_is_no_llm_and_auto_is_none_where_none_is_installed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert open_llm(LLMSettings(model="none")) is None
    monkeypatch.setattr(bundled, "_wheel_file", lambda wheel, name: None)
    assert open_llm(LLMSettings()) is None


@pytest.mark.parametrize("model", ["gpt", "openrouter:x/y", "ollama:", "a/b/c", "os.path"])
def test_a_name_that_means_nothing_is_refused(model: str) -> None:
    with pytest.raises(ConfigError, match=r"llm\.model is"):
        open_llm(LLMSettings(model=model))


def test_a_missing_and_a_broken_model_file_are_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no model file .*gone\.gguf"):
        open_llm(LLMSettings(model=str(tmp_path / "gone.gguf")))
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + b"\0" * 500)
    llm = open_llm(LLMSettings(model=str(broken)))
    assert llm is not None
    with pytest.raises(ModelError, match=r"could not load .*broken\.gguf.*whole GGUF file"):
        "".join(stream(llm, HELLO))


def test_any_class_of_llama_index_by_its_name(remote: Callable[..., Remote]) -> None:
    server = remote(OLLAMA)
    llm = open_llm(
        LLMSettings(
            model="llama_index.llms.ollama.Ollama",
            name="qwen",
            options={"base_url": server.url, "request_timeout": 5.0, "context_window": 2048},
        )
    )
    assert llm is not None
    assert "".join(stream(llm, HELLO)) == SAID
    assert server.asked[0].body["model"] == "qwen"
    assert server.asked[0].body["options"]["num_ctx"] == 2048


def test_what_is_wrong_with_a_class_or_its_options_is_said() -> None:
    with pytest.raises(ModelError, match="pip install llama-index-llms-nowhere"):
        open_llm(LLMSettings(model="llama_index.llms.nowhere.Nowhere"))
    with pytest.raises(ConfigError, match="no LLM class"):
        open_llm(LLMSettings(model="llama_index.core.llms.ChatMessage"))
    with pytest.raises(ConfigError, match="context_window"):
        open_llm(
            LLMSettings(
                model="llama_index.llms.ollama.Ollama",
                name="m",
                options={"context_window": "wide"},
            )
        )


def test_a_claude_that_the_client_does_not_know_is_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sesame")
    with pytest.raises(ConfigError, match=r"know the model claude-9.*--upgrade"):
        open_llm(LLMSettings(model="anthropic:claude-9"))


# Keys


def test_keys_come_from_the_environment_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for variable, model in (("OPENAI_API_KEY", "openai:m"), ("ANTHROPIC_API_KEY", "anthropic:m")):
        monkeypatch.delenv(variable, raising=False)
        with pytest.raises(ConfigError, match=variable):
            open_llm(LLMSettings(model=model))
    monkeypatch.delenv("MINE", raising=False)
    with pytest.raises(ConfigError, match="MINE"):
        open_llm(LLMSettings(model="http://127.0.0.1:1/v1", api_key_env="MINE"))
    config = tmp_path / "config.toml"
    config.write_text('[llm]\napi_key = "sesame"\n')
    with pytest.raises(ConfigError, match=r"llm\.api_key"):
        load_settings(config)


def test_the_key_is_sent_to_the_service_it_is_for(
    service: Callable[..., tuple[LLM, Remote]], request: pytest.FixtureRequest
) -> None:
    llm, server = service(None)
    assert "".join(stream(llm, HELLO)) == SAID
    (asked,) = server.asked
    kind = request.node.callspec.params["service"]
    if kind == "openai":
        assert asked.path == "/v1/chat/completions"
        assert asked.headers["authorization"] == "Bearer sesame"
    elif kind == "anthropic":
        assert asked.path == "/v1/messages"
        assert asked.headers["x-api-key"] == "sesame"
    else:
        assert asked.path == "/api/chat"
        assert "sesame" not in str(asked)


# What is asked, and what goes wrong


def test_the_settings_reach_the_service(service: Callable[..., tuple[LLM, Remote]]) -> None:
    llm, server = service(None, max_tokens=77, temperature=0.25)
    list(stream(llm, HELLO))
    body = server.asked[0].body
    sent = {**body, **body.get("options", {})}
    if "claude" not in body["model"]:  # the newest ones take none
        assert sent["temperature"] == 0.25
    assert 77 in (sent.get("max_tokens"), sent.get("num_predict"))
    assert body["messages"][-1]["role"] == "user"


def limit_of(body: dict[str, Any]) -> int | None:
    """The most tokens that a request asks a service for."""
    sent = {**body, **body.get("options", {})}
    names = ("max_tokens", "max_completion_tokens", "num_predict")
    (limit,) = [sent[name] for name in names if name in sent] or [None]
    return limit


def test_one_reply_can_be_limited_further(service: Callable[..., tuple[LLM, Remote]]) -> None:
    llm, server = service(None, max_tokens=300)
    assert "".join(stream(llm, HELLO, max_tokens=9)) == SAID
    assert "".join(stream(llm, HELLO)) == SAID
    assert [limit_of(asked.body) for asked in server.asked] == [9, 300]


def test_one_reply_of_a_server_without_a_named_model_too(remote: Callable[..., Remote]) -> None:
    server = remote(MODELS, OPENAI)
    llm = open_llm(LLMSettings(model=f"{server.url}/v1"))
    assert llm is not None
    list(stream(llm, HELLO, max_tokens=9))
    assert limit_of(server.asked[-1].body) == 9


@pytest.mark.parametrize(
    ("model", "reply", "options"),
    [
        ("openai:gpt-5-mini", OPENAI, {}),
        ("ollama:qwen3", OLLAMA, {"thinking": True}),
        (
            "anthropic:claude-opus-4-1",
            ANTHROPIC,
            {"thinking_dict": {"type": "enabled", "budget_tokens": 1024}},
        ),
    ],
)
def test_a_model_that_thinks_first_has_room_to(
    model: str,
    reply: Reply,
    options: dict[str, Any],
    remote: Callable[..., Remote],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    server = remote(reply)
    monkeypatch.setenv("SECRET", "sesame")
    place = {"api_base" if model.startswith("openai") else "base_url": server.url}
    key = "" if model.startswith("ollama") else "SECRET"
    llm = open_llm(
        LLMSettings(model=model, max_tokens=2000, api_key_env=key, options={**place, **options})
    )
    assert llm is not None
    list(stream(llm, HELLO, max_tokens=9))
    assert limit_of(server.asked[-1].body) == 2000


def test_a_service_that_is_busy_is_asked_again(
    service: Callable[..., tuple[LLM, Remote]],
) -> None:
    llm, server = service(BUSY, None)
    assert "".join(stream(llm, HELLO)) == SAID
    assert len(server.asked) == 2


@pytest.mark.parametrize(
    ("reply", "asked", "cure"),
    [
        (failure(401, "bad key"), 1, r"bad key.*llm\.api_key_env"),
        (failure(404, "no such model"), 1, r"no such model.*llm\.name"),
        (failure(500, "out of memory"), 2, r"out of memory.*the server"),
        (failure(429, "slow down"), 2, r"slow down.*llm\.retries"),
        (failure(400, "exceeds the context size"), 1, r"answer\.evidence_tokens"),
        (HANGS, 2, r"llm\.timeout_seconds"),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Reply) else None,
)
def test_a_failure_names_its_cure(
    service: Callable[..., tuple[LLM, Remote]], reply: Reply, asked: int, cure: str
) -> None:
    llm, server = service(reply)
    with pytest.raises(ModelError, match=cure) as raised:
        list(stream(llm, HELLO))
    assert len(server.asked) == asked
    assert 'llm.model = "none"' in str(raised.value)
    assert "sesame" not in str(raised.value)


def test_a_service_that_is_down_is_said_to_be(
    service: Callable[..., tuple[LLM, Remote]],
) -> None:
    llm, server = service(None)
    server.__exit__()
    with pytest.raises(ModelError, match="Is the server running"):
        list(stream(llm, HELLO))


def test_a_server_without_a_named_model_is_asked_for_its_first(
    remote: Callable[..., Remote],
) -> None:
    server = remote(BUSY, MODELS, OPENAI)
    llm = open_llm(LLMSettings(model=f"{server.url}/v1"))
    assert llm is not None
    assert server.asked == []  # nothing yet: the server may be down
    with pytest.raises(ModelError, match=r"/v1/models.*llm\.name"):
        list(stream(llm, HELLO))
    assert "".join(stream(llm, HELLO)) == SAID  # it came up meanwhile
    assert server.asked[-1].body["model"] == "first"
    assert name_of(llm) == "first"


@pytest.mark.parametrize("trouble", ["down", "refused", "hangs"])
def test_an_answer_has_its_evidence_whatever_becomes_of_the_llm(
    trouble: str, remote: Callable[..., Remote], tmp_path: Path
) -> None:
    where = f"http://127.0.0.1:{closed_port()}"
    if trouble != "down":
        where = remote(failure(401, "bad key") if trouble == "refused" else HANGS).url
    settings = Settings(
        llm=LLMSettings(model=f"{where}/v1", timeout_seconds=0.3, retries=0),
        answer={"abstain_below": 0},  # type: ignore[arg-type]
    )
    with newscite.Library.open(tmp_path / "library", settings, ToyEmbedder()) as library:
        library.add_articles(ARTICLES)
        answer = library.ask(QUESTION)
    assert answer.llm == "extractive"
    assert answer.citations
    assert answer.hits
    (note,) = answer.notes
    assert f"{where}/v1" in note


def test_chat_markup_loses_its_force_and_nothing_else() -> None:
    for token in ("<|im_start|>", "</s>", "[INST]", "<start_of_turn>", "<｜end▁of▁sentence｜>"):
        assert inert(f"a{token}b") == f"a{token[0]} {token[1:]}b"
    for text in ("a < b | c > d", "[1] <b>bold</b>", "5 <| 6"):
        assert inert(text) == text


# llama.cpp


@pytest.mark.llm
@pytest.mark.slow
def test_llama_cpp_over_http_as_any_server(llm_server: str, offline_llm: LlamaCpp) -> None:
    llm = open_llm(LLMSettings(model=f"{llm_server}/v1", max_tokens=24, retries=0))
    assert llm is not None
    pieces = list(stream(llm, CAPITALS))
    assert len(pieces) > 3
    assert "Paris" in "".join(pieces)
    assert name_of(llm) == offline_llm.path.stem
    closed = stream(llm, CAPITALS)
    next(closed)
    closed.close()  # type: ignore[attr-defined]
    assert list(stream(llm, HELLO))
    with pytest.raises(ModelError, match=r"exceeds the available context.*answer\.evidence_tokens"):
        list(stream(llm, [ChatMessage(content="hello " * 5000)]))


class Counting:
    """A llama.cpp server, counting the pieces it hands over."""

    def __init__(self, server: Any) -> None:
        self._server = server
        self.pieces = 0

    def handle_chat_completions(self, request: Any, *receive: Callable[[Any], bool]) -> Any:
        def counted(piece: Any) -> bool:
            self.pieces += 1
            return receive[0](piece)

        return self._server.handle_chat_completions(request, *([counted] if receive else []))


@pytest.mark.llm
@pytest.mark.slow
def test_llama_cpp_in_process_streams_stops_and_says_how_long_is_too_long(
    offline_llm: LlamaCpp, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = Counting(offline_llm._server)
    monkeypatch.setitem(offline_llm.__pydantic_private__ or {}, "_loaded", counting)
    pieces = stream(offline_llm, [ChatMessage(content="Count from 1 to 100.")], max_tokens=100)
    next(pieces)
    pieces.close()  # type: ignore[attr-defined]
    assert "".join(stream(offline_llm, [ChatMessage(content="Say: yes")], max_tokens=2))
    assert counting.pieces < 30
    with pytest.raises(ModelError, match=r"50\d\d tokens, the LLM reads 4096.*llm\.context_tokens"):
        list(stream(offline_llm, [ChatMessage(content="hello " * 5000)]))


@pytest.mark.llm
@pytest.mark.slow
def test_how_sure_llama_cpp_is_of_yes(offline_llm: LlamaCpp) -> None:
    ask = "Reply only yes or no. Is {} a country?"
    yes, no = (
        offline_llm.yes_probability([ChatMessage(content=ask.format(what))], "yes", "no")
        for what in ("Kazakhstan", "butter")
    )
    assert no < 0.5 < yes


@pytest.mark.llm
@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="Linux tells of sockets there")
def test_llama_cpp_opens_no_port(offline_llm: LlamaCpp) -> None:
    before = listening()
    llm = LlamaCpp(path=offline_llm.path, context_tokens=1024)
    assert llm.chat(HELLO, max_tokens=1).message.content
    assert listening() == before
    address = llm._server.listening_address
    assert address.startswith("unix://")
    assert not Path(address.removeprefix("unix://")).parent.exists()


def listening() -> set[str]:
    """Addresses that this process listens on."""
    mine = set()
    for file in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            mine.add(str(file.readlink()))
    lines = [
        line.split()
        for name in ("tcp", "tcp6")
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]
    ]
    return {line[1] for line in lines if line[3] == "0A" and f"socket:[{line[9]}]" in mine}


def test_threads_sleep_while_they_wait_for_each_other() -> None:
    """Beside other work, threads that spin take more than twenty times as long for a reply."""
    assert os.environ["OMP_WAIT_POLICY"] == "PASSIVE"
