"""docs/python.md is what the docstrings say, and what it shows runs."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

import newscite
from tests.toy import ToyEmbedder

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_page_is_made_from_the_docstrings() -> None:
    spec = importlib.util.spec_from_file_location("reference", ROOT / "docs" / "reference.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert module.reference() == PAGE, "run: python docs/reference.py"


def test_everything_public_is_on_the_page() -> None:
    assert not [name for name in newscite.__all__ if name not in PAGE]
    methods = {name for name in vars(newscite.Library) if not name.startswith("_")}
    assert methods - {"retriever", "llm"} <= set(re.findall(r"### library\.(\w+)", PAGE))


def test_the_examples_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEWSCITE_LLM__MODEL", "none")
    monkeypatch.setattr(newscite, "open_embedder", lambda settings: ToyEmbedder())
    monkeypatch.chdir(tmp_path)
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    names: dict[str, object] = {}
    examples = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
    assert len(examples) >= 9
    examples.sort(key=lambda example: "import newscite" not in example)  # the one that opens it
    for example in examples:
        exec(example, names)  # noqa: S102  # our own docstrings
    library = names["library"]
    assert isinstance(library, newscite.Library)
    library.close()
