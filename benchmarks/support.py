"""How well the support check tells true sentences from the same ones with a fact changed.

    python benchmarks/support.py DATA [--each 500] [--llm] [--compared]

DATA holds parallel news, one sentence a line: ntrex_en.txt, ntrex_zh-Hans.txt, ntrex_zh-Hant.txt,
ntrex_ru.txt (NTREX-128, CC BY-SA 4.0). A true pair is a sentence and its translation, or two independent
translations of one sentence into Chinese, or a sentence less some of its clauses: within a language, and of
every second translation, as an answer tells only part of what it rests on. A false pair has
one fact of the claim changed: a number, a date, a name, a negation, a direction; or it is another
sentence of the same news. Every second document is held out: tuning/support.py fits the weights on the
others. Prints for each kind the share of claims that fail the check at its threshold: of true ones these
are false alarms, of the others those that are caught; then the same at thresholds at which .05 of true ones
fail. Pairs with Russian stand in columns of their own. With --llm the offline LLM is asked about contraries.
With --compared: how many pairs `newscite compare` takes to agree, and to contradict each other.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from index.config import LLMSettings, Settings
from index.embed.embedder import open_embedder
from index.embed.sentence_vectors import Vectors
from index.languages.names import known_names
from index.languages.numbers.stated import days, quantities
from index.languages.pack import packs
from index.languages.text import primary
from rag.analysis.findings import are_turned, relation
from rag.check.checker import Checker
from rag.check.likelier import Contrasting
from rag.check.statements import Statement
from rag.evidence.opening import own_reader
from rag.llm.opening import open_llm

SEED = 7
EACH = 500
"""Claims of each kind."""
SHORTENED = 0.5
"""Of the translations, the share that loses clauses."""
FALSE_ALARMS = 0.05
THRESHOLD = Settings().answer.support_at_least
LANGUAGES = ("en", "zh-Hans", "zh-Hant", "ru")
PAIRS = (
    ("en", "zh-Hant"),
    ("en", "zh-Hans"),
    ("zh-Hant", "en"),
    ("zh-Hans", "en"),
    ("zh-Hans", "zh-Hant"),
    ("zh-Hant", "zh-Hans"),
    ("en", "en"),
    ("ru", "en"),
    ("en", "ru"),
    ("ru", "zh-Hans"),
    ("zh-Hant", "ru"),
    ("ru", "ru"),
)
GROUPS = ("same", "cross", "Russian, same", "Russian, cross")
MONTHS = [pack.dates.month_names for pack in packs() if pack.dates.month_names]
NEGATED = (
    (r"\b(is|are|was|were|has|have|had|will|would|can|could|should)\b(?! not|n't)", r"\1 not"),
    (
        r"(?<!не )\b(был|была|было|были|будет|будут|может|могут|стал|стала|стали|является|являются)\b",
        r"не \1",
    ),
    (r"(?<!не )\b(\w{3,}(?:ет|ют|ил|ила|или|ал|ала|али))\b", r"не \1"),
    (r"(?<!不)(?<!是)(?<!还)(?<!就)(?<!但)(?<!只)是(?!否|不)", "不是"),
    (r"(?<!没)(?<!沒)(?<!只)(?<!所)(?<!拥)有(?!关|些|效|望|限|人|時|时|關)", "没有"),
    (r"(?<!不)(?<!机)(?<!機)(?<!社)(?<!协)(?<!议)(?<!大)(?<!委员)(?<!学)将(?!军|领|来|士)", "将不"),
)
AFFIRMED = (
    (r"\b(is|are|was|were|has|have|had|will|would|can|could|should|did|does|do) not\b", r"\1"),
    (r"\b(is|are|was|were|has|have|had|would|could|should|did|does|do)n't\b", r"\1"),
    (r"\bне (?=\w{3,}(?:ет|ут|ют|л|ла|ло|ли|ть|тся|ся)\b)", ""),
    (r"[没沒]有", "有"),
    (r"不(?=会|會|能|是|想|愿|願|希望|同意|支持)", ""),
)
OPPOSITES = (
    "increase/decrease increased/decreased increasing/decreasing rise/fall rose/fell rising/falling "
    "more/fewer higher/lower before/after support/oppose supported/opposed won/lost win/lose "
    "up/down above/below gained/lost best/worst north/south east/west northern/southern "
    "eastern/western accept/reject accepted/rejected"
)
HAN_OPPOSITES = (
    "增加/减少 增長/下降 增长/下降 上升/下降 上漲/下跌 上涨/下跌 提高/降低 支持/反对 支持/反對 之前/之后 "
    "之前/之後 以前/以后 以上/以下 高于/低于 高於/低於 赢得/输掉 贏得/輸掉 接受/拒绝 接受/拒絕 最高/最低 北部/南部 "
    "东部/西部 東部/西部 最好/最差 多于/少于"
)
RUSSIAN_OPPOSITES = (
    "увеличил/уменьшил увеличить/уменьшить увеличение/уменьшение рост/падение роста/падения "
    "вырос/упал выросли/упали больше/меньше выше/ниже лучше/хуже до/после раньше/позже "
    "поддержал/отверг поддерживает/отвергает против/за победил/проиграл победили/проиграли "
    "победа/поражение победу/поражение выиграл/проиграл выиграли/проиграли согласился/отказался "
    "принял/отверг север/юг севере/юге восток/запад востоке/западе северной/южной восточной/западной "
    "первый/последний первой/последней начал/закончил открыл/закрыл купил/продал"
)
TURNS = {"en": OPPOSITES, "zh": HAN_OPPOSITES, "ru": RUSSIAN_OPPOSITES}
PLACES = {
    "en": ("Kazakhstan", "Japan", "Brazil", "Poland", "Egypt", "Vietnam", "Canada", "Turkey"),
    "zh-Hans": ("哈萨克斯坦", "日本", "巴西", "波兰", "埃及", "越南", "加拿大", "土耳其"),
    "zh-Hant": ("哈薩克", "日本", "巴西", "波蘭", "埃及", "越南", "加拿大", "土耳其"),
    "ru": ("Казахстан", "Япония", "Бразилия", "Польша", "Египет", "Вьетнам", "Канада", "Турция"),
}


@dataclass(frozen=True)
class Pair:
    """A claim, what it cites, and what was done to it ("true" if nothing)."""

    kind: str
    claim: str
    claim_language: str
    source: str
    source_language: str
    document: str
    context: str
    """The two sentences before and behind the source."""

    @property
    def languages(self) -> str:
        both = primary(self.claim_language), primary(self.source_language)
        group = "same" if both[0] == both[1] else "cross"
        return f"Russian, {group}" if "ru" in both else group


def read(folder: Path) -> tuple[dict[str, list[str]], list[str]]:
    lines = {
        tag: (folder / f"ntrex_{tag}.txt").read_text(encoding="utf-8").splitlines()
        for tag in LANGUAGES
    }
    ids = (folder / "ntrex_document_ids.tsv").read_text(encoding="utf-8").splitlines()
    return lines, [line.split("\t")[0] for line in ids]


def pairs(lines: dict[str, list[str]], documents: list[str], rng: random.Random) -> Iterator[Pair]:
    """True pairs, and each false one that can be made of them."""
    names = _name_pool(lines["en"])
    for number, document in enumerate(documents):
        for claim_language, source_language in PAIRS:
            source = lines[source_language][number]
            around = " ".join(
                lines[source_language][n]
                for n in range(number - 2, number + 3)
                if 0 <= n < len(documents) and documents[n] == document
            )
            claim = lines[claim_language][number]
            if claim_language == source_language or rng.random() < SHORTENED:
                claim = _shortened(claim, rng)
            if len(claim) < 12:
                continue

            def pair(kind: str, text: str) -> Pair:
                return Pair(kind, text, claim_language, source, source_language, document, around)  # noqa: B023

            yield pair("true", claim)
            for kind, change in CHANGES.items():
                changed = change(claim, claim_language, names, rng)
                if changed and changed != claim:
                    yield pair(kind, changed)
            same = [
                n for n, d in enumerate(documents) if d == document and abs(n - number) in (1, 2)
            ]
            if same:
                yield pair("other", lines[claim_language][rng.choice(same)])


def _shortened(text: str, rng: random.Random) -> str:
    """Some successive clauses of the sentence, if it has several."""
    clauses = re.split(r"(?<=[,，;；])(?!\d{3}) ?", text)
    if len(clauses) == 1:
        return text
    count = rng.randrange(1, len(clauses))
    first = rng.randrange(len(clauses) - count + 1)
    gap = "" if re.search(r"[\u4e00-\u9fff]", text) else " "
    return gap.join(clauses[first : first + count]).strip(" ,，;；")


def change_number(text: str, language: str, _: object, rng: random.Random) -> str:
    found = [q for q in quantities(text) if q.sure and re.search(r"\d", text[q.start : q.end])]
    if not found:
        return ""
    chosen = rng.choice(found)
    words = text[chosen.start : chosen.end]
    digits = re.search(r"\d+", words)
    assert digits is not None  # noqa: S101
    way = rng.randrange(3)
    scales = {
        "million": "billion",
        "billion": "million",
        "万": "亿",
        "萬": "億",
        "億": "萬",
        "亿": "万",
        "миллион": "миллиард",
        "миллиард": "миллион",
        "млн": "млрд",
        "млрд": "млн",
    }
    scale = next((s for s in scales if s in words), "")
    if way == 0 and scale:
        new = words.replace(scale, scales[scale])
    elif way == 1 and len(digits[0]) > 1:
        at = digits.start() + rng.randrange(len(digits[0]))
        other = rng.choice([d for d in "123456789" if d != words[at]])
        new = words[:at] + other + words[at + 1 :]
    else:
        new = words[: digits.start()] + str(int(digits[0]) * 2 + 1) + words[digits.end() :]
    return text[: chosen.start] + new + text[chosen.end :]


def change_date(text: str, language: str, _: object, rng: random.Random) -> str:
    found = days(text)
    if not found:
        return ""
    chosen = rng.choice(found)
    words = text[chosen.start : chosen.end]
    named = [(month, months) for months in MONTHS for month in months if month in words]
    if named:
        month, months = named[0]
        new = words.replace(month, rng.choice([m for m in months if m != month]))
    elif digits := re.findall(r"\d+", words):
        old = rng.choice(digits)
        low, high = (int(old) - 9, int(old) + 9) if len(old) == 4 else (1, 12)
        new = words.replace(old, str(rng.choice([n for n in range(low, high) if n != int(old)])), 1)
    else:
        return ""
    return text[: chosen.start] + new + text[chosen.end :]


def _name_pool(english: list[str]) -> dict[str, list[str]]:
    """Full names in the English news, mostly of people: no word of them occurs in lower case."""
    text = " ".join(english)
    words = set(re.findall(r"\b[a-z]{2,}\b", text))
    days_ = {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
    people = {
        match
        for match in re.findall(r"(?<=[a-z,] )[A-Z][a-z]{2,} [A-Z][a-z]{3,}(?=[ ,.])", text)
        if not {w.lower() for w in match.split()} & (words | days_)
        and not known_names().find(match)
    }
    return {"people": sorted(people)}


def change_name(text: str, language: str, pool: dict[str, list[str]], rng: random.Random) -> str:
    """A country, city or known person for another of them; else, in English, a person."""
    table = known_names()
    known = [n for n in table.find(text) if len(n.text) > 1]
    if known and (language != "en" or rng.random() < 0.5):
        chosen = rng.choice(known)
        choices = PLACES[language]
        new = rng.choice([c for c in choices if c not in chosen.forms and c not in text])
        return text[: chosen.start] + new + text[chosen.end :]
    if language != "en":
        people = re.findall(r"[\u4e00-\u9fff]{2,5}·[\u4e00-\u9fff]{2,6}", text)
        if not people:
            return ""
        return text.replace(rng.choice(people), rng.choice(HAN_PEOPLE))
    people = [p for p in pool["people"] if f" {p}" in text]
    if not people:
        return ""
    return text.replace(
        rng.choice(people), rng.choice([p for p in pool["people"] if p not in text])
    )


HAN_PEOPLE = (
    "谢尔盖·绍伊古", "安格拉·默克尔", "罗伯特·菲佐", "玛丽亚·扎哈罗娃", "托马斯·格林", "彼得·桑德斯",
    "艾米莉·卡特", "大卫·米勒", "伊万·彼得罗夫", "安娜·科瓦奇",
)  # fmt: skip


def _swap(table: str) -> dict[str, str]:
    found = {}
    for entry in table.split():
        a, b = entry.split("/")
        found[a], found[b] = b, a
    return found


def change_negation(text: str, language: str, _: object, rng: random.Random) -> str:
    for rules in (AFFIRMED, NEGATED):
        usable = [(p, r) for p, r in rules if re.search(p, text)]
        if usable:
            pattern, replacement = rng.choice(usable)
            return re.sub(pattern, replacement, text, count=1)
    return ""


def change_direction(text: str, language: str, _: object, rng: random.Random) -> str:
    table = _swap(TURNS[primary(language)])
    pattern = "|".join(table) if primary(language) == "zh" else rf"\b(?:{'|'.join(table)})\b"
    found = list(re.finditer(pattern, text))
    if not found:
        return ""
    chosen = rng.choice(found)
    return text[: chosen.start()] + table[chosen.group()] + text[chosen.end() :]


def change_roles(text: str, language: str, _: object, rng: random.Random) -> str:
    """The first two names of the sentence change places."""
    found = [n for n in known_names().find(text) if len(n.text) > 1]
    for a, b in pairwise(found):
        if not set(a.forms) & set(b.forms) and not re.fullmatch(
            r"\s*(?:and|or|и|или|,|和|与|與|及|、)\s*", text[a.end : b.start]
        ):
            return text[: a.start] + b.text + text[a.end : b.start] + a.text + text[b.end :]
    return ""


CHANGES: dict[str, Callable[[str, str, dict[str, list[str]], random.Random], str]] = {
    "number": change_number,
    "date": change_date,
    "name": change_name,
    "negation": change_negation,
    "direction": change_direction,
    "roles": change_roles,
}


MORE_TRUE = 4
"""True claims for one of each other kind: few of them lie beyond the threshold at which .05 fail."""


def choose(made: Sequence[Pair], each: int, true: int) -> list[Pair]:
    """So many of each kind, and of true ones, with Russian and without."""
    chosen: list[Pair] = []
    for kind in ("true", "other", *CHANGES):
        for russian in (False, True):
            of_kind = [
                p for p in made if p.kind == kind and p.languages.startswith("Rus") is russian
            ]
            chosen += of_kind[: true if kind == "true" else each]
    return chosen


def held_out(documents: Sequence[str]) -> set[str]:
    """The documents that nothing is fitted to."""
    return set(sorted(set(documents))[1::2])


def statements(pairs: Sequence[Pair], vectors: Vectors) -> Iterator[tuple[Statement, Statement]]:
    """The claim and the source of each pair."""
    claims = vectors.sentences([p.claim for p in pairs], [p.claim_language for p in pairs])
    sources = vectors.sentences([p.source for p in pairs], [p.source_language for p in pairs])
    for pair, claim, source in zip(pairs, claims, sources, strict=True):
        yield (
            Statement(pair.claim, pair.claim_language, claim),
            Statement(pair.source, pair.source_language, source, context=pair.context),
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--each", type=int, default=EACH, help="claims of each kind")
    parser.add_argument("--llm", action="store_true", help="the offline LLM is asked, too")
    parser.add_argument("--compared", action="store_true", help="as sentences of two outlets")
    arguments = parser.parse_args()
    rng = random.Random(SEED)  # noqa: S311
    lines, documents = read(arguments.data)
    measured = held_out(documents)
    made = [pair for pair in pairs(lines, documents, rng) if pair.document in measured]
    rng.shuffle(made)
    true = arguments.each * (1 if arguments.compared else MORE_TRUE)
    chosen = choose(made, arguments.each, true)
    vectors = Vectors(open_embedder(Settings().embedder))
    checker = Checker(known_names(), reads=vectors, reader=own_reader())
    llm = open_llm(LLMSettings(model="bundled" if arguments.llm else "none"))
    contrasting = Contrasting(lambda: llm, [known_names()])
    if arguments.compared:
        compare(chosen, vectors, contrasting)
        return
    scores: dict[tuple[str, str], list[float]] = defaultdict(list)
    for pair, (claim, source) in zip(chosen, statements(chosen, vectors), strict=True):
        verdict = checker.check(claim, [source])
        score, carried = verdict.score, verdict.score >= THRESHOLD
        if (
            (carried or verdict.turned)
            and (contrary := contrasting.likelier(claim, [source]))
            and (contrary.odds < 0 if carried else contrary.upholds(verdict.turned))
        ):
            score = contrary.leaves(score)
        scores[pair.kind, pair.languages].append(score)
    show("share that fails", scores, dict.fromkeys(GROUPS, THRESHOLD))
    true = {group: sorted(scores["true", group]) for group in GROUPS}
    show(
        "if .05 of true do",
        scores,
        {group: each[int(FALSE_ALARMS * len(each))] for group, each in true.items() if each},
    )


def compare(chosen: Sequence[Pair], vectors: Vectors, contrasting: Contrasting) -> None:
    """Prints how many pairs of each kind and group of languages agree, and contradict each other."""
    checker = Checker(known_names(), reads=vectors)
    found: dict[tuple[str, str], Counter[str | None]] = defaultdict(Counter)
    for pair, both in zip(chosen, statements(chosen, vectors), strict=True):
        kind: str | None = relation(*both, checker, THRESHOLD)[0]
        if kind == "agree" and are_turned(*both, checker, contrasting, THRESHOLD):
            kind = "contradict"
        found[pair.kind, pair.languages][kind] += 1
    for (kind, group), counts in sorted(found.items()):
        print(
            f"{kind:10} {group:15} {counts.total():4}: agree {counts['agree']}, "
            f"contradict {counts['contradict']}, differ {counts['differ']}"
        )


def show(
    head: str, scores: Mapping[tuple[str, str], Sequence[float]], least: Mapping[str, float]
) -> None:
    """Prints the share of each kind and group of languages that has less than the least score."""
    print(f"{head:18}" + "".join(f"{group:>18}" for group in least))
    for kind in ("true", *CHANGES, "other"):
        cells = []
        for group, enough in least.items():
            some = scores.get((kind, group), ())
            share = sum(score < enough for score in some) / max(1, len(some))
            cells.append(f"{share:.3f} of {len(some)}")
        print(f"{kind:18}" + "".join(f"{cell:>18}" for cell in cells))


if __name__ == "__main__":
    main()
