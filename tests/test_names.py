"""Names across languages: found in questions, learned from brackets, given by the user."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ConfigError
from index.languages.names import (
    MOST_CASES,
    Name,
    Names,
    alike,
    bracket_aliases,
    form_terms,
    known_names,
    learned_groups,
)
from index.languages.numbers.number_variants import number_variants
from index.languages.terms import terms
from index.languages.text import fold


def forms_of(text: str) -> dict[str, set[str]]:
    return {name.text: set(map(fold, name.forms)) for name in known_names().find(text)}


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("為什麼哈薩克關閉代表處?", "kazakhstan"),
        ("Why did Kazakhstan close it?", "哈萨克"),
        ("Why did Kazakhstan close it?", "哈萨克斯坦"),
        ("why did kazakhstan close it", "哈国"),
        ("Kazakh officials", "哈萨克斯坦"),
        ("駐俄代表處", "russia"),
        ("中哈关系", "kazakhstan"),
        ("В Казахстане закрыли офис", "哈萨克斯坦"),
        ("What did the SCO decide?", "上合组织"),
        ("普丁說了什麼?", "putin"),
        ("Was sagte Biden?", "拜登"),
        ("比什凱克的抗議", "bishkek"),
        ("吉爾吉斯的經濟", "киргизия"),
        ("加军在拉脱维亚", "canada"),
        ("以軍撤出加薩", "israel"),
        ("Президент Китая прибыл", "china"),
        ("Посол во Вьетнаме", "vietnam"),
        ("Египту и Азербайджану", "egypt"),
        ("Египту и Азербайджану", "azerbaijan"),
        ("переговоры с Лавровым", "lavrov"),
        ("Нурсултана Назарбаева", "nazarbayev"),
        ("жители Киева", "kyiv"),
        ("режим Северной Кореи", "north korea"),
        ("границы Беларуси", "belarus"),
        ("встреча с Байденом", "biden"),
        ("в Сан-Диего", "san diego"),
        ("Британия выйдет из союза", "united kingdom"),
        ("the governor of Alaska", "阿拉斯加"),
        ("отдых на Гавайях", "夏威夷"),
        ("拜登访华", "china"),
        ("The U.N. and HIV", "вич"),
        ("заболевшие СПИДом", "艾滋病"),
        ("人工智慧的风险", "ии"),
        ("Рост ВВП", "gdp"),
        ("賓士與豐田", "mercedes"),
    ],
)
def test_question_names_other_forms(question: str, form: str) -> None:
    assert any(form in forms for forms in forms_of(question).values())


@pytest.mark.parametrize(
    "question",
    ["Tell us about it", "Who is it?", "法律与道德", "他對中亞無感", "參加軍事聯盟", "增加国防开支", "以国家为单位"],
)  # fmt: skip
def test_common_words_are_no_countries(question: str) -> None:
    found = set().union(*forms_of(question).values())
    assert not found & {"united states", "france", "germany", "china", "canada", "israel"}


@pytest.mark.parametrize("text", ["Для того чтобы понять ток в сети", "кроме того, он ушел"])
def test_russian_words_are_no_countries_or_cities(text: str) -> None:
    assert not known_names().find(text)


def test_longest_name_wins() -> None:
    (name,) = known_names().find("白俄羅斯")
    assert "russia" not in map(fold, name.forms)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("關閉駐烏克蘭的貿易辦事處", "烏克蘭"),
        ("驻乌兹别克斯坦大使", "乌兹别克斯坦"),
        ("访俄罗斯期间", "俄罗斯"),
        ("驻美国大使馆", "美国"),
        ("驻乌大使馆", "驻乌"),
        ("美国会众议院", "美国"),
    ],
)
def test_short_name_is_none_where_a_longer_one_goes_on(text: str, named: str) -> None:
    assert [name.text for name in known_names().find(text)][:1] == [named]


def test_no_name_begins_within_a_family_name() -> None:
    (name,) = known_names().find("前检察官迈克尔·加西亚领导了国际足联的调查。")
    assert name.text == "国际足联"  # and not Western Asia, 西亚


@pytest.mark.parametrize("text", ["三天之中，共查获99人。", "三天之中,共查获99人。"])
def test_no_name_goes_on_behind_a_stop(text: str) -> None:
    assert not known_names().find(text)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("卡內基專家馬鐵木(Temur Umarov)說，馬鐵木認為", ("馬鐵木", "Temur Umarov")),
        ("哈薩克總統托卡耶夫（Tokayev）表示", ("托卡耶夫", "Tokayev")),
        ("Kyrgyzstan (吉爾吉斯) is", ("Kyrgyzstan", "吉爾吉斯")),
        (
            "said the Shanghai Cooperation Organisation (SCO)",
            ("Shanghai Cooperation Organisation", "SCO"),
        ),
        ("加入上海合作組織(SCO)。上海合作組織", ("上海合作組織", "SCO")),
    ],
)
def test_brackets_teach_names(text: str, pair: tuple[str, str]) -> None:
    assert bracket_aliases(text) == [pair]


@pytest.mark.parametrize(
    "text", ["習近平(左)與", "普京（资料图）", "President Tokayev (in Russian)", "(2022年)"]
)
def test_other_brackets_teach_nothing(text: str) -> None:
    assert bracket_aliases(text) == []


def test_learned_name_is_found_in_both_scripts() -> None:
    names = Names(learned_groups([("馬鐵木", "Temur Umarov")]))
    assert "Temur Umarov" in names.find("马铁木怎么看?")[0].forms
    assert "馬鐵木" in names.find("What does Temur Umarov think?")[0].forms


def test_word_before_many_brackets_is_no_name() -> None:
    assert learned_groups([("公司", name) for name in ("Apple", "Intel", "Sony", "Tesla")]) == []


def test_user_table(tmp_path: Path) -> None:
    table = tmp_path / "aliases.toml"
    table.write_text('names = [["Dragon Bridge", "龍橋"]]', encoding="utf-8")
    (name,) = known_names(frozenset(), table).find("龙桥在哪里?")
    assert "Dragon Bridge" in name.forms


def test_bad_user_table_says_what_it_should_be(tmp_path: Path) -> None:
    table = tmp_path / "aliases.toml"
    table.write_text('names = ["Dragon Bridge"]', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"lists of forms"):
        known_names(frozenset(), table)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("250萬", "2.5 million"),
        ("2,500,000", "250 万"),
        ("9月20日", "20 September"),
        ("September 20", "9月20日"),
        ("八成", "80"),
        ("80%", "八成"),
        ("31 years", "三十一"),
        ("3.5億", "350 million"),
    ],
)
def test_numbers_and_dates_have_other_forms(one: str, other: str) -> None:
    assert other in number_variants(one)[0].forms


def test_pair_of_countries_is_two_names() -> None:
    pair = [set(map(fold, name.forms)) for name in known_names().find("俄乌冲突")]
    assert len(pair) == 2
    assert any("russia" in forms for forms in pair)
    assert any("ukraine" in forms for forms in pair)


def test_date_is_found_without_its_year() -> None:
    assert any("4 February" in name.forms for name in number_variants("2022年2月4日签署"))


def test_a_name_of_common_letters_alone_is_no_term_to_search_for() -> None:
    assert form_terms("US", "en") == ()
    assert form_terms("US Congress", "en")[0] > {"us"}


@pytest.mark.parametrize("place", ["Китая", "Китаю", "Китаем", "Китае"])
def test_what_a_name_is_in_any_case_is_searched_for(place: str) -> None:
    stem = frozenset(terms(place, "ru"))
    assert stem in form_terms("Китай", "ru")


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("Президент Китая прибыл", "quito"),
        ("режим Северной Кореи", "coro"),
        ("в Сан-Диего", "sanaa"),
        ("в городе Палу", "pali"),
        ("黄金时段的新闻", "gold"),
    ],
)
def test_what_only_begins_like_a_name_is_none(text: str, form: str) -> None:
    assert not any(form in forms for forms in forms_of(text).values())


def test_a_word_that_never_ends_is_looked_up_once() -> None:
    """It took a minute for 40,000 letters."""
    assert known_names().find("Б" + "а" * 1_000_000) == []


def test_a_long_name_is_searched_for_in_a_few_ways() -> None:
    assert len(form_terms(" ".join(["Вьетнам", "Китай"] * 20), "ru")) <= MOST_CASES + 1


def test_two_names_of_two_characters_are_alike_and_two_countries_in_one_word_are_not() -> None:
    germany = Name("德国", 0, 2, ("德国",))
    assert alike(germany, germany)
    china, russia = Name("中俄", 0, 2, ("中俄", "China")), Name("中俄", 0, 2, ("中俄", "Russia"))
    assert not alike(china, russia)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("他参观了奥斯威辛集中营。", []),
        ("記者到辛集採訪。", ["辛集"]),
        ("大理石很贵,大理不远。", ["大理"]),
        ("北海道地震,北海市没有。", ["北海道", "北海"]),
        ("長治久安", []),
        ("马德里", ["马德里"]),
        ("美国东海岸,台湾以东海域,东海局势", ["美国", "台湾", "东海"]),
        ("黄河南岸,河南郑州", ["河南", "郑州"]),
        ("伊斯兰国家,伊斯兰国", ["伊斯兰国"]),
        ("三星期,三星手机", ["三星"]),
        ("11月28日立案,国防部长赫列宁,列宁", ["列宁"]),
        ("参加州长竞选,加州", ["加州"]),
        ("对华盛顿,對華為,對華", ["华盛顿", "華為", "對華"]),
    ],
)
def test_what_looks_like_a_city_inside_another_word_is_none(text: str, named: list[str]) -> None:
    assert [name.text for name in known_names().find(text)] == named
