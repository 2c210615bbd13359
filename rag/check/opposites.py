"""Words that turn a sentence round: negations, and pairs of opposites, in Chinese and English.

In: a text. Out: how often it denies something, and on which axes (more or less, for or against,
before or after, ...) it takes which side. Both are for comparing two sentences that should say the
same; neither understands one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.languages.text import fold

_DENIALS = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|neither|nor|without|cannot)\b|n['’]t\b"
    r"|不|没|未|并非|而非|绝非|无(?:法|意|权|需|须|人(?!机))|毫无|否认|拒绝"
)
_HIDDEN_DENIALS = re.compile(
    r"\b(?:hardly|barely|few|little|only|unless|until|instead|rather|less|least|far from|free of|more so than|too [a-z]+ to|"
    r"un(?!ion|it|i[vqf]|der|til|cles?\b)[a-z]{4,}|[a-z]+less|im[pm][a-z]{4,}|in(?:complete|suff|toler|accur|advert|form(?:al\b)|approp|abil|cap|corr|"
    r"cons|dep|dir|eff|hum|just|sec|stab|vis|val)[a-z]*|il(?:leg|lic|log)[a-z]*|dis[a-z]{4,}|non-?[a-z]+|"
    r"refus\w*|den(?:y|ies|ied|ying)|reject\w*|fail\w*|lack\w*|declin\w*|rul\w+ out|avoid\w*|prevent\w*|"
    r"bann?(?:ed|ing|s)?|difficult\w*|rare\w*|miss\w*|"
    r"neglect\w*|ignor\w*|abandon\w*|absen\w+|except)\b"
    r"|[无無非勿莫免拒禁难缺少仅只罕否]"
)
_NO_DENIALS = re.compile(
    r"难道不|不(?:断|仅|少|久|过|但|同(?!意)|管|论|妨|禁|错|止|只|得不|可不|约而同|料|幸|满|安|时|光|愧|凡|良|公|足|适|堪|"
    r"寻常|利|力|明|甘|惜|已|知不觉|遗余力|等|如|一样|遑|乏|容|畅|便|当|法|正当|动产|可思议|切实际|信任|实|"
    r"稳定|确定|然|经意)|差不多|要不|毫不|没(?:收|落|错)|[沉淹埋]没|未(?:来|婚|成年|必|免|遂|知)|"
    r"not only|no longer than|nothing but|no doubt|no\.\s?\d|whether or not|why not|不是.{0,12}而是"
)


_AXES = {
    "amount": (
        "increas* rise rises rising rose risen raise raises raised raising grow* grew gain* climb* soar* surg* jump* expand* expansion* doubl* "
        r"tripl* boost* up\s(?:from|by|to\s\d) up(?=\s[\d.,]+\s?(?:%|per)) 增 升 涨 提高 扩大 上调 翻番 翻倍 攀高 走高 成长 加倍",
        r"decreas* fall falls falling fell fallen drop* declin* reduc* shrink* shrank plung* slump* dwindl* cut cuts tumbl* "
        r"down\s(?:from|by|to\s\d) down(?=\s[\d.,]+\s?(?:%|per)) 减 降 跌 下滑 缩 萎缩 下调 削 回落 走低",
    ),
    "comparison": (
        r"more higher larger greater bigger above exceed* over\s(?:\d|a\sthird|half) 高于 多于 大于 超过 逾 以上 更多 更高 更大",
        r"less fewer lower smaller below under\s(?:\d|half) 低于 少于 小于 不到 不足 以下 更少 更低 更小 较少 较低",
    ),
    "bound": ("at\\sleast 至少 起码 不少于 不低于", "at\\smost no\\smore\\sthan 至多 最多 不超过"),
    "extreme": (
        r"best (?<!at\s)most highest largest biggest greatest 最好 最高(?!法) 最多 最大 最佳",
        r"worst (?<!at\s)least lowest smallest fewest 最差 最低 最少 最小 最糟 最坏",
    ),
    "stance": (
        "support* back* endors* favou?r* approv* pro 支持 支援 赞成 拥护 赞同 力挺 批准 声援 亲(?=[美俄中欧华西])",
        "oppos* against object* protest* anti[a-z]* 反对 抗议 抵制 否决 反(?=[美俄中欧华犹政])",
    ),
    "reply": (
        "accept* agree* 接受 同意 答应 接纳",
        "reject* refus* disagree* declin* den(?:y|ies|ied) 拒 驳 不同意 否认",
    ),
    "contest": (
        "won win wins winning winner* victor* beat beats beating beaten 赢 获胜 击败 战胜 胜利 胜出 取胜 夺冠",
        "lost lose loses losing loser* (?<![运传灌])输(?![送出入血液]) 败给 落败 失利 战败",
    ),
    "time": (
        "before prior ahead earlier ago previous* 之前 以前 此前 先前 早前 事前 稍早 "
        "(?<![目提面当以之此眼先空史跟事早])前(?![往进景锋面者途所线台后来言提额辈任总首国副妻夫男女议部主世列十三两四五六七八九几段半述几场美英法德俄苏东西])",
        "after following since later 之后 以后 此后 后来 随后 以来 (?<![皇落幕背前先今最然以之此随而])后(?![面者果代卫院勤备方来悔续退盾腿])",
    ),
    "trade": ("import* 进口", "export* 出口"),
    "market": ("buy* bought purchas* 购 买", "sell* sold sale* 卖 售"),
    "latitude": (
        r"north(?!ern\sireland|\s(?:korea|carolina|dakota|atlantic|macedonia))[a-z]* "
        "北(?=[部方岸面侧边端欧非上]|美洲) (?<=[东西向往])北",
        r"south(?!\s(?:korea|carolina|dakota|africa|sudan))[a-z]* "
        "南(?=[部方岸面侧边端欧亚下]|美洲) (?<=[东西向往])南",
    ),
    "longitude": (
        r"east(?!er\b|enders)[a-z]* 东(?=[部方岸面侧边端北南欧亚]) (?<=[向往])东",
        r"west(?!minster)[a-z]* 西(?=[部方岸面侧边端北南欧亚]) (?<=[向往])西",
    ),
    "gate": ("open* 开放 开启 打开", "clos* shut* 关闭 封闭"),
    "course": ("begin* began begun start* launch* 开始 启动 展开", "ended ends ending stop* halt* finish* suspend* 结束 停止 终止 暂停"),
    "permission": ("allow* permit* let lets 允许 准许 许可", "ban bans banned forbid* prohibit* 禁止 严禁 不准"),
    "membership": ("join* enter* 加入", "leave* left quit* withdr* 退出 离开"),
    "troops": ("deploy* sent send* dispatch* 派遣 派出 部署 出兵", "withdr* pull* 撤军 撤出 撤离 撤回"),
    "strength": ("strengthen* improv* deepen* warm* 加强 增强 深化 改善 升温", "weaken* worsen* deteriorat* sour* 削弱 减弱 恶化 降温"),
    "law": ("legal lawful (?<!不)合法", "illegal unlawful 非法 违法 不合法"),
    "truth": ("confirm* admit* acknowledg* 证实 承认 确认", "den(?:y|ied|ies) 否认"),
    "outcome": ("succe(?:ss|ed)* 成功", "fail* 失败"),
    "rank": ("first 首次 首个 第一次 首度", "last final 最后 末"),
    "attack": ("attack* invad* invas* 攻击 入侵 进攻 侵略", "defend* defen[cs]e 防御 保卫 捍卫 防守"),
    "vertical": ("up upward* 向上 往上", "down downward* 向下 往下"),
    "place": ("inside indoor* 里面 室内 内部", "outside outdoor* 外面 室外 外部"),
    "holding": ("gain* won win wins winning keep* kept 获得 赢得 得到 赢 保住",
        "lost lose loses losing 失去 (?<![运传灌])输(?![送出入血液]) 流失 丧失",
    ),
    "sex": (
        "he him his man men male boy* father* husband* son sons brother* (?<![其吉])他(?![们国人]) 男 丈夫 父亲 爸 儿子 兄弟 哥 弟弟",
        "she her woman women female girl* mother* wife wives daughter* sister* mrs ms 她 女 妻 母亲 妈 太太 夫人 姐 妹",
    ),
    "profit": ("profit* surplus 盈利 顺差 盈余", "loss* deficit 亏损 逆差 赤字"),
    "hope": ("optimis* hope* confiden* 乐观 希望 信心", "pessimis* fear* worr* concern* 悲观 担忧 担心 忧虑"),
    "speed": ("faster quick* accelerat* 加快 加速 更快", "slow* decelerat* 放慢 减速 放缓 更慢"),
}  # fmt: skip
"""Axis -> words of its two sides: English with * for any ending, Chinese folded."""


def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(
        "|".join(
            rf"\b{word.replace('*', '[a-z]*')}\b" if word.isascii() else word
            for word in words.split()
        )
    )


@lru_cache(1)
def _compiled() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    return {axis: (_pattern(one), _pattern(other)) for axis, (one, other) in _AXES.items()}


@lru_cache(4096)
def denies(text: str) -> bool:
    """Whether a text says of anything that it is not so."""
    return _DENIALS.search(_NO_DENIALS.sub(" ", fold(text))) is not None


@lru_cache(4096)
def may_deny(text: str) -> bool:
    """Whether a text has any word that another language, or writer, may put as a denial."""
    folded = fold(text)
    return "不" in folded or any(p.search(folded) for p in (_DENIALS, _HIDDEN_DENIALS))


@lru_cache(4096)
def axes(text: str) -> dict[str, int]:
    """The axes a text speaks of: 1 or -1 for the side it takes, 0 where it names both."""
    return {axis: (one > 0) - (other > 0) for axis, (one, other) in _sides(text).items()}


@lru_cache(4096)
def _sides(text: str) -> dict[str, tuple[int, int]]:
    """How many words of each side of an axis a text has, for the axes it speaks of."""
    folded = fold(text)
    counts = {
        axis: (len(one.findall(folded)), len(other.findall(folded)))
        for axis, (one, other) in _compiled().items()
    }
    return {axis: pair for axis, pair in counts.items() if any(pair)}


def turned(claim: str, source: str) -> tuple[str, ...]:
    """The axes on which a claim takes a side that its source does not, instead of the one it does."""
    told = _sides(source)
    found = []
    for axis, (one, other) in _sides(claim).items():
        first, second = told.get(axis, (0, 0))
        if (one and not first and other < second) or (other and not second and one < first):
            found.append(axis)
    return tuple(found)


def takes_side(word: str, source: str) -> bool:
    """Whether a source has a word, or says nothing on its axis but what is on its side."""
    edge = r"\b" if word.isascii() else ""
    if re.search(f"{edge}{fold(word)}{edge}", fold(source)):
        return True
    told = _sides(source)
    for axis, (one, other) in _sides(word).items():
        first, second = told.get(axis, (0, 0))
        if (one and first and not second) or (other and second and not first):
            return True
    return False


def denials(text: str) -> int:
    """How often a text says that something is not so, in words that hardly mean anything else."""
    return _count(text, sure=True)


def denial_added(claim: str, source: str) -> bool:
    """Whether a claim denies more than its source may be read to."""
    return _count(claim, sure=True) > _count(source)


@lru_cache(4096)
def _count(text: str, *, sure: bool = False) -> int:
    """Words that deny; unless `sure`, those that another writer may put as a denial too."""
    folded = _NO_DENIALS.sub(" ", fold(text)) if sure else fold(text)
    count = len(_DENIALS.findall(folded))
    return count if sure else count + len(_HIDDEN_DENIALS.findall(_DENIALS.sub(" ", folded)))


_EMPTY = frozenset(
    ("a", "an", "the", "any", "be", "been", "being", "is", "are", "was", "were", "has", "have", "had",
     "do", "did", "does", "to", "so", "very", "really", "yet", "even", "ever", "all", "that", "it",
     "they", "he", "she", "we", "you", "will", "would", "can", "could", "for", "with", "and")
)  # fmt: skip
"""English words that are no head of what is denied."""

_TOKEN = re.compile(r"[a-z]+(?:['’][a-z]+)?|[\u3400-\u9fff]|[^\sa-z]")
_STOPS = frozenset(",.;:!?()，。；：！？、")
_HAN_EMPTY = frozenset("有能会可是想要再曾被得以过到在的了")
NEAR = 2
"""A word is denied by a denial so many words, or characters, before it, empty ones not counted."""
FAR = 6
"""It is surely not denied where none stands so near."""
STEM = 5


@lru_cache(4096)
def _heads(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a text denies, and what it says without any word of denial near: stems of English words,
    pairs of Chinese characters."""
    tokens = _TOKEN.findall(_NO_DENIALS.sub(" ", fold(text)))
    denied: set[str] = set()
    plain: set[str] = set()
    for at in range(len(tokens)):
        head = _head(tokens, at)
        if not head:
            continue
        if _DENIALS.search(_before(tokens, at, NEAR)):
            denied.add(head)
        elif not any(p.search(_before(tokens, at, FAR)) for p in (_DENIALS, _HIDDEN_DENIALS)):
            plain.add(head)
    return frozenset(denied), frozenset(plain)


def _before(tokens: list[str], at: int, reach: int) -> str:
    """The words, or characters, before one, back to the last stop; empty ones left out."""
    words: list[str] = []
    for token in reversed(tokens[max(0, at - 2 * reach) : at]):
        if token in _STOPS or len(words) == reach:
            break
        if token not in _EMPTY and token not in _HAN_EMPTY:
            words.append(token)
    words.reverse()
    return ("" if words and _is_han(words[-1]) else " ").join(words)


def _head(tokens: list[str], at: int) -> str:
    token = tokens[at]
    if _is_han(token):
        pair = "".join(tokens[at : at + 2])
        usable = len(pair) == 2 and _is_han(pair[1]) and _HAN_EMPTY.isdisjoint(pair)
        return pair if usable and not _DENIALS.search(pair) else ""
    usable = token.isalpha() and len(token) > 2 and token not in _EMPTY
    return token[:STEM] if usable and not _DENIALS.search(token) else ""


def _is_han(token: str) -> bool:
    return "\u3400" <= token[0] <= "\u9fff"


def denial_turned(claim: str, source: str) -> bool:
    """Whether of two texts in one language one denies a word that the other says undenied."""
    denied, plain = _heads(claim)
    told_denied, told_plain = _heads(source)
    return any(
        (no - yes) & (other_yes - other_no)
        for no, yes, other_no, other_yes in (
            (denied, plain, told_denied, told_plain),
            (told_denied, told_plain, denied, plain),
        )
    )
