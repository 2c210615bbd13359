"""The LLM's part of an answer: what it reads, what it writes, and what it writes again.

In: a question and the excerpts to answer it from. Out: drafts in the language of the question. A small
LLM in this process gets help: a grammar keeps it to the language, and an excerpt in another language
is translated where a summary would lose half of it.
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
from rag.llm.llama_cpp import in_process
from rag.llm.localizing import localized
from rag.llm.prompts import answer_messages, repair_messages, translate_messages
from rag.llm.streaming import stream
from rag.question.answer_forms import asked_forms, asks_openly
from rag.results.sources import Excerpt

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.core.llms import LLM

LIKELY = 0.5
"""With less belief that the excerpts answer, an excerpt is not taken as the answer itself."""


@dataclass
class Writing:
    """The drafts of one answer."""

    question: str
    language: str
    excerpts: Sequence[Excerpt]
    names: Sequence[Names]
    belief: float
    draft: str = field(default="", init=False)

    def pieces(self, llm: LLM) -> Iterator[str]:
        """The draft as the LLM writes it, Chinese in the script of the question."""
        messages = self._messages(llm)
        if self._is_better_translated(llm):
            messages = self._translation_messages(self._localized(self.told(llm)))
        for piece in self._written(llm, messages):
            text = to_script(piece, self.language)
            self.draft += text
            yield text

    def sentences(self, llm: LLM, draft: str) -> list[Drafted]:
        """The sentences of a draft. One that changes into another language halfway is translated."""
        return [
            Drafted(self._translation(llm, one.text), one.hints)
            if is_mixed(one.text, self.language, self.question)
            else one
            for one in cut(draft, self.language)
        ]

    def mended(self, llm: LLM, failed: Sequence[Bound]) -> str:
        """Another draft, for which the LLM learns what was wrong with the first; "" if it refused."""
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
        """A translation of the best excerpt, where it is in another language and most likely answers."""
        if self.belief < LIKELY or not self._is_foreign(llm) or self._is_better_translated(llm):
            return ""
        return self._translation(llm, self._localized(self.excerpts[:1]))

    def told(self, llm: LLM) -> Sequence[Excerpt]:
        """The excerpts that the draft can cite: a translation can cite only what it translates."""
        if not self._is_better_translated(llm):
            return self.excerpts
        return self.excerpts[: 2 if "reason" in asked_forms(self.question) else 1]

    def _localized(self, excerpts: Sequence[Excerpt]) -> str:
        """The text of the excerpts, with names and numbers in the language of the question."""
        return "\n".join(
            localized(one.text, self.language, self.question, self.names) for one in excerpts
        )

    def _is_foreign(self, llm: LLM) -> bool:
        """Whether a small LLM would have to answer from another language."""
        told = self.excerpts[0].sources[0].language
        return in_process(llm) and primary(told) != primary(self.language)

    def _is_better_translated(self, llm: LLM) -> bool:
        """How long the answer should be. Why something happened takes two sentences, what somebody said
        or did takes one, who or how many takes a few words. A list is answered by its points."""
        listed = any(is_list(excerpt) for excerpt in self.excerpts[:2])
        return self._is_foreign(llm) and not listed and asks_openly(self.question)

    def _translation(self, llm: LLM, text: str) -> str:
        reply = "".join(self._written(llm, self._translation_messages(text)))
        return to_script(reply.strip(), self.language)

    def _translation_messages(self, text: str) -> list[ChatMessage]:
        return translate_messages(text, self.language)

    def _messages(self, llm: LLM) -> list[ChatMessage]:
        names = self.names if in_process(llm) else None
        return answer_messages(self.question, self.language, self.excerpts, names)

    def _written(self, llm: LLM, messages: Sequence[ChatMessage]) -> Iterator[str]:
        options: dict[str, Any] = {}
        if in_process(llm) and (grammar := reply_grammar(self.language)):
            options["grammar"] = grammar
        yield from stream(llm, messages, **options)
