"""The errors newscite raises: each message says what happened and what to do about it."""

from __future__ import annotations

from index.wording import Wording


class NewsciteError(Exception):
    """Base of every error this project raises on purpose.

    Made of its message; or, where a reader of the page can meet it, of what a `Wording` is made of:
    a key, the English sentence and its values.
    """

    def __init__(self, message: str, english: str = "", /, **values: object) -> None:
        super().__init__(Wording(message, english, **values) if english else message)

    @property
    def message(self) -> str:
        """What happened and what to do about it; a `Wording` where it can be said in any language."""
        said: str = self.args[0]
        return said


class ConfigError(NewsciteError):
    """A setting is unknown, has a bad value, or names something that is not there."""


class InputError(NewsciteError):
    """What the user gave (a path, a url, a filter, a question) cannot be used."""


class ModelError(NewsciteError):
    """An embedder, reader or LLM cannot be found, loaded or reached."""


class LibraryError(NewsciteError):
    """A library is missing, broken, locked, or was built by another embedder."""
