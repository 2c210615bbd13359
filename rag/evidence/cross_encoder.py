"""Any sentence-transformers cross-encoder as the reader.

In: a question and texts. Out: its score of the question with each sentence, as log-odds.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from index.errors import ModelError
from rag.evidence.reader import HELD, Reading, Text

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class CrossEncoderReader:
    """A hub name or a folder, loaded at the first reading. It gives no verdict on claims."""

    def __init__(self, name: str) -> None:
        self._name = name

    def answers(self, question: str, texts: Sequence[Text]) -> list[Reading]:
        """Raises ModelError where the model cannot be loaded."""
        pairs = [(question, text.body[a:b]) for text in texts for a, b in text.sentences]
        scores = iter(self._model.predict(pairs, show_progress_bar=False) if pairs else ())
        return [
            Reading(tuple(max(-HELD, min(HELD, float(next(scores)))) for _ in text.sentences))
            for text in texts
        ]

    @cached_property
    def _model(self) -> CrossEncoder:
        from sentence_transformers import CrossEncoder
        from torch.nn import Identity

        try:
            model: CrossEncoder = CrossEncoder(self._name, activation_fn=Identity())
        except (OSError, ValueError, RuntimeError) as error:
            raise ModelError(
                "reader_load",
                "Could not load the reader {name}: {error}. Set reader.model to a folder or hub "
                'name of a cross-encoder, to "auto" for newscite\'s own, or to "none".',
                name=self._name,
                error=error,
            ) from error
        return model
