"""What the support check sees between a claim and its source, and how foreign names are heard."""

from __future__ import annotations

import numpy as np
import pytest

from index.config import EmbedderSettings, Settings
from index.embed.embedder import open_embedder
from index.embed.sentence_vectors import Vectors
from index.languages.names import known_names
from index.languages.text import detect
from rag.check.checker import Checker
from rag.check.contraries import contraries, undenied
from rag.check.statements import Statement
from rag.check.transcriptions import SOUNDS_ALIKE, likeness, mentions
from rag.check.weighing import Features


def seen(claim: str, source: str, context: str = "") -> Features:
    """The features of two sentences whose vectors say nothing."""
    vector = np.ones(4, np.float32) / 2
    return Checker(known_names()).features(
        Statement(claim, detect(claim), vector),
        [Statement(source, detect(source), vector, context=context)],
    )


def quiet(features: Features) -> bool:
    return not (
        features.numbers
        or features.names
        or features.opposites
        or features.negation_added
        or features.negation_turned
        or features.swapped
    )


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Kazakhstan closed its office in Russia.", "哈薩克關閉了駐俄代表處。"),
        ("Moscow warned the United States.", "俄方警告美國。"),
        ("外交部長拉夫羅夫說,俄方不會讓步。", "Russia will not give in, foreign minister Lavrov said."),
        ("谢尔盖·拉夫罗夫警告说,局势很危险。", "Sergei Lavrov warned that the situation is dangerous."),
        ("It is unclear who won.", "目前还无法明确谁赢了。"),
        ("希腊和北约支持这一计划。", "NATO and Greece support the plan."),
        ("美国总统特朗普警告中国。", "Donald Trump, the US President, warned China."),
        ("Ukraine was attacked by Russia on Monday.", "周一,俄罗斯袭击了乌克兰。"),
        ("Gas will flow through the pipeline this winter.", "今年冬天天然气将通过管道输送。"),
        ("В ноябре Скотт Пелли, журналист CBS, спросил об этом.", "十一月，CBS记者斯科特·佩利提出了这个问题。"),
        ("The Supreme Court decided it in November.", "Верховный суд решил это в ноябре."),
        ("It was his first Olympic medal, said Lavrov.", "Это его первая олимпийская медаль, сказал Лавров."),
        ("«Мы не боимся того, что будет», — сказал Песков.", '"We are not afraid of what will come," Peskov said.'),
    ],
)  # fmt: skip
def test_a_true_translation_raises_no_alarm(claim: str, source: str) -> None:
    assert quiet(seen(claim, source))


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("Vietnam raised its tariffs.", "中国提高了关税。"),
        ("越南提高了关税。", "中国提高了关税。"),
        ("The Japan has some 2,000 troops in Syria.", "The United States has 2,000 troops in Syria."),
        ("据安格拉·默克尔说,谈判失败了。", "The talks have failed, Sergei Lavrov said."),
    ],
)  # fmt: skip
def test_another_name_is_missing_even_where_countries_share_a_form(claim: str, source: str) -> None:
    """中越 is China and Vietnam; that makes them no one country."""
    found = seen(claim, source)
    assert found.names
    assert found.substituted


@pytest.mark.parametrize(
    ("claim", "source"),
    [
        ("The tanks were not delivered in May.", "The tanks were delivered in May, not in June."),
        ("他没有同意停火的条件。", "他在会谈之后同意停火的条件,但没有签字。"),
        ("Officials will build the road.", "Officials will not build the road, which they never liked."),
    ],
)  # fmt: skip
def test_a_denial_moved_elsewhere_is_seen(claim: str, source: str) -> None:
    assert seen(claim, source).negation_turned


@pytest.mark.parametrize(
    ("claim", "source", "axis"),
    [
        ("Exports rose in May.", "Exports fell in May after a good April.", "amount"),
        ("五月出口减少。", "Exports increased in May.", "amount"),
        ("議員反對這項法案。", "议员支持这项法案,尽管有人抗议。", "stance"),
        ("They lost the vote.", "They gained the vote.", "holding"),
        ("Prices were up 4% on the year.", "价格同比下降4%。", "amount"),
        ("Interest fell before the hearing.", "听证会后人们的兴趣下降。", "time"),
        ("至多有五百人參加。", "At least 500 people took part.", "bound"),
    ],
)
def test_the_other_side_is_seen(claim: str, source: str, axis: str) -> None:
    if axis == "stance":  # a protest elsewhere in the source is the same side: nothing is reported
        assert axis not in seen(claim, source).opposites
    else:
        assert axis in seen(claim, source).opposites


def test_who_did_it_to_whom_follows_from_the_words_beside_a_name() -> None:
    source = "Officials said that if Britain left the EU without a deal, Britain would lose."
    assert seen("If the EU left the Britain without a deal, it would lose.", source).swapped
    assert not seen("If Britain left the EU without a deal, it would lose.", source).swapped
    assert seen("美国进攻了伊朗。", "Iran attacked the United States.").swapped
    assert seen("Ukraine attacked Russia on Monday.", "周一,俄罗斯袭击了乌克兰。").swapped
    assert seen("Russia was attacked by Ukraine.", "俄罗斯袭击了乌克兰。").swapped
    assert not seen("美国和伊朗开始谈判。", "Iran and the United States begin talks.").swapped


def test_a_person_the_context_names_may_be_meant_by_a_pronoun() -> None:
    claim = "谢尔盖·拉夫罗夫警告说,局势很危险。"
    assert seen(claim, "He warned that it is dangerous.", "Sergei Lavrov spoke.").names == ()
    assert seen(claim, "He warned that it is dangerous.", "Angela Merkel spoke.").names


@pytest.mark.parametrize(
    ("chinese", "other"),
    [("卡瓦诺", "Kavanaugh"), ("拉夫罗夫", "Lavrov"), ("特朗普", "Trump"), ("布坎南", "Buchanan")],
)
def test_transcriptions_sound_like_the_original(chinese: str, other: str) -> None:
    assert likeness(chinese, other) >= SOUNDS_ALIKE
    assert mentions(f"Yesterday {other} spoke", chinese)


def test_other_names_do_not() -> None:
    assert likeness("默克尔", "Lavrov") < SOUNDS_ALIKE
    assert not mentions("Yesterday Petrov spoke in London", "默克尔")


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    return Vectors(open_embedder(EmbedderSettings()))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("true", "false", "source"),
    [
        (
            "Officials have confirmed that the gas will flow through the new pipeline this winter.",
            "Officials have not confirmed that the gas will flow through the new pipeline this winter.",
            "官员证实,今年冬天天然气将通过新管道输送。",
        ),
        (
            "烏茲別克總統出席了在莫斯科舉行的閱兵式。",
            "烏茲別克總統沒有出席在莫斯科舉行的閱兵式。",
            "The president of Uzbekistan attended the military parade in Moscow.",
        ),
        (
            "Kazakhstan accused Russia of breaking the agreement on transit.",
            "Russia accused Kazakhstan of breaking the agreement on transit.",
            "哈萨克斯坦指责俄罗斯违反过境协议。",
        ),
        (
            "Ukraine was attacked by Russia with drones on Monday night.",
            "Russia was attacked by Ukraine with drones on Monday night.",
            "周一夜间,俄罗斯用无人机袭击了乌克兰。",
        ),
    ],
)
def test_a_claim_fails_where_the_source_is_nearer_to_its_contrary(
    vectors: Vectors, true: str, false: str, source: str
) -> None:
    checker = Checker(known_names(), reads=vectors)

    def score(claim: str) -> float:
        one, other = (
            Statement(text, detect(text), vectors.sentences([text], [detect(text)])[0])
            for text in (claim, source)
        )
        return checker.check(one, [other]).score

    assert score(true) >= Settings().answer.support_at_least > score(false)


def test_what_a_text_says_without_its_denial_or_with_a_word_turned_round() -> None:
    assert undenied("They won't sign, he said.", "en") == ("They will sign, he said.",)
    assert "他有同意停火。" in undenied("他沒有同意停火。", "zh-Hant")
    assert contraries("出口上升。", "zh-Hant", "Exports fell.") == ("出口下降。",)
    assert contraries("出口上升。", "zh-Hant", "Exports rose.") == ()
