"""Characters no reader sees: kept in the original, nothing for matching, no way to forge a quote."""

import json
from collections.abc import Iterator

import pytest

import newscite
from index.config import load_settings
from index.languages.present import present_terms
from index.languages.terms import find_terms, located_terms, terms
from index.languages.text import has_invisible, visible
from rag.results.text import clean
from tests.toy import ToyEmbedder

HIDDEN = [
    ("priva\u00adti\u00adsa\u00adtion", "privatisation", "en"),
    ("阿\u200b利\u200b耶\u200b夫", "阿利耶夫", "zh-Hant"),
    ("wheat\u2060 ex\u200cports", "wheat exports", "en"),
    ("\u202eprivatisation\u202c", "privatisation", "en"),
    ("прива\u00adтизация", "приватизация", "ru"),
    ("\ufeff高雄\u200d港", "高雄港", "zh-Hant"),
]


@pytest.mark.parametrize(("text", "shown", "language"), HIDDEN)
def test_they_do_not_matter_for_matching(text: str, shown: str, language: str) -> None:
    assert terms(text, language) == terms(shown, language)
    wanted = frozenset(terms(shown, language))
    assert present_terms([text], [[(0, len(text))]], [language], sorted(wanted)).all()
    for start, end in find_terms(text, language, wanted):
        assert visible(text[start:end])[0] in shown
    assert all(0 <= at < len(text) for _, at in located_terms(text, language))


def test_places_lead_back() -> None:
    text = "a\u00adb\u200bc"
    shown, places = visible(text)
    assert shown == "abc"
    assert [text[at] for at in places[:-1]] == ["a", "b", "c"]
    assert places[-1] == len(text)


@pytest.mark.parametrize("code", [0x202E, 0x202D, 0x2066, 0x2067, 0x2069, 0x200F, 0x061C])
def test_nothing_turns_a_quote_round(code: int) -> None:
    assert clean(f"did {chr(code)}ton{chr(0x202C)} confirm") == "did ton confirm"


SPOILT = "Rus\u00adsia needs 2.\u200b5 mil\u00adlion workers.\u200b The minis\u200btry\u2060 said so on June 3, 20\u200d24."
OTHER = "Russia needs 3.1 million workers. A minister told reporters on Tuesday."


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Iterator[newscite.Library]:
    folder = tmp_path_factory.mktemp("spoilt")
    settings = load_settings(None, answer={"abstain_below": 0}, llm={"model": "none"})
    with newscite.Library.open(folder / "library", settings, ToyEmbedder()) as library:
        lines = [
            {"text": SPOILT, "title": "Wor\u00adkers", "author": "Ann\u200b Lee", "outlet": "A", "published": "2024-06-04"},
            {"text": OTHER, "title": "Workers", "author": "Bo Li", "outlet": "B", "published": "2024-06-05"},
        ]  # fmt: skip
        file = folder / "workers.jsonl"
        file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        library.add(file)
        yield library


def test_a_text_is_kept_as_it_was_and_found_as_it_reads(spoilt: newscite.Library) -> None:
    kept = next(a for a in spoilt.articles() if a.outlet == "A")
    assert kept.text == SPOILT
    assert (kept.title, kept.author) == ("Workers", "Ann Lee")
    hits = spoilt.search("Which ministry spoke of Russia?", authors=["Ann Lee"])
    assert [hit.article.id for hit in hits] == [kept.id]
    assert {"Russia", "ministry"} <= set(hits[0].reasons["terms"])
    assert len(hits[0].passage.sentences) == 2


def test_a_quote_of_it_is_its_own_words(spoilt: newscite.Library) -> None:
    answer = spoilt.ask("How many work\u00aders does Russia need?")
    assert answer.citations
    for citation in answer.citations:
        assert citation.article.text[citation.start : citation.end] == citation.quote
    assert all(not has_invisible(sentence.text) for sentence in answer.sentences)
