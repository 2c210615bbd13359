"""Names and numbers of a text, as the language of the answer writes them."""

from __future__ import annotations

from index.languages.names import Names, known_names
from rag.llm.localizing import localized
from rag.llm.written_numbers import mend

TABLES = (known_names(frozenset({"en", "zh"})), Names([("馬鐵木", "Temur Umarov")]))


def test_names_and_numbers_are_carried_into_english() -> None:
    text = "馬鐵木表示,俄羅斯已向朝鮮輸送超過100萬桶石油,每年約減少50萬—60萬人。"
    written = localized(text, "en", "How much oil?", TABLES)
    for words in ("Temur Umarov", "Russia", "North Korea", "1 million", "500,000", "600,000"):
        assert words in written


def test_the_form_the_question_uses_is_taken_in_its_script() -> None:
    text = "Kazakhstan sold 2.5 million barrels."
    assert localized(text, "zh-Hant", "哈薩克賣了多少石油?", TABLES).startswith("哈薩克 sold 250萬")
    assert localized(text, "zh-Hans", "卖了多少?", TABLES).startswith("哈萨克斯坦")


def test_a_country_s_abbreviation_pair_is_two_countries() -> None:
    assert localized("俄烏衝突", "en", "", TABLES) == "Russia-Ukraine 衝突"


def test_what_is_written_in_the_language_already_stays() -> None:
    written = localized("俄羅斯持有「裏海石油管線」(CPC)", "en", "", TABLES)
    assert "CPC" in written
    assert "Communist" not in written


def test_a_number_off_by_a_power_of_ten_is_set_right() -> None:
    from index.languages.numbers.stated import missing

    claim, source = "Russia shipped 100 million barrels of oil.", "俄羅斯輸送超過100萬桶石油"
    wrong = missing(claim, [(source, "")])
    assert mend(claim, "en", wrong, [source]) == "Russia shipped 1 million barrels of oil."


def test_a_number_that_is_simply_wrong_is_left_to_the_check() -> None:
    from index.languages.numbers.stated import missing

    claim, source = "Russia holds 40% of it.", "俄羅斯持有該管線31%的股份"
    assert mend(claim, "en", missing(claim, [(source, "")]), [source]) == claim
