"""Who may import whom, and that importing newscite is cheap and does nothing."""

from __future__ import annotations

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LEVELS = (
    {"index.wording"},
    {"index.errors"},
    {"index.frames", "index.halves", "index.own", "index.shown"},
    {"index.records", "index.report"},
    {"index.config"},
    {"index.languages"},
    {"index.read", "index.embed", "index.store"},
    {"index.extract", "index.search"},
    {"index.passage_vectors", "index.writer"},
    {"index.adding", "index.rebuilding", "index.current_index"},
    {"index.removing", "index.searchable"},
    {"index.library"},
    {"rag.results"},
    {"rag.export"},
    {"rag.llm"},
    {"rag.question"},
    {"rag.retrieve"},
    {"rag.evidence"},
    {"rag.check"},
    {"rag.draft"},
    {"rag.answer"},
    {"rag.analysis"},
    {"rag.evaluate", "rag.frameworks"},
    {"ui.words", "ui.prose", "ui.formats", "ui.access", "ui.server"},
    {"ui.api"},
    {"ui.mcp"},
    {"ui.serving"},
    {"ui.terminal", "ui.results", "ui.page", "ui.doctor"},
    {"ui.notebook"},
    {"ui.command"},
    {"ui.commands"},
    {"ui.cli"},
)
"""Folders and modules from the ground up. Each imports only from itself and from levels below."""

LEVEL = {name: number for number, names in enumerate(LEVELS) for name in names}
OURS = ("index", "rag", "ui")
GRADIO = (
    "app", "calls", "layout", "tabs/ask", "tabs/choices", "tabs/library", "tabs/opening", "tabs/results",
)  # fmt: skip
ONLY_IN = {
    "gradio": {f"ui/page/{name}.py" for name in GRADIO},
    "faiss": {"index/search/faiss_segments.py"},
    "tantivy": {"index/search/tantivy.py"},
    "pymilvus": {"index/search/milvus_collection.py"},
    "sqlite3": {
        "index/store/database.py",
        "index/search/term_counts.py",
        "index/embed/kept.py",
        "ui/access/accounts.py",
        "ui/page/kept/conversations.py",
    },
}
"""What may be imported in some files alone. Each that has SQL keeps a file of its own."""
HEAVY = ("torch", "transformers", "sentence_transformers", "llama_index", "gradio", "xllamacpp")
FILES = sorted(file for package in OURS for file in (ROOT / package).glob("**/*.py"))


def module_of(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


MODULES = {module_of(file): file for file in FILES}


def imported(file: Path) -> set[str]:
    """The modules a file imports, wherever in it: in functions and for type checking too."""
    names = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{file} imports relatively"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= (whole & MODULES.keys()) or {node.module}
    return names


def place(module: str) -> str:
    """The folder or module that LEVELS names: "index.read" for index.read.mail."""
    return ".".join(module.split(".")[:2])


@pytest.mark.parametrize("module", MODULES)
def test_imports_come_from_levels_below(module: str) -> None:
    names = imported(MODULES[module])
    assert module.startswith("ui.") or "newscite" not in names
    ours = {place(name) for name in names if name.split(".")[0] in OURS}
    above = {n for n in ours - {place(module)} if LEVEL[n] >= LEVEL.get(place(module), -1)}
    assert not above, f"{module} is below {above}, or beside it"
    for name, files in ONLY_IN.items():
        alone = MODULES[module].relative_to(ROOT).as_posix() in files
        assert alone or name not in {other.split(".")[0] for other in names}


def test_every_module_has_a_level() -> None:
    assert {place(module) for module in MODULES if "." in module} == LEVEL.keys()


def test_no_module_imports_itself_by_way_of_others() -> None:
    try:
        TopologicalSorter({name: imported(file) for name, file in MODULES.items()}).prepare()
    except CycleError as circle:
        pytest.fail(f"a circle of imports: {' <- '.join(circle.args[1])}")


def test_import_loads_nothing_heavy_and_prints_nothing() -> None:
    code = (
        "import sys; before = dict(__import__('os').environ); import newscite; "
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]; "
        "assert not loaded, loaded; assert dict(__import__('os').environ) == before"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_help_needs_nothing_heavy() -> None:
    code = (
        "import sys; from ui.cli import main; sys.argv = ['newscite', '--help']\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"loaded = [name for name in {(*HEAVY, 'numpy', 'faiss')!r} if name in sys.modules]\n"
        "assert not loaded, loaded"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
    assert "search" in done.stdout


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A library of one article, embedded offline."""
    folder = tmp_path_factory.mktemp("imports")
    article = folder / "a.txt"
    article.write_text("Kazakhstan closes its trade office. It costs too much.", encoding="utf-8")
    code = "import sys, newscite; newscite.open(sys.argv[1]).add(sys.argv[2])"
    command = [sys.executable, "-c", code, folder / "library", article]
    subprocess.run(command, check=True, cwd=ROOT)
    return folder / "library"


NOT_TO_SEARCH = (*HEAVY, "openvino", "pandas", "trafilatura", "htmldate", "httpx", "docx")
NOT_TO_COUNT = (*NOT_TO_SEARCH, "babel", "tokenizers")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "idle"),
    [
        (["search", "Why?"], NOT_TO_SEARCH),
        (["status"], NOT_TO_COUNT),
        (["check", "Kazakhstan closes its trade office."], HEAVY),
        (["timeline", "Why?"], HEAVY),
    ],
    ids=["search", "status", "check", "timeline"],
)
def test_a_command_loads_nothing_it_does_not_need(
    library: Path, command: list[str], idle: tuple[str, ...]
) -> None:
    code = (
        "import sys; from ui.cli import main; sys.argv[0] = 'newscite'\n"
        "try:\n    main()\nexcept SystemExit as end:\n    assert end.code in (None, 0, 1)\n"
        f"loaded = [name for name in {idle!r} if name in sys.modules]\n"
        "assert not loaded, loaded"
    )
    line = [sys.executable, "-c", code, *command, "--library", library]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.slow
def test_evidence_is_out_before_the_llm_is_loaded(library: Path) -> None:
    code = (
        "import sys, newscite; from rag.answer.ask import Evidence, Reading\n"
        "events = newscite.open(sys.argv[1]).ask_stream('Why does Kazakhstan close its office?')\n"
        "assert isinstance(next(events), Evidence)\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "assert not loaded, loaded\n"
        "assert isinstance(next(events), Reading); events.close()"  # the LLM is being loaded meanwhile
    )
    line = [sys.executable, "-c", code, library]
    done = subprocess.run(line, capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stderr) == (0, "")
