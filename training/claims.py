"""True claims made false: one number, date, name, denial, direction or role changed.

In: a sentence in Chinese (Simplified), English or Russian. Out: the same sentence with one fact
changed, or nothing where it has none of that kind. The word lists stand in alterations.toml.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from babel import Locale

from index.languages.text import fold_script
from training.records import Example, Passage
from training.sources import MARGIN, joined

TABLES: dict[str, dict[str, Any]] = tomllib.loads(
    Path(__file__).with_name("alterations.toml").read_text(encoding="utf-8")
)
LOCALES = {"zh": "zh_Hans", "en": "en", "ru": "ru"}
_DIGITS = re.compile(r"\d+")
_CAPITALS = re.compile(r"(?<=[a-z,;] )(?:[A-Z][a-z]+)(?: [A-Z][a-z]+){0,2}")
_FOREIGN = re.compile(r"[\u4e00-\u9fff]{2,5}[·・][\u4e00-\u9fff]{2,6}")
_CYRILLIC_NAME = re.compile(r"(?<=[а-я,] )[А-Я][а-я]{3,}(?: [А-Я][а-я]{3,})?")


def bounded(words: Sequence[str], language: str) -> re.Pattern[str]:
    either = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    return re.compile(either if language == "zh" else rf"\b(?:{either})\b")


@cache
def countries(language: str) -> tuple[str, ...]:
    found = Locale.parse(LOCALES[language]).territories
    return tuple(name for code, name in found.items() if len(code) == 2 and len(name) > 1)


@cache
def country_pattern(language: str) -> re.Pattern[str]:
    return bounded(countries(language), language)


def replaced(text: str, match: re.Match[str], new: str) -> str:
    return text[: match.start()] + new + text[match.end() :]


def other(choices: Sequence[str], than: str, rng: random.Random) -> str:
    return rng.choice([choice for choice in choices if choice != than])


def number(text: str, language: str, rng: random.Random, pool: Pool) -> str:
    table = TABLES[language]
    ways: list[tuple[re.Match[str], str]] = []
    for match in _DIGITS.finditer(text):
        old = match[0]
        digit = rng.randrange(len(old))
        new = old[:digit] + other("123456789", old[digit], rng) + old[digit + 1 :]
        ways.append((match, rng.choice([new, new, str(int(old) * 2 + 1), str(int(old) // 2 + 3)])))
    scale = bounded(table["scales"], language)
    ways += [
        (m, other(table["scales"], m[0], rng))
        for m in scale.finditer(text)
        if re.search(r"[\d.一二三四五六七八九十百千] ?$", text[: m.start()])
    ]
    words = table["digits"]
    follows = "[个人名次位年天月倍项家所艘架辆起分%％]" if language == "zh" else r"\b"
    for match in re.finditer(rf"(?:{'|'.join(words)})(?={follows})", text):
        if language == "zh" or text[match.start() - 1 : match.start()] in ("", " "):
            ways.append((match, other(words, match[0], rng)))
    if not ways:
        return ""
    return replaced(text, *rng.choice(ways))


def date(text: str, language: str, rng: random.Random, pool: Pool) -> str:
    table = TABLES[language]
    ways: list[tuple[re.Match[str], str]] = []
    for words in (table["months"], table["weekdays"]):
        pattern = (
            re.compile(rf"(?<!\d)(?:{'|'.join(words)})")
            if language == "zh"
            else bounded(words, language)
        )
        ways += [(match, other(words, match[0], rng)) for match in pattern.finditer(text)]
    for match in re.finditer(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)", text):
        ways.append((match, str(int(match[0]) + rng.choice([-10, -3, -2, -1, 1, 2, 3, 10]))))
    for match in re.finditer(r"(?<!\d)\d{1,2}(?=日|号)|(?<=[a-y] )\d{1,2}(?=,|$)", text):
        ways.append((match, other([str(n) for n in range(1, 31)], match[0], rng)))
    if not ways:
        return ""
    return replaced(text, *rng.choice(ways))


def names_in(text: str, language: str) -> list[re.Match[str]]:
    found = list(country_pattern(language).finditer(text))
    pattern = {"en": _CAPITALS, "zh": _FOREIGN, "ru": _CYRILLIC_NAME}[language]
    taken = [(m.start(), m.end()) for m in found]
    found += [
        m for m in pattern.finditer(text) if all(m.end() <= a or m.start() >= b for a, b in taken)
    ]
    return sorted(found, key=lambda match: match.start())


def name(text: str, language: str, rng: random.Random, pool: Pool) -> str:
    found = names_in(text, language)
    if not found:
        return ""
    chosen = rng.choice(found)
    if country_pattern(language).fullmatch(chosen[0]):
        common = countries(language) if rng.random() < 0.3 else pool.countries[language]
        return replaced(text, chosen, other(common, chosen[0], rng))
    same = [p for p in pool.names[language] if p.count(" ") == chosen[0].count(" ")]
    if len(same) < 2:
        return ""
    return replaced(text, chosen, other(same, chosen[0], rng))


def denial(text: str, language: str, rng: random.Random, pool: Pool) -> str:
    table = TABLES[language]
    for rules in (table["affirmed"], table["denials"]):
        usable = [(p, r) for p, r in rules if re.search(p, text)]
        if usable:
            pattern, new = rng.choice(usable)
            match = rng.choice(list(re.finditer(pattern, text)))
            return replaced(text, match, match.expand(new))
    return ""


def direction(text: str, language: str, rng: random.Random, pool: Pool) -> str:
    pairs = [tuple(pair.split("/")) for pair in TABLES[language]["opposites"]]
    turned: dict[str, list[str]] = {}
    for a, b in pairs:
        turned.setdefault(a, []).append(b)
        turned.setdefault(b, []).append(a)
    found = list(bounded(list(turned), language).finditer(text))
    if not found:
        return ""
    chosen = rng.choice(found)
    return replaced(text, chosen, rng.choice(turned[chosen[0]]))


def roles(text: str, language: str, rng: random.Random, pool: Pool) -> str:
    """Two names change places, unless they are only listed."""
    found = [
        (a, b)
        for a, b in pairwise(names_in(text, language))
        if a[0] != b[0]
        and not re.fullmatch(r"\s*(?:and|or|,|和|与|及|、|и|или)?\s*", text[a.end() : b.start()])
    ]
    if not found:
        return ""
    a, b = rng.choice(found)
    return text[: a.start()] + b[0] + text[a.end() : b.start()] + a[0] + text[b.end() :]


CHANGES: dict[str, Callable[[str, str, random.Random, Pool], str]] = {
    "number": number, "date": date, "name": name, "denial": denial, "direction": direction, "roles": roles,
}  # fmt: skip


class Pool:
    """The names that occur in some texts: what a name is exchanged for."""

    def __init__(self, texts: Sequence[tuple[str, str]]) -> None:
        names: dict[str, dict[str, None]] = {language: {} for language in TABLES}
        lands: dict[str, dict[str, None]] = {language: {} for language in TABLES}
        for text, language in texts:
            for match in names_in(text, language):
                known = country_pattern(language).fullmatch(match[0])
                (lands if known else names)[language][match[0]] = None
        self.names = {language: list(found) for language, found in names.items()}
        self.countries = {language: list(found) for language, found in lands.items()}


def shortened(text: str, language: str, rng: random.Random) -> str:
    """A sentence less one of its clauses."""
    clauses = re.split(r"(?<=[,，；;]) ?", text)
    if len(clauses) > 1:
        clauses.pop(rng.randrange(len(clauses)))
    gap = "" if language == "zh" else " "
    kept = gap.join(clauses).strip(" ,，；;")
    return kept[:1].upper() + kept[1:]


def around(
    sentences: Sequence[str], place: int, language: str, document: str, rng: random.Random
) -> tuple[Passage, int]:
    """A passage with the sentence at `place`, and which of its sentences that is."""
    first = max(0, place - rng.randrange(MARGIN + 1))
    last = min(len(sentences), place + 1 + rng.randrange(MARGIN + 1))
    if rng.random() < 0.35:
        first, last = place, place + 1
    return joined(list(sentences[first:last]), language, "", document), place - first


def of_sentence(
    said: str,
    language: str,
    passage: Passage,
    gold: int,
    rng: random.Random,
    pool: Pool,
    source: str,
) -> Iterator[Example]:
    """What a sentence says, in any language, as a true claim, and the same made false in each way that it
    can be."""
    yield Example(said, passage, (gold,), verdict="supports", source=source)
    for change in CHANGES.values():
        changed = change(said, language, rng, pool)
        if changed and changed != said:
            yield Example(
                changed,
                passage,
                (gold,),
                verdict="contradicts",
                source=f"{source} {change.__name__}",
            )


def parallel(folder: Path, rng: random.Random) -> Iterator[Example]:
    """Claims and sources in any two of three languages, from news translated by people; of every
    second document. Unrelated claims are other sentences of the same document."""
    tags = {"en": "en", "zh": "zh-Hans", "ru": "ru"}
    lines = {
        language: (folder / "eval" / f"ntrex_{tag}.txt").read_text(encoding="utf-8").splitlines()
        for language, tag in tags.items()
    }
    lines["hant"] = [
        fold_script(line)
        for line in (folder / "eval" / "ntrex_zh-Hant.txt").read_text(encoding="utf-8").splitlines()
    ]
    ids = [
        line.split("\t")[0]
        for line in (folder / "eval" / "ntrex_document_ids.tsv")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    kept = set(sorted(set(ids))[0::2])
    pool = Pool([(line, language) for language in tags for line in lines[language]])
    members: dict[str, list[int]] = {}
    for place, document in enumerate(ids):
        members.setdefault(document, []).append(place)
    pairs = [(a, b) for a in lines for b in lines if a != b] + [
        ("en", "en"),
        ("zh", "zh"),
        ("ru", "ru"),
    ]
    for document in sorted(kept):
        for ours, theirs in pairs:
            mine, language = (
                ("zh" if ours == "hant" else ours),
                ("zh" if theirs == "hant" else theirs),
            )
            texts = [lines[theirs][place] for place in members[document]]
            for at, place in enumerate(members[document]):
                said = lines[ours][place]
                if ours == theirs or rng.random() < 0.3:
                    said = shortened(said, mine, rng)
                if len(said) < 10:
                    continue
                passage, gold = around(texts, at, language, f"ntrex-{document}", rng)
                yield from of_sentence(
                    said, mine, passage, gold, rng, pool, f"ntrex {mine}-{language}"
                )
                apart = [n for n in range(len(texts)) if abs(n - at) > MARGIN]
                if apart:
                    elsewhere = lines[ours][members[document][rng.choice(apart)]]
                    yield Example(elsewhere, passage, verdict="nothing", source="ntrex other")


def news(
    folder: Path, rng: random.Random, texts: Sequence[tuple[str, list[Passage]]]
) -> Iterator[Example]:
    """Claims from Chinese and English articles: a sentence without one of its clauses, as it is or made false."""
    pieces = [(p.text, p.language) for _, found in texts for p in found if p.language in TABLES]
    pool = Pool(rng.sample(pieces, min(len(pieces), 6000)))
    for language, found in texts:
        for passage in found:
            sentences = [n for n, (a, b) in enumerate(passage.sentences) if 15 < b - a < 300]
            if not sentences:
                continue
            gold = rng.choice(sentences)
            a, b = passage.sentences[gold]
            claim = shortened(passage.text[a:b], language, rng)
            if len(claim) < 10:
                continue
            made = list(of_sentence(claim, language, passage, gold, rng, pool, f"news {language}"))
            yield from [made[0], *rng.sample(made[1:], min(2, len(made) - 1))]
            before = found[found.index(passage) - 1]
            if before is not passage:
                yield Example(claim, before, verdict="nothing", source="news other")


def short(folder: Path, rng: random.Random) -> Iterator[Example]:
    """Short sentences, each with its translation as the passage: English for Chinese, and the reverse."""
    rows = [
        line.split("\t")
        for line in (folder / "train" / "tatoeba_en_zh.tsv")
        .read_text(encoding="utf-8")
        .splitlines()
    ]
    pairs = [(en, fold_script(zh)) for en, zh in rows if len(en) > 20]
    pool = Pool([(en, "en") for en, _ in pairs] + [(zh, "zh") for _, zh in pairs])
    for number, pair in enumerate(pairs):
        ours, theirs = ((0, 1), (1, 0))[number % 2]
        languages = ("en", "zh")
        passage = joined([pair[theirs]], languages[theirs], "", f"tatoeba-{number}")
        made = list(of_sentence(pair[ours], languages[ours], passage, 0, rng, pool, "tatoeba"))
        yield from [made[0], *rng.sample(made[1:], min(1, len(made) - 1))]
        if number % 3 == 0:
            yield Example(
                rng.choice(pairs)[ours], passage, verdict="nothing", source="tatoeba other"
            )
