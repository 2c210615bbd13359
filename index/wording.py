"""What newscite tells people of what went wrong, as it can be told in every language that has a pack.

In: a key, the English sentence, the values in it. Out: a `Wording`: that sentence, a str like any
other for code, the command line and the HTTP API. The page says it in its reader's language (`said` in
ui/words.py) with what the packs' messages.toml have for the key.
"""

from __future__ import annotations

import errno
from typing import Any, Self


class Wording(str):
    """An English sentence that can be said in other languages too."""

    key: str
    values: dict[str, str]
    """What stands in the sentence, by name; one of them may be a Wording in turn."""
    _english: str

    def __new__(cls, key: str, english: str, /, **values: object) -> Self:
        given = {name: one if isinstance(one, str) else str(one) for name, one in values.items()}
        made = super().__new__(cls, english.format(**given))
        made.key, made.values, made._english = key, given, english
        return made

    def __getnewargs_ex__(self) -> tuple[tuple[str, str], dict[str, Any]]:
        """Another process gets it whole."""
        return (self.key, self._english), dict(self.values)


def of_system(error: OSError) -> str:
    """What the operating system has against it."""
    kind = errno.errorcode.get(error.errno or 0, "")
    return Wording(f"system_{kind}", "{error}", error=error.strerror or error)
