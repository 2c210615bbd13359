"""A result as Markdown. What Markdown would read as markup is escaped."""

from __future__ import annotations

import re
from collections.abc import Mapping

from index.records import Article
from rag.export.documents import Block, Result, Run, labels
from rag.export.text import also_in, byline, one_line, web_address

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~$]|&(?=#?\w+;)|^[+=-]|(?<=[+=-])[+=-]|[+=-](?=[+=-])")

_MARKDOWN_NUMBER = re.compile(r"^(\d{1,9})(?=[.)])")
"""The two patterns match what Markdown reads as markup: some characters anywhere, a hyphen or "1." only
at the start of a line."""


def to_markdown(result: Result) -> str:
    """The text with citation markers, then the quote of each citation with its source."""
    given = result.document()
    words = labels(given.language)
    parts = [f"# {_markdown(given.title)}"]
    parts += [_markdown_block(block, given.space) for block in given.blocks]
    if given.citations:
        parts.append(f"## {words['sources']}")
    for citation in given.citations:
        parts.append(f"**[{citation.n}]** {_markdown_source(citation.article, words)}")
        parts.append(_markdown_quote(citation.quote))
        if citation.also_in:
            parts.append(f"{words['also_in']}: {_markdown(also_in(citation))}")
    if given.related:
        parts.append(f"## {words['related']}")
        for hit in given.related:
            parts.append(_markdown_source(hit.article, words))
            parts.append(_markdown_quote(hit.passage.text))
    return "\n\n".join(parts) + "\n"


def _markdown_block(block: Block, space: str) -> str:
    text = (space or " " * (block.kind == "item")).join(map(_markdown_run, block.runs))
    if block.kind == "note":
        return f"*{text}*"
    return {"heading": "## ", "item": "- "}.get(block.kind, "") + text


def _markdown_run(run: Run) -> str:
    text = _markdown(run.text)
    if run.lacking:
        return f"*{text}* ({_markdown(run.lacking)})"
    return (f"**{text}**" if run.strong else text) + "".join(f"[{n}]" for n in run.citations)


def _markdown_source(article: Article, words: Mapping[str, str]) -> str:
    title = _markdown(article.title or article.file or words["untitled"])
    address = web_address(article.url)
    linked = f"[{title}](<{address}>)" if address else title
    return ", ".join(filter(None, (linked, _markdown(byline(article)))))


def _markdown_quote(text: str) -> str:
    return "\n".join(f"> {_markdown(line)}" for line in text.split("\n"))


def _markdown(text: str) -> str:
    """The text on one line, with everything escaped that Markdown would read as markup."""
    return _MARKDOWN_NUMBER.sub(r"\1\\", _MARKDOWN.sub(r"\\\g<0>", one_line(text)))
