"""The errors newscite raises: each message says what happened and what to do about it."""


class NewsciteError(Exception):
    """Base of every error this project raises on purpose."""


class ConfigError(NewsciteError):
    """A setting is unknown, has a bad value, or names something that is not there."""


class InputError(NewsciteError):
    """What the user gave (a path, a url, a filter, a question) cannot be used."""


class ModelError(NewsciteError):
    """An embedder, reader or LLM cannot be found, loaded or reached."""


class LibraryError(NewsciteError):
    """A library is missing, broken, locked, or was built by another embedder."""
