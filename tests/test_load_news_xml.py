"""News in XML: every article with what its elements state."""

from pathlib import Path

import pytest

from tests.test_load_formats import articles

RAIL = (
    "The freight line between Almaty & Khorgos will reopen on June 3 after repairs costing $48 million.",
    "Trade along the corridor grew 12 percent last year, the transport ministry said.",
)
GRAIN = (
    "農業部周一表示，三月小麥出口較去年同期增加百分之十九，多數銷往烏茲別克及伊朗。",
    "農民表示，今年收成比預測多出二百萬噸。",
)
ARTICLES = (
    ("Rail line to reopen", "Steppe Daily", "Ann Lee", "2024-05-14", RAIL),
    ("小麥出口增一成九", "明港時報", "王大明", "2024-04-02", GRAIN),
)


def _each(form: str, paragraph: str) -> str:
    """The form filled in for each article."""
    return "".join(
        form.format(
            title=title,
            outlet=outlet,
            author=author,
            on=on,
            short=on.replace("-", ""),
            body="".join(paragraph.format(p.replace("&", "&amp;")) for p in body),
        )
        for title, outlet, author, on, body in ARTICLES
    )


PARAGRAPH = "<p>{}</p>"
FORMS = {
    "factiva": '<?xml version="1.0" encoding="utf-8"?><PPSResponse><r xmlns="http://global.example/pps/2.0">'
    + _each(
        "<ppsarticle><article><accessionNo>X1</accessionNo><byline><paragraph>By {author}</paragraph></byline>"
        "<copyright>(c) 2024</copyright><headline><paragraph><hlt>{title}</hlt></paragraph></headline>"
        "<leadParagraph>{body}</leadParagraph><tailParagraphs></tailParagraphs><publicationDate><dateTime>{on}T01:35:58Z"
        "</dateTime></publicationDate><publisherName>Steppe Ltd</publisherName><sourceName>{outlet}</sourceName>"
        "<region code='x'><name>Asia</name></region></article></ppsarticle>",
        "<paragraph>{}</paragraph>",
    )
    + "</r></PPSResponse>",
    "nitf": '<?xml version="1.0"?><!DOCTYPE nitf SYSTEM "nitf.dtd"><docs>'
    + _each(
        "<nitf><head><title>{title}</title><meta name='x' content='y'/><docdata><date.issue norm='{short}T093000'/></docdata>"
        "<pubdata date.publication='{short}T093000' name='{outlet}'/></head><body><body.head><hedline><hl1>{title}</hl1>"
        "</hedline><byline>By {author}</byline></body.head><body.content><block class='full_text'>{body}</block>"
        "</body.content></body></nitf>",
        PARAGRAPH,
    )
    + "</docs>",
    "newsml": '<newsMessage xmlns="http://iptc.org/std/nar/2006-10-01/">'
    + _each(
        "<newsItem><itemMeta><provider><name>{outlet}</name></provider><versionCreated>{on}T09:30:00+00:00</versionCreated>"
        "</itemMeta><contentMeta><by>{author}</by><headline>{title}</headline></contentMeta><contentSet><inlineXML>"
        "<html xmlns='http://www.w3.org/1999/xhtml'><head><title></title></head><body>{body}</body></html></inlineXML>"
        "</contentSet></newsItem>",
        PARAGRAPH,
    )
    + "</newsMessage>",
    "proquest": "<RECORDS>"
    + _each(
        "<RECORD><Obj><TitleAtt><Title>{title}</Title></TitleAtt><NumericDate>{on}</NumericDate><Contributors><Contributor>"
        "<OriginalForm>{author}</OriginalForm></Contributor></Contributors><TextInfo><Text>&lt;html&gt;{body}&lt;/html&gt;"
        "</Text></TextInfo></Obj><DFS><PubFrosting><Title>{outlet}</Title></PubFrosting></DFS></RECORD>",
        "&lt;p&gt;{}&lt;/p&gt;",
    )
    + "</RECORDS>",
    "roots": _each(
        '<DOC id="X" type="story"><HEADLINE>{title}</HEADLINE><SOURCE>{outlet}</SOURCE><AUTHOR>{author}</AUTHOR>'
        "<DATE>{on}</DATE><TEXT>{body}</TEXT></DOC>\n",
        "<P>\n{}\n</P>",
    ),
    "program": '<?xml version="1.0"?><articles>'
    + _each(
        "<article><title>{title}</title><source>{outlet}</source><author>{author}</author><date>{on}</date>"
        "<content>{body}</content></article>",
        "{}\n\n",
    )
    + "</articles>",
}


@pytest.mark.parametrize("name", FORMS)
def test_every_article_with_what_is_stated(tmp_path: Path, name: str) -> None:
    file = tmp_path / f"{name}.xml"
    file.write_text(FORMS[name], encoding="utf-8")
    found = articles(file)
    assert [
        (a.title, a.outlet, a.author.removeprefix("By "), a.published[:10], a.text) for a in found
    ] == [
        (title, outlet, author, on, "\n".join(body)) for title, outlet, author, on, body in ARTICLES
    ]


def test_other_markup_is_read_as_a_page(tmp_path: Path) -> None:
    file = tmp_path / "a.xml"
    file.write_text(f'<?xml version="1.0"?><root><part>{RAIL[1]}</part></root>', encoding="utf-8")
    (article,) = articles(file)
    assert article.text == RAIL[1]


def test_entities_do_not_grow(tmp_path: Path) -> None:
    grown = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 9))
    file = tmp_path / "a.xml"
    file.write_text(
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "lol">{grown}]><articles><article><title>T</title>'
        f"<content>{RAIL[1]} &a8;</content></article></articles>",
        encoding="utf-8",
    )
    assert all(len(article.text) < 1000 for article in articles(file))
