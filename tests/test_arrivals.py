"""Kinds of files that people have, as they come: what is said of each article, and its text whole.

tests/data/arrivals.json says of each file in tests/data/arrivals what comes out of it. The number that a name
begins with is that of the kind: 01 wrapped text, 02 exports and clippings, 03 fields with markup, 04 Word,
05 dates, 06 bytes, 07 feeds and mail, 08 tables, 10 bylines and offers, 13 what a page does not show.
"""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from index.records import Article, LeftOut, Rejection
from tests.test_load_formats import read

DATA = Path(__file__).parent / "data"
WANTED: dict[str, Any] = json.loads((DATA / "arrivals.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", WANTED)
def test_what_is_said_and_kept(tmp_path: Path, name: str) -> None:
    wanted = WANTED[name]
    file = tmp_path / name
    shutil.copy(DATA / "arrivals" / name, file)
    found = list(read(file))
    rejected = [x for x in found if isinstance(x, Rejection) and not isinstance(x, LeftOut)]
    articles = [one for one in found if isinstance(one, Article)]
    assert len(rejected) == wanted["rejected"]
    if wanted["articles"] is not None:
        assert [_said(a, w) for a, w in zip(articles, wanted["articles"], strict=True)] == wanted[
            "articles"
        ]
    text = "\n".join(article.text for article in articles)
    assert [part for part in wanted["kept"] if part not in text] == []
    assert [part for part in wanted["left_out"] if part in text] == []


def _said(article: Article, wanted: dict[str, str]) -> dict[str, str]:
    """What an article says of what is wanted: its date as precisely as that, its file by name."""
    said = {name: str(getattr(article, name)) for name in wanted}
    if "published" in said:
        said["published"] = said["published"][: len(wanted["published"])]
    if "file" in said:
        said["file"] = said["file"][-len(wanted["file"]) :]
    return said


def test_every_file_is_looked_at() -> None:
    assert {file.name for file in (DATA / "arrivals").iterdir()} == WANTED.keys()
