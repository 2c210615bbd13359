"""A checked text: each sentence with what the articles say of it, and the quotes for and against.

In: a `FactCheck`. Out: HTML.
"""

from __future__ import annotations

from collections.abc import Mapping

from rag.analysis.checked import CheckedClaim, FactCheck
from rag.results.hits import Citation
from ui.page.draw.answers import message
from ui.page.render import attribute, escape, heading_of, origin
from ui.words import words

SIGNS = {"supported": "✓", "contradicted": "✗", "partly": "◐", "not found": "∅", "no claim": "–"}


def checked(result: FactCheck, turn: str) -> str:
    """A card for each sentence."""
    say = words(result.language)
    cards = "".join(_claim(claim, turn, result.language, say) for claim in result.claims)
    return message([f'<div class="nc-claims">{cards}</div>'], result, turn)


def _claim(claim: CheckedClaim, turn: str, language: str, say: Mapping[str, str]) -> str:
    kind = claim.verdict.replace(" ", "_")
    verdict = f"{SIGNS[claim.verdict]} {escape(say[kind])}"
    differing = "".join(
        f"<li>{escape(one.claim)} ≠ {escape(one.article)}</li>"
        for one in claim.differs
        if one.claim and one.article
    )
    reasons = "".join(f"<li>{escape(reason)}</li>" for reason in claim.reasons)
    why = f"<ul>{differing}{reasons}</ul>" if differing or reasons else ""
    quotes = "".join(_quote(one, turn, "nc-for") for one in claim.supporting)
    quotes += "".join(_quote(one, turn, "nc-against") for one in claim.against)
    return (
        f'<section class="nc-claim nc-claim-{kind}"><div class="nc-found-out">{verdict}</div>'
        f'<p lang="{attribute(language)}">{escape(claim.text)}</p>{why}{quotes}</section>'
    )


def _quote(citation: Citation, turn: str, side: str) -> str:
    """The words of an article, to be opened where they stand."""
    article = citation.article
    marker = f'<a class="cite" href="#c-{turn}-{citation.n}">[{citation.n}]</a>'
    return (
        f'<blockquote class="{side}"><span class="nc-sentence" lang="{attribute(article.language)}">'
        f"{escape(citation.quote)}{marker}</span>"
        f"<footer>{escape(heading_of(article))} {origin(article)}</footer></blockquote>"
    )
