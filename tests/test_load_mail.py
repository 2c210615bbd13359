"""Letters as programs send them: stubs beside markup, headers in bytes, forwarded, with attachments."""

from email.message import EmailMessage
from pathlib import Path

import pytest

from index.records import Article, Rejection
from tests.test_load_formats import articles, read

RAIL = (
    "The freight line between Almaty and Khorgos will reopen on June 3 after repairs costing $48 "
    "million, officials said on Tuesday."
)
TRADE = "Trade along the corridor grew 12 percent last year, the transport ministry said on Monday."
PORT = "高雄港第七貨櫃中心擴建案周二通過環評，總經費為三百八十億元，工程預計二○二七年完工。"
GRAIN = "农业部周一表示，三月小麦出口较去年同期增加百分之十九，多数销往乌兹别克及伊朗。"
HEAD = "From: Steppe Daily <news@steppe.example>\nDate: Tue, 14 May 2024 09:30:00 -0400\nMIME-Version: 1.0\n"
STUBS = (
    "View this email in your browser: https://click.example/" + "a" * 300,
    "Your e-mail program shows no HTML.\n\nhttps://click.example/" + "b" * 80,
    "Unsubscribe <https://click.example/" + "c" * 200 + ">\n" * 4,
    "請以瀏覽器觀看本信。 https://click.example/" + "d" * 300,
    " ",
)


def newsletter(stub: str, markup: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Steppe Daily <news@steppe.example>", "Morning brief"
    message["Date"] = "Tue, 14 May 2024 09:30:00 -0400"
    message.set_content(stub)
    message.add_alternative(markup, subtype="html")
    return message.as_bytes()


@pytest.mark.parametrize("stub", STUBS)
def test_the_markup_is_read_where_the_text_is_a_stub(tmp_path: Path, stub: str) -> None:
    data = newsletter(stub, f"<html><body><p>{RAIL}</p><p>{TRADE}</p></body></html>")
    (tmp_path / "a.eml").write_bytes(data)
    (found,) = articles(tmp_path / "a.eml")
    assert found.text == f"{RAIL}\n{TRADE}"
    assert "click.example" not in found.text


def test_a_full_text_beside_markup_is_read(tmp_path: Path) -> None:
    data = newsletter(f"{RAIL}\n\n{TRADE}", f"<p>{RAIL}</p><p>{TRADE}</p><div>Logo</div>")
    (tmp_path / "a.eml").write_bytes(data)
    assert articles(tmp_path / "a.eml")[0].text == f"{RAIL}\n{TRADE}"


@pytest.mark.parametrize(
    ("subject", "sender", "encoding", "declared"),
    [
        ("货运铁路将重新开通", "草原日报", "gbk", "gb2312"),
        ("货运铁路将重新开通", "王小明", "gbk", ""),
        ("高雄港擴建案通過環評", "海運日報", "big5", "big5"),
        ("高雄港擴建案通過環評", "林小青", "big5", ""),
        ("Новая линия откроется", "Степная газета", "utf-8", "utf-8"),
    ],
)
def test_headers_in_bytes(
    tmp_path: Path, subject: str, sender: str, encoding: str, declared: str
) -> None:
    body = {"gbk": GRAIN, "big5": PORT}.get(
        encoding, "Грузовая линия откроется третьего июня, сообщили чиновники."
    )
    kind = f"text/plain; charset={declared}" if declared else "text/plain"
    head = f"Subject: Re: {subject}\nFrom: {sender} <a@b.example>\nContent-Type: {kind}\nDate: Tue, 14 May 2024 09:30:00 +0800\n\n"
    (tmp_path / "a.eml").write_bytes((head + body).encode(encoding))
    (found,) = articles(tmp_path / "a.eml")
    assert (found.title, found.author, found.text) == (subject, sender, body)


FORWARDS = (
    "---------- Forwarded message ---------\nFrom: Ann Lee <ann@steppe.example>\nDate: Tue, May 14, 2024 at 9:30 AM\nSubject: Rail line to reopen\nTo: <a@b.example>\n\n",  # noqa: E501
    "-----Original Message-----\nFrom: Ann Lee [mailto:ann@steppe.example]\nSent: Tuesday, May 14, 2024 9:30 AM\nTo: a@b.example\nSubject: FW: Rail line to reopen\n\n",  # noqa: E501
    "Begin forwarded message:\n\n> From: Ann Lee <ann@steppe.example>\n> Subject: Rail line to reopen\n> Date: May 14, 2024 at 09:30:00\n> To: a@b.example\n>\n",  # noqa: E501
    "---------- 轉寄郵件 ---------\n寄件者： Ann Lee <ann@steppe.example>\n日期：2024年5月14日 上午9:30\n主旨： 轉寄: Rail line to reopen\n收件者：a@b.example\n\n",  # noqa: E501
    '------------------ 原始邮件 ------------------\n发件人: "Ann Lee" <ann@steppe.example>;\n发送时间: 2024年5月14日(星期二) 上午9:30\n收件人: "B"<a@b.example>;\n主题: Rail line to reopen\n\n',  # noqa: E501
)


@pytest.mark.parametrize("mark", FORWARDS)
def test_a_forwarded_letter_is_its_sender_s(tmp_path: Path, mark: str) -> None:
    quoted = mark.count("\n>") > 2
    body = "\n".join(f"> {line}" if quoted else line for line in (RAIL, "", TRADE))
    kind = (
        "Content-Type: text/plain; charset=utf-8\nSubject: Fwd: Rail line to reopen\n\nFor you.\n\n"
    )
    (tmp_path / "a.eml").write_bytes((HEAD + kind + mark + body).encode())
    (found,) = articles(tmp_path / "a.eml")
    assert (found.title, found.author) == ("Rail line to reopen", "Ann Lee")
    assert found.published.startswith("2024-05-14")
    assert found.text == f"{RAIL}\n{TRADE}"


def test_a_comment_above_a_forwarded_letter_is_an_article_of_its_own(tmp_path: Path) -> None:
    kind = "Content-Type: text/plain; charset=utf-8\nSubject: Fwd: Rail line to reopen\n\n"
    (tmp_path / "a.eml").write_bytes((HEAD + kind + TRADE + "\n\n" + FORWARDS[0] + RAIL).encode())
    first, second = articles(tmp_path / "a.eml")
    assert (first.author, first.text) == ("Steppe Daily", TRADE)
    assert (second.author, second.text) == ("Ann Lee", RAIL)


def attached(content: object, name: str) -> bytes:
    message = EmailMessage()
    message["From"], message["Subject"] = "Steppe Daily <news@steppe.example>", "Today"
    message.set_content(RAIL)
    if isinstance(content, EmailMessage):
        message.add_attachment(content)
    else:
        message.add_attachment(b"x" * 99, "application", "pdf", filename=name)
    return message.as_bytes()


@pytest.mark.parametrize(
    "name", ["agenda.pdf", "议程.docx", "擴建案 說明書.pdf", "a b.zip", "photo.png"]
)
def test_attachments_are_said(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.eml").write_bytes(attached(None, name))
    article, rejection = read(tmp_path / "a.eml")
    assert isinstance(article, Article)
    assert article.metadata["attachments"] == [name]
    assert isinstance(rejection, Rejection)
    assert (rejection.source, rejection.meant) == (f"a.eml/{name}", True)


def test_a_letter_attached_to_a_letter_is_read(tmp_path: Path) -> None:
    inner = EmailMessage()
    inner["From"], inner["Subject"] = "Ann Lee <ann@steppe.example>", "Trade grows"
    inner.set_content(TRADE)
    (tmp_path / "a.eml").write_bytes(attached(inner, ""))
    first, second = articles(tmp_path / "a.eml")
    assert (first.title, first.text) == ("Today", RAIL)
    assert (second.title, second.author, second.text) == ("Trade grows", "Ann Lee", TRADE)


def test_lines_that_flow_on(tmp_path: Path) -> None:
    head = HEAD + "Subject: A\nContent-Type: text/plain; charset=utf-8; format=flowed\n\n"
    words = RAIL.split()
    body = " ".join(words[:9]) + " \n" + " ".join(words[9:]) + "\n\n" + TRADE
    (tmp_path / "a.eml").write_bytes((head + body).encode())
    assert articles(tmp_path / "a.eml")[0].text == f"{RAIL}\n{TRADE}"
