"""The writer of each file ending: Markdown, JSON, DOCX, BibTeX, RIS, CSL-JSON.

In: a `Result`. Out: bytes. Quotes stay in their original words; only http and https addresses become
links. HTML is made by the page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

from rag.export.documents import Result
from rag.export.markdown import to_markdown
from rag.export.references import to_bibtex, to_csl_json, to_ris
from rag.export.word import to_docx


def to_json(result: Result) -> str:
    """Its `to_dict`, indented."""
    return json.dumps(result.to_dict(), ensure_ascii=False, indent=2) + "\n"


Writer = Callable[[Result], bytes]


def _encoded(write: Callable[[Result], str]) -> Writer:
    return lambda result: write(result).encode("utf-8", "replace")


WRITERS: Mapping[str, Writer] = {
    ".md": _encoded(to_markdown),
    ".docx": to_docx,
    ".bib": _encoded(to_bibtex),
    ".ris": _encoded(to_ris),
    ".csl.json": _encoded(to_csl_json),
    ".json": _encoded(to_json),
}
"""The writer of each file ending. A longer ending stands before a shorter one that it ends with."""
