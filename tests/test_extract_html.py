"""Saved web pages: main text, metadata from markup, and what must not pass."""

import pytest

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.records import Article, Page

SETTINGS = LoadSettings()

PARAGRAPHS = (
    "Kazakhstan has closed its trade mission in Moscow after 31 years, the government said on "
    "Wednesday, in the <a href='/ties'>latest sign</a> of cooling ties with its neighbour.",
    "The decision follows a visit by the American secretary of state, who met ministers of five "
    "countries in the region and promised <b>support</b> for their independence.",
    "Analysts expect other countries of the region to watch closely what the Kremlin does now.",
)
PLAIN = (
    "Kazakhstan has closed its trade mission in Moscow after 31 years, the government said on "
    "Wednesday, in the latest sign of cooling ties with its neighbour.",
    "The decision follows a visit by the American secretary of state, who met ministers of five "
    "countries in the region and promised support for their independence.",
    "Analysts expect other countries of the region to watch closely what the Kremlin does now.",
)

ENGLISH = f"""<!DOCTYPE html><html lang="en"><head><title>Trade mission shuts | Example News</title>
<meta property="og:site_name" content="Example News">
<meta property="og:title" content="Kazakh trade mission in Moscow shuts">
<link rel="canonical" href="https://news.example.org/2023/kazakh-mission">
<script type="application/ld+json">{{"@context": "https://schema.org", "@graph": [{{"@type": "WebSite",
"name": "Example"}}, {{"@type": "NewsArticle", "headline": "Kazakh trade mission in Moscow shuts",
"datePublished": "2023-03-01T09:15:00+05:00", "dateModified": "2023-03-02T10:00:00+05:00",
"author": [{{"@type": "Person", "name": "Jane Doe"}}, {{"name": "Ivan Li"}}]}}]}}</script>
<script>var x = "stolen by script";</script><style>.a {{ color: red }}</style></head><body>
<nav><a href="/">Home</a> <a href="/world">World</a> <a href="/sport">Sport</a></nav>
<main><article><h1>Kazakh trade mission in Moscow shuts</h1><p class="byline">By Jane Doe and Ivan Li</p>
<p>{PARAGRAPHS[0]}</p><p onclick="alert('handler')">{PARAGRAPHS[1]}</p>
<div style="display:none">Invisible words of a hidden element that nobody sees.</div>
<p><a href="/other">READ ABOUT ANOTHER STORY OF THE DAY</a></p>
<h2>What comes next</h2><p>{PARAGRAPHS[2]}</p></article></main>
<footer>© 2023 Example News. All rights reserved.</footer></body></html>"""


def article(markup: str) -> Article:
    (found,) = extract_articles(Page("page.html", markup, "html"), SETTINGS)
    assert isinstance(found, Article), found
    return found


def test_body_is_whole_and_clean() -> None:
    lines = article(ENGLISH).text.split("\n")
    assert lines == [*PLAIN[:2], "What comes next", PLAIN[2]]


def test_markup_states_the_metadata() -> None:
    found = article(ENGLISH)
    assert found.title == "Kazakh trade mission in Moscow shuts"
    assert found.author == "Jane Doe, Ivan Li"
    assert found.outlet == "Example News"
    assert found.published == "2023-03-01T09:15:00+05:00"
    assert found.canonical_url == found.url == "https://news.example.org/2023/kazakh-mission"
    assert found.language == "en"
    assert found.guessed == {"language"}


def test_user_metadata_wins() -> None:
    given = {
        "title": "Mine",
        "published": "2020-01-02",
        "outlet": "Desk",
        "language": "zh",
        "note": 7,
    }
    (found,) = extract_articles(Page("page.html", ENGLISH, "html", given), SETTINGS)
    assert isinstance(found, Article)
    assert (found.title, found.published, found.outlet) == ("Mine", "2020-01-02", "Desk")
    assert found.author == "Jane Doe, Ivan Li"
    assert found.metadata == {"note": 7}


CHINESE = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312">
<title>哈国关闭驻俄贸易代表处_国际_某某网</title></head><body>
<table width="980"><tr><td><a href="/">首页</a> | <a href="/n">新闻</a> | <a href="/s">体育</a> | <a href="/e">娱乐</a></td></tr></table>
<table width="980"><tr><td width="700">
<h1>哈国关闭驻俄贸易代表处</h1>
<div>2023年03月01日 20:01 来源:某某日报 作者:王小明 【字体:大 中 小】</div>
　　哈萨克斯坦政府1日宣布,正式关闭已经存续31年的驻俄罗斯贸易代表处,这被看作两国关系降温的信号。<br><br>
　　分析人士认为,此举显示该国希望在外交上保持平衡,并逐步减少对俄罗斯能源的依赖,但双方都没有公开批评对方。<br><br>
　　据了解,俄方表示不会采取对等措施,两国贸易额去年仍有增长,其中石油运输占了相当大的部分。<br>
(责任编辑:李四)</td><td width="280"><b>热点排行</b><br>
<a href="/1">油价大涨 专家解读背后原因</a><br><a href="/2">股市三连阳 成交额破万亿</a><br><a href="/3">中欧班列今年开行再创新高</a>
</td></tr></table><div>版权所有 某某网 未经授权禁止转载 京ICP备12345678号</div></body></html>"""


def test_a_page_laid_out_in_tables() -> None:
    found = article(CHINESE)
    lines = found.text.split("\n")
    assert [line[:6] for line in lines] == ["哈萨克斯坦政", "分析人士认为", "据了解,俄方"]
    assert (found.title, found.author, found.outlet) == (
        "哈国关闭驻俄贸易代表处",
        "王小明",
        "某某日报",
    )
    assert found.published == "2023-03-01T20:01:00"
    assert found.language == "zh-Hans"


def test_a_data_table_stays_readable() -> None:
    table = "<table><tr><th>Year</th><th>Trade</th></tr><tr><td>2022</td><td>34 million</td></tr></table>"
    markup = ENGLISH.replace("<h2>What", table + "<h2>What")
    assert "2022 | 34 million" in article(markup).text


@pytest.mark.parametrize(
    "element",
    [
        "<script>stolen()</script>",
        "<style>stolen</style>",
        "<noscript>stolen</noscript>",
        "<template>stolen</template>",
        "<!-- stolen -->",
        "<iframe srcdoc='stolen'>stolen</iframe>",
        "<object data=x>stolen</object>",
        "<svg><script>stolen</script></svg>",
        "<select><option>stolen</option></select>",
        "<textarea>stolen</textarea>",
        "<img src=x onerror='stolen' alt='stolen'>",
    ],
)
def test_what_is_no_text_is_not_in_the_text(element: str) -> None:
    for markup in (ENGLISH, CHINESE):
        opening = "<p>Kazakhstan" if markup is ENGLISH else "<div>2023年"
        assert "stolen" not in article(markup.replace(opening, element + opening)).text


def test_two_articles_on_a_forum_page() -> None:
    posts = "".join(
        f"<div><h3>{title}</h3><p>{by}</p>" + "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
        + "<p><a href='#r'>Reply</a> <a href='#q'>Quote</a></p><p>Last edited by admin</p></div>"
        for title, by in (
            ("Kazakhstan turns away from Moscow", "Jane Doe, Daily News, 09/17/22"),
            ("The end of an office that nobody visited", "John Smith, 10/19/22"),
        )
    )  # fmt: skip
    page = Page("f.html", f"<html><body><div>Forum index</div>{posts}</body></html>", "html")
    first, second = extract_articles(page, SETTINGS)
    assert isinstance(first, Article) and isinstance(second, Article)
    assert (first.title, first.author, first.published) == (
        "Kazakhstan turns away from Moscow", "Jane Doe", "2022-09-17",
    )  # fmt: skip
    assert (second.author, second.published) == ("John Smith", "2022-10-19")
    assert first.text == second.text == "\n".join(PLAIN)


def test_markdown_with_front_matter() -> None:
    text = (
        "---\ntitle: Office closed\ndate: 2023-03-01\nsource: Daily\n---\n# Office closed\n\n"
        "Kazakhstan **closed** its [trade office](http://x.example) in Moscow, *officials* said.\n\n"
        "## Why\n\nThe ministry did not comment on it. ![map](map.png)\n"
    )
    (found,) = extract_articles(Page("a.md", text, "markdown"), SETTINGS)
    assert isinstance(found, Article)
    assert found.text == (
        "Kazakhstan closed its trade office in Moscow, officials said.\nWhy\n"
        "The ministry did not comment on it."
    )
    assert (found.title, found.published, found.outlet) == ("Office closed", "2023-03-01", "Daily")


@pytest.mark.parametrize("library", ["trafilatura.extract", "htmldate.find_date"])
def test_a_page_is_read_without_what_fails_on_it(
    monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ValueError("not XML compatible")

    monkeypatch.setattr(library, fail)
    markup = (
        f"<html><body><h1>Trade mission shuts</h1><p>{'</p><p>'.join(PARAGRAPHS)}</p></body></html>"
    )
    (found,) = extract_articles(Page("a.html", markup, "html"), SETTINGS)
    assert isinstance(found, Article)
    assert all(line in found.text for line in PLAIN)
