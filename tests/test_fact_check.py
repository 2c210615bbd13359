"""What is found of a claim: supported, contradicted, in part or not found, with what differs."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from llama_index.core.llms import ChatMessage, ChatResponse, MessageRole, MockLLM

import newscite
from index.embed.models import bundled
from index.errors import ConfigError, ModelError
from rag.analysis.checked import CheckedClaim, FactCheck
from rag.analysis.fact_check import check
from rag.llm.llama_cpp import LlamaCpp
from rag.results.hits import Hits
from rag.retrieve.retriever import Retriever

SEEDS = Path(__file__).parent.parent / "seeds"
CLAIMS = Path(__file__).parent / "data" / "seed_claims.jsonl"
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not bundled.has_embedder(), reason="pip install -e '.[offline]'"),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[newscite.Library]:
    """Two articles, one in Chinese and one in English."""
    folder = tmp_path_factory.mktemp("claims")
    with newscite.open(folder, llm={"model": "none"}) as library:
        library.add([*SEEDS.glob("000_*"), *SEEDS.glob("003_*")])
        yield library


def checked(library: newscite.Library, claim: str) -> CheckedClaim:
    (only,) = library.check(claim).claims
    return only


@pytest.mark.parametrize(
    "claim",
    [
        "The border between Kazakhstan and Russia is about 7,644 kilometres long.",
        "Казахстан согласился обмениваться с Турцией военной разведывательной информацией.",
        "中國將堅決支持哈薩克捍衛獨立、主權和領土完整。",
    ],
    ids=["en of zh", "ru of zh", "zh of en"],
)
def test_what_articles_say_in_another_language_is_supported(
    library: newscite.Library, claim: str
) -> None:
    found = checked(library, claim)
    assert found.verdict == "supported" and found.score >= 0.5 and not found.against
    for citation in found.supporting:
        assert citation.article.text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("claim", "differs"),
    [
        (
            "The border between Kazakhstan and Russia is about 4,644 kilometres long.",
            {"kind": "number", "claim": "4,644 kilometres", "article": "7644公里"},
        ),
        (
            "8月4日,兩人簽署了5300字的「無上限」夥伴協議。",
            {"kind": "date", "claim": "8月4日", "article": "February 4"},
        ),
        (
            "中國將堅決支持蒙古捍衛獨立、主權和領土完整。",
            {"kind": "name", "claim": "蒙古", "article": "Kazakhstan"},
        ),
        (
            "Казахстан не согласился обмениваться с Турцией военной разведывательной информацией.",
            {"kind": "denial", "claim": "не", "article": ""},
        ),
    ],
    ids=["number", "date", "name", "denial"],
)
def test_a_changed_fact_is_contradicted_and_named(
    library: newscite.Library, claim: str, differs: dict[str, str]
) -> None:
    found = checked(library, claim)
    assert found.verdict == "contradicted" and found.against and not found.supporting
    assert differs in [each.to_dict() for each in found.differs]


@pytest.mark.parametrize(
    "claim",
    [
        "The price of wheat in Canada doubled last year.",
        "台灣高鐵將延伸至屏東。",
        "俄罗斯向土耳其出售了S-400导弹。",
    ],
)
def test_what_no_article_speaks_of_is_not_found(library: newscite.Library, claim: str) -> None:
    found = checked(library, claim)
    assert (found.verdict, found.supporting, found.against) == ("not found", (), ())


UNTOLD = [
    ("Kazakhstan's trade office existed for 13 years.", "not found"),
    ("Торговое представительство Казахстана существовало 13 лет.", "not found"),
    ("哈薩克貿易辦事處存在了13年。", "not found"),
    ("Lithuania will buy 44 tanks from Germany.", "partly"),
    ("Литва купит у Германии 44 танка.", "partly"),
    ("立陶宛將向德國購買44輛坦克。", "partly"),
    ("Lithuania will buy tanks from Germany in May 2025.", "partly"),
    ("立陶宛將在2025年5月向德國購買坦克。", "partly"),
    ("Lithuania will buy tanks from Poland.", "contradicted"),
    ("The president flew to Brazil.", "not found"),
    ("Президент вылетел в Бразилию.", "not found"),
    ("總統訪問了巴西。", "not found"),
]


@pytest.fixture(scope="module")
def untelling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[newscite.Library]:
    """Articles without a number or a date, in three languages."""
    folder = tmp_path_factory.mktemp("untelling")
    with newscite.open(folder, llm={"model": "none"}) as library:
        library.add_articles(
            [
                newscite.Article("Казахстан закрывает торговое представительство в России."),
                newscite.Article("Kazakhstan will close its trade office in Russia."),
                newscite.Article("立陶宛國防部宣布,將向德國購買坦克。國防部長表示,這是必要的。"),
            ]
        )
        yield library


@pytest.mark.parametrize(("claim", "verdict"), UNTOLD)
def test_what_no_article_tells_is_not_contradicted(
    untelling: newscite.Library, claim: str, verdict: str
) -> None:
    found = checked(untelling, claim)
    assert found.verdict == verdict
    if verdict == "partly":
        (differs,) = found.differs
        assert differs.kind in ("number", "date") and not differs.article


def test_without_a_reader_what_is_near_and_differs_contradicts(tmp_path: Path) -> None:
    with newscite.open(tmp_path, llm={"model": "none"}, reader={"model": "none"}) as library:
        library.add_articles(
            [newscite.Article("The mine employs 4,000 people in Karaganda.", file="mine")]
        )
        assert (
            checked(library, "The mine employs 4,000 people in Karaganda.").verdict == "supported"
        )
        found = checked(library, "The mine employs 6,000 people in Karaganda.")
        assert found.verdict == "contradicted" and found.differs[0].article == "4,000"


def test_a_text_is_checked_sentence_by_sentence(library: newscite.Library) -> None:
    text = (
        "About 20 percent of Kazakhstan's population is ethnic Russian. Is that so? "
        "The border with Russia is 9,000 kilometres long."
    )
    result = library.check(text)
    verdicts = [claim.verdict for claim in result.claims]
    assert verdicts == ["supported", "no claim", "contradicted"]
    assert all(text[claim.start : claim.end] == claim.text for claim in result.claims)
    assert [c.n for c in result.citations] == list(range(1, len(result.citations) + 1))


def test_filters_decide_what_counts(library: newscite.Library) -> None:
    claim = "The border between Kazakhstan and Russia is about 7,644 kilometres long."
    assert library.check(claim, languages=["zh"]).found
    assert not library.check(claim, languages=["en"]).found


def test_its_data_and_views(library: newscite.Library) -> None:
    result = library.check("The border between Kazakhstan and Russia is 4,644 kilometres long.")
    (claim,) = json.loads(json.dumps(result.to_dict()))["claims"]
    assert {"text", "start", "end", "verdict", "score", "for", "against", "differs"} <= claim.keys()
    (row, *_) = result.to_rows()
    assert row["side"] == "against" and row["quote"] in claim["against"][0]["quote"]
    assert "Contradicted" in result.to_markdown() and "7644公里" in result.to_markdown()
    assert "<strong>Contradicted:</strong>" in result._repr_html_()


@pytest.mark.parametrize(
    ("claim", "carried"),
    [
        ("Xi warned against meddling in Kazakhstan in September 2022.", True),
        ("Xi warned against meddling in Kazakhstan in 2019.", False),
        ("According to The Kyiv Post, Xi warned against meddling in Kazakhstan.", True),
        ("According to Reuters, Xi warned against meddling in Kazakhstan.", False),
    ],
)
def test_an_article_carries_its_own_date_and_outlet(
    library: newscite.Library, claim: str, carried: bool
) -> None:
    assert (checked(library, claim).verdict == "supported") is carried


@pytest.mark.parametrize("text", ["", " ?! ", "One more. " * 51, "a" * 20_001])
def test_what_cannot_be_checked_is_refused(library: newscite.Library, text: str) -> None:
    with pytest.raises(newscite.InputError):
        library.check(text)


def test_claims_at_hand_differ_only_in_what_was_changed() -> None:
    """A guard for benchmarks/claims.py: each changed claim has its true one."""
    lines = [json.loads(line) for line in CLAIMS.read_text(encoding="utf-8").splitlines()]
    names = {one["id"] for one in lines if one["kind"] == "true"}
    changed = [one for one in lines if one["kind"] not in {"true", "untold"}]
    assert changed and all(one["id"].rpartition("-")[0] in names for one in changed)
    assert all(one["claim"] != other["claim"] for one, other in pairwise(lines))


TRADE = newscite.Article(
    "海关总署周五公布数据。中国第二季度从俄罗斯进口的煤炭增加了百分之十。专家认为这一趋势将持续。",
    title="煤炭贸易",
    file="trade.txt",
    published="2024-07-12",
)
TURNED = "Russia's coal imports from China increased by ten percent in the second quarter."


@pytest.mark.llm
def test_an_llm_in_this_process_tells_who_did_it_to_whom(
    tmp_path: Path, offline_llm: LlamaCpp
) -> None:
    with newscite.open(tmp_path, llm={"model": "none"}) as library:
        library.add_articles([TRADE])
        right = "China's coal imports from Russia increased by ten percent in the second quarter."
        for claim, verdict in ((right, "supported"), (TURNED, "contradicted")):
            result = check(claim, library.retriever, library.settings, lambda: offline_llm)
            (found,) = result.claims
            assert found.verdict == verdict
        (against,) = found.against
        assert against.quote.startswith("中国第二季度") and "other way round" in found.reasons[0]


SHOPS = newscite.Article(
    "Предыдущие попытки супермаркета обновить аптечные отделы не увенчались успехом.",
    title="Магазины",
    file="shops.txt",
    published="2024-07-12",
)


@pytest.mark.llm
@pytest.mark.parametrize(
    ("end", "verdict"), [("failure", "supported"), ("success", "contradicted")]
)
def test_words_that_only_seem_turned_round_do_not_contradict(
    tmp_path: Path, offline_llm: LlamaCpp, end: str, verdict: str
) -> None:
    claim = f"The supermarket's earlier attempts to renew its pharmacies ended in {end}."
    with newscite.open(tmp_path, llm={"model": "none"}) as library:
        library.add_articles([SHOPS])
        (alone,) = check(claim, library.retriever, library.settings, lambda: None).claims
        (asked,) = check(claim, library.retriever, library.settings, lambda: offline_llm).claims
    assert alone.verdict == "contradicted" and asked.verdict == verdict


ANALYST = newscite.Article(
    "一位要求匿名的外部分析师证实了该公司的说法。",
    title="分析师",
    file="analyst.txt",
    published="2024-07-12",
)


@pytest.mark.llm
@pytest.mark.parametrize(
    ("claim", "verdict"),
    [
        ("An analyst who did not want to be named confirmed the company's account.", "supported"),
        ("An analyst who asked to remain anonymous did not confirm its account.", "contradicted"),
    ],
)
def test_a_denial_in_other_words_than_the_article_has_does_not_contradict(
    tmp_path: Path, offline_llm: LlamaCpp, claim: str, verdict: str
) -> None:
    with newscite.open(tmp_path, llm={"model": "none"}) as library:
        library.add_articles([ANALYST])
        (alone,) = check(claim, library.retriever, library.settings, lambda: None).claims
        (asked,) = check(claim, library.retriever, library.settings, lambda: offline_llm).claims
    assert alone.verdict == "contradicted" and asked.verdict == verdict


HOTLINE = newscite.Article(
    "12345市民服务热线自2013年1月正式运行以来，全天候接听市民来电，受理并办理市民和企业的咨询与投诉。"
    "热线办公室主任介绍，今年上半年共受理来电五百万件，同比上升一成。",
    title="上海：市民热线十年",
    file="hotline.txt",
    published="2023-07-12",
)


@pytest.mark.llm
@pytest.mark.parametrize(("year", "verdict"), [("2013", "supported"), ("2003", "contradicted")])
def test_an_llm_reads_what_the_headline_adds(
    tmp_path: Path, offline_llm: LlamaCpp, year: str, verdict: str
) -> None:
    with newscite.open(tmp_path, llm={"model": "none"}) as library:
        library.add_articles([HOTLINE])
        claim = f"Shanghai's 12345 hotline began in {year}."
        (found,) = check(claim, library.retriever, library.settings, lambda: offline_llm).claims
    assert found.verdict == verdict
    for citation in (*found.supporting, *found.against):
        assert citation.quote.startswith("12345市民服务热线自2013年")


def saying(reply: str) -> MockLLM:
    """An LLM that always says the same."""

    def stream_chat(*_: Any, **__: Any) -> Iterator[ChatResponse]:
        message = ChatMessage(role=MessageRole.ASSISTANT, content=reply)
        yield ChatResponse(message=message, delta=reply)

    return type("Saying", (MockLLM,), {"stream_chat": stream_chat})()


def test_what_an_llm_says_of_a_passage_counts_but_makes_up_for_no_number(tmp_path: Path) -> None:
    with newscite.open(tmp_path, llm={"model": "none"}) as library:
        library.add_articles([TRADE])

        def verdict(percent: str, reply: str) -> CheckedClaim:
            claim = f"中国第二季度从俄罗斯进口的煤炭的增幅为百分之{percent}。"
            llm = saying(reply)
            return check(claim, library.retriever, library.settings, lambda: llm).claims[0]

        assert verdict("十", "yes").verdict == "supported"
        doubted = verdict("十", "no")
        assert doubted.verdict == "partly" and doubted.reasons[-1].startswith("复核")
        assert verdict("四十", "yes").verdict == "contradicted"


def test_what_is_not_found_is_looked_for_with_its_translation(
    library: newscite.Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    searched: list[Sequence[str]] = []
    search = Retriever.search

    def noting(self: Retriever, text: str, *rest: Any) -> Hits:
        searched.append(rest[2])
        return search(self, text, *rest)

    monkeypatch.setattr(Retriever, "search", noting)
    llm = saying("蒙古买了十二架飞机。")
    claim = "Mongolia bought twelve aeroplanes."
    (found,) = check(claim, library.retriever, library.settings, lambda: llm).claims
    assert found.verdict == "not found"
    assert [list(each) for each in searched] == [[], ["蒙古买了十二架飞机。"]]


def test_an_llm_is_asked_nothing_of_a_claim_that_takes_minutes_to_read(
    library: newscite.Library,
) -> None:
    def opens() -> None:
        raise AssertionError("it is asked")

    claim = f"The border with Russia is {'very, ' * 200}very long."
    (found,) = check(claim, library.retriever, library.settings, opens).claims
    assert found.verdict != "contradicted"


class Failing(MockLLM):
    """An LLM that says how likely words are, until it fails."""

    def stream_chat(self, *_: Any, **__: Any) -> Any:
        raise ModelError("it is gone")

    def next_tokens(self, messages: Sequence[Any]) -> Mapping[str, float]:
        raise ModelError("it is gone")


def without_a_key() -> None:
    raise ConfigError("the key is missing")


@pytest.mark.parametrize("opens", [Failing, without_a_key, lambda: None])
def test_a_claim_is_checked_without_an_llm_that_fails(
    tmp_path: Path, opens: Callable[[], Any]
) -> None:
    with newscite.open(tmp_path, llm={"model": "none"}) as library:
        library.add_articles([TRADE])
        (found,) = check(TURNED, library.retriever, library.settings, opens).claims
        assert found.verdict == "supported" and found.supporting


def test_a_judge_that_the_user_names_and_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    answer = {"judge": "nowhere.Judge"}
    with newscite.open(tmp_path, llm={"model": "none"}, answer=answer) as library:
        library.add_articles([TRADE])
        with pytest.raises(ConfigError, match="nowhere"):
            library.check(TURNED)


def test_an_article_cannot_write_into_the_page(tmp_path: Path) -> None:
    hostile = "The border with Russia is <script>alert(1)</script> 7,644 kilometres long, they say."
    with newscite.open(tmp_path, llm={"model": "none"}) as library:
        library.add_articles([newscite.Article(hostile, title="[x](javascript:y)", file="a.txt")])
        result: FactCheck = library.check("The border with Russia is 7,644 kilometres long.")
        assert "<script>" not in result._repr_html_()
