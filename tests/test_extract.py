"""Pages of many kinds -> articles: what is kept, what goes, and what is known about them."""

from typing import Any

import pytest

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.records import Article, Page, Rejection

SETTINGS = LoadSettings()


def extract(text: str, kind: Any = "text", **metadata: Any) -> list[Article | Rejection]:
    return list(extract_articles(Page("page", text, kind, metadata), SETTINGS))


def article(text: str, kind: Any = "text", **metadata: Any) -> Article:
    (found,) = extract(text, kind, **metadata)
    assert isinstance(found, Article), found
    return found


ENGLISH = """Skip to main content
Home
World
Politics
Business
Sport
Search
Sign in
Subscribe

Home > World > Central Asia

Kazakh trade mission in Moscow shuts its doors

By Jane Doe
Published March 1, 2023 at 9:15 AM EST | Updated 11:02 AM EST

Share on Facebook
Share on Twitter
Email
Print

ALMATY — Kazakhstan has closed its trade mission in Moscow after 31 years, the government said on Wednesday, in the latest sign of cooling ties.
Advertisement
Story continues below advertisement
The decision follows a visit by the American secretary of state, who met ministers of five countries in the region.
Related Articles
Blinken visits Astana
Five things to know about the CPC pipeline
Why the tenge fell
"We want to balance our relations," said a person close to the ministry, who asked not to be named because talks continue.
What comes next
Analysts expect other countries of the region to watch closely what the Kremlin does about it.
"There is no going back."

Have a tip? Write to us at tips@example.org.
Tags: Kazakhstan, Russia, trade
Comments (12)
Anna says:
Great article, I have been saying this for years and nobody listened to me at all.
Ivan says:
This is nonsense, the office was never important for anyone who does business here.
Most Read
1
Storm closes schools across the north of the country, thousands without power.
2
Central bank holds rates as inflation slows for a third month.
© 2023 Example News. All rights reserved.
Privacy Policy | Terms of Use | Contact Us | Careers
"""

SIMPLIFIED = """首页 新闻 国际 财经 体育 娱乐 视频 论坛
您当前的位置:首页 > 国际新闻 > 正文
哈萨克斯坦关闭驻俄贸易代表处
2023-03-01 20:01 来源:环球日报 作者:王小明
字号:大 中 小
分享到:
　　本报阿斯塔纳3月1日电 哈萨克斯坦政府1日宣布,正式关闭已经存续31年的驻俄罗斯贸易代表处。
　　分析人士认为,此举显示该国希望在外交上保持平衡,减少对俄罗斯的依赖。
　　专家怎么看
　　"这并不意味着两国关系破裂。"一位不愿透露姓名的学者说,"但信号很清楚。"
　　据了解,俄方表示不会采取对等措施。
(责任编辑:李四)
相关新闻
布林肯结束中亚之行 与五国外长举行会谈
里海石油管道暂停输油 哈萨克斯坦寻找替代路线
中欧班列今年开行数量再创新高
网友评论 文明上网理性发言
共有3条评论
我觉得这个决定是对的,毕竟要为自己的国家考虑,大家怎么看呢。
版权声明:凡本网注明来源的作品,未经授权不得转载。
关于我们 | 广告服务 | 联系我们 | 网站地图 | 京ICP备12345678号
"""

TRADITIONAL = """Yahoo風格入口
搜尋
登入
信箱
哈薩克關閉駐俄貿易代表處 專家:與莫斯科漸行漸遠
記者李大同/綜合報導
2023年3月1日 週三 下午8:01
哈薩克政府宣布關閉設在莫斯科的貿易代表處,這個機構已運作31年,外界認為這是雙方關係轉冷的最新跡象。
[廣告]請繼續往下閱讀
外交部發言人表示,這項調整出於預算考量,與國際情勢無關,但多數觀察家並不相信這種說法。
▲哈薩克總統托卡耶夫。(圖/路透)
學者指出,哈薩克近年積極尋求多元的夥伴關係,與土耳其、亞塞拜然的往來日益密切。(延伸閱讀:石油管線之爭)
延伸閱讀
油價大漲!專家曝原因
台股開盤漲百點
俄羅斯盧布貶值創新低
按讚加入粉絲團
留言 25
載入中...
"""


@pytest.mark.parametrize(
    ("page", "kept", "gone"),
    [
        (
            ENGLISH,
            ["ALMATY — Kazakhstan has closed", "The decision follows a visit", '"We want to balance our',
             "What comes next", "Analysts expect other", '"There is no going back."'],
            ["Skip to", "Subscribe", "Central Asia\n", "Jane Doe", "Facebook", "dvertisement", "Blinken visits",
             "Why the tenge", "Have a tip", "Tags", "Great article", "nonsense", "Storm closes", "Central bank",
             "All rights", "Privacy"],
        ),
        (
            SIMPLIFIED,
            ["本报阿斯塔纳3月1日电 哈萨克斯坦政府1日宣布", "分析人士认为", "专家怎么看", "这并不意味着", "据了解"],
            ["首页", "环球日报", "字号", "分享", "责任编辑", "布林肯", "里海", "中欧班列", "评论", "我觉得", "版权", "ICP"],
        ),
        (
            TRADITIONAL,
            ["哈薩克政府宣布關閉", "外交部發言人表示", "學者指出", "往來日益密切。"],
            ["搜尋", "信箱", "李大同", "廣告", "延伸閱讀", "石油管線之爭", "油價大漲", "台股", "粉絲團", "留言", "載入中"],
        ),
    ],
    ids=["en", "zh-Hans", "zh-Hant"],
)  # fmt: skip
def test_scraped_text_loses_what_is_around_it_and_no_more(
    page: str, kept: list[str], gone: list[str]
) -> None:
    text = article(page).text
    assert [part for part in kept if part not in text] == []
    assert [part for part in gone if part in text] == []


def test_metadata_of_scraped_text() -> None:
    english, simplified, traditional = map(article, (ENGLISH, SIMPLIFIED, TRADITIONAL))
    assert english.title == "Kazakh trade mission in Moscow shuts its doors"
    assert (english.author, english.published) == ("Jane Doe", "2023-03-01T09:15:00-05:00")
    assert simplified.title == "哈萨克斯坦关闭驻俄贸易代表处"
    assert (simplified.author, simplified.outlet) == ("王小明", "环球日报")
    assert simplified.published == "2023-03-01T20:01:00"
    assert simplified.guessed == {"title", "language"}
    assert traditional.title == "哈薩克關閉駐俄貿易代表處 專家:與莫斯科漸行漸遠"
    assert (traditional.author, traditional.published) == ("李大同", "2023-03-01T20:01:00")
    assert [a.language for a in (english, simplified, traditional)] == ["en", "zh-Hans", "zh-Hant"]


FIRST = "Kazakhstan has closed its trade mission in Moscow after 31 years, the government said, in the latest sign of cooling ties."
SECOND = (
    "The decision follows a visit by the American secretary of state, who met ministers of the region.",
    "Officials in Moscow said that they would not answer in kind, and that trade would go on as before.",
    "Analysts expect other countries of the region to watch closely what the Kremlin does about it.",
) * 5
POLICY = (
    "We are committed to protecting your personal data and have updated our policy to comply with it.",
    "Please review the policy, which contains details about the data that we collect and how we use it.",
    "If you have any questions or concerns about what we do with it, please write to the address below.",
) * 5
TITLE = "Home\nWorld\nSearch\n\nKazakh trade mission in Moscow shuts its doors\n"


@pytest.mark.parametrize("between", ["Filed under: Kazakhstan, Russia", "Read the full story here"])
def test_a_second_half_is_not_lost_to_what_mostly_ends_an_article(between: str) -> None:
    text = article(f"{TITLE}{FIRST}\n{between}\n" + "\n".join(SECOND)).text
    assert text == "\n".join((FIRST, *SECOND))


@pytest.mark.parametrize("after", ["Advertisement", "Comments (3)", "All rights reserved"])
def test_a_last_paragraph_is_not_lost_to_a_link_above_it(after: str) -> None:
    last = " ".join(SECOND[:2])
    page = f"{TITLE}{FIRST}\nRelated links\n* The ministry's website\n{last}\n{after}\n"
    assert article(page).text == f"{FIRST}\n{last}"


def test_a_teaser_under_other_stories_is_not_the_article() -> None:
    teaser = " ".join(SECOND[:2])
    page = f"{TITLE}{FIRST}\nRelated stories\nWhat Moscow says\n{teaser}\nWhy the tenge fell\n"
    assert article(page).text == FIRST


@pytest.mark.parametrize("foot", ["© 2023 Example. All rights reserved.", "京ICP备12345678号"])
def test_nothing_follows_the_foot_of_a_page(foot: str) -> None:
    page = f"{TITLE}{FIRST}\n" + "\n".join((*SECOND, foot, *POLICY))
    assert article(page).text == "\n".join((FIRST, *SECOND))


def test_a_line_of_names_is_links_to_other_sites() -> None:
    names = "外交部 国防部 国家发展和改革委员会 教育部 科学技术部 工业和信息化部 公安部 民政部 " * 5
    text = article(SIMPLIFIED.replace("(责任编辑", f"{names}\n(责任编辑")).text
    assert "外交部" not in text


def test_a_heading_is_not_taken_for_a_button() -> None:
    heading = "举报人「寻而不得」"
    page = SIMPLIFIED.replace("　　专家怎么看", heading)
    assert heading in article(page).text
