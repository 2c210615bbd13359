"""What somebody typed, if it is text.

In: a question or claim. Out: the same. A terminal that is not set to UTF-8 sends bytes that no model can read.
"""

from __future__ import annotations

from index.errors import InputError


def typed(text: str) -> str:
    """The text. Raises InputError where bytes in it are no text."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise InputError(
            "not_utf8",
            "What was typed is not in UTF-8. Set the terminal to UTF-8, or use the page.",
        ) from None
    return text
