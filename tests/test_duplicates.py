"""Near duplicates: what counts as one, what doesn't, groups that follow what comes and goes."""

from dataclasses import replace

import pytest

from index.languages.text import sentences, to_script
from index.library import Library
from index.records import Article
from index.store.duplicates import shingle, similar

ENGLISH = (
    "Kazakhstan will close its trade office in Moscow at the end of the month. The government "
    "says that the move will save 2.5 million dollars a year. Analysts in Almaty doubt that money "
    "is the reason. Trade between the two countries fell by 12 percent last year, while exports "
    "to China rose for the third year running. The office opened in 2005 and employed 14 people. "
    "Russian officials declined to comment on the decision. A spokesman for the ministry said that "
    "embassy staff would take over its work. Similar offices in Berlin and Warsaw stay open now. "
)
CHINESE = (
    "哈萨克斯坦政府宣布,将于本月底关闭驻俄罗斯贸易代表处。官方表示,此举每年可节省250万美元开支。"
    "阿拉木图的分析人士则认为,原因并不只是省钱。去年两国贸易额下降了百分之十二,对华出口却连续第三年增长。"
    "该代表处成立于2005年,共有14名工作人员。俄罗斯官员拒绝就这一决定发表评论。"
    "外交部发言人说,大使馆的工作人员将接手相关业务。设在柏林和华沙的类似机构目前不受影响。"
)
TEMPLATE = (
    "{}今日收盘报{}元,上涨{}%,换手率{}%,成交量{}万手,成交额{}亿元。主力资金净流入{}万元,占总成交额{}%,"
    "游资资金净流出{}万元,散户资金净流入{}万元。该股近一年涨幅居行业前列,市盈率高于行业平均水平,"
    "资金流向是国际上一个被普遍采用的概念,股价处于上升状态时主动性买单形成的成交额是推动股价上涨的力量,"
    "这部分成交额被定义为资金流入,股价处于下跌状态时主动性卖单产生的成交额是推动股价下跌的力量,"
    "这部分成交额被定义为资金流出,当天两者的差额即是当天两种力量相抵之后剩下的推动股价上升的净力。"
    "资金流向是国际上一个成熟的技术分析指标,价格变化反推资金流向,供投资者参考,不构成投资建议。"
)


def without(text: str, *numbers: int) -> str:
    spans = sentences(text, "zh")
    kept = [span for n, span in enumerate(spans) if n not in numbers]
    return "".join(text[span.start : span.end] for span in kept)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CHINESE, to_script(CHINESE, "zh-Hant")),
        (CHINESE, without(CHINESE, 1, 4)),
        (CHINESE, "本报讯 " + to_script(without(CHINESE, 0, 6), "zh-Hant") + "(完)"),
        (CHINESE, CHINESE.replace("宣布", "说").replace("目前不受影响", "仍然开放")),
        (ENGLISH, ENGLISH.upper()),
        (ENGLISH, without(ENGLISH, 2, 5)),
        (ENGLISH, "MOSCOW, 3 March -- " + ENGLISH.replace("declined to", "did not")),
        (ENGLISH, ENGLISH + CHINESE),
        ("短讯。", "短訊。"),
    ],
)
def test_reprints_are_the_same(one: str, other: str) -> None:
    assert similar(shingle(one), shingle(other))
    assert similar(shingle(other), shingle(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (CHINESE, ENGLISH),
        (ENGLISH[: len(ENGLISH) // 2], ENGLISH[len(ENGLISH) // 2 :]),
        ("短讯。", "长讯。"),
        (
            TEMPLATE.format("华骐环保", 9.1, 2.3, 4.5, 5.6, 6.7, 78, 8.9, 91, 12),
            TEMPLATE.format("东江环保", 3.4, 1.1, 2.2, 3.3, 4.4, 55, 6.6, 77, 88),
        ),
    ],
)
def test_other_stories_are_not(one: str, other: str) -> None:
    assert not similar(shingle(one), shingle(other))


def article(text: str, outlet: str) -> Article:
    return Article(text, title=f"As told by {outlet}", outlet=outlet, language="zh-Hans")


ORIGINAL = article(CHINESE, "one")
REPRINT = article(to_script(without(CHINESE, 1), "zh-Hant"), "two")
SHORTER = article(without(CHINESE, 1, 7), "three")
OTHER = article(
    "今天北京天气晴朗,气温回升,适合出行,市民纷纷走出家门,公园里游人如织,湖面上有人划船。", "four"
)


def groups(library: Library) -> dict[str, str]:
    return {stored.outlet: stored.group for stored in library.articles()}


def test_reprints_join_the_group_of_the_first(library: Library) -> None:
    for added in (ORIGINAL, OTHER, REPRINT, SHORTER):
        library.add_articles([added])
    found = groups(library)
    assert found["one"] == found["two"] == found["three"] == ORIGINAL.id
    assert found["four"] == OTHER.id
    assert library.status().groups == library.status().articles - 2


def test_one_batch_groups_as_several_do(library: Library) -> None:
    library.add_articles([SHORTER, OTHER, ORIGINAL, REPRINT])
    found = groups(library)
    assert found["one"] == found["two"] == found["three"] == SHORTER.id


def test_a_group_outlives_its_first_member(library: Library) -> None:
    library.add_articles([ORIGINAL, REPRINT, SHORTER])
    library.remove(ORIGINAL.id)
    assert groups(library)["two"] == groups(library)["three"] == REPRINT.id
    library.remove(SHORTER.id)
    assert groups(library)["two"] == REPRINT.id


def test_a_group_falls_apart_with_the_member_that_joined_it(library: Library) -> None:
    half = len(ENGLISH) // 2
    parts = [article(ENGLISH[:half], "one"), article(ENGLISH[half:], "two")]
    whole = article(ENGLISH, "three")
    library.add_articles([*parts, whole])
    assert (
        len({group for outlet, group in groups(library).items() if outlet in ("one", "two")}) == 1
    )
    library.remove(whole.id)
    assert groups(library)["one"] == parts[0].id
    assert groups(library)["two"] == parts[1].id


def test_passages_carry_their_group(library: Library) -> None:
    library.add_articles([ORIGINAL, REPRINT])
    stored = library.article(REPRINT.id)
    assert stored is not None
    (row, *_) = library.article_rows(stored)
    assert library.passages([row])[0].group == ORIGINAL.id


def test_the_same_text_elsewhere_is_kept_and_grouped(library: Library) -> None:
    library.add_articles([ORIGINAL, replace(ORIGINAL, outlet="five", url="http://example.org/")])
    assert groups(library)["five"] == ORIGINAL.id


def test_a_flood_of_near_duplicates_leaves_no_more_marks_than_it_has_words(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is looked at for one more of them must not grow with their number."""
    monkeypatch.setattr("index.store.duplicates.MAX_HOLDERS", 10)
    words = ENGLISH.split()
    for n in range(25):
        changed = [f"word{n}" if at == n % len(words) else word for at, word in enumerate(words)]
        library.add_articles([article(" ".join(changed), f"outlet {n}")])
    flood = {group for outlet, group in groups(library).items() if outlet.startswith("outlet")}
    assert len(flood) == 1
    query = library._store.query
    ((most,),) = query("SELECT max(n) FROM (SELECT count(*) n FROM signatures GROUP BY band)")
    assert most == 1  # one of the group is enough


def test_equal_texts_meet_however_many_share_their_template(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.duplicates.MAX_HOLDERS", 3)
    words = ENGLISH.split()
    texts = [
        " ".join(
            f"{word}{'abcdefghijkl'[n]}" if at % 5 == 0 else word for at, word in enumerate(words)
        )
        for n in range(12)
    ]
    library.add_articles([article(text, f"outlet {n}") for n, text in enumerate(texts)])
    library.add_articles([article(text, f"again {n}") for n, text in enumerate(texts)])
    found = groups(library)
    assert all(found[f"outlet {n}"] == found[f"again {n}"] for n in range(12))
