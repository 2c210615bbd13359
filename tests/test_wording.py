"""A reader of the page reads what went wrong in their language; code and commands get English."""

from __future__ import annotations

import ast
import pickle
import re
import string
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import InputError, NewsciteError
from index.languages.pack import FALLBACK, texts
from index.wording import Wording, of_system
from newscite import Library
from ui.page.draw.library import added
from ui.words import WORDS, said

ROOT = Path(__file__).parent.parent
CARRIES = {"Rejection": 1, "LeftOut": 1, "Unread": 1} | dict.fromkeys(
    ("ConfigError", "InputError", "ModelError", "LibraryError", "PanicError"), 0
)
"""What carries a text to a reader, and which of its arguments that is."""

NEVER_ON_THE_PAGE = (
    "newscite.py", "index/config.py", "index/own.py", "index/frames.py",  # settings, notebooks
    "index/embed/calibrate.py", "index/languages/", "rag/evaluate/", "rag/llm/opening.py",
    "ui/access/", "ui/api/", "ui/mcp/", "ui/command.py", "ui/commands/", "ui/cli.py", "ui/serving.py",
    "ui/server/", "ui/page/app.py", "ui/page/kept/collected.py",  # before the page is there, or beside it
)  # fmt: skip
NEVER_SENT = {
    "Cannot count by", "Cannot sort by", "Cannot compare by", "There is no filter", "Unknown script",
    "Nothing to correct", "Cannot correct", "llm.model is ",
}  # fmt: skip
"""What only a script with a mistake in it meets: the page sends no such thing."""


def calls() -> Iterator[tuple[str, ast.Call]]:
    for folder in ("index", "rag", "ui"):
        for file in sorted((ROOT / folder).rglob("*.py")):
            name = str(file.relative_to(ROOT))
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
                    yield f"{name}:{node.lineno}", node


def sentences() -> dict[str, list[tuple[str, set[str]]]]:
    """The English sentences of each key, with the names of the values given to them."""
    found: dict[str, list[tuple[str, set[str]]]] = {}
    for _, call in calls():
        name = getattr(call.func, "id", "")
        if (name == "Wording" or name in CARRIES) and len(call.args) == 2:
            key, english = call.args
            if isinstance(key, ast.Constant) and isinstance(english, ast.Constant):
                given = {each.arg or "*" for each in call.keywords}
                found.setdefault(str(key.value), []).append((str(english.value), given))
    return found


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


LANGUAGES = sorted(set(WORDS) - {FALLBACK})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_error_has_words_in_the_language(language: str) -> None:
    said_in, known = sentences(), texts("messages")[language]
    assert len(said_in) > 150
    assert not said_in.keys() - known.keys()
    assert (
        not {key for key in known if not key.startswith("system_")} - said_in.keys()
    )  # left behind
    for key, said_as in said_in.items():
        for english, given in said_as:
            assert fields(english) <= given or "*" in given, key
            assert fields(known[key]) <= fields(english), key
            lost = fields(english) - fields(known[key]) - {"name"}
            assert not lost, f"{key}: the reader does not learn {lost}"


def test_nothing_reaches_a_reader_in_english_only() -> None:
    bare = []
    for where, call in calls():
        at = CARRIES.get(getattr(call.func, "id", ""))
        if at is None or len(call.args) <= at or where.startswith(NEVER_ON_THE_PAGE):
            continue
        text = call.args[at]
        plain = isinstance(text, ast.JoinedStr | ast.BinOp) or (
            isinstance(text, ast.Constant) and len(call.args) == at + 1
        )
        if plain and not any(start in ast.unparse(text) for start in NEVER_SENT):
            bare.append(f"{where}: {ast.unparse(text)}")
    assert not bare, f"make a Wording of it, and give it words in each pack's messages: {bare}"


def test_an_error_is_english_and_says_itself_in_a_language() -> None:
    error = InputError("question_long", "The question is longer than {most} characters.", most=4000)
    assert str(error) == "The question is longer than 4000 characters."
    assert said(error.message, "ru").startswith("Вопрос длиннее 4000 знаков")
    assert "超過 4000" in said(error.message, "zh-Hant")
    assert said(error.message, "en") == said(error.message, "ja") == str(error)
    assert NewsciteError("as it was").message == said("as it was", "ru") == "as it was"


def test_what_stands_in_a_sentence_is_said_in_the_language_too() -> None:
    why = of_system(PermissionError(13, "Permission denied"))
    english = Wording("unreadable", "Cannot be read: {error}.", error=why)
    assert english == "Cannot be read: Permission denied."
    assert said(english, "ru") == "Не удалось прочесть: нет прав доступа"


@pytest.mark.parametrize(("language", "letters"), [("ru", "[а-я]{4}"), ("zh-Hant", "[一-鿿]{3}")])
def test_the_report_of_adding_is_read_in_the_language(
    language: str, letters: str, tmp_path: Path, open_library: Callable[..., Library]
) -> None:
    """Files go through the process that reads them; each reason comes back whole."""
    broken = {
        "a.pdf": b"%PDF-1.7 damaged",
        "b.txt": b"",
        "c.jsonl": b"{broken",
        "d.mp3": b"ID3" + bytes(9),
    }
    for name, content in broken.items():
        (tmp_path / name).write_bytes(content)
    report = open_library().add([*(tmp_path / name for name in broken), tmp_path / "nowhere.txt"])
    shown = re.findall(r"<li><b>[^<]*</b>: (.*?)</li>", added(report, language))
    assert len(shown) == len(report.rejected) == 5
    for reason, entry in zip(shown, report.rejected, strict=True):
        assert re.search(letters, reason), reason
        assert entry.reason.isascii()


def test_another_process_gets_it_whole() -> None:
    english = Wording("image", "An image. {cure}", cure=Wording("ocr_cure", "OCR it."))
    again = pickle.loads(pickle.dumps(english))  # noqa: S301  made here
    assert again == english
    assert said(again, "zh-Hans") == said(english, "zh-Hans")
    assert re.search(r"\[ocr\]", said(again, "zh-Hans"))
