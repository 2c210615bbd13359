"""Where the page is, and what a screen reader is to say: a line of JSON that its script reads.

In: the conversation, the turn. Out: HTML of a hidden element. From it static/core.js keeps the
address of the page, so that it can be opened again, and the list of conversations.
"""

from __future__ import annotations

import json

from ui.page.calls import Reader
from ui.page.render import escape


def place(
    reader: Reader,
    conversation: str = "",
    turn: str = "",
    say: str = "",
    *,
    tab: str = "ask",
    citation: str = "",
) -> str:
    """The hidden element's content."""
    state = {
        "tab": tab,
        "conversation": conversation,
        "turn": turn,
        "citation": citation,
        "said": reader.say[say] if say else "",
    }
    return f"<span>{escape(json.dumps(state, ensure_ascii=False))}</span>"
