"""Questions that the articles put themselves: is the question quoted, or what answers it?

    python benchmarks/repeated.py DATA [--library FOLDER]

Of the 1,500 articles of benchmarks/foreign.py (whose library FOLDER keeps) one in ten puts a question: in an
interview, as the heading of an explanation, in an advertisement. COUNT of these, drawn at random, are asked
word for word, without an LLM. Prints how often the sentence that comes first is a question and is given as the
answer, how often it is one of the two sentences after the question, and how often the question is refused.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import newscite
from benchmarks.foreign import articles
from index.languages.text import is_question, sentences
from rag.answer.binder import Binder

COUNT, SEED = 80, 3
SHORTEST, LONGEST = 10, 45
"""Characters of a question."""


def put(folder: Path) -> Iterator[tuple[str, list[str]]]:
    """The questions, less who asks them, and the two sentences after each."""
    for article in articles(folder):
        spans = sentences(article.text, "zh")
        texts = [article.text[span.start : span.end].strip() for span in spans]
        for at, text in enumerate(texts[:-1]):
            fits = is_question(text) and SHORTEST <= len(text) <= LONGEST
            if fits and not is_question(texts[at + 1]):
                yield re.sub(r"^.{0,12}[:：]", "", text), texts[at + 1 : at + 3]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--library", type=Path, help="a folder to keep the library in")
    given = parser.parse_args()
    asked = list(put(given.data))
    random.Random(SEED).shuffle(asked)  # noqa: S311  not for secrets
    found: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        place = given.library or Path(folder) / "library"
        with newscite.open(place, llm={"model": "none"}) as library:
            if not library.status().articles:
                library.add_articles(articles(given.data))
            for question, after in asked[:COUNT]:
                hits = library.retriever.search(question)
                read = Binder(library.retriever, library.settings, hits).read(hits)
                first = max(read.sources, key=lambda source: source.relevance).text.strip()
                if read.belief < library.settings.answer.abstain_below:
                    found["refused"] += 1
                elif is_question(first):
                    found["a question"] += 1
                else:
                    found["what follows" if first in after else "something else"] += 1
    print(", ".join(f"{kind} {count}" for kind, count in found.most_common()), f"of {COUNT}")


if __name__ == "__main__":
    main()
