"""Articles to make files of: their paragraphs, and a title, outlet, author and date for each.

In: the folder of evaluation data and the seeds. Out: `Sample`s. What the data lacks (titles of the
Chinese articles; outlets and authors) is made up, the same on every run.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import opencc

from index.config import LoadSettings
from index.extract.articles import extract_articles
from index.languages.text import detect, sentences
from index.read.sources import find_sources, load_pages
from index.records import Article, Page

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
OUTLETS = {
    "zh-Hans": ["人民日报", "中国新闻网", "联合早报", "南方周末", "财新网", "环球时报"],
    "zh-Hant": ["聯合報", "自由時報", "明報", "中央社", "香港經濟日報", "中國時報"],
    "en": [
        "The Astana Times",
        "Steppe Daily",
        "Financial Post",
        "The Harbour Times",
        "Asia Weekly",
    ],
    "ru": ["Независимая газета", "Новости Казахстана", "Ведомости", "Российская газета"],
}
AUTHORS = {
    "zh-Hans": ["王建国", "李晓红", "张伟", "刘洋", "陈思远"],
    "zh-Hant": ["林小青", "王大明", "陳怡君", "黃志偉", "張雅婷"],
    "en": ["Ann Lee", "Bo Xu", "Maria Fernandez", "John O'Neill", "Peter van Dyke"],
    "ru": ["Иван Петров", "Анна Смирнова", "Сергей Козлов", "Ольга Васильева"],
}
MONTHS_EN = "January February March April May June July August September October November December"
MONTHS_RU = "января февраля марта апреля мая июня июля августа сентября октября ноября декабря"


@dataclass(frozen=True, slots=True)
class Sample:
    """An article as it was before it became a file."""

    language: str
    title: str
    outlet: str
    author: str
    published: date
    paragraphs: tuple[str, ...]

    @property
    def chinese(self) -> bool:
        return self.language.startswith("zh")

    @property
    def day(self) -> str:
        """Its date as its language writes it."""
        year, month, day = self.published.year, self.published.month, self.published.day
        if self.chinese:
            return f"{year}年{month}月{day}日"
        if self.language == "ru":
            return f"{day} {MONTHS_RU.split()[month - 1]} {year}"
        return f"{MONTHS_EN.split()[month - 1]} {day}, {year}"

    @property
    def byline(self) -> str:
        if self.language == "zh-Hant":
            return f"記者{self.author}"
        if self.chinese:
            return f"记者 {self.author}"
        return f"Автор: {self.author}" if self.language == "ru" else f"By {self.author}"


def samples(data: Path, each: int) -> list[Sample]:
    """So many articles of every language, and the seeds; languages take turns."""
    chance = random.Random(20261126)  # noqa: S311 - no secret
    pools = [
        list(_chinese(data, each, chance, "zh-Hans")),
        list(_chinese(data, each, chance, "zh-Hant")),
        list(_ntrex(data, "en", each, chance)),
        list(_ntrex(data, "ru", max(1, each // 2), chance)),
        list(_seeds(chance)),
    ]
    return [pool[i] for i in range(max(map(len, pools))) for pool in pools if i < len(pool)]


def _named(
    language: str, title: str, paragraphs: list[str], day: date, chance: random.Random
) -> Sample:
    outlet, author = chance.choice(OUTLETS[language]), chance.choice(AUTHORS[language])
    return Sample(language, title, outlet, author, day, tuple(paragraphs))


_CLAUSE = re.compile(r"[\u4e00-\u9fff]{10,26}(?=[，。；])")
_NOISE = re.compile(r"编辑：|来源：|责任编辑|返回搜狐|查看更多|分享让更多人|原标题")
_DATELINE = re.compile(r"^[^。]{2,24}[日电電讯訊][）)]?\s*|^[（(][^）)]*[）)]\s*")


def _chinese(data: Path, each: int, chance: random.Random, language: str) -> Iterator[Sample]:
    rows = (data / "crud_news_sample.jsonl").read_text(encoding="utf-8").splitlines()
    convert = opencc.OpenCC("s2twp").convert if language == "zh-Hant" else str
    start = 100 if language == "zh-Hans" else 2000
    made = 0
    for row in map(json.loads, rows[start::37]):
        text = " ".join(row["text"].split())
        clauses = _CLAUSE.findall(_DATELINE.sub("", text[60:]))
        if not row["date"] or not clauses or made == each or _NOISE.search(text):
            continue
        made += 1
        day = date.fromisoformat(row["date"])
        paragraphs = list(_paragraphs(convert(text), chance))
        yield _named(language, convert(clauses[0]), paragraphs, day, chance)


def _paragraphs(text: str, chance: random.Random) -> Iterator[str]:
    """Two to four sentences each."""
    parts = [text[s.start : s.end] for s in sentences(text, "zh")]
    while parts:
        count = chance.randint(2, 4)
        yield "".join(parts[:count])
        parts = parts[count:]


def _ntrex(data: Path, language: str, each: int, chance: random.Random) -> Iterator[Sample]:
    ids = (data / "ntrex_document_ids.tsv").read_text(encoding="utf-8").splitlines()
    lines = (data / f"ntrex_{language}.txt").read_text(encoding="utf-8").splitlines()
    documents: dict[str, list[str]] = {}
    for name, line in zip(ids, lines, strict=True):
        documents.setdefault(name, []).append(line.strip())
    for number, text in enumerate([d for d in documents.values() if len(d) > 8][:each]):
        day = date(2018, 9, 1) + timedelta(days=11 * number)
        title, rest = text[0].rstrip("."), text[1:]
        paragraphs = [" ".join(rest[i : i + 2]) for i in range(0, len(rest), 2)]
        yield _named(language, title, paragraphs, day, chance)


def _seeds(chance: random.Random) -> Iterator[Sample]:
    settings = LoadSettings()
    for source in find_sources([SEEDS], settings):
        for page in load_pages(source, settings):  # type: ignore[arg-type]
            if isinstance(page, Page):
                for article in extract_articles(page, settings):
                    if isinstance(article, Article):
                        yield _seed(article, chance)


def _seed(article: Article, chance: random.Random) -> Sample:
    paragraphs = [p for p in article.text.split("\n") if p.strip()]
    language = detect(article.text)
    day = date.fromisoformat(article.published[:10] or "2025-05-20")
    made = _named(language, article.title, paragraphs, day, chance)
    return replace(made, title=" ".join(article.title.split()))
