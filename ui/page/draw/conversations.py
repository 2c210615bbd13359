"""The list of conversations, by when they were last gone on with.

In: conversations. Out: HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ui.page.kept.conversations import Conversation
from ui.page.render import attribute, escape


def none(why: str) -> str:
    """The list where there is nothing to list."""
    return f'<p class="nc-hint">{escape(why)}</p>'


def listed(given: Sequence[Conversation], current: str, head: str, say: Mapping[str, str]) -> str:
    """Below each day its conversations, with what can be done with them."""
    items, day = [], ""
    for one in given:
        if one.changed[:10] != day:
            day = one.changed[:10]
            items.append(f'<li class="nc-day">{escape(day)}</li>')
        items.append(
            f'<li class="nc-conversation{" nc-current" if one.id == current else ""}">'
            f'<a href="?c={one.id}" data-open="{one.id}" title="{attribute(one.title)}">'
            f"{escape(one.title or '…')}</a>"
            f'<button type="button" class="nc-plain" data-more="{one.id}" '
            f'aria-label="{attribute(say["more_for"].format(title=one.title))}">⋯</button></li>'
        )
    heading = f"<h2>{escape(head)}</h2>" if head else ""
    return f"{heading}<ul>{''.join(items)}</ul>"
