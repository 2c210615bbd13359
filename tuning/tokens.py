"""How many tokens an LLM reads a character as, and writes for one that it translates: `tokens_of` in
rag/evidence/candidates.py, the limit of a translation in rag/check/translation.py.

    python -m tuning tokens DATA

DATA holds the NTREX files. The tokenizer is that of the offline LLM. Prints the tokens a character of each
language, with the values in the code; and for each pair of languages what share of the sentences, translated by
people, would not fit into the limit for the original.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations
from typing import Any

import numpy as np

from index.embed.models.bundled import llm_file
from index.languages.text import primary
from rag.check.translation import most_tokens
from rag.evidence.candidates import CYRILLIC_TOKENS, HAN_TOKENS, OTHER_TOKENS, tokens_of
from tuning.data import NEWS_LANGUAGES, arguments, documents

IN_THE_CODE = {"zh": HAN_TOKENS, "ru": CYRILLIC_TOKENS, "en": OTHER_TOKENS}


def main() -> None:
    from transformers import AutoTokenizer

    given = arguments("How many tokens an LLM reads a character as.")
    reports = documents(given.data)[:: given.every]
    file = llm_file()
    tokenizer = AutoTokenizer.from_pretrained(file.parent, gguf_file=file.name)
    lines = {tag: [line for one in reports for line in one.lines[tag]] for tag in NEWS_LANGUAGES}
    counts = {tag: counted(tokenizer, texts) for tag, texts in lines.items()}
    for tag, texts in lines.items():
        estimated = np.array([tokens_of(text) for text in texts])
        print(
            f"{tag:8} {counts[tag].sum() / sum(map(len, texts)):.3f} a character "
            f"({IN_THE_CODE[primary(tag)]} in the code); as `tokens_of` counts a line, "
            f"{np.median(estimated / counts[tag]):.2f} of what it has"
        )
    for ours, theirs in permutations(NEWS_LANGUAGES, 2):
        if primary(ours) != primary(theirs):
            most = np.array([most_tokens(text) for text in lines[ours]])
            long = (counts[theirs] > most).mean()
            print(f"{ours} -> {theirs}: {long:.4f} of {len(most)} sentences do not fit")


def counted(tokenizer: Any, texts: Sequence[str]) -> np.ndarray[Any, Any]:
    return np.array([len(ids) for ids in tokenizer(list(texts))["input_ids"]])


if __name__ == "__main__":
    main()
