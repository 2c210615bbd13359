"""A language is one folder: no code outside the packs holds letters of one."""

from __future__ import annotations

import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tokenize
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.config import Settings
from index.extract.bylines import read_data_line
from index.languages.numbers.stated import days, quantities
from index.languages.pack import packs, text_of, texts
from index.languages.text import detect, sentences
from index.library import Library
from index.records import Article
from rag.draft.sentences import is_mixed
from rag.retrieve.retriever import Retriever

ROOT = Path(__file__).parent.parent
PACKS = ROOT / "index" / "languages"
LETTERS = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\u3041-\u30fa\uac00-\ud7af\u0400-\u04ff]")

FILES = sorted(
    file
    for package in ("index", "rag", "ui")
    for file in (ROOT / package).glob("**/*.py")
    if not any(file.is_relative_to(PACKS / pack.code) for pack in packs())
)


STRINGS = {tokenize.STRING, getattr(tokenize, "FSTRING_MIDDLE", -1)}


def literals(file: Path) -> Iterator[tuple[int, str]]:
    """The strings of a module as they are written, but for docstrings, with their lines: a range of
    characters that is given by its code points holds no letter."""
    source = file.read_text(encoding="utf-8")
    docstrings = {
        (node.value.lineno, node.value.col_offset)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type in STRINGS and token.start not in docstrings:
            yield token.start[0], token.string


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.relative_to(ROOT)))
def test_code_holds_no_letters_of_a_language(file: Path) -> None:
    found = [f"{line}: {text}" for line, text in literals(file) if LETTERS.search(text)]
    assert not found, f"belongs into a pack of index/languages: {found}"


def test_every_language_has_its_words() -> None:
    tables = texts("words")
    assert {tag.split("-")[0] for tag in tables} == {pack.code for pack in packs()}
    first = next(iter(tables.values()))
    for tag, table in tables.items():
        assert {name: part.keys() for name, part in table.items()} == {
            name: part.keys() for name, part in first.items()
        }, tag
        for name, part in table.items():
            for key, words in part.items() if name != "itself" else ():
                assert fields(str(words)) == fields(str(first[name][key])), (tag, key)


def fields(text: str) -> set[str]:
    return set(re.findall(r"\{\w*\}", text))


def test_a_reader_of_another_language_gets_english() -> None:
    assert text_of("words", "ja") == text_of("words", "en")
    assert text_of("words", "ru")["results"]["sources"] == "Источники"
    assert text_of("words", "zh") == text_of("words", "zh-Hans")


OTHERS = {
    "ja": "日本政府は火曜日、東京で新しい貿易協定を発表した。協定は来年から始まる。",
    "ko": "한국 정부는 화요일 서울에서 새로운 무역 협정을 발표했다. 협정은 내년에 시작된다.",
    "ar": "أعلنت الحكومة يوم الثلاثاء في الرياض عن اتفاق تجاري جديد. يبدأ الاتفاق العام المقبل.",
}
ASKED = {"ja": "貿易協定を発表した", "ko": "무역 협정을 발표했다", "ar": "اتفاق تجاري جديد"}


@pytest.mark.parametrize("language", OTHERS)
def test_a_text_of_another_language_is_called_what_it_is(language: str) -> None:
    assert detect(OTHERS[language]) == language


@pytest.mark.parametrize("language", OTHERS)
def test_it_is_found_and_shown_unharmed(
    language: str, open_library: Callable[..., Library]
) -> None:
    library = open_library()
    library.add_articles([Article(text, title=text[:12]) for text in OTHERS.values()])
    hit = Retriever(library, Settings()).search(ASKED[language])[0]
    assert (hit.article.language, hit.article.text) == (language, OTHERS[language])
    assert hit.passage.text in OTHERS[language]
    for span in sentences(hit.article.text, language):
        assert 0 <= span.start < span.end <= len(hit.article.text)
    quantities(hit.article.text)
    days(hit.article.text, "2024-05-01")


LATIN_ONLY = {
    "index/config.py",  # names of Milvus collections
    "index/extract/parting/export_heads.py",  # codes of outlets and pages
    "index/extract/parting/exports.py",  # codes of fields
    "index/extract/web/hidden.py",  # CSS
    "index/extract/markdown.py",  # keys and HTML
    "index/languages/pinyin.py",
    "index/languages/numbers/quantities.py",  # US$
    "index/languages/text.py",  # the ranges themselves, and what tells scripts apart
    "index/own.py",  # names in Python
    "index/read/archives.py",
    "index/read/formats.py",
    "index/read/records/fragments.py",
    "index/read/rtf.py",
    "index/read/sources.py",
    "rag/check/claimed_names.py",  # acronyms, which a translation keeps in Latin letters
}
"""Where letters of one script are meant."""


def test_patterns_take_cyrillic_letters_for_letters() -> None:
    """What is to match any small or capital letter is written with SMALL and CAPITALS."""
    found = {
        str(file.relative_to(ROOT))
        for file in FILES
        for _, text in literals(file)
        for letters in re.findall(r"\[[^\]]*(?:a-z|A-Z)[^\]]*", text)
        if "\\u04" not in letters  # Cyrillic beside Latin
    }
    assert found == LATIN_ONLY


def test_lines_in_russian_are_read_as_those_in_english_are() -> None:
    named, button = (
        read_data_line("3 мая 2023 | Иван Петров"),
        read_data_line("3 мая | читать далее"),
    )
    assert named is not None and named.author == "Иван Петров"
    assert button is None or not button.author
    dated = read_data_line("10:04, воскресенье, 3 мая 2023")
    assert dated is not None and dated.published == "2023-05-03T10:04:00"


@pytest.mark.parametrize(
    ("text", "language", "mixed"),
    [
        ("该компания宣布关闭。", "zh-Hans", True),
        ("Офис the office закрыт.", "ru", True),
        ("The компания closed.", "en", True),
        ("Apple закрыла офис (trade office).", "ru", False),
        ("A café in Besançon closed.", "en", False),
        ("貿易事務所は閉鎖されました。", "ja", False),
    ],
)
def test_a_draft_that_changes_into_another_alphabet(text: str, language: str, mixed: bool) -> None:
    assert is_mixed(text, language, "") is mixed


def test_a_pack_needs_nothing_but_its_code(tmp_path: Path) -> None:
    for package in ("index", "rag"):
        left_out = shutil.ignore_patterns("__pycache__", "data", "*.npz", "*.onnx", "*.safetensors")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=left_out)
    folder = tmp_path / "index" / "languages" / "xx"
    folder.mkdir()
    folder.joinpath("__init__.py").write_text(
        'from index.languages.pack import Pack\n\nPACK = Pack("xx")\n'
    )
    shutil.copytree(PACKS / "data", tmp_path / "index" / "languages" / "data")
    loads = "import index.extract.articles, rag.analysis.checked, rag.answer.ask, rag.retrieve.retriever"
    done = subprocess.run(
        [sys.executable, "-c", loads], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
