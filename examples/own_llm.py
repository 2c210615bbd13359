"""An LLM of your own: any LlamaIndex `LLM` writes the draft; newscite checks and cites it.

    python examples/own_llm.py "What did Taras Kuzio say about China's position in Central Asia?"

This one knows no language: it repeats the line of the excerpts that has most words of the question.
What it writes passes the same check as any LLM's. From the settings, `[llm] model` takes the full name
of such a class ("my_package.MyLLM"), with `[llm.options]` for its fields, where Python finds it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from llama_index.core.base.llms.types import CompletionResponse, CompletionResponseGen, LLMMetadata
from llama_index.core.llms import CustomLLM

import newscite

SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "What did Taras Kuzio say about China's position in Central Asia?"
PROMPT = re.compile(r"<excerpts>\n(.*?)\n</excerpts>(.*)", re.DOTALL)


class Repeater(CustomLLM):
    """Replies to a prompt with excerpts; to any other, such as a wish for a translation, with nothing."""

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="repeater")

    def complete(self, prompt: str, formatted: bool = False, **options: Any) -> CompletionResponse:
        return CompletionResponse(text=reply(prompt))

    def stream_complete(
        self, prompt: str, formatted: bool = False, **options: Any
    ) -> CompletionResponseGen:
        text = reply(prompt)
        yield CompletionResponse(text=text, delta=text)


def reply(prompt: str) -> str:
    found = PROMPT.search(prompt)
    if found is None:
        return ""
    lines = [line for line in found[1].splitlines() if line and not line.startswith("[")]
    asked = words(found[2])
    return max(lines, key=lambda line: len(asked & words(line)), default="")


def words(text: str) -> set[str]:
    return set(re.findall(r"\w+", text.casefold()))


def main(question: str) -> None:
    with tempfile.TemporaryDirectory() as folder, newscite.open(folder) as library:
        library.add(SEEDS)
        library.llm = Repeater()
        print(library.ask(question).to_markdown())


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]) or QUESTION)
