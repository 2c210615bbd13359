"""Results as an assistant is given them: what it needs to answer and to cite, and no more.

In: hits, an answer, a comparison, a timeline, an article. Out: plain data in which every quote has
the address where it can be read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from index.store.rows import StoredArticle
    from newscite import Library
    from rag.analysis.checked import FactCheck
    from rag.analysis.comparison import Comparison
    from rag.analysis.events import Timeline
    from rag.answer.answer import Answer
    from rag.results.hits import Hits

ADDRESS = "newscite://articles/{}"

_NEEDED = frozenset(
    ("question", "language", "abstained", "text", "sentences", "sides", "citations", "notes")
)
_OF_PASSAGE = (
    *("rank", "score", "text", "best_sentence", "start", "end", "language"),
    *("title", "outlet", "author", "published", "url", "article_id", "duplicates"),
)


def passages(hits: Hits) -> dict[str, Any]:
    """Passages, best first."""
    return {
        "confidence": round(hits.confidence, 3),
        "passages": [
            _addressed({key: value for key, value in hit.to_dict().items() if key in _OF_PASSAGE})
            for hit in hits
        ],
    }


def answer(given: Answer) -> dict[str, Any]:
    """An answer without what was merely found."""
    kept = {key: value for key, value in given.to_dict().items() if key in _NEEDED}
    return {**kept, "citations": _cited(given)}


def checked(result: FactCheck) -> dict[str, Any]:
    """The claims with the quotes for and against them."""
    claims = [claim.to_dict() for claim in result.claims]
    for claim in claims:
        for side in ("for", "against"):
            claim[side] = [_addressed(citation) for citation in claim[side]]
    return {"claims": claims}


def comparison(result: Comparison) -> dict[str, Any]:
    """The groups' answers, their findings, and one list of citations for all."""
    groups = [
        {"name": group.name, "articles": group.articles, "answer": group.answer.text}
        for group in result.groups
    ]
    return {
        "by": result.by,
        "groups": groups,
        "findings": [finding.to_dict() for finding in result.findings],
        "left_out": list(result.left_out),
        "citations": _cited(result),
    }


def timeline(result: Timeline) -> dict[str, Any]:
    """The events, and the citations they name."""
    events = [event.to_dict() for event in result.events]
    for event in events:
        del event["mentions"]
    return {"events": events, "citations": _cited(result)}


def article(given: StoredArticle, start: int, most: int) -> dict[str, Any]:
    """An article, its text from `start` on; `next_start` where there is more."""
    fields = _addressed({**given.to_dict(), "article_id": given.id})
    end = start + most
    more = {"next_start": end} if end < len(given.text) else {}
    return {**fields, "text": given.text[start:end], "start": start, **more}


def listed(library: Library, most: int) -> list[dict[str, Any]]:
    """The articles added last, newest first."""
    return [
        {
            "address": ADDRESS.format(one.id),
            "title": one.title,
            "outlet": one.outlet,
            "published": one.published,
        }
        for one in library.listing(limit=most).rows
    ]


def _cited(result: Answer | Comparison | Timeline) -> list[dict[str, Any]]:
    return [_addressed(citation.to_dict()) for citation in result.citations]


def _addressed(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {**fields, "address": ADDRESS.format(fields["article_id"])}
