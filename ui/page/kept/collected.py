"""What readers thought of answers, as questions for `newscite eval`.

In: a library's folder. Out: questions: a good answer's own citations are the evidence that is to be
found and cited again; the word that was given with a bad one is what a right answer contains.
"""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from index.errors import InputError
from rag.answer.answer import Answer
from rag.evaluate.evaluation import Question
from ui.page.kept import keeping
from ui.page.kept.conversations import FILE_NAME, Conversations, KeptTurn


def collected_questions(folder: Path) -> list[Question]:
    """The questions of a library's readers, the oldest first. Raises InputError on none."""
    found: list[Question] = []
    if (folder / FILE_NAME).is_file():
        with closing(Conversations(folder)) as kept:
            found = [question for turn in kept.voted() if (question := _question(turn))]
    if not found:
        raise InputError(
            "No reader of this library has judged an answer yet. Give thumbs on the page: newscite serve"
        )
    return found


def _question(turn: KeptTurn) -> Question | None:
    """None where nothing says what would be right."""
    result = keeping.read(turn.record, lambda _: None)
    if not isinstance(result, Answer):
        return None
    if turn.good:
        evidence = tuple((cited.article.file, cited.quote) for cited in result.citations)
        return Question(turn.id, turn.language, turn.question, not result.abstained, evidence, ())
    if not turn.word:
        return None
    return Question(turn.id, turn.language, turn.question, True, (), ((turn.word,),))
