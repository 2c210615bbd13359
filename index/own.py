"""An object of the user's own, by its full name: "my_package.MyReader" -> one `MyReader()`.

In: the value of a setting. Out: the object; a class is called without arguments, once a process.
"""

from __future__ import annotations

import importlib
import re
from functools import lru_cache
from typing import Any

from index.errors import ConfigError

_FULL_NAME = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+")


def is_full_name(value: str) -> bool:
    """Whether a setting names something in a Python module, rather than a model or a folder."""
    return _FULL_NAME.fullmatch(value) is not None


@lru_cache(8)
def own(value: str, setting: str, method: str) -> Any:
    """The user's object, which has the method that newscite calls. Raises ConfigError."""
    module, _, name = value.rpartition(".")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"{setting} is {value!r}, which cannot be imported: {error}. Write the full name of a "
            "class, such as my_package.MyClass, and install its package beside newscite."
        ) from error
    made = found() if isinstance(found, type) else found
    if not callable(getattr(made, method, None)):
        raise ConfigError(f"{setting} is {value!r}, which has no method {method}().")
    return made
