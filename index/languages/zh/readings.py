"""How Chinese characters are read, and which are surnames."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

SURNAMES = frozenset(
    "王李张刘陈杨赵黄周付吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎闫余潘杜戴夏"
    "钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪翟安颜倪严"
    "牛温芦季俞章鲁葛伍韦申尤毕聂丛焦向柳邢路岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜詹关苗凌费纪靳盛童欧甄项曲成游阳裴席卫查屈"
    "鲍覃霍翁隋甘景薄单包司柏宁柯阮桂闵解柴华车冉房边辜吉饶刁瞿戚丘古米池滕晋苑邬臧宫苟全褚廉简娄盖符奚穆党燕郎连郜晏栾郁"
    "商蒙喻窦迟敖鄢冷卓仇艾蓝巩仲乐虞卞封竺冼官楚佟匡宗应巫鞠桑荆谌明沙伏岑习胥蔺云区朴缪侍骆"
)
"""The surnames of nearly all Chinese, in Simplified characters."""

LONG_SURNAMES = frozenset(
    ("欧阳", "司马", "诸葛", "上官", "夏侯", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒")
)

SURNAME_READINGS = {
    "曾": "zeng", "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "查": "zha", "朴": "piao",
    "覃": "qin", "翟": "zhai", "盖": "ge", "乐": "yue", "尉": "yu", "任": "ren", "缪": "miao",
    "宁": "ning", "薄": "bo", "侍": "shi",
}  # fmt: skip
"""Surnames that are read otherwise than the character mostly is."""

NOT_GIVEN = frozenset("的了在是和与及对于为不也就都被把从到说称将会已并且或者这那何什么谁")
"""Characters that hardly occur in a given name, but behind one or behind a word like 高 or 方."""

KINDS_OF_PLACES = {
    "county": "县", "city": "市", "district": "区", "province": "省", "prefecture": "州", "town": "镇",
    "township": "乡", "village": "村", "street": "街", "road": "路", "bridge": "桥", "river": "河",
    "lake": "湖", "mountain": "山", "island": "岛", "port": "港", "airport": "机场", "station": "站",
    "university": "大学", "park": "公园", "temple": "寺", "reservoir": "水库",
}  # fmt: skip
"""What stands behind the name of such a place in English, and in Chinese."""

NOT_NAMED = NOT_GIVEN | frozenset("我你您他她它们么吗呢吧着过")
"""Characters that hardly occur in any name."""

SILENT = frozenset(
    (
        "be",
        "ce",
        "che",
        "de",
        "fe",
        "ge",
        "ke",
        "le",
        "me",
        "ne",
        "pe",
        "re",
        "se",
        "she",
        "te",
        "ye",
        "ze",
    )
)
"""A word that ends so is more likely English (Lake, Game) than a name in Pinyin (Changle)."""


@cache
def surnames_by_reading() -> dict[str, frozenset[str]]:
    """Surnames by how they are read."""
    read: dict[str, set[str]] = {}
    for name in (*SURNAMES, *LONG_SURNAMES):
        letters = "".join(SURNAME_READINGS.get(c) or reading(c) for c in name)
        for written in {letters, letters.replace("v", "u"), letters.replace("v", "yu")}:
            read.setdefault(written, set()).add(name)
    return {reading: frozenset(names) for reading, names in read.items()}


def reading(character: str) -> str:
    """How a character is mostly read, without its tone; "" for one that no table has."""
    return _readings().get(character, "")


@cache
def _readings() -> dict[str, str]:
    """How each character is mostly read."""
    return {c: syllable for syllable, first, _ in _table() for c in first}


@cache
def syllables() -> dict[str, str]:
    """The characters that can be read so, by syllable."""
    table = {syllable: first + others for syllable, first, others in _table()}
    for syllable in [syllable for syllable in table if "v" in syllable]:  # lü is written lu and lyu
        for written in (syllable.replace("v", "u"), syllable.replace("v", "yu")):
            table[written] = table.get(written, "") + table[syllable]
    return table


def reads(name: str, letters: str) -> bool:
    """Whether characters can be read as these letters, without tones and signs."""
    if not name:
        return not letters
    return any(
        letters.startswith(syllable) and reads(name[1:], letters[len(syllable) :])
        for syllable, characters in syllables().items()
        if name[0] in characters
    )


def _table() -> Iterator[tuple[str, str, str]]:
    text = files("index.languages.zh").joinpath("pinyin.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if not line.startswith("#"):
            syllable, first, *others = line.split(" ")
            yield syllable, first.strip("-"), "".join(others)


_INITIALS = {
    "b": "p", "p": "p", "m": "m", "f": "f", "d": "t", "t": "t", "n": "n", "l": "l", "r": "l",
    "g": "k", "k": "k", "h": "h", "j": "s", "q": "s", "x": "s", "zh": "s", "ch": "s", "sh": "s",
    "z": "s", "c": "s", "s": "s", "w": "f",
}  # fmt: skip


def sound(character: str) -> str:
    """The consonants that a character keeps of a foreign name: 卡 "k", 诺 "n", 尔 "l"."""
    if character == "尔":
        return "l"
    syllable = reading(character)
    initial = re.match(r"[zcs]h|[bpmfdtnlgkhjqxzcsrw]", syllable)
    letters = _INITIALS[initial[0]] if initial else ""
    return letters + ("n" if re.search(r"[aeiouv]ng?$", syllable) else "")
