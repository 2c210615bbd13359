"""A result as Markdown. What Markdown would read as markup is escaped."""

from __future__ import annotations

from rag.export.documents import Block, Result, Run, labels
from rag.export.text import also_in
from rag.results.markdown import escaped, quote, source


def to_markdown(result: Result) -> str:
    """The text with citation markers, then the quote of each citation with its source."""
    given = result.document()
    words = labels(given.language)
    parts = [f"# {escaped(given.title)}"]
    parts += [_block(block, given.space) for block in given.blocks]
    if given.citations:
        parts.append(f"## {words['sources']}")
    for citation in given.citations:
        parts.append(f"**[{citation.n}]** {source(citation.article, words['untitled'])}")
        parts.append(quote(citation.quote))
        if citation.also_in:
            parts.append(f"{words['also_in']}: {escaped(also_in(citation))}")
    if given.related:
        parts.append(f"## {words['related']}")
        for hit in given.related:
            parts.append(source(hit.article, words["untitled"]))
            parts.append(quote(hit.passage.text))
    return "\n\n".join(parts) + "\n"


def _block(block: Block, space: str) -> str:
    text = (space or " " * (block.kind == "item")).join(map(_run, block.runs))
    if block.kind == "note":
        return f"*{text}*"
    return {"heading": "## ", "item": "- "}.get(block.kind, "") + text


def _run(run: Run) -> str:
    text = escaped(run.text)
    if run.lacking:
        return f"*{text}* ({escaped(run.lacking)})"
    return (f"**{text}**" if run.strong else text) + "".join(f"[{n}]" for n in run.citations)
