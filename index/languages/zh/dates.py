"""Chinese dates."""

from __future__ import annotations

from index.languages.numbers.number_parts import Dates, Events, PublicationDates, Relative, Weekday
from index.languages.zh.numbers import WRITTEN_DIGITS
from index.languages.zh.numbers import value as numeral_value

_YEAR = r"(?:1[0-9]|20)\d\d"
_HAN_YEAR = "[一二][〇零一二三四五六七八九]{3}"
_HAN_COUNT = "[一二三四五六七八九十百]{1,6}"
_HAN_SMALL = "[一二三四五六七八九十]{1,3}"
_YEARS = {"大前年": -3, "前年": -2, "去年": -1, "上年": -1} | {
    "今年": 0, "本年": 0, "明年": 1, "后年": 2
}  # fmt: skip


_CAPITALS = ("北京", "台北", "臺北", "台湾", "台灣", "香港")
"""Of one time zone."""


def _day_form(year: int | None, month: int, day: int | None) -> str:
    return f"{f'{year}年' if year else ''}{month}月{f'{day}日' if day else ''}"


def _digits(text: str) -> int:
    """二〇二二 -> 2022, 二十一 -> 21, of unfolded text."""
    plain = text.translate(str.maketrans("○Ｏ", "〇〇"))
    return int(numeral_value(plain) or 0)


_OTHER = r"(?:(?P<other>3[01]|[12]\d|0?[1-9])\s?(?:[-–—~、]|至|到)\s?)?"

DATES = Dates(
    full=(
        rf"(?<!\d)(?P<y>{_YEAR}|{_HAN_YEAR})\s?年\s?(?P<m>\d{{1,2}}|{_HAN_SMALL})\s?月"
        rf"(?:\s?{_OTHER}(?P<d>\d{{1,2}}|{_HAN_SMALL})\s?[日号]|份?)",
        rf"民国\s?(?P<roc>\d{{1,3}}|{_HAN_COUNT})\s?年(?:\s?(?P<m>\d{{1,2}}|{_HAN_SMALL})\s?月"
        rf"(?:\s?(?P<d>\d{{1,2}}|{_HAN_SMALL})\s?[日号])?)?",
        rf"(?<!\d)(?P<roc>1[0-4]\d)\s?年\s?(?P<m>\d{{1,2}}|{_HAN_SMALL})\s?月"
        rf"(?:\s?(?P<d>\d{{1,2}}|{_HAN_SMALL})\s?[日号])?",
        r"(?<![\d/.-])(?P<roc>1[0-4]\d)[/.-](?P<m>0?[1-9]|1[0-2])[/.-]"
        r"(?P<d>3[01]|[12]\d|0?[1-9])(?![\d/.-]\d|\d)",
        rf"(?<!\d)(?P<y>{_YEAR}|{_HAN_YEAR})\s?年(?!代)",
        rf"(?<![\d.])(?P<m>\d{{1,2}})\s?月\s?{_OTHER}(?P<d>\d{{1,2}})\s?[日号]",
        rf"(?P<m>{_HAN_SMALL})月(?P<d>{_HAN_SMALL})[日号]",
        r"(?<![\d.第个])(?P<m>1[0-2]|0?[1-9])\s?月(?!球)",
        r"(?<![\d一二三四五六七八九十个第几])"
        r"(?P<m>十[一二]?|[二三四五六七八九]|一(?=月(?:份|初|底|中旬|上旬|下旬|末|间|,|，|的)))月",
    ),
    era="民国",
    era_years=(
        rf"(?<!\d)(?P<roc>\d{{2,3}})\s?年(?![代来间内前后])(?:\s?(?P<m>\d{{1,2}}|{_HAN_SMALL})\s?月"
        rf"(?:\s?(?P<d>\d{{1,2}}|{_HAN_SMALL})\s?[日号])?)?",
    ),
    lone=(r"(?<![\d.,:月第])(?P<d>3[01]|[12]\d|0?[1-9])[日号](?![内间本元])",),
    month_range=(
        rf"(?<!\d)(?:(?P<y>{_YEAR})年\s?)?(?<!\d)(?P<from>1[0-2]|[1-9])\s?(?:-|–|—|~|至|到|、)\s?"
        r"(?P<to>1[0-2]|[1-9])\s?月(?!\s?\d)"
    ),
    year_word="年",
    no_year_behind=r"年|\s?[余多百千万亿兆]",
    year_to="至|到",
    together="和|及|与|或|至|到",
    years_away=_YEARS,
    year_before=rf"(?P<year>{'|'.join(_YEARS)})的?\s?$",
    relative=(
        Relative("year", -3, "大前年"),
        Relative("year", -2, "(?<![之以从此目年月大])前年(?![均轻份代度])"),
        Relative("year", -1, "(?<!过)去年"),
        Relative("year", 0, "今年(?![轻龄])|本年度"),
        Relative("year", 1, "明年(?![轻龄])"),
        Relative("month", -2, "上上个?月"),
        Relative("month", -1, "(?<!以)上个?月"),
        Relative("month", 0, "本月|这个月"),
        Relative("month", 1, "下个?月"),
        Relative("day", -1, "昨[天日晚]"),
        Relative("day", -2, "前天"),
        Relative("day", 0, "今[天日晚](?!俄罗斯|头条)"),
        Relative("day", 1, "明[天日]"),
        Relative("week", -1, "上个?(?:周|星期)"),
        Relative("week", 0, "本周|这(?:个星期|周)"),
        Relative(
            "lately",
            14,
            r"近日|(?<![\d今昨明一二三四五六七八九十])日前(?!往)|最近(?!的|\s?\d)|近期|这几天|不久前",
        ),
    ),
    month_day=(
        rf"(?<![上以])(?P<which>[上下本]|这)\s?(?:[(]\d{{1,2}}[)]\s?)?个?月的?(?P<d>\d{{1,2}}|{_HAN_SMALL})[日号](?![内间])"
    ),
    months_of_day={"上": -1, "本": 0, "这": 0, "下": 1},
    weekdays={
        name: n
        for n, names in enumerate(("一", "二", "三", "四", "五", "六", "日天"))
        for name in names
    },
    weekday=(
        Weekday(
            r"(?<![每隔])(?P<which>上个?|本|这个?|下个?)?(?<![每隔])(?:周|星期|礼拜)"
            r"(?P<day>[一二三四五六日天])(?![月年个期种家次])",
            {"上": -1, "上个": -1, "本": 0, "这": 0, "这个": 0, "下": 1, "下个": 1},
        ),
    ),
    numbered=r"[今昨前]\s?[(](?P<d>\d{1,2})[)]\s?[日天]",
    ago=r"前(?![总任锋线景途])|以前|之前",
    ahead=r"将(?![军领士])|预计|预定|拟|计划|打算|企图",
    ahead_behind=r"[^,，.;；。]{0,8}(?:将(?![军领士])|预计|预定|拟|计划)",
    year_form=lambda year: (
        "".join(WRITTEN_DIGITS[int(c)] for c in str(year)).replace("零", "〇"),
    ),
    day_form=_day_form,
)

EVENTS = Events(
    same_year=r"(?:同年|当年)\s*[,，]?\s*$",
    year_on=r"(?:次年|翌年)的?\s?$",
    no_date_before=r"(?:[第近连前约满]|拘留|为期|长达|最近)$",
    every=r"(?:每年|每逢|历年|通常|一般)\s*(?:的|在|于)?\s*$",
    since_before=r"自从?[^,，;；。]{0,24}$",
    since_after=r"[^,，;；。]{0,24}?(?:以来|至今)",
    from_then=r"(?:初|底|末|中旬)?起(?![草诉因初])",
    compares_before="较|比|相比|相较|高于|低于|由|从",
    compares_after=r"\s?年?的?(?:同期|同月|相比)",
    joined="至|到",
    parts_after=(
        r"\s?的?(?:(?:前|头)(?P<first>\d{1,2}|[一二两三四五六七八九十]{1,2})个月|(?P<half>[上下])半年"
        r"|第?(?P<quarter>[一二三四1-4])季|(?P<season>[春夏秋])[天季])"
    ),
    seasons={"春": (3, 5), "夏": (6, 8), "秋": (9, 11)},
    halves={"上": (1, 6), "下": (7, 12)},
    quarters={"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4},
    today_is="今[天日]",
    date_first=True,
)

PUBLISHED = PublicationDates(
    as_of=r"(?:截至|截止|截止到|截止至|截稿|统计至|数据至)",
    dates={
        "chinese": (
            r"(?:(?P<roc>民[国國])\s*+)?(?<!\d)(?P<y>\d{2,4})\s?年\s?(?P<m>0?[1-9]|1[0-2])\s?月\s?"
            r"(?P<d>3[01]|[12]\d|0?[1-9])\s?[日号號]@weekday@@time@"
        ),
        "roc_numerals": (
            r"(?P<roc>民[国國])\s*(?P<y>[一二三四五六七八九十百]{1,6})年(?P<m>十[一二]?|[一二三四五六七八九])月"
            r"(?P<d>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])[日号號]@weekday@@time@"
        ),
        "roc": (
            r"(?:(?P<roc>民[国國])\s*+)?(?<![\d/.-])(?P<y>1[0-4]\d)(?P<sep>[-/.])(?P<m>0?[1-9]|1[0-2])(?P=sep)"
            r"(?P<d>3[01]|[12]\d|0?[1-9])(?![\d/.-]\d|\d)@weekday@@time@"
        ),
        "numerals": (
            r"(?P<y>[一二][〇○零一二三四五六七八九]{3})年(?P<m>十[一二]?|[一二三四五六七八九]|1[0-2]|0?[1-9])月"
            r"(?P<d>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|3[01]|[12]\d|0?[1-9])[日号號]@weekday@@time@"
        ),
        "numerals_behind": (
            r"(?<!\d)(?P<y>(?:19|20)\d\d)\s?年(?P<m>十[一二]?|[一二三四五六七八九])月"
            r"(?P<d>[二三]?十[一二三四五六七八九]?|[一二三四五六七八九]|3[01]|[12]\d|0?[1-9])[日号號]@weekday@@time@"
        ),
    },
    digits=_digits,
    weekday=r"\s*+[(（]?(?:周|週|星期|礼拜|禮拜)[一二三四五六日天][)）]?|\s*+[(（][一二三四五六日][)）]",
    half={
        "上午": "am",
        "早上": "am",
        "中午": "am",
        "凌晨": "night",
        "下午": "pm",
        "晚上": "pm",
    },
    hour="时時點点",
    minute="分",
    second="秒",
    zones=dict.fromkeys((f"{place}{time}" for place in _CAPITALS for time in ("时间", "時間")), 8),
    zone_before=rf"(?:{'|'.join(_CAPITALS)})[時时][间間]",
)
