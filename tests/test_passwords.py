"""Passwords in addresses are neither shown nor stored."""

import pytest

from index.config import LLMSettings, LoadSettings
from index.errors import ConfigError
from index.extract.articles import extract_articles
from index.languages.text import without_password
from index.read.sources import find_sources
from index.records import Article, Page, Rejection
from rag.llm.opening import open_llm

SECRET = "http://reader:hunter2@127.0.0.1:1/story?a=b@c"  # noqa: S105  none of ours
TEXT = "Kazakhstan closed its trade office in Moscow after 31 years, officials said on Wednesday."


def test_without_password() -> None:
    assert without_password(SECRET) == "http://127.0.0.1:1/story?a=b@c"
    assert without_password("https://example.org/@name") == "https://example.org/@name"
    assert without_password("mailto:a@b.org") == "mailto:a@b.org"


def test_a_rejected_address_is_shown_without_its_password() -> None:
    (rejected,) = find_sources([SECRET], LoadSettings())
    assert isinstance(rejected, Rejection)
    assert "hunter2" not in f"{rejected}"


def test_an_articles_address_is_stored_without_its_password() -> None:
    (article,) = extract_articles(Page("a", TEXT, "text", {"url": SECRET}, "1"), LoadSettings())
    assert isinstance(article, Article)
    assert article.url == without_password(SECRET)


def test_a_servers_address_with_a_password_is_refused() -> None:
    with pytest.raises(ConfigError, match="api_key_env") as refused:
        open_llm(LLMSettings(model="http://me:hunter2@127.0.0.1:1/v1"))
    assert "hunter2" not in str(refused.value)
