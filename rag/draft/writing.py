"""The LLM's part of an answer: what it reads, what it writes, and what it writes again.

In: a question and what was found for it. Out: drafts in the language of the question. A small LLM in this
process gets help: it reads little, a grammar keeps it to the language, an excerpt in another language is
translated where a summary would lose half of it, and afterwards it is asked whether its answer is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.languages.answer_forms import asked_forms, asks_openly
from index.languages.names import Names
from index.languages.text import primary, to_script
from rag.check.binding import Bound
from rag.draft.sentences import Drafted, cut, is_mixed
from rag.evidence.candidates import choose, is_list
from rag.evidence.context import with_antecedents
from rag.evidence.found import Found
from rag.llm.grammar import held_to
from rag.llm.localizing import localized
from rag.llm.prompts import answer_messages, repair_messages, translate_messages
from rag.llm.streaming import stream
from rag.results.sources import Excerpt

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage
    from llama_index.core.llms import LLM

    from rag.llm.llama_cpp import LlamaCpp


class Writing:
    """The drafts of one answer by any LLM."""

    judges = False
    """Whether `rightness` says something."""

    def __init__(
        self,
        llm: LLM,
        question: str,
        language: str,
        found: Found,
        names: Sequence[Names],
        tokens: int,
    ) -> None:
        """`tokens` is how much the LLM may read."""
        self.llm = llm
        self.question = question
        self.language = language
        self.found = found
        self.names = names
        self.excerpts = self._read(tokens)
        self.draft = ""
        self._right: dict[str, float] = {}

    def pieces(self) -> Iterator[str]:
        """The draft as the LLM writes it, Chinese in the script of the question."""
        for piece in self._written(self._first_messages()):
            text = to_script(piece, self.language)
            self.draft += text
            yield text

    def sentences(self, draft: str) -> list[Drafted]:
        """The sentences of a draft. One that changes into another language halfway is translated."""
        return [
            Drafted(self._translation(one.text), one.hints)
            if is_mixed(one.text, self.language, self.question)
            else one
            for one in cut(draft, self.language)
        ]

    @property
    def citable(self) -> Sequence[Excerpt]:
        """The excerpts that the first draft can cite."""
        return self.excerpts

    def mended(self, failed: Sequence[Bound]) -> str:
        """Another draft, for which the LLM learns what was wrong with the first; "" if it refused."""
        if not failed:
            return ""
        messages = repair_messages(
            self._messages(),
            self.draft,
            self.question,
            self.language,
            failed[0].claim.statement.text,
            failed[0].verdict.reasons,
        )
        return "".join(self._written(messages))

    def otherwise(self, failed: Sequence[Bound]) -> str:
        """A draft made in another way than the first; "" where there is none."""
        return ""

    def rightness(self, answer: str) -> float | None:
        """How likely the LLM finds an answer from the excerpts right; None where it cannot say."""
        return None

    def _read(self, tokens: int) -> Sequence[Excerpt]:
        """What answers, with as much of what stands around as the tokens hold."""
        return choose(self.found.sources, tokens)

    def _first_messages(self) -> list[ChatMessage]:
        return self._messages()

    def _messages(self) -> list[ChatMessage]:
        return answer_messages(self.question, self.language, self.excerpts, None)

    def _translation(self, text: str) -> str:
        reply = "".join(self._written(translate_messages(text, self.language)))
        return to_script(reply.strip(), self.language)

    def _written(self, messages: Sequence[ChatMessage]) -> Iterator[str]:
        yield from stream(self.llm, messages)


class HelpedWriting(Writing):
    """The drafts of one answer by a small LLM in this process."""

    llm: LlamaCpp
    judges = True

    @property
    def citable(self) -> Sequence[Excerpt]:
        """A translation can cite only what it translates."""
        if not self._translates:
            return self.excerpts
        return self.excerpts[: 2 if "reason" in asked_forms(self.question) else 1]

    def otherwise(self, failed: Sequence[Bound]) -> str:
        """For excerpts in another language: an answer if the first draft was a translation; else
        a translation of the best excerpt."""
        if not self._is_foreign:
            return ""
        if self._translates:
            return "".join(self._written(self._messages()))
        return self._translation(self._localized(self.excerpts[:1]))

    def rightness(self, answer: str) -> float | None:
        from rag.llm.llama_cpp import rightness

        if answer not in self._right:
            self._right[answer] = rightness(self.question, self.excerpts, answer, self.llm)
        return self._right[answer]

    def _read(self, tokens: int) -> Sequence[Excerpt]:
        """Only the sentences that answer, each with the sentence before it that it refers to."""
        return with_antecedents(self.found.excerpts, self.found.sources)

    def _first_messages(self) -> list[ChatMessage]:
        if self._translates:
            return translate_messages(self._localized(self.citable), self.language)
        return self._messages()

    def _messages(self) -> list[ChatMessage]:
        return answer_messages(self.question, self.language, self.excerpts, self.names)

    def _localized(self, excerpts: Sequence[Excerpt]) -> str:
        """The text of the excerpts, with names and numbers in the language of the question."""
        return "\n".join(
            localized(one.text, self.language, self.question, self.names) for one in excerpts
        )

    @property
    def _is_foreign(self) -> bool:
        return primary(self.excerpts[0].sources[0].language) != primary(self.language)

    @property
    def _translates(self) -> bool:
        """Whether the answer is the translated excerpt. Where a question asks what somebody said
        or did, how or why, a small LLM that reads another language loses half of the answer. A
        list is left to the LLM: it answers point by point."""
        listed = any(is_list(excerpt) for excerpt in self.excerpts[:2])
        return self._is_foreign and not listed and asks_openly(self.question)

    def _written(self, messages: Sequence[ChatMessage]) -> Iterator[str]:
        yield from stream(self.llm, messages, **held_to(self.language, self.llm))


def open_writing(
    llm: LLM, question: str, language: str, found: Found, names: Sequence[Names], tokens: int
) -> Writing:
    """The drafts of one answer, with the help that the LLM needs."""
    from rag.llm.llama_cpp import LlamaCpp

    kind = HelpedWriting if isinstance(llm, LlamaCpp) else Writing
    return kind(llm, question, language, found, names, tokens)
