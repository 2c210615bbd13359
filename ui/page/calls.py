"""What the page's script may call: one door, through which every call goes.

In: a call from the browser, a name and its values. Out: what the function of that name returns, or
{"error": ...} in words that name the cure. Values are checked against the function's annotations,
since anything can come from a browser; who asks and in which language comes from the request.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr
from pydantic import ValidationError, validate_call

from index.errors import NewsciteError
from ui.words import BROWSER, WORDS, said, words

logger = logging.getLogger(__name__)

Allowed = Callable[[str], bool]
"""Whether the user of this name may change the library."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Who sits at the page."""

    name: str = ""
    """"" where nobody has to log in."""
    language: str = "en"
    may_edit: bool = True

    @property
    def say(self) -> Any:
        """The page's words in the reader's language."""
        return words(self.language)


class Calls:
    """The functions the page's script may call, by name."""

    def __init__(self, may_edit: Allowed) -> None:
        self._functions: dict[str, Callable[..., dict[str, Any]]] = {}
        self._may_edit = may_edit
        self._editing: set[str] = set()

    def offer(self, *functions: Callable[..., dict[str, Any]], editing: bool = False) -> None:
        """Lets the script call these; each takes a `Reader` first. `editing`: only editors may."""
        for function in functions:
            self._functions[function.__name__] = validate_call(function)
            if editing:
                self._editing.add(function.__name__)

    def reader(self, request: gr.Request | None) -> Reader:
        """Who sent a request."""
        if request is None:
            return Reader()
        name = user_of(request)
        return Reader(name, browser_language(request), self._may_edit(name))

    def call(self, asked: dict[str, Any], request: gr.Request) -> dict[str, Any]:
        """Answers one call of the script."""
        reader = self.reader(request)
        name = str(asked.get("name"))
        function = self._functions.get(name)
        if function is None:
            return {"error": reader.say["bad_call"]}
        if name in self._editing and not reader.may_edit:
            return {"error": reader.say["editors_only"]}
        try:
            return function(reader, **asked.get("given", {}))
        except NewsciteError as error:
            return {"error": said(error.message, reader.language)}
        except ValidationError as error:
            logger.warning("a call of %s with bad values: %s", name, error)
            return {"error": reader.say["bad_call"]}


def user_of(request: Any) -> str:
    """Who is logged in. For its own events Gradio says so; for the script's calls there is only the
    cookie."""
    if isinstance(request, gr.Request):
        return request.username or ""
    app = request.app
    cookies = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    tokens = (request.cookies.get(cookie) for cookie in cookies)
    return next((app.tokens[token] for token in tokens if token in app.tokens), "")


def browser_language(request: Any) -> str:
    """The first of the browser's languages the page has words for, as "en", "zh-Hant", ..."""
    for choice in request.headers.get("accept-language", "").split(","):
        tag = choice.split(";")[0].strip()
        said = BROWSER.get(tag) or BROWSER.get(tag.split("-")[0])
        if said:
            return next(language for language, table in WORDS.items() if table is said)
    return "en"
