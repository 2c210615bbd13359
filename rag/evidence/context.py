"""Excerpts that refer back, with the sentence they refer to.

In: the excerpts to answer from, and all sentences of the hits. Out: the same excerpts, one that opens
with "to avoid this", 对此 or "he said" led by the sentence before it. Without that sentence
nobody who reads a retelling or a translation could know what it refers to.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.languages.pack import either, packs
from index.languages.text import fold
from rag.evidence.candidates import is_heading, is_list
from rag.results.sources import Excerpt, Source

_REFERS_BACK = re.compile(
    rf"\A[\"'“‘「『(（]{{0,4}}+(?:{either(pack.asking.refers_back for pack in packs())})",
    re.IGNORECASE,
)
"""Read of folded text: Simplified, lower case."""


def with_antecedents(excerpts: Sequence[Excerpt], sources: Sequence[Source]) -> list[Excerpt]:
    """The excerpts, numbered anew; those that come to share a sentence are one."""
    place = {id(source): at for at, source in enumerate(sources)}
    runs: list[set[int]] = []
    for excerpt in excerpts:
        run = {place[id(source)] for source in excerpt.sources}
        if not is_list(excerpt) and _refers_back(sources, min(run)):
            run.add(min(run) - 1)
        shared = [at for at, other in enumerate(runs) if other & run]
        run = run.union(*(runs[at] for at in shared))
        runs = [other for other in runs if not other & run]
        runs.insert(shared[0] if shared else len(runs), run)
    return [
        Excerpt(number, tuple(sources[at] for at in sorted(run)))
        for number, run in enumerate(runs, 1)
    ]


def _refers_back(sources: Sequence[Source], at: int) -> bool:
    """Whether a sentence refers to the one before it in its passage."""
    if at == 0 or not _REFERS_BACK.match(fold(sources[at].text)):
        return False
    before = sources[at - 1]
    return before.hit.passage.id == sources[at].hit.passage.id and not is_heading(
        before.hit, before.span
    )
