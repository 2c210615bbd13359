"""What the API takes: the bodies of its requests, by the names that Python uses.

The filters are made from the fields of `Filter`, so that what can be filtered by in Python can be
here; their values are checked where Python's are.
"""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Annotated, Any, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, JsonValue, create_model

from index.store.catalog import Sort
from index.store.filters import Filter
from rag.analysis.checked import MOST_CHARS, MOST_CLAIMS
from rag.analysis.comparison import By

QUESTION_CHARS = 2000
LISTED = 100
"""Values one list of a filter may hold."""

Question = Annotated[
    str, Field(min_length=1, max_length=QUESTION_CHARS, description="In any language.")
]
Name = Annotated[str, Field(max_length=500)]


class Body(BaseModel):
    """A request's body: what it does not know is refused, so that slips are found."""

    model_config = ConfigDict(extra="forbid")


def _filter_field(name: str) -> tuple[Any, Any]:
    if getattr(Filter(), name) == "":
        say = "A date: 2023-03-01, 2023-03 or 2023."
        return Annotated[str, Field(max_length=40, description=say)], ""
    say = "Any of these; all where none is given."
    return Annotated[list[Name], Field(max_length=LISTED, description=say)], Field([])


if TYPE_CHECKING:

    class Filters(Body):
        """The fields of `Filter`."""
else:
    Filters = create_model(
        "Filters", __base__=Body, **{one.name: _filter_field(one.name) for one in fields(Filter)}
    )

FILTERS = frozenset(one.name for one in fields(Filter))


def filters(body: Filters) -> dict[str, Any]:
    """The filters of a body, as the library takes them."""
    return {name: value for name, value in body.model_dump(include=set(FILTERS)).items() if value}


class Search(Filters):
    """What to search for."""

    question: Question
    limit: int | None = Field(
        None, ge=1, le=1000, description="Passages; retrieve.limit of the settings unless given."
    )


class Turn(Body):
    """An earlier question of the conversation, and its answer."""

    question: Question
    answer: Annotated[str, Field(max_length=20_000)] = ""


class Ask(Filters):
    """What to answer."""

    question: Question
    history: list[Turn] = Field(
        [], max_length=50, description="Earlier turns, so that “and Uzbekistan?” is understood."
    )


class Check(Filters):
    """What to check."""

    claim: str = Field(
        min_length=1,
        max_length=MOST_CHARS,
        description=f"A sentence, or a text of at most {MOST_CLAIMS}, in any language.",
    )


class Compare(Filters):
    """What to compare."""

    question: Question
    by: Literal[get_args(By)] = "outlet"  # type: ignore[valid-type]
    most: int | None = Field(
        None,
        ge=1,
        le=20,
        description="How many groups to ask, 4 unless given; each takes an answer's time.",
    )


class TimelineOf(Filters):
    """What to list the events of."""

    topic: Question
    limit: int | None = Field(None, ge=1, le=500, description="Events; 30 unless given.")


class Listed(Filters):
    """Which articles to list, and in which order."""

    words: str = Field(
        "", max_length=500, description="They must be in title, outlet, author, file or url."
    )
    sort: Sort = "added"
    descending: bool = True
    offset: int = Field(0, ge=0, le=10**9)
    limit: int = Field(50, ge=1, le=200)


def _without_defaults(schema: dict[str, Any]) -> None:
    """Clients made from a description send the defaults that they find in it, which here would empty what
    is to stay as it is."""
    for field in schema["properties"].values():
        field.pop("default", None)


class Correction(Body):
    """What is right, by hand; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", json_schema_extra=_without_defaults)

    title: Name = ""
    outlet: Name = ""
    author: Name = ""
    published: Annotated[str, Field(max_length=40)] = Field("", description="ISO 8601.")
    country: Annotated[str, Field(max_length=40)] = ""
    tags: Annotated[list[Name], Field(max_length=LISTED)] = Field([])


class NewArticle(Body):
    """An article to add; give `text`, or `html` to have the text found in it."""

    text: str = ""
    html: str = ""
    title: Name = ""
    author: Name = ""
    outlet: Name = ""
    published: Annotated[str, Field(max_length=40)] = Field("", description="ISO 8601.")
    url: Annotated[str, Field(max_length=4000)] = ""
    language: Annotated[str, Field(max_length=40)] = Field(
        "", description="BCP 47; found out unless given."
    )
    tags: Annotated[list[Name], Field(max_length=LISTED)] = Field([])
    metadata: dict[str, JsonValue] = Field(
        {}, max_length=LISTED, description="Anything else, kept with the article."
    )


class NewArticles(Body):
    """Articles to add."""

    articles: list[NewArticle] = Field(min_length=1, max_length=1000)
