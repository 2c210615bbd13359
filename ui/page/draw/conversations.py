"""The list of conversations, by when they were last gone on with.

In: conversations. Out: HTML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ui.page.conversations import Conversation
from ui.page.render import attribute, escape


def listed(given: Sequence[Conversation], current: str, words: str, say: Mapping[str, str]) -> str:
    """Each conversation with its title, its date and what can be done with it."""
    if not given:
        return f'<p class="nc-hint">{escape(say["none_found" if words else "none_yet"])}</p>'
    items = "".join(
        f'<li class="nc-conversation{" nc-current" if one.id == current else ""}">'
        f'<a href="?c={one.id}" data-open="{one.id}" title="{attribute(one.title)}">'
        f"{escape(one.title or '…')}</a><small>{escape(one.changed[:10])}</small>"
        f'<button type="button" class="nc-plain" data-more="{one.id}" '
        f'aria-label="{attribute(say["more_for"].format(title=one.title))}">⋯</button></li>'
        for one in given
    )
    return f"<ul>{items}</ul>"
