"""The categories of an article: those that its metadata name, then its tags.

In: an article's tags and metadata. Out: a list, each category once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

KEYS = ("category", "categories", "section")
"""Where data name them."""


def categories(tags: Iterable[str], metadata: Mapping[str, Any]) -> list[str]:
    """The categories, as they are written."""
    named: list[Any] = []
    for key in KEYS:
        stated = metadata.get(key)
        named += stated if isinstance(stated, list) else [stated]
    return list(
        dict.fromkeys(str(one).strip() for one in (*named, *tags) if one and str(one).strip())
    )


def categories_of(tags: str, metadata: str) -> str:
    """The same for an article as the database holds it, as a JSON list."""
    if not any(f'"{key}"' in metadata for key in KEYS):
        return tags
    return json.dumps(categories(json.loads(tags), json.loads(metadata)), ensure_ascii=False)
