"""The words for numbers, units and currencies in folded Chinese, English and Russian: tables only."""

from __future__ import annotations

CURRENCIES = {
    "USD": "美元|美金|us dollars|us dollar|u.s. dollars|u.s. dollar|dollars|dollar|usd|долларов",
    "EUR": "欧元|euros|euro|eur|евро",
    "CNY": "人民币|yuan|renminbi|rmb|юаней",
    "RUB": "卢布|rubles|ruble|roubles|rouble|rub|рублей",
    "KZT": "坚戈|tenge|тенге",
    "JPY": "日元|日圆|yen|jpy",
    "GBP": "英镑|pounds sterling",
    "pound": "pounds|pound",
    "KRW": "韩元|韩圆|won",
    "HKD": "港元|港币|hong kong dollars",
    "TWD": "新台币|台币",
    "INR": "卢比|rupees",
    "TRY": "里拉|lira|liras",
    "currency": "元|块钱",
}
"""Kind -> names. "pound" is money or weight; "currency" is one that the text leaves open."""

SIGNS = {
    "us$": "USD", "hk$": "HKD", "nt$": "TWD", "$": "USD", "€": "EUR", "£": "GBP", "₽": "RUB",
    "₸": "KZT", "¥": "currency", "rmb": "CNY", "usd": "USD", "eur": "EUR", "₩": "KRW", "₹": "INR",
}  # fmt: skip

MEASURES: dict[tuple[str, float], str] = {
    ("%", 1): "%|percent|per cent|pct|процентов|процента",
    ("%", 10): "成",
    ("point", 1): "个百分点|百分点|percentage points|percentage point|points|point",
    ("times", 1): "倍|-fold|fold",
    ("time", 1): "times|x",
    ("month", 12): "周年|年|岁|years old|year-olds|year-old|years|year|yrs|лет|года",
    ("month", 1): "个多月|个月|months|month|месяцев|месяца",
    ("month", 3): "个季度|季度|quarters|quarter",
    ("month", 120): "decades|decade",
    ("month", 1200): "centuries|century",
    ("hour", 168): "个星期|个礼拜|星期|周|weeks|week|недель|недели",
    ("hour", 24): "昼夜|天|日|days|day|дней|дня",
    ("hour", 1): "个小时|小时|钟头|hours|hour|hrs|часов|часа",
    ("minute", 1): "分钟|minutes|minute|mins",
    ("minute", 1 / 60): "秒|seconds|second",
    ("length", 1000): "公里|千米|kilometres|kilometers|kilometre|kilometer|km|км",
    ("length", 1): "公尺|米|metres|meters|metre|meter|m",
    ("length", 0.01): "厘米|公分|centimetres|centimeters|cm",
    ("length", 0.001): "毫米|millimetres|millimeters|mm",
    ("length", 1609.344): "英里|miles|mile",
    ("length", 1852): "海里|nautical miles",
    ("length", 0.3048): "英尺|feet|foot|ft",
    ("length", 0.9144): "码|yards|yard",
    ("length", 0.0254): "英寸|inches|inch",
    ("area", 1e6): "平方公里|square kilometres|square kilometers|sq km",
    ("area", 1): "平方米|square metres|square meters",
    ("area", 2.59e6): "平方英里|square miles",
    ("area", 1e4): "公顷|hectares|hectare",
    ("area", 4046.86): "英亩|acres|acre",
    ("area", 666.67): "亩",
    ("mass", 1000): "公吨|吨|metric tons|metric tonnes|tonnes|tonne|tons|ton|тонн",
    ("mass", 1): "公斤|千克|kilograms|kilogram|kilos|kg|кг",
    ("mass", 0.5): "斤",
    ("mass", 0.45359): "磅|lbs|lb",
    ("mass", 0.001): "克|grams",
    ("barrel", 1): "桶|barrels|barrel|баррелей",
    ("volume", 1): "立方米|cubic metres|cubic meters",
    ("volume", 0.001): "公升|升|litres|liters",
    ("power", 1e6): "兆瓦|megawatts|mw",
    ("power", 1e9): "吉瓦|gigawatts|gw",
    ("power", 1e3): "千瓦|kilowatts|kw",
    ("energy", 1): "千瓦时|kilowatt-hours|kwh",
    ("degree", 1): "摄氏度|度|degrees|°c|°f|°",
}
"""(kind, base units in one of it) -> names."""

COUNTERS = (
    "个人|人次|个国家|个|名|位|人|国|家|次|条|项|场|只|届|轮|架|艘|辆|枚|座|处|种|颗|票|份|篇|张|台|件|批|起|例|"
    "队|口|户|头|匹|艇|套|幢|栋|部|类|级|局|层|段|步|州|省|市|县|所|支|组|代|集|站|门|期|句|页|块|根|片|把|间|节"
)
"""Chinese words that count things: a numeral before one is a number."""


def unit_names() -> dict[str, tuple[str, float]]:
    """Every name of a unit -> its kind and how many base units it has; counters have kind ""."""
    names = {
        name: (kind, 1.0) for kind, spelled in CURRENCIES.items() for name in spelled.split("|")
    }
    for (kind, factor), spelled in MEASURES.items():
        names.update(dict.fromkeys(spelled.split("|"), (kind, float(factor))))
    return dict.fromkeys(COUNTERS.split("|"), ("", 1.0)) | names


def _counted(words: str, first: int = 0, step: int = 1) -> dict[str, float]:
    return {word: float(first + step * n) for n, word in enumerate(words.split())}


SMALL_WORDS = _counted(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen"
)
TENS_WORDS = _counted("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10)
ORDINAL_WORDS = _counted(
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth "
    "fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth twenty-first",
    1,
)
WORD_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12,
    "mln": 1e6, "bln": 1e9, "mn": 1e6, "bn": 1e9, "tn": 1e12, "k": 1e3, "тыс": 1e3, "млн": 1e6,
    "млрд": 1e9, "трлн": 1e12, "тысяч": 1e3, "миллионов": 1e6, "миллиардов": 1e9,
}  # fmt: skip
FRACTION_WORDS = {
    "third": 3, "thirds": 3, "quarter": 4, "quarters": 4, "fourth": 4, "fourths": 4, "fifth": 5,
    "fifths": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "tenths": 10,
}  # fmt: skip
COUNT_WORDS = {
    "both": 2, "twice": 2, "doubled": 2, "double": 2, "pair": 2, "couple": 2, "biennial": 2,
    "双": 2, "翻番": 2, "翻了一番": 2, "trio": 3, "tripled": 3, "triple": 3, "trilateral": 3,
    "bilateral": 2, "quartet": 4, "quadrupled": 4, "single": 1, "once": 1,
}  # fmt: skip
"""Words that carry a number without being one."""

HAN_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
HAN_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8, "兆": 10**12}

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan января январе", "february feb февраля феврале", "march mar марта марте",
            "april apr апреля апреле", "may мая мае", "june jun июня июне", "july jul июля июле",
            "august aug августа августе", "september sept sep сентября сентябре",
            "october oct октября октябре", "november nov ноября ноябре",
            "december dec декабря декабре",
        ),
        1,
    )
    for name in names.split()
}  # fmt: skip
