"""What is around the tabs: the head, what an empty library offers, and what the script needs.

In: the library's figures, the reader. Out: HTML.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from index.report import Status
from rag.llm.streaming import name_of
from ui.page.calls import Reader
from ui.page.render import FORMAT_NAMES, attribute, escape

if TYPE_CHECKING:
    from newscite import Library

SCRIPT_WORDS = (
    *("rename", "delete", "delete_sure", "cancel", "ok", "export_as", "open", "new_title"),
    *("why_up", "why_down", "send", "edit", "remove", "remove_sure", "save", "copied", "by_hand"),
    *("col_title", "col_outlet", "col_author", "col_published", "col_country", "col_tags"),
    *("choices", "search", "search_what", "sort_fit", "sort_date", "marked_n", "clear"),
    *("searching", "find", "sort", "search_hint", "find_article", "translating", "keys"),
    *("key_ask", "key_next", "key_open", "key_close", "key_help", "close", "conversations"),
    *("evidence", "lost", "too_big", "failed", "whole_paragraph", "more"),
)
"""What the script itself says."""


def head(state: Status, library: Library, reader: Reader) -> str:
    """The name, what is in the library, and which models are used."""
    say = reader.say
    dates = sorted({state.earliest[:10], state.latest[:10]} - {""})
    facts = [
        say["articles_n"].format(n=f"{state.articles:,}"),
        " – ".join(dates),
        state.embedder,
        say["extractive"] if library.llm is None else name_of(library.llm),
        reader.name,
    ]
    line = "".join(f"<span>{escape(fact)}</span>" for fact in facts if fact)
    show = attribute(say["keys"])
    return (
        f'<header class="nc-head"><h1>newscite</h1><p>{line}</p>'
        f'<button type="button" class="nc-plain" data-help title="{show}" aria-label="{show}">?'
        "</button></header>"
    )


def empty(reader: Reader) -> str:
    """What to do first where there are no articles yet."""
    say = reader.say
    buttons = (
        f'<button type="button" class="nc-first-add" data-go="library">{escape(say["add"])}</button> '
        f'<button type="button" class="nc-plain" data-examples>{escape(say["add_examples"])}</button>'
        if reader.may_edit
        else ""
    )
    return f'<p class="nc-notice"><span>{escape(say["empty"])}</span> {buttons}</p>'


def bridge(reader: Reader) -> str:
    """The words the script says, the element that screen readers follow, and its dialog."""
    table = {name: reader.say[name] for name in SCRIPT_WORDS}
    table["formats"] = FORMAT_NAMES
    words = attribute(json.dumps(table, ensure_ascii=False))
    return (
        f'<div id="nc-words" data-words="{words}" data-language="{reader.language}"></div>'
        '<div id="nc-status" class="nc-sr" role="status" aria-live="polite"></div>'
        '<dialog id="nc-dialog" aria-labelledby="nc-dialog-title"></dialog>'
    )


def chosen(given: dict[str, Any], summary: str) -> str:
    """The reader's choices, for the script; and as a line to read."""
    shown = escape(json.dumps(given, ensure_ascii=False))
    return f'<span data-summary="{attribute(summary)}">{shown}</span>'
