"""Questions that a passage does not answer, though it is about the same.

In: examples that answer. Out: the same question with another passage of its document, and a
question that asks of another country, person, work, number or year than the passage tells of. (The
third kind, the passage without its answer, and the fourth, near passages of other documents, are
made while training.)
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.languages.text import fold
from training.claims import TABLES, Pool, country_pattern, names_in, other
from training.records import Example
from training.sources import holding

MOST_SIBLINGS = 2


def of_documents(examples: Sequence[Example], rng: random.Random) -> Iterator[Example]:
    for example in examples:
        apart = [p for p in example.siblings if not holding(p, example.answers[0])]
        for passage in rng.sample(apart, min(MOST_SIBLINGS, len(apart))):
            yield Example(example.asked, passage, answers=example.answers, source="sibling")


def of_others(examples: Sequence[Example], rng: random.Random) -> Iterator[Example]:
    """The question put to another subject, if the passage names the one that was asked for."""
    pool = Pool([(e.asked, e.passage.language) for e in examples if e.passage.language in TABLES])
    titles = sorted({e.passage.title for e in examples if 1 < len(e.passage.title) < 20})
    for example in examples:
        ways = list(_exchanged(example, pool, titles, rng))
        if ways:
            changed = rng.choice(ways)
            yield replace(
                example,
                asked=changed,
                gold=(),
                doubtful=(),
                weak=False,
                answer=None,
                source="other subject",
            )


def _exchanged(
    example: Example, pool: Pool, titles: Sequence[str], rng: random.Random
) -> Iterator[str]:
    asked, text = example.asked, fold(example.passage.text)
    language = _language(asked)
    title = example.passage.title
    if 1 < len(title) < 20 and title in asked:
        yield asked.replace(title, other(titles, title, rng))
    for match in re.finditer(r"(?:1[5-9]|20)\d\d", asked):
        if match[0] in text and match[0] not in example.answers[0]:
            year = str(int(match[0]) + rng.choice([-7, -3, -2, -1, 1, 2, 3, 6]))
            if year not in text:
                yield asked[: match.start()] + year + asked[match.end() :]
    for match in names_in(asked, language):
        known = country_pattern(language).fullmatch(match[0])
        same = pool.countries[language] if known else pool.names[language]
        same = [name for name in same if fold(name) not in text and name not in asked]
        if same and (known or fold(match[0]) in text):
            yield asked[: match.start()] + rng.choice(same) + asked[match.end() :]


def _language(text: str) -> str:
    if re.search(r"[\u4e00-\u9fff]", text):
        return "zh"
    return "ru" if re.search(r"[\u0400-\u04ff]", text) else "en"
