"""Who wrote an article, where its first or last words say so; dates that are not of publication."""

import pytest

from index.extract.bylines import read_data_line
from index.extract.opening_bylines import find_byline
from tests.test_extract import article

BODY = "高雄港第七貨櫃中心擴建案周二通過環評，總經費為三百八十億元，工程預計二○二七年完工。"


@pytest.mark.parametrize(
    ("opening", "author", "agency"),
    [
        ("〔記者林小青／高雄報導〕", "林小青", ""), ("【記者林小青／高雄報導】", "林小青", ""), ("[記者林小青/高雄報導]", "林小青", ""),
        ("（中央社記者林小青高雄14日電）", "林小青", "中央社"), ("（中央社記者林小青、王大明台北14日專電）", "林小青、王大明", "中央社"),
        ("（中央社台北14日電）", "", "中央社"), ("【本報記者林小青高雄報導】", "林小青", ""), ("〔編譯林小青／綜合報導〕", "林小青", ""),
        ("【林小青／台北報導】", "林小青", ""), ("記者林小青／高雄報導 ", "林小青", ""), ("〔記者林小青、王大明／高雄報導〕", "林小青、王大明", ""),
        ("新华社北京5月14日电（记者林小青、王大明）", "林小青、王大明", "新华社"), ("人民网柏林7月28日电 （记者刘仲华、张慧中）", "刘仲华、张慧中", "人民网"),
        ("中新网5月14日电(记者 林小青)", "林小青", "中新网"), ("本报讯（记者 林小青 通讯员 王大明）", "林小青、王大明", ""),
        ("央广网兰州7月28日消息（见习记者林小青）", "林小青", "央广网"), ("【國際中心／綜合報導】", "", ""), ("【明報專訊】", "", "明報"),
        ("(中央社記者歐陽小青台北14日電)", "歐陽小青", "中央社"), ("台北（記者）", "", ""),
    ],
)  # fmt: skip
def test_first_words_in_chinese(opening: str, author: str, agency: str) -> None:
    found = find_byline(opening + BODY)
    assert (found.author, found.agency) == (author, agency)


@pytest.mark.parametrize(
    ("text", "author", "agency"),
    [
        ("ALMATY, May 14 (Reuters) - The line will reopen.", "", "Reuters"),
        ("MOSCOW (AP) — Russia said on Tuesday that it would.", "", "AP"),
        ("(Reuters) - The line will reopen.\n(Reporting by Ann Lee and Bo Xu; Editing by Carl Wu)", "Ann Lee and Bo Xu", "Reuters"),
        ("The line will reopen.\nReporting by Ann Lee in Almaty; additional work by Bo Xu", "Ann Lee", ""),
        ("АСТАНА, 14 мая. /ТАСС/. Линия откроется.", "", "ТАСС"),
        ("The report was written by the ministry of transport, officials said.", "", ""),
        ("港務公司表示，將於六月動工。\n（記者林小青）", "林小青", ""),
        ("港務公司表示，將於六月動工。（記者林小青）", "林小青", ""),
    ],
)  # fmt: skip
def test_first_and_last_words(text: str, author: str, agency: str) -> None:
    found = find_byline(text)
    assert (found.author, found.agency) == (author, agency)


def test_the_words_stay_in_the_text_and_the_stated_author_wins() -> None:
    found = article(f"高雄港擴建案通過環評\n2024-05-14\n〔記者林小青／高雄報導〕{BODY}")
    assert found.author == "林小青"
    assert found.text.startswith("〔記者林小青／高雄報導〕")
    assert article(f"〔記者林小青／高雄報導〕{BODY}", author="王大明").author == "王大明"


@pytest.mark.parametrize(
    ("line", "published", "updated"),
    [
        ("As of May 10, 2024 | Published May 14, 2024", "2024-05-14", ""),
        ("Updated May 15, 2024 10:00 | Published May 14, 2024 09:00", "2024-05-14T09:00:00", "2024-05-15T10:00:00"),
        ("截至2024年5月10日 發布時間：2024年5月14日", "2024-05-14", ""),
        ("更新時間：2024-05-15 10:00 發布時間：2024-05-14 09:00", "2024-05-14T09:00:00", "2024-05-15T10:00:00"),
        ("Prices as of May 10, 2024. Published on May 14, 2024", "2024-05-14", ""),
    ],
)  # fmt: skip
def test_which_date_is_of_publication(line: str, published: str, updated: str) -> None:
    found = read_data_line(line)
    assert found is not None
    assert (found.published, found.updated) == (published, updated)
