"""An LLM is loaded while the evidence is read."""

from __future__ import annotations

import threading
from types import SimpleNamespace
from typing import Any

import pytest

from index.errors import ModelError
from rag.llm.meanwhile import opened_meanwhile


def test_an_llm_is_loaded_while_something_else_is_done() -> None:
    loading, go_on = threading.Event(), threading.Event()

    def warm_up() -> None:
        loading.set()
        assert go_on.wait(10)

    llm: Any = SimpleNamespace(warm_up=warm_up)
    opened = opened_meanwhile(lambda: llm)
    assert loading.wait(10)  # without being waited for
    go_on.set()
    assert opened() is llm


def test_what_cannot_be_opened_is_said_when_it_is_needed() -> None:
    def opens() -> Any:
        raise ModelError("There is no model file.")

    opened = opened_meanwhile(opens)
    with pytest.raises(ModelError, match="no model file"):
        opened()


def test_what_cannot_be_loaded_is_said_by_who_asks_it() -> None:
    def warm_up() -> None:
        raise ModelError("Is it a whole GGUF file?")

    llm: Any = SimpleNamespace(warm_up=warm_up)
    assert opened_meanwhile(lambda: llm)() is llm


def test_where_there_is_none_nothing_is_loaded() -> None:
    assert opened_meanwhile(lambda: None)() is None
