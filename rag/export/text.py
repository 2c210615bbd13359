"""Text of articles as any document may take it, and where else a quote stands."""

from __future__ import annotations

from rag.results.hits import Citation
from rag.results.text import byline, clean, one_line, quoted, show_date, web_address

__all__ = ["also_in", "byline", "clean", "one_line", "quoted", "show_date", "web_address"]


def also_in(citation: Citation) -> str:
    """The outlets (or files) of the reprints, each once."""
    return ", ".join(dict.fromkeys(one_line(twin.outlet or twin.file) for twin in citation.also_in))
