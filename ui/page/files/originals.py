"""The file an article was made from, beside its text; a PDF opens at the page of the quoted words.

In: an article of the library. Out: the file, on the page's own address, where it still is where it
was added from. What others wrote is never run: of a file only PDF and plain text are shown. A PDF
opens as a picture of the page on which the quoted words stand, with these marked.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import shutil
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import (
    FileResponse,
    HTMLResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from starlette.routing import Route

from index.errors import InputError
from index.store.rows import StoredArticle
from ui.page.calls import browser_language
from ui.page.files import pdf
from ui.page.render import escape, title_of
from ui.words import words

if TYPE_CHECKING:
    from starlette.requests import Request

    from newscite import Library

PATH = "/original/{article}"
SHOWN_AS = {".pdf": "application/pdf"}
AS_TEXT = frozenset((".txt", ".md", ".html", ".htm", ".xml", ".json", ".jsonl", ".csv", ".eml"))
UPLOADS = "uploads"
"""The folder of the library in which uploaded files are kept."""

_SECRET = secrets.token_bytes(16)
"""Signs the links, so that only those who were sent the page can follow them."""

HEADERS = {"X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}


def original_file(library: Library, article: StoredArticle) -> Path | None:
    """The file an article was added from, if it is there and is one that can be shown or saved."""
    for key in library.sources_of(article):
        path = Path(key)
        if path.is_absolute() and path.is_file():
            return path
    return None


def original_link(
    library: Library, article: StoredArticle, language: str, span: tuple[int, int] = (0, 0)
) -> str:
    """A link to the file; for a PDF, to the page on which the span begins. "" where there is none."""
    path = original_file(library, article)
    if path is None:
        return ""
    address = f"original/{article.id}?key={_key(article.id)}"
    if path.suffix.lower() == ".pdf":
        address += _page_query(page_of(article, span[0]), *span)
    say = words(language)["original_file"]
    return (
        f'<a class="nc-out nc-original" href="{escape(address)}" '
        f'target="_blank" rel="noopener">{escape(say)}</a>'
    )


def _page_query(number: int, start: int, end: int) -> str:
    return f"&page={number}&from={start}&to={end}#words"


def _key(article_id: str) -> str:
    return hmac.new(_SECRET, article_id.encode(), hashlib.sha256).hexdigest()[:32]


def keep_uploads(library: Library, paths: Sequence[str]) -> list[Path]:
    """Uploaded files moved into the library's folder, where their articles can find them again."""
    kept = []
    for path in map(Path, paths):
        digest = hashlib.sha256(path.read_bytes()).hexdigest()[:16]
        target = (library.path / UPLOADS).absolute() / digest / path.name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(path, target)
        kept.append(target)
    return kept


def drop_uploads(library: Library, keys: Iterable[str]) -> None:
    """Deletes those of the files that were uploaded and hold no article of the library any more."""
    for key in keys:
        path = Path(key)
        ours = path.is_relative_to((library.path / UPLOADS).absolute())
        if ours and not library.listing(files=[key], limit=1).total:
            path.unlink(missing_ok=True)


def page_of(article: StoredArticle, place: int) -> int:
    """The page of a PDF on which a place of the text is, counted from 1; 1 where that is not known."""
    before = [number for start, number in article.metadata.get("pages", ()) if start <= place]
    return before[-1] if before else 1


def route(library: Library) -> Route:
    """Serves originals to who has a link that the page made."""

    def original(request: Request) -> Response:
        name, say = request.path_params["article"], words(browser_language(request))
        if not hmac.compare_digest(
            request.query_params.get("key", "").encode(), _key(name).encode()
        ):
            return PlainTextResponse(say["open_again"], 403)
        article = library.article(name)
        path = original_file(library, article) if article else None
        if path is None:
            return PlainTextResponse(say["file_gone"], 404)
        ending = path.suffix.lower()
        if article and ending == ".pdf" and "page" in request.query_params:
            return _pdf_page(article, path, request)
        if ending in AS_TEXT:
            return FileResponse(path, media_type="text/plain", headers=HEADERS)
        shown = SHOWN_AS.get(ending)
        how = "inline" if shown else "attachment"
        return FileResponse(
            path,
            media_type=shown,
            filename=path.name,
            content_disposition_type=how,
            headers=HEADERS,
        )

    return Route(PATH, original, methods=["GET"])


def _pdf_page(article: StoredArticle, path: Path, request: Request) -> Response:
    """A page of a PDF with the span marked; the file itself where it cannot be drawn."""
    asked = request.query_params
    number, start, end = (
        int(asked.get(name, "")) if asked.get(name, "").isdigit() else 0
        for name in ("page", "from", "to")
    )
    file = f"{article.id}?key={_key(article.id)}"
    try:
        drawn = pdf.page_of(path, number, article.text[start:end])
    except InputError:
        return RedirectResponse(f"{file}#page={number}")
    html = pdf.shown(
        drawn,
        title_of(article),
        browser_language(request),
        lambda to: escape(file + _page_query(to, start, end)),
        escape(file),
    )
    return HTMLResponse(html, headers=HEADERS)
