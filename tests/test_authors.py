"""Who wrote an article, as a list of references wants it."""

from __future__ import annotations

import pytest

from rag.export.authors import authors


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ("徐博、鄒松洋", ["徐博", "鄒松洋"]),
        ("徐博 鄒松洋", ["徐博", "鄒松洋"]),
        ("陳艾伶", ["陳艾伶"]),
        ("阿列克謝·納瓦尼", ["阿列克謝·納瓦尼"]),
        ("Diane Francis", ["Francis, Diane"]),
        ("Roe, Jane", ["Roe, Jane"]),
        ("Jane Roe and John van Dam", ["Roe, Jane", "van Dam, John"]),
        ("Jane Roe, John Doe, and Ann B. Lee", ["Roe, Jane", "Doe, John", "Lee, Ann B."]),
        ("Zou Songyang", ["Zou, Songyang"]),
        ("Reuters Staff", ["Reuters Staff"]),
        ("Associated Press", ["Associated Press"]),
        ("AP; Jane Roe", ["AP", "Roe, Jane"]),
        ("AFP, DPA", ["AFP", "DPA"]),
        ("John Doe, Jr., Jane Roe", ["John Doe Jr.", "Roe, Jane"]),
        ("新華社", ["新華社"]),
        ("Jane Roe, Jane Roe", ["Roe, Jane"]),
        (" \n", []),
        (", ,", []),
    ],
)
def test_authors(byline: str, names: list[str]) -> None:
    assert [author.inverted for author in authors(byline)] == names
