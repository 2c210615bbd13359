"""The articles of a library over HTTP: listed, read, added, corrected, removed; and its status."""

from __future__ import annotations

from dataclasses import asdict
from importlib.metadata import version
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import JSONResponse

from rag.llm.streaming import name_of
from ui.api import schemas
from ui.api.asking import Served
from ui.api.callers import Editor, Reader
from ui.api.problems import RefusedError, responses
from ui.api.requests import Correction, Listed, NewArticles, filters
from ui.api.sent import read_sent

if TYPE_CHECKING:
    from index.store.catalog import Row
    from index.store.rows import StoredArticle
    from newscite import Library

router = APIRouter(tags=["library"])

ArticleId = Annotated[str, Path(max_length=64, description="An article's id, as results give it.")]


@router.get("/status", response_model=schemas.Status, responses=responses())
def status(library: Served, user: Reader) -> JSONResponse:
    """What the library holds, and which models serve it."""
    state = asdict(library.status())
    del state["path"]  # where it lies is for who runs the server
    llm = name_of(library.llm) if library.llm is not None else ""
    return JSONResponse({**state, "llm": llm, "version": version("newscite")})


@router.get("/articles", response_model=schemas.Listing, responses=responses())
def list_articles(
    chosen: Annotated[Listed, Query()], library: Served, user: Reader
) -> JSONResponse:
    """A page of the list of articles that match, without their texts."""
    order = chosen.model_dump(include={"words", "sort", "descending", "offset", "limit"})
    found = library.listing(**order, **filters(chosen))
    return JSONResponse({"rows": [_row(row) for row in found.rows], "total": found.total})


@router.get("/articles/{article_id}", response_model=schemas.Article, responses=responses(404))
def get(article_id: ArticleId, library: Served, user: Reader) -> JSONResponse:
    """An article with its text: the offsets of citations count in it."""
    return JSONResponse(_known(library, article_id).to_dict())


@router.post(
    "/articles", status_code=201, response_model=schemas.AddReport, responses=responses(400, 413)
)
def add(body: NewArticles, library: Served, user: Editor) -> JSONResponse:
    """Add articles; those that the library holds already are skipped."""
    return JSONResponse(asdict(read_sent(library, body.articles)), status_code=201)


@router.patch(
    "/articles/{article_id}", response_model=schemas.Article, responses=responses(400, 404, 413)
)
def correct(article_id: ArticleId, body: Correction, library: Served, user: Editor) -> JSONResponse:
    """Set right by hand what is known of an article; kept when it is added again."""
    known = _known(library, article_id)
    right = library.correct(known.id, **body.model_dump(exclude_unset=True))
    return JSONResponse(right.to_dict())


@router.delete(
    "/articles/{article_id}", response_model=schemas.RemoveReport, responses=responses(404)
)
def remove(article_id: ArticleId, library: Served, user: Editor) -> JSONResponse:
    """Remove an article."""
    return JSONResponse(asdict(library.remove([_known(library, article_id).id])))


def _row(row: Row) -> dict[str, Any]:
    fields = asdict(row)
    return {**fields, "guessed": sorted(row.guessed), "corrected": sorted(row.corrected)}


def _known(library: Library, article_id: str) -> StoredArticle:
    article = library.article(article_id)
    if article is None:
        raise RefusedError(404, f"There is no article {article_id!r}: it may have been removed.")
    return article
