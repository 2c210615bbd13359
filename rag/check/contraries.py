"""Is a source nearer to a claim, or to what the claim would say if one word were turned round?

In: a claim and its sources, with their vectors. Out: how much nearer the sources are to the claim
without its denial, or with its "rose" made "fell", than to the claim as it stands; and how much more
alike the words beside two names are when the names change places. A vector by itself hardly tells a
sentence from its contrary, but of the two it tells well which is nearer. Each question costs a reading
or two by the embedder, so it is asked only where words leave a doubt.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, Protocol

import numpy as np

from index.languages.text import HAN, fold, primary, to_script
from rag.check.opposites import denials, takes_side

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from index.languages.names import Name

MOST = 4
"""Contraries of one text that are read."""


class Reads(Protocol):
    """Vectors of sentences and of words within one, without their language's offset."""

    def sentences(self, texts: Sequence[str], languages: Sequence[str]) -> NDArray[np.float32]: ...
    def words(
        self, text: str, language: str, spans: Sequence[tuple[int, int]]
    ) -> NDArray[np.float32]: ...


_UNDENIED = {
    "en": (
        (r"\bcan(?:not|['’]t)\b", "can"),
        (r"\bwon['’]t\b", "will"),
        (r"(?<!\bca)(?<!\bwo)n['’]t\b", ""),
        (r"\b(?:no longer|not|never|no) ", ""),
        (r"\bwithout\b", "with"),
        (r"\bnone\b", "all"),
        (r"\bneither\b", "both"),
        (r"\bnothing\b", "something"),
        (r"\b(?:nobody|no one)\b", "everyone"),
        (r"\brefus(?:e|es|ed|ing) to\b", "agreed to"),
        (r"\bden(?:y|ies|ied|ying)\b", "confirmed"),
        (r"\breject(?:s|ed|ing)?\b", "accepted"),
        (r"\bunable to\b", "able to"),
    ),
    "zh": (
        ("无法|無法", "能够"),
        ("拒绝|拒絕", "同意"),
        ("否认|否認", "承认"),
        ("没有|沒有", "有"),
        ("尚未|还未|還未|还没有?|還沒有?", "已经"),
        ("并未|並未|并非|並非|从未|從未|不再", ""),
        ("不|没|沒|未(?!来|來)", ""),
    ),
}
"""A denial, and what is said without it."""


@lru_cache(1024)
def undenied(text: str, language: str) -> tuple[str, ...]:
    """The text less one of its denials, for each of them."""
    found = [
        text[: match.start()] + to_script(said, language) + text[match.end() :]
        for pattern, said in _UNDENIED["zh" if primary(language) == "zh" else "en"]
        for match in re.finditer(pattern, text)
    ]
    return tuple(dict.fromkeys(found))[:MOST]


_TURNS = {
    "en": """
        increase/decrease increases/decreases increased/decreased increasing/decreasing rise/fall
        rises/falls rose/fell risen/fallen rising/falling raise/lower raised/lowered grow/shrink
        grew/shrank growing/shrinking growth/decline expand/contract expanded/contracted
        expansion/contraction more/fewer higher/lower larger/smaller greater/less bigger/smaller
        high/low above/below before/after earlier/later support/oppose supports/opposes
        supported/opposed supporting/opposing supporter/opponent supporters/opponents
        won/lost win/lose wins/loses winning/losing gain/lose gained/lost victory/defeat up/down
        best/worst better/worse highest/lowest largest/smallest most/least north/south east/west
        northern/southern eastern/western northeast/southwest northwest/southeast accept/reject
        accepts/rejects accepted/rejected agree/refuse agreed/refused approve/reject
        approved/rejected buy/sell bought/sold buying/selling import/export imports/exports
        imported/exported open/close opened/closed opening/closing begin/end began/ended start/stop
        started/stopped launch/end launched/ended allow/ban allowed/banned join/leave joined/left
        enter/leave entered/left strengthen/weaken strengthened/weakened improve/worsen
        improved/worsened confirm/deny confirmed/denied admit/deny admitted/denied success/failure
        succeed/fail succeeded/failed successful/failed first/last attack/defend attacked/defended
        inside/outside optimistic/pessimistic hope/fear faster/slower accelerate/slow strong/weak
        stronger/weaker legal/illegal profit/loss profits/losses surplus/deficit early/late
        majority/minority positive/negative friend/enemy men/women man/woman male/female boy/girl
        boys/girls son/daughter father/mother husband/wife brother/sister he/she his/her him/her
        old/young easy/difficult safe/dangerous rich/poor good/bad big/small large/small long/short
        """,
    "zh": """
        增加/减少 增长/下降 上升/下降 上涨/下跌 提高/降低 扩大/缩小 加强/削弱 改善/恶化 支持/反对
        赞成/反对 之前/之后 以前/以后 前/后 以上/以下 高于/低于 多于/少于 更多/更少 更高/更低
        赢得/输掉 获得/失去 胜利/失败 获胜/落败 战胜/败给 击败/输给 接受/拒绝 同意/拒绝 批准/否决
        最高/最低 最好/最差 最大/最小 最多/最少 北部/南部 东部/西部 北方/南方 东方/西方 东北/西南
        北岸/南岸 东岸/西岸 东海岸/西海岸 向北/向南 向东/向西 开始/结束
        打开/关闭 开放/关闭 允许/禁止 加入/退出 购买/出售 买/卖 进口/出口 成功/失败 承认/否认
        合法/非法 首次/最后一次 加快/放慢 乐观/悲观 攻击/保卫 盈利/亏损 希望/担心 他/她 男/女
        父亲/母亲 丈夫/妻子 儿子/女儿 强大/弱小 强劲/疲软 较大/较小 较高/较低 更强/更弱 更大/更小 好/坏
        多数/少数 攀升/回落 上调/下调 涨/跌 升/降 增/减 加速/减速 顺差/逆差
        """,
}


@lru_cache(2)
def _turns(language: str) -> tuple[dict[str, str], re.Pattern[str]]:
    """Words and their contraries, Chinese folded, and a pattern of them, the longest first."""
    contrary: dict[str, str] = {}
    for pair in _TURNS[language].split():
        one, other = pair.split("/")
        contrary.setdefault(one, other)
        contrary.setdefault(other, one)
    words = "|".join(sorted(contrary, key=len, reverse=True))
    return contrary, re.compile(words if language == "zh" else rf"\b(?:{words})\b")


@lru_cache(1024)
def contraries(text: str, language: str, source: str) -> tuple[str, ...]:
    """The text with one word turned into its contrary, for each that the source does not take the
    side of."""
    chinese = primary(language) == "zh"
    folded = fold(text) if chinese else text
    if len(folded) != len(text):
        return ()
    contrary, pattern = _turns("zh" if chinese else "en")
    found = []
    for match in pattern.finditer(folded):
        if not takes_side(match.group(), source):
            turned = to_script(contrary[match.group()], language)
            found.append(text[: match.start()] + turned + text[match.end() :])
    return tuple(dict.fromkeys(found))[:MOST]


def without_denial(
    reads: Reads,
    claim: tuple[str, str, NDArray[np.float32]],
    source: tuple[str, str, NDArray[np.float32]],
    whole: bool,
) -> float:
    """How much nearer the two are with a denial taken from the one that denies more; 0.0 where they
    deny as often. What a source denies beyond the claim matters only if the claim tells the `whole`
    of it."""
    claimed, told = denials(claim[0]), denials(source[0])
    if claimed == told or (told > claimed and not whole):
        return 0.0
    one, other = (claim, source) if claimed > told else (source, claim)
    return _gain(reads, undenied(one[0], one[1]), one[1], one[2], other[2])


def turned_round(
    reads: Reads,
    claim: tuple[str, str, NDArray[np.float32]],
    source: tuple[str, str, NDArray[np.float32]],
) -> float:
    """How much nearer the source is to the claim with a word turned into its contrary; 0.0 where the
    claim has no such word."""
    return _gain(reads, contraries(claim[0], claim[1], source[0]), claim[1], claim[2], source[2])


def _gain(
    reads: Reads,
    variants: Sequence[str],
    language: str,
    vector: NDArray[np.float32],
    other: NDArray[np.float32],
) -> float:
    if not variants:
        return 0.0
    vectors = reads.sentences(variants, [language] * len(variants))
    return float((vectors @ other).max() - vector @ other)


BESIDE = 3
"""Words, or twice as many Chinese characters, on either side of a name that are its context: of 3 and
6 tokens, 3 tells better who did it to whom."""

_ATOM = re.compile(f"[^\\W_{HAN}][^\\W_{HAN}'’-]*|[{HAN}]")


def crossed(
    reads: Reads,
    claim: tuple[str, str, Sequence[Name]],
    sources: Sequence[tuple[str, str, Sequence[Name]]],
    means: Callable[[Name, Name], bool],
) -> float:
    """How much more alike the words beside two names of the claim are to those beside them in the
    sources if the names change places; the largest of all pairs, 0.0 where no two names are shared."""
    places = [
        [
            (at, place)
            for at, (_, _, names) in enumerate(sources)
            for place in names
            if means(place, name)
        ]
        for name in claim[2]
    ]
    shared = [at for at, found in enumerate(places) if found]
    pairs = [(a, b) for a, b in combinations(shared, 2) if not means(claim[2][a], claim[2][b])]
    if not pairs:
        return 0.0
    mine = _contexts(reads, *claim)
    theirs = [_contexts(reads, *source) for source in sources]

    def alike(a: int, b: int) -> float | None:
        """Of the words beside name a of the claim and those beside name b in the sources."""
        own = mine[a]
        values = [
            float(own @ context)
            for at, place in places[b]
            if (context := theirs[at][sources[at][2].index(place)]) is not None and own is not None
        ]
        return max(values, default=None)

    most = 0.0
    for a, b in pairs:
        straight, across = (alike(a, a), alike(b, b)), (alike(a, b), alike(b, a))
        if None not in straight and None not in across:
            gain = sum(filter(None, across)) - sum(filter(None, straight))
            most = max(most, gain)
    return most


def _contexts(
    reads: Reads, text: str, language: str, names: Sequence[Name]
) -> list[NDArray[np.float32] | None]:
    """For each name the mean vector of the words beside it, those of other names left out."""
    atoms = [
        match.span()
        for match in _ATOM.finditer(text)
        if not any(name.start < match.end() and match.start() < name.end for name in names)
    ]
    chosen = [
        _reach([s for s in reversed(atoms) if s[1] <= name.start], text)
        + _reach([s for s in atoms if s[0] >= name.end], text)
        for name in names
    ]
    spans = tuple(sorted({span for each in chosen for span in each}))
    if not spans:
        return [None] * len(names)
    vectors = dict(zip(spans, reads.words(text, language, spans), strict=True))
    found: list[NDArray[np.float32] | None] = []
    for each in chosen:
        total = sum((vectors[span] for span in each), np.zeros(1, np.float32))
        size = float(np.linalg.norm(total))
        found.append(total / size if size else None)
    return found


def _reach(atoms: Sequence[tuple[int, int]], text: str) -> list[tuple[int, int]]:
    """The first few of them: a Chinese character counts half."""
    taken: list[tuple[int, int]] = []
    reach = 0.0
    for start, end in atoms:
        if reach >= BESIDE:
            break
        reach += 0.5 if re.match(f"[{HAN}]", text[start]) else 1.0
        taken.append((start, end))
    return taken
