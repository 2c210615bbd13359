"""Paywall notices and offers to subscribe are no text; sentences about subscriptions are."""

import pytest

from index.extract.line_kinds import Kind, classify
from index.extract.lines import Line


@pytest.mark.parametrize(
    "line",
    [
        "To continue reading, subscribe or log in.",
        "Subscribe to read the full story.",
        "Already a subscriber? Log in",
        "This article is available only to subscribers.",
        "You have reached your limit of free articles this month.",
        "Subscribe now for $1 a month. Cancel anytime.",
        "Get unlimited access for $4 per week.",
        "Subscriber-only content",
        "3 free articles left",
        "Sign in to continue reading",
        "訂閱後繼續閱讀全文",
        "本文為會員專屬內容",
        "您已閱讀完本月免費文章，次數已達上限",
        "付費會員專享",
        "登入後即可閱讀全文",
        "剩餘內容訂閱會員才能閱讀",
        "继续阅读请先登录",
        "首月只需 NT$99，隨時取消",
        "Материал доступен только по подписке.",
        "订阅会员，解锁全文",
    ],
)
def test_offers_are_no_text(line: str) -> None:
    assert classify(Line(line, 0, len(line))) not in (Kind.PROSE, Kind.SHORT)


@pytest.mark.parametrize(
    "line",
    [
        "The newspaper said on Tuesday that it had won 40,000 subscribers since it raised its prices.",
        "The streaming service will charge $12 a month for the plan without adverts, its director said.",
        "He said that members of the union would continue to read the terms before they sign.",
        "報社周二表示，訂戶自去年起增加四萬人，付費會員占六成。",
        "平台宣布，會員月費調漲至三百九十元，下月起生效。",
        "Ukraine is not yet a member of the alliance, its minister said.",
        "Start of the works will cost the city $3 million a year, he said.",
        "$48 million a year is what the repairs will cost, officials said.",
        "She asked lawmakers to continue reading the bill on Monday night.",
        "芬兰加入北约后，俄方将继续观察局势发展，外交部表示。",
        "该国每年30万人死于空气污染，世卫组织表示。",
        "以下会员国可以参加会议并阅读文件，秘书处表示。",
        "文章指出，消费者订阅服务后往往忘记取消，监管部门将出台规定。",
    ],
)
def test_sentences_about_subscriptions_stay(line: str) -> None:
    assert classify(Line(line, 0, len(line))) is Kind.PROSE
