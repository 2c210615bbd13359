"""Exports of press archives: every article, with what the archive states about it."""

from pathlib import Path

import pytest

from tests.documents import make_docx_paragraphs
from tests.test_load_formats import articles

RAIL = (
    "The freight line between Almaty and Khorgos will reopen on June 3 after repairs costing $48 "
    "million, officials said on Tuesday. The line was closed in November when a flood washed away "
    "two bridges near the border.",
    "Trade along the corridor grew 12 percent last year, the transport ministry said.",
)
WHEAT = (
    "Wheat exports rose 19 percent in March from a year earlier, the agriculture ministry said on "
    "Monday. Most of the grain went to Uzbekistan and Iran.",
    "Farmers said that the harvest beat the forecast by two million tonnes.",
)
PORT = (
    "高雄港第七貨櫃中心擴建案周二通過環評，總經費為三百八十億元，工程預計二○二七年完工，屆時年吞吐量可增加四百五十萬標準箱。",
    "當地漁會憂心填海影響漁場，要求政府先完成生態調查再動工。",
)
GRAIN = (
    "農業部周一表示，三月小麥出口較去年同期增加百分之十九，多數銷往烏茲別克及伊朗。",
    "農民表示，今年收成比預測多出二百萬噸。",
)
ENGLISH = (
    ("Rail line to reopen after repairs", "Steppe Daily", "Ann Lee", "2024-05-14", "A4", RAIL),
    (
        "Wheat exports rise as harvest beats forecast",
        "The Harbour Times",
        "Bo Xu",
        "2024-04-02",
        "B2",
        WHEAT,
    ),
)
CHINESE = (
    ("高雄港擴建案通過環評", "海運日報", "林小青", "2024-05-14", "A01", PORT),
    ("小麥出口增一成九", "明港時報", "王大明", "2024-04-02", "B03", GRAIN),
)
DATES = {
    "2024-05-14": ("14 May 2024", "May 14, 2024"),
    "2024-04-02": ("2 April 2024", "April 2, 2024"),
}


def factiva() -> str:
    parts = [
        f"{title}\nBy {author}\n212 words\n{DATES[on][0]}\n{outlet}\nSTEPD\n{page}\nEnglish\n"
        f"Copyright 2024 {outlet} Ltd\n\n"
        + "\n\n".join(body)
        + "\n\nDocument STEPD00020240514ek5e00001\n"
        for title, outlet, author, on, page, body in ENGLISH
    ]
    return "\n".join(parts) + "\nSearch Summary\nText\trail or wheat\nDate\tAll Dates\n"


def factiva_codes() -> str:
    return "\n".join(
        f"HD   {title}\nBY   By {author}\nWC   212 words\nPD   {DATES[on][0]}\nSN   {outlet}\nSC   STEPD\n"
        f"PG   {page}\nLA   English\nCY   Copyright 2024 {outlet}\n\nLP\n{body[0]}\n\nTD\n{body[1]}\n\n"
        "CO\nsteppe : Steppe Rail\n\nNS\nctrade : Trade\n\nAN   Document STEPD00020240514ek5e00001\n"
        for title, outlet, author, on, page, body in ENGLISH
    )


def nexis() -> str:
    """As LexisNexis wrote text files: centred, wrapped, with labels."""
    from textwrap import fill

    return "\n".join(
        f"{f'{number} of 2 DOCUMENTS':^72}\n\n\n{outlet:^72}\n\n{f'{DATES[on][1]} Tuesday':^72}\n"
        f"{'Late Edition - Final':^72}\n\n{title}\n\nBYLINE: By {author.upper()}\n\n"
        f"SECTION: Section A; Foreign Desk; Pg. {page}\n\nLENGTH: 212 words\n\nDATELINE: ALMATY\n\n"
        + ("BODY:\n\n" if number == 1 else "")
        + "\n\n".join(fill(p, 76, initial_indent="   ") for p in body)
        + "\n\nURL: http://www.steppe.example/\n\nGRAPHIC: A freight train. (AP)\n\nLOAD-DATE: May 20, 2024"
        f"\n\nLANGUAGE: ENGLISH\n\nPUBLICATION-TYPE: Newspaper\n\n{f'Copyright 2024 {outlet}':^72}\n\n"
        for number, (title, outlet, author, on, page, body) in enumerate(ENGLISH, 1)
    )


def nexis_uni() -> str:
    """As Nexis Uni writes documents: a cover page, then the articles."""
    cover = "Date and Time: Wednesday, May 15, 2024 9:12:00 AM CST\nJob Number: 123456789\nDocuments (2)\n"
    for number, (title, *_) in enumerate(ENGLISH, 1):
        cover += f"{number}. {title}\nClient/Matter: -None-\nSearch Terms: rail or wheat\n"
    return cover + "\n\n".join(
        f"{title}\n\n{outlet}\n\n{DATES[on][1]} Tuesday\n\nCopyright 2024 {outlet} All Rights Reserved\n\n"
        f"Section: NEWS; Pg. {page}\n\nLength: 212 words\n\nByline: {author}\n\nBody\n\n"
        + "\n\n".join(body)
        + "\n\nGraphic\n\nA freight train near Khorgos.\n\nClassification\n\nLanguage: ENGLISH\n\n"
        "Subject: RAIL TRANSPORT (90%)\n\nLoad-Date: May 20, 2024\n\nEnd of Document"
        for title, outlet, author, on, page, body in ENGLISH
    )


def proquest() -> str:
    rule = "_" * 60
    return (
        f"{rule}\n\nReport Information from ProQuest\n\n"
        + "\n\n".join(
            f"{rule}\n\nDocument {number} of 2\n\n{title}\n\nAuthor: {' '.join(reversed(author.split())).replace(' ', ', ')}\n\n"
            f"Publication info: {outlet} ; Almaty [Almaty]. {DATES[on][0]}: {page}.\n\nProQuest document link\n\n"
            "Abstract: It will.\n\nFull text: " + "\n\n".join(body) + "\n\nSubject: Railroads\n\n"
            f"Location: Almaty Kazakhstan\n\nPublication title: {outlet}; Almaty\n\nPublication year: 2024\n\n"
            f"Publication date: {DATES[on][1]}\n\nDocument type: News\n\nProQuest document ID: 3055555555\n\n"
            "Last updated: 2024-06-15\n\nDatabase: ProQuest Central"
            for number, (title, outlet, author, on, page, body) in enumerate(ENGLISH, 1)
        )
        + "\n\nBibliography\n\nCitation style: APA 6th\n\nLee, A. (2024). Rail line.\n"
    )


def wisers() -> str:
    return (
        "WiseNews 慧科新聞\n\n"
        + "\n".join(
            f"{number}.\n{title}\n{outlet} | {on}\n報章 | {page} | 要聞 | By {author}\n\n"
            + "\n\n".join(body)
            + "\n\n文章編號: 202405140010023\n"
            for number, (title, outlet, author, on, page, body) in enumerate(CHINESE, 1)
        )
        + "\n本文以慧科訊業有限公司(慧科)開發的數碼檔案科技傳送。\n慧科訊業有限公司 (2024)。版權所有，翻印必究。\n"
    )


def wisers_below() -> str:
    """With the headline below the outlet, and a notice below each article."""
    return "\n".join(
        f"{outlet}\n{page} | 要聞 | By {author} | {on}\n\n{title}\n\n"
        + "\n\n".join(body)
        + "\n\n文章編號: 202405140010023\n本文以慧科訊業有限公司(慧科)開發的數碼檔案科技傳送 .\n"
        "慧科訊業有限公司 (2024) . 版權所有 , 翻印必究 .\n"
        for title, outlet, author, on, page, body in CHINESE
    )


def wisers_labels() -> str:
    return "\n".join(
        f"標題：{title}\n來源：{outlet}\n日期：{on}\n版面：{page}\n作者：{author}\n正文：\n"
        + "\n".join(body)
        + "\n文章編號：202405140010023\n"
        for title, outlet, author, on, page, body in CHINESE
    )


def factiva_chinese() -> str:
    return "\n".join(
        f"{title}\n記者{author}\n358 字\n{on[:4]} 年 {int(on[5:7])} 月 {int(on[8:])} 日\n{outlet}\nHAIYN\n{page}\n"
        f"中文（繁體）\n版權所有 2024 {outlet}\n\n"
        + "\n\n".join(body)
        + "\n\n文件 HAIYN00020240514ek5e00001\n"
        for title, outlet, author, on, page, body in CHINESE
    )


EXPORTS = {
    "factiva": (factiva, ENGLISH), "factiva-codes": (factiva_codes, ENGLISH), "nexis": (nexis, ENGLISH),
    "nexis-uni": (nexis_uni, ENGLISH), "proquest": (proquest, ENGLISH), "wisers": (wisers, CHINESE),
    "wisers-below": (wisers_below, CHINESE), "wisers-labels": (wisers_labels, CHINESE),
    "factiva-chinese": (factiva_chinese, CHINESE),
}  # fmt: skip


def rtf(text: str) -> bytes:
    """As word processors write it: what is beyond ASCII as numbers."""
    escaped = "".join(
        "\\par\n"
        if c == "\n"
        else c
        if c.isascii()
        else f"\\u{ord(c) - (65536 if ord(c) > 32767 else 0)}?"
        for c in text
    )
    head = r"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fnil Arial;}}{\*\generator Export;}\viewkind4\f0 "
    return (head + escaped + "}").encode("ascii")


def html(text: str) -> bytes:
    if "  " in text:  # laid out with spaces
        return (
            f"<html><head><meta charset=utf-8></head><body><pre>{text}</pre></body></html>".encode()
        )
    blocks = "".join(f"<p>{line}</p>" for line in text.split("\n") if line.strip())
    return f"<html><head><meta charset=utf-8><title>Export</title></head><body>{blocks}</body></html>".encode()


@pytest.mark.parametrize("kind", ["txt", "rtf", "docx", "html"])
@pytest.mark.parametrize("name", EXPORTS)
def test_every_article_is_there_as_the_archive_describes_it(
    name: str, kind: str, tmp_path: Path
) -> None:
    make, wanted = EXPORTS[name]
    file = tmp_path / f"export.{kind}"
    if kind == "docx":
        make_docx_paragraphs(file, make().split("\n"))
    else:
        file.write_bytes({"txt": str.encode, "rtf": rtf, "html": html}[kind](make()))
    found = articles(file)
    assert [a.title for a in found] == [title for title, *_ in wanted]
    for article, (_, outlet, author, on, page, body) in zip(found, wanted, strict=True):
        assert (article.outlet, article.author, article.published) == (outlet, author, on)
        assert article.metadata["page"] == page
        assert article.text == "\n".join(body)


def test_a_document_in_a_text_makes_it_no_export(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(
        "Rail line to reopen\nBy Ann Lee\nMay 14, 2024\n\n"
        + "\n\n".join(RAIL)
        + "\n\nDocument 12 of the ministry was published on Tuesday, and it is the end of document leaks."
    )
    (article,) = articles(tmp_path / "a.txt")
    assert (article.title, article.author) == ("Rail line to reopen", "Ann Lee")
    assert article.text.startswith(RAIL[0])
