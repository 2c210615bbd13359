"""Results as they are kept in the database, and back.

In: an answer, a comparison, a timeline or a checked text. Out: JSON without the texts of articles, which the
library holds anyway; and from it the same result again, with every article as the library has it
now. An article that has gone, or whose text has changed, comes back without text: its quotes are in
the citations and can still be shown.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from index.store.rows import StoredArticle
from rag.analysis.checked import FactCheck
from rag.analysis.comparison import Comparison
from rag.analysis.events import Timeline
from rag.answer.answer import Answer
from rag.export.documents import Result

_KINDS: dict[str, type] = {
    "answer": Answer,
    "comparison": Comparison,
    "timeline": Timeline,
    "check": FactCheck,
}

Lookup = Callable[[str], StoredArticle | None]
"""An article by its id, as a library has it."""


def write(result: Result) -> str:
    """The result as JSON."""
    kind = next(name for name, made in _KINDS.items() if isinstance(result, made))
    data = _adapter(kind).dump_python(result, mode="json")
    return json.dumps({"kind": kind, "result": _articles(data, _emptied)}, ensure_ascii=False)


def read(record: str, lookup: Lookup) -> Result | None:
    """The result again; None where another version of newscite wrote what this one cannot read."""

    def filled(article: dict[str, Any]) -> dict[str, Any]:
        now = lookup(article["id"])
        return article if now is None else _article().dump_python(now, mode="json")

    try:
        kept = json.loads(record)
        data = _articles(kept["result"], filled)
        result: Result = _adapter(kept["kind"]).validate_python(data)
    except (ValidationError, KeyError, ValueError):
        return None
    return result


def _articles(data: Any, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Any:
    """The data with every article in it changed."""
    if isinstance(data, list):
        return [_articles(item, change) for item in data]
    if not isinstance(data, dict):
        return data
    if "canonical_url" in data:
        return change(data)
    return {key: _articles(value, change) for key, value in data.items()}


def _emptied(article: dict[str, Any]) -> dict[str, Any]:
    return {**article, "text": "", "metadata": {}}


@cache
def _adapter(kind: str) -> TypeAdapter[Any]:
    return TypeAdapter(_KINDS[kind])


@cache
def _article() -> TypeAdapter[StoredArticle]:
    return TypeAdapter(StoredArticle)
