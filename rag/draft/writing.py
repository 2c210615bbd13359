"""The LLM's part of an answer: what it is shown, what it writes, and writes again.

In: a question and the excerpts to answer it from. Out: drafts, in the language of the question. A
small LLM run in-process is helped with what it is bad at: a grammar keeps it in that language, and
what only another language tells is translated rather than retold where a retelling loses half.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from index.languages.names import Names
from index.languages.text import primary, to_script
from rag.check.binding import Bound
from rag.draft.sentences import Drafted, cut, is_mixed
from rag.evidence.candidates import is_list
from rag.llm.grammar import reply_grammar
from rag.llm.llama_cpp import LlamaCpp
from rag.llm.localizing import localized
from rag.llm.prompts import answer_messages, repair_messages, translate_messages
from rag.llm.streaming import stream
from rag.question.answer_forms import asked_forms, asks_openly
from rag.results.sources import Excerpt

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.core.llms import LLM

LIKELY = 0.5
"""With less belief that the excerpts answer, an excerpt is not taken for the answer as it stands."""


@dataclass
class Writing:
    """Drafts of one answer."""

    question: str
    language: str
    excerpts: Sequence[Excerpt]
    names: Sequence[Names]
    belief: float
    draft: str = field(default="", init=False)

    def pieces(self, llm: LLM) -> Iterator[str]:
        """The draft as it is written, Chinese in the question's script."""
        messages = self._messages(llm)
        if self._is_better_translated(llm):
            messages = self._translation_messages(self._localized(self.told(llm)))
        for piece in self._written(llm, messages):
            text = to_script(piece, self.language)
            self.draft += text
            yield text

    def sentences(self, llm: LLM, draft: str) -> list[Drafted]:
        """The sentences of a draft; those that fell into another language halfway, translated."""
        return [
            Drafted(self._translation(llm, one.text), one.hints)
            if is_mixed(one.text, self.language, self.question)
            else one
            for one in cut(draft, self.language)
        ]

    def mended(self, llm: LLM, failed: Sequence[Bound]) -> str:
        """Another draft, the LLM being told what was wrong with the first; "" after a refusal."""
        if not failed:
            return ""
        messages = repair_messages(
            self._messages(llm),
            self.draft,
            self.question,
            self.language,
            failed[0].claim.statement.text,
            failed[0].verdict.reasons,
        )
        return "".join(self._written(llm, messages))

    def translated(self, llm: LLM, failed: Sequence[Bound]) -> str:
        """The best excerpt itself, where it is in another language and most likely answers."""
        if self.belief < LIKELY or not self._is_foreign(llm) or self._is_better_translated(llm):
            return ""
        return self._translation(llm, self._localized(self.excerpts[:1]))

    def told(self, llm: LLM) -> Sequence[Excerpt]:
        """The excerpts that the draft can rest on: a translation, on what it translates."""
        if not self._is_better_translated(llm):
            return self.excerpts
        return self.excerpts[: 2 if "reason" in asked_forms(self.question) else 1]

    def _localized(self, excerpts: Sequence[Excerpt]) -> str:
        """What they say, names and numbers in the question's language."""
        return "\n".join(
            localized(one.text, self.language, self.question, self.names) for one in excerpts
        )

    def _is_foreign(self, llm: LLM) -> bool:
        """Whether a small LLM would answer from another language."""
        told = self.excerpts[0].sources[0].language
        return isinstance(llm, LlamaCpp) and primary(told) != primary(self.language)

    def _is_better_translated(self, llm: LLM) -> bool:
        """What somebody said or did takes a whole sentence, and why they did two; who or how many
        a word of one. Of a list the points are told."""
        listed = any(is_list(excerpt) for excerpt in self.excerpts[:2])
        return self._is_foreign(llm) and not listed and asks_openly(self.question)

    def _translation(self, llm: LLM, text: str) -> str:
        reply = "".join(self._written(llm, self._translation_messages(text)))
        return to_script(reply.strip(), self.language)

    def _translation_messages(self, text: str) -> list[ChatMessage]:
        return translate_messages(text, self.language)

    def _messages(self, llm: LLM) -> list[ChatMessage]:
        names = self.names if isinstance(llm, LlamaCpp) else None
        return answer_messages(self.question, self.language, self.excerpts, names)

    def _written(self, llm: LLM, messages: Sequence[ChatMessage]) -> Iterator[str]:
        options: dict[str, Any] = {}
        if isinstance(llm, LlamaCpp) and (grammar := reply_grammar(self.language)):
            options["grammar"] = grammar
        yield from stream(llm, messages, **options)
