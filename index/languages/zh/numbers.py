"""Chinese numerals, scales and units."""

from __future__ import annotations

import re
from functools import partial
from math import prod

from index.languages import late
from index.languages.numbers.number_parts import Numbers, Special
from index.languages.numbers.special_numbers import of_kind, read_number, share

DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "兆": 10**12}
WRITTEN_DIGITS = "零一二三四五六七八九"
PLACES = ("", "十", "百", "千")

MOST_SPELLED = 9999
"""Larger numbers are not written out in characters alone."""

JOINED = {"廿": 20.0, "卅": 30.0}
"""Tens that are one character."""

_NUMERAL = "(?:[零〇一二两三四五六七八九十百千万亿廿卅]|兆(?![瓦赫位帕字]))"
_FIGURES = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"


def value(text: str) -> float | None:
    """二百五十 -> 250, 三点五亿 -> 350,000,000, 二〇二二 -> 2022 (folded text); None for what is no
    numeral."""
    whole, _, fraction = text.partition("点")
    if not whole:
        return None
    if all(c in DIGITS for c in whole):
        number = 0.0
        for c in whole:
            number = 10 * number + DIGITS[c]
    else:
        read = _with_scales(whole)
        if read is None:
            return None
        number = read
    if fraction:
        places = fraction.rstrip("".join(SCALES))
        number += sum(DIGITS[c] / 10 ** (i + 1) for i, c in enumerate(places) if c in DIGITS)
        number *= prod(SCALES[c] for c in fraction[len(places) :])
    return number


def _with_scales(text: str) -> float | None:
    total = section = 0.0
    digit: float | None = None
    for c in text:
        if c in DIGITS:
            digit = float(DIGITS[c])
            continue
        if c in JOINED:
            section += JOINED[c]
            continue
        scale = SCALES.get(c)
        if scale is None:
            return None
        if scale >= 10**4:
            part = section + (digit or 0)
            if total >= scale:  # 两亿五千万
                total += (part or 1) * scale
            else:  # 一万五千亿
                total = (total + part or 1) * scale
            section, digit = 0.0, None
        else:
            section += (1 if digit is None else digit) * scale
            digit = None
    return total + section + (digit or 0)


def numeral(number: int) -> str:
    """31 -> 三十一; below ten thousand."""
    digits = str(number)
    text = ""
    for place, digit in zip(range(len(digits) - 1, -1, -1), digits, strict=True):
        if digit != "0":
            text += WRITTEN_DIGITS[int(digit)] + PLACES[place]
        elif text and not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text.removeprefix("一") if text.startswith("一十") else text


def _trusted(written: str, number: float, unit: str | None, titled: bool) -> bool:
    spelled = any(c in DIGITS or c in JOINED for c in written) or written[0] == "十"
    counted = unit is not None and (unit != "" or number > 2)
    return spelled and number > 1 and (counted or number >= 20)


def _spelled(number: int) -> tuple[str, ...]:
    if not 0 < number <= MOST_SPELLED:
        return ()
    return (numeral(number), "两") if number == 2 else (numeral(number),)


def _percent(number: float) -> tuple[str, ...]:
    tenths = (WRITTEN_DIGITS[int(number // 10)] + "成",) if number in range(10, 100, 10) else ()
    whole = number == int(number) and 0 <= number <= MOST_SPELLED
    return (*tenths, "百分之" + numeral(int(number))) if whole else tenths


_number = partial(read_number, value)
_of_kind = partial(of_kind, value)


def _ordinal(match: re.Match[str]) -> tuple[float, str, bool] | None:
    number = _number(match["n"] or match["han"] or match["number"])
    return None if number is None else (number, "ordinal", number > 2)


def _tenths(match: re.Match[str]) -> tuple[float, str, bool]:
    """三成五: 35 percent."""
    return 10 * (_number(match["tens"]) or 0) + (_number(match["ones"]) or 0), "%", True


_FROM_A_PERCENTAGE = late.pattern(
    rf"百分之\s?(?:{_FIGURES}|{_NUMERAL}+(?:点{_NUMERAL}+)?)\s?[至到]\Z"
)


def _to_a_percentage(match: re.Match[str]) -> tuple[float, str, bool] | None:
    """百分之三十至四十三: the second of two percentages."""
    before = match.string[max(0, match.start() - 20) : match.start()]
    return _of_kind(match, "%") if _FROM_A_PERCENTAGE.search(before) else None


def _clock(match: re.Match[str]) -> tuple[float, str, bool] | None:
    hour, minute = _number(match["h"]) or 0, _number(match["min"] or "0") or 0
    return ((60 * hour + minute) % 720, "clock", False) if hour <= 24 and minute < 60 else None


NUMBERS = Numbers(
    numeral=f"{_NUMERAL}+(?:点[零〇一二三四五六七八九]+(?:[百千万亿]|兆(?![瓦赫位帕字]))*)?",
    value=value,
    trusted=_trusted,
    more="余|多|来|几",
    scale=r"\s?(?:十|百|千)?(?:万亿|万|亿|兆(?![瓦赫位帕字]))|\s?[百千](?!克|瓦|米|分)",
    scales=SCALES,
    ranges="至|到|或",
    rough="约|大约|近|将近|接近|超过|超|逾|达到|至少|不到|几乎|左右",
    vague="[几数](?=[十百千万亿])|(?:[上好]|(?<![造达完形组促建收变养])成)(?=[百千万亿])",
    idioms=(
        r"(?:周|星期|礼拜)[一二三四五六](?![个天])|四[处周季方面]|十分(?!之|钟)|百分(?!之)|百[货姓般]"
        r"|万[岁圣一分般]|千万(?=[不别])|一一|三[军角思]|五[角官]|[百千]方百计"
    ),
    currencies={
        "USD": "美元|美金",
        "EUR": "欧元",
        "CNY": "人民币",
        "RUB": "卢布",
        "KZT": "坚戈",
        "JPY": "日元|日圆",
        "GBP": "英镑",
        "KRW": "韩元|韩圆",
        "HKD": "港元|港币",
        "TWD": "新台币|台币",
        "INR": "卢比",
        "TRY": "里拉",
        "currency": "元|块钱",
    },
    measures={
        ("%", 10): "成",
        ("point", 1): "个百分点|百分点",
        ("times", 1): "倍",
        ("month", 12): "周年|年|岁",
        ("month", 1): "个多月|个月",
        ("month", 3): "个季度|季度",
        ("hour", 168): "个星期|个礼拜|星期|周",
        ("hour", 24): "昼夜|天|日",
        ("hour", 1): "个小时|小时|钟头",
        ("minute", 1): "分钟",
        ("minute", 1 / 60): "秒",
        ("length", 1000): "公里|千米",
        ("length", 1): "公尺|米",
        ("length", 0.01): "厘米|公分",
        ("length", 0.001): "毫米",
        ("length", 1609.344): "英里",
        ("length", 1852): "海里",
        ("length", 0.3048): "英尺",
        ("length", 0.9144): "码",
        ("length", 0.0254): "英寸",
        ("area", 1e6): "平方公里",
        ("area", 1): "平方米",
        ("area", 2.59e6): "平方英里",
        ("area", 1e4): "公顷",
        ("area", 4046.86): "英亩",
        ("area", 666.67): "亩",
        ("mass", 1000): "公吨|吨",
        ("mass", 1): "公斤|千克",
        ("mass", 0.5): "斤",
        ("mass", 0.45359): "磅",
        ("mass", 0.001): "克",
        ("barrel", 1): "桶",
        ("volume", 1): "立方米",
        ("volume", 0.001): "公升|升",
        ("power", 1e6): "兆瓦",
        ("power", 1e9): "吉瓦",
        ("power", 1e3): "千瓦",
        ("energy", 1): "千瓦时",
        ("degree", 1): "摄氏度|度",
    },
    counters=(
        "个人|人次|个国家|个|名|位|人|国|家|次|条|项|场|只|届|轮|架|艘|辆|枚|座|处|种|颗|票|份|篇|张|台|件|批|起|例|"
        "队|口|户|头|匹|艇|套|幢|栋|部|类|级|局|层|段|步|州|省|市|县|所|支|组|代|集|站|门|期|句|页|块|根|片|把|间|节"
    ),
    needs_behind={"日": "内间"},
    specials=(
        Special(
            late.pattern(rf"(?P<n>\d{{1,2}})\s?世纪|(?P<han>{_NUMERAL}{{1,3}})世纪"),
            partial(_of_kind, kind="century"),
        ),
        Special(
            late.pattern(
                r"(?:(?P<n>(?<=\d)00|[1-9]0)\s?|(?P<han>[一二三四五六七八九]十))年代(?!表)"
            ),
            partial(_of_kind, kind="decade"),
        ),
        Special(
            late.pattern(rf"百分之\s?(?:(?P<n>{_FIGURES})|(?P<han>{_NUMERAL}+(?:点{_NUMERAL}+)?))"),
            partial(_of_kind, kind="%"),
        ),
        Special(
            late.pattern(
                rf"(?<=[至到])\s?(?:(?P<n>{_FIGURES})(?!\d|[%％])|(?P<han>{_NUMERAL}+(?:点{_NUMERAL}+)?))"
            ),
            _to_a_percentage,
        ),
        Special(
            late.pattern(rf"(?P<under>\d+|{_NUMERAL}+)\s?分之\s?(?P<over>\d+|{_NUMERAL}+)"),
            partial(share, value),
        ),
        Special(
            late.pattern(
                r"(?<![\d.])(?P<tens>[1-9]|[一二三四五六七八九])成(?P<ones>[1-9]|[一二三四五六七八九])"
                r"(?![\d.十百千万亿倍成个点])"
            ),
            _tenths,
        ),
        Special(late.pattern("半数|一半|过半|半"), lambda match: (50.0, "%", False)),
        Special(
            late.pattern(rf"第\s?(?:(?P<n>\d+)|(?P<han>{_NUMERAL}+))|(?P<number>\d+)\s?号"),
            _ordinal,
        ),
        Special(
            late.pattern("翻了一番|翻一番|翻番|翻倍|加倍|双"), lambda match: (2.0, "time", False)
        ),
        Special(
            late.pattern(
                rf"(?<![\d.,])(?P<h>\d{{1,2}}|{_NUMERAL}{{1,2}})\s?[点时](?!间|候|代|钟头|[零〇一二三四五六七八九]{{1,4}}[百千万亿兆倍成%])"
                rf"(?:\s?(?P<min>\d{{1,2}}|{_NUMERAL}{{1,3}})\s?分)?"
            ),
            _clock,
        ),
    ),
    punctuated=lambda text: text.replace("，", "；"),
    spelled=_spelled,
    percent=_percent,
    large=((1e12, "万亿"), (1e8, "亿"), (1e4, "万")),
    grouping="",
    written_scales=((1e12, "兆"), (1e8, "亿"), (1e4, "万")),
)
