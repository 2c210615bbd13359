"""Characters no reader sees: kept in the original, nothing for matching, no way to forge a quote."""

import pytest

from index.languages.terms import find_terms, located_terms, present_terms, terms
from index.languages.text import visible
from rag.results.text import clean

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
    assert present_terms(text, [(0, len(text))], language, wanted) == [wanted]
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
