"""An LLM that is opened and loaded while something else is done.

In: what opens it. Out: a function that waits until it is there. A model in this process takes some seconds
to load, in which one processor is enough for the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from index.errors import ModelError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

OpensLLM = Callable[[], "LLM | None"]
"""Opens an LLM. That takes seconds, so a caller that shows the evidence first passes this
function."""


def opened_meanwhile(opens: OpensLLM) -> OpensLLM:
    """Begins to open an LLM, and returns what waits for it; raises what opening it raises."""
    with_thread = ThreadPoolExecutor(1, thread_name_prefix="open-llm")
    opening = with_thread.submit(_loaded, opens)
    with_thread.shutdown(wait=False)
    return opening.result


def _loaded(opens: OpensLLM) -> LLM | None:
    llm = opens()
    if warm_up := getattr(llm, "warm_up", None):
        with suppress(ModelError):  # raised again by whoever asks it something, and told there
            warm_up()
    return llm
