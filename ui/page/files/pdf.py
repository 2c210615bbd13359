"""A PDF at the page of a quote, its words marked, as a page of its own.

In: a PDF file, a page's number, the quoted words. Out: HTML without script: the page as a picture
with marks laid over it, the way to the pages beside it and to the file itself.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from index.errors import InputError
from ui.page.render import attribute, escape, static
from ui.words import words

PATIENCE = 60.0
"""Seconds after which the process that draws is ended."""

QUOTED = 2000
"""Characters of a quote that are looked for."""

_START = "import sys; sys.path[:] = sys.argv[1:]; from ui.page.files.pdf_page import main; main()"


def page_of(path: Path, number: int, quote: str) -> dict[str, Any]:
    """What `ui.page.files.pdf_page` makes. Raises InputError where the page cannot be drawn."""
    paths = [os.path.abspath(entry) for entry in sys.path]  # noqa: PTH100  no Path for ""
    job = json.dumps({"path": str(path), "page": number, "quote": quote[:QUOTED]})
    command = [sys.executable, "-I", "-c", _START, *paths]
    try:
        made = subprocess.run(  # noqa: S603  this Python, and words of our own
            command, input=job.encode(), capture_output=True, timeout=PATIENCE, check=True
        )
        drawn: dict[str, Any] = json.loads(made.stdout)
    except (OSError, subprocess.SubprocessError, ValueError) as error:
        raise InputError(
            "pdf_page", "{name}: this page cannot be drawn. Open the file itself.", name=path.name
        ) from error
    return drawn


def shown(
    drawn: dict[str, Any], title: str, language: str, link: Callable[[int], str], file: str
) -> str:
    """The page as HTML; `link` gives the address of another page, `file` is that of the PDF."""
    say = words(language)
    number, count = drawn["page"], drawn["pages"]
    steps = "".join(
        f'<a href="{link(to)}" aria-label="{attribute(say[key])}" title="{attribute(say[key])}">{sign}</a>'
        if 1 <= to <= count
        else f"<span>{sign}</span>"
        for to, sign, key in ((number - 1, "‹", "previous_page"), (number + 1, "›", "next_page"))
    )
    marks = "".join(
        f'<mark{" id=words" if n == 0 else ""} style="left:{100 * left:.2f}%;top:{100 * top:.2f}%;'
        f'width:{100 * width:.2f}%;height:{100 * height:.2f}%"></mark>'
        for n, (left, top, width, height) in enumerate(drawn["places"])
    )
    where = escape(say["page_n"].format(n=number, of=count))
    lost = "" if marks else f"<p>{escape(say['no_words_here'])}</p>"
    return (
        f'<!doctype html>\n<html lang="{attribute(language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{attribute(title)}</title><style>{static('pdf.css')}</style></head><body><header>"
        f"<h1>{escape(title)}</h1><nav>{steps}<span>{where}</span>"
        f'<a href="{file}#page={number}">{escape(say["whole_file"])}</a></nav>{lost}</header>'
        f'<figure style="aspect-ratio:{drawn["ratio"]:.4f}"><img alt="{where}" '
        f'src="data:image/png;base64,{drawn["picture"]}">{marks}</figure></body></html>\n'
    )
