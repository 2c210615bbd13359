"""How long a user waits: for the evidence, and for the first word of the answer.

    python benchmarks/waiting.py DATA [--questions 8] [--beside 2]

DATA holds `seed_questions.jsonl` ({"question": ...}), asked of the articles in seeds/. Prints the
medians of: seconds to the evidence; seconds to the first token of the draft; and, for the very
prompts that the drafts were written from, the time to the first token beside that of llama.cpp
driven directly, neither with anything of the prompt in its cache. --beside: so many processes that
only compute run at the same time. OMP_WAIT_POLICY=ACTIVE gives llama.cpp's threads as they are by default.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING
from unittest.mock import patch

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newscite
from benchmarks.figures import records
from rag.answer.ask import Draft, Evidence
from rag.llm.grammar import reply_grammar
from rag.llm.llama_cpp import LlamaCpp
from rag.llm.prompts import answer_messages
from rag.llm.streaming import stream

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatMessage

SEEDS = Path(__file__).resolve().parent.parent / "seeds"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--questions", type=int, default=8)
    parser.add_argument("--beside", type=int, default=0, help="processes that compute beside it")
    arguments = parser.parse_args()
    asked = records(arguments.data / "seed_questions.jsonl")[: arguments.questions]
    questions = [one["question"] for one in asked]
    evidence, first = [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        busy(arguments.beside),
        patch("rag.draft.writing.answer_messages", wraps=answer_messages) as written,
    ):
        library = newscite.open(Path(folder) / "library", answer={"cache": False})
        library.add(SEEDS)
        llm = library.llm
        if not isinstance(llm, LlamaCpp):
            sys.exit("This measures the offline LLM: pip install -e '.[offline]'.")
        library.search(questions[0])
        llm.warm_up()
        for question in questions:
            began = time.perf_counter()
            seen = 0
            for event in library.ask_stream(question):
                if isinstance(event, Evidence):
                    evidence += [time.perf_counter() - began][seen:]
                    seen = 1  # more evidence, from a translated question, comes later
                elif isinstance(event, Draft):
                    first.append(time.perf_counter() - began)
                    break
        prompts = [(answer_messages(*call.args), call.args[1]) for call in written.call_args_list]
        ours, direct = [], []
        for prompt, language in prompts:
            ours.append(seconds_here(llm, prompt, language))
            direct.append(seconds_direct(llm, prompt))
    ratios = [a / b for a, b in zip(ours, direct, strict=True)]
    print(f"{len(questions)} questions, {len(prompts)} prompts; medians")
    print(f"evidence shown after             {median(evidence):6.2f} s")
    print(f"first token of the draft after   {median(first):6.2f} s")
    print(f"first token for the same prompt  {median(ours):6.2f} s")
    print(f"   by llama.cpp directly         {median(direct):6.2f} s")
    print(f"   ratio                         {median(ratios):6.2f}")


@contextmanager
def busy(processes: int) -> Iterator[None]:
    """So many processes that do nothing but compute."""
    computing = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(processes)
    ]
    try:
        yield
    finally:
        for one in computing:
            one.kill()
            one.wait()


def seconds_here(llm: LlamaCpp, prompt: Sequence[ChatMessage], language: str) -> float:
    began = time.perf_counter()
    pieces = stream(llm, prompt, cache_prompt=False, grammar=reply_grammar(language))
    next(pieces)
    seconds = time.perf_counter() - began
    for _ in pieces:  # to its end, so that nothing of it runs while the other is timed
        pass
    return seconds


def seconds_direct(llm: LlamaCpp, prompt: Sequence[ChatMessage]) -> float:
    """What llama.cpp's own clock says it took: reading the prompt and one token."""
    reply = llm.chat(prompt, cache_prompt=False, max_tokens=1).raw
    timings = reply["timings"]
    return float(timings["prompt_ms"] + timings["predicted_ms"]) / 1000


if __name__ == "__main__":
    main()
