"""Parts of the page and the API by themselves: what is escaped, what is refused, what is reported."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import anyio
import pytest
from pydantic import ValidationError

from index.config import EmbedderSettings, LLMSettings, Settings
from index.errors import InputError, LibraryError, ModelError
from index.library import Library
from rag.retrieve.reporting import ON_SUBJECT_KEY, SPREAD, strength
from ui.api.problems import problem_of, unexpected
from ui.api.requests import NewArticle, Search, filters
from ui.doctor import examine
from ui.mcp.results import article
from ui.page.calls import Reader
from ui.page.draw.frame import SCRIPT_WORDS, bridge, empty
from ui.page.place import place
from ui.server.events import in_threads


def test_the_place_of_the_page_is_escaped_for_html() -> None:
    shown = place(Reader(), 'a"><script>', "t1")
    assert "<script>" not in shown
    shown_at = json.loads(html.unescape(re.sub(r"<[^>]*>", "", shown)))
    assert shown_at["conversation"] == 'a"><script>' and shown_at["turn"] == "t1"


@pytest.mark.parametrize("language", ["en", "zh-Hant", "zh-Hans", "ru"])
def test_the_script_has_all_its_words_in_every_language(language: str) -> None:
    reader = Reader(language=language)
    assert all(reader.say[name] for name in SCRIPT_WORDS)
    assert f'data-language="{language}"' in bridge(reader)


def test_only_who_may_edit_is_offered_to_add_articles() -> None:
    assert "nc-first-add" in empty(Reader(may_edit=True))
    assert "nc-first-add" not in empty(Reader(may_edit=False))


@pytest.mark.parametrize(
    ("error", "kind", "status"),
    [
        (InputError("Ask something."), "input", 422),
        (LibraryError("No library."), "library", 503),
        (ModelError("No model."), "model", 503),
    ],
)
def test_an_error_keeps_its_cure_in_the_problem(error: InputError, kind: str, status: int) -> None:
    problem = problem_of(error)
    assert (problem.status, problem.detail) == (status, str(error))
    assert problem.type.endswith(kind)


def test_a_fault_of_ours_shows_no_details() -> None:
    assert unexpected().status == 500 and "log" in unexpected().detail


def test_the_filters_of_a_request_are_those_given() -> None:
    body = Search(question="Why?", languages=["zh"], published_after="2022")  # type: ignore[call-arg]
    assert filters(body) == {"languages": ["zh"], "published_after": "2022"}
    with pytest.raises(ValidationError, match="outlet_names"):
        Search(question="Why?", outlet_names=["Reuters"])  # type: ignore[call-arg]
    with pytest.raises(ValidationError):
        NewArticle(metadata={f"{n}": n for n in range(101)})


def test_a_long_article_comes_in_parts(library: Library) -> None:
    given = next(library.articles())
    first = article(given, 0, 10)
    assert first["text"] == given.text[:10] and first["next_start"] == 10
    rest = article(given, 10, 10_000)
    assert rest["text"] == given.text[10:] and "next_start" not in rest
    assert first["address"] == f"newscite://articles/{given.id}"


def test_events_come_from_threads_and_the_generator_is_closed() -> None:
    closed: list[bool] = []

    def events() -> object:
        try:
            yield from range(1, 100)
        finally:
            closed.append(True)

    async def first_two() -> list[int]:
        stream = in_threads(events())  # type: ignore[arg-type, var-annotated]
        found = [await anext(stream), await anext(stream)]
        await stream.aclose()
        return found

    assert anyio.run(first_two) == [1, 2] and closed == [True]


def test_the_doctor_names_what_is_wrong_and_the_cure(tmp_path: Path) -> None:
    settings = Settings(
        llm=LLMSettings(model="/no/such/model.gguf"),
        embedder=EmbedderSettings(model="/no/such/folder"),
    )
    checks = {check.name: check for check in examine(settings, tmp_path / "none")}
    assert checks["LLM"].state == "bad" and "llm.model" in checks["LLM"].cure
    assert checks["embedder"].state == "bad" and "embedder.model" in checks["embedder"].cure
    assert checks["library"].state == "good" and "newscite add" in checks["library"].found


def test_a_hit_that_is_barely_on_the_subject_has_no_strength() -> None:
    assert strength(ON_SUBJECT_KEY) == 0
    assert strength(ON_SUBJECT_KEY + SPREAD) == 1
