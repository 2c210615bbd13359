"""The command that measures: eval."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import InputError
from ui.command import DONE, Run, command

if TYPE_CHECKING:
    from newscite import Library
    from rag.evaluate.evaluation import Evaluation, Question


@command
def eval_(
    run: Run,
    file: Annotated[
        Path | None, typer.Argument(help="Questions with gold evidence, as JSON lines.")
    ] = None,
    collected: Annotated[
        bool, typer.Option("--collected", help="Ask what readers of the page gave thumbs to.")
    ] = False,
    against: Annotated[
        Path | None,
        typer.Option(metavar="CONFIG", help="Settings to compare with, on the same questions."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only the first so many.")] = None,
) -> int:
    """Measure retrieval, answers, citations and abstention on a file of questions."""
    from index.config import load_settings
    from rag.evaluate.bootstrap import pair
    from rag.evaluate.evaluation import read_questions
    from ui import terminal
    from ui.page.kept.collected import collected_questions

    if (file is None) is not collected:
        raise InputError("Name a file of questions, or --collected: one of them.")
    if against is not None:
        load_settings(against)  # a mistake in it shows now, not after the first half
    with run.open() as library:
        asked = collected_questions(library.path) if file is None else read_questions(file)
        questions = asked[:limit]
        path, result = library.path, _evaluated(library, questions)
    if against is None:
        run.show(result.to_dict(), lambda: terminal.evaluation(result))
        return DONE
    with _other(run, against, path) as library:
        other = _evaluated(library, questions)
    paired = pair(result, other)
    run.show(paired.to_dict(), lambda: terminal.paired(paired, str(against)))
    return DONE


def _evaluated(library: Library, questions: Sequence[Question]) -> Evaluation:
    from index.report import Progress
    from rag.evaluate.evaluation import evaluate
    from ui import terminal

    with terminal.progress("Asking") as progress:
        return evaluate(
            questions,
            library.retriever,
            library.llm,
            library.settings,
            progress=lambda done, total, outcome: progress(Progress(done, total)),
        )


def _other(run: Run, config: Path, path: Path) -> Library:
    """The library by other settings: the one they name, else the same one."""
    import newscite
    from index.config import load_settings

    named = "library" in load_settings(config).model_fields_set
    return newscite.open(None if named else path, config, create=False, read_only=True)
