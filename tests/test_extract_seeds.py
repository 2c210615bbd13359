"""The seeds, as scraped: every sentence of the articles is kept and nothing of the pages is."""

import json
from pathlib import Path
from typing import Any

import pytest

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.read.sources import find_sources, load_pages
from index.records import Article, Page

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
GOLD: dict[str, Any] = json.loads((ROOT / "tests/data/seed_gold.json").read_text(encoding="utf-8"))
QUESTIONS = [
    json.loads(line)
    for line in (ROOT / "tests/data/seed_questions.jsonl").read_text(encoding="utf-8").splitlines()
]


def page_of(name: str) -> Page:
    (source,) = find_sources([SEEDS / name], LoadSettings())
    (page,) = load_pages(source, LoadSettings())  # type: ignore[arg-type]
    assert isinstance(page, Page)
    return page


def articles_of(name: str) -> list[Article]:
    found = list(extract_articles(page_of(name), LoadSettings()))
    return [article for article in found if isinstance(article, Article)]


@pytest.mark.parametrize("name", GOLD)
def test_every_sentence_is_kept_in_its_article(name: str) -> None:
    gold = GOLD[name]["articles"]
    articles = articles_of(name)
    assert len(articles) == len(gold)
    for article, expected in zip(articles, gold, strict=True):
        assert [s for s in expected["sentences"] if s not in article.text] == []


@pytest.mark.parametrize("name", GOLD)
def test_nothing_else_of_the_page_is_kept(name: str) -> None:
    text = "\n".join(article.text for article in articles_of(name))
    assert [line for line in GOLD[name]["absent"] if line in text] == []
    for article in articles_of(name):
        assert article.title not in article.text


@pytest.mark.parametrize("name", GOLD)
def test_metadata(name: str) -> None:
    for article, expected in zip(articles_of(name), GOLD[name]["articles"], strict=True):
        found = {field: getattr(article, field) for field in expected if field != "sentences"}
        assert found == {field: expected[field] for field in found}
        assert article.file == name


@pytest.mark.parametrize("name", GOLD)
def test_articles_lie_within_the_page_in_order(name: str) -> None:
    page = page_of(name)
    end = 0
    for article in articles_of(name):
        assert end <= article.page_start < article.page_end <= len(page.text)
        span = "".join(page.text[article.page_start : article.page_end].split())
        assert all("".join(line.split()) in span for line in article.text.split("\n"))
        end = article.page_end


def test_what_was_guessed_says_so() -> None:
    forum = articles_of("003_b4d6dea8c9dc75af.txt")
    assert forum[0].guessed == {"title", "author", "outlet", "language"}
    assert "published" in forum[1].guessed  # 10/09/22 could be the tenth of September
    labelled = articles_of("001_085789309409bdf5.txt")[0]  # 來源: and a full date
    assert labelled.guessed == {"title", "language"}


@pytest.mark.parametrize(
    "question", [q for q in QUESTIONS if q["answerable"]], ids=lambda q: q["id"]
)
def test_gold_quotes_survive_verbatim(question: dict[str, Any]) -> None:
    for evidence in question["evidence"]:
        assert any(evidence["quote"] in article.text for article in articles_of(evidence["file"]))
